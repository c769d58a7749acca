// What a conversion would give, or why it would be refused, before anyone signs.

import type { Address, Client } from "viem";
import { readContract } from "./reading";

import { EXCHANGE } from "@abi";
import type { Key } from "../words";
import type { Network } from "./network";

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

// What is converted, of whom and for whom; either side may be money.
export type Wish = {
  from: Address;
  to: Address;
  amount: bigint;
  member: Address;
  recipient: Address;
};

export async function quote(
  client: Client, network: Network, { from, to, amount, member, recipient }: Wish,
): Promise<Quote> {
  const { exchange: address } = network.contracts;
  const ask = (token: Address) =>
    readContract(client, { address, abi: EXCHANGE, functionName: "programOf", args: [token] });
  const [[out, refusal], source, target] = await Promise.all([
    readContract(client, {
      address,
      abi: EXCHANGE,
      functionName: "quote",
      args: [from, to, amount, member, recipient],
    }),
    ask(from),
    ask(to),
  ]);
  return {
    amount,
    out,
    refusal: refusal === 0 ? null : (REFUSALS[refusal] ?? "refusal.unknown"),
    versions: [source.version, target.version],
  };
}
