// Incidents on a sheet: each by itself, as large as its place is in doubt, or as a cluster with how many it holds.
import { colour } from "/static/ours/map.mjs";
import { pixels, placed } from "/static/ours/sheet.mjs";
import { latOf } from "/static/ours/swarm.mjs";

const DOT = 6;
const LARGEST_DOUBT = 1000; // of more single ones no doubt is drawn: it would cover all
const NEAR = 2; // pixels beside a mark that still count as on it
const FONT = `12px ${getComputedStyle(document.body).fontFamily}`;

const short = (many) => (many < 1000 ? String(many) : many < 10000 ? `${(many / 1000).toFixed(1)}k` : `${Math.round(many / 1000)}k`);
const radius = ({ count }) => (count === 1 ? DOT : count < 50 ? 12 : count < 500 ? 17 : 23);

function disc(pen, [x, y], size) {
  pen.beginPath();
  pen.arc(x, y, size, 0, 2 * Math.PI);
}

export class Marks {
  constructor() { this.swarm = null; this.several = []; }

  // Draw of a swarm what is seen from here on.
  put(swarm, { x, y, wide, high, zoom, scale }) {
    this.swarm = swarm;
    this.several = swarm.seen({ x, y, wide: Math.min((wide / scale) * 0.75, 0.5), high: (high / scale) * 0.75, zoom });
  }

  // What lies under a point: the last that was drawn over it.
  under(seen, point) {
    return this.several.findLast((one) => {
      const [x, y] = placed(seen, one.x, one.y);
      return Math.hypot(x - point.x, y - point.y) <= radius(one) + NEAR;
    });
  }

  draw(pen, seen) {
    const single = this.several.filter((one) => one.count === 1);
    if (single.length <= LARGEST_DOUBT) for (const one of single) this.drawDoubt(pen, seen, one);
    for (const one of single) this.drawOne(pen, seen, one);
    Object.assign(pen, { font: FONT, textAlign: "center", textBaseline: "middle" });
    for (const one of this.several) if (one.count > 1) this.drawMany(pen, seen, one);
  }

  // Where that crosses a border, nobody can tell on which side it was: its edge is thick.
  drawDoubt(pen, seen, one) {
    disc(pen, placed(seen, one.x, one.y), pixels(seen, this.swarm.within[one.first], latOf(one.y)));
    pen.fillStyle = colour("--contrary");
    pen.globalAlpha = 0.08;
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = colour("--contrary");
    pen.lineWidth = this.swarm.border[one.first] ? 2 : 0.8;
    pen.stroke();
  }

  // By how far it is proven: hollow if alleged, thick if verified.
  drawOne(pen, seen, one) {
    const proof = this.swarm.levels[this.swarm.proof[one.first]];
    const ring = proof === "verified" ? 4 : 2;
    disc(pen, placed(seen, one.x, one.y), DOT + ring / 2);
    pen.fillStyle = colour(proof === "alleged" ? "--paper" : "--contrary");
    pen.fill();
    pen.strokeStyle = colour(this.swarm.border[one.first] ? "--cannot" : "--contrary");
    pen.lineWidth = ring;
    pen.stroke();
  }

  drawMany(pen, seen, one) {
    const [x, y] = placed(seen, one.x, one.y);
    disc(pen, [x, y], radius(one));
    pen.fillStyle = colour("--ink");
    pen.fill();
    pen.fillStyle = colour("--paper");
    pen.fillText(short(one.count), x, y);
  }
}
