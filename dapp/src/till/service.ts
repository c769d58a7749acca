// Talks to the till's service on this device. Its token comes in the link's fragment, which no
// server sees, and stays in this tab.

import { fetched, Refused } from "../app/http";
import { Store } from "../app/store";

export type Sale = {
  serial: number;
  state: "asked" | "ended" | "cancelled" | "open" | "paid" | "overspent" | "refused";
  token: string;
  program: string;
  decimals: number;
  amount: string;
  shown: string;
  purse: "merchant" | "shared";
  asked: number;
  answerUntil: number;
  request: string | null;
  member: string | null;
  reason: string | null;
  paid: string;
  refunded: string;
  refunds: Repayment[];
  transaction: string | null;
};

// A part that was paid back; without a transaction the merchant's account has yet to send it.
export type Repayment = { part: number; amount: string; transaction: string | null };

export type TillProgram = {
  token: string;
  program: string;
  decimals: number;
  floorLimit: string;
  left: string;
  ready: boolean;
  refusal: string | null;
};

export type Standing = {
  merchant: string;
  till: string;
  now: number;
  programs: TillProgram[];
  synced: number | null;
  open: number;
  online: boolean;
  trouble: string | null;
};

const KEY = "zegel-till";
const PAUSE = 3_000;

export const standing = new Store<Standing | null>(null);
export const sales = new Store<readonly Sale[]>([]);
export const isAway = new Store(false);
export const token = new Store<string | null>(found());

function found(): string | null {
  const given = /(?:^#|&)token=([\w-]+)/.exec(location.hash)?.[1];
  if (given) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, "", location.pathname);
  }
  return given ?? sessionStorage.getItem(KEY);
}

export async function call(method: string, path: string, content?: unknown): Promise<any> {
  return fetched(path, { method, headers: headers(), ...bodyOf(content) });
}

// A report or receipt as a file, for another tab or a printer.
export async function file(path: string): Promise<Blob> {
  const answer = await fetch(path, { headers: headers() });
  if (!answer.ok) throw new Refused(answer.status, "file", `error ${answer.status}`);
  return answer.blob();
}

export async function refresh(): Promise<void> {
  try {
    standing.set((await call("GET", "/v1/till")) as Standing);
    sales.set((await call("GET", "/v1/sales?limit=30")) as Sale[]);
    isAway.set(false);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) forget();
    else isAway.set(true);
  }
}

export function start(): void {
  if (token.value === null) return;
  void refresh();
  setInterval(() => {
    if (token.value !== null && !document.hidden) void refresh();
  }, PAUSE);
  void listen();
}

function forget(): void {
  sessionStorage.removeItem(KEY);
  token.set(null);
}

// Listens as long as the page has a token: the stream ends whenever the service does. Meanwhile the
// page looks every few seconds anyway.
async function listen(): Promise<void> {
  while (token.value !== null) {
    await hear().catch(() => undefined);
    await new Promise((wake) => setTimeout(wake, PAUSE));
  }
}

// What happens is told at once. EventSource cannot bear a token, so the stream is read by hand.
async function hear(): Promise<void> {
  const answer = await fetch("/v1/events", { headers: headers() });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return;
    if (part.value.includes("event: ")) void refresh();
  }
}

function headers(): Record<string, string> {
  return { Authorization: `Bearer ${token.value ?? ""}`, "Content-Type": "application/json" };
}

function bodyOf(content: unknown): { body?: string } {
  return content === undefined ? {} : { body: JSON.stringify(content) };
}
