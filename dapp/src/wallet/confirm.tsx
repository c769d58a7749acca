// The sheet on which a member checks a message, signs it, and sees it happen.

import { useState } from "preact/hooks";
import type { Hex } from "viem";

import type { Account } from "../app/device";
import { Refused, Unreachable } from "../app/http";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { plain, short } from "../app/text";
import * as wallet from "../app/wallet";
import { transactionUrl } from "../chain/network";
import { Icon } from "../design/icons";
import { Button, Notice, Sheet } from "../design/parts";
import { asking, sign, WalletGone, type Asking } from "../signing/asking";
import { describe, type Around, type Description, type Line } from "../signing/describing";
import { WrongAccount, WrongChain } from "../signing/injected";
import { digestOf } from "../signing/messages";
import { Cancelled } from "../signing/passkey";
import { follow, handIn, isDone, type Receipt } from "../signing/relay";
import { Reverted, StillWaiting } from "../signing/transacting";
import { say } from "../words";

type Stage = "asked" | keyof typeof WAITING | "done" | "failed" | "slow";

const WAITING = { signing: "sign.signing", sending: "sign.sending", sent: "sign.sent" } as const;

export function Confirm() {
  const asked = useStore(asking);
  return asked && <ConfirmSheet key={digestOf(asked.message)} asked={asked} />;
}

function ConfirmSheet({ asked }: { asked: Asking }) {
  const [stage, setStage] = useState<Stage>("asked");
  const [fault, setFault] = useState<string | null>(null);
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const [signature, setSignature] = useState<Hex | null>(null);
  const account = useStore(wallet.account);
  const around = useAround();
  if (account === null) return null;
  const { message, isRelayed, note } = asked;
  const description = describe(message, around);
  const close = () => asked.answer(stage === "asked" || stage === "failed" ? null : signature);

  const confirm = async () => {
    setFault(null);
    setStage("signing");
    try {
      const signed = await sign(account, message);
      setSignature(signed);
      if (!isRelayed) return asked.answer(signed);
      setStage("sending");
      const first = await handIn(account.address, message, signed);
      setReceipt(first);
      setStage("sent");
      const last = isDone(first) ? first : await follow(first, setReceipt);
      setReceipt(last);
      finish(last);
      return undefined;
    } catch (error) {
      setFault(faultOf(error));
      setStage("asked");
      return undefined;
    }
  };
  const finish = (last: Receipt) => {
    if (last.state === "failed") {
      setFault(say("sign.failed", { reason: plain(last.reason ?? "?", 300) }));
      setStage("failed");
    } else {
      setStage(isDone(last) ? "done" : "slow");
    }
    void wallet.refresh();
  };

  const isOver = stage === "done" || stage === "failed" || stage === "slow";
  return (
    <Sheet title={say(isOver ? description.title : "sign.title")} onClose={close}>
      <Lines description={description} isDone={stage === "done"} />
      {note && !isOver && <Notice>{note}</Notice>}
      {!isOver && <Everything all={[{ description, hash: digestOf(message) }]} />}
      {fault && <Notice look="bad">{fault}</Notice>}
      {stage === "slow" && <Notice>{say("sign.slow")}</Notice>}
      <div class="sheet-foot" aria-live="polite">
        {isOver ? (
          <>
            <Look transaction={receipt?.transaction} />
            <Button wide onClick={close}>
              {say("app.close")}
            </Button>
          </>
        ) : (
          <>
            {isRelayed && <p class="small soft centred">{say("sign.free")}</p>}
            <Button
              wide
              icon={account.kind === "passkey" ? "key" : "wallet"}
              busy={stage !== "asked"}
              onClick={() => void confirm()}
            >
              {stage === "asked" ? confirmWords(account) : say(WAITING[stage])}
            </Button>
          </>
        )}
      </div>
    </Sheet>
  );
}

// What names are known for what is shown.
export function useAround(): Around {
  return {
    network: wallet.theNetwork(),
    programs: useStore(wallet.programs),
    merchants: useStore(wallet.merchants),
    language: useStore(settings).language,
  };
}

