// A place taken from a map: by a click, or by keyboard what lies under the cross. The form can be filled at once; the
// map comes when the browser has time for it.
const EARTH_M = 40075016.686;
const TILE = 512;
const ABOUT = 10; // pixels: nobody points more exactly
const css = getComputedStyle(document.documentElement);
const colour = (name) => css.getPropertyValue(name).trim();
const EMPTY = { type: "FeatureCollection", features: [] };

const metres = (map, lat) => (EARTH_M * Math.cos((lat * Math.PI) / 180)) / (TILE * 2 ** map.getZoom());

function bounds(zones) {
  const flat = (one) => (typeof one[0] === "number" ? [one] : one.flatMap(flat));
  const corners = zones.features.flatMap((one) => flat(one.geometry.coordinates));
  if (!corners.length) return [-20, -20, 60, 50];
  const [lons, lats] = [0, 1].map((at) => corners.map((one) => one[at]));
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

function take(map, box, lngLat) {
  const form = box.closest("form");
  const { lng, lat } = lngLat.wrap();
  const within = form.elements.within_m;
  const doubt = ABOUT * metres(map, lat);
  const fits = [...within.options].find((one) => Number(one.value) >= doubt) || within.options[within.options.length - 1];
  form.elements.place.value = `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
  within.value = fits.value;
  map.getSource("taken").setData({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [lng, lat] } });
  box.querySelector("[data-taken]").textContent = `${form.elements.place.value} (${fits.textContent})`;
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

async function begin() {
  const box = document.querySelector("[data-place]");
  if (!box) return;
  box.hidden = false;
  const [maplibre, answer] = await Promise.all([import("/static/vendor/maplibre-gl.mjs"), fetch(box.dataset.zones)]);
  maplibre.setWorkerUrl("/static/vendor/maplibre-gl-worker.mjs");
  const zones = answer.ok ? await answer.json() : EMPTY;
  const place = box.querySelector(".map");
  const map = new maplibre.Map({
    container: place,
    attributionControl: false,
    locale: { "Map.Title": place.dataset.says },
    bounds: bounds(zones),
    fitBoundsOptions: { padding: 20 },
    style: {
      version: 8,
      sources: { zones: { type: "geojson", data: zones }, taken: { type: "geojson", data: EMPTY } },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": colour("--raised") } },
        { id: "zone", type: "fill", source: "zones", filter: ["==", ["get", "sort"], "zone"], paint: { "fill-color": colour("--open"), "fill-opacity": 0.06 } },
        { id: "border", type: "line", source: "zones", paint: { "line-color": colour("--open"), "line-width": 1.2, "line-dasharray": [4, 2] } },
        { id: "zone-name", type: "symbol", source: "zones", layout: { "text-field": ["get", "id"], "text-size": 11 }, paint: { "text-color": colour("--open"), "text-halo-color": colour("--paper"), "text-halo-width": 1.5 } },
        { id: "taken", type: "circle", source: "taken", paint: { "circle-radius": ABOUT, "circle-opacity": 0.25, "circle-color": colour("--ink"), "circle-stroke-color": colour("--ink"), "circle-stroke-width": 2 } },
      ],
    },
  });
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.addControl(new maplibre.ScaleControl());
  map.on("click", (event) => take(map, box, event.lngLat));
  map.getCanvas().setAttribute("aria-describedby", "place-how");
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    take(map, box, map.getCenter());
  });
  map.on("load", () => { box.dataset.ready = "1"; });
}

const soon = window.requestIdleCallback || ((then) => setTimeout(then, 200));
soon(begin);
document.addEventListener("replaced", () => soon(begin));
