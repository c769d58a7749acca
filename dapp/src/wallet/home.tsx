// All points at once: what they are worth, and what expires when.

import { go } from "../app/router";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, date, money, plain } from "../app/text";
import * as wallet from "../app/wallet";
import { heldValue, holdingIn, isDated, nextExpiry, type Holding } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { Icon, VerifiedMark, type IconName } from "../design/icons";
import { Stamp } from "../design/parts";
import { say, type Bare } from "../words";
import { NothingYet, points } from "./fields";

const SOON = 60 * 86_400;

const ACTIONS: readonly (readonly [page: string, label: Bare, icon: IconName])[] = [
  ["pay", "do.pay", "pay"],
  ["send", "do.send", "send"],
  ["convert", "do.convert", "convert"],
  ["receive", "do.receive", "receive"],
];

export function Home() {
  const programs = useStore(wallet.programs);
  const portfolio = useStore(wallet.portfolio);
  const { language } = useStore(settings);
  const { symbol, decimals } = wallet.theNetwork().settlement;
  const has = (program: Program) => {
    const holding = holdingIn(portfolio, program.token);
    return holding !== undefined && (holding.balance > 0n || holding.purses.length > 0);
  };
  const owned = programs.filter(has);
  const others = programs.filter((program) => !has(program));
  return (
    <main id="content" class="page home">
      <h1 class="unseen">{say("nav.home")}</h1>
      <section class="total" aria-label={say("home.total")}>
        <p class="total-label">{say("home.total")}</p>
        <p class="total-value" data-total>
          {portfolio ? money(heldValue(portfolio), symbol, decimals, language) : "…"}
        </p>
        <p class="total-note">{say("home.totalNote")}</p>
      </section>
      <nav class="actions" aria-label={say("home.programs")}>
        {ACTIONS.map(([page, label, icon]) => (
          <a key={page} href={`#/${page}`} class="action">
            <span class="action-mark">
              <Icon name={icon} size={24} />
            </span>
            {say(label)}
          </a>
        ))}
      </nav>
      {portfolio && owned.length === 0 && <NothingYet />}
      {!portfolio && <Skeletons />}
      {owned.length > 0 && (
        <section aria-labelledby="owned">
          <h2 id="owned">{say("home.programs")}</h2>
          <ul class="programs">
            {owned.map((program) => (
              <ProgramRow
                key={program.token}
                program={program}
                holding={holdingIn(portfolio, program.token)}
                time={portfolio?.time ?? 0}
              />
            ))}
          </ul>
        </section>
      )}
      {others.length > 0 && portfolio && (
        <section aria-labelledby="others">
          <h2 id="others">{say("home.others")}</h2>
          <ul class="programs quiet">
            {others.map((program) => (
              <ProgramRow key={program.token} program={program} />
            ))}
          </ul>
        </section>
      )}
    </main>
  );
}

function ProgramRow({
  program, holding, time = 0,
}: { program: Program; holding?: Holding | undefined; time?: number }) {
  const { language } = useStore(settings);
  const { symbol, decimals } = wallet.theNetwork().settlement;
  return (
    <li>
      <button
        type="button"
        class="program"
        data-program={program.symbol}
        onClick={() => go(`program/${program.token}`)}
      >
        <Stamp program={program} />
        <span class="program-words">
          <span class="program-name">
            <bdi>{plain(program.name)}</bdi>
            {program.verified && <VerifiedMark label={say("program.verified")} />}
          </span>
          <span class="small soft">
            {holding ? <When program={program} holding={holding} time={time} /> : issuerOf(program)}
          </span>
        </span>
        {holding && (
          <span class="program-figures">
            <strong data-balance>{amount(holding.balance, program.decimals, language)}</strong>
            <span class="small soft">{money(holding.value, symbol, decimals, language)}</span>
          </span>
        )}
        {!holding && <Icon name="next" size={18} />}
      </button>
    </li>
  );
}

function issuerOf(program: Program): string {
  if (program.suspended) return say("program.suspended");
  return plain(program.legalName ?? program.symbol);
}

function When({ program, holding, time }: { program: Program; holding: Holding; time: number }) {
  const { language } = useStore(settings);
  if (holding.frozen) {
    return (
      <span class="bad-words">
        <Icon name="snow" size={14} /> {say("home.frozen")}
      </span>
    );
  }
  const due = dueIn(holding, time);
  if (due > 0n) return <span class="soon">{say("hold.due", { amount: points(program, due) })}</span>;
  const next = nextExpiry(holding);
  if (!next || !isDated(next.expires)) {
    const aside = holding.purses.reduce((sum, { total }) => sum + total, 0n);
    if (aside > 0n) return <>{say("home.setAside", { amount: points(program, aside, true) })}</>;
    return <>{say("home.neverExpires")}</>;
  }
  const words = say("home.expires", {
    amount: amount(next.amount, program.decimals, language),
    date: date(next.expires - 1, language),
  });
  return <span class={next.expires - time < SOON ? "soon" : ""}>{words}</span>;
}

// What the desk kept for tills, and its member may have back now.
function dueIn({ purses }: Holding, time: number): bigint {
  return purses
    .filter(({ returnableAt }) => returnableAt > 0 && returnableAt <= time)
    .reduce((sum, { total }) => sum + total, 0n);
}

function Skeletons() {
  return (
    <ul class="programs" aria-hidden="true">
      {[0, 1, 2].map((one) => (
        <li key={one} class="skeleton" />
      ))}
    </ul>
  );
}
