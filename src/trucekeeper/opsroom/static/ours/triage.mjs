// Single keys press what bears them, as long as nobody is writing: the keys stand on the buttons.
const WRITES = "input:not([type=hidden]), textarea, select";
const keys = document.querySelector("[data-keys]");
// On a keyboard of other letters the place of the key counts.
const named = ({ key, code }) => (/^[ -~]$/.test(key) ? key.toLowerCase() : key === "\u061f" ? "?" : code.replace(/^(Key|Digit)/, "").toLowerCase());
const bearing = (key) => document.querySelector(`[data-key="${CSS.escape(key === "l" ? "1" : key)}"]`);

// What cannot be done without words asks for them first; Enter in the field then does it.
function press(one) {
  const field = one.dataset.first && document.getElementById(one.dataset.first);
  if (field && !field.value.trim()) field.focus();
  else one.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.matches(WRITES)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = named(event);
  const one = key === "?" ? null : bearing(key);
  if (key === "?" && keys) keys.open = !keys.open;
  else if (one) press(one);
  else return;
  event.preventDefault();
});

// A form is sent once: the second press of a tired hand does nothing.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
document.querySelector("[data-triage] [aria-current=true]")?.scrollIntoView({ block: "nearest" });

// What comes meanwhile is told, and the page left as it is: nobody's hand is on another report than he believes.
const changed = document.querySelector("[data-changed]");
if (changed) {
  const stream = new EventSource(changed.dataset.changed);
  stream.addEventListener("report", () => { changed.hidden = false; });
}
