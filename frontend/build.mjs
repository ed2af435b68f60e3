// Builds the styles, fonts, icons and scripts into the Python package, with the content's
// hash in every file name and a manifest that maps plain names to hashed ones.
//   node build.mjs           write
//   node build.mjs --check   fail if the committed output differs
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import subsetFont from "subset-font";
import { ICONS } from "./icons.mjs";
import { themeCss } from "./theme.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "../src/townhall/portal/static/portal");
const tests = path.join(here, "../src/townhall/portal/tests"); // axe is for tests, and not in the wheel
const modules = path.join(here, "node_modules");
const built = new Map(); // plain name -> [hashed name, bytes]

function add(name, content) {
  const bytes = Buffer.from(content);
  const { name: stem, ext } = path.parse(name);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  built.set(name, [`${stem}-${hash}${ext}`, bytes]);
  return `${stem}-${hash}${ext}`;
}

const range = (from, to) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i));

async function fonts() {
  const file = (name) => readFile(path.join(modules, "@fontsource-variable/inter/files", name));
  const latin = await file("inter-latin-wght-normal.woff2");
  add("inter-latin.woff2", latin);
  // Latin Extended-A and the Welsh letters with marks; the whole extended range would be 85 KB.
  const extra = range(0x100, 0x17f) + range(0x218, 0x21b) + range(0x1e80, 0x1e85) + range(0x1ef2, 0x1ef3);
  const ext = await file("inter-latin-ext-wght-normal.woff2");
  add("inter-latin-ext.woff2", await subsetFont(ext, extra, { targetFormat: "woff2" }));
}

async function icons() {
  const symbols = await Promise.all(
    Object.entries(ICONS).map(async ([name, source]) => {
      const svg = await readFile(path.join(modules, "lucide-static/icons", `${source}.svg`), "utf8");
      const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
      return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, " ").replace(/> </g, "><").trim()}</symbol>`;
    }),
  );
  add("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
  add("mark.svg", await readFile(path.join(here, "pictures/mark.svg")));
}

// "theme:css" is generated from theme.json; "font:…" becomes the hashed file beside the CSS.
const house = {
  name: "house",
  setup(build) {
    build.onResolve({ filter: /^theme:css$/ }, () => ({ path: "theme", namespace: "theme" }));
    build.onLoad({ filter: /.*/, namespace: "theme" }, async () => ({
      contents: themeCss(JSON.parse(await readFile(path.join(here, "theme.json"), "utf8"))),
      loader: "css",
    }));
    build.onResolve({ filter: /^font:/ }, ({ path: p }) => ({ path: built.get(p.slice(5))[0], external: true }));
  },
};

async function bundle(entry, name, options = {}) {
  const result = await esbuild.build({
    ...options,
    entryPoints: [path.join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    outfile: name,
    target: ["chrome111", "firefox114", "safari16.4"],
    legalComments: "none",
    plugins: [house],
    logLevel: "warning",
  });
  add(name, result.outputFiles[0].contents);
}

function licences() {
  return `Third-party parts in this folder
townhall.css, receipt-file.css
                  Designsystemet CSS, Copyright Digdir, MIT licence
inter-*.woff2     Inter, Copyright The Inter Project Authors, SIL Open Font License 1.1
icons.svg         Lucide, Copyright Lucide Contributors, ISC licence
htmx.js           htmx, Zero-Clause BSD licence
receipt.js        noble-hashes, noble-curves, noble-ed25519 and noble-post-quantum, Copyright Paul Miller,
                  MIT licence
`;
}

await fonts();
await icons();
await bundle("styles/main.css", "townhall.css");
await bundle("scripts/townhall.js", "townhall.js");
await bundle("scripts/receipt/main.js", "receipt.js", { format: "esm" }); // for one page, and for programs
await bundle("styles/receipt-file.css", "receipt-file.css"); // goes into the file that is kept beside a receipt
add("htmx.js", await readFile(path.join(modules, "htmx.org/dist/htmx.min.js")));

const files = new Map([...built.values()]);
const manifest = Object.fromEntries([...built].map(([plain, [hashed]]) => [plain, hashed]).sort());
files.set("manifest.json", Buffer.from(JSON.stringify(manifest, null, 1) + "\n"));
files.set("LICENCES.txt", Buffer.from(licences()));

const axe = await readFile(path.join(modules, "axe-core/axe.min.js"));

if (process.argv.includes("--check")) {
  const wrong = axe.equals(await readFile(path.join(tests, "axe.min.js"))) ? [] : ["axe.min.js"];
  const there = new Set(await readdir(out));
  for (const [name, bytes] of files) {
    if (!there.delete(name) || !bytes.equals(await readFile(path.join(out, name)))) wrong.push(name);
  }
  wrong.push(...there);
  if (wrong.length) {
    console.error(`Built files differ from the committed ones: ${wrong.join(", ")}. Run: npm run build`);
    process.exit(1);
  }
  console.log(`${files.size} built files equal the committed ones.`);
} else {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  for (const [name, bytes] of files) await writeFile(path.join(out, name), bytes);
  await writeFile(path.join(tests, "axe.min.js"), axe);
  for (const [name, bytes] of files) console.log(`${name}  ${bytes.length} B, ${gzipSync(bytes, { level: 9 }).length} B gzip`);
}
