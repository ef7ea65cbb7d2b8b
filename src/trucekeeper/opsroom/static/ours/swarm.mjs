// A swarm: very many incidents as columns of numbers, and what of them a map draws at a time: single ones, or clusters
// of those that lie within a square of the screen. Clusters are counted anew for each view, in milliseconds.
const E7 = 1e7;
const SQUARE = 56; // pixels
const SINGLE_FROM = 15; // from this zoom on, only what lies in one place is drawn together

export const lonOf = (x) => x * 360 - 180;
const xOf = (lon) => (lon + 180) / 360;
const yOf = (lat) => {
  const sin = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
};

export class Swarm {
  constructor(said) {
    this.names = said.kinds;
    this.levels = said.proofs;
    for (const column of ["key", "kind", "proof", "lat", "lon", "within", "latest", "reports", "border"]) this[column] = said[column];
    this.at = new Map(this.key.map((key, at) => [key, at]));
    this.gone = new Set();
    const size = this.key.length;
    this.x = new Float64Array(size + 1024);
    this.y = new Float64Array(size + 1024);
    for (let at = 0; at < size; at += 1) this.place(at);
  }

  get size() { return this.key.length - this.gone.size; }

  get placed() { let found = 0; for (let at = 0; at < this.key.length; at += 1) if (this.lat[at] !== null && !this.gone.has(at)) found += 1; return found; }

  place(at) {
    if (at >= this.x.length) {
      for (const axis of ["x", "y"]) { const wider = new Float64Array(at * 2); wider.set(this[axis]); this[axis] = wider; }
    }
    this.x[at] = this.lat[at] === null ? NaN : xOf(this.lon[at] / E7);
    this.y[at] = this.lat[at] === null ? NaN : yOf(this.lat[at] / E7);
  }

  // Have an incident be as it is told, or be there no more.
  put(key, told) {
    const at = this.at.get(key) ?? this.key.length;
    if (told === null) { if (this.at.has(key)) this.gone.add(at); return; }
    const index = (names, name) => (names.includes(name) ? names.indexOf(name) : names.push(name) - 1);
    const row = { ...told, key, kind: index(this.names, told.kind), proof: index(this.levels, told.proof) };
    for (const column of ["key", "kind", "proof", "lat", "lon", "within", "latest", "reports", "border"]) this[column][at] = row[column];
    this.at.set(key, at);
    this.gone.delete(at);
    this.place(at);
  }

  // Return what is drawn in a view: its middle and its size in world squares (0 to 1), at a zoom.
  seen({ x: midX, y: midY, wide, high, zoom }) {
    const side = zoom >= SINGLE_FROM ? 1e-9 : SQUARE / (512 * 2 ** zoom);
    const cells = new Map();
    for (let at = 0; at < this.key.length; at += 1) {
      const dy = this.y[at] - midY;
      if (!(Math.abs(dy) <= high)) continue; // also whatever has no place
      let dx = this.x[at] - midX;
      dx -= Math.round(dx); // the world is round
      if (Math.abs(dx) > wide || this.gone.has(at)) continue;
      const x = dx + midX;
      const y = this.y[at];
      const cell = Math.floor(x / side) * 67108864 + Math.floor(y / side);
      const found = cells.get(cell);
      if (found === undefined) { cells.set(cell, { first: at, count: 1, x, y, west: x, east: x, north: y, south: y }); continue; }
      found.count += 1; found.x += x; found.y += y;
      if (x < found.west) found.west = x; else if (x > found.east) found.east = x;
      if (y < found.north) found.north = y; else if (y > found.south) found.south = y;
    }
    return [...cells.values()].map((one) => ({ ...one, x: one.x / one.count, y: one.y / one.count }));
  }

  // Return how many there are on each day, by the first second of the day.
  days() {
    const found = new Map();
    for (let at = 0; at < this.key.length; at += 1) {
      if (this.gone.has(at)) continue;
      const day = Math.floor(this.latest[at] / 86400) * 86400;
      found.set(day, (found.get(day) || 0) + 1);
    }
    return found;
  }
}

export const latOf = (y) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
export const worldOf = (lon, lat) => [xOf(lon), yOf(lat)];
