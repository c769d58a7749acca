// Convert points of one program into those of another, or into money where the issuer pays it; or
// buy points with money where the issuer sells them.

import { useState } from "preact/hooks";
import type { Address } from "viem";

import { back, go } from "../app/router";
import { useStore } from "../app/store";
import * as wallet from "../app/wallet";
import { holdingIn } from "../chain/portfolio";
import { Icon } from "../design/icons";
import { Button, Card, Empty, IconButton, Notice, Page } from "../design/parts";
import { addressIn } from "../paying/addresses";
import { deadlineFrom, type Purchase } from "../signing/buying";
import { converting } from "../signing/messages";
import { spanFor } from "../signing/spans";
import { say, sayAny } from "../words";
import { useReview } from "./attempting";
import { AmountField, figure, NothingYet, SideChoice, useAmount, useOwned } from "./fields";
import { later } from "./later";
import { PayerChoice, Receiver, useMoney, usePayer, type Payer } from "./money";
import { Result, useQuote } from "./rates";
import { isMoney, theMoney, type Side } from "./sides";

const BuySheet = later(async () => (await import("./buy")).BuySheet, null);

export function ConvertPage({ token, to }: { token: string | undefined; to: string | undefined }) {
  const owned = useOwned();
  const programs = useStore(wallet.programs);
  const account = useStore(wallet.account);
  const [from, setFrom] = useState(token);
  const [into, setInto] = useState(to);
  const money = theMoney();
  const canPay = account?.kind === "wallet" || token === money.token;
  const sources: Side[] = canPay ? [...owned, money] : owned;
  const source = sources.find((one) => one.token === from) ?? sources[0];
  const others: Side[] = programs.filter((one) => one.token !== source?.token);
  const targets = source && !isMoney(source) ? [...others, money] : others;
  const target = targets.find((one) => one.token === into) ?? targets[0];
  return (
    <Page title={titleOf(source, target)} onBack={back}>
      {!source && <NothingYet />}
      {source && !target && <Empty icon="convert" title={say("convert.none")} />}
      {source && target && (
        <ConvertForm
          source={source}
          target={target}
          sources={sources}
          targets={targets}
          choose={(given, wanted) => {
            setFrom(given.token);
            setInto(wanted.token);
          }}
        />
      )}
    </Page>
  );
}

function titleOf(source: Side | undefined, target: Side | undefined): string {
  if (source && isMoney(source)) return say("sign.buy");
  return say(target && isMoney(target) ? "cash.title" : "convert.title");
}

type Choosing = {
  source: Side;
  target: Side;
  sources: Side[];
  targets: Side[];
  choose: (source: Side, target: Side) => void;
};

function ConvertForm({ source, target, sources, targets, choose }: Choosing) {
  const account = useStore(wallet.account);
  const [payer, setPayer] = usePayer();
  const [text, setText] = useState("");
  const [purchase, setPurchase] = useState<Purchase | null>(null);
  const pays = isMoney(source);
  const member = pays ? payer?.address : account?.address;
  const hasGiver = member !== undefined;
  const isPaidOut = isMoney(target) && account?.kind === "passkey";
  const recipient = isPaidOut ? receiverIn(text, account.address) : account?.address;
  const available = useAvailable(source, payer);
  const given = useAmount(source, available);
  const found = useQuote({ source, target, base: given.base, member, recipient });
  const { fault, attempt, review } = useReview();
  const isReady = found !== null && found.refusal === null && recipient !== undefined;
  const goOn = async () => {
    if (!member || !recipient || !isReady) return;
    const order = { to: target.token, amount: found.amount, minOut: found.out, recipient };
    if (isMoney(source)) {
      const deadline = await attempt(() => deadlineFrom(wallet.chain()));
      if (deadline) setPurchase({ from: source.token, ...order, deadline, payer: member });
      return;
    }
    const make = async () => {
      const span = await spanFor(wallet.chain(), source.token, member);
      return converting(wallet.theNetwork(), { from: source, ...order }, member, span);
    };
    if (await review(make)) go("");
  };
  const swap = () => {
    choose(target, source);
    given.setText("");
  };
  return (
    <Card>
      <SideChoice
        label={say("field.youGive")}
        sides={sources}
        value={source}
        onChange={(one) => choose(one, target)}
      />
      {pays && <PayerChoice payer={payer} setPayer={setPayer} />}
      {hasGiver && <AmountField unit={source} typed={given} available={available} />}
      <div class="between">
        {sources.some((one) => one.token === target.token) ? (
          <IconButton icon="swap" label={say("convert.swap")} onClick={swap} />
        ) : (
          <Icon name="swap" />
        )}
      </div>
      <SideChoice
        label={say("field.youGet")}
        sides={targets}
        value={target}
        onChange={(one) => choose(source, one)}
      />
      {isPaidOut && <Receiver text={text} setText={setText} />}
      {hasGiver && <Result source={source} target={target} found={found} />}
      {fault && <Notice look="bad">{fault}</Notice>}
      {found?.refusal && <Notice look="warn">{sayAny(found.refusal)}</Notice>}
      {hasGiver && (
        <Button wide disabled={!isReady} onClick={() => void goOn()}>
          {say("next.review")}
        </Button>
      )}
      {isReady && (
        <p class="small soft centred">
          {say("convert.least")} <span class="unseen">{figure(target, found.out)}</span>
        </p>
      )}
      {purchase && payer && (
        <BuySheet
          purchase={purchase}
          payer={payer}
          onClose={(isBought) => {
            setPurchase(null);
            if (isBought) go("");
          }}
        />
      )}
    </Card>
  );
}

// How much can be given: points that the member has, or money that the payer has.
function useAvailable(source: Side, payer: Payer | null): bigint {
  const portfolio = useStore(wallet.portfolio);
  const money = useMoney(isMoney(source) ? payer?.address : undefined);
  return isMoney(source) ? money : (holdingIn(portfolio, source.token)?.balance ?? 0n);
}

// Who receives money: anybody but the passkey itself, which could never spend it.
function receiverIn(text: string, passkey: Address): Address | undefined {
  const found = addressIn(text);
  return found === null || found === passkey ? undefined : found;
}
