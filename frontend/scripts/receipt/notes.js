// Signed notes (C2SP signed-note) and the proof file that carries one (C2SP tlog-proof).
import { HASH_SIZE, cut, fromBase64, fromDecimal, fromUtf8, refuse, toHex, toUtf8 } from "./encoding.js";
import { MOST_HASHES } from "./hashing.js";
import { ID_SIZE, checkName } from "./keys.js";

export const LARGEST_NOTE = 256 * 1024;
const MOST_SIGNATURES = 256;
const DASH = "— ";
const HEADER = "c2sp.org/tlog-proof@v1";

/** Index, audit path and signed checkpoint. What nobody vouches for (`extra`) is refused. */
export function parseProof(content) {
  const text = decodeText(toUtf8(content));
  const [head, rest] = cut(text, "\n\n") ?? refuse("this is no proof file");
  const [header, index, ...hashes] = head.split("\n");
  if (header !== HEADER || !index?.startsWith("index ")) refuse("this is no proof file of version 1 with an index");
  if (hashes.length > MOST_HASHES) refuse(`a proof has at most ${MOST_HASHES} hashes`);
  return {
    index: fromDecimal(index.slice("index ".length)),
    hashes: hashes.map((line) => fromBase64(line, HASH_SIZE)),
    note: parseNote(rest),
  };
}

/** Text and signature lines, divided at the last empty line. Nothing is verified. */
export function parseNote(whole) {
  const split = whole.lastIndexOf("\n\n");
  if (split < 0) refuse("no empty line divides the text from the signatures");
  const signatures = parseSignatures(whole.slice(split + 2));
  if (!signatures.length) refuse("nobody has signed");
  return { text: whole.slice(0, split + 1), signatures };
}

/** A note as a text from outside. */
export const readNote = (content) => parseNote(decodeText(toUtf8(content)));

/** Signature lines, each ending in a newline. */
export function parseSignatures(text) {
  const lines = text.split("\n");
  if (lines.pop() !== "") refuse("the last line does not end in a newline");
  if (lines.length > MOST_SIGNATURES) refuse(`a note has at most ${MOST_SIGNATURES} signatures`);
  const signatures = lines.map(parseSignature);
  if (new Set(signatures.map((each) => each.by)).size !== signatures.length) refuse("a key has signed twice");
  return signatures;
}

function parseSignature(line) {
  if (!line.startsWith(DASH)) refuse("a signature line begins with a dash");
  const [name, encoded] = cut(line.slice(DASH.length), " ") ?? refuse("a signature line is a name and base64");
  checkName(name);
  const value = fromBase64(encoded);
  if (value.length <= ID_SIZE) refuse("a signature has a key's id and at least one byte more");
  return { by: claim(name, value.subarray(0, ID_SIZE)), value: value.subarray(ID_SIZE) };
}

/** What names a key in a signature line; a name has no space. */
export const claim = (name, id) => `${name} ${toHex(id)}`;

function decodeText(bytes) {
  if (bytes.length > LARGEST_NOTE) refuse(`a note has at most ${LARGEST_NOTE} bytes`);
  const text = fromUtf8(bytes);
  if (/[\0-\x09\x0b-\x1f]/.test(text)) refuse("a note has no control characters but newline");
  return text;
}
