// The transactions of a set-up, one after another: which are done, which is waited for, what to do.

import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";

import { useStore } from "../../app/store";
import { plain } from "../../app/text";
import { until } from "../../chain/waiting";
import { Icon } from "../../design/icons";
import { Button, Card, Notice, Stamp } from "../../design/parts";
import { say } from "../../words";
import { faultOf } from "../faults";
import { toTop } from "../parts";
import { sender } from "../sending";
import { own, reload } from "../session";
import { carryOut } from "./carrying";
import { dropSetup, keepSetup, type Setup } from "./keeping";
import { stepsOf, SymbolTaken, type Step } from "./steps";
import { programOf } from "./wish";

// An index that is far behind takes its time.
const PATIENCE = 600_000;

type Waiting = { name: string; waitsFor: "wallet" | "block" };

export function ProgressPage({
  account, kept, token, onOpen,
}: {
  account: Address;
  kept: Setup;
  token: Address;
  onOpen: (token: Address) => void;
}) {
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const steps = stepsOf(programOf(kept.wish, account), token, account);
  const done = steps.filter(({ name }) => kept.done.includes(name)).length;
  const isBegun = kept.done.length > 0 || kept.sent !== null;
  const run = async () => {
    setFault(null);
    setWaiting({ name: "", waitsFor: "wallet" });
    try {
      await carryOut(account, steps, (name, waitsFor) => setWaiting({ name, waitsFor }));
    } catch (error) {
      const isTaken = error instanceof SymbolTaken;
      setFault(isTaken ? say("refused.symbol", { symbol: error.message }) : faultOf(error));
    }
    setWaiting(null);
  };
  // Who has just said yes is asked by the wallet at once; who comes back says so first.
  useEffect(() => {
    toTop();
    if (!isBegun) void run();
  }, []);
  const change = () => keepSetup(account, { ...kept, token: null, done: [], sent: null });
  const symbol = plain(kept.wish.symbol, 11);
  if (done === steps.length && !waiting) {
    return <Done account={account} kept={kept} token={token} onOpen={onOpen} />;
  }
  return (
    <div class="setup">
      <Card label={say("setup.progress", { done, all: steps.length })}>
        <div class="setup-head">
          <Stamp program={{ token, symbol, image: null }} />
          <div>
            <h2>{plain(kept.wish.name)}</h2>
            <p class="soft small" role="status" data-progress>
              {say("setup.progress", { done, all: steps.length })}
            </p>
          </div>
        </div>
        <Steps steps={steps} kept={kept} waiting={waiting} />
        {fault && <Notice look="bad">{fault}</Notice>}
        {waiting ? (
          <Notice>
            {waiting.waitsFor === "wallet"
              ? say("setup.confirm", { wallet: walletName() })
              : say("sign.sent")}
          </Notice>
        ) : (
          <>
            <p class="soft small">{say("setup.goOnText")}</p>
            <Button wide icon="wallet" onClick={() => void run()}>
              {say("setup.goOn")}
            </Button>
            {isBegun ? (
              <Button look="plain" onClick={() => void dropSetup(account)}>
                {say("setup.leave")}
              </Button>
            ) : (
              <Button look="plain" onClick={() => void change()}>
                {say("setup.change")}
              </Button>
            )}
          </>
        )}
      </Card>
    </div>
  );
}

function walletName(): string {
  return plain(sender().wallet.info.name, 24);
}

function Steps({ steps, kept, waiting }: { steps: Step[]; kept: Setup; waiting: Waiting | null }) {
  const stateOf = (name: string) => {
    if (kept.done.includes(name)) return "done";
    const isNow = waiting && (waiting.name === name || kept.sent?.names.includes(name));
    return isNow ? "now" : "open";
  };
  return (
    <ol class="steps">
      {steps.map((step) => (
        <li key={step.name} class={`step ${stateOf(step.name)}`} data-step={stateOf(step.name)}>
          <span class="step-mark" aria-hidden="true">
            {stateOf(step.name) === "done" && <Icon name="check" size={16} />}
            {stateOf(step.name) === "now" && <span class="spinner" />}
          </span>
          <span>{step.words()}</span>
        </li>
      ))}
    </ol>
  );
}

// Everything stands. It can be opened when the API has read that far.
function Done({
  account, kept, token, onOpen,
}: {
  account: Address;
  kept: Setup;
  token: Address;
  onOpen: (token: Address) => void;
}) {
  const programs = useStore(own);
  const isListed = programs?.some(({ program }) => program.token === token) ?? false;
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    void until(PATIENCE, async () => {
      await reload().catch(() => undefined);
      return own.value?.some(({ program }) => program.token === token) ? true : null;
    });
  }, []);
  const open = async () => {
    setBusy(true);
    await dropSetup(account);
    onOpen(token);
  };
  const { name, symbol } = kept.wish;
  return (
    <div class="setup">
      <Card label={say("setup.done", { name: plain(name) })}>
        <div class="told done">
          <span class="done-mark">
            <Icon name="check" size={30} />
          </span>
          <p class="told-title">{say("setup.done", { name: plain(name) })}</p>
          <p class="mono small address">{token}</p>
          <p class="soft">{say("setup.doneText")}</p>
        </div>
        <Button wide icon="chart" busy={isBusy} disabled={!isListed} onClick={() => void open()}>
          {say("setup.open", { symbol: plain(symbol, 11) })}
        </Button>
      </Card>
    </div>
  );
}
