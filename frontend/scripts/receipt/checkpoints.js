// Checkpoints (C2SP tlog-checkpoint), and the exact bytes that each kind of key signs.
import { HASH_SIZE, LARGEST_FIGURE, concat, fromBase64, fromDecimal, refuse, same, toUtf8, u64 } from "./encoding.js";
import { EMPTY_ROOT } from "./hashing.js";
import { COSIGNER_MLDSA44, ED25519, isCosigner, verifies } from "./keys.js";
import { claim } from "./notes.js";

const TIME_SIZE = 8;
const LONGEST_NAME = 255;
const LABEL = toUtf8("subtree/v1\n\0");

export function parseCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.length < 3) refuse("a checkpoint has three lines: origin, size and root");
  const [origin, size, root, ...extensions] = lines;
  if ([origin, ...extensions].includes("")) refuse("origin and extension lines are not empty");
  return { text, origin, size: fromDecimal(size), root: fromBase64(root, HASH_SIZE) };
}

/** A log without entries has one root only. */
export function checkEmpty({ size, root }) {
  if (size === 0n && !same(root, EMPTY_ROOT)) refuse("the root of no entries is SHA-256 of nothing");
}

/**
 * Which of the keys signed, and the times that they say (BigInt, 0 if none).
 * One signature that claims to be by one of them and is not refuses the whole note.
 */
export function signaturesBy(checkpoint, note, keys) {
  const known = new Map(keys.map((key) => [claim(key.name, key.id), key]));
  const found = new Map();
  for (const made of note.signatures) {
    const key = known.get(made.by);
    if (key) found.set(key, signedAt(checkpoint, key, made.value));
  }
  return found;
}

function signedAt(checkpoint, key, made) {
  let [time, value] = [0n, made];
  if (isCosigner(key.kind)) {
    if (made.length <= TIME_SIZE) refuse(`${key.name} did not sign this`);
    time = new DataView(made.buffer, made.byteOffset).getBigUint64(0);
    value = made.subarray(TIME_SIZE);
  }
  if (time > LARGEST_FIGURE || !verifies(key, message(checkpoint, key, time), value)) {
    refuse(`the signature of ${key.name} is not over this checkpoint`);
  }
  return time;
}

function message({ text, origin, size, root }, key, time) {
  if (key.kind === ED25519) return toUtf8(text);
  if (key.kind !== COSIGNER_MLDSA44) return toUtf8(`cosignature/v1\ntime ${time}\n${text}`);
  return concat(LABEL, named(key.name), u64(time), named(origin), u64(0n), u64(size), root);
}

function named(name) {
  const bytes = toUtf8(name);
  if (bytes.length < 1 || bytes.length > LONGEST_NAME) refuse(`a name has 1 to ${LONGEST_NAME} bytes`);
  return concat(Uint8Array.of(bytes.length), bytes);
}
