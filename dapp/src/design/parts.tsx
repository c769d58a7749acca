// What all pages are made of.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { encodeQR } from "qr";

import type { Program } from "../chain/programs";
import { plain } from "../app/text";
import { say } from "../words";
import { Icon, type IconName } from "./icons";

type Children = { children?: ComponentChildren };

/* STAMPS */

// A program's picture as a stamp; without a picture its first letters, in a colour of its own.
export function Stamp({
  program, size = "m",
}: {
  program: Pick<Program, "token" | "symbol" | "image">;
  size?: "s" | "m" | "l";
}) {
  const [failed, setFailed] = useState(false);
  const tone = Number.parseInt(program.token.slice(2, 8), 16) % 12;
  const letters = [...plain(program.symbol).replace(/[^\p{L}\p{N}]/gu, "")].slice(0, 2).join("");
  return (
    <span class={`stamp stamp-${size} tone-${tone}`} aria-hidden="true">
      {program.image && !failed ? (
        <img src={program.image} alt="" onError={() => setFailed(true)} />
      ) : (
        <span>{letters || "?"}</span>
      )}
    </span>
  );
}

/* BUTTONS */

type ButtonProps = Children & {
  onClick?: () => void;
  look?: "main" | "quiet" | "plain" | "danger";
  icon?: IconName;
  wide?: boolean;
  disabled?: boolean;
  busy?: boolean;
  submit?: boolean;
};

export function Button({
  children, onClick, look = "main", icon, wide, disabled, busy, submit,
}: ButtonProps) {
  return (
    <button
      type={submit ? "submit" : "button"}
      class={`button ${look}${wide ? " wide" : ""}`}
      onClick={onClick}
      disabled={disabled || busy}
      aria-busy={busy ?? false}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} size={20} />}
      <span>{children}</span>
    </button>
  );
}

export function IconButton({
  icon, label, onClick,
}: { icon: IconName; label: string; onClick: () => void }) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

/* PAGES */

export function Page({
  title, children, onBack, aside,
}: Children & { title: string; onBack?: () => void; aside?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${say("app.name")}`;
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [title]);
  return (
    <main id="content" class="page">
      <header class="page-head">
        {onBack && <IconButton icon="back" label={say("app.back")} onClick={onBack} />}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside}
      </header>
      {children}
    </main>
  );
}

export function Card({ children, label }: Children & { label?: string }) {
  return (
    <section class="card" aria-label={label}>
      {children}
    </section>
  );
}

export function Notice({
  children, look = "info",
}: Children & { look?: "info" | "warn" | "bad" | "good" }) {
  const icons = { info: "clock", warn: "warn", bad: "warn", good: "check" } as const;
  return (
    <div class={`notice ${look}`} role={look === "bad" ? "alert" : "status"}>
      <Icon name={icons[look]} size={20} />
      <div>{children}</div>
    </div>
  );
}

export function Empty({ icon, title, children }: Children & { icon: IconName; title: string }) {
  return (
    <div class="empty">
      <span class="empty-mark">
        <Icon name={icon} size={30} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

// Label and value, one below the other.
export function Facts({ rows }: { rows: [label: string, value: ComponentChildren][] }) {
  return (
    <dl class="facts">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/* FIELDS */

type FieldProps = {
  label: string;
  value: string;
  onInput: (value: string) => void;
  hint?: string | undefined;
  fault?: string | null | undefined;
  note?: ComponentChildren;
  suffix?: ComponentChildren;
  numeric?: boolean;
  big?: boolean;
  mono?: boolean;
};

export function Field({
  label, value, onInput, hint, fault, note, suffix, numeric, big, mono,
}: FieldProps) {
  const id = useId();
  return (
    <div class={`field${fault ? " faulty" : ""}`}>
      <label for={id}>{label}</label>
      <div class={`control${big ? " big" : ""}${mono ? " mono" : ""}`}>
        <input
          id={id}
          value={value}
          placeholder={hint}
          inputMode={numeric ? "decimal" : "text"}
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          aria-invalid={Boolean(fault)}
          aria-describedby={`${id}-note`}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        {suffix}
      </div>
      <p id={`${id}-note`} class="field-note" aria-live="polite">
        {fault ?? note}
      </p>
    </div>
  );
}

export function Choice<T extends string>({
  label, value, options, onChange, note,
}: {
  label: string;
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  onChange: (value: T) => void;
  note?: ComponentChildren;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="control select">
        <select
          id={id}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value as T)}
        >
          {options.map(([option, text]) => (
            <option key={option} value={option} selected={option === value}>
              {text}
            </option>
          ))}
        </select>
      </div>
      {note && <p class="field-note">{note}</p>}
    </div>
  );
}

// A few things to choose from, all in sight.
export function Segments<T extends string>({
  label, value, options, onChange,
}: {
  label: string;
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset class="segments">
      <legend>{label}</legend>
      <div>
        {options.map(([option, text]) => (
          <label key={option} class={option === value ? "chosen" : ""}>
            <input
              type="radio"
              name={name}
              checked={option === value}
              onChange={() => onChange(option)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/* CODES */

// A QR code, drawn as one path. It stays black on white, whatever the theme: cameras like it so.
export function Qr({ text, label }: { text: string; label: string }): JSX.Element {
  const rows = encodeQR(text, "raw", { ecc: text.length > 300 ? "low" : "medium", border: 2 });
  const path = rows.flatMap((row, y) => runs(row, y)).join("");
  return (
    <div class="qr">
      <svg
        viewBox={`0 0 ${rows.length} ${rows.length}`}
        role="img"
        aria-label={label}
        shape-rendering="crispEdges"
        data-code={text}
      >
        <path d={path} />
      </svg>
    </div>
  );
}

function runs(row: boolean[], y: number): string[] {
  const found: string[] = [];
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    const from = x;
    while (row[x + 1]) x += 1;
    found.push(`M${from} ${y}h${x - from + 1}v1h${from - x - 1}z`);
  }
  return found;
}

export function Copy({ text, label }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text).catch(() => undefined);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <Button look="quiet" icon={copied ? "check" : "copy"} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? say("app.copied") : (label ?? say("app.copy"))}</span>
    </Button>
  );
}

/* SHEETS */

// A dialog over the page: focus stays in it, Escape closes it.
export function Sheet({
  title, children, onClose,
}: Children & { title: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header class="sheet-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={say("app.close")} onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
}
