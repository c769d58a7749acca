// Transactions that a wallet in the browser sends, and pays for, itself: for what no message exists.

import { encodeFunctionData, type Abi, type Address, type Client, type Hex } from "viem";

import type { Network } from "../chain/network";
import { until } from "../chain/waiting";
import { sendWithWallet, type Wallet } from "./injected";
import { sendTogether, togetherIn } from "./together";

// The chain took it and undid it, or would; with what the contract said, where that is known.
export class Reverted extends Error {
  constructor(readonly data: Hex | null = null) {
    super(data ?? "reverted");
  }
}
// It is on its way for so long that nobody waits for it any more.
export class StillWaiting extends Error {}

export type Call = { address: Address; abi: Abi; functionName: string; args: readonly unknown[] };
type Receipt = { status: string; blockNumber: string };

const PATIENCE = 120_000;

// Sends a call by a wallet, and waits until it is in a block; returns the transaction's hash.
export async function transact(
  client: Client, network: Network, wallet: Wallet, from: Address, call: Call,
): Promise<Hex> {
  const hash = await send(client, network, wallet, from, call);
  await mined(client, hash);
  return hash;
}

// Sends several calls as one, by a wallet that can: all of them are carried out, or none.
export async function transactTogether(
  network: Network, wallet: Wallet, from: Address, calls: readonly Call[],
): Promise<void> {
  const parts = calls.map((call) => ({ to: call.address, data: dataOf(call) }));
  await minedTogether(wallet, await sendTogether(wallet, network, from, parts));
}

// Asks the chain first: what it would refuse is not put before anybody.
export async function send(
  client: Client, network: Network, wallet: Wallet, from: Address, call: Call,
): Promise<Hex> {
  await rehearse(client, from, call);
  return sendWithWallet(wallet, network, from, call.address, dataOf(call));
}

export function dataOf({ abi, functionName, args }: Call): Hex {
  return encodeFunctionData({ abi, functionName, args });
}

export async function rehearse(client: Client, from: Address, call: Call): Promise<void> {
  try {
    await ask(client, "eth_call", [{ from, to: call.address, data: dataOf(call) }, "latest"]);
  } catch (error) {
    const found = revertOf(error);
    throw found ? new Reverted(found) : error;
  }
}

// The block that a transaction is in.
export async function mined(client: Client, hash: Hex): Promise<number> {
  const receipt = await until(
    PATIENCE,
    async () => (await ask(client, "eth_getTransactionReceipt", [hash])) as Receipt | null,
  );
  if (receipt === null) throw new StillWaiting(hash);
  if (Number(receipt.status) !== 1) throw new Reverted();
  return Number(receipt.blockNumber);
}

// The block that several calls are in which were sent as one.
export async function minedTogether(wallet: Wallet, id: string): Promise<number> {
  const block = await until(PATIENCE, () => togetherIn(wallet, id));
  if (block === null) throw new StillWaiting(id);
  if (block === false) throw new Reverted();
  return block;
}

// Whether the node has heard of a transaction; one that was replaced is forgotten.
export async function isKnown(client: Client, hash: Hex): Promise<boolean> {
  return (await ask(client, "eth_getTransactionByHash", [hash])) !== null;
}

function ask(client: Client, method: string, params: unknown[]): Promise<unknown> {
  return client.request({ method, params } as never);
}

// Nodes put what a contract says somewhere into their error.
function revertOf(error: any): Hex | null {
  for (let one = error; one; one = one.cause) {
    const data = typeof one.data === "string" ? one.data : one.data?.data;
    if (typeof data === "string" && /^0x([0-9a-f]{2}){4,}$/i.test(data)) return data as Hex;
  }
  return null;
}
