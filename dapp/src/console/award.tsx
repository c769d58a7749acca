// Award one member, or a file: first what it would do, then go. Nothing is awarded twice.

import { useRef, useState } from "preact/hooks";

import { fetched } from "../app/http";
import { parsed } from "../app/text";
import { Button, Card, Field, Notice } from "../design/parts";
import { addressIn } from "../paying/addresses";
import { say } from "../words";
import { faultOf } from "./faults";
import { points } from "./parts";
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
type Wish = { content: BodyInit; kind: string; name: string };

const PAUSE = 700;
const KINDS: Record<string, string> = {
  csv: "text/csv",
  jsonl: "application/x-ndjson",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

export function AwardPage({ own }: { own: Own }) {
  const [wish, setWish] = useState<Wish | null>(null);
  return (
    <div class="columns">
      <One own={own} onWish={setWish} />
      <AFile onWish={setWish} />
      {wish && <Planned key={`${wish.name} ${String(wish.content)}`} own={own} wish={wish} />}
    </div>
  );
}

function One({ own, onWish }: { own: Own; onWish: (wish: Wish) => void }) {
  const [member, setMember] = useState("");
  const [text, setText] = useState("");
  const [reference, setReference] = useState("");
  const [reason, setReason] = useState("");
  const to = addressIn(member);
  const given = parsed(text, own.program.decimals);
  const base = "base" in given && given.base > 0n ? given.base : null;
  const isWhole = to !== null && base !== null && reference.trim() !== "" && reason.trim() !== "";
  const show = () => {
    const row = { member: to, amount: String(base), reference: reference.trim(), reason };
    const content = JSON.stringify({ rows: [row] });
    onWish({ content, kind: "application/json", name: `award-${reference.trim()}` });
  };
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
      <Field numeric label={say("field.amount")} value={text} onInput={setText} hint="0" />
      <Field label={say("field.reference")} value={reference} onInput={setReference} />
      <Field label={say("console.reason")} value={reason} onInput={setReason} />
      <Button wide disabled={!isWhole} onClick={show}>
        {say("console.plan")}
      </Button>
    </Card>
  );
}

function AFile({ onWish }: { onWish: (wish: Wish) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const chosen = async (file: File | undefined) => {
    if (!file) return;
    const ending = file.name.split(".").at(-1)?.toLowerCase() ?? "";
    const kind = KINDS[ending] ?? file.type;
    onWish({ content: await file.arrayBuffer(), kind, name: file.name });
  };
  return (
    <Card label={say("console.awardFile")}>
      <h2>{say("console.awardFile")}</h2>
      <p class="soft small">{say("console.awardFileText")}</p>
      <label class="drop">
        <span>{say("console.file")}</span>
        <input
          ref={input}
          type="file"
          accept=".csv,.jsonl,.xlsx"
          onChange={(event) => void chosen(event.currentTarget.files?.[0])}
        />
      </label>
    </Card>
  );
}

function Planned({ own, wish }: { own: Own; wish: Wish }) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [state, setState] = useState<"" | "busy" | "done">("");
  const [fault, setFault] = useState<string | null>(null);
  const path = `/v1/issuer/programs/${own.program.token}/awards`;
  const send = (plan: boolean): Promise<Answer> =>
    fetched(`${path}?plan=${plan}&name=${encodeURIComponent(wish.name.slice(0, 100))}`, {
      method: "POST",
      headers: { "Content-Type": wish.kind },
      body: wish.content,
    });
  const look = useRef(false);
  if (!look.current) {
    look.current = true;
    send(true).then(setAnswer, (error) => setFault(faultOf(error)));
  }
  const go = async () => {
    setState("busy");
    try {
      let now = await send(false);
      setAnswer(now);
      while (!now.status?.done) {
        await new Promise((wake) => setTimeout(wake, PAUSE));
        const query = `?file=${encodeURIComponent(now.file)}`;
        const status = (await fetched(`${path}${query}`)) as Status;
        now = { ...now, status };
        setAnswer(now);
      }
      setState("done");
    } catch (error) {
      setFault(faultOf(error));
      setState("");
    }
  };
  const plan = answer?.plan;
  return (
    <Card label={say("console.plan")}>
      {fault && <Notice look="bad">{fault}</Notice>}
      {plan && (
        <>
          <p>
            {say("console.planned", { ...plan, total: points(own, plan.total) })}
          </p>
          <p class="soft">{say("console.budgetLeft", { amount: points(own, plan.budgetLeft) })}</p>
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
