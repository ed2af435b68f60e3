// Verify inclusion proofs with @sigstore/verify; the folder with node_modules is argument 1.
//
// Cases as a JSON list on standard input; reasons as a JSON list on standard output, ""
// for "accepted". Nothing of the ledger's own code is used.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const folder = process.argv[2];
const load = createRequire(join(folder, "index.js"));
const { verifyMerkleInclusion } = load(
  join(folder, "node_modules/@sigstore/verify/dist/tlog/merkle.js"),
);

const bytes = (text) => Buffer.from(text ?? "", "base64");

function check(each) {
  try {
    verifyMerkleInclusion(
      {
        canonicalizedBody: bytes(each.entry),
        inclusionProof: { logIndex: String(each.index), hashes: each.proof.map(bytes) },
      },
      { logSize: BigInt(each.size), logHash: bytes(each.root) },
    );
    return "";
  } catch (error) {
    return `refused: ${error.message}`;
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(check)));
