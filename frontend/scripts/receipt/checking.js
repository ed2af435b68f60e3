// Checking a receipt step by step, as townhall.ledger.engine.checking does in Python.
// A step is { name, ok, code, … }: `ok` is null where there was nothing to check it against,
// `code` says which sentence tells it, and the rest fills the sentence's blanks.
import { HASH_SIZE, Refused, fromHex, fromUtf8, refuse, shown, toHex, toUtf8 } from "./encoding.js";
import { fieldOf } from "./entries.js";
import { leafHash, sha256, verifyInclusion } from "./hashing.js";
import { NotFinal, checkSafe, parsePolicy, verifyNote } from "./policy.js";
import { satisfiedBy, smallestIntersection } from "./quorums.js";
import { DOCUMENT, opens, parseReceipt } from "./receipts.js";

const SKEW = 300n; // seconds that clocks of log and witnesses may differ
const COUNTS = { day: "lines", root: "count" }; // kinds of entries whose root has members

/** What all steps together say: one that fails, fails them all. */
export function verdict(steps) {
  if (!steps.length || steps.some((each) => each.ok === false)) return "fails";
  return steps.some((each) => each.ok === null) ? "incomplete" : "holds";
}

/** Check a file that somebody handed in. It never throws `Refused`. */
export function verifyFile(content, { document = null, trusted = null } = {}) {
  const { value: receipt, why } = attempt(() => parseReceipt(content));
  return receipt ? verify(receipt, { document, trusted }) : [{ name: "file", ok: false, code: "no_receipt", why }];
}

/**
 * Check a receipt; a step that rests on one that failed is not there.
 * `document` is the letter, byte for byte; `trusted` a policy (`parsePolicy`) from a source that
 * is not the receipt.
 */
export function verify(receipt, { document = null, trusted = null } = {}) {
  const steps = [];
  const policy = checkPolicy(receipt, trusted, steps);
  const final = policy && checkSignatures(receipt, policy, steps);
  if (final) {
    checkEntry(receipt.entry, final.checkpoint, steps);
    checkInclusion(receipt, final.checkpoint, steps);
    checkTime(receipt.entry, final.cosigned, policy, steps);
  }
  for (const each of receipt.openings) checkOpening(each, receipt.entry, steps);
  checkDocument(receipt, document, steps);
  if (receipt.member) checkMember(receipt.member, receipt.entry, steps);
  return steps;
}

/** Run it; what it refuses becomes a reason. Any other error is a fault of ours and goes on. */
export function attempt(run) {
  try {
    return { value: run() };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { why: error.message, error };
  }
}

function checkPolicy(receipt, trusted, steps) {
  const { value: policy, why } = attempt(() => {
    const found = trusted ?? parsePolicy(receipt.policy);
    checkSafe(found);
    return found;
  });
  if (!policy) {
    steps.push({ name: "policy", ok: false, code: "policy_unsafe", why });
    return null;
  }
  const code = !trusted ? "policy_own" : trusted.text === receipt.policy ? "policy_trusted" : "policy_other";
  steps.push({
    name: "policy",
    ok: trusted ? true : null,
    code,
    faults: policy.faults,
    of: policy.quorum.parties.size,
    sha256: toHex(sha256(toUtf8(receipt.policy))),
  });
  return policy;
}

function checkSignatures(receipt, policy, steps) {
  const step = { name: "signatures", ok: false, shared: smallestIntersection(policy.quorum) };
  const { value: final, why, error } = attempt(() => verifyNote(policy, receipt.proof.note));
  if (!final) {
    const few = error instanceof NotFinal;
    const signed = signers(policy, few ? error.cosigned : new Map());
    steps.push({ ...step, code: few ? (policy.past ? "not_final_then" : "not_final") : "signature_false", why, ...signed });
    return null;
  }
  const named = policy.logs.some((key) => key.spelling === receipt.logKey.spelling);
  if (!named || receipt.logKey.name !== final.checkpoint.origin) {
    steps.push({ ...step, code: "log_key_other", ...signers(policy, final.cosigned) });
    return null;
  }
  const { origin, size } = final.checkpoint;
  steps.push({ ...step, ok: true, code: "signed", origin, size, ...signers(policy, final.cosigned) });
  return final;
}

