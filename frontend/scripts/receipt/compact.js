// The compact form of a receipt, as a QR code holds it; see townhall.ledger.engine.compact.
// It is written out as the file that it stands for, which is then checked as every other.
import { encode } from "./canonical.js";
import { HASH_SIZE, Refused, concat, fromUtf8, refuse, toBase64, toHex, toUtf8, u64 } from "./encoding.js";
import { leafHash, rootFrom, sha256 } from "./hashing.js";
import { COSIGNER_ED25519, ED25519 } from "./keys.js";
import { parsePolicy } from "./policy.js";
import { parseReceipt } from "./receipts.js";

const VERSION = 1;
const SALT_SIZE = 32;
const SIGNATURE_SIZE = 64;
const LONGEST_FIGURE = 9; // bytes: 63 bits
const MOST_DIGITS = 7089; // what the largest QR code holds
const BLOCK = 17; // digits of 7 bytes
const BYTES = new Map([[3, 1], [5, 2], [8, 3], [10, 4], [13, 5], [15, 6], [17, 7]]); // by the number of digits

/** A receipt under a policy that this page does not know; `fingerprint` is its SHA-256. */
export class PolicyUnknown extends Refused {
  constructor(fingerprint) {
    super(`it names the policy with the SHA-256 ${fingerprint}`);
    this.fingerprint = fingerprint;
  }
}

/** What a camera read without what stands before the code: the address of a page. */
export const codeIn = (text) => text.trim().slice(text.trim().lastIndexOf("#") + 1);

/** The receipt file that a code stands for, as bytes; `policies` are the texts that are known. */
export function expand(code, policies) {
  const compact = parse(fromDigits(code));
  const policy = policies.find((text) => toHex(sha256(toUtf8(text))) === compact.policy);
  if (policy === undefined) throw new PolicyUnknown(compact.policy);
  const content = written(compact, parsePolicy(policy));
  parseReceipt(content); // what no file could say, no code says either
  return content;
}

/** Seven bytes in 17 digits, the rest in as many as it needs: every byte string has one spelling. */
export function fromDigits(digits) {
  if (digits.length > MOST_DIGITS) refuse(`a code has at most ${MOST_DIGITS} digits`);
  if (!/^[0-9]+$/.test(digits)) refuse("a code is written with the digits 0 to 9");
  const blocks = digits.match(new RegExp(`.{1,${BLOCK}}`, "g")).map((block) => {
    const size = BYTES.get(block.length);
    const value = BigInt(block);
    if (size === undefined || value >= 1n << BigInt(8 * size)) refuse("a piece of the code is missing, or a digit is wrong");
    return u64(value).subarray(8 - size);
  });
  return concat(...blocks);
}

function parse(content) {
  const reader = new Reader(content);
  if (reader.take(1)[0] !== VERSION) refuse("this is no compact receipt of version 1");
  const [policy, log] = [toHex(reader.take(HASH_SIZE)), reader.figure()];
  const [index, size] = [reader.figure(), reader.figure()];
  const path = reader.hashes(proofLength(index, size));
  const signature = reader.take(SIGNATURE_SIZE);
  const cosigned = reader.list(() => ({ witness: reader.figure(), time: reader.figure(), value: reader.take(SIGNATURE_SIZE) }));
  if (!rising(cosigned.map((each) => each.witness))) refuse("cosignatures do not stand in the order of the policy");
  const entry = reader.text();
  const openings = reader.list(() => ({ field: reader.sized(), salt: reader.take(SALT_SIZE), value: reader.text() }));
  if (!rising(openings.map((each) => toHex(each.field)))) refuse("openings do not stand in the order of their fields");
  const members = reader.list(() => ({ content: reader.text(), index: reader.figure(), proof: reader.hashes(reader.count()) }));
  if (members.length > 1) refuse("a receipt shows one member at most");
  reader.end();
  return { policy, log, index, size, path, signature, cosigned, entry, openings, member: members[0] };
}

/** How many hashes the audit path of this entry has: exactly so many. */
function proofLength(index, size) {
  if (index >= size) refuse(`${index} is no place in a tree of ${size}`);
  const bits = (value) => (value ? value.toString(2) : "");
  const shared = bits(index ^ (size - 1n)).length;
  return shared + bits(index >> BigInt(shared)).replaceAll("0", "").length;
}

