// The map under what the mission knows: sea and land, and how one moves on it. It loads nothing from elsewhere.
import * as maplibre from "/static/vendor/maplibre-gl.mjs";

maplibre.setWorkerUrl("/static/vendor/maplibre-gl-worker.mjs");

const css = getComputedStyle(document.documentElement);
const inks = {};
export const colour = (name) => { inks[name] ??= css.getPropertyValue(name).trim(); return inks[name]; };

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

// Return a map in a box of the page, of the sea alone: it turns and tilts not, so that a sheet lies on it flat.
export function drawn(container, bounds) {
  const map = new maplibre.Map({
    container,
    attributionControl: { compact: true },
    dragRotate: false,
    touchPitch: false,
    pitchWithRotate: false,
    style: { version: 8, sources: {}, layers: [{ id: "sea", type: "background", paint: { "background-color": colour("--paper") } }] },
    bounds: bounds || [-20, -20, 60, 50],
    fitBoundsOptions: { padding: 30 },
  });
  map.keyboard.disableRotation();
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.addControl(new maplibre.ScaleControl());
  return map;
}

// The land is drawn once all that matters more is there.
export async function drawLand(map) {
  map.addSource("world", { type: "geojson", data: await world(), attribution: "Natural Earth" });
  map.addLayer({ id: "land", type: "fill", source: "world", paint: { "fill-color": colour("--raised"), "fill-outline-color": colour("--line") } });
}
