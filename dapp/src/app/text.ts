// Amounts, times and names as people read them, and amounts as people write them.

import type { Language } from "./settings";

const LONGEST_NAME = 64;

// Control characters, and those that turn or hide text, which hostile names are made of.
const HARMFUL =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g;

// More marks on one letter than any language needs.
const PILED = /(\p{M}{3})\p{M}+/gu;

// A name that somebody else chose, made harmless: what cannot be seen is shown as a mark.
export function plain(name: string, longest = LONGEST_NAME): string {
  const clean = name.slice(0, 1_000).replace(HARMFUL, "�").replace(PILED, "$1");
  const letters = [...clean];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : clean;
}

const separators = new Map<Language, { group: string; point: string }>();

function separatorsOf(language: Language): { group: string; point: string } {
  const known = separators.get(language);
  if (known) return known;
  const parts = new Intl.NumberFormat(language).formatToParts(1234567.5);
  const found = {
    group: parts.find(({ type }) => type === "group")?.value ?? "",
    point: parts.find(({ type }) => type === "decimal")?.value ?? ".",
  };
  separators.set(language, found);
  return found;
}

// An amount of base units, to the unit. `shortest` leaves out noughts at the end, all of them or, as
// money is written, those behind two decimals.
export function amount(
  base: bigint,
  decimals: number,
  language: Language,
  shortest: boolean | "cents" = false,
): string {
  const { group, point } = separatorsOf(language);
  const digits = (base < 0n ? -base : base).toString().padStart(decimals + 1, "0");
  const before = digits.slice(0, digits.length - decimals);
  let after = decimals ? digits.slice(-decimals) : "";
  if (shortest) after = after.replace(shortest === "cents" ? /(?<=..)0+$/ : /0+$/, "");
  const grouped = before.replace(/\B(?=(\d{3})+$)/g, group);
  return (base < 0n ? "−" : "") + grouped + (after ? point + after : "");
}

// An amount as `<input>` holds it: without grouping, with a point.
export function typed(base: bigint, decimals: number): string {
  return amount(base, decimals, "en", true).replaceAll(",", "");
}

export type Parsed = { base: bigint } | { fault: "empty" | "malformed" | "fine" | "large" };

// The base units of what somebody typed; a comma is a point, as half of Europe writes.
export function parsed(text: string, decimals: number): Parsed {
  const tidy = text.trim().replace(",", ".");
  if (tidy === "") return { fault: "empty" };
  const match = /^(\d*)(?:\.(\d*))?$/.exec(tidy);
  if (match === null || tidy === ".") return { fault: "malformed" };
  const after = (match[2] ?? "").replace(/0+$/, "");
  if (after.length > decimals) return { fault: "fine" };
  const base = BigInt((match[1] || "0") + after.padEnd(decimals, "0"));
  return base >= 1n << 63n ? { fault: "large" } : { base };
}

// A settlement token's amount: cents are enough for people, and the rest is cut off.
export function money(base: bigint, symbol: string, decimals: number, language: Language): string {
  const shown = Math.min(2, decimals);
  const cents = base / 10n ** BigInt(decimals - shown);
  const sign = moneySign(symbol);
  const number = amount(cents, shown, language);
  return language === "fr" ? `${number}\u00a0${sign}` : `${sign} ${number}`;
}

// What stands before an amount of a settlement token: the euro's sign for one in euros.
export function moneySign(symbol: string): string {
  const name = plain(symbol, 12);
  return /^t?eur[a-z]?$/i.test(name) ? "€" : name;
}

export function date(seconds: number, language: Language): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeZone: "UTC" };
  return shown(seconds, language, options);
}

// A month for the axis of a chart.
export function month(seconds: number, language: Language): string {
  return shown(seconds, language, { month: "short", year: "2-digit", timeZone: "UTC" });
}

export function moment(seconds: number, language: Language): string {
  return shown(seconds, language, { dateStyle: "medium", timeStyle: "short" });
}

function shown(seconds: number, language: Language, options: Intl.DateTimeFormatOptions): string {
  const locale = language === "en" ? "en-GB" : language;
  return new Intl.DateTimeFormat(locale, options).format(new Date(seconds * 1000));
}

// An address or a hash for people: its beginning and its end.
export function short(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

// A reference for people: text as it is, a hash by its beginning and its end.
export function shortReference(reference: string): string {
  return /^0x[0-9a-fA-F]{64}$/.test(reference) ? short(reference) : plain(reference, 40);
}
