// From codes and values to sentences in the reader's language. The words come from the page.

const JOURNAL = 20; // parts of a line of the access journal
const LONGEST = 300; // characters of a value that stand in a sentence
/** By which of its numbers a sentence has a form of its own for 0 or 1: `<key>_0`, `<key>_1`. */
const COUNTED = { withstands: "faults", signed: "size", included: "hashes", bytes: "count" };

/** The parts of a line behind its salt; undefined if it has none. */
function partsOf(text) {
  try {
    return JSON.parse(text.replace(/^[0-9a-f]{64} /, ""));
  } catch {
    return undefined;
  }
}

/** The parts that people can read: no hashes, and nothing that is empty. */
function plain(parts) {
  const said = (typeof parts === "object" ? Object.values(parts ?? {}) : []).flat().filter((each) => typeof each !== "object" && each !== "");
  return said.filter((each) => !/^[0-9a-f]{64}$/.test(each)).join(" · ");
}

/** A number, a moment or a text as people of this language write it. */
export class Teller {
  constructor(words, language) {
    this.words = words;
    const locale = language === "en" ? "en-GB" : language;
    this.named = Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0; // browsers do not know Welsh months
    this.numbers = new Intl.NumberFormat(locale);
    this.days = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
    this.moments = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "medium", timeZone: "UTC" });
  }

  day(date) {
    if (this.named) return this.days.format(date);
    return `${date.getUTCDate()} ${this.say(`month_${date.getUTCMonth() + 1}`)} ${date.getUTCFullYear()}`;
  }

  /** The sentence under this key, its blanks (`%(name)s`) filled. */
  say(key, values = {}) {
    const form = this.words[`${key}_${values[COUNTED[key]]}`];
    return (form ?? this.words[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
  }

  number(value) {
    return this.numbers.format(value);
  }

  /** POSIX seconds as a moment; what no calendar can show, as the figure. */
  moment(seconds) {
    const date = new Date(Number(seconds) * 1000);
    if (Number.isNaN(date.getTime())) return String(seconds);
    const said = this.named ? this.moments.format(date) : `${this.day(date)}, ${date.toISOString().slice(11, 19)}`;
    return `${said} UTC`;
  }

  field(name) {
    return this.words[`field_${name}`] ?? name.replaceAll("_", " ");
  }

  kind(name) {
    return this.words[`kind_${name}`] ?? name.replaceAll("_", " ");
  }

  /** What the record fixed; times are written out, and what is no text is only counted. */
  value({ field = "", value: text, binary }) {
    if (text === undefined) return this.say("bytes", { count: this.number(binary) });
    const named = this.words[`name_${field}_${text}`];
    if (named !== undefined) return named;
    if (field === "day" && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return this.day(new Date(text));
    const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
    return field.endsWith("_at") && !Number.isNaN(date) ? this.moment(Math.floor(date / 1000)) : text;
  }

  /** A line of a journal, or a record, as rows of a label and what it says. */
  line(step) {
    const text = this.value(step);
    const parts = partsOf(text);
    if (parts?.length !== JOURNAL) return [[this.say("line"), plain(parts) || text]];
    const [at, agency, register, kinds, purpose, basis, outcome, reason] = [1, 5, 7, 8, 10, 11, 18, 19].map((place) => parts[place]);
    const what = [].concat(kinds ?? []).map((kind) => this.name("fact", `${register}.${kind}`, kind));
    const rows = [
      ["line_at", this.value({ field: "read_at", value: String(at).replace(" ", "T") })],
      ["line_who", this.name("agency", agency)],
      ["line_what", [this.name("register", register), what.join(", ")].filter(Boolean).join(": ")],
      ["line_why", [purpose, reason].filter(Boolean).join(" – ")],
      ["line_basis", basis],
      ["line_outcome", this.name("outcome", outcome)],
    ];
    return rows.filter(([, said]) => said).map(([label, said]) => [this.say(label), said]);
  }

  /** What people call an agency, a service, a register, a fact or a state; else its key. */
  name(field, key, otherwise = key) {
    return this.words[`name_${field}_${key}`] ?? otherwise;
  }

  /** A witness by the name that people know; else by that of its key. */
  party(name) {
    return this.words[`party_${name}`] ?? name.replace(/\/rules$/, "");
  }

  /** What a step shows, in one line. */
  shown(step) {
    const said = step.name === "member" ? this.line(step).map(([, part]) => part).join(" · ") : this.value(step);
    return said.length > LONGEST ? `${said.slice(0, LONGEST)} …` : said;
  }

  /** Title and sentence of a step. */
  step(step) {
    const values = {
      ...step,
      field: step.field === undefined ? "" : this.field(step.field),
      kind: step.kind === undefined ? "" : this.kind(step.kind),
      value: (step.value ?? step.binary) === undefined ? "" : this.shown(step),
      at: step.at === undefined ? "" : this.moment(step.at),
      latest: step.latest === undefined ? "" : this.moment(step.latest),
    };
    // Programs count from 0, people from 1.
    if (step.index !== undefined) values.index = step.index + 1n;
    for (const name of ["faults", "of", "signed", "size", "index", "hashes", "count", "shared"]) {
      if (typeof values[name] === "number" || typeof values[name] === "bigint") values[name] = this.number(values[name]);
    }
    const sentences = [this.say(step.code, values), step.faults === undefined ? "" : this.say("withstands", values)];
    return { title: this.say(`step_${step.name}`, values), sentence: sentences.filter(Boolean).join(" ") };
  }
}
