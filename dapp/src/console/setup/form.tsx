// The form of a new program: every field with a default that is careful, and a line that says what
// it does. Beside it stands what members will see.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Address } from "viem";

import { settings } from "../../app/settings";
import { useStore } from "../../app/store";
import { date, plain, typed } from "../../app/text";
import { Button, Card, Choice, Facts, Field, Notice, Segments, Stamp } from "../../design/parts";
import { say, type Bare } from "../../words";
import { limitOf, PRICE_DECIMALS } from "../amounts";
import { Check, euros, Unit } from "../parts";
import { DUTIES, type Duty } from "../refusals";
import { theNetwork } from "../session";
import { lifeOf } from "./calendar";
import { PictureField } from "./picture";
import type { Standing } from "./standing";
import { tokenOf } from "./steps";
import { SPANS, spanOf } from "./spans";
import { defaults, faultsOf, type Faults, type Wish } from "./wish";

const PAUSE = 300;
const WRONG = "[aria-invalid=true]";
// Where it will stand decides on the colour of its stamp, and depends on all that is typed here.
const UNBORN = "0x0000050000000000000000000000000000000000";

const MONTHS: readonly (readonly [string, Bare])[] = [
  ["1", "epoch.month"],
  ["3", "epoch.quarter"],
  ["6", "epoch.half"],
  ["12", "epoch.year"],
  ["24", "epoch.years2"],
  ["36", "epoch.years3"],
  ["60", "epoch.years5"],
  ["0", "epoch.never"],
];
const LIFETIMES: readonly (readonly [string, Bare])[] = [
  ["1", "lifetime.1"], ["2", "lifetime.2"], ["3", "lifetime.3"], ["4", "lifetime.4"],
];
const DAY = 86_400;

function spans(...days: (keyof typeof SPANS)[]): (readonly [string, string])[] {
  return days.map((count) => [String(count * DAY), spanOf(count * DAY)] as const);
}

type Part = {
  wish: Wish;
  faults: Faults;
  // A field's value and what happens when it changes.
  bind: (field: Textual) => { value: string; onInput: (text: string) => void; fault?: string };
  set: (part: Partial<Wish>) => void;
};
type Textual = { [K in keyof Wish]: Wish[K] extends string ? K : never }[keyof Wish];

export function FormPage({
  account, wish, standing, onChange, onDone,
}: {
  account: Address;
  wish: Wish;
  standing: Standing;
  onChange: (wish: Wish) => void;
  onDone: () => void;
}) {
  const page = useRef<HTMLDivElement>(null);
  const [isTried, setTried] = useState(false);
  const taken = useTaken(wish.symbol);
  const faults = faultsOf(wish);
  if (taken) faults.symbol = taken;
  const wished = limitOf(wish.money, theNetwork().settlement.decimals) ?? 0n;
  if (wished > standing.money) {
    faults.money = say("refused.wallet", { amount: euros(standing.money) });
  }
  const isGood = Object.keys(faults).length === 0;
  const set = (part: Partial<Wish>) => onChange({ ...wish, ...part });
  const bind = (field: Textual) => {
    const isShown = isTried || (wish[field] !== "" && field !== "name");
    const fault = isShown ? faults[field] : undefined;
    return {
      value: wish[field] as string,
      onInput: (text: string) => set({ [field]: text }),
      ...(fault ? { fault } : {}),
    };
  };
  const part = { wish, faults, bind, set };
  const go = () => {
    setTried(true);
    if (isGood) onDone();
    else requestAnimationFrame(() => page.current?.querySelector<HTMLElement>(WRONG)?.focus());
  };
  return (
    <div class="setup" ref={page}>
      <div class="setup-fields">
        <Points {...part} />
        <Expiry {...part} now={standing.now} />
        <Prices {...part} />
        <Awards {...part} />
        <Limits {...part} />
        <People {...part} account={account} />
      </div>
      <Preview wish={wish} now={standing.now} />
      <div class="setup-fields">
        {isTried && !isGood && <Notice look="bad">{say("setup.faults")}</Notice>}
        <Button wide onClick={go}>
          {say("next.review")}
        </Button>
      </div>
    </div>
  );
}

