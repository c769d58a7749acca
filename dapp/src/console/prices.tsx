// The two prices, with what they would have done to last month's traffic, and limits in a day.

import { useEffect, useState } from "preact/hooks";

import { EXCHANGE_ISSUER } from "@issuing";
import { clientOf } from "../chain/network";
import { readContract } from "../chain/reading";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { moment, typed } from "../app/text";
import { Card, Field, Notice } from "../design/parts";
import { say } from "../words";
import { amountOf, limitOf, PRICE_DECIMALS } from "./amounts";
import { faultOf } from "./faults";
import { Deed, euros, Needs, points, Unit, useFigures } from "./parts";
import { transact } from "./sending";
import { theNetwork, type Own } from "./session";

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

function Prices({ own }: { own: Own }) {
  const { symbol } = theNetwork().settlement;
  const [bid, setBid] = useState(() => typed(BigInt(own.program.bid), PRICE_DECIMALS));
  const [ask, setAsk] = useState(() => typed(BigInt(own.program.ask), PRICE_DECIMALS));
  const [newBid, newAsk] = [amountOf(bid, PRICE_DECIMALS), amountOf(ask, PRICE_DECIMALS)];
  const isGood = newBid !== null && newAsk !== null && newBid > 0n && newBid <= newAsk;
  const isSame = String(newBid) === own.program.bid && String(newAsk) === own.program.ask;
  const set = () =>
    transact({
      address: theNetwork().contracts.exchange,
      abi: EXCHANGE_ISSUER,
      functionName: "setPrices",
      args: [own.program.token, newBid, newAsk],
    });
  const unit = <Unit text={symbol} />;
  return (
    <Card label={say("console.prices")}>
      <h2>{say("console.prices")}</h2>
      {own.program.scheduled && <Announced own={own} {...own.program.scheduled} />}
      <Field numeric label={say("console.bid")} value={bid} onInput={setBid} suffix={unit} />
      <Field numeric label={say("console.ask")} value={ask} onInput={setAsk} suffix={unit} />
      {isGood ? (
        <Effects key={`${newBid} ${newAsk}`} own={own} bid={newBid} ask={newAsk} />
      ) : (
        <Notice look="warn">{say("console.pricesFault")}</Notice>
      )}
      <Deed
        label={say("console.setPrices")}
        deed={set}
        about={`${bid} ${ask}`}
        disabled={!isGood || isSame}
      />
      <Needs own={own} role="pricer" what="console.setPrices" />
    </Card>
  );
}

// Prices that come into force by themselves, unless they are withdrawn.
function Announced({
  own, bid, ask, since,
}: { own: Own } & NonNullable<Own["program"]["scheduled"]>) {
  const { language } = useStore(settings);
  const [shownBid, shownAsk] = [bid, ask].map((one) => typed(BigInt(one), PRICE_DECIMALS));
  const cancel = () =>
    transact({
      address: theNetwork().contracts.exchange,
      abi: EXCHANGE_ISSUER,
      functionName: "cancelScheduledPrices",
      args: [own.program.token],
    });
  return (
    <>
      <Notice>
        {say("console.announced", {
          bid: shownBid ?? "",
          ask: shownAsk ?? "",
          time: moment(since, language),
        })}
      </Notice>
      <Deed look="quiet" label={say("console.unannounce")} deed={cancel} />
    </>
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
  const [isRead, setRead] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const { token } = own.program;
  // What is typed here takes the place of all three, so nothing is set before they are known.
  useEffect(() => {
    readContract(clientOf(theNetwork()), {
      address: theNetwork().contracts.exchange,
      abi: EXCHANGE_ISSUER,
      functionName: "dailyLimitsOf",
      args: [token],
    }).then(
      (found) => {
        setOut(written(found.maxOut, decimals));
        setIn(written(found.maxIn, decimals));
        setPerMember(written(found.maxPerMember, own.program.decimals));
        setRead(true);
      },
      (error) => setFault(faultOf(error)),
    );
  }, [token]);
  const out = limitOf(maxOut, decimals);
  const into = limitOf(maxIn, decimals);
  const member = limitOf(perMember, own.program.decimals);
  const set = () =>
    transact({
      address: theNetwork().contracts.exchange,
      abi: EXCHANGE_ISSUER,
      functionName: "setDailyLimits",
      args: [token, { maxOut: out, maxIn: into, maxPerMember: member }],
    });
  const unit = <Unit text={symbol} />;
  return (
    <Card label={say("console.limits")}>
      <h2>{say("console.limits")}</h2>
      {fault && <Notice look="bad">{fault}</Notice>}
      <Field numeric label={say("console.maxOut")} value={maxOut} onInput={setOut} suffix={unit} />
      <Field numeric label={say("console.maxIn")} value={maxIn} onInput={setIn} suffix={unit} />
      <Field
        numeric
        label={say("console.maxMember")}
        value={perMember}
        onInput={setPerMember}
        note={say("console.limitNote")}
        suffix={<Unit text={own.program.symbol} />}
      />
      <Deed
        label={say("console.setLimits")}
        deed={set}
        disabled={!isRead || out === null || into === null || member === null}
      />
      <Needs own={own} role="admin" what="console.setLimits" />
    </Card>
  );
}

function written(base: bigint, decimals: number): string {
  return base === 0n ? "" : typed(base, decimals);
}
