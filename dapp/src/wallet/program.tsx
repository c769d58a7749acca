// One program: what the member has of it, who issues it, what it pays and charges.

import { zeroAddress } from "viem";

import { go } from "../app/router";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, date, money, plain } from "../app/text";
import * as wallet from "../app/wallet";
import { holdingIn, isDated, type Holding, type Purse } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { Icon, VerifiedMark, type IconName } from "../design/icons";
import { Button, Card, Empty, Facts, Notice, Page, Stamp } from "../design/parts";
import { askToSign } from "../signing/asking";
import { walletOf, wallets, watch } from "../signing/injected";
import { releasing } from "../signing/messages";
import { spanFor } from "../signing/spans";
import { say, type Bare } from "../words";
import { points } from "./fields";

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
      <div class="columns">
        {holding && holding.generations.length > 0 && (
          <Card label={say("program.when")}>
            <h2>{say("program.when")}</h2>
            <Generations program={program} holding={holding} />
          </Card>
        )}
        {holding && holding.purses.length > 0 && (
          <Card label={say("program.purses")}>
            <h2>{say("program.purses")}</h2>
            {holding.purses.map((purse) => (
              <PurseRow key={purse.merchant} program={program} purse={purse} />
            ))}
          </Card>
        )}
        <Card label={say("program.issuer")}>
          <h2>{say("program.issuer")}</h2>
          <Issuer program={program} />
        </Card>
        <Card label={say("program.prices")}>
          <h2>{say("program.prices")}</h2>
          <Prices program={program} holding={holding} />
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

function PurseRow({ program, purse }: { program: Program; purse: Purse }) {
  const { language } = useStore(settings);
  const names = useStore(wallet.merchants);
  const member = useStore(wallet.account);
  const { merchant, spendable, total, returnableAt } = purse;
  if (merchant !== zeroAddress) void wallet.learnMerchant(merchant);
  const release = async () => {
    if (!member) return;
    const span = await spanFor(wallet.chain(), program.token, member.address);
    const message = releasing(wallet.theNetwork(), program, member.address, merchant, span);
    await askToSign(message);
  };
  const name =
    merchant === zeroAddress ? say("program.anyShop") : plain(names.get(merchant) ?? merchant);
  return (
    <div class="purse">
      <Icon name="shop" size={20} />
      <div>
        <p>{name}</p>
        <p class="small soft">
          {returnableAt > 0
            ? say("hold.releasing", { date: date(returnableAt, language) })
            : say("field.available", { amount: points(program, spendable) })}
        </p>
      </div>
      {returnableAt === 0 && total > 0n && (
        <Button look="plain" onClick={() => void release()}>
          {say("hold.release")}
        </Button>
      )}
    </div>
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
  rows.push([say("program.contract"), <span class="mono small">{program.token}</span>]);
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

function Watch({ program }: { program: Program }) {
  const account = useStore(wallet.account);
  useStore(wallets);
  const found = account?.kind === "wallet" ? walletOf(account.rdns) : undefined;
  if (!found) return null;
  return (
    <Button look="quiet" icon="wallet" onClick={() => void watch(found, program)}>
      {say("program.watch", { name: plain(found.info.name, 24) })}
    </Button>
  );
}
