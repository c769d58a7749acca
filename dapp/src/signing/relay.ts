// Hands signed messages to the relay, and follows them until they are in a block.

import type { Address, Hex } from "viem";

import { fetched, posted, Unreachable } from "../app/http";
import { typedData, type Message } from "./messages";
import { handedOut } from "./spans";

export type State = "accepted" | "sent" | "mined" | "final" | "failed";

export type Receipt = {
  id: string;
  state: State;
  transaction: string | null;
  block: number | null;
  reason: string | null;
};

const STATES: readonly State[] = ["accepted", "sent", "mined", "final", "failed"];
const PAUSE = 400;
const PATIENCE = 120_000;

export async function handIn(
  member: Address, message: Message, signature: Hex,
): Promise<Receipt> {
  const content = { typedData: typedData(message), signature };
  const receipt = receiptOf(await posted("/v1/messages", content));
  if ("nonce" in message.values) {
    handedOut(message.domain.contract, member, message.values.nonce);
  }
  return receipt;
}

// Has a purse handed back whose wait is over. That needs no signature: the member's stood under the
// release.
export async function askForReturn(
  token: Address, member: Address, merchant: Address,
): Promise<Receipt> {
  return receiptOf(await posted("/v1/returns", { token, member, merchant }));
}

// Waits until what was handed in is in a block or has failed; says what it learns in between.
export async function follow(
  first: Receipt, tell: (receipt: Receipt) => void = () => undefined,
): Promise<Receipt> {
  const end = Date.now() + PATIENCE;
  let receipt = first;
  while (!isDone(receipt) && Date.now() < end) {
    await new Promise((wake) => setTimeout(wake, PAUSE));
    receipt = await asked(receipt);
    tell(receipt);
  }
  return receipt;
}

export function isDone({ state }: Receipt): boolean {
  return state === "mined" || state === "final" || state === "failed";
}

async function asked(receipt: Receipt): Promise<Receipt> {
  try {
    return receiptOf(await fetched(`/v1/messages/${encodeURIComponent(receipt.id)}`));
  } catch (error) {
    if (error instanceof Unreachable) return receipt;
    throw error;
  }
}

function receiptOf(given: any): Receipt {
  const state = STATES.find((one) => one === given.state);
  if (state === undefined) throw new Unreachable("the relay's answer cannot be read");
  return {
    id: String(given.id),
    state,
    transaction: given.transaction == null ? null : String(given.transaction),
    block: given.block == null ? null : Number(given.block),
    reason: given.reason == null ? null : String(given.reason),
  };
}
