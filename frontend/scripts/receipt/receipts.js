// Receipts: the file by which a citizen proves what the log fixed. Reading one verifies nothing.
import { decode, isObject } from "./canonical.js";
import { HASH_SIZE, concat, fromBase64, fromHex, fromUtf8, refuse, same, toUtf8 } from "./encoding.js";
import { parseEntry } from "./entries.js";
import { MOST_HASHES, sha256 } from "./hashing.js";
import { parseKey } from "./keys.js";
import { parseProof } from "./notes.js";

export const DOCUMENT = "document"; // the field whose value is the SHA-256 of a letter

const FORMAT = "townhall/receipt/v1";
const LARGEST_RECEIPT = 256 * 1024;
const MOST_OPENINGS = 64;
const SALT_SIZE = 32;
const COMMITMENT = toUtf8("townhall/c1");

export function parseReceipt(content) {
  if (content.length > LARGEST_RECEIPT) refuse(`a receipt has at most ${LARGEST_RECEIPT} bytes`);
  const value = decode(content);
  if (fieldsOf(value) !== "entry,format,log_key,member,openings,policy,proof" || value.format !== FORMAT) {
    refuse(`this is no file of the format ${FORMAT}`);
  }
  const openings = list(value.openings).map(parseOpening);
  if (openings.length > MOST_OPENINGS || new Set(openings.map((each) => each.field)).size !== openings.length) {
    refuse("a field is opened once, and there are not too many");
  }
  return {
    entry: parseEntry(text(value.entry)),
    openings,
    proof: parseProof(text(value.proof)),
    policy: text(value.policy),
    logKey: parseKey(text(value.log_key)),
    member: value.member === null ? null : parseMember(value.member),
  };
}

/** Whether an opening opens this commitment, 32 bytes in lower-case hexadecimal. */
export function opens({ field, salt, value }, commitment) {
  const parts = [toUtf8(field), salt, value].flatMap((part) => [length(part), part]);
  return same(sha256(concat(COMMITMENT, ...parts)), fromHex(commitment, HASH_SIZE));
}

function length(part) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, part.length);
  return bytes;
}

function parseOpening(found) {
  const fields = fieldsOf(found);
  if (fields !== "field,salt,value" && fields !== "field,salt,value_base64") {
    refuse("an opening is a field, a salt and a value");
  }
  const plain = fields === "field,salt,value";
  const value = plain ? toUtf8(text(found.value)) : fromBase64(text(found.value_base64));
  if (!plain && fromUtf8(value) !== undefined) refuse("a text is written as base64");
  return { field: text(found.field), salt: fromHex(text(found.salt), SALT_SIZE), value };
}

function parseMember(found) {
  if (fieldsOf(found) !== "content,index,proof") refuse("a member is a content, an index and a proof");
  if (!Number.isInteger(found.index)) refuse("an index is a whole number");
  const hashes = list(found.proof);
  if (hashes.length > MOST_HASHES) refuse(`a proof has at most ${MOST_HASHES} hashes`);
  return {
    content: fromBase64(text(found.content)),
    index: BigInt(found.index),
    hashes: hashes.map((each) => fromBase64(text(each), HASH_SIZE)),
  };
}

const fieldsOf = (value) => (isObject(value) ? Object.keys(value).sort().join() : "");
const text = (value) => (typeof value === "string" ? value : refuse("a field of the receipt is no text"));
const list = (value) => (Array.isArray(value) ? value : refuse("a field of the receipt is no list"));
