// What a program owes, how that came about, and what expires when.

import { go } from "../app/router";
import { settings, type Language } from "../app/settings";
import { useStore } from "../app/store";
import { amount, date, month, plain } from "../app/text";
import { Button, Card, Empty, Facts, Notice } from "../design/parts";
import { say, type Bare } from "../words";
import { euros, points, useFigures } from "./parts";
import type { Own } from "./session";

type Moved = Record<(typeof CAME)[number] | (typeof WENT)[number], string>;
type Liability = { opening: string; closing: string; moved: Moved; atBid: string; atAsk: string };
type Month = { start: number; outstanding: { expires: number | null; amount: string }[] };
type FlowLine = { source: string; target: string; count: number; value: string };
type PartnerNames = { partners: { partner: string; symbol: string }[] };

const CAME = ["awarded", "refunded", "guaranteed", "convertedIn"] as const;
const WENT = ["redeemed", "convertedOut", "corrected", "expired"] as const;

const MONTHS = 18;
const LABELS = 6;
const WIDEST = 56;
const [WIDTH, HEIGHT] = [640, 220];

export function Overview({ own }: { own: Own }) {
  const { read: liability, fault } = useFigures<Liability>(own, "liability");
  const { read: months } = useFigures<Month[]>(own, "generations");
  return (
    <>
      {fault && <Notice look="bad">{fault}</Notice>}
      {liability && (
        <div class="tiles">
          <Tile
            label="console.liability"
            value={whole(own, liability.closing)}
            unit={own.program.symbol}
          />
          <Tile label="console.atBid" value={euros(liability.atBid)} />
          <Tile label="console.atAsk" value={euros(liability.atAsk)} />
          <Tile label="console.money" value={euros(own.program.account)} />
        </div>
      )}
      {months && (
        <Card label={say("console.generations")}>
          <h2>{say("console.generations")}</h2>
          {months.some(({ outstanding }) => outstanding.length > 0) ? (
            <Generations own={own} months={months.slice(-MONTHS)} />
          ) : (
            <Empty icon="redeem" title={say("console.noPoints")}>
              <Button onClick={() => go(`award/${own.program.token}`)}>
                {say("console.awardFirst")}
              </Button>
            </Empty>
          )}
        </Card>
      )}
      <div class="columns">
        {liability && <RollForward own={own} liability={liability} />}
        <Flows own={own} />
      </div>
    </>
  );
}

function whole({ program }: Own, base: string): string {
  return amount(BigInt(base), program.decimals, settings.value.language);
}

function Tile({ label, value, unit }: { label: Bare; value: string; unit?: string }) {
  return (
    <section class="tile">
      <p class="small soft">{say(label)}</p>
      <p class="tile-value">
        <bdi>{value}</bdi> {unit && <span class="unit">{plain(unit, 16)}</span>}
      </p>
    </section>
  );
}

function RollForward({ own, liability }: { own: Own; liability: Liability }) {
  const { moved } = liability;
  const line = (name: (typeof CAME)[number] | (typeof WENT)[number], sign: string) =>
    [say(`console.${name}`), `${sign}${points(own, moved[name])}`] as [string, string];
  return (
    <Card label={say("console.rollForward")}>
      <h2>{say("console.rollForward")}</h2>
      <Facts
        rows={[
          [say("console.opening"), points(own, liability.opening)],
          ...CAME.filter((name) => moved[name] !== "0").map((name) => line(name, "+")),
          ...WENT.filter((name) => moved[name] !== "0").map((name) => line(name, "−")),
          [say("console.closing"), <strong>{points(own, liability.closing)}</strong>],
        ]}
      />
    </Card>
  );
}

