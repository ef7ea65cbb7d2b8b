// A map of the mission: the world, the agreed zones and lines, and layers that others add. It loads nothing from elsewhere.
import * as maplibre from "/static/vendor/maplibre-gl.mjs";

maplibre.setWorkerUrl("/static/vendor/maplibre-gl-worker.mjs");

const css = getComputedStyle(document.documentElement);
export const colour = (name) => css.getPropertyValue(name).trim();
export const EMPTY = { type: "FeatureCollection", features: [] };
export const collection = (features) => ({ type: "FeatureCollection", features });

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
export function reach(lon, lat, metres) {
  const ring = [];
  for (let step = 0; step <= 32; step += 1) {
    const angle = (step / 32) * 2 * Math.PI;
    const north = (metres * Math.cos(angle)) / 111195;
    const east = (metres * Math.sin(angle)) / (111195 * Math.max(Math.cos((lat * Math.PI) / 180), 0.01));
    ring.push([lon + east, lat + north]);
  }
  return { type: "Polygon", coordinates: [ring] };
}

// Hatching, as an image that repeats: `down` for what nobody observed, `up` for where access was refused.
function hatched(ink, down) {
  const side = 8;
  const canvas = document.createElement("canvas");
  canvas.width = side; canvas.height = side;
  const pen = canvas.getContext("2d");
  pen.strokeStyle = ink;
  for (const shift of [-side, 0, side]) {
    pen.beginPath();
    pen.moveTo(shift, down ? 0 : side); pen.lineTo(shift + side, down ? side : 0);
    pen.stroke();
  }
  return pen.getImageData(0, 0, side, side);
}

const watch = (...states) => ["in", ["get", "watch"], ["literal", states]];
const is_zone = ["==", ["get", "sort"], "zone"];
const bound = ["case", ["get", "bound"], 3.5, 1.2];

// Return a map in a box of the page; `layers` are drawn over the zones, from `sources`.
export function drawn(container, bounds, { sources = {}, layers = [] } = {}) {
  const map = new maplibre.Map({
    container,
    attributionControl: { compact: true },
    fadeDuration: 0,
    style: {
      version: 8,
      sources: { world: { type: "geojson", data: EMPTY, attribution: "Natural Earth" }, zones: { type: "geojson", data: EMPTY }, ...sources },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": colour("--paper") } },
        { id: "land", type: "fill", source: "world", paint: { "fill-color": colour("--raised"), "fill-outline-color": colour("--line") } },
        { id: "watched", type: "fill", source: "zones", filter: ["all", is_zone, watch("watched", "partly")], paint: { "fill-color": colour("--open"), "fill-opacity": 0.1, "fill-antialias": false } },
        { id: "unwatched", type: "fill", source: "zones", filter: ["all", is_zone, watch("unwatched", "partly")], paint: { "fill-pattern": "not-observed", "fill-opacity": 0.35, "fill-antialias": false } },
        { id: "refused", type: "fill", source: "zones", filter: ["all", is_zone, watch("refused")], paint: { "fill-pattern": "refused", "fill-opacity": 0.6, "fill-antialias": false } },
        { id: "border", type: "line", source: "zones", paint: { "line-color": ["case", ["get", "bound"], colour("--focus"), colour("--open")], "line-width": bound } },
        { id: "zone-name", type: "symbol", source: "zones", layout: { "text-field": ["get", "id"], "text-size": 11 }, paint: { "text-color": colour("--ink"), "text-halo-color": colour("--paper"), "text-halo-width": 2 } },
        ...layers,
      ],
    },
    bounds: bounds || [-20, -20, 60, 50],
    fitBoundsOptions: { padding: 30 },
  });
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.addControl(new maplibre.ScaleControl());
  map.on("style.load", () => { // before anybody gives it zones to draw
    map.addImage("not-observed", hatched(colour("--quiet"), true));
    map.addImage("refused", hatched(colour("--contrary"), false));
  });
  return map;
}

// The rest of the world is drawn once all that matters more is there.
export const drawWorld = async (map) => map.getSource("world").setData(await world());
