// What a member has, read from the chain itself: points, what expires when, purses, prices.

import { zeroAddress, type Address, type Client } from "viem";
import { latestBlock, readContract } from "./reading";

import { DESK, EXCHANGE, TOKEN } from "@abi";
import { allPromised, keep, keepPromised, kept, type Promised } from "../app/device";
import { fetched } from "../app/http";
import { address } from "../app/reading";
import type { Network } from "./network";
import type { Program } from "./programs";

export type Generation = { amount: bigint; expires: number };

// Points set aside for tills. `spendable` is what no promise has a claim on yet.
export type Purse = {
  merchant: Address;
  total: bigint;
  spendable: bigint;
  promised: bigint;
  returnableAt: number;
};

export type Holding = {
  token: Address;
  balance: bigint;
  generations: Generation[];
  frozen: boolean;
  value: bigint;
  bid: bigint;
  ask: bigint;
  version: number;
  purses: Purse[];
};

export type Portfolio = { member: Address; block: number; time: number; holdings: Holding[] };

// A lane of a packed word, four of which are generations of points.
const LANE = 48n;
const LANES = 4n;
const RETURNABLE_AT = 216n;
const NEVER = 2n ** 48n;

const PRICE = 10n ** 12n;

export async function loadPortfolio(
  client: Client,
  network: Network,
  programs: Program[],
  member: Address,
): Promise<Portfolio> {
  const [block, merchants] = await Promise.all([
    latestBlock(client),
    merchantsOf(member),
  ]);
  const time = block.timestamp;
  const promised = await settledOnes(client, network, member, time);
  const holdings = await Promise.all(
    programs.map((program) =>
      holdingOf(client, network, program, member, time, merchants, promised),
    ),
  );
  const portfolio = { member, block: block.number, time, holdings };
  await keep(`portfolio ${network.chainId} ${member}`, portfolio);
  return portfolio;
}

export function keptPortfolio(network: Network, member: Address): Promise<Portfolio | undefined> {
  return kept<Portfolio>(`portfolio ${network.chainId} ${member}`);
}

// The merchants for whom this member has set points aside; the API knows them all, and those that
// this device has dealt with are known without it.
let known: { member: Address; merchants: Map<Address, Set<Address>>; at: number } | null = null;
const FRESH = 10_000;

export function forgetMerchants(): void {
  known = null;
}

async function merchantsOf(member: Address): Promise<Map<Address, Set<Address>>> {
  if (known?.member === member && Date.now() - known.at < FRESH) return known.merchants;
  const key = `merchants ${member}`;
  const stored = (await kept<[Address, Address[]][]>(key)) ?? [];
  const merchants = new Map(stored.map(([token, all]) => [token, new Set(all)]));
  try {
    const given = await fetched(`/v1/members/${member}`);
    for (const program of given.programs ?? []) {
      for (const held of program.held ?? []) {
        if (held.merchant) added(merchants, address(program.token), address(held.merchant));
      }
    }
  } catch {
    // Without the API: those that are known already.
  }
  known = { member, merchants, at: Date.now() };
  await keep(key, [...merchants].map(([token, all]) => [token, [...all]]));
  return merchants;
}

export async function rememberMerchant(member: Address, token: Address, merchant: Address) {
  if (merchant === zeroAddress) return;
  const merchants = await merchantsOf(member);
  added(merchants, token, merchant);
  await keep(`merchants ${member}`, [...merchants].map(([one, all]) => [one, [...all]]));
}

function added(all: Map<Address, Set<Address>>, token: Address, merchant: Address): void {
  if (merchant === zeroAddress) return;
  all.set(token, (all.get(token) ?? new Set()).add(merchant));
}

