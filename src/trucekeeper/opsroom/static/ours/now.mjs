// Now: map and timeline from the same columns, and the feed drawn anew when something changes.
import * as maplibre from "/static/vendor/maplibre-gl.mjs";

maplibre.setWorkerUrl("/static/vendor/maplibre-gl-worker.mjs");

const page = document.querySelector("[data-now]");
const css = getComputedStyle(document.documentElement);
const colour = (name) => css.getPropertyValue(name).trim();
const query = () => new URLSearchParams(new FormData(document.querySelector("form.filter"))).toString();
const with_ = (url) => `${url}?${query()}`;

async function world() {
  const answer = await fetch("/static/vendor/countries-50m.json");
  const atlas = await answer.json();
  const land = window.topojson.feature(atlas, atlas.objects.countries);
  const whole = (ring) => ring.length >= 4;
  for (const one of land.features) {
    const shape = one.geometry;
    if (shape.type === "Polygon") shape.coordinates = shape.coordinates.filter(whole);
    else shape.coordinates = shape.coordinates.map((rings) => rings.filter(whole)).filter((rings) => rings.length);
  }
  return land;
}

// A circle of metres as a polygon, so that a place is as large on the map as it is in doubt.
function reach(lon, lat, metres) {
  const ring = [];
  for (let step = 0; step <= 32; step += 1) {
    const angle = (step / 32) * 2 * Math.PI;
    const north = (metres * Math.cos(angle)) / 111195;
    const east = (metres * Math.sin(angle)) / (111195 * Math.max(Math.cos((lat * Math.PI) / 180), 0.01));
    ring.push([lon + east, lat + north]);
  }
  return { type: "Polygon", coordinates: [ring] };
}

const LARGEST_DOUBT = 2000;
function features(columns) {
  const { id, lat, lon, occurred, kind, within_m: within, reports } = columns;
  const points = id.map((name, at) => ({
    type: "Feature",
    properties: { id: name, occurred: occurred[at], kind: kind[at], within: within[at], reports: reports[at] },
    geometry: { type: "Point", coordinates: [lon[at], lat[at]] },
  }));
  const circles = id.length > LARGEST_DOUBT ? [] : id.map((name, at) => ({
    type: "Feature", properties: { id: name }, geometry: reach(lon[at], lat[at], within[at]),
  }));
  return [points, circles].map((several) => ({ type: "FeatureCollection", features: several }));
}

const EMPTY = { type: "FeatureCollection", features: [] };
const map = new maplibre.Map({
  container: page.querySelector(".map"),
  attributionControl: { compact: true },
  style: {
    version: 8,
    sources: {
      world: { type: "geojson", data: EMPTY, attribution: "Natural Earth" },
      zones: { type: "geojson", data: EMPTY },
      doubt: { type: "geojson", data: EMPTY },
      incidents: { type: "geojson", data: EMPTY, cluster: true, clusterRadius: 40, clusterMaxZoom: 11 },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colour("--paper") } },
      { id: "land", type: "fill", source: "world", paint: { "fill-color": colour("--raised"), "fill-outline-color": colour("--line") } },
      { id: "zone", type: "fill", source: "zones", filter: ["==", ["get", "sort"], "zone"], paint: { "fill-color": colour("--open"), "fill-opacity": 0.06 } },
      { id: "border", type: "line", source: "zones", paint: { "line-color": colour("--open"), "line-width": 1.2, "line-dasharray": [4, 2] } },
      { id: "zone-name", type: "symbol", source: "zones", layout: { "text-field": ["get", "id"], "text-size": 11 }, paint: { "text-color": colour("--open"), "text-halo-color": colour("--paper"), "text-halo-width": 1.5 } },
      { id: "doubt", type: "fill", source: "doubt", paint: { "fill-color": colour("--contrary"), "fill-opacity": 0.07, "fill-outline-color": colour("--contrary") } },
      { id: "many", type: "circle", source: "incidents", filter: ["has", "point_count"], paint: { "circle-color": colour("--ink"), "circle-opacity": 0.75, "circle-radius": ["step", ["get", "point_count"], 12, 50, 17, 500, 23] } },
      { id: "how-many", type: "symbol", source: "incidents", filter: ["has", "point_count"], layout: { "text-field": ["get", "point_count_abbreviated"], "text-size": 12 }, paint: { "text-color": colour("--paper") } },
      { id: "one", type: "circle", source: "incidents", filter: ["!", ["has", "point_count"]], paint: { "circle-radius": 6, "circle-color": ["match", ["get", "occurred"], "alleged", colour("--paper"), colour("--contrary")], "circle-stroke-color": colour("--contrary"), "circle-stroke-width": ["match", ["get", "occurred"], "verified", 4, 2] } },
    ],
  },
  bounds: JSON.parse(page.dataset.bounds) || [-20, -20, 60, 50],
  fitBoundsOptions: { padding: 30 },
});
map.addControl(new maplibre.NavigationControl({ showCompass: false }));
map.addControl(new maplibre.ScaleControl());

