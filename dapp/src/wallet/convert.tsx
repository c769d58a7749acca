// Convert points of one program into those of another, or into money where the issuer pays it.

import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";

import { back, go } from "../app/router";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, money, plain } from "../app/text";
import * as wallet from "../app/wallet";
import { valueOf } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { quote, type Quote } from "../chain/quotes";
import { Icon } from "../design/icons";
import { Button, Card, Choice, Empty, Facts, IconButton, Notice, Page, Stamp } from "../design/parts";
import { askToSign } from "../signing/asking";
import { converting } from "../signing/messages";
import { spanFor } from "../signing/spans";
import { say, sayAny } from "../words";
import { faultOf } from "./confirm";
import { AmountField, NothingYet, ProgramChoice, useAmount, useBalance, useOwned } from "./fields";

const PAUSE = 180;
const RATE_DECIMALS = 6;

export function ConvertPage({ token }: { token: string | undefined }) {
  const owned = useOwned();
  const programs = useStore(wallet.programs);
  const [from, setFrom] = useState<string | undefined>(token);
  const [to, setTo] = useState<string | undefined>();
  const source = owned.find((one) => one.token === from) ?? owned[0];
  const targets = programs.filter((one) => one.token !== source?.token);
  const money = wallet.theNetwork().contracts.settlementToken;
  const target = to === money ? money : (targets.find((one) => one.token === to) ?? targets[0])?.token;
  return (
    <Page title={say("convert.title")} onBack={back}>
      {!source && <NothingYet />}
      {source && !target && <Empty icon="convert" title={say("convert.none")} />}
      {source && target && (
        <ConvertForm
          source={source}
          target={target}
          owned={owned}
          targets={targets}
          setFrom={setFrom}
          setTo={setTo}
        />
      )}
    </Page>
  );
}

// What can be received: a program's points, or money.
type Side = { token: Address; symbol: string; decimals: number; program: Program | null };

function sideOf(token: Address): Side {
  const network = wallet.theNetwork();
  const program = wallet.programOf(token) ?? null;
  if (program) return { token, symbol: plain(program.symbol, 16), decimals: program.decimals, program };
  const { symbol, decimals } = network.settlement;
  return { token, symbol: plain(symbol, 16), decimals, program: null };
}