async function holdingOf(
  client: Client,
  network: Network,
  program: Program,
  member: Address,
  time: number,
  merchants: Map<Address, Set<Address>>,
  promised: Promised[],
): Promise<Holding> {
  const { token } = program;
  const [expiries, frozen, prices, ...purses] = await Promise.all([
    readContract(client, { address: token, abi: TOKEN, functionName: "expiries", args: [member] }),
    readContract(client, { address: token, abi: TOKEN, functionName: "isFrozen", args: [member] }),
    readContract(client, {
      address: network.contracts.exchange,
      abi: EXCHANGE,
      functionName: "programOf",
      args: [token],
    }),
    ...[zeroAddress, ...(merchants.get(token) ?? [])].map((merchant) =>
      purseOf(client, network, token, member, merchant, time, promised),
    ),
  ]);
  const generations = expiries.map(({ amount, expiresAt }) => ({
    amount,
    expires: Number(expiresAt),
  }));
  const balance = generations.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    token,
    balance,
    generations,
    frozen,
    value: valueOf(balance, prices.bid, program.decimals, network),
    bid: prices.bid,
    ask: prices.ask,
    version: prices.version,
    purses: purses.filter(({ total, returnableAt }) => total > 0n || returnableAt > 0),
  };
}

async function purseOf(
  client: Client,
  network: Network,
  token: Address,
  member: Address,
  merchant: Address,
  time: number,
  promised: Promised[],
): Promise<Purse> {
  const desk = { address: network.contracts.desk, abi: DESK };
  const [spendable, word] = await Promise.all([
    readContract(client, {
      ...desk,
      functionName: "spendable",
      args: [token, member, merchant, BigInt(time)],
    }),
    readContract(client, { ...desk, functionName: "purseWord", args: [token, member, merchant] }),
  ]);
  const shared = merchant === zeroAddress;
  const claims = promised
    .filter((one) => !one.settled && one.token === token && one.shared === shared)
    .filter((one) => shared || one.merchant === merchant)
    .filter((one) => one.validBefore > time)
    .reduce((sum, one) => sum + BigInt(one.amount), 0n);
  return {
    merchant,
    total: lanes(word),
    spendable: spendable > claims ? spendable - claims : 0n,
    promised: claims,
    returnableAt: Number(word >> RETURNABLE_AT),
  };
}

function lanes(word: bigint): bigint {
  let sum = 0n;
  for (let lane = 0n; lane < LANES; lane += 1n) sum += (word >> (lane * LANE)) % NEVER;
  return sum;
}

// This device's promises, with those marked that have been paid since.
async function settledOnes(
  client: Client,
  network: Network,
  member: Address,
  time: number,
): Promise<Promised[]> {
  const all = await allPromised(member);
  const open = all.filter(({ settled, validBefore }) => !settled && validBefore > time);
  await Promise.all(
    open.map(async (one) => {
      const settled = await readContract(client, {
        address: network.contracts.desk,
        abi: DESK,
        functionName: "isSettled",
        args: [one.merchant, one.till, BigInt(one.serial)],
      });
      if (!settled) return;
      one.settled = true;
      await keepPromised(one);
    }),
  );
  return all;
}

// What an issuer's bid makes of points, in base units of money, rounded down as the exchange does.
export function valueOf(amount: bigint, bid: bigint, decimals: number, network: Network): bigint {
  const unit = 10n ** BigInt(network.settlement.decimals);
  return (amount * bid * unit) / (PRICE * 10n ** BigInt(decimals));
}

export function holdingIn(portfolio: Portfolio | null, token: Address): Holding | undefined {
  return portfolio?.holdings.find((one) => one.token === token);
}

export function heldValue(portfolio: Portfolio): bigint {
  return portfolio.holdings.reduce((sum, { value }) => sum + value, 0n);
}

// The points that expire first, if any do.
export function nextExpiry({ generations }: Holding): Generation | undefined {
  return generations.find(({ expires }) => isDated(expires));
}

// Points that never expire have a time that no calendar reaches.
export function isDated(expires: number): boolean {
  return expires > 0 && expires < 32_503_680_000;
}
