// A program of one's own: what that takes, one form, a summary, and the transactions one by one.

import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";

import { useStore } from "../../app/store";
import { Button, Notice } from "../../design/parts";
import { date } from "../../app/text";
import { settings } from "../../app/settings";
import { wallets } from "../../signing/injected";
import { say } from "../../words";
import { faultOf } from "../faults";
import { whoIsIn } from "../session";
import { FormPage } from "./form";
import { findSetup, keepSetup, setup } from "./keeping";
import { ProgressPage } from "./progress";
import { ReadyPage } from "./ready";
import { ReviewPage } from "./review";
import { standingOf, type Standing } from "./standing";
import { defaults, programOf, type Wish } from "./wish";

export function SetupPage({ onOpen }: { onOpen: (token: Address) => void }) {
  const account = whoIsIn()?.account;
  return account ? <Setup account={account} onOpen={onOpen} /> : null;
}

function Setup({ account, onOpen }: { account: Address; onOpen: (token: Address) => void }) {
  const kept = useStore(setup);
  const found = useStore(wallets);
  const [standing, setStanding] = useState<Standing | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [isReviewed, setReviewed] = useState(false);
  const look = async () => {
    setFault(null);
    try {
      await findSetup(account);
      setStanding(await standingOf(account));
    } catch (error) {
      setFault(faultOf(error));
    }
  };
  // Some wallets come forward late.
  useEffect(() => void look(), [account, found.length]);
  if (fault) {
    return (
      <>
        <Notice look="bad">{fault}</Notice>
        <Button onClick={() => void look()}>{say("app.tryAgain")}</Button>
      </>
    );
  }
  if (!standing) return <p class="soft">{say("app.loading")}</p>;
  if (kept?.token) {
    return <ProgressPage account={account} kept={kept} token={kept.token} onOpen={onOpen} />;
  }
  if (!standing.isReady) return <ReadyPage account={account} standing={standing} onLook={look} />;
  const wish = kept?.wish ?? defaults(account);
  const change = (next: Wish) =>
    keepSetup(account, { wish: next, token: null, done: [], sent: null });
  if (isReviewed) {
    return (
      <ReviewPage
        account={account}
        wish={wish}
        program={programOf(wish, account)}
        onChange={() => setReviewed(false)}
      />
    );
  }
  return (
    <>
      <Vouched standing={standing} />
      <FormPage
        account={account}
        wish={wish}
        standing={standing}
        onChange={(next) => void change(next)}
        onDone={() => setReviewed(true)}
      />
    </>
  );
}

function Vouched({ standing }: { standing: Standing }) {
  const { language } = useStore(settings);
  return (
    <p class="soft lead-small">
      {say("setup.text", {
        name: standing.legalName,
        date: date(standing.validUntil, language),
      })}
    </p>
  );
}

