// Bytes as text for a QR code, byte for byte as src/zegel/till/compact.py writes them.

import { concat, keccak256, hexToBytes, toBytes } from "viem";

const CHECKSUM = 4;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export class Malformed extends Error {}

export function compact(kind: string, content: Uint8Array): string {
  return `${kind}:${encoded(concat([content, checksum(kind, content)]))}`;
}

export function expand(kind: string, text: string): Uint8Array {
  const tidy = text.trim().toUpperCase();
  const mark = tidy.indexOf(":");
  if (mark < 0 || tidy.slice(0, mark) !== kind) throw new Malformed("kind");
  const digits = tidy.slice(mark + 1);
  const whole = decoded(digits);
  const content = whole.slice(0, -CHECKSUM);
  const sum = whole.slice(-CHECKSUM);
  const isWhole = equal(sum, checksum(kind, content)) && digits === encoded(whole);
  if (whole.length < CHECKSUM || !isWhole) throw new Malformed("spoilt");
  return content;
}

function checksum(kind: string, content: Uint8Array): Uint8Array {
  return hexToBytes(keccak256(concat([toBytes(kind), content]))).slice(0, CHECKSUM);
}

function encoded(whole: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of whole) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += DIGITS[(held >> bits) & 31];
      held &= (1 << bits) - 1;
    }
  }
  return bits > 0 ? text + DIGITS[(held << (5 - bits)) & 31] : text;
}

function decoded(digits: string): Uint8Array {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const digit of digits) {
    const value = DIGITS.indexOf(digit);
    if (value < 0) throw new Malformed("spoilt");
    held = (held << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(held >> bits);
    held &= (1 << bits) - 1;
  }
  return Uint8Array.from(bytes);
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
