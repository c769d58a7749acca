// What a program owes, how that came about, and what expires when.

import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, date, plain } from "../app/text";
import { Card, Facts, Notice } from "../design/parts";
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
const [WIDTH, HEIGHT] = [640, 220];

export function Overview({ own }: { own: Own }) {
  const { read: liability, fault } = useFigures<Liability>(own, "liability");
  const { read: months } = useFigures<Month[]>(own, "generations");
  return (
    <>
      {fault && <Notice look="bad">{fault}</Notice>}
      {liability && (
        <div class="tiles">
          <Tile label="console.liability" value={points(own, liability.closing)} />
          <Tile label="console.atBid" value={euros(liability.atBid)} />
          <Tile label="console.atAsk" value={euros(liability.atAsk)} />
          <Tile label="console.money" value={euros(own.program.account)} />
        </div>
      )}
      {months && (
        <Card label={say("console.generations")}>
          <h2>{say("console.generations")}</h2>
          <Generations own={own} months={months.slice(-MONTHS)} />
        </Card>
      )}
      <div class="columns">
        {liability && <RollForward own={own} liability={liability} />}
        <Flows own={own} />
      </div>
    </>
  );
}

function Tile({ label, value }: { label: Bare; value: string }) {
  return (
    <section class="tile">
      <p class="small soft">{say(label)}</p>
      <p class="tile-value">
        <bdi>{value}</bdi>
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
  const totals = months.map(({ outstanding }) => outstanding.reduce((sum, one) => sum + Number(one.amount), 0));
  const most = Math.max(1, ...totals);
  const step = WIDTH / Math.max(1, months.length);
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={say("console.generations")}>
        {months.map((month, at) => {
          let top = HEIGHT;
          return [...month.outstanding].sort((a, b) => order(key(a), key(b))).map((one) => {
            const height = (Number(one.amount) / most) * (HEIGHT - 8);
            top -= height;
            const tone = ends.indexOf(key(one)) % 12;
            return (
              <rect
                key={`${month.start} ${key(one)}`}
                class={`tone-${(tone * 5 + 5) % 12}`}
                x={at * step + step * 0.14}
                y={top}
                width={step * 0.72}
                height={height}
                rx="2"
              >
                <title>{`${date(month.start, language)}: ${points(own, one.amount)}`}</title>
              </rect>
            );
          });
        })}
      </svg>
      <figcaption class="legend small">
        {months[0] && <span class="soft">{date(months[0].start, language)} →</span>}
        {ends.map((end, at) => (
          <span key={end}>
            <span class={`dot tone-${((at % 12) * 5 + 5) % 12}`} />
            {end === "never" ? say("program.never") : date(Number(end) - 1, language)}
          </span>
        ))}
      </figcaption>
      <table class="unseen">
        <tbody>
          {months.map((month, at) => (
            <tr key={month.start}>
              <th scope="row">{date(month.start, language)}</th>
              <td>{amount(BigInt(totals[at] ?? 0), own.program.decimals, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function key({ expires }: { expires: number | null }): string {
  return expires === null ? "never" : String(expires);
}

function order(one: string, other: string): number {
  return (one === "never" ? Infinity : Number(one)) - (other === "never" ? Infinity : Number(other));
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
