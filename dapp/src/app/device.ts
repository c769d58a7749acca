// What stays on this device: the account, what was read last, vouchers that were promised.

import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Address, Hex } from "viem";

export type Account =
  | { kind: "passkey"; address: Address; id: Hex; x: Hex; y: Hex }
  | { kind: "wallet"; address: Address; rdns: string; name: string };

// A promise at a till, as the member signed it. What is not settled counts against the purse.
export type Promised = {
  key: string;
  member: Address;
  token: Address;
  merchant: Address;
  till: Address;
  serial: string;
  amount: string;
  shared: boolean;
  validBefore: number;
  answer: string;
  at: number;
  settled: boolean;
};

interface Shape extends DBSchema {
  values: { key: string; value: unknown };
  promised: { key: string; value: Promised };
}

let opened: Promise<IDBPDatabase<Shape>> | null = null;

function database(): Promise<IDBPDatabase<Shape>> {
  opened ??= openDB<Shape>("zegel", 1, {
    upgrade(made) {
      made.createObjectStore("values");
      made.createObjectStore("promised", { keyPath: "key" });
    },
  });
  return opened;
}

export async function keep(name: string, value: unknown): Promise<void> {
  await (await database()).put("values", value, name);
}

export async function kept<T>(name: string): Promise<T | undefined> {
  return (await (await database()).get("values", name)) as T | undefined;
}

export async function forget(name: string): Promise<void> {
  await (await database()).delete("values", name);
}

export async function keepPromised(promise: Promised): Promise<void> {
  await (await database()).put("promised", promise);
}

export async function allPromised(member: Address): Promise<Promised[]> {
  const all = await (await database()).getAll("promised");
  return all.filter((one) => one.member === member).sort((a, b) => b.at - a.at);
}

// Browsers may throw away what sites keep, unless they were asked not to.
export function askToKeep(): void {
  void navigator.storage?.persist?.();
}
