// The two sides of a conversion. To the exchange money is one more program, at par.

import type { Address } from "viem";

import { moneySign } from "../app/text";
import * as wallet from "../app/wallet";
import type { Program } from "../chain/programs";
import { Stamp } from "../design/parts";

// A program, or money, which is all that has no name of its own.
export type Side = Program | Money;

export type Money = { token: Address; symbol: string; name: null; decimals: number };

export function theMoney(): Money {
  const { contracts, settlement } = wallet.theNetwork();
  return { token: contracts.settlementToken, ...settlement, name: null };
}

export function isMoney(side: Side): side is Money {
  return side.name === null;
}

export function SideStamp({ side }: { side: Side }) {
  if (!isMoney(side)) return <Stamp program={side} />;
  return (
    <span class="stamp stamp-m money" aria-hidden="true">
      <span>{moneySign(side.symbol).slice(0, 3)}</span>
    </span>
  );
}
