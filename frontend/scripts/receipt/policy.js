// Policies (C2SP tlog-policy): which logs are meant, and whose signatures make an entry final.
import { checkEmpty, parseCheckpoint, signaturesBy } from "./checkpoints.js";
import { LARGEST_FIGURE, Refused, fromDecimal, refuse, toHex, toUtf8 } from "./encoding.js";
import { isCosigner, parseKey } from "./keys.js";
import { isDivided, satisfiedBy, smallestIntersection } from "./quorums.js";

const LARGEST_POLICY = 256 * 1024;
const OURS = "# townhall:";
const MOST_DEFINED = 1024;
const DEEPEST = 32;

/** A checkpoint that the quorum has not signed; `cosigned` are those who did. */
export class NotFinal extends Refused {
  constructor(cosigned) {
    super("those who signed this checkpoint within the policy's time are no quorum");
    this.cosigned = cosigned;
  }
}

/** Read a policy file, safe or not. */
export function parsePolicy(text) {
  if (toUtf8(text).length > LARGEST_POLICY) refuse(`a policy has at most ${LARGEST_POLICY} bytes`);
  if (/[\0-\x08\x0b-\x1f\x7f]/.test(text)) refuse("a policy has no control characters but tab and newline");
  const lines = text.split("\n");
  if (lines.pop() !== "") refuse("the last line of a policy does not end in a newline");
  const reader = new Reader();
  for (const line of lines) reader.line(line.replace(/^[ \t]+|[ \t]+$/g, ""));
  if (reader.quorums !== 1) refuse(`a policy has one line "quorum", not ${reader.quorums}`);
  const { logs, quorum, faults } = reader;
  const [from, until] = reader.valid ?? [0n, LARGEST_FIGURE];
  return { text, logs, witnesses: [...reader.witnesses.values()], quorum, faults, from, until };
}

/** Refuse a quorum of which too few dishonest parties could make two. */
export function checkSafe({ faults, quorum, logs }) {
  if (faults === undefined) refuse("the policy does not declare how many faults it withstands");
  if (!quorum) refuse("without a quorum the log alone could show two histories");
  if (isDivided(quorum)) refuse("a party holds keys at several places of the quorum and would count twice");
  if (logs.some((key) => quorum.parties.has(key.name))) refuse("a log cannot be its own witness");
  const shared = smallestIntersection(quorum);
  if (BigInt(shared) <= faults) {
    refuse(`two quorums may have only ${shared} in common; the policy declares to withstand ${faults}`);
  }
}

/** The final checkpoint, and Map of the names of witnesses whose signature counts to its time. */
export function verifyNote(policy, note) {
  const checkpoint = parseCheckpoint(note.text);
  const keys = policy.logs.filter((key) => key.name === checkpoint.origin);
  if (!keys.length) refuse("this is a checkpoint of a log that the policy does not name");
  if (!signaturesBy(checkpoint, note, keys).size) refuse(`no key of ${checkpoint.origin} signed this checkpoint`);
  checkEmpty(checkpoint);
  const cosigned = cosigners(policy, checkpoint, note);
  if (policy.quorum && !satisfiedBy(policy.quorum, new Set(cosigned.keys()))) throw new NotFinal(cosigned);
  return { checkpoint, cosigned };
}

/** Map of the names of witnesses whose signature on a checkpoint counts to its time. */
export function cosigners({ witnesses, from, until }, checkpoint, note) {
  const times = signaturesBy(checkpoint, note, witnesses.map((each) => each.key));
  if ([...times.values()].includes(0n)) refuse("a cosignature says no time");
  return new Map(
    witnesses
      .filter(({ key, cutoffs }) => {
        const time = times.get(key);
        const counts = !cutoffs || checkpoint.size <= (cutoffs.get(checkpoint.origin) ?? -1n);
        return time !== undefined && from <= time && time < until && counts;
      })
      .map(({ name, key }) => [name, times.get(key)]),
  );
}

/** Reads one policy file, line by line; groups name what stands above them. */
class Reader {
  logs = [];
  witnesses = new Map();
  members = new Map();
  grouped = new Set();
  keys = new Set();
  quorums = 0;

