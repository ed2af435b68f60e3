// Keys that sign notes: names, ids, and the three kinds that the ledger uses.
import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";
import * as ed25519 from "./ed25519.js";
import { concat, cut, fromBase64, fromHex, refuse, same, toUtf8 } from "./encoding.js";
import { sha256 } from "./hashing.js";

export const ED25519 = 0x01;
export const COSIGNER_ED25519 = 0x04;
export const COSIGNER_MLDSA44 = 0x06;
export const ID_SIZE = 4;

const PUBLIC_SIZE = { [ED25519]: 32, [COSIGNER_ED25519]: 32, [COSIGNER_MLDSA44]: 1312 };
const SIGNATURE_SIZE = { [ED25519]: 64, [COSIGNER_ED25519]: 64, [COSIGNER_MLDSA44]: 2420 };
// What Python calls a space, and all control characters; a plus parts a key's name from its id.
const NOT_IN_A_NAME = /[\0- +\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

export const isCosigner = (kind) => kind === COSIGNER_ED25519 || kind === COSIGNER_MLDSA44;

export function checkName(name) {
  if (!name || NOT_IN_A_NAME.test(name)) {
    refuse("a key's name is not empty and has no space, plus or control character");
  }
  toUtf8(name);
}

/** Name, key id in hexadecimal, and base64 of kind and key, with a plus between them. */
export function parseKey(vkey) {
  const [name, rest] = cut(vkey, "+") ?? refuse("a verifier key has three parts");
  const [digits, encoded] = cut(rest, "+") ?? refuse("a verifier key has three parts");
  const id = fromHex(digits, ID_SIZE);
  const material = fromBase64(encoded);
  checkName(name);
  const [kind, bytes] = [material[0], material.subarray(1)];
  if (PUBLIC_SIZE[kind] !== bytes.length) refuse("a verifier key is of another kind or length");
  if (!same(keyId(name, material), id)) refuse(`the id of the key ${name} does not belong to it`);
  return { name, kind, public: bytes, id, spelling: vkey };
}

function keyId(name, material) {
  return sha256(concat(toUtf8(name), Uint8Array.of(0x0a), material)).subarray(0, ID_SIZE);
}

/** Whether a bare signature over the message is by this key. */
export function verifies(key, message, signature) {
  if (signature.length !== SIGNATURE_SIZE[key.kind]) return false;
  if (key.kind !== COSIGNER_MLDSA44) return ed25519.verifies(key.public, message, signature);
  return ml_dsa44.verify(signature, message, key.public);
}
