// Who is signed in at the console, and how transactions are sent for them: by their own wallet.

import { encodeFunctionData, hashMessage, stringToHex, type Address, type Hex } from "viem";

import { kept, type Account } from "../app/device";
import { fetched, posted } from "../app/http";
import { Store } from "../app/store";
import { clientOf, loadNetwork, type Network } from "../chain/network";
import { connect, sendWithWallet, signText, walletOf, type Wallet } from "../signing/injected";
import { signWithPasskey } from "../signing/passkey";
import { say } from "../words";

export type Own = {
  program: {
    token: Address;
    symbol: string;
    name: string;
    decimals: number;
    bid: string;
    ask: string;
    account: string;
  };
  roles: string[];
  budget: { limit: string; used: string; period: number } | null;
};

export const network = new Store<Network | null>(null);
export const own = new Store<readonly Own[] | null>(null);

const WHO = "zegel-console";
const PAUSE = 500;
const PATIENCE = 120_000;

export class Reverted extends Error {}
export class NeedsWallet extends Error {}

export function theNetwork(): Network {
  if (network.value === null) throw new Error("the network is not known yet");
  return network.value;
}

// Whether somebody is signed in already; the cookie knows.
export async function resume(): Promise<void> {
  network.set(await loadNetwork());
  if (sessionStorage.getItem(WHO) !== null) await reload().catch(() => undefined);
}

export async function reload(): Promise<void> {
  own.set((await fetched("/v1/issuer/programs")) as Own[]);
}

export async function signInWithWallet(wallet: Wallet): Promise<void> {
  const account = await connect(wallet);
  await signIn(account, (text) => signText(wallet, account, stringToHex(text)));
  sessionStorage.setItem(WHO, JSON.stringify({ account, rdns: wallet.info.rdns }));
}

// A passkey signs the hash that keys sign.
export async function signInWithPasskey(): Promise<void> {
  const account = await keptPasskey();
  if (!account) return;
  await signIn(account.address, (text) => signWithPasskey(account, hashMessage(text)));
  sessionStorage.setItem(WHO, JSON.stringify({ account: account.address, rdns: "" }));
}

export async function keptPasskey() {
  const account = await kept<Account>("account");
  return account?.kind === "passkey" ? account : null;
}

export async function signOut(): Promise<void> {
  await fetch("/v1/session", { method: "DELETE" }).catch(() => undefined);
  sessionStorage.removeItem(WHO);
  own.set(null);
}

async function signIn(account: Address, sign: (text: string) => Promise<Hex>): Promise<void> {
  const { nonce } = await posted("/v1/session/nonce", {});
  const message = signInText(account, String(nonce));
  await posted("/v1/session", { message, signature: await sign(message) });
  await reload();
}

// ERC-4361, to the letter.
function signInText(account: Address, nonce: string): string {
  return [
    `${location.host} wants you to sign in with your Ethereum account:`,
    account,
    "",
    // Its words must be plain ASCII.
    say("console.statement").normalize("NFD").replace(/[^\x20-\x7e]/g, ""),
    "",
    `URI: ${location.origin}`,
    "Version: 1",
    `Chain ID: ${theNetwork().chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${new Date().toISOString()}`,
  ].join("\n");
}

type Call = { address: Address; abi: readonly unknown[]; functionName: string; args: unknown[] };

// Sends a transaction by the wallet that signed in, and waits until it is in a block.
export async function transact({ address, abi, functionName, args }: Call): Promise<void> {
  const { wallet, account } = sender();
  const data = encodeFunctionData({ abi, functionName, args } as never);
  const hash = await sendWithWallet(wallet, theNetwork(), account, address, data);
  await mined(hash);
}

export function sender(): { wallet: Wallet; account: Address } {
  const who = JSON.parse(sessionStorage.getItem(WHO) ?? "null");
  const wallet = who && walletOf(String(who.rdns));
  if (!wallet) throw new NeedsWallet();
  return { wallet, account: who.account as Address };
}

async function mined(hash: Hex): Promise<void> {
  const client = clientOf(theNetwork());
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    const receipt = (await client.request({
      method: "eth_getTransactionReceipt",
      params: [hash],
    } as never)) as { status: string } | null;
    if (receipt) {
      if (Number(receipt.status) !== 1) throw new Reverted(hash);
      return;
    }
    await new Promise((wake) => setTimeout(wake, PAUSE));
  }
}
