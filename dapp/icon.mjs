// Draws the app's icon as PNG: a stamp with perforated edges and a Z on it.

import { crc32, deflateSync } from "node:zlib";

const GREEN = [20, 80, 63];
const PAPER = [246, 243, 236];
const HOLES = 5;
const SAMPLES = 4;

// `inset` is how much room is left around the stamp, as a part of the size: masks cut into it.
export function icon(size, inset) {
  const rows = [];
  for (let y = 0; y < size; y += 1) {
    const row = Buffer.alloc(1 + size * 4);
    for (let x = 0; x < size; x += 1) paint(row, 1 + x * 4, x, y, size, inset);
    rows.push(row);
  }
  return png(size, Buffer.concat(rows));
}

// A pixel is the mean of some points in it, so that edges are smooth.
function paint(row, at, x, y, size, inset) {
  const sum = [0, 0, 0, 0];
  for (let n = 0; n < SAMPLES * SAMPLES; n += 1) {
    const u = (x + ((n % SAMPLES) + 0.5) / SAMPLES) / size;
    const v = (y + (Math.floor(n / SAMPLES) + 0.5) / SAMPLES) / size;
    const point = colour(scaled(u, inset), scaled(v, inset), inset > 0);
    for (let part = 0; part < 3; part += 1) sum[part] += point[part] * point[3];
    sum[3] += point[3];
  }
  for (let part = 0; part < 3; part += 1) row[at + part] = sum[3] ? sum[part] / sum[3] : 0;
  row[at + 3] = (sum[3] / (SAMPLES * SAMPLES)) * 255;
}

function scaled(value, inset) {
  return (value - inset) / (1 - 2 * inset);
}

function colour(u, v, hasGround) {
  const ground = [...PAPER, hasGround ? 1 : 0];
  const margin = 0.06;
  const [a, b] = [(u - margin) / (1 - 2 * margin), (v - margin) / (1 - 2 * margin)];
  if (a < 0 || a > 1 || b < 0 || b > 1 || isHole(a, b)) return ground;
  return isLetter(u, v) ? [...PAPER, 1] : [...GREEN, 1];
}

function isHole(a, b) {
  const step = 1 / HOLES;
  const radius = step * 0.27;
  const near = (value) => (Math.floor(value / step) + 0.5) * step;
  const edges = [[near(a), 0], [near(a), 1], [0, near(b)], [1, near(b)]];
  return edges.some(([x, y]) => Math.hypot(a - x, b - y) < radius);
}

function isLetter(u, v) {
  if (u < 0.31 || u > 0.69 || v < 0.29 || v > 0.71) return false;
  if (v < 0.375 || v > 0.625) return true;
  const middle = 0.64 - ((v - 0.375) / 0.25) * 0.28;
  return Math.abs(u - middle) < 0.062;
}

function png(size, rows) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const body = deflateSync(rows, { level: 9 });
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", body), chunk("IEND")]);
}

function chunk(name, content = Buffer.alloc(0)) {
  const named = Buffer.concat([Buffer.from(name), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
