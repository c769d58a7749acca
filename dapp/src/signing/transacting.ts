// Transactions that a wallet in the browser sends, and pays for, itself: for what no message exists.

import { encodeFunctionData, type Abi, type Address, type Client, type Hex } from "viem";

import type { Network } from "../chain/network";
import { sendWithWallet, type Wallet } from "./injected";
import { sendTogether, togetherIn } from "./together";

// The chain refused it; or it is on its way for so long that nobody waits for it any more.
export class Reverted extends Error {}
export class Unmined extends Error {}

export type Call = { address: Address; abi: Abi; functionName: string; args: readonly unknown[] };

const PAUSE = 500;
const PATIENCE = 120_000;

// Sends a call by a wallet, and waits until it is in a block; returns the transaction's hash.
export async function transact(
  client: Client, network: Network, wallet: Wallet, from: Address, call: Call,
): Promise<Hex> {
  const hash = await sendWithWallet(wallet, network, from, call.address, dataOf(call));
  const isGood = await waited(() => outcome(client, hash));
  if (!isGood) throw new Reverted(hash);
  return hash;
}

// Sends several calls as one, by a wallet that can: all of them are carried out, or none.
export async function transactTogether(
  network: Network, wallet: Wallet, from: Address, calls: readonly Call[],
): Promise<void> {
  const parts = calls.map((call) => ({ to: call.address, data: dataOf(call) }));
  const id = await sendTogether(wallet, network, from, parts);
  if ((await waited(() => togetherIn(wallet, id))) === false) throw new Reverted(id);
}

function dataOf(call: Call): Hex {
  return encodeFunctionData(call as never);
}

// Whether a transaction was carried out; nothing while it is in no block.
async function outcome(client: Client, hash: Hex): Promise<boolean | null> {
  const receipt = (await client.request({
    method: "eth_getTransactionReceipt",
    params: [hash],
  } as never)) as { status: string } | null;
  return receipt && Number(receipt.status) === 1;
}

async function waited<T>(look: () => Promise<T | null>): Promise<T> {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((wake) => setTimeout(wake, PAUSE));
  }
  throw new Unmined();
}
