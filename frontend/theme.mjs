// The theme of one deployment: a few colours in theme.json become the tokens that
// Designsystemet's components read, in light and in dark.
//
// Every scale has the same lightness steps in OKLCH (perceptual: equal numbers look equally
// light whatever the hue), so contrast holds for any colour somebody puts in theme.json;
// `assertContrast` proves it at build time against WCAG 2.2 AA (1.4.3: 4.5:1 for text,
// 1.4.11: 3:1 for the edges of controls).

// token -> [lightness, share of the colour's own chroma]
const LIGHT = {
  "background-default": [0.984, 0.3],
  "background-tinted": [0.968, 0.3],
  "surface-default": [1, 0],
  "surface-tinted": [0.957, 0.28],
  "surface-hover": [0.925, 0.4],
  "surface-active": [0.89, 0.5],
  "border-subtle": [0.86, 0.45],
  "border-default": [0.56, 0.9],
  "border-strong": [0.44, 1],
  "text-subtle": [0.42, 1],
  "text-default": [0.26, 0.75],
  "base-default": [0.42, 1],
  "base-hover": [0.355, 1],
  "base-active": [0.3, 0.9],
  "base-contrast-subtle": [0.93, 0.35],
  "base-contrast-default": [1, 0],
};
const DARK = {
  "background-default": [0.2, 0.3],
  "background-tinted": [0.235, 0.4],
  "surface-default": [0.24, 0.3],
  "surface-tinted": [0.29, 0.5],
  "surface-hover": [0.34, 0.55],
  "surface-active": [0.39, 0.6],
  "border-subtle": [0.38, 0.45],
  "border-default": [0.66, 0.75],
  "border-strong": [0.8, 0.7],
  "text-subtle": [0.82, 0.7],
  "text-default": [0.95, 0.25],
  "base-default": [0.8, 0.85],
  "base-hover": [0.86, 0.75],
  "base-active": [0.91, 0.5],
  "base-contrast-subtle": [0.27, 0.5],
  "base-contrast-default": [0.18, 0.4],
};
// The page behind everything: neutral carries it, all scales sit on it.
const SCALES = ["accent", "neutral", "highlight", "info", "success", "warning", "danger"];

const toLinear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const toGamma = (c) => (c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055);

/** sRGB hex to OKLCH (Ottosson 2020, https://bottosson.github.io/posts/oklab/). */
export function oklch(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => toLinear(parseInt(hex.slice(i, i + 2), 16) / 255));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const L = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  const A = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const B = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return [L, Math.hypot(A, B), Math.atan2(B, A)];
}

function linearRgb(L, C, H) {
  const A = C * Math.cos(H);
  const B = C * Math.sin(H);
  const l = (L + 0.3963377774 * A + 0.2158037573 * B) ** 3;
  const m = (L - 0.1055613458 * A - 0.0638541728 * B) ** 3;
  const s = (L - 0.0894841775 * A - 1.291485548 * B) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** OKLCH to the nearest sRGB hex of the same lightness and hue: chroma gives way. */
export function hex(L, C, H) {
  for (let chroma = C; ; chroma -= 0.002) {
    const rgb = linearRgb(L, Math.max(chroma, 0), H);
    if (chroma <= 0 || rgb.every((c) => c >= -0.0005 && c <= 1.0005)) {
      return "#" + rgb
        .map((c) => Math.round(255 * toGamma(Math.min(1, Math.max(0, c)))).toString(16).padStart(2, "0"))
        .join("");
    }
  }
}

/** WCAG 2.2 contrast ratio of two sRGB hex colours. */
export function contrast(a, b) {
  const luminance = (h) => {
    const [r, g, b_] = [1, 3, 5].map((i) => toLinear(parseInt(h.slice(i, i + 2), 16) / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b_;
  };
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}

function scale(colour, steps) {
  const [, C, H] = oklch(colour);
  return Object.fromEntries(Object.entries(steps).map(([k, [L, share]]) => [k, hex(L, C * share, H)]));
}

function assertContrast(name, tokens, page, mode) {
  const rules = [
    ["text-default", "surface-active", 4.5],
    ["text-default", "background-tinted", 7],
    ["text-subtle", "surface-default", 4.5],
    ["text-subtle", "surface-tinted", 4.5],
    ["text-subtle", "surface-hover", 4.5],
    ["border-default", "surface-default", 3],
    ["border-default", "surface-tinted", 3],
    ["base-contrast-default", "base-default", 4.5],
    ["base-contrast-default", "base-hover", 4.5],
  ];
  for (const [front, back, least] of rules) {
    for (const behind of new Set([tokens[back], page[back]])) {
      const got = front.startsWith("base") ? contrast(tokens[front], tokens[back]) : contrast(tokens[front], behind);
      if (got < least) throw new Error(`theme: ${mode} ${name} ${front} on ${back} (${behind}) has ${got.toFixed(2)}:1, needs ${least}:1`);
    }
  }
}

function block(colours, steps, mode) {
  const lines = [];
  const page = scale(colours.neutral, steps);
  for (const name of SCALES) {
    const tokens = scale(colours[name], steps);
    // One paper and one card surface for the whole page, whatever the colour of the part.
    tokens["background-default"] = page["background-default"];
    tokens["surface-default"] = page["surface-default"];
    assertContrast(name, tokens, page, mode);
    for (const [k, v] of Object.entries(tokens)) lines.push(`--ds-color-${name}-${k}:${v}`);
  }
  lines.push(`--ds-color-focus-inner:${mode === "light" ? "#ffffff" : page["background-default"]}`);
  lines.push(`--ds-color-focus-outer:${mode === "light" ? page["text-default"] : "#ffffff"}`);
  lines.push(`color-scheme:${mode}`);
  return lines.join(";");
}

/** The CSS of the theme: light, dark, and dark where the system asks for it. */
export function themeCss(colours) {
  const light = block(colours, LIGHT, "light");
  const dark = block(colours, DARK, "dark");
  const pick = SCALES.map((name) => {
    const selector = name === "accent" ? `:root,[data-color-scheme],[data-color=accent]` : `[data-color=${name}]`;
    return `${selector}{${Object.keys(LIGHT).map((k) => `--ds-color-${k}:var(--ds-color-${name}-${k})`).join(";")}}`;
  }).join("\n");
  return `@layer ds.theme{
:root,[data-color-scheme=light]{${light}}
[data-color-scheme=dark]{${dark}}
@media screen and (prefers-color-scheme:dark){[data-color-scheme=auto]{${dark}}}
${pick}
}`;
}