const rising = (values) => values.every((each, at) => at === 0 || values[at - 1] < each);

function written({ log, index, size, path, signature, cosigned, entry, openings, member }, policy) {
  const own = keyAt(policy.logs, log, ED25519);
  const witnesses = policy.witnesses.map((each) => each.key);
  const root = rootFrom(leafHash(entry), index, size, path);
  const signatures = [
    line(own, signature),
    ...cosigned.map(({ witness, time, value }) => line(keyAt(witnesses, witness, COSIGNER_ED25519), u64(time), value)),
  ];
  const note = `${own.name}\n${size}\n${toBase64(root)}\n\n${signatures.join("")}`;
  const lines = ["c2sp.org/tlog-proof@v1", `index ${index}`, ...path.map(toBase64), "", note];
  return encode({
    entry: text(entry),
    format: "townhall/receipt/v1",
    log_key: own.spelling,
    member: member ? { content: toBase64(member.content), index: Number(member.index), proof: member.proof.map(toBase64) } : null,
    openings: openings.map(({ field, salt, value }) => {
      const plain = fromUtf8(value);
      const said = plain === undefined ? { value_base64: toBase64(value) } : { value: plain };
      return { field: text(field), salt: toHex(salt), ...said };
    }),
    policy: policy.text,
    proof: lines.join("\n"),
  });
}

function keyAt(keys, number, kind) {
  const key = keys[Number(number)];
  return key?.kind === kind ? key : refuse("it names a key that the policy does not have, or one of another kind");
}

const line = (key, ...parts) => `— ${key.name} ${toBase64(concat(key.id, ...parts))}\n`;
const text = (bytes) => fromUtf8(bytes) ?? refuse("a receipt holds text in UTF-8 only");

/** Reads values from the front, each in its one spelling; see townhall.ledger.engine.packing. */
class Reader {
  at = 0;

  constructor(content) {
    this.content = content;
  }

  take(size) {
    const taken = this.content.subarray(this.at, this.at + size);
    if (taken.length !== size) refuse("the code ends too early");
    this.at += size;
    return taken;
  }

  /** A figure from 0 to 2^63 - 1: seven bits a byte, the lowest first, without surplus bytes. */
  figure() {
    let value = 0n;
    for (let place = 0; place < LONGEST_FIGURE; place += 1) {
      const [byte] = this.take(1);
      value |= BigInt(byte & 0x7f) << BigInt(7 * place);
      if (byte < 0x80) {
        if (!byte && place) refuse("a figure is written with more bytes than it needs");
        return value;
      }
    }
    return refuse("a figure is above 2^63 - 1");
  }

  /** A figure that counts what follows: never more than there are bytes. */
  count() {
    const value = this.figure();
    return value > BigInt(MOST_DIGITS) ? refuse("the code ends too early") : Number(value);
  }

  sized() {
    return this.take(this.count());
  }

  list(read) {
    return Array.from({ length: this.count() }, read);
  }

  hashes(count) {
    return Array.from({ length: count }, () => this.take(HASH_SIZE));
  }

  /** A text in which long runs of hexadecimal stand as bytes, and nothing else does. */
  text() {
    const parts = [];
    const runs = [];
    let length = 0;
    const add = (bytes) => {
      parts.push(bytes);
      length += bytes.length;
    };
    this.list(() => {
      add(this.sized());
      const start = length;
      add(toUtf8(toHex(this.sized())));
      runs.push(`${start} ${length}`);
    });
    add(this.sized());
    const whole = concat(...parts);
    const found = [...latin(whole).matchAll(/[0-9a-f]{16,}/g)].filter(([run]) => run.length % 2 === 0);
    const expected = found.map((each) => `${each.index} ${each.index + each[0].length}`);
    if (expected.join() !== runs.join()) refuse("hexadecimal is not written as it should be");
    return whole;
  }

  end() {
    if (this.at !== this.content.length) refuse("the code goes on after its end");
  }
}

/** A character for every byte. */
const latin = (bytes) => Array.from(bytes, (each) => String.fromCharCode(each)).join("");
