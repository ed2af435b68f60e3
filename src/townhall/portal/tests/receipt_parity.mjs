// Checks receipts with the built script, one JSON line a case, in one process:
//   node receipt_parity.mjs receipt-….js < cases > steps
// A case is { content, document, trusted, code }: base64, base64 or null, text of a policy or null,
// and what a camera read or null, which is then checked instead of the content.
// An answer is { verdict, steps: [[name, ok], …], outcome }, or { crash }; the outcome is what a
// page says that knows this policy and no other. Of a code it also has the file that it stands for,
// as base64, or says in `refused` that it stands for none: "policy_unknown" or "no_code".
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const source = readFileSync(process.argv[2]);
const { codeIn, expand, judge, judgeCode, parsePolicy, verdict, verifyFile } = await import(`data:text/javascript;base64,${source.toString("base64")}`);

const bytes = (base64) => new Uint8Array(Buffer.from(base64, "base64"));
const policies = new Map([[null, null]]);

function trust(text) {
  if (!policies.has(text)) policies.set(text, parsePolicy(text));
  return policies.get(text);
}

function answer({ content, document, trusted, code }) {
  try {
    if (code === null) return checked(bytes(content), document, trusted);
    const policies = trusted === null ? [] : [trusted];
    const { outcome, receipt } = judgeCode(codeIn(code), { document: document === null ? null : bytes(document), policies });
    if (receipt === null) return { refused: outcome };
    const file = expand(codeIn(code), policies);
    return { ...checked(file, document, trusted), outcome, file: Buffer.from(file).toString("base64") };
  } catch (error) {
    return { crash: error.stack };
  }
}

function checked(content, document, trusted) {
  const letter = document === null ? null : bytes(document);
  const steps = verifyFile(content, { document: letter, trusted: trust(trusted) });
  const { outcome } = judge(content, { document: letter, policies: trusted === null ? [] : [trusted] });
  return { verdict: verdict(steps), steps: steps.map((each) => [each.name, each.ok]), outcome };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
