// What the console's pages share: reading a figure, doing a thing, writing amounts.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";

import { fetched } from "../app/http";
import { settings } from "../app/settings";
import { Store, useStore } from "../app/store";
import { amount, money, plain } from "../app/text";
import { Icon } from "../design/icons";
import { Button, Notice } from "../design/parts";
import { say, type Bare } from "../words";
import { faultOf } from "./faults";
import type { Duty } from "./refusals";
import { theNetwork, type Own } from "./session";

export function useFigures<T>(own: Own, what: string): { read: T | null; fault: string | null } {
  const [read, setRead] = useState<T | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    fetched(`/v1/issuer/programs/${own.program.token}/${what}`).then(
      (found) => setRead(found as T),
      (error) => setFault(faultOf(error)),
    );
  }, [own, what]);
  return { read, fault };
}

export function points({ program }: Own, base: string | bigint): string {
  const { language } = settings.value;
  return `${amount(BigInt(base), program.decimals, language)} ${plain(program.symbol, 16)}`;
}

export function euros(base: string | bigint): string {
  const { symbol, decimals } = theNetwork().settlement;
  const whole = BigInt(base);
  const shown = money(whole < 0n ? -whole : whole, symbol, decimals, settings.value.language);
  return whole < 0n ? `−${shown}` : shown;
}

// What an amount is in, at the end of its field.
export function Unit({ text }: { text: string }) {
  return <span class="unit">{plain(text, 11)}</span>;
}

export function amountFault(decimals: number): string {
  return say("console.amountFault", { example: decimals ? "12.5" : "12", decimals });
}

// Where a page begins, for eyes and for screen readers.
export function toTop(): void {
  document.querySelector<HTMLElement>("#content h1")?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// Says which role is missing for what a page offers.
export function Needs({ own, role, what }: { own: Own; role: Duty | "admin"; what: Bare }) {
  const name = role === "admin" ? "default admin" : role;
  if (own.roles.includes(name)) return null;
  return (
    <p class="small soft">
      {say("console.needs", { what: say(what), role: say(`duty.${role}`) })}
    </p>
  );
}

// Only the last deed of a page says how it went.
const latest = new Store("");

// A button that does something on the chain or the server, and says how it went. What is said holds
// for what was typed: `about` changes with it.
export function Deed({
  label, deed, done, about, disabled, look = "main",
}: {
  label: string;
  deed: () => Promise<void>;
  done?: string;
  about?: string;
  disabled?: boolean;
  look?: "main" | "quiet" | "danger";
}) {
  const id = useId();
  const isLatest = useStore(latest) === id;
  const [state, setState] = useState<"" | "busy" | "done">("");
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    setFault(null);
    setState((now) => (now === "done" ? "" : now));
  }, [about]);
  const run = async () => {
    latest.set(id);
    setState("busy");
    setFault(null);
    try {
      await deed();
      setState("done");
    } catch (error) {
      setFault(faultOf(error));
      setState("");
    }
  };
  return (
    <>
      {isLatest && fault && <Notice look="bad">{fault}</Notice>}
      {isLatest && state === "done" && <Notice look="good">{done ?? say("console.mined")}</Notice>}
      <Button
        wide
        look={look}
        busy={state === "busy"}
        disabled={disabled ?? false}
        onClick={() => void run()}
      >
        {label}
      </Button>
    </>
  );
}

// Something to switch on, with a line that says what it does.
export function Check({
  label, value, onChange, note,
}: {
  label: string;
  value: boolean;
  onChange: (value: boolean) => void;
  note?: ComponentChildren;
}) {
  const id = useId();
  return (
    <div class="check">
      <input
        id={id}
        type="checkbox"
        checked={value}
        aria-describedby={note ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {note && (
        <p id={`${id}-note`} class="field-note">
          {note}
        </p>
      )}
    </div>
  );
}

// A file, chosen or dropped. The input itself is unseen: browsers word it in their own language.
export function FileDrop({
  label, accept, onFile,
}: {
  label: string;
  accept: string;
  onFile: (file: File) => void;
}) {
  const [name, setName] = useState("");
  const [isOver, setOver] = useState(false);
  const take = (file: File | undefined) => {
    setOver(false);
    if (!file) return;
    setName(file.name);
    onFile(file);
  };
  return (
    <label
      class={`drop${isOver ? " over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer?.files[0]);
      }}
    >
      <Icon name="document" size={28} />
      <span>{label}</span>
      {name ? (
        <strong class="small">{plain(name, 60)}</strong>
      ) : (
        <span class="small soft">{say("console.fileHint")}</span>
      )}
      <input
        class="unseen"
        type="file"
        accept={accept}
        // The same file may have been mended, and is chosen again.
        onClick={(event) => (event.currentTarget.value = "")}
        onChange={(event) => take(event.currentTarget.files?.[0])}
      />
    </label>
  );
}
