// Canonical JSON, the safe part of RFC 8785: keys of printable ASCII, no fractions, one spelling.
import { fromUtf8, refuse, toUtf8 } from "./encoding.js";

const DEEPEST = 16;
const KEY = /^[!#-[\]-~][ -!#-[\]-~]{0,127}$/;
const HALF_A_PAIR = /[\ud800-\udfff]/u;

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** The value that these bytes say, if they are its canonical ones. */
export function decode(bytes) {
  const text = fromUtf8(bytes);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    refuse("this is not canonical JSON");
  }
  // Whatever JSON.parse is lenient about is found here: a key twice, a fraction, a rounded number.
  if (write(value, DEEPEST) !== text) refuse("this JSON is not written in its canonical form");
  return value;
}

/** The canonical bytes of a value. */
export const encode = (value) => toUtf8(write(value, DEEPEST));

function write(value, depth) {
  if (typeof value === "string") return writeText(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) refuse("a number is a whole one up to 2^53 - 1");
    return String(value);
  }
  if (!depth) refuse(`a value is more than ${DEEPEST} deep`);
  if (Array.isArray(value)) return `[${value.map((each) => write(each, depth - 1)).join(",")}]`;
  const fields = Object.keys(value).sort().map((key) => {
    if (!KEY.test(key)) refuse("a key is 1 to 128 printable ASCII characters");
    return `"${key}":${write(value[key], depth - 1)}`;
  });
  return `{${fields.join(",")}}`;
}

function writeText(text) {
  if (HALF_A_PAIR.test(text)) refuse("a text has half of a surrogate pair");
  return JSON.stringify(text);
}
