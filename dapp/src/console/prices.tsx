// The two prices, with what they would have done to last month's traffic, and limits in a day.

import { useEffect, useState } from "preact/hooks";

import { EXCHANGE_ISSUER } from "@abi";
import { clientOf } from "../chain/network";
import { readContract } from "../chain/reading";
import { parsed, plain, typed } from "../app/text";
import { Card, Field, Notice } from "../design/parts";
import { say } from "../words";
import { Deed, euros, points, useFigures } from "./parts";
import { reload, theNetwork, transact, type Own } from "./session";

const PRICE_DECIMALS = 12;

type Effect = { paid: string; issued: string };
type Preview = { now: Effect; then: Effect };

export function PricesPage({ own }: { own: Own }) {
  return (
    <div class="columns">
      <Prices own={own} />
      <Limits own={own} />
    </div>
  );
}

function amountOf(text: string, decimals: number): bigint | null {
  const given = parsed(text, decimals);
  return "base" in given ? given.base : null;
}

function Prices({ own }: { own: Own }) {
  const { symbol } = theNetwork().settlement;
  const [bid, setBid] = useState(() => typed(BigInt(own.program.bid), PRICE_DECIMALS));
  const [ask, setAsk] = useState(() => typed(BigInt(own.program.ask), PRICE_DECIMALS));
  const [newBid, newAsk] = [amountOf(bid, PRICE_DECIMALS), amountOf(ask, PRICE_DECIMALS)];
  const isGood = newBid !== null && newAsk !== null && newBid > 0n && newBid <= newAsk;
  const set = async () => {
    await transact({
      address: theNetwork().contracts.exchange,
      abi: EXCHANGE_ISSUER,
      functionName: "setPrices",
      args: [own.program.token, newBid, newAsk],
    });
    await reload();
  };
  const unit = <span class="unit">{plain(symbol, 10)}</span>;
  return (
    <Card label={say("console.prices")}>
      <h2>{say("console.prices")}</h2>
      <Field numeric label={say("console.bid")} value={bid} onInput={setBid} suffix={unit} />
      <Field numeric label={say("console.ask")} value={ask} onInput={setAsk} suffix={unit} />
      {isGood ? (
        <Effects key={`${newBid} ${newAsk}`} own={own} bid={newBid} ask={newAsk} />
      ) : (
        <Notice look="warn">{say("console.pricesFault")}</Notice>
      )}
      <Deed label={say("console.setPrices")} deed={set} disabled={!isGood} />
    </Card>
  );
}

function Effects({ own, bid, ask }: { own: Own; bid: bigint; ask: bigint }) {
  const { read, fault } = useFigures<Preview>(own, `preview?bid=${bid}&ask=${ask}`);
  if (fault) return <Notice look="warn">{fault}</Notice>;
  if (!read) return null;
  return (
    <table class="table">
      <caption>{say("console.preview")}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{say("console.now")}</th>
          <th scope="col">{say("console.then")}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{say("console.paid")}</th>
          <td>{euros(read.now.paid)}</td>
          <td>{euros(read.then.paid)}</td>
        </tr>
        <tr>
          <th scope="row">{say("console.issued")}</th>
          <td>{points(own, read.now.issued)}</td>
          <td>{points(own, read.then.issued)}</td>
        </tr>
      </tbody>
    </table>
  );
}

function Limits({ own }: { own: Own }) {
  const { decimals, symbol } = theNetwork().settlement;
  const [maxOut, setOut] = useState("");
  const [maxIn, setIn] = useState("");
  const [perMember, setPerMember] = useState("");
  useEffect(() => {
    const address = theNetwork().contracts.exchange;
    const { token } = own.program;
    readContract(clientOf(theNetwork()), {
      address,
      abi: EXCHANGE_ISSUER,
      functionName: "dailyLimitsOf",
      args: [token],
    }).then(
      (found) => {
        setOut(written(found.maxOut, decimals));
        setIn(written(found.maxIn, decimals));
        setPerMember(written(found.maxPerMember, own.program.decimals));
      },
      () => undefined,
    );
  }, [own]);
  const out = limitOf(maxOut, decimals);
  const into = limitOf(maxIn, decimals);
  const member = limitOf(perMember, own.program.decimals);
  const set = () =>
    transact({
      address: theNetwork().contracts.exchange,
      abi: EXCHANGE_ISSUER,
      functionName: "setDailyLimits",
      args: [own.program.token, { maxOut: out, maxIn: into, maxPerMember: member }],
    });
  const unit = <span class="unit">{plain(symbol, 10)}</span>;
  return (
    <Card label={say("console.limits")}>
      <h2>{say("console.limits")}</h2>
      <Field numeric label={say("console.maxOut")} value={maxOut} onInput={setOut} suffix={unit} />
      <Field numeric label={say("console.maxIn")} value={maxIn} onInput={setIn} suffix={unit} />
      <Field
        numeric
        label={say("console.maxMember")}
        value={perMember}
        onInput={setPerMember}
        note={say("console.limitNote")}
        suffix={<span class="unit">{plain(own.program.symbol, 10)}</span>}
      />
      <Deed
        label={say("console.setLimits")}
        deed={set}
        disabled={out === null || into === null || member === null}
      />
    </Card>
  );
}

function written(base: bigint, decimals: number): string {
  return base === 0n ? "" : typed(base, decimals);
}

// Nothing typed is no limit.
function limitOf(text: string, decimals: number): bigint | null {
  return text.trim() === "" ? 0n : amountOf(text, decimals);
}
