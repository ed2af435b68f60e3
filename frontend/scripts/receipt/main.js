// What the page loads; programs may import the functions.
import { start } from "./page.js";

export { verdict, verifyFile } from "./checking.js";
export { judgeCode } from "./codes.js";
export { codeIn, expand } from "./compact.js";
export { readHistory } from "./histories.js";
export { judge, trust } from "./judging.js";
export { parsePolicy } from "./policy.js";

const root = globalThis.document?.querySelector("[data-receipt-check]");
if (root) start(root);
