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

// What is being typed outlives a lost connection and a reload: <textarea data-keep="name">. It belongs to the place, not to
// the address that a refused form was answered at.
const place = location.pathname.split("/").slice(0, 3).join("/");
const keeper = name => `keep:${place}:${name}`;
const keep = element => localStorage.setItem(keeper(element.dataset.keep), element.value);
const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
function restore(root) {
  for (const element of root.querySelectorAll("[data-keep]")) {
    // Who typed before this script was there is not overwritten. What the browser brings back by itself may have been sent long ago.
    if (isNew && element.value !== element.defaultValue) { keep(element); continue; }
    const kept = localStorage.getItem(keeper(element.dataset.keep));
    if (kept !== null && kept !== element.value) { element.value = kept; element.classList.add("restored"); }
  }
}
// Only once the answer has come is what was typed let go; at once then, for the reader may leave before everything has loaded.
const letGo = name => localStorage.removeItem(keeper(name));
for (const answer of document.querySelectorAll("[data-saved]")) letGo(answer.dataset.saved);
const query = new URLSearchParams(location.search);
if (query.has("saved")) {
  letGo(query.get("saved"));
  history.replaceState(null, "", location.pathname + location.hash);
}
restore(document);
document.addEventListener("htmx:afterSwap", event => restore(event.target));
document.addEventListener("input", event => { if (event.target.matches("[data-keep]")) keep(event.target); });
// What another tab has kept is no longer to be sent from here, if it is the same.
addEventListener("storage", event => {
  for (const element of document.querySelectorAll("[data-keep]")) {
    if (event.key === keeper(element.dataset.keep) && event.newValue === null && element.value === event.oldValue) element.value = element.defaultValue;
  }
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});

// A form is sent once, and only while somebody is there to take it: else the browser would show its own error in place of the page.
const lost = document.getElementById("lost");
const notThere = () => {
  lost.hidden = false;
  said(german ? "Das kam nicht an. Nichts Getipptes ist verloren; versuch es gleich noch einmal."
    : "That did not arrive. Nothing you typed is lost; try again in a moment.");
};
document.addEventListener("submit", async event => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  const pressed = event.submitter;
  try {
    await fetch("/static/icon.svg", { cache: "no-store" });
    // A form that is sent by hand leaves out what the button itself says.
    if (pressed?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: pressed.name, value: pressed.value }));
    HTMLFormElement.prototype.submit.call(form);
  } catch {
    delete form.dataset.sending;
    notThere();
  }
});
for (const kind of ["htmx:sendError", "htmx:responseError"]) document.addEventListener(kind, event => {
  if (event.detail.elt.id !== "open") notThere();
});

// What changes is heard at /live. After a lost connection everything is asked for again: who knows what was missed.
let everOpen = false, waiting = null;
document.addEventListener("htmx:sseOpen", () => {
  clearTimeout(waiting);
  waiting = null;
  lost.hidden = true;
  if (everOpen) for (const part of document.querySelectorAll("[hx-trigger*='sse:changed']")) htmx.trigger(part, "sse:changed");
  everOpen = true;
});
document.addEventListener("htmx:sseError", () => { waiting ??= setTimeout(() => { lost.hidden = false; }, 4000); });

// Title and icon show on every page that something is open; a new case is said to those who do not see the page.
let known = null;
function mark() {
  const told = document.querySelector("#open [data-cases]");
  if (!told) return;
  const cases = Number(told.dataset.cases), title = document.title.replace(/^\(\d+\) /, "");
  document.title = cases ? `(${cases}) ${title}` : title;
  const icon = document.querySelector("link[rel=icon]");
  if (icon.getAttribute("href") !== told.dataset.icon) icon.setAttribute("href", told.dataset.icon);
  if (known !== null && cases > known) said(told.dataset.news);
  known = cases;
}
document.addEventListener("htmx:afterSwap", event => { if (event.target.id === "open") mark(); });