/** Who of those that count signed; parties are counted once, however many keys they hold. */
function signers({ witnesses, quorum }, cosigned) {
  const rows = new Map();
  for (const { name, key } of witnesses) {
    if (!quorum.parties.has(key.name)) continue;
    const row = rows.get(key.name) ?? { party: key.name, signatures: [] };
    if (cosigned.has(name)) row.signatures.push({ kind: key.kind, time: cosigned.get(name) });
    rows.set(key.name, row);
  }
  const parties = [...rows.values()];
  return { parties, signed: parties.filter((each) => each.signatures.length).length, of: parties.length };
}

function checkEntry(entry, checkpoint, steps) {
  const ok = entry.origin === checkpoint.origin;
  const { kind, at, origin } = entry;
  steps.push({ name: "entry", ok, code: ok ? "entry_of_log" : "entry_elsewhere", kind, at, origin });
}

function checkInclusion({ entry, proof }, { size, root }, steps) {
  const leaf = leafHash(entry.bytes);
  const { why } = attempt(() => verifyInclusion(leaf, proof.index, size, proof.hashes, root));
  steps.push({
    name: "inclusion",
    ok: why === undefined,
    code: why === undefined ? "included" : "not_included",
    why,
    index: proof.index,
    size,
    hashes: proof.hashes.length,
    leaf: toHex(leaf),
    root: toHex(root),
  });
}

/** The moment at which enough witnesses had seen it is the latest one possible. */
function checkTime(entry, cosigned, policy, steps) {
  const seen = new Set();
  let latest = 0n;
  for (const [name, time] of [...cosigned].sort(([, one], [, other]) => (one < other ? -1 : one > other ? 1 : 0))) {
    seen.add(name);
    latest = time;
    if (satisfiedBy(policy.quorum, seen)) break;
  }
  const ok = BigInt(entry.at) <= latest + SKEW;
  steps.push({ name: "time", ok, code: ok ? "existed_by" : "time_after", latest, at: entry.at });
}

function checkOpening(opening, entry, steps) {
  const committed = fieldOf(entry, opening.field);
  const { value, why } = attempt(() => {
    if (typeof committed !== "string") refuse("the entry has no such field");
    return opens(opening, committed);
  });
  const ok = value === true;
  const code = `${ok ? "opened" : "not_opened"}${opening.field === DOCUMENT ? "_document" : ""}`;
  steps.push({ name: "opened", ok, code, why, field: opening.field, ...readable(opening.value) });
}

function checkDocument({ openings }, document, steps) {
  const fixed = openings.find((each) => each.field === DOCUMENT);
  const step = { name: "document", ok: false };
  if (!fixed) {
    if (document) steps.push({ ...step, ok: null, code: "document_unknown" }); // nothing to compare it with
    return;
  }
  const expected = shown(fixed.value);
  if (!document) {
    steps.push({ ...step, ok: null, code: "document_missing", expected });
    return;
  }
  const found = toHex(sha256(document));
  const ok = found === expected;
  steps.push({ ...step, ok, code: ok ? "document_same" : "document_differs", expected, found });
}

function checkMember(member, entry, steps) {
  const count = fieldOf(entry, Object.hasOwn(COUNTS, entry.kind) ? COUNTS[entry.kind] : "");
  const root = fieldOf(entry, "root");
  const { why } = attempt(() => {
    if (!Number.isInteger(count) || typeof root !== "string") refuse("the entry is no root of lines or records");
    verifyInclusion(leafHash(member.content), member.index, BigInt(count), member.hashes, fromHex(root, HASH_SIZE));
  });
  const ok = why === undefined;
  const values = { index: member.index, count, ...readable(member.content) };
  steps.push({ name: "member", ok, code: ok ? "member_of" : "not_member", why, ...values });
}

/** A value as text, or how many bytes it has where it is none. */
function readable(bytes) {
  const value = fromUtf8(bytes);
  return value === undefined ? { binary: bytes.length } : { value };
}
