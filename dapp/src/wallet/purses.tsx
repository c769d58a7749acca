// Points set aside for tills: what is left, asking for them back, and having them back.

import { useEffect, useState } from "preact/hooks";
import { zeroAddress } from "viem";

import { DESK } from "@abi";
import type { Account } from "../app/device";
import { Refused } from "../app/http";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { date, plain } from "../app/text";
import * as wallet from "../app/wallet";
import type { Purse } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { readContract } from "../chain/reading";
import { Icon } from "../design/icons";
import { Button, Card, Notice } from "../design/parts";
import { walletOf } from "../signing/injected";
import { releasing } from "../signing/messages";
import { askForReturn, follow } from "../signing/relay";
import { spanFor } from "../signing/spans";
import { transact } from "../signing/transacting";
import { say } from "../words";
import { useAttempt, useReview } from "./attempting";
import { Told } from "./confirm";
import { points } from "./fields";

const DAY = 86_400;
const USUAL_WINDOW = 3 * DAY;

let window: number | null = null;

// Seconds for which the desk keeps a purse that was asked back: twice the offline window, so that
// every till that has not heard of it is settled by then.
export function useWait(): number {
  const [found, setFound] = useState(window ?? USUAL_WINDOW);
  useEffect(() => {
    const address = wallet.theNetwork().contracts.desk;
    readContract(wallet.chain(), { address, abi: DESK, functionName: "offlineWindow" }).then(
      (read) => setFound((window = Number(read))),
      () => undefined,
    );
  }, []);
  return 2 * found;
}

export function inDays(seconds: number): number {
  return Math.ceil(seconds / DAY);
}

export function Purses({ program, purses }: { program: Program; purses: Purse[] }) {
  return (
    <Card label={say("program.purses")}>
      <h2>{say("program.purses")}</h2>
      {purses.map((purse) => (
        <PurseRow key={purse.merchant} program={program} purse={purse} />
      ))}
    </Card>
  );
}

function PurseRow({ program, purse }: { program: Program; purse: Purse }) {
  const names = useStore(wallet.merchants);
  const time = useStore(wallet.portfolio)?.time ?? 0;
  const { merchant, total, returnableAt } = purse;
  useEffect(() => {
    if (merchant !== zeroAddress) void wallet.learnMerchant(merchant);
  }, [merchant]);
  const isAsked = returnableAt > 0;
  return (
    <div class="purse" data-purse={isAsked ? (returnableAt > time ? "closing" : "due") : "open"}>
      <Icon name={isAsked ? "clock" : "shop"} size={20} />
      <div>
        <p>
          <bdi>
            {merchant === zeroAddress
              ? say("program.anyShop")
              : plain(names.get(merchant) ?? merchant)}
          </bdi>
        </p>
        <State program={program} purse={purse} time={time} />
      </div>
      {!isAsked && total > 0n && <Release program={program} purse={purse} />}
      {isAsked && returnableAt <= time && <Return program={program} purse={purse} />}
    </div>
  );
}

function State({ program, purse, time }: { program: Program; purse: Purse; time: number }) {
  const { language } = useStore(settings);
  const { total, spendable, returnableAt } = purse;
  const words =
    returnableAt === 0
      ? say("field.available", { amount: points(program, spendable) })
      : returnableAt > time
        ? say("hold.closing", {
            amount: points(program, total),
            date: date(returnableAt, language),
          })
        : say("hold.due", { amount: points(program, total) });
  return <p class="small soft">{words}</p>;
}

type Props = { program: Program; purse: Purse };

// Asking for points back. How long it takes is told before anything is signed.
function Release({ program, purse: { merchant, total } }: Props) {
  const { language } = useStore(settings);
  const member = useStore(wallet.account)?.address;
  const wait = useWait();
  const { fault, review } = useReview();
  const release = async () => {
    if (!member) return;
    const now = wallet.portfolio.value?.time ?? 0;
    const note = say("hold.note", {
      amount: points(program, total),
      date: date(now + wait, language),
    });
    const make = async () => {
      const span = await spanFor(wallet.chain(), program.token, member);
      return releasing(wallet.theNetwork(), program, member, merchant, span);
    };
    await review(make, note);
  };
  return (
    <>
      <Button look="plain" onClick={() => void release()}>
        {say("hold.release")}
      </Button>
      {fault && <Notice look="bad">{fault}</Notice>}
    </>
  );
}

// The wait is over. Anyone may hand a purse back to its member: the relay does, and where there is
// none, the member's own wallet.
function Return({ program, purse: { merchant } }: Props) {
  const account = useStore(wallet.account);
  const { fault, isBusy, attempt } = useAttempt();
  const fetchBack = async (member: Account) => {
    await returned(member, program, merchant);
    await wallet.refresh();
  };
  return (
    <>
      <Button
        wide
        busy={isBusy}
        onClick={() => account && void attempt(() => fetchBack(account))}
      >
        {say("hold.return")}
      </Button>
      {fault && <Notice look="bad">{fault}</Notice>}
    </>
  );
}

async function returned(
  account: Account, { token }: Program, merchant: Purse["merchant"],
): Promise<void> {
  try {
    const last = await follow(await askForReturn(token, account.address, merchant));
    if (last.state === "failed") throw notReturned(last.reason ?? "?");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const own = account.kind === "wallet" ? walletOf(account.rdns) : undefined;
    if (!own || error.kind !== "no-relay") throw notReturned(error.message);
    const { desk } = wallet.theNetwork().contracts;
    await transact(wallet.chain(), wallet.theNetwork(), own, account.address, {
      address: desk, abi: DESK, functionName: "returnPurse", args: [token, account.address, merchant],
    });
  }
}

function notReturned(reason: string): Told {
  return new Told(say("hold.notReturned", { reason: plain(reason, 300) }));
}