// Whether a symbol is another program's already; the chain is asked when typing pauses.
function useTaken(symbol: string): string | null {
  const [taken, setTaken] = useState<string | null>(null);
  useEffect(() => {
    setTaken(null);
    if (!/^[A-Z0-9]{1,11}$/.test(symbol)) return;
    const timer = setTimeout(() => {
      tokenOf(symbol).then(
        (token) => setTaken(token ? say("refused.symbol", { symbol }) : null),
        () => undefined,
      );
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [symbol]);
  return taken;
}

function Section({ title, text, children }: {
  title: Bare;
  text?: Bare;
  children: ComponentChildren;
}) {
  return (
    <Card label={say(title)}>
      <div>
        <h2>{say(title)}</h2>
        {text && <p class="small soft">{say(text)}</p>}
      </div>
      {children}
    </Card>
  );
}

type MoneyField = { label: Bare; note: Bare } & ReturnType<Part["bind"]>;

function Money({ label, note, ...rest }: MoneyField) {
  const unit = <Unit text={theNetwork().settlement.symbol} />;
  return <Field numeric label={say(label)} note={say(note)} suffix={unit} {...rest} />;
}

function Points({ wish, bind, set }: Part) {
  return (
    <Section title="setup.points" text="setup.pointsText">
      <Field label={say("setup.name")} note={say("setup.nameNote")} {...bind("name")} />
      <div class="pair">
        <Field
          label={say("setup.symbol")}
          note={say("setup.symbolNote")}
          {...bind("symbol")}
          onInput={(text) => set({ symbol: text.toUpperCase() })}
        />
        <Choice
          label={say("setup.decimals")}
          value={wish.decimals}
          options={[0, 1, 2, 3, 4].map((n) => [String(n), typed(1n, n)] as const)}
          onChange={(decimals) => set({ decimals })}
          note={say("setup.decimalsNote")}
        />
      </div>
      <Segments
        label={say("setup.transferable")}
        value={wish.transferable}
        options={[["yes", say("setup.yes")], ["no", say("setup.no")]]}
        onChange={(transferable) => set({ transferable })}
      />
      <Field label={say("setup.about")} note={say("setup.aboutNote")} {...bind("about")} />
      <PictureField value={wish.picture} onChange={(picture) => set({ picture })} />
    </Section>
  );
}

function Expiry({ wish, set, now }: Part & { now: number }) {
  return (
    <Section title="setup.expiry" text="setup.expiryText">
      <div class="pair">
        <Choice
          label={say("setup.epoch")}
          value={wish.months}
          options={MONTHS.map(([months, label]) => [months, say(label)] as const)}
          onChange={(months) => set({ months })}
        />
        {wish.months !== "0" && (
          <Choice
            label={say("setup.lifetime")}
            value={wish.lifetime}
            options={LIFETIMES.map(([count, label]) => [count, say(label)] as const)}
            onChange={(lifetime) => set({ lifetime })}
          />
        )}
      </div>
      <Notice>
        <span data-life>{lifeWords(wish, now)}</span>
      </Notice>
    </Section>
  );
}

function lifeWords(wish: Wish, now: number): string {
  const life = lifeOf(Number(wish.months), Number(wish.lifetime), now);
  if (!life) return say("setup.never");
  const { least, most } = life;
  const on = date(life.expiresAt - 1, settings.value.language);
  return `${say("setup.expiresOn", { date: on })} ${say("setup.lives", { least, most })}`;
}

function Prices({ wish, bind, set }: Part) {
  return (
    <Section title="setup.prices" text="setup.pricesText">
      <div class="pair">
        <Money label="console.bid" note="setup.bidNote" {...bind("bid")} />
        <Money label="console.ask" note="setup.askNote" {...bind("ask")} />
      </div>
      <div class="pair">
        <Field
          numeric
          label={say("setup.step")}
          note={say("setup.stepNote")}
          suffix={<Unit text="%" />}
          {...bind("step")}
        />
        <Choice
          label={say("setup.notice")}
          value={wish.notice}
          options={spans(0, 1, 3, 7, 30)}
          onChange={(notice) => set({ notice })}
          note={say("setup.noticeNote")}
        />
      </div>
    </Section>
  );
}

function Awards({ wish, bind, set }: Part) {
  return (
    <Section title="setup.awards" text="setup.awardsText">
      <Field
        mono
        label={say("setup.awarder")}
        note={say("setup.awarderNote")}
        {...bind("awarder")}
      />
      <div class="pair">
        <Field
          numeric
          label={say("setup.budget")}
          note={say("setup.budgetNote")}
          suffix={<Unit text={wish.symbol} />}
          {...bind("budget")}
        />
        <Choice
          label={say("setup.period")}
          value={wish.period}
          options={spans(1, 7, 30, 365)}
          onChange={(period) => set({ period })}
        />
      </div>
    </Section>
  );
}

function Limits({ wish, bind, set }: Part) {
  return (
    <Section title="setup.limits" text="console.limitNote">
      <div class="pair">
        <Money label="console.maxOut" note="setup.outNote" {...bind("maxOut")} />
        <Money label="console.maxIn" note="setup.inNote" {...bind("maxIn")} />
      </div>
      <div class="pair">
        <Field
          numeric
          label={say("console.maxMember")}
          note={say("setup.memberNote")}
          suffix={<Unit text={wish.symbol} />}
          {...bind("perMember")}
        />
        <Money label="setup.money" note="setup.moneyNote" {...bind("money")} />
      </div>
      <Check label={say("setup.topUp")} value={wish.topUp} onChange={(topUp) => set({ topUp })} />
      <Check
        label={say("setup.cashOut")}
        value={wish.cashOut}
        onChange={(cashOut) => set({ cashOut })}
      />
      <Check
        label={say("setup.carries")}
        note={say("setup.carriesNote")}
        value={wish.carries}
        onChange={(carries) => set({ carries })}
      />
    </Section>
  );
}

const NOTES: Record<Duty, Bare> = {
  guardian: "duty.guardianNote",
  pricer: "duty.pricerNote",
  treasurer: "duty.treasurerNote",
  corrector: "duty.correctorNote",
  freezer: "duty.freezerNote",
  recoverer: "duty.recovererNote",
};

// Who begins does everything; whoever has people gives each of them a duty.
function People({ wish, bind, set, account }: Part & { account: Address }) {
  const usual = defaults(account);
  const isUsual = DUTIES.every((duty) => wish[duty] === usual[duty]);
  const [who, setWho] = useState<"me" | "others">(isUsual ? "me" : "others");
  const choose = (next: "me" | "others") => {
    setWho(next);
    if (next === "me") {
      set(Object.fromEntries(DUTIES.map((duty) => [duty, usual[duty]])) as Record<Duty, string>);
    }
  };
  return (
    <Section title="setup.people" text="setup.peopleText">
      <Segments
        label={say("setup.who")}
        value={who}
        options={[["me", say("setup.me")], ["others", say("setup.others")]]}
        onChange={choose}
      />
      {DUTIES.map((duty) =>
        who === "others" ? (
          <Field
            key={duty}
            mono
            hint="0x…"
            label={say(`duty.${duty}`)}
            note={say(NOTES[duty])}
            {...bind(duty)}
          />
        ) : (
          usual[duty] && (
            <p key={duty} class="duty">
              <strong>{say(`duty.${duty}`)}</strong> <span class="soft">{say(NOTES[duty])}</span>
            </p>
          )
        ),
      )}
      <Choice
        label={say("setup.delay")}
        value={wish.delay}
        options={spans(0, 1, 2, 7)}
        onChange={(delay) => set({ delay })}
        note={say("setup.delayNote")}
      />
    </Section>
  );
}

// What members will see of it, as it is typed.
function Preview({ wish, now }: { wish: Wish; now: number }) {
  const { language } = useStore(settings);
  const life = lifeOf(Number(wish.months), Number(wish.lifetime), now);
  const hundred = (price: string) => {
    const base = limitOf(price, PRICE_DECIMALS) ?? 0n;
    return euros((base * 100n * 10n ** BigInt(theNetwork().settlement.decimals)) / 10n ** 12n);
  };
  return (
    <aside class="setup-preview" aria-label={say("setup.preview")}>
      <Card>
        <div class="setup-head">
          <Stamp program={{ token: UNBORN, symbol: wish.symbol, image: wish.picture || null }} />
          <div>
            <p class="setup-name">
              <bdi>{plain(wish.name) || say("setup.name")}</bdi>
            </p>
            <p class="soft small">{plain(wish.about, 120) || plain(wish.symbol, 11)}</p>
          </div>
        </div>
        <Facts
          rows={[
            [
              say("setup.awardedToday"),
              life ? date(life.expiresAt - 1, language) : say("program.never"),
            ],
            [say("setup.hundredBid"), hundred(wish.bid)],
            [say("setup.hundredAsk"), hundred(wish.ask)],
          ]}
        />
      </Card>
    </aside>
  );
}
