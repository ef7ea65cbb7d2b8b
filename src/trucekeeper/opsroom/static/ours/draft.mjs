// A form's draft stays on this device until it is sent, whatever becomes of the connection. Its nonce stays with it,
// so that what was sent and not answered is not put on record twice. A draft is its writer's: whoever signs in after
// him on the same device has another.
const fields = (form) => [...form.elements].filter((one) => one.name && one.name !== "csrfmiddlewaretoken" && one.type !== "file");

function said(form) {
  const found = {};
  for (const one of fields(form)) {
    if (one.type === "radio") { if (one.checked) found[one.name] = one.value; } else found[one.name] = one.type === "checkbox" ? one.checked : one.value;
  }
  return found;
}

function fill(form, kept) {
  for (const one of fields(form)) {
    if (!(one.name in kept)) continue;
    const more = one.closest("[data-more]");
    const before = one.type === "checkbox" || one.type === "radio" ? one.checked : one.value;
    if (one.type === "radio") one.checked = kept[one.name] === one.value;
    else if (one.type === "checkbox") one.checked = kept[one.name];
    else one.value = kept[one.name];
    const after = one.type === "checkbox" || one.type === "radio" ? one.checked : one.value;
    if (more && before !== after) more.open = true; // nothing is sent that its writer does not see
  }
}

// What the server answers to a form that it did not take stands in the page's place, with all that was typed.
function replace(text) {
  const answered = new DOMParser().parseFromString(text, "text/html").querySelector("main");
  if (!answered) return false;
  document.querySelector("main").replaceWith(document.adoptNode(answered));
  begin();
  document.dispatchEvent(new Event("replaced"));
  document.querySelector("main [aria-invalid], main [role=alert]")?.focus();
  return true;
}

// Files that are too many or too large are said before a weak line carries them.
function tooMuch(chooser) {
  const { files, bytes, together, tooMuch: says } = chooser.dataset;
  const sizes = [...chooser.files].map((one) => one.size);
  const all = sizes.reduce((sum, one) => sum + one, 0);
  chooser.setCustomValidity(sizes.length > files || Math.max(0, ...sizes) > bytes || all > together ? says : "");
  chooser.reportValidity();
}

function begin() {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const place = `draft:${form.dataset.draft}:${window.location.host}`;
  const told = form.querySelector("[data-drafted]");
  const says = told.textContent;
  const kept = JSON.parse(localStorage.getItem(place) || "null");
  if (kept && !form.querySelector(".errorlist")) { fill(form, kept); told.hidden = false; }
  form.addEventListener("input", () => {
    localStorage.setItem(place, JSON.stringify(said(form)));
    told.textContent = says;
    told.hidden = false;
  });
  const chooser = form.querySelector("[type=file]");
  chooser?.addEventListener("change", () => tooMuch(chooser));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button.first");
    button.disabled = true;
    localStorage.setItem(place, JSON.stringify(said(form)));
    try {
      const answer = await fetch(form.action || window.location.href, { method: "POST", body: new FormData(form), redirect: "follow" });
      if (answer.ok) { localStorage.removeItem(place); window.location.assign(answer.url); return; }
      const text = await answer.text();
      if (replace(text)) return;
      told.textContent = text; // nothing read it, so the form stays as it is
      told.hidden = false;
      button.disabled = false;
      return;
    } catch {
      // the connection is gone, and what was typed is not
    }
    told.hidden = false;
    told.textContent = told.dataset.offline;
    button.disabled = false;
  });
}

begin();
