"use strict";
// A file that is dropped anywhere on the page is as good as one that was chosen; the browser would open it instead.
for (const form of document.querySelectorAll("[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const brings = event => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  for (const kind of ["dragenter", "dragover"]) document.addEventListener(kind, event => { if (brings(event)) { event.preventDefault(); form.classList.add("over"); } });
  for (const kind of ["dragleave", "drop"]) document.addEventListener(kind, event => { if (kind === "drop" || !event.relatedTarget) form.classList.remove("over"); });
  document.addEventListener("drop", event => {
    if (!brings(event)) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    form.scrollIntoView({ block: "nearest" });
    form.querySelector("button").focus();
  });
}
// The step that the address names is shown open.
const named = location.hash && document.getElementById(location.hash.slice(1));
if (named) { const details = named.querySelector("details"); if (details) details.open = true; named.scrollIntoView(); }
