// As known at: the slider writes the exact moment into the field beside it, and the end of it is now.
const form = document.querySelector("form[data-known]");
const slider = form.querySelector("[data-slider]");
const field = form.elements.at;
const DAY = 86400;

slider.addEventListener("input", () => {
  const now = Number(slider.value) + Number(slider.step) > Number(slider.max);
  field.value = now ? "" : `${new Date(Number(slider.value) * 1000).toISOString().slice(0, 19)}Z`;
  slider.setAttribute("aria-valuetext", field.value || field.placeholder);
});
slider.addEventListener("change", () => form.requestSubmit());
// An arrow is a minute, with Shift an hour, a page is a day: which goes to the server once the key is let go.
let held = false;
slider.addEventListener("keydown", (event) => {
  const sign = { ArrowLeft: -1, ArrowDown: -1, PageDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 1 }[event.key];
  if (!sign) return;
  event.preventDefault();
  const flipped = document.body.dir === "rtl" && event.key.startsWith("Arrow") && ["ArrowLeft", "ArrowRight"].includes(event.key) ? -sign : sign;
  slider.value = String(Number(slider.value) + flipped * (event.key.startsWith("Page") ? DAY : event.shiftKey ? 3600 : 60));
  slider.dispatchEvent(new Event("input"));
  held = true;
});
slider.addEventListener("keyup", () => { if (held) { held = false; slider.dispatchEvent(new Event("change")); } });
// Another page of the same filter, chosen without leaving the page, is kept as well.
form.addEventListener("submit", () => {
  for (const one of form.querySelectorAll("input[type=hidden]")) one.remove();
  for (const [name, value] of new URLSearchParams(window.location.search)) {
    if (name === "at" || name === "below") continue;
    const kept = document.createElement("input");
    Object.assign(kept, { type: "hidden", name, value });
    form.append(kept);
  }
  if (!field.value) field.disabled = true;
});
