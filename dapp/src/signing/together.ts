// Wallets that send many calls as one (EIP-5792): one confirmation, and all of them or none.

import { numberToHex, type Address, type Hex } from "viem";

import type { Network } from "../chain/network";
import { ask, prepare, type Wallet } from "./injected";

const [PENDING, DONE] = [100, 200];

export async function canSendTogether(
  { provider }: Wallet, network: Network, account: Address,
): Promise<boolean> {
  const chain = numberToHex(network.chainId);
  const able: any = await ask(provider, "wallet_getCapabilities", [account, [chain]]).catch(
    () => null,
  );
  return ["supported", "ready"].includes(able?.[chain]?.atomic?.status);
}

// The wallet's name for the bundle.
export async function sendTogether(
  wallet: Wallet, network: Network, from: Address, calls: readonly { to: Address; data: Hex }[],
): Promise<string> {
  await prepare(wallet, network, from);
  const chainId = numberToHex(network.chainId);
  const bundle = { version: "2.0.0", chainId, from, atomicRequired: true, calls };
  const sent: any = await ask(wallet.provider, "wallet_sendCalls", [bundle]);
  return String(sent.id);
}

// The block that a bundle is in; none while it waits, and false if it was not carried out.
export async function togetherIn({ provider }: Wallet, id: string): Promise<number | false | null> {
  const told: any = await ask(provider, "wallet_getCallsStatus", [id]);
  if (told.status === PENDING) return null;
  return told.status === DONE ? Number(told.receipts?.at(-1)?.blockNumber ?? 0) : false;
}
