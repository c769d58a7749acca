// The transactions that make a program, each with what the chain must show for it to be done. So a
// set-up that was interrupted sends only what is missing.

import type { Address } from "viem";

import { EXCHANGE_ISSUER, REGISTRY_ISSUER, TOKEN_ISSUER } from "@issuing";
import { settings as chosen } from "../../app/settings";
import { amount, plain, short } from "../../app/text";
import { clientOf } from "../../chain/network";
import { readContract } from "../../chain/reading";
import type { Call } from "../../signing/transacting";
import { say } from "../../words";
import { PRICE_DECIMALS } from "../amounts";
import { approval, mayTake, payment } from "../funding";
import { euros } from "../parts";
import { roleOf, type Duty } from "../refusals";
import { theNetwork } from "../session";
import { spanOf } from "./spans";
import type { Program } from "./wish";

export type Step = {
  // Never changes: a set-up that was kept knows it by this.
  name: string;
  words: () => string;
  call: Call;
  isDone: () => Promise<boolean>;
};

const NOBODY = "0x0000000000000000000000000000000000000000";

export class SymbolTaken extends Error {}

export function stepsOf(program: Program, token: Address, issuer: Address): Step[] {
  return [
    creation(program, token),
    ...duties(program, token, issuer),
    ...budget(program, token, issuer),
    ...rules(program, token),
    ...money(program, token, issuer),
  ];
}

// Where these settings put the program: its address follows from all of them.
export function predicted(program: Program, issuer: Address): Promise<Address> {
  return read(REGISTRY_ISSUER, theNetwork().contracts.registry, "predictProgram", [
    issuer, program.settings,
  ]) as Promise<Address>;
}

export async function tokenOf(symbol: string): Promise<Address | null> {
  const registry = theNetwork().contracts.registry;
  const found = await read(REGISTRY_ISSUER, registry, "tokenOf", [symbol]);
  return found === NOBODY ? null : (found as Address);
}

function creation({ settings }: Program, token: Address): Step {
  return {
    name: "create",
    words: () =>
      say("step.create", { name: plain(settings.name), symbol: plain(settings.symbol, 11) }),
    call: {
      address: theNetwork().contracts.registry,
      abi: REGISTRY_ISSUER,
      functionName: "createProgram",
      args: [settings],
    },
    isDone: async () => {
      const found = await tokenOf(settings.symbol);
      if (found !== null && found !== token) throw new SymbolTaken(settings.symbol);
      return found === token;
    },
  };
}

// Only a pricer sets prices. If that is somebody else, the issuer is one for the first prices.
function duties(program: Program, token: Address, issuer: Address): Step[] {
  const pricer = program.duties.find(([duty]) => duty === "pricer")?.[1];
  const given = program.duties.map(([duty, account]) => grant(token, duty, account, issuer));
  const first = prices(program, token);
  if (pricer === issuer) return [...given, first];
  return [
    ...given,
    {
      ...grant(token, "pricer", issuer, issuer),
      name: "price once",
      words: () => say("step.priceOnce"),
      isDone: async () => (await first.isDone()) || hasRole(token, "pricer", issuer),
    },
    first,
    {
      name: "price no more",
      words: () => say("step.priceNoMore"),
      call: {
        address: token,
        abi: TOKEN_ISSUER,
        functionName: "renounceRole",
        args: [roleOf("pricer"), issuer],
      },
      isDone: async () => (await first.isDone()) && !(await hasRole(token, "pricer", issuer)),
    },
  ];
}

function grant(token: Address, duty: Duty, account: Address, issuer: Address): Step {
  return {
    name: `grant ${duty}`,
    words: () => say("step.grant", { duty: say(`duty.${duty}`), account: named(account, issuer) }),
    call: {
      address: token,
      abi: TOKEN_ISSUER,
      functionName: "grantRole",
      args: [roleOf(duty), account],
    },
    isDone: () => hasRole(token, duty, account),
  };
}

function named(account: Address, issuer: Address): string {
  return account === issuer ? say("step.you") : short(account);
}

function hasRole(token: Address, duty: Duty, account: Address): Promise<boolean> {
  return read(TOKEN_ISSUER, token, "hasRole", [roleOf(duty), account]) as Promise<boolean>;
}

function prices({ prices: { bid, ask } }: Program, token: Address): Step {
  const shown = (price: bigint) => amount(price, PRICE_DECIMALS, chosen.value.language, true);
  return {
    name: "prices",
    words: () => say("step.prices", { bid: shown(bid), ask: shown(ask) }),
    call: exchanging("setPrices", [token, bid, ask]),
    isDone: async () => {
      const found = await asked("programOf", token);
      return found.bid === bid && found.ask === ask;
    },
  };
}

