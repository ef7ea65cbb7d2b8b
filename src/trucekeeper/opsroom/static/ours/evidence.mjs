// Evidence large, over the page: by click or Enter, on with the arrow keys, away with Escape. Without this the links
// lead to the same pictures.
const viewer = document.querySelector("[data-viewer]");
const links = [...document.querySelectorAll("a[data-large]")];
const [picture, original, told] = ["img", "a", "[role=status]"].map((one) => viewer.querySelector(one));
let at = 0;

function show(number) {
  at = (number + links.length) % links.length;
  const small = links[at].querySelector("img");
  told.textContent = small.alt;
  picture.alt = small.alt;
  picture.src = links[at].href;
  original.href = links[at].parentElement.querySelector("a[download]").href;
}

links.forEach((link, number) => link.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(number);
  viewer.showModal();
}));
const onward = () => (document.body.dir === "rtl" ? -1 : 1);
viewer.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight") show(at + onward());
  if (event.key === "ArrowLeft") show(at - onward());
});
for (const button of viewer.querySelectorAll("[data-step]")) button.addEventListener("click", () => show(at + Number(button.dataset.step)));
viewer.querySelector("[data-close]").addEventListener("click", () => viewer.close());
viewer.addEventListener("close", () => { picture.removeAttribute("src"); links[at].focus(); });
