// Transactions of the console: the wallet that signed in sends them, and its account pays.

import type { Address, Client } from "viem";

import { clientOf, type Network } from "../chain/network";
import { walletOf, type Wallet } from "../signing/injected";
import { mined, send, type Call } from "../signing/transacting";
import { reloadAt, theNetwork, whoIsIn } from "./session";

export type Sender = { client: Client; network: Network; wallet: Wallet; account: Address };

export class NeedsWallet extends Error {}

export function sender(): Sender {
  const who = whoIsIn();
  const wallet = who && walletOf(who.rdns);
  if (!wallet) throw new NeedsWallet();
  const network = theNetwork();
  return { client: clientOf(network), network, wallet, account: who.account };
}

// Sends a transaction, waits until it is in a block, and reads what has come of it.
export async function transact(call: Call): Promise<void> {
  const { client, network, wallet, account } = sender();
  await reloadAt(await mined(client, await send(client, network, wallet, account, call)));
}
