// Clocks count down on the page, so that nobody asks the server for the time.
const started = performance.now();
const clocks = [...document.querySelectorAll("[data-left]")].map((place) => [place, Number(place.dataset.left)]);
const isolated = (figures) => `\u2066${figures}\u2069`; // stay in their order inside a sentence that is read from right to left
const parts = (seconds, several) => {
  const all = Math.abs(Math.trunc(seconds));
  const two = (value) => String(value).padStart(2, "0");
  const days = Math.trunc(all / 86400);
  const time = isolated(`${two(Math.trunc(all / 3600) % 24)}:${two(Math.trunc(all / 60) % 60)}:${two(all % 60)}`);
  return days ? several.replace("DAYS", days).replace("TIME", time) : time;
};
const tick = () => {
  for (const [place, left] of clocks) {
    const now = left - (performance.now() - started) / 1000;
    place.textContent = (now < 0 ? place.dataset.over : place.dataset.ahead).replace("TIME", parts(now, place.dataset.days));
  }
};
if (clocks.length) { tick(); setInterval(tick, 1000); }
