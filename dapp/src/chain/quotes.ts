// What a conversion would give, or why it would be refused, before anyone signs.

import type { Address, Client } from "viem";
import { readContract } from "./reading";

import { EXCHANGE } from "@abi";
import type { Key } from "../words";
import type { Network } from "./network";
import type { Program } from "./programs";

export type Quote = { amount: bigint; out: bigint; refusal: Key | null; versions: [number, number] };

// `IPointExchange.Refusal`, in its order.
const REFUSALS: readonly Key[] = [
  "refusal.unknown", "refusal.SameProgram", "refusal.ProgramNotListed", "refusal.ProgramSuspended",
  "refusal.ProgramPaused", "refusal.ExchangeOff", "refusal.PriceNotSet", "refusal.PairClosed",
  "refusal.CashOutClosed", "refusal.TopUpClosed", "refusal.ZeroOutput", "refusal.AmountTooLarge",
  "refusal.AccountTooSmall", "refusal.DailyLimitOut", "refusal.DailyLimitIn",
  "refusal.MemberFrozen", "refusal.RecipientFrozen", "refusal.TransfersDisabled",
  "refusal.BalanceTooSmall", "refusal.DailyLimitMember",
];

export async function quote(
  client: Client, network: Network, from: Program, to: Address, amount: bigint, member: Address,
): Promise<Quote> {
  const exchange = { address: network.contracts.exchange, abi: EXCHANGE } as const;
  const isMoney = to === network.contracts.settlementToken;
  const [[out, refusal], source, target] = await Promise.all([
    readContract(client, {
      ...exchange,
      functionName: "quote",
      args: [from.token, to, amount, member, member],
    }),
    readContract(client, { ...exchange, functionName: "programOf", args: [from.token] }),
    isMoney
      ? null
      : readContract(client, { ...exchange, functionName: "programOf", args: [to] }),
  ]);
  return {
    amount,
    out,
    refusal: refusal === 0 ? null : (REFUSALS[refusal] ?? "refusal.unknown"),
    versions: [source.version, target?.version ?? 0],
  };
}