// What a button says that has the member's passkey or wallet sign.
export function confirmWords(account: Account): string {
  if (account.kind === "passkey") return say("sign.withPasskey");
  return say("sign.withWallet", { name: plain(account.name, 24) });
}

// The message in words. Names stand beside what they stand for, never in its place.
export function Lines({ description, isDone }: { description: Description; isDone?: boolean }) {
  const { title, lines } = description;
  const main = lines.filter((line) => line.main);
  return (
    <>
      <div class={`told${isDone ? " done" : ""}`}>
        {isDone && (
          <span class="done-mark">
            <Icon name="check" size={34} />
          </span>
        )}
        <p class="told-title">{isDone ? say("sign.done") : say(title)}</p>
        {main.map((line) => (
          <p key={line.label} class="told-main" data-line={line.label}>
            <span class="soft small">{say(line.label)}</span>
            <strong class={line.look === "address" ? "mono small address" : ""}>
              <bdi>{line.value}</bdi>
            </strong>
            {line.beside && (
              <span class="small soft">
                <bdi>{line.beside}</bdi>
              </span>
            )}
          </p>
        ))}
      </div>
      <dl class="lines">
        {lines
          .filter((line) => !line.main)
          .map((line) => (
            <div key={line.label} data-line={line.label}>
              <dt>{say(line.label)}</dt>
              <dd>
                {line.beside && (
                  <span>
                    <bdi>{line.beside}</bdi>
                  </span>
                )}
                <span class={line.look === "address" ? "mono small address" : ""}>
                  <bdi>{wordsOf(line)}</bdi>
                </span>
              </dd>
            </div>
          ))}
      </dl>
    </>
  );
}

function wordsOf({ label, value }: Line): string {
  if (label === "field.purse") {
    return say(value === "shared" ? "field.purseShared" : "field.purseOwn");
  }
  if (label === "field.shop" && value === "any") return say("field.anyShop");
  return plain(value, 120);
}

// The fields as they are signed, of one message or of several, for whoever wants to see all of it.
export function Everything({ all }: { all: { description: Description; hash?: Hex }[] }) {
  return (
    <details class="everything">
      <summary>{say("sign.all")}</summary>
      {all.map(({ description, hash }) => (
        <dl key={hash} class="facts mono small">
          {description.fields.map(([name, value]) => (
            <Signed key={name} name={name} value={value} label={name} />
          ))}
          {hash && <Signed name="hash" value={hash} label={say("sign.hash")} />}
        </dl>
      ))}
    </details>
  );
}

function Signed({ name, value, label }: { name: string; value: string; label: string }) {
  return (
    <div data-field={name}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

export function Look({ transaction }: { transaction: string | null | undefined }) {
  const url = transaction && transactionUrl(wallet.theNetwork(), transaction);
  if (!url) return null;
  return (
    <a class="button plain wide" href={url} target="_blank" rel="noreferrer">
      <Icon name="link" size={18} />
      <span>{say("sign.look")}</span>
    </a>
  );
}

// What went wrong, where whoever noticed has said it.
export class Told extends Error {}

// What went wrong while signing, in words that say what to do.
export function faultOf(error: unknown): string {
  if (error instanceof Told) return error.message;
  const account = wallet.account.value;
  const name = account?.kind === "wallet" ? plain(account.name, 24) : "";
  if (error instanceof Cancelled) return say("sign.cancelled");
  if (error instanceof WrongAccount) {
    return say("sign.wrongAccount", { name, address: short(error.message) });
  }
  if (error instanceof WrongChain) {
    return say("sign.wrongChain", { name, network: plain(wallet.theNetwork().name, 32) });
  }
  if (error instanceof WalletGone) return say("sign.walletGone", { name: plain(error.message, 24) });
  if (error instanceof Refused) return say("sign.notSent", { reason: plain(error.message, 300) });
  if (error instanceof Unreachable) return say("sign.offline");
  if (error instanceof Reverted) return say("buy.reverted");
  if (error instanceof StillWaiting) return say("sign.slow");
  const words = error instanceof Error ? error.message : String(error);
  return say("app.fault", { fault: plain(words, 200) });
}
