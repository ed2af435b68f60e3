// What the reader sees: one sentence first, then what the receipt says, who vouched, and every step.
import { element, icon } from "./elements.js";
import { COSIGNER_MLDSA44 } from "./keys.js";

const KINDS = {
  holds_with_document: "success",
  holds_without_document: "info", // it may be the receipt of another letter
  holds: "success",
  of_no_letter: "warning",
  letter_only: "warning",
  history_only: "info",
  not_final: "warning",
  unknown: "warning",
  policy_unknown: "warning",
};
const NEXT = { holds_without_document: ["#letter", "choose_letter"], letter_only: ["#receipt", "choose_receipt"] };
const ICONS = { true: "check", false: "no", null: "help" };
const TOLD = ["holds_with_document", "holds_without_document", "holds", "of_no_letter", "document_differs", "unknown"];
/** In which order an entry is told: what it is about, what it says, when; then all else. */
const ORDER = [
  ...["agency", "service", "algorithm", "register", "case_number", "letter", "outcome", "status"],
  ...["decided_at", "issued_at", "day", "version", "lines", "count"],
];
const LONGEST = 300; // characters of a value that stand open
const DETAILS = ["leaf", "root", "expected", "found", "sha256", "why"];

/** The one sentence, and what follows from it. */
export function headline(judged, tell) {
  const { outcome, steps } = judged;
  const why = outcome === "fails" ? steps.filter((each) => each.ok === false).map((each) => tell.step(each)) : [];
  const next = NEXT[outcome];
  return element(
    "div",
    { class: "ds-alert", "data-color": KINDS[outcome] ?? "danger", "data-outcome": outcome },
    element("h2", { class: "ds-heading", tabindex: "-1" }, tell.say(`outcome_${outcome}`)),
    element("p", {}, tell.say(`outcome_${outcome}_more`)),
    why.length
      ? element("ul", { class: "th-list" }, ...why.map(({ title, sentence }) => element("li", {}, `${title}: ${sentence}`)))
      : null,
    next ? element("p", {}, element("a", { href: next[0] }, tell.say(next[1]))) : null,
  );
}

/** All that follows the headline. */
export function report(judged, tell, icons) {
  const { steps } = judged;
  const rows = TOLD.includes(judged.outcome) ? says(judged, tell) : [];
  const signatures = steps.find((each) => each.name === "signatures");
  return [
    rows.length ? section(tell.say("says"), summary(rows)) : null,
    signatures?.parties ? section(tell.say("signers"), ...vouched(signatures, judged, tell, icons)) : null,
    steps.length ? folded(tell.say("steps"), stepList(steps, tell, icons), !judged.outcome.startsWith("holds")) : null,
  ].filter(Boolean);
}

function section(title, ...children) {
  return element(
    "section",
    { class: "th-stack", "data-gap": "sm" },
    element("h2", { class: "ds-heading", "data-size": "sm" }, title),
    ...children,
  );
}

function folded(title, content, open = false) {
  const whole = element("details", { class: "ds-details" }, element("summary", {}, title), element("div", {}, content));
  whole.open = open;
  return whole;
}

/** What the entry says openly, what the receipt opens of it, and the line of it that it shows. */
function says({ receipt, steps }, tell) {
  const { entry } = receipt;
  const opened = steps.filter((each) => each.name === "opened" && each.field !== "document");
  const hidden = new Set(["handle", ...receipt.openings.map((each) => each.field)]);
  const open = Object.entries(entry.body).filter(([name, value]) => !hidden.has(name) && isPlain(value));
  const member = steps.find((each) => each.name === "member");
  const said = [...open.map(([field, value]) => ({ field, value: String(value) })), ...opened];
  const place = ({ field }) => (ORDER.includes(field) ? ORDER.indexOf(field) : ORDER.length);
  said.sort((one, other) => place(one) - place(other));
  return [
    [tell.say("kind"), tell.kind(entry.kind)],
    ...said.map((each) => [tell.field(each.field), tell.value(each)]),
    ...(member ? tell.line(member) : []),
  ];
}

const isPlain = (value) =>
  typeof value === "number" || (typeof value === "string" && value !== "" && !/^[0-9a-f]{64}$/.test(value));

function summary(rows) {
  return element(
    "dl",
    { class: "th-summary" },
    ...rows.map(([label, value]) => element("div", {}, element("dt", {}, label), element("dd", {}, unfolding(value)))),
  );
}

/** A value; the text of a policy would fill screens, so it is opened on request. */
function unfolding(value) {
  if (value.length <= LONGEST) return value;
  const beginning = `${value.split("\n")[0].slice(0, LONGEST / 5)} …`;
  return folded(beginning, element("p", { class: "th-value" }, value));
}

function vouched(step, { by, short }, tell, icons) {
  // Where enough have signed, it is no fault that one has not.
  const missing = !step.ok ? "no_signature" : short ? "not_in_code" : "not_needed";
  const rows = step.parties.map(({ party, signatures }) =>
    element(
      "li",
      { "data-ok": signatures.length ? "true" : step.ok ? "spare" : "false" },
      icon(icons, signatures.length ? "check" : step.ok ? "clock" : "no"),
      element(
        "div",
        {},
        element("h3", {}, tell.party(party)),
        ...(signatures.length
          ? signatures.map(({ kind, time }) => {
              const algorithm = kind === COSIGNER_MLDSA44 ? "ML-DSA-44" : "Ed25519";
              return element("p", { class: "th-small" }, tell.say("signed_at", { time: tell.moment(time), algorithm }));
            })
          : [element("p", { class: "th-small th-quiet" }, tell.say(missing))]),
      ),
    ),
  );
  return [
    step.ok ? element("p", {}, element("strong", { "data-by": by }, tell.say(`by_${by}`))) : null,
    element("p", {}, counted(step, by, tell)),
    short && step.ok ? element("p", {}, tell.say("short")) : null,
    element("ul", { class: "th-steps" }, ...rows),
  ].filter(Boolean);
}

/** How many signed, and what that withstands: nothing is promised of parties that nobody vouches for. */
function counted(step, by, tell) {
  const values = { signed: tell.number(step.signed), of: tell.number(step.of), shared: tell.number(step.shared) };
  if (step.parties.some((each) => each.party.startsWith(`${tell.say("demonstration_host")}/`))) {
    return `${tell.say("signed_count", values)} ${tell.say("demonstration")}`;
  }
  if (by === "others" || by === "unknown") return tell.say("signed_count", values);
  return `${tell.say("signed_independent", values)} ${tell.say("would_have_to_cheat", values)}`;
}

function stepList(steps, tell, icons) {
  const items = steps.map((step) => {
    const { title, sentence } = tell.step(step);
    return element(
      "li",
      { "data-ok": String(step.ok), "data-step": step.name },
      icon(icons, ICONS[step.ok]),
      element(
        "div",
        {},
        element("h3", {}, title, element("span", { class: "th-hide" }, ` – ${tell.say(`ok_${step.ok}`)}`)),
        element("p", {}, sentence),
        compared(step, tell),
      ),
    );
  });
  return element("ol", { class: "th-steps" }, ...items);
}

/** What was compared, byte for byte, and the technical reason why it does not fit. */
function compared(step, tell) {
  const rows = DETAILS.filter((name) => step[name] !== undefined).flatMap((name) => [
    element("dt", {}, tell.say(`compared_${name}`)),
    element("dd", { lang: name === "why" ? "en" : undefined }, step[name]),
  ]);
  return rows.length ? element("dl", { class: "th-compared" }, ...rows) : null;
}
