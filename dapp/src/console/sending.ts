// How transactions are sent at the console: by the wallet that signed in, whose account pays.

import { encodeFunctionData, type Abi, type Address, type Hex } from "viem";

import { clientOf } from "../chain/network";
import { sendWithWallet, walletOf, type Wallet } from "../signing/injected";
import { reloadAt, theNetwork, whoIsIn } from "./session";
import { until } from "./waiting";

export type Call = { address: Address; abi: Abi; functionName: string; args: readonly unknown[] };
type Receipt = { status: string; blockNumber: string };

const PATIENCE = 120_000;

// The chain took it and undid it, or would.
export class Reverted extends Error {
  constructor(readonly data: Hex | null) {
    super(data ?? "reverted");
  }
}
export class NeedsWallet extends Error {}
export class StillWaiting extends Error {}

// Sends a transaction, waits until it is in a block, and reads what has come of it.
export async function transact(call: Call): Promise<void> {
  await reloadAt(await mined(await send(call)));
}

// Asks the chain first: what it would refuse is not put before anybody.
export async function send(call: Call): Promise<Hex> {
  const { wallet, account } = sender();
  const data = dataOf(call);
  await rehearse(account, call.address, data);
  return sendWithWallet(wallet, theNetwork(), account, call.address, data);
}

export function dataOf({ abi, functionName, args }: Call): Hex {
  return encodeFunctionData({ abi, functionName, args });
}

export function sender(): { wallet: Wallet; account: Address } {
  const who = whoIsIn();
  const wallet = who && walletOf(who.rdns);
  if (!wallet) throw new NeedsWallet();
  return { wallet, account: who.account };
}

export async function rehearse(from: Address, to: Address, data: Hex): Promise<void> {
  try {
    await ask("eth_call", [{ from, to, data }, "latest"]);
  } catch (error) {
    const found = revertOf(error);
    throw found ? new Reverted(found) : error;
  }
}

// The block that a transaction is in.
export async function mined(hash: Hex): Promise<number> {
  const receipt = await until(
    PATIENCE, async () => (await ask("eth_getTransactionReceipt", [hash])) as Receipt | null,
  );
  if (receipt === null) throw new StillWaiting(hash);
  if (Number(receipt.status) !== 1) throw new Reverted(null);
  return Number(receipt.blockNumber);
}

// Whether the node has heard of a transaction; one that was replaced is forgotten.
export async function isKnown(hash: Hex): Promise<boolean> {
  return (await ask("eth_getTransactionByHash", [hash])) !== null;
}

export function ask(method: string, params: unknown[]): Promise<unknown> {
  return clientOf(theNetwork()).request({ method, params } as never);
}

// Nodes put what a contract says somewhere into their error.
function revertOf(error: any): Hex | null {
  for (let one = error; one; one = one.cause) {
    const data = typeof one.data === "string" ? one.data : one.data?.data;
    if (typeof data === "string" && /^0x([0-9a-f]{2}){4,}$/i.test(data)) return data as Hex;
  }
  return null;
}