function budget({ award, settings }: Program, token: Address, issuer: Address): Step[] {
  if (!award) return [];
  const { awarder, limit, period } = award;
  const points = amount(limit, settings.decimals, chosen.value.language, true);
  return [
    {
      name: "budget",
      words: () =>
        say("step.budget", {
          account: named(awarder, issuer),
          points: `${points} ${plain(settings.symbol, 11)}`,
          span: spanOf(period),
        }),
      call: {
        address: token,
        abi: TOKEN_ISSUER,
        functionName: "setBudget",
        args: [awarder, limit, period],
      },
      isDone: async () => {
        const found: any = await read(TOKEN_ISSUER, token, "budgetOf", [awarder]);
        return found.limit === limit && found.period === period;
      },
    },
  ];
}

// What is as the exchange has it by itself takes no transaction.
function rules(program: Program, token: Address): Step[] {
  const { guards, limits, cash, carries } = program;
  const guarding = () => guardWords(guards);
  const limiting = () => limitWords(program);
  return [
    rule("guards", guarding, "setPriceGuards", "priceGuardsOf", guards, token),
    rule("limits", limiting, "setDailyLimits", "dailyLimitsOf", limits, token),
    rule("cash", () => cashWords(cash), "switchCash", "cashSwitchesOf", cash, token),
    rule("carry", () => say("step.carry"), "setCarryExpiry", "carriesExpiry", carries, token),
  ].filter((one) => one !== null);
}

function guardWords({ maxStep, notice }: Program["guards"]): string {
  const step = amount(BigInt(maxStep), 4, chosen.value.language, true);
  return [
    maxStep && say("step.moves", { step }),
    notice && say("step.notice", { span: spanOf(notice) }),
  ].filter(Boolean).join(" · ");
}

function limitWords({ limits: { maxOut, maxIn, maxPerMember }, settings }: Program): string {
  const points = amount(maxPerMember, settings.decimals, chosen.value.language, true);
  const most = [
    maxOut && say("step.out", { amount: euros(maxOut) }),
    maxIn && say("step.in", { amount: euros(maxIn) }),
    maxPerMember && say("step.member", { amount: `${points} ${plain(settings.symbol, 11)}` }),
  ];
  return say("step.limits", { limits: most.filter(Boolean).join(" · ") });
}

function cashWords({ topUp, cashOut }: Program["cash"]): string {
  const open = [topUp && say("step.topUp"), cashOut && say("step.cashOut")];
  return open.filter(Boolean).join(" · ");
}

type Value = boolean | Record<string, bigint | number | boolean>;

function rule(
  name: string, words: () => string, setter: string, getter: Getter, wanted: Value, token: Address,
): Step | null {
  const parts = typeof wanted === "boolean" ? [wanted] : Object.values(wanted);
  if (!parts.some(Boolean)) return null;
  return {
    name,
    words,
    call: exchanging(setter, [token, wanted]),
    isDone: async () => {
      const found = await asked(getter, token);
      if (typeof wanted === "boolean") return found === wanted;
      return Object.entries(wanted).every(([part, value]) => found[part] === value);
    },
  };
}

function money({ money: paid }: Program, token: Address, issuer: Address): Step[] {
  if (paid === 0n) return [];
  const isPaid = async () => (await asked("programOf", token)).account >= paid;
  return [
    {
      name: "approve",
      words: () => say("step.approve", { amount: euros(paid) }),
      call: approval(paid),
      isDone: async () => (await isPaid()) || mayTake(issuer, paid),
    },
    {
      name: "fund",
      words: () => say("step.fund", { amount: euros(paid) }),
      call: payment(token, paid),
      isDone: isPaid,
    },
  ];
}

type Getter = "programOf" | "priceGuardsOf" | "dailyLimitsOf" | "cashSwitchesOf" | "carriesExpiry";

function exchanging(functionName: string, args: unknown[]): Call {
  return { address: theNetwork().contracts.exchange, abi: EXCHANGE_ISSUER, functionName, args };
}

function asked(getter: Getter, token: Address): Promise<any> {
  return read(EXCHANGE_ISSUER, theNetwork().contracts.exchange, getter, [token]);
}

function read(
  abi: readonly unknown[], address: Address, functionName: string, args: unknown[],
): Promise<unknown> {
  return readContract(clientOf(theNetwork()), { address, abi, functionName, args } as never);
}

