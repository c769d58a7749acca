// Points for money. No message does this for a member: the exchange may take somebody's money only
// where that money's own contract was told so, by a transaction of whoever has it.

import type { Address, Client, Hex } from "viem";

import { EXCHANGE, MONEY } from "@abi";
import type { Network } from "../chain/network";
import { latestBlock, readContract } from "../chain/reading";
import type { Wallet } from "./injected";
import { canSendTogether } from "./together";
import { transact, transactTogether, type Call } from "./transacting";

// What the exchange is asked for (`PointExchange.convert`), and who pays.
export type Purchase = {
  from: Address;
  to: Address;
  amount: bigint;
  minOut: bigint;
  recipient: Address;
  deadline: bigint;
  payer: Address;
};

export type Step = "allowing" | "buying";

// Seconds for two confirmations in a wallet, and for two blocks.
const GOOD_FOR = 15n * 60n;

export async function deadlineFrom(client: Client): Promise<bigint> {
  return BigInt((await latestBlock(client)).timestamp) + GOOD_FOR;
}

// How much money an account has.
export function moneyOf(client: Client, network: Network, account: Address): Promise<bigint> {
  const address = network.contracts.settlementToken;
  return readContract(client, { address, abi: MONEY, functionName: "balanceOf", args: [account] });
}

// Buys, and tells each step as it begins: in one go where the wallet can send several calls as one,
// else in two, of which the first stays if the second fails. Returns the last transaction, if known.
export async function buy(
  client: Client, network: Network, wallet: Wallet, purchase: Purchase, tell: (step: Step) => void,
): Promise<Hex | null> {
  const { payer } = purchase;
  const conversion = convertingCall(network, purchase);
  if (!(await isAllowed(client, network, purchase))) {
    const approval = approvingCall(network, purchase);
    if (await canSendTogether(wallet, network, payer)) {
      tell("buying");
      await transactTogether(network, wallet, payer, [approval, conversion]);
      return null;
    }
    tell("allowing");
    await transact(client, network, wallet, payer, approval);
  }
  tell("buying");
  return transact(client, network, wallet, payer, conversion);
}

// Whether the exchange may take as much already, so that the wallet asks once and not twice.
async function isAllowed(
  client: Client, network: Network, { from, payer, amount }: Purchase,
): Promise<boolean> {
  const args = [payer, network.contracts.exchange] as const;
  const call = { address: from, abi: MONEY, functionName: "allowance", args } as const;
  return (await readContract(client, call)) >= amount;
}

function approvingCall({ contracts }: Network, { from, amount }: Purchase): Call {
  const args = [contracts.exchange, amount] as const;
  return { address: from, abi: MONEY, functionName: "approve", args };
}

function convertingCall({ contracts }: Network, purchase: Purchase): Call {
  const { from, to, amount, minOut, recipient, deadline } = purchase;
  const args = [from, to, amount, minOut, recipient, deadline] as const;
  return { address: contracts.exchange, abi: EXCHANGE, functionName: "convert", args };
}
