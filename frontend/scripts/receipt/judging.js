// From the steps to one answer: does it hold, and are those who signed the ones that this page knows?
import { attempt, verdict, verify } from "./checking.js";
import { parsePolicy } from "./policy.js";
import { parseReceipt } from "./receipts.js";

/**
 * Judge a file against the policies that the page knows.
 *
 * `policies` are texts, the newest last; the receipt's own is taken where it is among them, else the
 * newest under which it is final. `by` says whose witnesses signed: "ours", "earlier" (of a policy
 * that is no longer in force), "others", or "unknown" where the page knows no policy.
 */
export function judge(content, { document = null, policies = [] } = {}) {
  const { value: receipt, why } = attempt(() => parseReceipt(content));
  if (!receipt) {
    return { outcome: "no_receipt", steps: [{ name: "file", ok: false, code: "no_receipt", why }], receipt: null };
  }
  const { known, steps } = check(receipt, document, policies);
  const by = known === undefined ? (policies.length ? "others" : "unknown") : known === policies.at(-1) ? "ours" : "earlier";
  return { outcome: outcome(steps, by), by, steps, receipt };
}

function check(receipt, document, policies) {
  const under = (known) => {
    const { value: trusted } = attempt(() => parsePolicy(known));
    return trusted && { known, steps: verify(receipt, { document, trusted }) };
  };
  if (policies.includes(receipt.policy)) {
    const found = under(receipt.policy);
    if (found) return found;
  }
  const final = [...policies].reverse().map(under).find((each) => each && holds(each.steps, "signatures"));
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
  if (verdict(steps) === "holds") return holds(steps, "document") ? "holds_with_document" : "holds";
  return "holds_without_document";
}
