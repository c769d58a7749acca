// The first page: make a passkey, find it again, or connect a wallet.

import { useState } from "preact/hooks";

import { askToKeep, type Account } from "../app/device";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { date, plain } from "../app/text";
import * as wallet from "../app/wallet";
import { Icon } from "../design/icons";
import { Button, Notice } from "../design/parts";
import { connect, wallets, type Wallet } from "../signing/injected";
import { canUsePasskeys, Cancelled, makePasskey } from "../signing/passkey";
import { say } from "../words";
import { faultOf } from "./confirm";

export function Welcome() {
  const [busy, setBusy] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const found = useStore(wallets);
  const { language } = useStore(settings);

  const enter = async (what: string, account: () => Promise<Account>) => {
    setBusy(what);
    setFault(null);
    try {
      const chosen = await account();
      askToKeep();
      await wallet.enter(chosen);
    } catch (error) {
      if (!(error instanceof Cancelled)) setFault(faultOf(error));
      setBusy(null);
    }
  };
  const make = () =>
    makePasskey(say("welcome.label", { date: date(Date.now() / 1000, language) }));
  const find = async () => (await import("../signing/recovering")).findPasskey();
  const withWallet = (one: Wallet) => async (): Promise<Account> => ({
    kind: "wallet",
    address: await connect(one),
    rdns: one.info.rdns,
    name: one.info.name,
  });

  return (
    <main id="content" class="welcome">
      <div class="hero-stamp" aria-hidden="true">
        <div class="sheet-of-stamps">
          {["ZE", "GE", "LS", "ZA", "MO", "KA"].map((letters, at) => (
            <span key={letters} class={`stamp stamp-l tone-${(at * 5) % 12}`}>
              <span>{letters[0]}</span>
            </span>
          ))}
        </div>
      </div>
      <div class="welcome-words">
        <h1>{say("welcome.title")}</h1>
        <p class="lead">{say("welcome.text")}</p>
        <ul class="ticks">
          {(["welcome.one", "welcome.two", "welcome.three"] as const).map((key) => (
            <li key={key}>
              <Icon name="check" size={18} />
              {say(key)}
            </li>
          ))}
        </ul>
        {wallet.theNetwork().development && <p class="trial small">{say("app.demo")}</p>}
        {fault && <Notice look="bad">{fault}</Notice>}
        <div class="stack">
          {canUsePasskeys() ? (
            <>
              <Button
                wide
                icon="key"
                busy={busy === "make"}
                disabled={busy !== null}
                onClick={() => void enter("make", make)}
              >
                {say("welcome.make")}
              </Button>
              <Button
                wide
                look="quiet"
                busy={busy === "find"}
                disabled={busy !== null}
                onClick={() => void enter("find", find)}
              >
                {say("welcome.find")}
              </Button>
              <p class="small soft centred">{say("welcome.findNote")}</p>
            </>
          ) : (
            <Notice look="warn">{say("welcome.noPasskeys")}</Notice>
          )}
          {found.length > 0 && (
            <div class="stack wallets">
              <p class="divider">
                <span>{say("welcome.wallet")}</span>
              </p>
              {found.map((one) => (
                <Button
                  key={one.info.uuid}
                  wide
                  look="quiet"
                  icon="wallet"
                  busy={busy === one.info.uuid}
                  disabled={busy !== null}
                  onClick={() => void enter(one.info.uuid, withWallet(one))}
                >
                  {say("welcome.connect", { name: plain(one.info.name, 24) })}
                </Button>
              ))}
            </div>
          )}
        </div>
      </div>
    </main>
  );
}
