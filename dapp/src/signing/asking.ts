// Puts a message before the member, and has it signed.

import type { Hex } from "viem";

import type { Account } from "../app/device";
import { Store } from "../app/store";
import { theNetwork } from "../app/wallet";
import { signWithWallet, walletOf } from "./injected";
import { digestOf, type Message } from "./messages";
import { signWithPasskey } from "./passkey";

// What is asked now. `isRelayed` messages are handed in; others stay with the page. `note` says what
// follows from signing that does not stand in the message.
export type Asking = {
  message: Message;
  isRelayed: boolean;
  note: string | undefined;
  answer: (signature: Hex | null) => void;
};

export const asking = new Store<Asking | null>(null);

// Shows a message for signing; the signature, or nothing if the member would not.
export function askToSign(
  message: Message,
  { isRelayed = true, note }: { isRelayed?: boolean; note?: string | undefined } = {},
): Promise<Hex | null> {
  return new Promise((resolve) => {
    const answer = (signature: Hex | null) => {
      asking.set(null);
      resolve(signature);
    };
    asking.set({ message, isRelayed, note, answer });
  });
}

export class WalletGone extends Error {}

export async function sign(account: Account, message: Message): Promise<Hex> {
  if (account.kind === "passkey") return signWithPasskey(account, digestOf(message));
  const wallet = walletOf(account.rdns);
  if (wallet === undefined) throw new WalletGone(account.name);
  return signWithWallet(wallet, theNetwork(), account.address, message);
}