  line(line) {
    const ours = line.startsWith(OURS);
    const words = (ours ? line.slice(OURS.length) : line).split(/[ \t]+/).filter(Boolean);
    const [word, ...rest] = words;
    if (!ours && (!word || word.startsWith("#"))) return;
    // Nothing that other software understands may hide in a comment.
    if (ours && !["faults", "valid", "cutoff"].includes(word)) refuse("after # townhall: stands faults, valid or cutoff");
    const read = Object.hasOwn(READ, word) && READ[word];
    if (!read || rest.length < read.least || rest.length > read.most) refuse("this is no line of a policy");
    read.by(this, ...rest);
  }

  key(vkey) {
    const key = parseKey(vkey);
    if (this.keys.has(toHex(key.public))) refuse("a key stands in the policy twice, perhaps by another name");
    if (this.keys.size >= MOST_DEFINED) refuse(`a policy has at most ${MOST_DEFINED} keys`);
    this.keys.add(toHex(key.public));
    return key;
  }

  define(member) {
    if (member.name === "none" || this.members.has(member.name)) refuse("a name is taken");
    if (this.members.size >= MOST_DEFINED) refuse(`a policy defines at most ${MOST_DEFINED} names`);
    this.members.set(member.name, member);
  }

  member(name) {
    return this.members.get(name) ?? refuse("a name is not defined above");
  }
}

const READ = {
  log: { least: 1, most: 2, by: (reader, vkey) => reader.logs.push(reader.key(vkey)) },
  witness: { least: 2, most: 3, by: readWitness },
  group: { least: 3, most: Infinity, by: readGroup },
  quorum: {
    least: 1,
    most: 1,
    by: (reader, name) => {
      reader.quorums += 1;
      reader.quorum = name === "none" ? undefined : reader.member(name);
    },
  },
  faults: {
    least: 1,
    most: 1,
    by: (reader, figure) => {
      if (reader.faults !== undefined) refuse("a policy has one line of faults");
      reader.faults = fromDecimal(figure);
    },
  },
  valid: { least: 2, most: 2, by: readValid },
  cutoff: {
    least: 3,
    most: 3,
    by: (reader, name, origin, size) => {
      const witness = reader.witnesses.get(name);
      if (!witness || witness.cutoffs?.has(origin)) refuse("a witness has one cut-off for each log");
      witness.cutoffs = new Map([...(witness.cutoffs ?? []), [origin, fromDecimal(size)]]);
    },
  },
};

function readWitness(reader, name, vkey) {
  const key = reader.key(vkey);
  if (!isCosigner(key.kind)) refuse("the key of a witness is one for cosignatures");
  reader.define({ name, parties: new Set([key.name]), threshold: 0, members: [], depth: 0 });
  reader.witnesses.set(name, { name, key });
}

function readGroup(reader, name, threshold, ...names) {
  if (names.some((each) => reader.grouped.has(each)) || new Set(names).size !== names.length) {
    refuse("a name is a member of at most one group, and once");
  }
  const members = names.map((each) => reader.member(each));
  const all = BigInt(members.length);
  const least = threshold === "all" ? all : threshold === "any" ? 1n : fromDecimal(threshold);
  if (least < 1n || least > all) refuse("a group asks for one to all of its members");
  const depth = 1 + Math.max(...members.map((each) => each.depth));
  if (depth > DEEPEST) refuse(`groups are at most ${DEEPEST} deep`);
  const parties = new Set(members.flatMap((each) => [...each.parties]));
  reader.define({ name, parties, threshold: Number(least), members, depth });
  for (const each of names) reader.grouped.add(each);
}

function readValid(reader, from, until) {
  if (reader.valid) refuse("a policy has one line of validity");
  reader.valid = [from === "-" ? 0n : fromDecimal(from), until === "-" ? LARGEST_FIGURE : fromDecimal(until)];
  if (reader.valid[0] >= reader.valid[1]) refuse("the policy is valid at no time");
}
