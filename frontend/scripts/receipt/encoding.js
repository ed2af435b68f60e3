// Bytes as text with exactly one way to write each value, as in the ledger's engine.

/** What is not acceptable; the message says why, in English, for whoever looks closely. */
export class Refused extends Error {}

export function refuse(why) {
  throw new Refused(why);
}

export const HASH_SIZE = 32;
export const LARGEST_FIGURE = (1n << 63n) - 1n;

const encoder = new TextEncoder();
// The mark of the byte order is a character like any other here.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const HALF_A_PAIR = /[\ud800-\udfff]/u;

/** The text in UTF-8; half of a surrogate pair cannot be written. */
export function toUtf8(text) {
  if (HALF_A_PAIR.test(text)) refuse("this text cannot be written in UTF-8");
  return encoder.encode(text);
}

/** The text that these bytes are, or undefined if they are no UTF-8. */
export function fromUtf8(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The same for people: what is no UTF-8 becomes a replacement character. */
export function shown(bytes) {
  return lenient.decode(bytes);
}

export function toBase64(bytes) {
  let binary = "";
  for (const each of bytes) binary += String.fromCharCode(each);
  return btoa(binary);
}

/** The bytes that this base64 says: with padding, without spaces, unused bits zero. */
export function fromBase64(text, size) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    refuse("this is not base64");
  }
  if (btoa(binary) !== text) refuse("this base64 is not canonical");
  if (size !== undefined && binary.length !== size) refuse(`this base64 says ${binary.length} bytes, not ${size}`);
  return Uint8Array.from(binary, (each) => each.charCodeAt(0));
}

export function toHex(bytes) {
  return Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
}

/** The bytes that this lower-case hexadecimal says. */
export function fromHex(text, size) {
  if (text.length !== 2 * size || !/^[0-9a-f]*$/.test(text)) {
    refuse(`this is not the lower-case hexadecimal of ${size} bytes`);
  }
  return Uint8Array.from({ length: size }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** A figure from 0 to 2^63 - 1 as a BigInt, written without zeros in front. */
export function fromDecimal(text) {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text)) refuse("this is no figure from 0 to 2^63 - 1");
  const value = BigInt(text);
  if (value > LARGEST_FIGURE) refuse("this figure is above 2^63 - 1");
  return value;
}

/** Eight bytes, the largest first. */
export function u64(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((length, each) => length + each.length, 0));
  let at = 0;
  for (const each of parts) {
    whole.set(each, at);
    at += each.length;
  }
  return whole;
}

export function same(one, other) {
  return one.length === other.length && one.every((each, at) => each === other[at]);
}

/** What stands before and after the first mark; nothing if it is not there. */
export function cut(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? undefined : [text.slice(0, at), text.slice(at + mark.length)];
}
