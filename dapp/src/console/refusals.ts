// Why the chain refuses a transaction, in words that say what to do.

import { decodeErrorResult, keccak256, stringToBytes, type Hex } from "viem";

import { REFUSALS } from "@issuing";
import { settings } from "../app/settings";
import { amount, money, plain, short } from "../app/text";
import { say, type Bare } from "../words";
import { PRICE_DECIMALS } from "./amounts";
import { theNetwork } from "./session";

export const DUTIES = [
  "guardian", "pricer", "treasurer", "corrector", "freezer", "recoverer",
] as const;
export type Duty = (typeof DUTIES)[number];

// As `contracts/libraries/Roles.sol` names them.
export function roleOf(duty: Duty): Hex {
  return keccak256(stringToBytes(`${duty.toUpperCase()}_ROLE`));
}

type Said = (args: readonly any[]) => string;

// Moves are millionths, of which ten thousand are one per cent.
const PER_CENT_DECIMALS = 4;

const SAID: Record<string, Said> = {
  MissingRole: ([, , role]) => lacks(role),
  AccessControlUnauthorizedAccount: ([, role]) => lacks(role),
  NotAwarder: () => say("refused.awarder"),
  BudgetExceeded: () => say("refused.budget"),
  BatchAlreadyAwarded: () => say("refused.awarded"),
  ProgramPaused: () => say("refused.paused"),
  MemberFrozen: ([member]) => say("refused.frozen", { member: short(member) }),
  MemberNotFrozen: ([member]) => say("refused.notFrozen", { member: short(member) }),
  AccountTooSmall: ([, held]) => say("refused.account", { amount: cash(held) }),
  ERC20InsufficientBalance: ([, held]) => say("refused.wallet", { amount: cash(held) }),
  PriceStepTooLarge: ([old, , most]) => say("refused.step", move(old, most)),
  DailyMoveTooLarge: ([old, , most]) => say("refused.move", move(old, most)),
  NotAccredited: () => say("refused.accredited"),
  SymbolTaken: ([symbol]) => say("refused.symbol", { symbol: plain(symbol, 11) }),
  CredentialOutdated: () => say("refused.outdated"),
  InvalidValidity: () => say("refused.validity"),
  NotVerifier: ([verifier]) => say("refused.verifier", { verifier }),
};

export function refusalOf(data: Hex): string {
  try {
    const { errorName, args = [] } = decodeErrorResult({ abi: REFUSALS, data });
    const known = SAID[errorName]?.(args);
    return known ?? say("refused.other", { reason: `${errorName}(${args.join(", ")})` });
  } catch {
    return say("refused.other", { reason: data.slice(0, 10) });
  }
}

function lacks(role: string): string {
  const duty = DUTIES.find((one) => roleOf(one) === role);
  const name: Bare = duty ? `duty.${duty}` : "duty.admin";
  return say("refused.role", { role: say(name) });
}

function cash(base: bigint): string {
  const { symbol, decimals } = theNetwork().settlement;
  return money(base, symbol, decimals, settings.value.language);
}

function move(old: bigint, most: number): { old: string; most: string } {
  const { language } = settings.value;
  return {
    old: amount(old, PRICE_DECIMALS, language, true),
    most: amount(BigInt(most), PER_CENT_DECIMALS, language, true),
  };
}
