// References and reasons as the contracts keep them: short text, or a hash.

import { stringToHex, type Hex } from "viem";

const WORD = 32;

// Text of 32 letters would leave nothing to tell it from a hash by.
export function wordIn(text: string): Hex | null {
  const tidy = text.trim();
  if (/^0x[0-9a-f]{64}$/i.test(tidy)) return tidy as Hex;
  return /^[\x20-\x7e]{1,31}$/.test(tidy) ? stringToHex(tidy, { size: WORD }) : null;
}
