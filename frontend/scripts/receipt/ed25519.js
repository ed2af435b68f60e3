// Ed25519 (RFC 8032) as OpenSSL checks it, so that both sides say the same about every signature.
import { Point } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, same } from "./encoding.js";

const ORDER = Point.CURVE().n;

const littleEndian = (bytes) => bytes.reduceRight((value, each) => (value << 8n) | BigInt(each), 0n);

/**
 * Whether the signature is by this key: s is below the order of the group, and s·B - k·A
 * is written exactly as R. No factor of 8 is multiplied away, unlike in ZIP 215.
 */
export function verifies(publicKey, message, signature) {
  const [r, s] = [signature.subarray(0, 32), littleEndian(signature.subarray(32))];
  if (s >= ORDER) return false;
  let key;
  try {
    key = Point.fromBytes(publicKey, true);
  } catch {
    return false; // no point of the curve
  }
  const k = littleEndian(sha512(concat(r, publicKey, message))) % ORDER;
  const made = Point.BASE.multiply(s, false).add(key.negate().multiply(k, false));
  return same(made.toBytes(), r);
}
