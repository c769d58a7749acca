// Money into an issuer's account: first the exchange may take it, then it does.

import type { Address } from "viem";

import { MONEY } from "@abi";
import { EXCHANGE_ISSUER } from "@issuing";
import { clientOf } from "../chain/network";
import { readContract } from "../chain/reading";
import type { Call } from "../signing/transacting";
import { theNetwork } from "./session";

export function approval(amount: bigint): Call {
  const { exchange, settlementToken: address } = theNetwork().contracts;
  return { address, abi: MONEY, functionName: "approve", args: [exchange, amount] };
}

export async function mayTake(payer: Address, amount: bigint): Promise<boolean> {
  const { exchange, settlementToken: address } = theNetwork().contracts;
  const allowed = await readContract(clientOf(theNetwork()), {
    address,
    abi: MONEY,
    functionName: "allowance",
    args: [payer, exchange],
  });
  return allowed >= amount;
}

export function payment(token: Address, amount: bigint): Call {
  const address = theNetwork().contracts.exchange;
  return { address, abi: EXCHANGE_ISSUER, functionName: "fund", args: [token, amount] };
}
