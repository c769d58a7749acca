// Who is signed in at the console, and what they may do.

import { hashMessage, stringToHex, type Address, type Hex } from "viem";

import { kept, type Account } from "../app/device";
import { fetched, posted } from "../app/http";
import { Store } from "../app/store";
import { loadNetwork, type Network } from "../chain/network";
import { until } from "../chain/waiting";
import { connect, signText, type Wallet } from "../signing/injected";
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
    image: string | null;
    scheduled: { bid: string; ask: string; since: number } | null;
  };
  roles: string[];
  budget: { limit: string; used: string; period: number } | null;
};

export const network = new Store<Network | null>(null);
export const own = new Store<readonly Own[] | null>(null);

const WHO = "zegel-console";
const PATIENCE = 20_000;

export type Who = { account: Address; rdns: string };

export function theNetwork(): Network {
  if (network.value === null) throw new Error("the network is not known yet");
  return network.value;
}

// Whether somebody is signed in already; the cookie knows.
export async function resume(): Promise<void> {
  const found = await loadNetwork();
  if (found.demo) await (await import("./trial")).offerTrials(found);
  network.set(found);
  if (whoIsIn()) await reload().catch(() => undefined);
}

export function whoIsIn(): Who | null {
  return JSON.parse(sessionStorage.getItem(WHO) ?? "null") as Who | null;
}

function enter(who: Who): void {
  sessionStorage.setItem(WHO, JSON.stringify(who));
}

export async function reload(): Promise<void> {
  own.set((await fetched("/v1/issuer/programs")) as Own[]);
}

// Reads again when the API has come as far as a block; it tells what its index has read.
export async function reloadAt(block: number): Promise<void> {
  await until(PATIENCE, async () => {
    const { block: read } = await fetched("/v1/network");
    return read >= block ? true : null;
  });
  await reload();
}

export async function signInWithWallet(wallet: Wallet): Promise<void> {
  const account = await connect(wallet);
  const who = { account, rdns: wallet.info.rdns };
  await signIn(who, (text) => signText(wallet, account, stringToHex(text)));
}

// A passkey signs the hash that keys sign.
export async function signInWithPasskey(): Promise<void> {
  const account = await keptPasskey();
  if (!account) return;
  const who = { account: account.address, rdns: "" };
  await signIn(who, (text) => signWithPasskey(account, hashMessage(text)));
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

async function signIn(who: Who, sign: (text: string) => Promise<Hex>): Promise<void> {
  const { nonce } = await posted("/v1/session/nonce", {});
  const message = signInText(who.account, String(nonce));
  await posted("/v1/session", { message, signature: await sign(message) });
  enter(who);
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
