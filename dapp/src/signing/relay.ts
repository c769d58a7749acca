// Hands signed messages to the relay, and follows them until they are in a block.

import type { Hex } from "viem";

import { keepSent, type Sent } from "../app/device";
import { fetched, posted, Unreachable } from "../app/http";
import type { Account } from "../app/device";
import { typedData, type Message } from "./messages";

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

export async function handIn(account: Account, message: Message, signature: Hex): Promise<Receipt> {
  const content = { typedData: typedData(message), signature };
  const receipt = receiptOf(await posted("/v1/messages", content));
  await remember(account, message, receipt);
  return receipt;
}

// Waits until the message is in a block or has failed; says what it learns in between.
export async function follow(
  account: Account, message: Message, first: Receipt, tell: (receipt: Receipt) => void,
): Promise<Receipt> {
  const end = Date.now() + PATIENCE;
  let receipt = first;
  while (!isDone(receipt) && Date.now() < end) {
    await new Promise((wake) => setTimeout(wake, PAUSE));
    receipt = await asked(receipt);
    tell(receipt);
  }
  await remember(account, message, receipt);
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

async function remember(account: Account, message: Message, receipt: Receipt): Promise<void> {
  const sent: Sent = {
    id: receipt.id,
    member: account.address,
    type: message.kind,
    token: message.kind === "CharterSignature" ? null : message.domain.contract,
    state: receipt.state,
    at: Date.now(),
    transaction: receipt.transaction,
    reason: receipt.reason,
  };
  await keepSent(sent);
}