// Bars of months, one part for each second at which points expire. The same figures stand in a
// table for those who do not see them.
function Generations({ own, months }: { own: Own; months: Month[] }) {
  const { language } = useStore(settings);
  const ends = [...new Set(months.flatMap(({ outstanding }) => outstanding.map(key)))].sort(order);
  const totals = months.map(({ outstanding }) =>
    outstanding.reduce((sum, one) => sum + Number(one.amount), 0),
  );
  const most = Math.max(1, ...totals);
  const step = WIDTH / Math.max(1, months.length);
  const width = Math.min(step * 0.72, WIDEST);
  // As many names of months as have room on a phone.
  const every = Math.ceil(months.length / LABELS);
  return (
    <figure class="chart">
      <p class="chart-most small soft" aria-hidden="true">
        {points(own, BigInt(most))}
      </p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={say("console.generations")}>
        {months.map(({ start, outstanding }, at) => {
          let top = HEIGHT;
          return [...outstanding].sort((a, b) => order(key(a), key(b))).map((one) => {
            const height = (Number(one.amount) / most) * (HEIGHT - 8);
            top -= height;
            const tone = ends.indexOf(key(one)) % 12;
            return (
              <rect
                key={`${start} ${key(one)}`}
                class={`tone-${(tone * 5 + 5) % 12}`}
                x={at * step + (step - width) / 2}
                y={top}
                width={width}
                height={height}
                rx="2"
              >
                <title>{`${date(start, language)}: ${points(own, one.amount)}`}</title>
              </rect>
            );
          });
        })}
      </svg>
      <p class="chart-months small soft" aria-hidden="true">
        {months.map(({ start }, at) => (
          <span key={start}>{at % every === 0 ? month(start, language) : ""}</span>
        ))}
      </p>
      <figcaption class="legend small">
        <span class="soft">{say("console.expireOn")}</span>
        {ends.map((end, at) => (
          <span key={end}>
            <span class={`dot tone-${((at % 12) * 5 + 5) % 12}`} />
            {endWords(end, language)}
          </span>
        ))}
      </figcaption>
      <div class="unseen">
        <Figures own={own} months={months} ends={ends} />
      </div>
    </figure>
  );
}

function Figures({ own, months, ends }: { own: Own; months: Month[]; ends: string[] }) {
  const { language } = useStore(settings);
  const of = (outstanding: Month["outstanding"], end: string) =>
    outstanding.find((one) => key(one) === end)?.amount ?? "0";
  return (
    <table>
      <thead>
        <tr>
          <td />
          {ends.map((end) => (
            <th key={end} scope="col">
              {endWords(end, language)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {months.map(({ start, outstanding }) => (
          <tr key={start}>
            <th scope="row">{date(start, language)}</th>
            {ends.map((end) => (
              <td key={end}>
                {amount(BigInt(of(outstanding, end)), own.program.decimals, language)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function endWords(end: string, language: Language): string {
  return end === "never" ? say("program.never") : date(Number(end) - 1, language);
}

function key({ expires }: { expires: number | null }): string {
  return expires === null ? "never" : String(expires);
}

function order(one: string, other: string): number {
  const [first, second] = [one, other].map((end) => (end === "never" ? Infinity : Number(end)));
  return (first ?? 0) - (second ?? 0);
}

function Flows({ own }: { own: Own }) {
  const { read: flows } = useFigures<FlowLine[]>(own, "flows");
  const { read: names } = useFigures<PartnerNames>(own, "partners");
  if (!flows || !names) return null;
  const most = Math.max(1, ...flows.map(({ value }) => Number(value)));
  const nameOf = (token: string) =>
    plain(names.partners.find(({ partner }) => partner === token)?.symbol ?? token, 16);
  return (
    <Card label={say("console.flows")}>
      <h2>{say("console.flows")}</h2>
      {flows.length === 0 && <p class="soft">{say("console.noFlows")}</p>}
      <ul class="generations">
        {flows.map(({ source, target, count, value }) => {
          const isOut = source === own.program.token;
          const partner = nameOf(isOut ? target : source);
          const label = isOut
            ? say("console.outTo", { partner })
            : say("console.inFrom", { partner });
          return (
            <li key={`${source} ${target}`}>
              <span>
                {label} <span class="small soft">({count})</span>
              </span>
              <span class="bar" aria-hidden="true">
                <span
                  class={isOut ? "out" : ""}
                  style={{ width: `${(Number(value) / most) * 100}%` }}
                />
              </span>
              <strong>{euros(value)}</strong>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
