// Wallets that live in the browser: found as EIP-6963 says, asked as EIP-1193 says.

import { getAddress, numberToHex, type Address, type Hex } from "viem";

import { Store } from "../app/store";
import { nodeUrl, type Network } from "../chain/network";
import type { Program } from "../chain/programs";
import { typedData, type Message } from "./messages";
import { Cancelled } from "./passkey";

type Provider = {
  request(call: { method: string; params?: unknown }): Promise<unknown>;
  on?(event: string, listener: (value: never) => void): void;
};

export type Wallet = {
  info: { uuid: string; name: string; icon: string; rdns: string };
  provider: Provider;
};

export class WrongAccount extends Error {}
export class WrongChain extends Error {}

const REJECTED = 4001;
const UNKNOWN_CHAIN = 4902;

export const wallets = new Store<readonly Wallet[]>([]);

// Asks the wallets to come forward; those that come later are heard as well.
export function listen(): void {
  addEventListener("eip6963:announceProvider", (event) => {
    const wallet = (event as CustomEvent<Wallet>).detail;
    if (wallet?.info?.uuid && wallet.provider) offer(wallet);
  });
  dispatchEvent(new Event("eip6963:requestProvider"));
}

// Adds a wallet; one that comes again takes the place of what it was.
export function offer(wallet: Wallet): void {
  const others = wallets.value.filter(({ info }) => info.uuid !== wallet.info.uuid);
  wallets.set([...others, wallet]);
}

export function walletOf(rdns: string): Wallet | undefined {
  return wallets.value.find(({ info }) => info.rdns === rdns);
}

export async function connect({ provider }: Wallet): Promise<Address> {
  const accounts = (await ask(provider, "eth_requestAccounts")) as string[];
  if (!accounts[0]) throw new Cancelled();
  return getAddress(accounts[0]);
}

// Calls back with the account that the wallet shows from now on, or none.
export function onAccount({ provider }: Wallet, changed: (address: Address | null) => void): void {
  provider.on?.("accountsChanged", (accounts: never) => {
    const first = (accounts as unknown as string[])[0];
    changed(first ? getAddress(first) : null);
  });
}

export async function signWithWallet(
  wallet: Wallet, network: Network, member: Address, message: Message,
): Promise<Hex> {
  await prepare(wallet, network, member);
  const content = JSON.stringify(typedData(message));
  const signature = await ask(wallet.provider, "eth_signTypedData_v4", [member, content]);
  return signature as Hex;
}

// Sends a transaction that the wallet's owner pays for; consoles do, members never need to.
export async function sendWithWallet(
  wallet: Wallet, network: Network, from: Address, to: Address, data: Hex,
): Promise<Hex> {
  await prepare(wallet, network, from);
  return (await ask(wallet.provider, "eth_sendTransaction", [{ from, to, data }])) as Hex;
}

// Has the wallet on the right chain, with the account in it.
export async function prepare(wallet: Wallet, network: Network, account: Address): Promise<void> {
  await useChain(wallet, network);
  await checkAccount(wallet, account);
}

// ERC-4361 and the like: text, signed as it is.
export async function signText(wallet: Wallet, member: Address, text: Hex): Promise<Hex> {
  await checkAccount(wallet, member);
  return (await ask(wallet.provider, "personal_sign", [text, member])) as Hex;
}

// Shows a program's points among the wallet's other tokens (EIP-747).
export async function watch({ provider }: Wallet, program: Program): Promise<boolean> {
  const { token: address, symbol, decimals } = program;
  const options = { address, symbol: symbol.slice(0, 11), decimals };
  const call = { method: "wallet_watchAsset", params: { type: "ERC20", options } };
  return Boolean(await provider.request(call).catch(() => false));
}

async function checkAccount({ provider }: Wallet, member: Address): Promise<void> {
  const accounts = (await ask(provider, "eth_accounts")) as string[];
  const known = accounts.map((one) => getAddress(one));
  if (!known.includes(member)) throw new WrongAccount(member);
}

async function useChain({ provider }: Wallet, network: Network): Promise<void> {
  const chainId = numberToHex(network.chainId);
  if (Number(await ask(provider, "eth_chainId")) === network.chainId) return;
  try {
    await ask(provider, "wallet_switchEthereumChain", [{ chainId }]);
  } catch (error) {
    if (codeOf(error) !== UNKNOWN_CHAIN) throw error;
    await ask(provider, "wallet_addEthereumChain", [
      {
        chainId,
        chainName: network.name,
        nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
        rpcUrls: [nodeUrl(network)],
      },
    ]);
  }
  if (Number(await ask(provider, "eth_chainId")) !== network.chainId) throw new WrongChain();
}

export async function ask(
  provider: Provider, method: string, params: unknown[] = [],
): Promise<unknown> {
  try {
    return await provider.request({ method, params });
  } catch (error) {
    if (codeOf(error) === REJECTED) throw new Cancelled();
    throw error;
  }
}

// Some wallets hide the code of the error that they met in another one.
function codeOf(error: any): number {
  return Number(error?.code ?? error?.data?.originalError?.code ?? 0);
}
