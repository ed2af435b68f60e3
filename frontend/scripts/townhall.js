// Small conveniences. Every page works without this file.

let keep = ""; // id of the control to return to, if the page was only drawn again

// An answer on which other questions hang: with script they appear at once.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!event.target.matches("[data-refresh]") || !form?.hasAttribute("hx-post") || !window.htmx) return;
  const mark = document.createElement("input");
  mark.type = "hidden";
  mark.name = "_refresh";
  mark.value = "1";
  form.append(mark);
  keep = event.target.id;
  form.requestSubmit();
  mark.remove();
});

// A press on the map: htmx sends a form without the point that was pressed, so it is put in.
document.addEventListener("click", (event) => {
  const picture = event.target;
  if (!picture.matches("input[type=image]") || !picture.form?.hasAttribute("hx-post") || !window.htmx) return;
  for (const [axis, at] of [["x", event.offsetX], ["y", event.offsetY]]) {
    const mark = document.createElement("input");
    mark.type = "hidden";
    mark.name = `${picture.name}.${axis}`;
    mark.value = Math.round(at);
    picture.form.append(mark);
  }
  keep = picture.closest("fieldset").querySelector("input[type=text]").id;
});

// Drawn again in place: the page does not jump to its top.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (keep) event.detail.swapOverride = "outerHTML show:none";
});

// htmx swapped a page in: put the focus where a page load would.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "main") return;
  const kept = keep && document.getElementById(keep);
  keep = "";
  const start = kept || document.querySelector(".ds-error-summary") || document.querySelector("main h1");
  if (!start) return;
  if (!kept && !start.hasAttribute("tabindex")) start.setAttribute("tabindex", "-1");
  start.focus({ preventScroll: Boolean(kept) });
});

// A full page came back with errors: read them first.
addEventListener("DOMContentLoaded", () => document.querySelector(".ds-error-summary")?.focus());

// The server takes a form once however often it is sent; this only calms the button.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-busy", "true");
});
// Back from the browser's memory: the form may be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});

// A choice of language or colours keeps what stands behind the #: a redirect takes it over, and no
// server sees it. Without this a receipt that a camera read would have to be read again.
document.addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action") === "/preferences") target.action = `/preferences${location.hash}`;
});
