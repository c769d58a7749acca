// How long a message is good, and the number that lets it be used once.

import { bytesToHex, numberToHex, type Address, type Client, type Hex } from "viem";
import { latestBlock, readContract } from "../chain/reading";

import { TOKEN } from "@abi";
import type { Span } from "./messages";

// Long enough to sign and to be sent, short enough that nothing lies about.
const GOOD_FOR = 15n * 60n;

// The upper bits of a nonce that counts in order, and needs no storage of its own.
const IN_ORDER = 2n ** 256n - 2n ** 40n;

// Numbers handed out here and not used on chain yet: a message beside them takes a random one.
const pending = new Map<string, bigint>();

export async function spanFor(client: Client, token: Address, member: Address): Promise<Span> {
  const [block, next] = await Promise.all([
    latestBlock(client),
    readContract(client, { address: token, abi: TOKEN, functionName: "nonces", args: [member] }),
  ]);
  return {
    validAfter: 0n,
    validBefore: BigInt(block.timestamp) + GOOD_FOR,
    nonce: nonceAfter(`${token} ${member}`, next),
  };
}

// A message that is on its way has this number; the next one shall not wait for it.
export function handedOut(token: Address, member: Address, nonce: Hex): void {
  const value = BigInt(nonce);
  if (value >= IN_ORDER) pending.set(`${token} ${member}`, value - IN_ORDER);
}

function nonceAfter(who: string, next: bigint): Hex {
  const taken = pending.get(who);
  if (taken !== undefined && taken >= next) {
    return bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  }
  return numberToHex(IN_ORDER + next, { size: 32 });
}
