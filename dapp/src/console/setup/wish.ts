// What an issuer wishes of a new program, as typed; and what the contracts make of it.

import type { Address } from "viem";

import { addressIn } from "../../paying/addresses";
import { say } from "../../words";
import { limitOf, PRICE_DECIMALS } from "../amounts";
import { amountFault } from "../parts";
import { DUTIES, type Duty } from "../refusals";
import { theNetwork } from "../session";

export type Wish = {
  name: string;
  symbol: string;
  decimals: string;
  transferable: "yes" | "no";
  about: string;
  // A data: URI, or nothing.
  picture: string;
  months: string;
  lifetime: string;
  bid: string;
  ask: string;
  step: string;
  notice: string;
  awarder: string;
  budget: string;
  period: string;
  delay: string;
  maxOut: string;
  maxIn: string;
  perMember: string;
  topUp: boolean;
  cashOut: boolean;
  carries: boolean;
  money: string;
} & Record<Duty, string>;

// `IPointToken.Settings`.
export type Settings = {
  name: string;
  symbol: string;
  contractURI: string;
  admin: Address;
  adminDelay: number;
  decimals: number;
  monthsPerEpoch: number;
  lifetime: number;
  transferable: boolean;
};

// A wish that the contracts can take.
export type Program = {
  settings: Settings;
  prices: { bid: bigint; ask: bigint };
  guards: { maxStep: number; maxDailyMove: number; notice: number };
  award: { awarder: Address; limit: bigint; period: number } | null;
  duties: readonly (readonly [Duty, Address])[];
  limits: { maxOut: bigint; maxIn: bigint; maxPerMember: bigint };
  cash: { topUp: boolean; cashOut: boolean };
  carries: boolean;
  money: bigint;
};

export type Faults = Partial<Record<keyof Wish, string>>;

export const DAY = 86_400;
const MOST_NAME = 31;
const PER_CENT = 10_000n;

// Careful, and good for most: quiet limits, prices that move slowly, all duties with the issuer,
// who hands them out later. Correcting is left to nobody until somebody needs it.
export function defaults(account: Address): Wish {
  return {
    name: "",
    symbol: "",
    decimals: "0",
    transferable: "yes",
    about: "",
    picture: "",
    months: "12",
    lifetime: "2",
    bid: "0.008",
    ask: "0.01",
    step: "20",
    notice: "0",
    awarder: account,
    budget: "10000",
    period: String(DAY),
    delay: String(2 * DAY),
    maxOut: "500",
    maxIn: "500",
    perMember: "",
    topUp: false,
    cashOut: false,
    carries: false,
    money: "",
    ...(Object.fromEntries(DUTIES.map((duty) => [duty, account])) as Record<Duty, string>),
    corrector: "",
  };
}

// What is wrong with a wish, by field; what the chain alone knows stays out of it.
export function faultsOf(wish: Wish): Faults {
  const faults: Faults = { ...faultsOfPoints(wish), ...faultsOfPrices(wish) };
  const { decimals } = theNetwork().settlement;
  const amounts = [
    ["maxOut", decimals], ["maxIn", decimals], ["money", decimals],
    ["perMember", Number(wish.decimals)], ["budget", Number(wish.decimals)],
  ] as const;
  for (const [field, places] of amounts) {
    if (limitOf(wish[field], places) === null) faults[field] = amountFault(places);
  }
  for (const field of ["awarder", ...DUTIES] as const) {
    if (wish[field].trim() && !addressIn(wish[field])) faults[field] = say("fault.address");
  }
  const hasBudget = wish.budget.trim() !== "" && limitOf(wish.budget, 4) !== 0n;
  if (hasBudget && !wish.awarder.trim()) faults.awarder = say("setup.awarderFault");
  return faults;
}

function faultsOfPoints(wish: Wish): Faults {
  const faults: Faults = {};
  const bytes = new TextEncoder().encode(wish.name.trim()).length;
  if (bytes === 0 || bytes > MOST_NAME) faults.name = say("setup.nameFault", { bytes });
  if (!/^[A-Z0-9]{1,11}$/.test(wish.symbol)) faults.symbol = say("setup.symbolFault");
  return faults;
}

function faultsOfPrices(wish: Wish): Faults {
  const faults: Faults = {};
  const [bid, ask] = [limitOf(wish.bid, PRICE_DECIMALS), limitOf(wish.ask, PRICE_DECIMALS)];
  if (!bid) faults.bid = amountFault(PRICE_DECIMALS);
  if (!ask) faults.ask = amountFault(PRICE_DECIMALS);
  if (bid && ask && bid > ask) faults.bid = say("setup.bidFault");
  const step = limitOf(wish.step, 2);
  if (step === null || step > PER_CENT) faults.step = say("setup.stepFault");
  return faults;
}

// The program that is wished for; only of a wish without faults.
export function programOf(wish: Wish, admin: Address): Program {
  const decimals = Number(wish.decimals);
  const money = (text: string) => limitOf(text, theNetwork().settlement.decimals) ?? 0n;
  const [limit, awarder] = [limitOf(wish.budget, decimals) ?? 0n, addressIn(wish.awarder)];
  const held = DUTIES.map((duty) => [duty, addressIn(wish[duty])] as const);
  const months = Number(wish.months);
  return {
    settings: {
      name: wish.name.trim(),
      symbol: wish.symbol,
      contractURI: aboutUri(wish),
      admin,
      adminDelay: Number(wish.delay),
      decimals,
      monthsPerEpoch: months,
      lifetime: months === 0 ? 1 : Number(wish.lifetime),
      transferable: wish.transferable === "yes",
    },
    prices: {
      bid: limitOf(wish.bid, PRICE_DECIMALS) ?? 0n,
      ask: limitOf(wish.ask, PRICE_DECIMALS) ?? 0n,
    },
    guards: {
      // Per cent with two decimals are millionths of a hundredth.
      maxStep: Number(limitOf(wish.step, 2) ?? 0n) * 100,
      maxDailyMove: 0,
      notice: Number(wish.notice),
    },
    award: awarder && limit ? { awarder, limit, period: Number(wish.period) } : null,
    duties: held.filter((one): one is [Duty, Address] => one[1] !== null),
    limits: {
      maxOut: money(wish.maxOut),
      maxIn: money(wish.maxIn),
      maxPerMember: limitOf(wish.perMember, decimals) ?? 0n,
    },
    cash: { topUp: wish.topUp, cashOut: wish.cashOut },
    carries: wish.carries,
    money: money(wish.money),
  };
}

// ERC-7572, in the contract itself: nobody has to be asked for it.
function aboutUri(wish: Wish): string {
  const description = wish.about.trim() || undefined;
  const image = wish.picture || undefined;
  if (!description && !image) return "";
  const told = JSON.stringify({ name: wish.name.trim(), description, image });
  return `data:application/json,${encodeURIComponent(told)}`;
}
