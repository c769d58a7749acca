// Amounts as issuers type them.

import { parsed } from "../app/text";

// Prices are trillionths of money a point.
export const PRICE_DECIMALS = 12;

// The base units of what is typed, if it is an amount.
export function amountOf(text: string, decimals: number): bigint | null {
  const given = parsed(text, decimals);
  return "base" in given ? given.base : null;
}

// Nothing typed is none.
export function limitOf(text: string, decimals: number): bigint | null {
  return text.trim() === "" ? 0n : amountOf(text, decimals);
}
