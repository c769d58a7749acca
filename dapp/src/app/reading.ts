// Reads what others sent: numbers and addresses that are what they should be, or an error.

import { getAddress, isAddress, type Address } from "viem";

export function whole(value: unknown): number {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 0) {
    throw new Error(`${String(value).slice(0, 40)} is no whole number`);
  }
  return number;
}

// An amount in base units, which JSON has as decimal text.
export function units(value: unknown): bigint {
  const text = String(value ?? "0");
  if (!/^\d{1,78}$/.test(text)) throw new Error(`${text.slice(0, 40)} is no amount`);
  return BigInt(text);
}

export function address(value: unknown): Address {
  return getAddress(String(value));
}

export function addressOrNone(value: unknown): Address | null {
  return typeof value === "string" && isAddress(value) ? getAddress(value) : null;
}
