// SHA-256, and the two hashes that a tree is made of (RFC 6962, section 2.1).
import { sha256 } from "@noble/hashes/sha2.js";
import { HASH_SIZE, LARGEST_FIGURE, concat, refuse, same } from "./encoding.js";

export { sha256 };
export const EMPTY_ROOT = sha256(new Uint8Array());
export const MOST_HASHES = 63;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leafHash = (entry) => sha256(concat(LEAF, entry));
export const nodeHash = (left, right) => sha256(concat(NODE, left, right));

/**
 * Return if a leaf stands at this index of the tree with this root, and refuse otherwise
 * (RFC 9162, section 2.1.3.2). Index and size are BigInts.
 */
export function verifyInclusion(leaf, index, size, proof, root) {
  if (root.length !== HASH_SIZE) refuse(`a hash has ${HASH_SIZE} bytes`);
  if (!same(rootFrom(leaf, index, size, proof), root)) refuse("the proof does not lead to this root");
}

/** The root to which an audit path leads; it proves nothing until somebody has signed that root. */
export function rootFrom(leaf, index, size, proof) {
  if (index < 0n || index >= size || size > LARGEST_FIGURE) refuse(`${index} is no place in a tree of ${size}`);
  if (proof.length > MOST_HASHES) refuse(`a proof has at most ${MOST_HASHES} hashes`);
  if ([leaf, ...proof].some((each) => each.length !== HASH_SIZE)) refuse(`a hash has ${HASH_SIZE} bytes`);
  let [at, last, hash] = [index, size - 1n, leaf];
  for (const each of proof) {
    if (last === 0n) refuse("the proof has hashes left over");
    if (at & 1n || at === last) {
      hash = nodeHash(each, hash);
      // Here `at` equals `last`, which is not 0: a set bit is above.
      while (!(at & 1n)) [at, last] = [at >> 1n, last >> 1n];
    } else {
      hash = nodeHash(hash, each);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  if (last !== 0n) refuse("the proof is too short");
  return hash;
}
