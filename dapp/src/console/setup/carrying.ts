// Carries a set-up out: sends what the chain does not show yet, and keeps what has happened after
// each step, so that it can stop anywhere.

import type { Address, Hex } from "viem";

import { canSendTogether, sendTogether } from "../../signing/together";
import {
  dataOf, isKnown, mined, minedTogether, rehearse, Reverted, send,
} from "../../signing/transacting";
import { sender } from "../sending";
import { reloadAt } from "../session";
import { keepSetup, setup, type Setup } from "./keeping";
import type { Step } from "./steps";

const SOON = 300_000;

// `saying` is told what is waited for: the wallet, or a block.
export type Saying = (name: string, waitsFor: "wallet" | "block") => void;

export async function carryOut(account: Address, steps: Step[], saying: Saying): Promise<void> {
  const block = (await goOn(account, saying)) ?? 0;
  const { network, wallet } = sender();
  const left = await missing(account, steps);
  const last =
    left.length > 1 && (await canSendTogether(wallet, network, account))
      ? await allAtOnce(account, left, saying)
      : await oneByOne(account, left, saying);
  await reloadAt(Math.max(block, last));
}

// What was sent before the page was closed is waited for, unless nobody knows of it any more. A
// node hears late of what was sent by another one.
async function goOn(account: Address, saying: Saying): Promise<number | null> {
  const sent = kept().sent;
  if (!sent) return null;
  saying(sent.names[0] ?? "", "block");
  const isOld = Date.now() - sent.since > SOON;
  const isGone = isOld && !sent.isBundle && !(await isKnown(sender().client, sent.id as Hex));
  const block = isGone ? null : await arrival(account, sent);
  const seen = isGone ? [] : sent.names;
  await keepSetup(account, { ...kept(), done: [...kept().done, ...seen], sent: null });
  return block;
}

// In the order of the steps: what stands on the chain already is crossed off.
async function missing(account: Address, steps: Step[]): Promise<Step[]> {
  const open = steps.filter(({ name }) => !kept().done.includes(name));
  const [first, ...others] = open;
  // Before the program stands, nothing else of it can.
  if (first?.name === "create" && !(await first.isDone())) return open;
  const left: Step[] = [];
  for (const step of first ? [first, ...others] : []) {
    if (await step.isDone()) await cross(account, step.name);
    else left.push(step);
  }
  return left;
}

async function oneByOne(account: Address, steps: Step[], saying: Saying): Promise<number> {
  const { client, network, wallet } = sender();
  let block = 0;
  for (const step of steps) {
    saying(step.name, "wallet");
    const id = await send(client, network, wallet, account, step.call);
    const sent = { names: [step.name], id, isBundle: false, since: Date.now() };
    await keepSetup(account, { ...kept(), sent });
    saying(step.name, "block");
    block = await arrival(account, sent);
    await cross(account, step.name);
  }
  return block;
}

async function allAtOnce(account: Address, steps: Step[], saying: Saying): Promise<number> {
  const { client, network, wallet } = sender();
  saying("", "wallet");
  // The others need what the first one does.
  if (steps[0]) await rehearse(client, account, steps[0].call);
  const parts = steps.map(({ call }) => ({ to: call.address, data: dataOf(call) }));
  const id = await sendTogether(wallet, network, account, parts);
  const names = steps.map(({ name }) => name);
  const sent = { names, id, isBundle: true, since: Date.now() };
  await keepSetup(account, { ...kept(), sent });
  saying("", "block");
  const block = await arrival(account, sent);
  for (const { name } of steps) await cross(account, name);
  return block;
}

type Sent = NonNullable<Setup["sent"]>;

// Waits until it is in a block. What failed is not waited for again.
async function arrival(account: Address, sent: Sent): Promise<number> {
  try {
    const { client, wallet } = sender();
    return sent.isBundle
      ? await minedTogether(wallet, sent.id)
      : await mined(client, sent.id as Hex);
  } catch (error) {
    if (error instanceof Reverted) await keepSetup(account, { ...kept(), sent: null });
    throw error;
  }
}

async function cross(account: Address, name: string): Promise<void> {
  const { done } = kept();
  const next = done.includes(name) ? done : [...done, name];
  await keepSetup(account, { ...kept(), done: next, sent: null });
}

function kept(): Setup {
  if (setup.value === null) throw new Error("no set-up is under way");
  return setup.value;
}
