// Now: map, timeline and list, bound by one filter and one URL, and kept as new as the stream.
import { colour, drawLand, drawn } from "/static/ours/map.mjs";
import { Marks } from "/static/ours/marks.mjs";
import { Sheet } from "/static/ours/sheet.mjs";
import { Swarm, latOf, lonOf } from "/static/ours/swarm.mjs";
import { Zones } from "/static/ours/zones.mjs";

const page = document.querySelector("[data-now]");
const form = document.querySelector("form.filter");
const language = document.documentElement.lang;
const said = (many) => many.toLocaleString(language);
const FIELDS = ["kind", "proof", "by", "clause", "since", "until", "box"];

// ---- one filter, one URL ----
function query() {
  const all = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...all]) if (!value) all.delete(name);
  return all.toString();
}
const asking = (url) => { const all = query(); return all ? `${url}?${all}` : url; };

// Only the last of several questions counts, however late the others are answered.
const turns = {};
async function ask(name, url, read) {
  turns[name]?.abort();
  const mine = new AbortController();
  turns[name] = mine;
  try {
    const answer = await fetch(url, { signal: mine.signal });
    const body = await read(answer);
    return turns[name] === mine && answer.ok ? body : null;
  } catch (error) {
    if (error.name !== "AbortError") console.warn(error);
    return null;
  }
}
const json = (answer) => answer.json();
const text = (answer) => answer.text();

let first = ask("points", asking(page.dataset.points), json); // asked for while the map is still being made
const firstZones = ask("zones", asking(page.dataset.zones), json);

// ---- the map ----
const map = drawn(page.querySelector(".map"), JSON.parse(page.dataset.bounds));
const zones = new Zones();
const marks = new Marks();
const sheet = new Sheet(map, (pen, seen) => { zones.draw(pen, seen); marks.draw(pen, seen); });
let swarm = null;

function drawSeen() {
  if (!swarm) return;
  marks.put(swarm, sheet.seen());
  sheet.redraw();
  page.dataset.seen = String(marks.several.length);
}

function drawn_() {
  document.querySelector("[data-count]").textContent = said(swarm.size);
  document.querySelector("[data-placed]").textContent = said(swarm.placed);
  drawSeen();
  drawTimes();
  page.dataset.drawn = String(Number(page.dataset.drawn || 0) + 1);
}

// ---- the timeline, and its brush ----
let times = null;
const DAY = 86400;
const STEPS = [1, 2, 7, 14, 28, 91, 182, 364].map((days) => days * DAY); // a day has no name that all languages share: 05-14
const written = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
function drawTimes() {
  const place = page.querySelector(".times");
  const days = swarm.days();
  times?.destroy();
  times = null;
  page.querySelector(".brush").hidden = days.size < 2;
  if (!days.size) return;
  let begins = Infinity;
  let ends = -Infinity;
  for (const day of days.keys()) { begins = Math.min(begins, day); ends = Math.max(ends, day); }
  const x = [];
  const y = [];
  for (let at = begins; at <= ends; at += DAY) { x.push(at); y.push(days.get(at) || 0); }
  times = new window.uPlot({
    width: place.clientWidth, height: 72, legend: { show: false }, cursor: { y: false }, padding: [4, 20, 0, 20],
    tzDate: (seconds) => window.uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    scales: { x: { range: () => [begins, ends + DAY] } },
    series: [{}, { stroke: colour("--ink"), fill: colour("--line"), paths: window.uPlot.paths.bars({ size: [0.9], align: 1 }), points: { show: false } }],
    axes: [{ stroke: colour("--quiet"), grid: { show: false }, ticks: { size: 4 }, gap: 2, size: 24, space: 60, incrs: STEPS, values: (_plot, days_) => days_.map((day) => written(day).slice(5, 10)) }, { show: false }],
    hooks: { setSelect: [(plot) => { if (plot.select.width) choose({ since: written(plot.posToVal(plot.select.left, "x")), until: written(plot.posToVal(plot.select.left + plot.select.width, "x")) }); }] },
  }, [x, y], place);
  brushes.begins = begins;
  for (const one of Object.values(brushes.ends)) one.max = String((ends - begins) / DAY + 1);
  brushes.ends.since.value = "0";
  brushes.ends.until.value = brushes.ends.until.max;
  brushed();
}

const brushes = { begins: 0, ends: Object.fromEntries([...page.querySelectorAll("[data-brush]")].map((one) => [one.dataset.brush, one])) };
const brushedAt = (name) => written(brushes.begins + Number(brushes.ends[name].value) * DAY);
function brushed() {
  page.querySelector("[data-brushed]").textContent = `${brushedAt("since").slice(0, 10)} – ${brushedAt("until").slice(0, 10)}`;
}
for (const [name, one] of Object.entries(brushes.ends)) {
  one.addEventListener("input", brushed);
  one.addEventListener("change", () => choose({ [name]: brushedAt(name) }));
}

// ---- asking for all of it ----
async function drawAll() {
  const told = await (first || ask("points", asking(page.dataset.points), json));
  first = null;
  if (!told) return null;
  swarm = new Swarm(told);
  drawn_();
  return told.number;
}
async function drawFeed() {
  const html = await ask("feed", asking(page.dataset.incidents), text);
  if (html !== null) page.querySelector("[data-feed]").innerHTML = html;
}
async function drawWatching() {
  const [html] = await Promise.all([ask("watched", asking(page.dataset.watched), text), drawZones(ask("zones", asking(page.dataset.zones), json))]);
  if (html !== null) page.querySelector("[data-watching]").innerHTML = html;
}
async function drawZones(asked) {
  const told = await asked;
  if (!told) return;
  zones.put(told);
  sheet.redraw();
}
const drawEverything = () => Promise.all([drawAll(), drawFeed(), drawWatching()]);

