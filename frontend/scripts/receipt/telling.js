// From codes and values to sentences in the reader's language. The words come from the page.

/** A number, a moment or a text as people of this language write it. */
export class Teller {
  constructor(words, language) {
    this.words = words;
    const locale = language === "en" ? "en-GB" : language;
    this.numbers = new Intl.NumberFormat(locale);
    this.moments = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "medium", timeZone: "UTC" });
  }

  /** The sentence under this key, its blanks (`%(name)s`) filled. */
  say(key, values = {}) {
    return (this.words[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
  }

  number(value) {
    return this.numbers.format(value);
  }

  /** POSIX seconds as a moment; what no calendar can show, as the figure. */
  moment(seconds) {
    const date = new Date(Number(seconds) * 1000);
    return Number.isNaN(date.getTime()) ? String(seconds) : `${this.moments.format(date)} UTC`;
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
    const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
    return field.endsWith("_at") && !Number.isNaN(date) ? this.moment(Math.floor(date / 1000)) : text;
  }

  /** A line of a journal or a record: its parts, without salts and hashes, if it has parts. */
  line(step) {
    const text = this.value(step);
    try {
      const parts = JSON.parse(text.replace(/^[0-9a-f]{64} /, ""));
      const said = Object.values(parts).flat().filter((each) => typeof each !== "object" && each !== "");
      return said.filter((each) => !/^[0-9a-f]{64}$/.test(each)).join(" · ") || text;
    } catch {
      return text;
    }
  }

  /** A witness by the name that people know; else by that of its key. */
  party(name) {
    return this.words[`party_${name}`] ?? name.replace(/\/rules$/, "");
  }

  /** Title and sentence of a step. */
  step(step) {
    const values = {
      ...step,
      field: step.field === undefined ? "" : this.field(step.field),
      kind: step.kind === undefined ? "" : this.kind(step.kind),
      value: (step.value ?? step.binary) === undefined ? "" : this.value(step),
      at: step.at === undefined ? "" : this.moment(step.at),
      latest: step.latest === undefined ? "" : this.moment(step.latest),
    };
    for (const name of ["faults", "of", "signed", "size", "index", "hashes", "count", "shared"]) {
      if (typeof values[name] === "number" || typeof values[name] === "bigint") values[name] = this.number(values[name]);
    }
    return { title: this.say(`step_${step.name}`, values), sentence: this.say(step.code, values) };
  }
}
