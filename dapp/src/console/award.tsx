// Award one member, or a file: first what it would do, then go. Nothing is awarded twice.

import { useEffect, useState } from "preact/hooks";

import { fetched, Refused } from "../app/http";
import { until } from "../chain/waiting";
import { Button, Card, Facts, Field, Notice } from "../design/parts";
import { addressIn } from "../paying/addresses";
import { say } from "../words";
import { amountOf } from "./amounts";
import { awardOf, type Row } from "./awarding";
import { faultsOf } from "./faults";
import { amountFault, Deed, FileDrop, points, Unit } from "./parts";
import { wordIn } from "./reasons";
import { transact } from "./sending";
import type { Own } from "./session";

type Plan = {
  awards: number;
  members: number;
  total: string;
  transactions: number;
  repeated: number;
  budgetLeft: string;
  refusals: string[];
};
type Status = { rows: Record<string, number>; troubles: string[]; done: boolean };
type Answer = { file: string; plan: Plan; status: Status | null };
// `row` is the award itself, where it is a single one.
type Wish = { content: BodyInit; kind: string; name: string; row: Row | null };

const PATIENCE = 3_600_000;
const KINDS: Record<string, string> = {
  csv: "text/csv",
  jsonl: "application/x-ndjson",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

export function AwardPage({ own }: { own: Own }) {
  const [wish, setWish] = useState<{ wish: Wish; number: number } | null>(null);
  const choose = (next: Wish) => setWish((now) => ({ wish: next, number: (now?.number ?? 0) + 1 }));
  return (
    <div class="columns">
      <One own={own} onWish={choose} />
      <div class="stack">
        <AFile onWish={choose} />
        {wish && <Planned key={wish.number} own={own} wish={wish.wish} />}
      </div>
    </div>
  );
}

function One({ own, onWish }: { own: Own; onWish: (wish: Wish) => void }) {
  const [member, setMember] = useState("");
  const [text, setText] = useState("");
  const [reference, setReference] = useState("");
  const [reason, setReason] = useState("");
  const to = addressIn(member);
  const amount = amountOf(text, own.program.decimals);
  const [ref, why] = [wordIn(reference), wordIn(reason)];
  const isWhole = to && amount && ref && why;
  const show = () => {
    if (!isWhole) return;
    const [told, because] = [reference.trim(), reason.trim()];
    const row = { member: to, amount: String(amount), reference: told, reason: because };
    onWish({
      content: JSON.stringify({ rows: [row] }),
      kind: "application/json",
      name: `award-${told}`,
      row: { member: to, amount, reference: ref, reason: why },
    });
  };
  const wordFault = (typed: string, word: unknown) =>
    typed && !word ? say("console.wordFault") : null;
  return (
    <Card label={say("console.awardOne")}>
      <h2>{say("console.awardOne")}</h2>
      <Field
        mono
        label={say("console.member")}
        value={member}
        onInput={setMember}
        fault={member && !to ? say("fault.address") : null}
      />
      <Field
        numeric
        label={say("field.amount")}
        value={text}
        onInput={setText}
        hint="0"
        fault={text && amount === null ? amountFault(own.program.decimals) : null}
        suffix={<Unit text={own.program.symbol} />}
      />
      <Field
        label={say("field.reference")}
        value={reference}
        onInput={setReference}
        note={say("console.referenceNote")}
        fault={wordFault(reference, ref)}
      />
      <Field
        label={say("console.reason")}
        value={reason}
        onInput={setReason}
        fault={wordFault(reason, why)}
      />
      <Button wide disabled={!isWhole} onClick={show}>
        {say("console.plan")}
      </Button>
    </Card>
  );
}

function AFile({ onWish }: { onWish: (wish: Wish) => void }) {
  const chosen = async (file: File) => {
    const ending = file.name.split(".").at(-1)?.toLowerCase() ?? "";
    const kind = KINDS[ending] ?? file.type;
    onWish({ content: await file.arrayBuffer(), kind, name: file.name, row: null });
  };
  return (
    <Card label={say("console.awardFile")}>
      <h2>{say("console.awardFile")}</h2>
      <p class="soft small">{say("console.awardFileText")}</p>
      <FileDrop
        label={say("console.file")}
        accept=".csv,.jsonl,.xlsx"
        onFile={(file) => void chosen(file)}
      />
    </Card>
  );
}

function Planned({ own, wish }: { own: Own; wish: Wish }) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [state, setState] = useState<"" | "busy" | "done">("");
  const [fault, setFault] = useState<unknown>(null);
  const path = `/v1/issuer/programs/${own.program.token}/awards`;
  const send = (plan: boolean): Promise<Answer> =>
    fetched(`${path}?plan=${plan}&name=${encodeURIComponent(wish.name.slice(0, 100))}`, {
      method: "POST",
      headers: { "Content-Type": wish.kind },
      body: wish.content,
    });
  useEffect(() => {
    send(true).then(setAnswer, setFault);
  }, []);
  const go = async () => {
    setState("busy");
    setFault(null);
    try {
      const begun = await send(false);
      setAnswer(begun);
      const query = `?file=${encodeURIComponent(begun.file)}`;
      await until(PATIENCE, async () => {
        const status = (await fetched(`${path}${query}`)) as Status;
        setAnswer({ ...begun, status });
        return status.done ? status : null;
      });
      setState("done");
    } catch (error) {
      setFault(error);
      setState("");
    }
  };
  const plan = answer?.plan;
  const isOwn = fault instanceof Refused && fault.kind === "no-awarder" && wish.row !== null;
  return (
    <Card label={say("console.planTitle")}>
      <h2>{say("console.planTitle")}</h2>
      {isOwn && wish.row && <ByWallet own={own} row={wish.row} />}
      {fault !== null && !isOwn && <Faults faults={faultsOf(fault)} />}
      {!plan && fault === null && <p class="soft">{say("app.loading")}</p>}
      {plan && (
        <>
          <Facts
            rows={[
              [say("console.inAll"), <strong>{points(own, plan.total)}</strong>],
              [say("console.awards"), plan.awards],
              [say("console.membersCount"), plan.members],
              [say("console.transactions"), plan.transactions],
              [say("console.repeated"), plan.repeated],
              [say("console.budgetLeft"), points(own, plan.budgetLeft)],
            ]}
          />
          {plan.refusals.map((one) => (
            <Notice key={one} look="bad">
              {one}
            </Notice>
          ))}
          {answer?.status && <Progress status={answer.status} />}
          {state === "done" ? (
            <Notice look="good">{say("console.awardDone")}</Notice>
          ) : (
            <Button
              wide
              busy={state === "busy"}
              disabled={plan.refusals.length > 0 || plan.awards === 0}
              onClick={() => void go()}
            >
              {say("console.go")}
            </Button>
          )}
        </>
      )}
    </Card>
  );
}

// Where no server awards for the program, its issuer can.
function ByWallet({ own, row }: { own: Own; row: Row }) {
  return (
    <>
      <p>{say("console.ownWallet", { total: points(own, row.amount) })}</p>
      <Deed
        label={say("console.go")}
        done={say("console.awardDone")}
        deed={() => transact(awardOf(own.program.token, row))}
      />
    </>
  );
}

function Faults({ faults }: { faults: string[] }) {
  return (
    <Notice look="bad">
      {faults.map((one) => (
        <p key={one}>{one}</p>
      ))}
    </Notice>
  );
}

function Progress({ status }: { status: Status }) {
  const all = Object.values(status.rows).reduce((sum, count) => sum + count, 0);
  const done = (status.rows["mined"] ?? 0) + (status.rows["final"] ?? 0);
  return (
    <>
      <p role="status">{say("console.underWay", { done, all })}</p>
      {status.troubles.map((one) => (
        <Notice key={one} look="warn">
          {one}
        </Notice>
      ))}
    </>
  );
}