// ---- the filter changes ----
function choose(fields) {
  for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
  history.pushState(null, "", asking(page.dataset.page));
  return drawEverything();
}
form.addEventListener("submit", (event) => { event.preventDefault(); choose({}); });
for (const one of form.querySelectorAll("select")) one.addEventListener("change", () => choose({}));
document.querySelector("[data-clear]").addEventListener("click", (event) => {
  event.preventDefault();
  choose(Object.fromEntries(FIELDS.map((name) => [name, ""])));
});
window.addEventListener("popstate", () => {
  const all = new URLSearchParams(window.location.search);
  for (const name of FIELDS) form.elements[name].value = all.get(name) || "";
  drawEverything();
});
page.querySelector("[data-feed]").addEventListener("click", async (event) => {
  const more = event.target.closest("[data-more]");
  if (!more) return;
  event.preventDefault();
  const html = await ask("more", page.dataset.incidents + more.getAttribute("href").slice(more.getAttribute("href").indexOf("?")), text);
  if (html === null) return;
  const next = document.createElement("template");
  next.innerHTML = html;
  const list = page.querySelector("[data-feed] ol");
  const begins = next.content.querySelector("li a");
  list.append(...next.content.querySelectorAll("li"));
  const again = next.content.querySelector("[data-more]");
  if (again) more.replaceWith(again); else more.remove();
  begins?.focus();
});

// ---- the map answers ----
const begun = drawAll();
Promise.all([begun, drawZones(firstZones), map.once("load")]).then(() => { page.dataset.usable = "1"; drawLand(map); });
map.on("moveend", () => { drawSeen(); page.dataset.moved = String(Number(page.dataset.moved || 0) + 1); });
map.on("mousemove", (event) => { map.getCanvas().style.cursor = marks.under(sheet.seen(), event.point) ? "pointer" : ""; });
map.on("click", (event) => {
  const one = marks.under(sheet.seen(), event.point);
  if (one?.count === 1) show(`i-${swarm.key[one.first]}`);
  else if (one) narrow([lonOf(one.west), latOf(one.south), lonOf(one.east), latOf(one.north)]);
});
function show(name) {
  window.location.assign(page.dataset.incident.replace("NAME", encodeURIComponent(name)) + (form.elements.at ? `?at=${encodeURIComponent(form.elements.at.value)}` : ""));
}
function narrow([west, south, east, north]) {
  map.fitBounds([[west, south], [east, north]], { padding: 60, maxZoom: 16 });
  const [least, most] = [(value) => Math.floor(value * 1e5) / 1e5, (value) => Math.ceil(value * 1e5) / 1e5];
  choose({ box: [least(west), least(south), most(east), most(north)].join(",") });
  page.querySelector("[data-feed]").focus();
}

// ---- live ----
const moment = (name) => (form.elements[name].value ? Date.parse(form.elements[name].value) / 1000 : null);
function wanted(one) {
  const { kind, proof, by } = form.elements;
  if ((kind.value && one.kind !== kind.value) || (proof.value && one.proof !== proof.value) || (by.value && one.by !== by.value)) return false;
  if ((moment("since") !== null && one.latest < moment("since")) || (moment("until") !== null && one.earliest > moment("until"))) return false;
  if (!form.elements.box.value) return true;
  if (one.lat === null) return false;
  const [west, south, east, north] = form.elements.box.value.split(",").map((value) => Number(value) * 1e7);
  const across = west <= east ? one.lon >= west && one.lon <= east : one.lon >= west || one.lon <= east;
  return across && one.lat >= south && one.lat <= north;
}

function list(name, html, shown) {
  const feed = page.querySelector("[data-feed]");
  feed.querySelector(`[data-incident="${CSS.escape(name)}"]`)?.remove();
  if (!shown) return;
  const next = document.createElement("template");
  next.innerHTML = html;
  const line = next.content.querySelector("li");
  line.dataset.new = "1";
  const ol = feed.querySelector("ol");
  if (!ol) { feed.replaceChildren(document.createElement("ol")); feed.firstChild.append(line); return; }
  const after = [...ol.children].find((one) => Number(one.dataset.latest) < Number(line.dataset.latest));
  if (after) after.before(line); else if (!feed.querySelector("[data-more]")) ol.append(line);
}

let waiting = null;
const soon = () => { waiting ??= requestAnimationFrame(() => { waiting = null; if (swarm) drawn_(); }); };
function changed(event) {
  const one = JSON.parse(event.data);
  const shown = one.drawn !== null && wanted(one.drawn);
  swarm?.put(Number(one.name.slice(2)), shown ? one.drawn : null);
  list(one.name, one.html, shown);
  soon();
}

const number = await begun;
if (page.dataset.live && number !== null) {
  const stream = new EventSource(`${page.dataset.changes}?after=${number}`);
  const state = document.querySelector("[data-state]");
  let later = null;
  stream.addEventListener("incident", changed);
  stream.addEventListener("watched", () => { later ??= setTimeout(() => { later = null; drawWatching(); }, 1000); });
  stream.addEventListener("anew", drawEverything);
  stream.onopen = () => { state.textContent = state.dataset.open; };
  stream.onerror = () => { state.textContent = state.dataset.lost; };
  if (page.dataset.late) setInterval(drawEverything, 600000); // what is withheld for hours is shown without an event
}
