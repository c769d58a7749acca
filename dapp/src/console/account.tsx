// The issuer's money in the exchange: put some in, take some out, and what has moved it.

import { useState } from "preact/hooks";

import { EXCHANGE_ISSUER } from "@issuing";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { date, plain } from "../app/text";
import { Card, Field, Notice } from "../design/parts";
import { say } from "../words";
import { amountOf } from "./amounts";
import { approval, mayTake, payment } from "./funding";
import { amountFault, Deed, euros, Needs, Unit, useFigures } from "./parts";
import { sender, transact } from "./sending";
import { theNetwork, type Own } from "./session";

type Kind = "funded" | "received" | "paid" | "withdrawn" | "fee";
type Posting = { time: number; kind: Kind; amount: string; balance: string; other: string | null };

const SHOWN = 12;

export function AccountPage({ own }: { own: Own }) {
  return (
    <div class="columns">
      <Money own={own} />
      <Postings own={own} />
    </div>
  );
}

function Money({ own }: { own: Own }) {
  const { symbol, decimals } = theNetwork().settlement;
  const [text, setText] = useState("");
  const base = amountOf(text, decimals);
  const isSome = base !== null && base > 0n;
  const { token } = own.program;
  const fund = async () => {
    if (base === null) return;
    if (!(await mayTake(sender().account, base))) await transact(approval(base));
    await transact(payment(token, base));
    setText("");
  };
  const withdraw = async () => {
    await transact({
      address: theNetwork().contracts.exchange,
      abi: EXCHANGE_ISSUER,
      functionName: "withdraw",
      args: [token, sender().account, base],
    });
    setText("");
  };
  return (
    <Card label={say("console.account")}>
      <div>
        <p class="small soft">{say("console.money")}</p>
        <p class="tile-value" data-account>
          {euros(own.program.account)}
        </p>
      </div>
      <p class="small soft">{say("console.accountText")}</p>
      <Field
        big
        numeric
        label={say("field.amount")}
        value={text}
        onInput={setText}
        hint="0"
        fault={text && base === null ? amountFault(decimals) : null}
        suffix={<Unit text={symbol} />}
      />
      <Deed label={say("console.fund")} deed={fund} disabled={!isSome} />
      <Deed
        look="quiet"
        label={say("console.withdraw")}
        deed={withdraw}
        disabled={!isSome || base > BigInt(own.program.account)}
      />
      <Needs own={own} role="treasurer" what="console.withdraw" />
    </Card>
  );
}

function Postings({ own }: { own: Own }) {
  const { read, fault } = useFigures<{ postings: Posting[] }>(own, "partners");
  const { language } = useStore(settings);
  if (fault) return <Notice look="bad">{fault}</Notice>;
  if (!read) return null;
  const newest = read.postings.slice(-SHOWN).reverse();
  return (
    <Card label={say("console.postings")}>
      <h2>{say("console.postings")}</h2>
      {newest.length === 0 && <p class="soft">{say("console.noPostings")}</p>}
      <ul class="entries">
        {newest.map(({ time, kind, amount, balance, other }, at) => (
          <li key={`${time} ${at}`} class="entry">
            <span class="entry-words">
              <span>
                {say(`posting.${kind}`)} {isTraded(kind) && plain(other ?? "", 16)}
              </span>
              <span class="small soft">{date(time, language)}</span>
            </span>
            <span class="entry-figures">
              <strong class={amount.startsWith("-") ? "" : "in"}>{signed(amount)}</strong>
              <span class="small soft">{euros(balance)}</span>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

// Who topped up or took out is the issuer itself, or somebody of its own.
function isTraded(kind: Kind): boolean {
  return kind === "received" || kind === "paid";
}

function signed(amount: string): string {
  return amount.startsWith("-") ? euros(amount) : `+${euros(amount)}`;
}
