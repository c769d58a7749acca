// One sale: the code for the customer, the answer, the receipt, the refund.

import { useEffect, useState } from "preact/hooks";

import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, parsed, plain } from "../app/text";
import { Icon } from "../design/icons";
import { Button, Card, Field, Notice, Qr } from "../design/parts";
import { Scanner } from "../design/scanner";
import { ANSWER } from "../paying/requests";
import { say } from "../words";
import { call, file, refresh, sales, type Sale } from "./service";
import { Trouble } from "./trouble";

export function SaleView({ serial, onNext }: { serial: number; onNext: () => void }) {
  const listed = useStore(sales).find((one) => one.serial === serial);
  const [first, setFirst] = useState<Sale | null>(null);
  useEffect(() => {
    void call("GET", `/v1/sales/${serial}`).then(setFirst, () => undefined);
  }, [serial]);
  const sale = newer(listed, first);
  if (!sale) return <p class="soft">{say("app.loading")}</p>;
  return (
    <main id="content" class="sale" data-state={sale.state}>
      <h1 tabIndex={-1}>{say("till.number", { serial })}</h1>
      <p class="keypad-amount">
        <strong>
          <bdi>{plain(sale.shown)}</bdi>
        </strong>
      </p>
      {sale.state === "asked" && <Waiting sale={sale} onTaken={setFirst} />}
      {sale.state !== "asked" && <Outcome sale={sale} onChange={setFirst} />}
      <Button wide look={sale.state === "asked" ? "quiet" : "main"} onClick={onNext}>
        {say("till.next")}
      </Button>
    </main>
  );
}

// What was answered to this page itself may be ahead of the list.
function newer(listed: Sale | undefined, own: Sale | null): Sale | null {
  if (!listed || !own) return own ?? listed ?? null;
  return listed.state === "asked" ? own : listed;
}

function Waiting({ sale, onTaken }: { sale: Sale; onTaken: (sale: Sale) => void }) {
  const [isScanning, setScanning] = useState(false);
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>(null);
  const take = async (code: string) => {
    setError(null);
    setScanning(false);
    try {
      onTaken((await call("POST", "/v1/answers", { text: code.trim() })) as Sale);
      void refresh();
    } catch (fault) {
      setError(fault);
    }
  };
  const cancel = async () => {
    try {
      onTaken((await call("DELETE", `/v1/sales/${sale.serial}`)) as Sale);
      void refresh();
    } catch (fault) {
      setError(fault);
    }
  };
  return (
    <Card>
      {isScanning ? (
        <Scanner
          label={say("till.scanText")}
          found={(code) => {
            if (!code.toUpperCase().startsWith(`${ANSWER}:`)) return false;
            void take(code);
            return true;
          }}
        />
      ) : (
        <div class="voucher">
          {sale.request && <Qr text={sale.request} label={say("till.show")} />}
          <p class="soft">{say("till.show")}</p>
        </div>
      )}
      <Trouble error={error} />
      {!isScanning && (
        <Button wide icon="camera" onClick={() => setScanning(true)}>
          {say("till.scan")}
        </Button>
      )}
      <Field
        mono
        label={say("till.paste")}
        value={text}
        onInput={setText}
        hint="ZEGELVOUCHER:…"
        suffix={
          <button type="button" class="chip" disabled={!text} onClick={() => void take(text)}>
            {say("pay.read")}
          </button>
        }
      />
      <Button look="plain" onClick={() => void cancel()}>
        {say("till.cancel")}
      </Button>
    </Card>
  );
}

const GOOD = ["open", "paid", "overspent"];

function Outcome({ sale, onChange }: { sale: Sale; onChange: (sale: Sale) => void }) {
  const isGood = GOOD.includes(sale.state);
  return (
    <Card>
      <div class={`told ${isGood ? "done" : ""}`}>
        {isGood && (
          <span class="done-mark">
            <Icon name="check" size={34} />
          </span>
        )}
        <p class="told-title">{isGood ? say("till.accepted") : say(`till.state.${sale.state}`)}</p>
        {isGood && (
          <p class="small soft">
            {say(sale.state === "open" ? "till.acceptedText" : `till.state.${sale.state}`)}
          </p>
        )}
      </div>
      {sale.reason && <Notice look="warn">{plain(sale.reason, 200)}</Notice>}
      {isGood && <Receipt sale={sale} />}
      {(sale.state === "paid" || sale.state === "overspent") && (
        <Refund sale={sale} onChange={onChange} />
      )}
    </Card>
  );
}

function Receipt({ sale: { serial, state, refunded } }: { sale: Sale }) {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    const path = `/v1/sales/${serial}/receipt`;
    void file(path).then(async (found) => setText(await found.text()), () => undefined);
  }, [serial, state, refunded]);
  const print = async () => openFile(await file(`/v1/sales/${serial}/receipt?form=pdf`));
  if (text === null) return null;
  return (
    <>
      <pre class="slip" aria-label={say("till.receipt")}>
        {text}
      </pre>
      <Button look="quiet" icon="print" onClick={() => void print()}>
        {say("till.print")}
      </Button>
    </>
  );
}

function Refund({ sale, onChange }: { sale: Sale; onChange: (sale: Sale) => void }) {
  const { language } = useStore(settings);
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>(null);
  const given = parsed(text, sale.decimals);
  const base = "base" in given && given.base > 0n ? given.base : null;
  const left = BigInt(sale.paid) - BigInt(sale.refunded);
  const points = (units: bigint) =>
    `${amount(units, sale.decimals, language)} ${plain(sale.program, 16)}`;
  const refund = async () => {
    setError(null);
    try {
      const path = `/v1/sales/${sale.serial}/refunds`;
      onChange((await call("POST", path, { amount: String(base) })) as Sale);
      setText("");
      void refresh();
    } catch (fault) {
      setError(fault);
    }
  };
  return (
    <>
      {sale.refunds.map((one) => (
        <Notice key={one.part} look={one.transaction ? "good" : "info"}>
          {say(one.transaction ? "till.refunded" : "till.owed", {
            amount: points(BigInt(one.amount)),
          })}
        </Notice>
      ))}
      <Trouble error={error} />
      {left > 0n && (
        <Field
          numeric
          label={say("till.refundAmount")}
          value={text}
          onInput={setText}
          hint="0"
          note={say("field.available", { amount: points(left) })}
          suffix={
            <button
              type="button"
              class="chip"
              disabled={base === null}
              onClick={() => void refund()}
            >
              {say("till.refund")}
            </button>
          }
        />
      )}
    </>
  );
}

// A file of the till's, in a tab of its own.
export function openFile(content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.target = "_blank";
  link.rel = "noopener";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
