// The last sales, and what is done with all of them: settle, read the chain, report.

import { useState } from "preact/hooks";

import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { moment, plain } from "../app/text";
import { Icon } from "../design/icons";
import { Button, Empty, Notice } from "../design/parts";
import { say } from "../words";
import { openFile } from "./sale";
import { call, file, refresh, sales, standing, type Sale } from "./service";
import { Trouble } from "./trouble";

const MARKS = { asked: "clock", open: "clock", paid: "check" } as const;

export function Sales({ onOpen }: { onOpen: (serial: number) => void }) {
  const all = useStore(sales);
  const { language } = useStore(settings);
  return (
    <aside class="till-side" aria-label={say("till.sales")}>
      <Work />
      <h2>{say("till.sales")}</h2>
      {all.length === 0 && <Empty icon="shop" title={say("till.none")} />}
      <ul class="entries">
        {all.map((sale) => (
          <li key={sale.serial}>
            <button
              type="button"
              class="entry"
              data-sale={sale.state}
              onClick={() => onOpen(sale.serial)}
            >
              <span class={`entry-mark ${sale.state === "paid" ? "in" : ""}`}>
                <Icon name={markOf(sale)} size={18} />
              </span>
              <span class="entry-words">
                <span>{say(`till.state.${sale.state}`)}</span>
                <span class="small soft details">
                  <span>{moment(sale.asked, language)}</span>
                  <span>{say("till.number", { serial: sale.serial })}</span>
                </span>
              </span>
              <strong>
                <bdi>{plain(sale.shown)}</bdi>
              </strong>
            </button>
          </li>
        ))}
      </ul>
    </aside>
  );
}

function markOf({ state }: Sale) {
  return state in MARKS ? MARKS[state as keyof typeof MARKS] : "close";
}

type Told = { done: number; open: number; troubles: string[] };

function Work() {
  const now = useStore(standing);
  const { language } = useStore(settings);
  const [busy, setBusy] = useState<"settle" | "sync" | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [error, setError] = useState<unknown>(null);
  const run = async (what: "settle" | "sync") => {
    setBusy(what);
    setError(null);
    setTold(null);
    try {
      if (what === "sync") await call("POST", "/v1/sync");
      else {
        const { done, open, troubles } = await call("POST", "/v1/settlements");
        setTold({ done: done.length, open, troubles });
      }
    } catch (fault) {
      setError(fault);
    }
    await refresh();
    setBusy(null);
  };
  const report = async (name: "day" | "losses") =>
    openFile(await file(`/v1/reports/${name}?form=pdf`));
  if (!now) return null;
  return (
    <section class="card work">
      <p class="work-count">
        {now.open ? say("till.open", { count: now.open }) : say("till.allSettled")}
      </p>
      <p class="small soft">
        {now.synced ? say("till.synced", { time: moment(now.synced, language) }) : say("till.never")}
      </p>
      {now.trouble && <Notice look="warn">{plain(now.trouble, 200)}</Notice>}
      {told && (
        <Notice look={told.troubles.length ? "warn" : "good"}>
          {say("till.settled", { count: told.done, open: told.open })}
          {told.troubles.map((one) => (
            <p key={one}>{plain(one, 200)}</p>
          ))}
        </Notice>
      )}
      <Trouble error={error} />
      <div class="row">
        <Button
          busy={busy === "settle"}
          disabled={busy !== null || now.open === 0}
          onClick={() => void run("settle")}
        >
          {say("till.settle")}
        </Button>
        <Button
          look="quiet"
          busy={busy === "sync"}
          disabled={busy !== null}
          onClick={() => void run("sync")}
        >
          {say("till.sync")}
        </Button>
      </div>
      <div class="row">
        <Button look="plain" icon="document" onClick={() => void report("day")}>
          {say("till.day")}
        </Button>
        <Button look="plain" icon="document" onClick={() => void report("losses")}>
          {say("till.losses")}
        </Button>
      </div>
    </section>
  );
}
