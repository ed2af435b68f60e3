// Entries of a log: what one says, in exactly one spelling.
import { decode, isObject } from "./canonical.js";
import { refuse, toUtf8 } from "./encoding.js";

const LONGEST_ENTRY = 65_535;
const FIELDS = "at,body,kind,origin,rules,sources,v";
const NAME = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;
const HASH = /^[0-9a-f]{64}$/;
const ORIGIN = /^[a-z0-9][a-z0-9._/-]*$/;

/** The entry that this text is; `bytes` are what the log holds. */
export function parseEntry(text) {
  const bytes = toUtf8(text);
  if (bytes.length > LONGEST_ENTRY) refuse(`an entry has at most ${LONGEST_ENTRY} bytes`);
  const value = decode(bytes);
  if (!isObject(value) || Object.keys(value).sort().join() !== FIELDS) refuse(`an entry has the fields ${FIELDS}`);
  const { at, body, kind, origin, rules, sources, v } = value;
  const typed =
    [at, rules, v].every(Number.isInteger) &&
    [kind, origin].every((each) => typeof each === "string") &&
    isObject(body) &&
    Array.isArray(sources) &&
    sources.every((each) => typeof each === "string");
  if (!typed) refuse("a field of the entry is of another type");
  if (v !== 1) refuse(`entries of version ${v} are not known here`);
  if (origin.length > 200 || !ORIGIN.test(origin)) refuse("an origin is a URL without scheme, in lower case");
  if (kind.length > 32 || !NAME.test(kind)) refuse("a kind is at most 32 characters in snake case");
  if (at < 0 || rules < 1 || rules > 1_000_000) refuse("time and version of the rules are figures from 0 and from 1");
  if (sources.length > 16 || !sources.every((each) => HASH.test(each))) refuse("sources are at most 16 SHA-256");
  if (Object.keys(body).some((each) => each.length > 64 || !NAME.test(each))) {
    refuse("a field's name is at most 64 characters in snake case");
  }
  return { bytes, origin, kind, at, body, rules };
}

/** A field of the body; undefined if there is none. */
export const fieldOf = (entry, name) => (Object.hasOwn(entry.body, name) ? entry.body[name] : undefined);
