// Small helpers for every page. Without them the pages still work; they are only less comfortable.
"use strict";

const german = document.documentElement.lang === "de";
const said = words => { document.getElementById("said").textContent = words; };

// Countdown: <time data-countdown datetime="..."> shows how long it still is, in the two largest units.
function span(milliseconds) {
  const minutes = Math.max(Math.floor(milliseconds / 60000), 0);
  const days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24, rest = minutes % 60;
  if (days > 0) return german ? `${days} T ${hours} Std.` : `${days} d ${hours} h`;
  if (hours > 0) return german ? `${hours} Std. ${rest} Min.` : `${hours} h ${rest} min`;
  return `${rest} ${german ? "Min." : "min"}`;
}
function count() {
  for (const element of document.querySelectorAll("time[data-countdown]")) {
    const left = new Date(element.dateTime) - Date.now();
    element.classList.toggle("over", left <= 0);
    element.textContent = left > 0 ? (german ? `noch ${span(left)}` : `${span(left)} left`)
      : (german ? `seit ${span(-left)} vorbei` : `over for ${span(-left)}`);
  }
}
count();
setInterval(count, 10000);
document.addEventListener("htmx:afterSwap", count);

document.addEventListener("click", async event => {
  const copier = event.target.closest("[data-copy]");
  if (copier) {
    const from = document.getElementById(copier.dataset.copy);
    try {
      await navigator.clipboard.writeText("value" in from ? from.value : from.textContent);
      copier.classList.add("done");
      said(german ? "Kopiert." : "Copied.");
      setTimeout(() => copier.classList.remove("done"), 2500);
    } catch {
      from.focus();
      if (from.select) from.select();
      said(german ? "Markiert. Kopiere mit Strg+C." : "Selected. Copy with Ctrl+C.");
    }
  }
  if (event.target.closest("[data-back]")) { event.preventDefault(); history.back(); }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});

// What is being typed outlives a lost connection and a reload: <textarea data-keep="name">.
const keeper = element => `keep:${location.pathname}:${element.dataset.keep}`;
function restore(root) {
  for (const element of root.querySelectorAll("[data-keep]")) {
    const kept = localStorage.getItem(keeper(element));
    if (kept !== null && kept !== element.value) { element.value = kept; element.classList.add("restored"); }
  }
}
restore(document);
document.addEventListener("htmx:afterSwap", event => restore(event.target));
document.addEventListener("input", event => {
  if (event.target.matches("[data-keep]")) localStorage.setItem(keeper(event.target), event.target.value);
});
document.addEventListener("submit", event => {
  const form = event.target;
  for (const element of form.querySelectorAll("[data-keep]")) form.dataset.sent = "1";
});
// Only once the answer has come is what was typed let go.
addEventListener("pageshow", () => {
  if (new URLSearchParams(location.search).has("saved")) {
    const name = new URLSearchParams(location.search).get("saved");
    localStorage.removeItem(`keep:${location.pathname}:${name}`);
    for (const element of document.querySelectorAll(`[data-keep]`)) if (element.dataset.keep === name) element.value = element.defaultValue;
    history.replaceState(null, "", location.pathname);
  }
});
for (const kind of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(kind, () => said(german ? "Das kam nicht an. Nichts Getipptes ist verloren; versuch es gleich noch einmal."
    : "That did not arrive. Nothing you typed is lost; try again in a moment."));
}