let times = null;
function drawTimes(several) {
  const place = page.querySelector(".times");
  const day = 86400;
  const days = new Map();
  for (const one of several) days.set(Math.floor(one / day), (days.get(Math.floor(one / day)) || 0) + 1);
  const first = Math.min(...days.keys());
  const last = Math.max(...days.keys());
  const x = [];
  const y = [];
  for (let at = first; at <= last; at += 1) { x.push(at * day); y.push(days.get(at) || 0); }
  const options = {
    width: place.clientWidth, height: 72, legend: { show: false }, cursor: { y: false }, padding: [4, 8, 0, 0],
    series: [{}, { stroke: colour("--ink"), fill: colour("--line"), paths: window.uPlot.paths.bars({ size: [0.8] }), points: { show: false } }],
    axes: [{ stroke: colour("--quiet"), grid: { show: false }, size: 22 }, { show: false }],
    hooks: { setSelect: [(plot) => chosen(plot)] },
  };
  if (times) times.destroy();
  times = several.length ? new window.uPlot(options, [x, y], place) : null;
}

function chosen(plot) {
  if (!plot.select.width) return;
  const at = (pixel) => new Date(plot.posToVal(pixel, "x") * 1000).toISOString().slice(0, 19) + "Z";
  const form = document.querySelector("form.filter");
  form.elements.since.value = at(plot.select.left);
  form.elements.until.value = at(plot.select.left + plot.select.width);
  form.requestSubmit();
}

let asked = 0;
async function draw() {
  asked += 1;
  const mine = asked;
  const answer = await fetch(with_(page.dataset.points));
  if (!answer.ok) return;
  const { points, times: several, all } = await answer.json();
  if (mine !== asked) return; // a later filter was asked meanwhile
  const [placed, doubt] = features(points);
  map.getSource("incidents").setData(placed);
  map.getSource("doubt").setData(doubt);
  document.querySelector("[data-count]").textContent = all.toLocaleString(document.documentElement.lang);
  document.querySelector("[data-placed]").textContent = points.id.length.toLocaleString(document.documentElement.lang);
  drawTimes(several);
  page.dataset.drawn = String(Number(page.dataset.drawn || 0) + 1);
}

async function drawFeed() {
  const answer = await fetch(with_(page.dataset.incidents));
  if (answer.ok) page.querySelector("[data-feed]").innerHTML = await answer.text();
}

map.on("load", async () => {
  map.getSource("world").setData(await world());
  map.getSource("zones").setData(await (await fetch(with_(page.dataset.zones))).json());
  await draw();
});
map.on("click", "one", (event) => {
  window.location.assign(page.dataset.incident.replace("NAME", encodeURIComponent(event.features[0].properties.id)) + window.location.search);
});
map.on("click", "many", async (event) => {
  const [lon, lat] = event.features[0].geometry.coordinates;
  const zoom = await map.getSource("incidents").getClusterExpansionZoom(event.features[0].properties.cluster_id);
  map.easeTo({ center: [lon, lat], zoom });
});
for (const layer of ["one", "many"]) {
  map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
}

if (page.dataset.live) {
  const stream = new EventSource(`${page.dataset.changes}?after=${page.dataset.last}`);
  const state = document.querySelector("[data-state]");
  let waiting = null;
  const soon = () => { waiting ??= setTimeout(async () => { waiting = null; await Promise.all([draw(), drawFeed()]); }, 150); };
  for (const sort of ["incident", "report", "standing"]) stream.addEventListener(sort, soon);
  stream.onopen = () => { state.textContent = state.dataset.open; };
  stream.onerror = () => { state.textContent = state.dataset.lost; };
}
