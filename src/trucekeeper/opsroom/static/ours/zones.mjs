// Zones and lines of the agreement on a sheet: how far they were watched, whether the clause speaks of them, their names.
import { colour } from "/static/ours/map.mjs";
import { across, down, placed, turns } from "/static/ours/sheet.mjs";
import { worldOf } from "/static/ours/swarm.mjs";

const HATCH = 8; // pixels
const LINE = 14;
const FONT = `11px ${getComputedStyle(document.body).fontFamily}`;

// Hatching, as a picture that repeats: falling for what nobody observed, rising for where access was refused.
function hatched(pen, ink, falling) {
  const canvas = document.createElement("canvas");
  canvas.width = HATCH; canvas.height = HATCH;
  const line = canvas.getContext("2d");
  line.strokeStyle = ink;
  for (const shift of [-HATCH, 0, HATCH]) {
    line.beginPath();
    line.moveTo(shift, falling ? 0 : HATCH); line.lineTo(shift + HATCH, falling ? HATCH : 0);
    line.stroke();
  }
  return pen.createPattern(canvas, "repeat");
}

// How a zone is filled, by how it was watched: so that "not observed" differs from "quiet".
const FILLS = {
  watched: [["tint", 0.1]],
  partly: [["tint", 0.1], ["unobserved", 0.35]],
  unwatched: [["unobserved", 0.35]],
  refused: [["refused", 0.6]],
};

function lines({ type, coordinates }) {
  const whole = { Polygon: coordinates, MultiLineString: coordinates, LineString: [coordinates], Point: [[coordinates]], MultiPoint: [coordinates] };
  return whole[type] ?? coordinates.flat();
}

function shaped({ properties, geometry }) {
  const parts = lines(geometry).map((line) => line.map(([lon, lat]) => worldOf(lon, lat)));
  const longest = parts.reduce((one, other) => (other.length > one.length ? other : one));
  const middle = properties.sort === "zone" ? [0, 1].map((axis) => {
    const values = longest.map((corner) => corner[axis]);
    return (Math.min(...values) + Math.max(...values)) / 2;
  }) : longest[Math.floor(longest.length / 2)];
  return { ...properties, parts, middle };
}

export class Zones {
  constructor() { this.shapes = []; this.inks = null; }

  put(said) { this.shapes = said.features.map(shaped); }

  draw(pen, seen) {
    this.inks ??= { tint: colour("--open"), unobserved: hatched(pen, colour("--quiet"), true), refused: hatched(pen, colour("--contrary"), false) };
    const [left, top] = [across(seen, 0) % HATCH, down(seen, 0) % HATCH]; // the hatching stays where the land is
    for (const name of ["unobserved", "refused"]) this.inks[name].setTransform(new DOMMatrix([1, 0, 0, 1, left, top]));
    for (const shape of this.shapes) this.drawShape(pen, seen, shape);
    this.drawNames(pen, seen);
  }

  drawShape(pen, seen, shape) {
    const round = turns(seen, shape.middle[0]);
    pen.beginPath();
    for (const part of shape.parts) for (const [at, [x, y]] of part.entries()) pen[at ? "lineTo" : "moveTo"](across(seen, x + round), down(seen, y));
    for (const [ink, strength] of (shape.sort === "zone" && FILLS[shape.watch]) || []) {
      pen.globalAlpha = strength;
      pen.fillStyle = this.inks[ink];
      pen.fill("evenodd");
    }
    pen.globalAlpha = 1;
    pen.strokeStyle = shape.bound ? colour("--focus") : this.inks.tint;
    pen.lineWidth = shape.bound ? 3.5 : 1.2;
    pen.stroke();
  }

  // Names, each in the middle of its zone or a line beside it, where no other is yet.
  drawNames(pen, seen) {
    Object.assign(pen, { font: FONT, textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 4, strokeStyle: colour("--paper"), fillStyle: colour("--ink") });
    const written = [];
    for (const { id, middle: [x, y] } of this.shapes) {
      const [left, middle] = placed(seen, x, y);
      const half = pen.measureText(id).width / 2 + 2;
      const free = (top) => !written.some((one) => Math.abs(one.top - top) < LINE && Math.abs(one.left - left) < one.half + half);
      const top = [0, 1, -1].map((lines) => middle + lines * LINE).find(free);
      if (top === undefined) continue;
      written.push({ left, top, half });
      pen.strokeText(id, left, top);
      pen.fillText(id, left, top);
    }
  }
}