function useQuote(source: Program, target: Address, base: bigint | null): Quote | null {
  const [found, setFound] = useState<Quote | null>(null);
  const member = useStore(wallet.account);
  // A new block may bring new prices.
  const block = useStore(wallet.portfolio)?.block;
  useEffect(() => {
    let stale = false;
    if (base === null || !member) {
      setFound(null);
      return undefined;
    }
    const timer = setTimeout(() => {
      quote(wallet.chain(), wallet.theNetwork(), source, target, base, member.address).then(
        (one) => stale || setFound(one),
        () => stale || setFound(null),
      );
    }, PAUSE);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [source.token, target, base, member?.address, block]);
  return found?.amount === base ? found : null;
}

function ConvertForm({
  source, target, owned, targets, setFrom, setTo,
}: {
  source: Program;
  target: Address;
  owned: Program[];
  targets: Program[];
  setFrom: (token: string) => void;
  setTo: (token: string) => void;
}) {
  const { language } = useStore(settings);
  const account = useStore(wallet.account);
  const available = useBalance(source);
  const given = useAmount(source, available);
  const found = useQuote(source, target, given.base);
  const [fault, setFault] = useState<string | null>(null);
  const side = sideOf(target);
  const canSwap = side.program !== null && owned.some((one) => one.token === target);
  const review = async () => {
    if (!account || !found || found.refusal) return;
    setFault(null);
    try {
      const span = await spanFor(wallet.chain(), source.token, account.address);
      const order = { from: source, to: target, amount: found.amount, minOut: found.out };
      const signed = await askToSign(
        converting(wallet.theNetwork(), order, account.address, span),
      );
      if (signed) go("");
    } catch (error) {
      setFault(faultOf(error));
    }
  };
  return (
    <Card>
      <ProgramChoice
        label={say("field.youGive")}
        programs={owned}
        value={source}
        onChange={({ token }) => setFrom(token)}
      />
      <AmountField
        label={say("field.amount")}
        program={source}
        typed={given}
        available={available}
      />
      <div class="between">
        {canSwap ? (
          <IconButton
            icon="swap"
            label={say("convert.swap")}
            onClick={() => {
              setFrom(target);
              setTo(source.token);
              given.setText("");
            }}
          />
        ) : (
          <Icon name="swap" />
        )}
      </div>
      <Target targets={targets} side={side} setTo={setTo} />
      <Result source={source} side={side} found={found} />
      {fault && <Notice look="bad">{fault}</Notice>}
      {found?.refusal && <Notice look="warn">{sayAny(found.refusal)}</Notice>}
      <Button wide disabled={!found || found.refusal !== null} onClick={() => void review()}>
        {say("next.review")}
      </Button>
      {found && !found.refusal && (
        <p class="small soft centred">
          {say("convert.least")}{" "}
          <span class="unseen">{amount(found.out, side.decimals, language)}</span>
        </p>
      )}
    </Card>
  );
}

function Target({
  targets, side, setTo,
}: { targets: Program[]; side: Side; setTo: (token: string) => void }) {
  const { settlementToken } = wallet.theNetwork().contracts;
  const { symbol } = wallet.theNetwork().settlement;
  const options = [
    ...targets.map((one) => [one.token, `${plain(one.name)} · ${plain(one.symbol, 16)}`] as const),
    [settlementToken, plain(symbol, 16)] as const,
  ];
  return (
    <div class="program-choice">
      {side.program ? (
        <Stamp program={side.program} />
      ) : (
        <span class="stamp stamp-m money" aria-hidden="true">
          <span>€</span>
        </span>
      )}
      <Choice label={say("field.youGet")} value={side.token} options={options} onChange={setTo} />
    </div>
  );
}


function Result({ source, side, found }: { source: Program; side: Side; found: Quote | null }) {
  const { language } = useStore(settings);
  const network = wallet.theNetwork();
  const { symbol, decimals } = network.settlement;
  const isGood = found !== null && found.refusal === null;
  const out = isGood ? amount(found.out, side.decimals, language) : "–";
  const rows: [string, string][] = isGood
    ? [
        [say("convert.rate"), rateWords(source, side, found)],
        [say("convert.worth"), money(bidValue(source, found.amount), symbol, decimals, language)],
        [say("convert.versions"), versionWords(source, side, found)],
      ]
    : [];
  return (
    <>
      <p class="result" aria-live="polite" data-out>
        <strong>{out}</strong> <bdi>{side.symbol}</bdi>
      </p>
      {isGood && <Facts rows={rows} />}
    </>
  );
}

function bidValue(source: Program, base: bigint): bigint {
  const holding = wallet.portfolio.value?.holdings.find((one) => one.token === source.token);
  const bid = holding?.bid ?? source.bid;
  return valueOf(base, bid, source.decimals, wallet.theNetwork());
}

function rateWords(source: Program, side: Side, { amount: base, out }: Quote): string {
  const { language } = settings.value;
  const scale = 10n ** BigInt(RATE_DECIMALS + source.decimals);
  const rate = (out * scale) / (base * 10n ** BigInt(side.decimals));
  return say("convert.rateValue", {
    from: plain(source.symbol, 16),
    rate: amount(rate, RATE_DECIMALS, language, true),
    to: side.symbol,
  });
}

function versionWords(source: Program, side: Side, { versions }: Quote): string {
  return say("convert.versionsValue", {
    from: plain(source.symbol, 16),
    fromVersion: versions[0],
    to: side.symbol,
    toVersion: side.program ? versions[1] : "–",
  });
}

