// Small conveniences. Every page works without this file.

// htmx swapped a page in: say so to the reader, and put the focus where a page load would.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "main") return;
  const summary = document.querySelector(".ds-error-summary");
  const kept = document.querySelector("[data-keep-focus]");
  const start = summary || kept || document.querySelector("main h1");
  if (!start) return;
  if (!start.hasAttribute("tabindex")) start.setAttribute("tabindex", "-1");
  start.focus({ preventScroll: start === kept });
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
