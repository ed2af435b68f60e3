// The page: two files are chosen or dropped, or a code was read by a camera. All of it is read and
// judged here. Nothing is sent.
import { judgeCode, watchCodes } from "./codes.js";
import { LARGEST_HISTORY } from "./histories.js";
import { judge, trust } from "./judging.js";
import { headline, report } from "./report.js";
import { Teller } from "./telling.js";

const MOST_READ = 256 * 1024 + 1; // of a receipt: one byte more than a receipt can have

export function start(root) {
  const { words, policies, icons } = root.dataset;
  const page = {
    receipt: root.querySelector("[data-receipt] input"),
    document: root.querySelector("[data-document] input"),
    history: root.querySelector("[data-history] input"), // only the file that people keep asks for it
    headline: root.querySelector("[data-headline]"),
    report: root.querySelector("[data-report]"),
    eras: JSON.parse(policies),
    tell: new Teller(JSON.parse(words), document.documentElement.lang),
    icons,
    code: "", // what a camera read; a receipt that is chosen afterwards replaces it
    turn: 0,
  };
  const form = root.querySelector("form");
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    if (target.type === "file") answer(page); // what was typed was told already, key by key
  });
  for (const zone of form.querySelectorAll("[data-drop]")) acceptDrops(zone, page);
  // A file that misses its place must not replace the page.
  for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
  if (page.receipt.files.length) check(page); // the browser kept it over a reload
  watchCodes(root.querySelector("[data-code]"), async (code, { whole }) => {
    page.code = code;
    page.receipt.value = "";
    await (whole ? answer(page) : check(page));
  });
}

function acceptDrops(zone, page) {
  const over = (event) => {
    event.preventDefault();
    zone.toggleAttribute("data-over", event.type === "dragover");
  };
  zone.addEventListener("dragover", over);
  zone.addEventListener("dragleave", over);
  zone.addEventListener("drop", (event) => {
    over(event);
    event.stopPropagation();
    const files = [...event.dataTransfer.files];
    const own = zone.querySelector("input");
    for (const file of files) {
      // Both at once: each goes where it belongs.
      const place = files.length === 1 ? own : /\.json$/i.test(file.name) ? page.receipt : page.document;
      const given = new DataTransfer();
      given.items.add(file);
      place.files = given.files;
    }
    answer(page);
  });
}

/** Check, and take the reader to the answer: it may stand below the screen. */
async function answer(page) {
  await check(page);
  const title = page.headline.querySelector("h2");
  if (!title) return;
  title.focus({ preventScroll: true });
  const { top, bottom } = page.headline.getBoundingClientRect();
  if (top >= 0 && bottom <= innerHeight) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  page.headline.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}

async function check(page) {
  const turn = ++page.turn;
  const [file] = page.receipt.files;
  if (file) page.code = "";
  try {
    if (!file && !page.code) {
      const missing = await withoutReceipt(page);
      if (turn === page.turn) show(page, ...missing);
      return;
    }
    const [content, letter, history] = await Promise.all([
      file ? read(file.slice(0, MOST_READ)) : null,
      page.document.files.length ? read(page.document.files[0]) : null,
      page.history?.files.length ? read(page.history.files[0].slice(0, LARGEST_HISTORY + 1)) : null,
    ]);
    if (turn !== page.turn) return; // another file was chosen meanwhile
    const given = { document: letter, trusted: trust(page.eras, history) };
    const judged = content ? judge(content, given) : judgeCode(page.code, given);
    show(page, [headline(judged, page.tell)], report(judged, page.tell, page.icons));
  } catch (error) {
    const failed = { outcome: "unreadable", steps: [] };
    show(page, [headline(failed, page.tell)], []);
    throw error;
  }
}

/** What to show while there is no receipt: what is missing, if anything was chosen at all. */
async function withoutReceipt(page) {
  const [list] = page.history?.files ?? [];
  if (list) {
    const { policies, steps } = trust(page.eras, await read(list.slice(0, LARGEST_HISTORY + 1)));
    const judged = { outcome: policies ? "history_only" : "no_history", steps };
    return [[headline(judged, page.tell)], report(judged, page.tell, page.icons)];
  }
  const judged = { outcome: "letter_only", steps: [] };
  return page.document.files.length ? [[headline(judged, page.tell)], []] : [[], []];
}

const read = async (blob) => new Uint8Array(await blob.arrayBuffer());

function show(page, said, more) {
  page.headline.replaceChildren(...said);
  page.report.replaceChildren(...more);
  page.report.hidden = more.length === 0;
}
