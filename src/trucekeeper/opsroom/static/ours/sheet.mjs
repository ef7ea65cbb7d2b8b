// A sheet over a map, on which the browser draws what the mission knows: in letters of every script, and with no glyph
// to make or shader to compile first, which takes seconds where no graphics card helps.
import { worldOf } from "/static/ours/swarm.mjs";

const TILE = 512;
const EARTH_M = 40030200; // round a sphere of which a degree is 111,195 m

// Where a place of the world (0 to 1 each way) is on the sheet, in pixels; `turns` is how often round the world.
export const turns = (seen, x) => -Math.round(x - seen.x);
export const across = (seen, x) => (x - seen.x) * seen.scale + seen.wide / 2;
export const down = (seen, y) => (y - seen.y) * seen.scale + seen.high / 2;
export const placed = (seen, x, y) => [across(seen, x + turns(seen, x)), down(seen, y)];

// How many pixels so many metres are, at a latitude.
export const pixels = (seen, metres, lat) => (metres / (EARTH_M * Math.max(Math.cos((lat * Math.PI) / 180), 0.01))) * seen.scale;

export class Sheet {
  constructor(map, draw) {
    this.map = map;
    this.draw = draw;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "overlay";
    this.canvas.setAttribute("aria-hidden", "true"); // the list beside the map says the same
    this.pen = this.canvas.getContext("2d");
    map.getCanvasContainer().append(this.canvas);
    for (const event of ["move", "resize"]) map.on(event, () => this.redraw());
  }

  // What is seen: the middle of it in the world, and how large the world and the sheet are in pixels.
  seen() {
    const { lng, lat } = this.map.getCenter();
    const [x, y] = worldOf(lng, lat);
    const { clientWidth: wide, clientHeight: high } = this.map.getCanvas();
    const zoom = this.map.getZoom();
    return { x, y, wide, high, zoom, scale: TILE * 2 ** zoom };
  }

  redraw() {
    const seen = this.seen();
    const fine = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(seen.wide * fine), Math.round(seen.high * fine)];
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.pen.setTransform(fine, 0, 0, fine, 0, 0);
    this.pen.clearRect(0, 0, seen.wide, seen.high);
    this.draw(this.pen, seen);
  }
}
