// From the steps to one answer: does it hold, and are those who signed the ones that this page knows?
import { attempt, verdict, verify } from "./checking.js";
import { dated, readHistory } from "./histories.js";
import { parseReceipt } from "./receipts.js";

const BRACE = 0x7b; // how every receipt begins

/**
 * Whose word counts: the policies of the page ({ text, since }, the newest last), or those to which a
 * history leads from one of them. `policies` is undefined if that cannot be relied on; `steps` say so.
 */
export function trust(eras, history = null) {
  if (!history) return { policies: dated(eras), steps: [] };
  const { value: found, why } = attempt(() => readHistory(history, eras.map((each) => each.text)));
  if (!found) return { steps: [{ name: "history", ok: false, code: "no_history", why }] };
  const told = { name: "history", ok: true, code: found.length > 1 ? "history" : "history_one", count: found.length, at: found.at(-1).since };
  return { policies: dated(found), steps: [told] };
}

/** Judge nothing: what is to count cannot be relied on. */
export const untrusted = ({ steps }) => ({ outcome: "no_history", steps, receipt: null });

/**
 * Judge a file by the policies that are trusted.
 *
 * The receipt's own is taken where it is among them, else the newest under which it is final. `by`
 * says whose witnesses signed: "ours", "earlier" (of a policy that is no longer in force), "others",
 * or "unknown" where the page knows no policy.
 */
export function judge(content, { document = null, trusted }) {
  const { policies } = trusted;
  if (!policies) return untrusted(trusted);
  const { value: receipt, why } = attempt(() => parseReceipt(content));
  if (!receipt) {
    // Of a file that is something else altogether there is nothing to tell step by step.
    const steps = content[0] === BRACE ? [{ name: "file", ok: false, code: "no_receipt", why }] : [];
    return { outcome: "no_receipt", steps, receipt: null };
  }
  const { known, steps } = check(receipt, document, policies);
  const by = known === undefined ? (policies.length ? "others" : "unknown") : known === policies.at(-1) ? "ours" : "earlier";
  return { outcome: outcome(steps, by), by, steps: [...trusted.steps, ...steps], receipt };
}

function check(receipt, document, policies) {
  const under = (known) => ({ known, steps: verify(receipt, { document, trusted: known }) });
  const own = policies.findLast((each) => each.text === receipt.policy);
  if (own) return under(own);
  const final = [...policies].reverse().map(under).find((each) => holds(each.steps, "signatures"));
  return final ?? { steps: verify(receipt, { document }) };
}

const holds = (steps, name) => steps.some((each) => each.name === name && each.ok === true);

function outcome(steps, by) {
  const failed = steps.filter((each) => each.ok === false).map((each) => each.code);
  const only = (code) => failed.length > 0 && failed.every((each) => each === code);
  if (only("not_final")) return by === "others" ? "others" : "not_final";
  if (failed.length && !only("document_differs")) return "fails";
  if (by === "others") return "others";
  if (failed.length) return "document_differs";
  if (by === "unknown") return "unknown";
  if (steps.some((each) => each.code === "document_unknown")) return "of_no_letter";
  if (verdict(steps) === "holds") return holds(steps, "document") ? "holds_with_document" : "holds";
  return "holds_without_document";
}
