// A form's draft stays on this device until it is sent, whatever becomes of the connection. Its nonce stays with it,
// so that what was sent and not answered is not put on record twice.
const form = document.querySelector("form[data-draft]");
const place = `draft:${form.dataset.draft}:${window.location.host}`;
const kept = JSON.parse(localStorage.getItem(place) || "null");
const fields = () => [...form.elements].filter((one) => one.name && one.name !== "csrfmiddlewaretoken" && one.type !== "file");
const told = form.querySelector("[data-drafted]");

if (kept && !form.querySelector(".errorlist")) {
  for (const one of fields()) {
    if (!(one.name in kept)) continue;
    if (one.type === "radio") one.checked = kept[one.name] === one.value;
    else if (one.type === "checkbox") one.checked = kept[one.name];
    else one.value = kept[one.name];
  }
  told.hidden = false;
}
form.addEventListener("input", () => {
  const said = {};
  for (const one of fields()) {
    if (one.type === "radio") { if (one.checked) said[one.name] = one.value; } else said[one.name] = one.type === "checkbox" ? one.checked : one.value;
  }
  localStorage.setItem(place, JSON.stringify(said));
  told.hidden = false;
});
// Files that are too many or too large are said before a weak line carries them.
const chooser = form.querySelector("[type=file]");
chooser?.addEventListener("change", () => {
  const { files, bytes, together, tooMuch } = chooser.dataset;
  const sizes = [...chooser.files].map((one) => one.size);
  const all = sizes.reduce((sum, one) => sum + one, 0);
  chooser.setCustomValidity(sizes.length > files || Math.max(0, ...sizes) > bytes || all > together ? tooMuch : "");
  chooser.reportValidity();
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button.first");
  button.disabled = true;
  try {
    const answer = await fetch(form.action || window.location.href, { method: "POST", body: new FormData(form), redirect: "follow" });
    if (answer.ok) { localStorage.removeItem(place); window.location.assign(answer.url); return; }
    if (answer.status === 413) { // nothing read it, so the form stays as it is
      told.hidden = false;
      told.textContent = await answer.text();
      button.disabled = false;
      return;
    }
    document.open(); document.write(await answer.text()); document.close();
  } catch {
    told.hidden = false;
    told.textContent = document.documentElement.lang === "ar" ? "لا اتصال: المسودة محفوظة على هذا الجهاز." : "No connection: the draft is kept on this device. Send it again later.";
    button.disabled = false;
  }
});
