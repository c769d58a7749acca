// A set-up under way, kept on this device: a page that is closed goes on where it was.

import type { Address } from "viem";

import { forget, keep, kept } from "../../app/device";
import { Store } from "../../app/store";
import { theNetwork } from "../session";
import type { Wish } from "./wish";

// `token` is where the program will stand, once the set-up has begun; `done` are steps that were
// seen in a block, `sent` is what waits for one: a transaction, or a bundle that the wallet knows,
// since some time in milliseconds.
export type Setup = {
  wish: Wish;
  token: Address | null;
  done: string[];
  sent: { names: string[]; id: string; isBundle: boolean; since: number } | null;
};

export const setup = new Store<Setup | null>(null);

function place(account: Address): string {
  return `setup ${theNetwork().chainId} ${account}`;
}

export async function findSetup(account: Address): Promise<void> {
  setup.set((await kept<Setup>(place(account))) ?? null);
}

export async function keepSetup(account: Address, next: Setup): Promise<void> {
  setup.set(next);
  await keep(place(account), next);
}

export async function dropSetup(account: Address): Promise<void> {
  setup.set(null);
  await forget(place(account));
}
