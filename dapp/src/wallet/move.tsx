// Take everything along to another key or passkey: one sending for each program, which keeps the
// generations. What was not sent yet is what is still here, so that it can be done in two goes.

import { useState } from "preact/hooks";
import type { Address } from "viem";

import type { Account } from "../app/device";
import { back, go } from "../app/router";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { date, plain } from "../app/text";
import * as wallet from "../app/wallet";
import { holdingIn } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { Button, Card, Empty, Field, Notice, Page, Stamp } from "../design/parts";
import { addressIn } from "../paying/addresses";
import { sign } from "../signing/asking";
import { sending, type Message } from "../signing/messages";
import { canUsePasskeys, makePasskey, type Passkey } from "../signing/passkey";
import { follow, handIn, type Receipt } from "../signing/relay";
import { spanFor } from "../signing/spans";
import { say } from "../words";
import { faultOf } from "./confirm";
import { points, useOwned } from "./fields";

export function MovePage() {
  const owned = useOwned();
  const portfolio = useStore(wallet.portfolio);
  const [made, setMade] = useState<Passkey | null>(null);
  const [text, setText] = useState("");
  const [all, setAll] = useState<{ to: Address; programs: Program[] } | null>(null);
  const account = useStore(wallet.account);
  const to = made?.address ?? addressIn(text);
  const isSelf = to === account?.address;
  const movable = owned.filter((one) => canMove(one));
  const kept = owned.filter((one) => !canMove(one));
  const hasPurses = portfolio?.holdings.some(({ purses }) => purses.length > 0) ?? false;
  if (all && account) return <Moving from={account} made={made} {...all} />;
  return (
    <Page title={say("move.title")} onBack={back}>
      <p class="soft lead-small">{say("move.text")}</p>
      {hasPurses && <Notice look="warn">{say("move.purses")}</Notice>}
      {kept.map((one) => (
        <Notice key={one.token} look="warn">
          {say("move.skipped", { symbol: plain(one.symbol, 16) })}
        </Notice>
      ))}
      {movable.length === 0 ? (
        <Empty icon="key" title={say("move.none")} />
      ) : (
        <Card>
          <Destination made={made} setMade={setMade} text={text} setText={setText} />
          {isSelf && <Notice look="bad">{say("fault.self")}</Notice>}
          <Button
            wide
            disabled={to === null || isSelf}
            onClick={() => to && setAll({ to, programs: movable })}
          >
            {say("next.review")}
          </Button>
        </Card>
      )}
    </Page>
  );
}

function canMove(program: Program): boolean {
  return program.transferable && !holdingIn(wallet.portfolio.value, program.token)?.frozen;
}

function Destination({
  made, setMade, text, setText,
}: {
  made: Passkey | null;
  setMade: (passkey: Passkey | null) => void;
  text: string;
  setText: (text: string) => void;
}) {
  const [fault, setFault] = useState<string | null>(null);
  const { language } = useStore(settings);
  const make = async () => {
    setFault(null);
    try {
      const label = say("welcome.label", { date: date(Date.now() / 1000, language) });
      setMade(await makePasskey(label));
    } catch (error) {
      setFault(faultOf(error));
    }
  };
  if (made) {
    return (
      <Notice look="good">
        <span class="mono small address">{made.address}</span>
      </Notice>
    );
  }
  return (
    <>
      {canUsePasskeys() && (
        <Button look="quiet" wide icon="key" onClick={() => void make()}>
          {say("move.newPasskey")}
        </Button>
      )}
      {fault && <Notice look="bad">{fault}</Notice>}
      <Field
        mono
        label={say("move.orAddress")}
        value={text}
        onInput={setText}
        hint="0x…"
        fault={text && !addressIn(text) ? say("fault.address") : null}
      />
    </>
  );
}

type Step = "waiting" | "under way" | "done" | "failed";

// All programs with what moves of them, one confirmation, and how far it is.
function Moving({
  from, made, to, programs,
}: { from: Account; made: Passkey | null; to: Address; programs: Program[] }) {
  const [amounts] = useState(
    () => new Map(programs.map((one) => [one.token, balanceOf(one)] as const)),
  );
  const [steps, setSteps] = useState<ReadonlyMap<Address, Step>>(new Map());
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const done = programs.filter((one) => steps.get(one.token) === "done").length;
  const mark = (token: Address, step: Step) =>
    setSteps((before) => new Map(before).set(token, step));

  const move = async () => {
    setBusy(true);
    setFault(null);
    const left = programs.filter((one) => steps.get(one.token) !== "done");
    // While one program's points are under way, the next one is signed.
    const arriving: Promise<void>[] = [];
    try {
      for (const program of left) {
        const { message, first } = await handOver(program);
        arriving.push(arrive(program.token, message, first));
      }
    } catch (error) {
      setFault(faultOf(error));
    }
    await Promise.all(arriving);
    await wallet.refresh();
    setBusy(false);
  };
  const handOver = async (program: Program) => {
    const { token } = program;
    const value = amounts.get(token) ?? 0n;
    const span = await spanFor(wallet.chain(), token, from.address);
    const message = sending(wallet.theNetwork(), program, from.address, to, value, span);
    const signature = await sign(from, message);
    mark(token, "under way");
    return { message, first: await handIn(from, message, signature) };
  };
  const arrive = async (token: Address, message: Message, first: Receipt) => {
    const last = await follow(from, message, first, () => undefined);
    mark(token, last.state === "failed" ? "failed" : "done");
    if (last.state === "failed") {
      setFault(say("sign.failed", { reason: plain(last.reason ?? "?", 300) }));
    }
  };
  const isOver = done === programs.length;
  return (
    <Page title={say("move.title")} {...(isBusy ? {} : { onBack: back })}>
      <Card>
        <p>{say("move.ready", { count: programs.length })}</p>
        <p class="mono small address">{to}</p>
        <ul class="entries">
          {programs.map((program) => (
            <li key={program.token} class="entry" data-step={steps.get(program.token) ?? "waiting"}>
              <Stamp program={program} size="s" />
              <span class="entry-words">
                <bdi>{plain(program.name)}</bdi>
              </span>
              <strong>{points(program, amounts.get(program.token) ?? 0n)}</strong>
            </li>
          ))}
        </ul>
        {fault && <Notice look="bad">{fault}</Notice>}
        <p class="soft centred" role="status">
          {isOver ? say("move.done") : say("move.progress", { done, all: programs.length })}
        </p>
        {!isOver && (
          <Button
            wide
            icon={from.kind === "passkey" ? "key" : "wallet"}
            busy={isBusy}
            onClick={() => void move()}
          >
            {from.kind === "passkey"
              ? say("sign.withPasskey")
              : say("sign.withWallet", { name: plain(from.name, 24) })}
          </Button>
        )}
        {isOver && made && (
          <Button wide onClick={() => void wallet.enter(made).then(() => go(""))}>
            {say("move.switch")}
          </Button>
        )}
      </Card>
    </Page>
  );
}

function balanceOf(program: Program): bigint {
  return holdingIn(wallet.portfolio.value, program.token)?.balance ?? 0n;
}
