// What the page loads; programs may import the functions.
export { verdict, verifyFile } from "./checking.js";
export { judge } from "./judging.js";
export { parsePolicy } from "./policy.js";
