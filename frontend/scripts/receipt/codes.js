// Codes that a camera read: behind the # of the page's own address, or in a field. Nothing is sent.
import { PolicyUnknown, codeIn, expand } from "./compact.js";
import { attempt } from "./checking.js";
import { judge, untrusted } from "./judging.js";

/** Hand over every code that the address or the field brings; `whole`: it is not just being typed. */
export function watchCodes(field, take) {
  const look = () => {
    const code = codeIn(location.hash);
    if (/^[0-9]/.test(code)) take(code, { whole: true }); // other fragments are places on the page
  };
  field.addEventListener("input", ({ inputType }) => take(codeIn(field.value), { whole: inputType === "insertFromPaste" }));
  addEventListener("hashchange", look);
  look();
}

/** Judge a code as `judge` does the file that it stands for; `short` says that signatures were left out. */
export function judgeCode(code, { document = null, trusted }) {
  if (!trusted.policies) return untrusted(trusted);
  const { value: content, why, error } = attempt(() => expand(code, trusted.policies.map((each) => each.text)));
  if (content) return { ...judge(content, { document, trusted }), short: true };
  const step =
    error instanceof PolicyUnknown
      ? { name: "policy", ok: null, code: "policy_unknown", sha256: error.fingerprint }
      : { name: "file", ok: false, code: "no_code", why };
  return { outcome: step.code, steps: [...trusted.steps, step], receipt: null };
}
