// What an account needs before it can create programs, and whether it has it.

import type { Address } from "viem";

import { MONEY } from "@abi";
import { REGISTRY_ISSUER } from "@issuing";
import { plain } from "../../app/text";
import { clientOf } from "../../chain/network";
import { latestBlock, readContract } from "../../chain/reading";
import { sender } from "../sending";
import { theNetwork } from "../session";

export type Standing = {
  hasWallet: boolean;
  hasEther: boolean;
  // Whether the network has an exchange for new programs.
  isOpen: boolean;
  vouching: "none" | "ended" | "void" | "good";
  legalName: string;
  validUntil: number;
  // What the account has to pay in, in base units of money.
  money: bigint;
  // The chain's clock.
  now: number;
  // Whether nothing is missing without which the chain would refuse.
  isReady: boolean;
};

const NOBODY = /^0x0{40}$/;

export async function standingOf(account: Address): Promise<Standing> {
  const { registry, settlementToken } = theNetwork().contracts;
  const client = clientOf(theNetwork());
  const about = { address: registry, abi: REGISTRY_ISSUER } as const;
  const [isGood, found, exchange, money, balance, price, block] = await Promise.all([
    readContract(client, { ...about, functionName: "isAccredited", args: [account] }),
    readContract(client, { ...about, functionName: "credentialOf", args: [account] }),
    readContract(client, { ...about, functionName: "exchange" }),
    readContract(client, {
      address: settlementToken, abi: MONEY, functionName: "balanceOf", args: [account],
    }),
    client.request({ method: "eth_getBalance", params: [account, "latest"] }),
    client.request({ method: "eth_gasPrice" }),
    latestBlock(client),
  ]);
  const { legalName, validUntil, issuedAt } = found.credential;
  const hasEnded = Number(validUntil) <= block.timestamp;
  const hasWallet = canSend();
  const isOpen = !NOBODY.test(exchange);
  return {
    hasWallet,
    hasEther: Number(balance) > 0 || Number(price) === 0,
    isOpen,
    vouching: isGood ? "good" : issuedAt === 0n ? "none" : hasEnded ? "ended" : "void",
    legalName: plain(legalName, 100),
    validUntil: Number(validUntil),
    money,
    now: block.timestamp,
    isReady: hasWallet && isOpen && isGood,
  };
}

function canSend(): boolean {
  try {
    sender();
    return true;
  } catch {
    return false;
  }
}
