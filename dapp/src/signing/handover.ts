// Everything that moves to another account, as one act: all of it is signed before any of it is sent,
// so that whoever stops half-way has sent nothing. Points of each program are signed for their own
// token, so it takes a signature for each.

import type { Address, Client, Hex } from "viem";

import type { Account } from "../app/device";
import type { Network } from "../chain/network";
import type { Program } from "../chain/programs";
import { sign } from "./asking";
import { sending, type Message } from "./messages";
import { follow, handIn } from "./relay";
import { spanFor } from "./spans";

export type Step = "waiting" | "signed" | "under way" | "done" | "failed";

// One program's part: the message, its signature once there is one, and how far it is.
export type Part = {
  program: Program;
  amount: bigint;
  message: Message;
  validBefore: bigint;
  signature: Hex | null;
  step: Step;
  reason: string | null;
};

// Seconds that a message must still be good for, so that all can be signed and sent.
const ENOUGH = 300;

// The parts that are to be signed, read in one go.
export function prepared(
  client: Client, network: Network, from: Address, to: Address,
  amounts: readonly (readonly [program: Program, amount: bigint])[],
): Promise<Part[]> {
  return Promise.all(
    amounts.map(async ([program, amount]) => {
      const span = await spanFor(client, program.token, from);
      const message = sending(network, program, from, to, amount, span);
      const { validBefore } = span;
      const start = { signature: null, step: "waiting", reason: null } as const;
      return { program, amount, message, validBefore, ...start };
    }),
  );
}

// Whether a part has to be made anew before it is signed: it failed, or is good for too short a time.
export function isStale({ step, validBefore }: Part, now: number): boolean {
  if (step === "done" || step === "under way") return false;
  return step === "failed" || Number(validBefore) - now < ENOUGH;
}

// Has the parts signed that are not signed yet, one after the other, and tells each.
export async function signAll(
  account: Account, parts: readonly Part[], tell: (part: Part) => void,
): Promise<Part[]> {
  const signed: Part[] = [];
  for (const part of parts) {
    if (part.step !== "waiting") signed.push(part);
    else {
      const signature = await sign(account, part.message);
      signed.push({ ...part, signature, step: "signed" });
      tell(signed[signed.length - 1] as Part);
    }
  }
  return signed;
}

// Hands in what is signed, all at once, and follows each part to its block.
export async function sendAll(
  member: Address, parts: readonly Part[], tell: (part: Part) => void,
): Promise<void> {
  const ready = parts.filter(({ step }) => step === "signed");
  await Promise.all(ready.map((part) => sendOne(member, part, tell)));
}

async function sendOne(member: Address, part: Part, tell: (part: Part) => void): Promise<void> {
  if (part.signature === null) return;
  tell({ ...part, step: "under way" });
  try {
    const last = await follow(await handIn(member, part.message, part.signature));
    const step = last.state === "failed" ? "failed" : "done";
    tell({ ...part, step, reason: last.reason });
  } catch (error) {
    tell({ ...part, step: "failed", reason: error instanceof Error ? error.message : "?" });
  }
}
