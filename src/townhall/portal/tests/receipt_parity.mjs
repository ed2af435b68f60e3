// Checks receipts with the built script, one JSON line a case, in one process:
//   node receipt_parity.mjs receipt-….js < cases > steps
// A case is { content, document, trusted }: base64, base64 or null, text of a policy or null.
// An answer is { verdict, steps: [[name, ok], …], outcome }, or { crash }; the outcome is what a
// page says that knows this policy and no other.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const source = readFileSync(process.argv[2]);
const { judge, parsePolicy, verdict, verifyFile } = await import(`data:text/javascript;base64,${source.toString("base64")}`);

const bytes = (base64) => new Uint8Array(Buffer.from(base64, "base64"));
const policies = new Map([[null, null]]);

function trust(text) {
  if (!policies.has(text)) policies.set(text, parsePolicy(text));
  return policies.get(text);
}

function answer({ content, document, trusted }) {
  try {
    const letter = document === null ? null : bytes(document);
    const steps = verifyFile(bytes(content), { document: letter, trusted: trust(trusted) });
    const { outcome } = judge(bytes(content), { document: letter, policies: trusted === null ? [] : [trusted] });
    return { verdict: verdict(steps), steps: steps.map((each) => [each.name, each.ok]), outcome };
  } catch (error) {
    return { crash: error.stack };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
