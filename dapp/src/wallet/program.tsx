// One program: what the member has of it, who issues it, what it pays and charges.

import { useEffect, useState } from "preact/hooks";

import { EXCHANGE } from "@abi";
import { go } from "../app/router";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, date, money, plain } from "../app/text";
import * as wallet from "../app/wallet";
import { holdingIn, isDated, type Holding } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { readContract } from "../chain/reading";
import { Icon, VerifiedMark, type IconName } from "../design/icons";
import { Button, Card, Empty, Facts, Notice, Page, Stamp } from "../design/parts";
import { walletOf, wallets, watch } from "../signing/injected";
import { say, type Bare } from "../words";
import { Purses } from "./purses";
import { theMoney } from "./sides";

const PRICE_DECIMALS = 12;

export function ProgramPage({ token }: { token: string | undefined }) {
  const programs = useStore(wallet.programs);
  const portfolio = useStore(wallet.portfolio);
  const { language } = useStore(settings);
  const program = programs.find((one) => one.token === token);
  if (!program) {
    return (
      <Page title={say("nav.home")} onBack={() => go("")}>
        <Empty icon="warn" title={say("program.notFound")} />
      </Page>
    );
  }
  const holding = holdingIn(portfolio, program.token);
  const { symbol, decimals } = wallet.theNetwork().settlement;
  return (
    <Page title={plain(program.name)} onBack={() => go("")}>
      <section class="balance">
        <Stamp program={program} size="l" />
        <p class="balance-value">
          {amount(holding?.balance ?? 0n, program.decimals, language)}{" "}
          <span>
            <bdi>{plain(program.symbol, 16)}</bdi>
          </span>
        </p>
        <p class="soft">{money(holding?.value ?? 0n, symbol, decimals, language)}</p>
      </section>
      {holding?.frozen && <Notice look="bad">{say("fault.frozen")}</Notice>}
      {program.suspended && <Notice look="warn">{say("program.suspended")}</Notice>}
      {program.paused && <Notice look="warn">{say("program.paused")}</Notice>}
      <Actions program={program} has={(holding?.balance ?? 0n) > 0n} />
      <div class="columns flowing">
        {holding && holding.generations.length > 0 && (
          <Card label={say("program.when")}>
            <h2>{say("program.when")}</h2>
            <Generations program={program} holding={holding} />
          </Card>
        )}
        {holding && holding.purses.length > 0 && (
          <Purses program={program} purses={holding.purses} />
        )}
        <Card label={say("program.issuer")}>
          <h2>{say("program.issuer")}</h2>
          <Issuer program={program} />
        </Card>
        <Card label={say("program.prices")}>
          <h2>{say("program.prices")}</h2>
          <Prices program={program} holding={holding} />
          <Cash program={program} has={(holding?.balance ?? 0n) > 0n} />
        </Card>
      </div>
      <Watch program={program} />
    </Page>
  );
}

const ACTIONS: readonly (readonly [page: string, label: Bare, icon: IconName])[] = [
  ["send", "do.send", "send"],
  ["convert", "do.convert", "convert"],
  ["redeem", "do.redeem", "redeem"],
  ["hold", "do.hold", "hold"],
];

function Actions({ program, has }: { program: Program; has: boolean }) {
  if (!has) return null;
  return (
    <nav class="actions" aria-label={plain(program.name)}>
      {ACTIONS.map(([page, label, icon]) => (
        <a key={page} href={`#/${page}/${program.token}`} class="action">
          <span class="action-mark">
            <Icon name={icon} size={24} />
          </span>
          {say(label)}
        </a>
      ))}
    </nav>
  );
}

function Generations({ program, holding }: { program: Program; holding: Holding }) {
  const { language } = useStore(settings);
  const most = holding.generations.reduce((top, one) => (one.amount > top ? one.amount : top), 1n);
  return (
    <ul class="generations">
      {holding.generations.map(({ amount: base, expires }) => (
        <li key={expires}>
          <span>{isDated(expires) ? date(expires - 1, language) : say("program.never")}</span>
          <span class="bar" aria-hidden="true">
            <span style={{ width: `${Number((base * 100n) / most)}%` }} />
          </span>
          <strong>{amount(base, program.decimals, language)}</strong>
        </li>
      ))}
    </ul>
  );
}

