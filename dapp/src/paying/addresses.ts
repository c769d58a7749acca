// Addresses as people paste them, and as codes have them.

import { getAddress, isAddress, type Address } from "viem";

// An address, also inside of a code of EIP-681 such as other wallets show.
export function addressIn(text: string): Address | null {
  const found = /^(?:ethereum:)?(0x[0-9a-fA-F]{40})(?:@\d+)?$/.exec(text.trim())?.[1];
  return found && isAddress(found) ? getAddress(found) : null;
}
