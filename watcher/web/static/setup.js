// Comfort for the set-up; without it every page works, too.
"use strict";

// What is typed outlives going back and forth, but never a password. It counts only as long as the page still starts from the
// same value as then: what was sent and taken meanwhile wins.
const field = element => `setup:${location.pathname}:${element.name}`;
const isKept = element => element.matches("main input[type=text], main input[type=time], main select");
const begun = element => element.tagName === "SELECT" ? [...element.options].find(each => each.defaultSelected)?.value ?? "" : element.defaultValue;
const remember = element => sessionStorage.setItem(field(element), JSON.stringify({ from: begun(element), to: element.value }));
for (const element of document.querySelectorAll("main input, main select")) {
  if (!isKept(element)) continue;
  // Who typed before this script was there is not overwritten.
  if (isNew && element.value !== begun(element)) { remember(element); continue; }
  const kept = JSON.parse(sessionStorage.getItem(field(element)) || "null");
  if (kept && kept.from === begun(element) && kept.to !== element.value) element.value = kept.to;
}
document.addEventListener("input", event => { if (isKept(event.target)) remember(event.target); });

// A form that takes a while says so, and is not sent twice.
document.addEventListener("submit", event => {
  const form = event.target;
  if (!form.dataset.busy) return;
  const button = event.submitter || form.querySelector("button:not([type=button])");
  setTimeout(() => {
    for (const each of form.querySelectorAll("button")) each.disabled = true;
    button.dataset.words = button.textContent;
    button.textContent = form.dataset.busy;
  });
});
function ready() {
  for (const button of document.querySelectorAll("button:disabled")) {
    button.disabled = false;
    if (button.dataset.words) button.textContent = button.dataset.words;
  }
}
addEventListener("pageshow", ready);
// What did not arrive can be sent once more.
new MutationObserver(ready).observe(document.getElementById("lost"), { attributeFilter: ["hidden"] });

for (const button of document.querySelectorAll("[data-reveal]")) {
  const input = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const shows = input.type === "password";
    input.type = shows ? "text" : "password";
    button.setAttribute("aria-pressed", String(shows));
  });
}
