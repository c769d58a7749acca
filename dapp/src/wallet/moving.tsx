// The confirmation of a move: everything that goes along, one button, and how far it is.

import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";

import type { Account } from "../app/device";
import { back, go } from "../app/router";
import { plain } from "../app/text";
import * as wallet from "../app/wallet";
import { holdingIn } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { Icon } from "../design/icons";
import { Button, Card, Notice, Page, Stamp } from "../design/parts";
import { describe } from "../signing/describing";
import { isStale, prepared, sendAll, signAll, type Part } from "../signing/handover";
import { digestOf } from "../signing/messages";
import { Cancelled, type Passkey } from "../signing/passkey";
import { say } from "../words";
import { confirmWords, Everything, faultOf, useAround } from "./confirm";
import { points } from "./fields";

type Move = { from: Account; made: Passkey | null; to: Address; programs: Program[] };

export function Moving({ from, made, to, programs }: Move) {
  const { parts, isBusy, fault, move } = useMove(from, to, programs);
  const around = useAround();
  const count = (step: Part["step"]) => parts.filter((part) => part.step === step).length;
  const [done, all] = [count("done"), programs.length];
  const isOver = done === all;
  const signed = count("signed");
  const busyWords =
    count("waiting") > 0 ? say("move.signing", { at: signed + 1, all }) : say("sign.sent");
  return (
    <Page title={say("move.title")} {...(isBusy ? {} : { onBack: back })}>
      <Card label={say("sign.title")}>
        <div>
          <p>{say("move.ready")}</p>
          <p class="mono small address">{to}</p>
        </div>
        <ul class="entries">
          {parts.map((part) => (
            <Entry key={part.program.token} part={part} />
          ))}
        </ul>
        {!isOver && (
          <Everything
            all={parts.map(({ message }) => ({
              description: describe(message, around),
              hash: digestOf(message),
            }))}
          />
        )}
        {fault && <Notice look="bad">{fault}</Notice>}
        {signed > 0 && !isBusy && <Notice>{say("move.signed", { signed, all })}</Notice>}
        {(isBusy || done > 0) && (
          <div>
            <progress value={done} max={all} aria-label={say("move.title")} />
            <p class="soft centred" role="status">
              {isOver ? say("move.done") : say("move.progress", { done, all })}
            </p>
          </div>
        )}
        {!isOver && (
          <>
            {all > 1 && signed + done === 0 && <p class="small soft centred">{say("move.asks", { count: all })}</p>}
            <Button
              wide
              icon={from.kind === "passkey" ? "key" : "wallet"}
              busy={isBusy}
              disabled={parts.length === 0}
              onClick={() => void move()}
            >
              {isBusy ? busyWords : confirmWords(from)}
            </Button>
          </>
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

// What moves, and the one act that moves it: what is signed stays signed if the member stops half-way.
function useMove(from: Account, to: Address, programs: Program[]) {
  const [parts, setParts] = useState<Part[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const prepare = (some: readonly Program[]) =>
    prepared(wallet.chain(), wallet.theNetwork(), from.address, to, amountsOf(some));
  const tell = (part: Part) =>
    setParts((before) =>
      before.map((one) => (one.program.token === part.program.token ? part : one)),
    );
  useEffect(() => {
    prepare(programs).then(setParts, (error) => setFault(faultOf(error)));
  }, []);
  const renewed = async () => {
    const now = wallet.portfolio.value?.time ?? 0;
    const stale = parts.filter((part) => isStale(part, now)).map(({ program }) => program);
    const made = await prepare(stale);
    return parts.map((part) => made.find(({ program }) => program === part.program) ?? part);
  };
  const move = async () => {
    const some = { signed: parts.some(({ step }) => step === "signed") };
    setBusy(true);
    setFault(null);
    try {
      const fresh = await renewed();
      setParts(fresh);
      const signed = await signAll(from, fresh, (part) => {
        some.signed = true;
        tell(part);
      });
      await sendAll(from.address, signed, tell);
    } catch (error) {
      // Who stops half-way is told what is signed and that nothing was sent.
      if (!(error instanceof Cancelled) || !some.signed) setFault(faultOf(error));
    }
    await wallet.refresh();
    setBusy(false);
  };
  return { parts, isBusy, fault, move };
}

function amountsOf(programs: readonly Program[]) {
  return programs.map((program) => {
    const balance = holdingIn(wallet.portfolio.value, program.token)?.balance ?? 0n;
    return [program, balance] as const;
  });
}

function Entry({ part: { program, amount, step, reason } }: { part: Part }) {
  return (
    <li data-step={step}>
      <div class="entry">
        <Stamp program={program} size="s" />
        <span class="entry-words">
          <bdi>{plain(program.name)}</bdi>
          <span class={`small ${step === "done" ? "good" : "soft"}`}>
            {(step === "done" || step === "signed") && <Icon name="check" size={15} />}{" "}
            {say(`move.step.${step}`)}
          </span>
        </span>
        <strong>{points(program, amount)}</strong>
      </div>
      {reason && step === "failed" && (
        <Notice look="bad">{say("sign.failed", { reason: plain(reason, 300) })}</Notice>
      )}
    </li>
  );
}
