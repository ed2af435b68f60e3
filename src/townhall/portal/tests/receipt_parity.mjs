// Checks receipts with the built script, one JSON line a case, in one process:
//   node receipt_parity.mjs receipt-….js < cases > steps
// A case is { content, document, trusted, code }: base64, base64 or null, text of a policy or null,
// and what a camera read or null, which is then checked instead of the content. A case { history,
// trusted, receipts } asks about a history of policies (base64): the answer is { eras, until, cutoffs,
// verdicts } or { refused }; verdicts are those of receipts (base64) by its policies.
// An answer is { verdict, steps: [[name, ok], …], outcome }, or { crash }; the outcome is what a
// page says that knows this policy and no other. Of a code it also has the file that it stands for,
// as base64, or says in `refused` that it stands for none: "policy_unknown" or "no_code".
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const source = readFileSync(process.argv[2]);
const { codeIn, expand, judge, judgeCode, parsePolicy, readHistory, trust, verdict, verifyFile } = await import(`data:text/javascript;base64,${source.toString("base64")}`);

const bytes = (base64) => new Uint8Array(Buffer.from(base64, "base64"));
const policies = new Map([[null, null]]);

function parsed(text) {
  if (!policies.has(text)) policies.set(text, parsePolicy(text));
  return policies.get(text);
}

const known = (trusted) => trust(trusted === null ? [] : [{ text: trusted, since: 0 }]);

function answer({ content, document, trusted, code, history, receipts }) {
  try {
    if (history !== undefined) return led(bytes(history), trusted, receipts.map(bytes));
    if (code === null) return checked(bytes(content), document, trusted);
    const letter = document === null ? null : bytes(document);
    const { outcome, receipt } = judgeCode(codeIn(code), { document: letter, trusted: known(trusted) });
    if (receipt === null) return { refused: outcome };
    const file = expand(codeIn(code), trusted === null ? [] : [trusted]);
    return { ...checked(file, document, trusted), outcome, file: Buffer.from(file).toString("base64") };
  } catch (error) {
    return { crash: error.stack };
  }
}

function checked(content, document, trusted) {
  const letter = document === null ? null : bytes(document);
  const steps = verifyFile(content, { document: letter, trusted: parsed(trusted) });
  const { outcome } = judge(content, { document: letter, trusted: known(trusted) });
  return { verdict: verdict(steps), steps: steps.map((each) => [each.name, each.ok]), outcome };
}

function led(content, trusted, receipts) {
  const { policies } = trust(trusted.map((text) => ({ text, since: 0 })), content);
  if (!policies) return { refused: true };
  const eras = readHistory(content, trusted);
  const cut = (each) => (each.cutoffs ? [[...each.cutoffs].map(([origin, size]) => `${origin} ${size}`).sort()] : []);
  return {
    eras: eras.map(({ text, since }) => [text, since]),
    until: policies.map(({ until }) => String(until)),
    cutoffs: policies.map(({ witnesses }) => witnesses.flatMap(cut)),
    verdicts: receipts.map((receipt) => {
      const own = policies.findLast((each) => each.text === judge(receipt, { trusted: { policies, steps: [] } }).receipt.policy);
      return verdict(verifyFile(receipt, { trusted: own ?? policies.at(-1) }));
    }),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
