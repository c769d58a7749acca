// What happened to the member's points, newest first.

import { useEffect, useState } from "preact/hooks";
import { zeroAddress } from "viem";

import { fetched } from "../app/http";
import { addressOrNone, units, whole } from "../app/reading";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, moment, money, plain, short, shortReference } from "../app/text";
import * as wallet from "../app/wallet";
import { transactionUrl } from "../chain/network";
import { Icon, type IconName } from "../design/icons";
import { Button, Empty, Notice, Page, Stamp } from "../design/parts";
import { say, sayAny, words, type Key } from "../words";

type Entry = {
  id: string;
  kind: string;
  token: string;
  amount: bigint;
  aside: bigint | null;
  other: string | null;
  // What the points were bought or sold for, where the other side of a conversion was money.
  money: bigint | null;
  reference: string | null;
  transaction: string | null;
  block: number | null;
  time: number;
};

type Shown = { entries: Entry[]; next: string | null; state: "reading" | "read" | "failed" };

const NOTHING: Shown = { entries: [], next: null, state: "reading" };

export function HistoryPage() {
  const member = useStore(wallet.account)?.address;
  const block = useStore(wallet.portfolio)?.block;
  const [shown, setShown] = useState<Shown>(NOTHING);
  const isPaged = shown.entries.length > 50;
  useEffect(() => {
    let stale = false;
    // Those who have turned pages would lose their place.
    if (!member || isPaged) return undefined;
    read(member, null).then(
      (page) => stale || setShown({ ...page, state: "read" }),
      () => stale || setShown((before) => ({ ...before, state: "failed" })),
    );
    return () => {
      stale = true;
    };
  }, [member, block, isPaged]);
  const more = async () => {
    if (!member || !shown.next) return;
    const page = await read(member, shown.next).catch(() => null);
    if (page) setShown({ ...page, entries: [...shown.entries, ...page.entries], state: "read" });
  };
  return (
    <Page title={say("history.title")}>
      {shown.state === "failed" && <Notice look="warn">{say("history.offline")}</Notice>}
      {shown.state === "read" && shown.entries.length === 0 && (
        <Empty icon="history" title={say("history.none")} />
      )}
      {shown.state === "reading" && <p class="soft">{say("app.loading")}</p>}
      <ul class="entries">
        {shown.entries.map((entry) => (
          <EntryRow key={entry.id} entry={entry} />
        ))}
      </ul>
      {shown.next && (
        <Button look="quiet" wide onClick={() => void more()}>
          {say("history.more")}
        </Button>
      )}
    </Page>
  );
}

async function read(member: string, before: string | null) {
  const query = before === null ? "" : `&before=${encodeURIComponent(before)}`;
  const given = await fetched(`/v1/members/${member}/history?limit=50${query}`);
  const entries: Entry[] = (given.entries ?? []).flatMap(entryOrNone);
  return { entries, next: typeof given.next === "string" ? given.next : null };
}

function entryOrNone(given: any): Entry[] {
  try {
    return [
      {
        id: String(given.id ?? `${given.transaction} ${given.kind} ${given.token}`),
        kind: String(given.kind),
        token: String(addressOrNone(given.token)),
        amount: BigInt(given.amount),
        aside: given.aside == null ? null : BigInt(given.aside),
        other: given.other === zeroAddress ? null : addressOrNone(given.other),
        money: moneyIn(given),
        reference: typeof given.reference === "string" ? given.reference : null,
        transaction: typeof given.transaction === "string" ? given.transaction : null,
        block: given.block == null ? null : whole(given.block),
        time: whole(given.time),
      },
    ];
  } catch {
    return [];
  }
}

function moneyIn({ conversion }: any): bigint | null {
  const { settlementToken } = wallet.theNetwork().contracts;
  if (addressOrNone(conversion?.token) !== settlementToken) return null;
  return units(conversion.amount);
}

const MARKS: Record<string, IconName> = {
  sent: "send",
  received: "receive",
  redeemed: "redeem",
  "converted in": "convert",
  "converted out": "convert",
  held: "hold",
  released: "hold",
  paid: "shop",
  expired: "clock",
};

function EntryRow({ entry }: { entry: Entry }) {
  const { language } = useStore(settings);
  const names = useStore(wallet.merchants);
  const dictionary = useStore(words);
  const program = wallet.programOf(entry.token);
  const key = keyOf(entry);
  const label = sayAny((key in dictionary ? key : "kind.other") as Key);
  const moved = entry.amount === 0n ? (entry.aside ?? 0n) : entry.amount;
  const sign = entry.amount > 0n ? "+" : "";
  const url =
    entry.transaction === null ? null : transactionUrl(wallet.theNetwork(), entry.transaction);
  const other = otherOf(entry, names);
  return (
    <li class="entry" data-kind={entry.kind}>
      {program ? <Stamp program={program} size="s" /> : <span class="entry-mark" />}
      <span class="entry-words">
        <span class="details">
          <span>
            <Icon name={MARKS[entry.kind] ?? "receive"} size={15} /> {label}
          </span>
          {other && (
            <span class="soft">
              <bdi>{plain(other, 40)}</bdi>
            </span>
          )}
        </span>
        <span class="small soft details">
          <span>{moment(entry.time, language)}</span>
          {entry.reference && (
            <span title={entry.reference}>
              <bdi>{shortReference(entry.reference)}</bdi>
            </span>
          )}
          {url && (
            <a href={url} target="_blank" rel="noreferrer">
              {say("history.onChain")}
            </a>
          )}
          {!url && entry.transaction && (
            <span class="mono" title={entry.transaction}>
              {short(entry.transaction)}
            </span>
          )}
        </span>
      </span>
      <strong class={entry.amount > 0n ? "in" : ""}>
        {sign}
        {program ? amount(moved, program.decimals, language) : String(moved)}{" "}
        <span class="small soft">
          <bdi>{program ? plain(program.symbol, 12) : ""}</bdi>
        </span>
      </strong>
    </li>
  );
}

function keyOf({ kind, money }: Entry): string {
  if (money === null) return `kind.${kind}`;
  return kind === "converted in" ? "kind.bought" : "kind.sold";
}

// Who or what stands on the other side: a sum of money, a merchant, a program, or somebody.
function otherOf(
  { other, money: sum }: Entry, names: ReadonlyMap<string, string>,
): string | null {
  const { symbol, decimals } = wallet.theNetwork().settlement;
  if (sum !== null) return money(sum, symbol, decimals, settings.value.language);
  if (other === null) return null;
  return names.get(other) ?? wallet.programOf(other)?.name ?? short(other);
}
