// The history of a town hall's policies: from any of them to the newest, and when each counted.
// As townhall.ledger.engine.histories does it in Python.
import { decode, isObject } from "./canonical.js";
import { parseCheckpoint } from "./checkpoints.js";
import { refuse, same, toBase64, toUtf8 } from "./encoding.js";
import { parseEntry } from "./entries.js";
import { leafHash, nodeHash, sha256 } from "./hashing.js";
import { parseSignatures, readNote } from "./notes.js";
import { checkSafe, cosigners, parsePolicy, verifyNote } from "./policy.js";
import { satisfiedBy } from "./quorums.js";

export const LARGEST_HISTORY = 8 * 1024 * 1024;

const FORMAT = "townhall/policies/v1";
const MOST = 1024;
const GRACE = 86_400n; // seconds for which signatures still count after another policy came into force

/** Every policy as { text, since }, oldest first, if the file is in order and has all that are trusted. */
export function readHistory(content, trusted) {
  const { entries, note } = parse(content);
  const eras = replay(entries);
  const { checkpoint } = verifyNote(eras.at(-1).policy, note);
  if (checkpoint.origin !== entries[0].origin) refuse("the checkpoint is that of another log");
  if (checkpoint.size !== BigInt(entries.length) || !same(checkpoint.root, root(entries.map((each) => leafHash(each.bytes))))) {
    refuse("the checkpoint is over other entries");
  }
  const texts = new Set(eras.map(({ text }) => text));
  // Without those that came later it would make keys count again that they dismissed.
  if (!trusted.length || !trusted.every((each) => texts.has(each))) refuse("it does not have every policy that is trusted here");
  return eras.map(({ text, since }) => ({ text, since }));
}

/**
 * The policies of { text, since }, each so that it counts for its own time only: not later than a
 * day after the next, and without keys that a later one cuts off. `past`: another took its place.
 */
export function dated(eras) {
  const policies = eras.map(({ text }) => parsePolicy(text));
  return policies.map((policy, place) => {
    const later = policies.slice(place + 1);
    if (!later.length) return policy;
    const end = BigInt(eras[place + 1].since) + GRACE;
    return { ...later.reduce(cut, policy), until: policy.until < end ? policy.until : end, past: true };
  });
}

function parse(content) {
  if (content.length > LARGEST_HISTORY) refuse(`a history of policies has at most ${LARGEST_HISTORY} bytes`);
  const value = decode(content);
  if (!isObject(value) || Object.keys(value).join() !== "checkpoint,entries,format" || value.format !== FORMAT) {
    refuse(`this is no file of the format ${FORMAT}`);
  }
  const { checkpoint, entries } = value;
  const whole = typeof checkpoint === "string" && Array.isArray(entries) && entries.every((each) => typeof each === "string");
  if (!whole || entries.length < 1 || entries.length > MOST) refuse(`a history has 1 to ${MOST} entries and a checkpoint`);
  return { entries: entries.map(parseEntry), note: readNote(checkpoint) };
}

/** The rules of the log `keys`: each policy is signed by a quorum of the one before it. */
function replay(entries) {
  const eras = [];
  let at = 0;
  for (const [index, entry] of entries.entries()) {
    if (entry.origin !== entries[0].origin) refuse("an entry was made for another log");
    if (entry.at < at) refuse("the time of an entry is before that of the one before it");
    if (entry.rules !== 1 || entry.kind !== "policy") refuse("this log has entries of kind policy, under rules 1");
    const { policy: text, sequence, signatures } = entry.body;
    if (Object.keys(entry.body).length !== 3 || typeof text !== "string" || typeof signatures !== "string") {
      refuse("an entry says policy, sequence and signatures");
    }
    const policy = parsePolicy(text);
    checkSafe(policy);
    if (sequence !== index) refuse("policies are numbered one after the other, from 0");
    if (index) succeeds(policy, { before: eras[index - 1].policy, origin: entry.origin, sequence, signatures });
    at = entry.at;
    eras.push({ text, since: at, policy });
  }
  return eras;
}

function succeeds(policy, { before, origin, sequence, signatures }) {
  if (policy.from < before.from) refuse("a policy would be valid before the one whose place it takes");
  const stated = parseCheckpoint(`${origin}#policy\n${sequence}\n${toBase64(sha256(toUtf8(policy.text)))}\n`);
  const signed = cosigners(before, stated, { text: stated.text, signatures: parseSignatures(signatures) });
  // A key with a cut-off was compromised: its word on who comes next is worth nothing.
  const sound = before.witnesses.filter((each) => !each.cutoffs && signed.has(each.name));
  if (!satisfiedBy(before.quorum, new Set(sound.map((each) => each.name)))) refuse("no quorum of the policy before it has signed a policy");
}

function root(hashes) {
  if (hashes.length === 1) return hashes[0];
  let left = 1;
  while (left * 2 < hashes.length) left *= 2;
  return nodeHash(root(hashes.slice(0, left)), root(hashes.slice(left)));
}

/** The policy with the cut-offs that a later one has for the same keys. */
function cut(policy, later) {
  const cutoffs = new Map(later.witnesses.filter((each) => each.cutoffs).map((each) => [each.key.spelling, each.cutoffs]));
  const witnesses = policy.witnesses.map((each) => {
    const other = cutoffs.get(each.key.spelling);
    return other ? { ...each, cutoffs: each.cutoffs ? lower(each.cutoffs, other) : other } : each;
  });
  return { ...policy, witnesses };
}

function lower(one, other) {
  const both = [...one].filter(([origin]) => other.has(origin));
  return new Map(both.map(([origin, size]) => [origin, size < other.get(origin) ? size : other.get(origin)]));
}