function Issuer({ program }: { program: Program }) {
  const { language } = useStore(settings);
  const rows: [string, preact.ComponentChildren][] = [];
  if (program.description) {
    rows.push([say("program.about"), <bdi>{plain(program.description, 400)}</bdi>]);
  }
  if (program.domain) rows.push([say("program.domain"), <bdi>{plain(program.domain, 100)}</bdi>]);
  if (program.lei) rows.push([say("program.lei"), <span class="mono">{plain(program.lei)}</span>]);
  rows.push([say("program.contract"), <span class="mono small address">{program.token}</span>]);
  return (
    <>
      <p class="issuer">
        <strong>
          <bdi>{plain(program.legalName ?? program.issuer, 100)}</bdi>
        </strong>
        {program.verified && <VerifiedMark label={say("program.verified")} />}
      </p>
      <p class="small soft">
        {program.verified
          ? say("program.verifiedBy", { date: date(program.validUntil ?? 0, language) })
          : say("program.unverified")}
      </p>
      <Facts rows={rows} />
    </>
  );
}

function Prices({ program, holding }: { program: Program; holding: Holding | undefined }) {
  const { language } = useStore(settings);
  const { symbol } = wallet.theNetwork().settlement;
  const price = (value: bigint) =>
    value ? `${amount(value, PRICE_DECIMALS, language, true)} ${plain(symbol, 12)}` : "–";
  return (
    <>
      <Facts
        rows={[
          [say("program.bid"), price(holding?.bid ?? program.bid)],
          [say("program.ask"), price(holding?.ask ?? program.ask)],
        ]}
      />
      {holding && (
        <p class="small soft">{say("program.version", { version: holding.version })}</p>
      )}
    </>
  );
}

// Doors to buying these points for money and to selling them back, as far as their issuer opens them.
function Cash({ program, has }: { program: Program; has: boolean }) {
  const switches = useCash(program);
  if (!switches) return null;
  const money = theMoney();
  const { topUp, cashOut } = switches;
  if (!topUp && !cashOut) return <p class="small soft">{say("cash.closed")}</p>;
  return (
    <div class="row">
      {topUp && (
        <Button look="quiet" onClick={() => go(`convert/${money.token}/${program.token}`)}>
          {say("cash.buy")}
        </Button>
      )}
      {cashOut && has && (
        <Button look="quiet" onClick={() => go(`convert/${program.token}/${money.token}`)}>
          {say("cash.out")}
        </Button>
      )}
    </div>
  );
}

type Switches = { topUp: boolean; cashOut: boolean };

function useCash({ token }: Program): Switches | null {
  const [found, setFound] = useState<Switches | null>(null);
  useEffect(() => {
    const address = wallet.theNetwork().contracts.exchange;
    const call = { address, abi: EXCHANGE, functionName: "cashSwitchesOf", args: [token] } as const;
    readContract(wallet.chain(), call).then(setFound, () => undefined);
  }, [token]);
  return found;
}

function Watch({ program }: { program: Program }) {
  const account = useStore(wallet.account);
  useStore(wallets);
  const [isShown, setShown] = useState<boolean | null>(null);
  const found = account?.kind === "wallet" ? walletOf(account.rdns) : undefined;
  if (!found) return null;
  const name = plain(found.info.name, 24);
  if (isShown) return <Notice look="good">{say("program.watched", { name })}</Notice>;
  return (
    <>
      <Button
        look="quiet"
        icon="wallet"
        onClick={() => void watch(found, program).then(setShown)}
      >
        {say("program.watch", { name })}
      </Button>
      {isShown === false && <Notice look="warn">{say("program.unwatched", { name })}</Notice>}
    </>
  );
}
