// Take everything along to another key or passkey: where to, and what cannot come.

import { useState } from "preact/hooks";
import type { Address } from "viem";

import { back } from "../app/router";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { date, plain } from "../app/text";
import * as wallet from "../app/wallet";
import { holdingIn } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { Button, Card, Empty, Field, Notice, Page } from "../design/parts";
import { addressIn } from "../paying/addresses";
import { canUsePasskeys, makePasskey, type Passkey } from "../signing/passkey";
import { say } from "../words";
import { useAttempt } from "./attempting";
import { useOwned } from "./fields";
import { Moving } from "./moving";

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
  const { fault, attempt } = useAttempt();
  const { language } = useStore(settings);
  const make = () =>
    attempt(async () => {
      const label = say("welcome.label", { date: date(Date.now() / 1000, language) });
      setMade(await makePasskey(label));
    });
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
