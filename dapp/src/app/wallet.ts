// What the wallet's pages share: network, programs, the member and what it has, kept up to date.

import type { Address, Client } from "viem";
import { readContract } from "../chain/reading";

import { REGISTRY } from "@abi";
import { clientOf, loadNetwork, type Network } from "../chain/network";
import { forgetMerchants, keptPortfolio, loadPortfolio, type Portfolio } from "../chain/portfolio";
import { loadPrograms, type Program } from "../chain/programs";
import { forget, keep, kept, type Account } from "./device";
import { settings } from "./settings";
import { Store } from "./store";

export const network = new Store<Network | null>(null);
export const programs = new Store<readonly Program[]>([]);
export const account = new Store<Account | null>(null);
export const portfolio = new Store<Portfolio | null>(null);
export const isOnline = new Store(true);
export const isReady = new Store(false);
export const fault = new Store<string | null>(null);
export const merchants = new Store<ReadonlyMap<Address, string>>(new Map());

const POLL = 2_000;
const SOONEST = 800;

let client: Client | null = null;

export function chain(): Client {
  if (client === null) throw new Error("the network is not known yet");
  return client;
}

export function theNetwork(): Network {
  if (network.value === null) throw new Error("the network is not known yet");
  return network.value;
}

export function programOf(token: string | undefined): Program | undefined {
  return programs.value.find((one) => one.token === token);
}

export async function start(): Promise<void> {
  fault.set(null);
  try {
    account.set((await kept<Account>("account")) ?? null);
    network.set(await loadNetwork());
    client = clientOf(theNetwork());
    programs.set(await loadPrograms(client));
    const member = account.value?.address;
    if (member) portfolio.set((await keptPortfolio(theNetwork(), member)) ?? null);
  } catch (error) {
    fault.set(error instanceof Error ? error.message : String(error));
    return;
  }
  isReady.set(true);
  settings.watch(() => {
    client = clientOf(theNetwork());
    void refresh();
  });
  keepUpToDate();
}

export async function enter(chosen: Account): Promise<void> {
  await keep("account", chosen);
  forgetMerchants();
  account.set(chosen);
  portfolio.set((await keptPortfolio(theNetwork(), chosen.address)) ?? null);
  listenTo(chosen.address);
  await refresh();
}

export async function leave(): Promise<void> {
  await forget("account");
  events?.close();
  account.set(null);
  portfolio.set(null);
}

let underWay: Promise<void> | null = null;
let next: Promise<void> | null = null;

// Reads everything again. Those who ask while that happens get what is read after it: what they
// have done may have come too late for it.
export function refresh(): Promise<void> {
  if (underWay === null) {
    underWay = read().finally(() => {
      underWay = null;
    });
    return underWay;
  }
  next ??= underWay.then(() => {
    next = null;
    return refresh();
  });
  return next;
}

async function read(): Promise<void> {
  const member = account.value?.address;
  if (!member || client === null) return;
  try {
    const read = await loadPortfolio(client, theNetwork(), [...programs.value], member);
    if (account.value?.address === member) portfolio.set(read);
    isOnline.set(true);
  } catch {
    isOnline.set(false);
  }
}

// A merchant's name stands in the registry.
export async function learnMerchant(merchant: Address): Promise<void> {
  if (merchants.value.has(merchant)) return;
  const key = `merchant ${theNetwork().chainId} ${merchant}`;
  let name = await kept<string>(key);
  if (name === undefined) {
    name = await readContract(chain(), {
      address: theNetwork().contracts.registry,
      abi: REGISTRY,
      functionName: "merchantName",
      args: [merchant],
    }).catch(() => undefined);
    if (name) await keep(key, name);
  }
  if (name) merchants.set(new Map([...merchants.value, [merchant, name]]));
}

let events: EventSource | null = null;
let last = 0;

// New blocks are told by the API; where it tells nothing, the page looks now and then.
function keepUpToDate(): void {
  if (account.value) listenTo(account.value.address);
  void refresh();
  setInterval(() => {
    const isTold = events?.readyState === EventSource.OPEN;
    if (!document.hidden && !isTold) soon();
  }, POLL);
  addEventListener("online", () => void refresh());
  addEventListener("offline", () => isOnline.set(false));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void refresh();
  });
}

function listenTo(member: Address): void {
  events?.close();
  events = new EventSource(`/v1/events?member=${member}`);
  events.addEventListener("block", soon);
  events.addEventListener("movement", () => {
    forgetMerchants();
    void refresh();
  });
}

let waiting = false;

// As soon as may be, and not more than once in a while.
function soon(): void {
  if (waiting || document.hidden) return;
  waiting = true;
  setTimeout(
    () => {
      waiting = false;
      last = Date.now();
      void refresh();
    },
    Math.max(0, last + SOONEST - Date.now()),
  );
}
