// Spans of days, in words.

import { say, type Bare } from "../../words";

const DAY = 86_400;

export const SPANS = {
  0: "span.none",
  1: "span.day",
  2: "span.days2",
  3: "span.days3",
  7: "span.week",
  30: "span.month",
  365: "span.year",
} as const satisfies Record<number, Bare>;

export function spanOf(seconds: number): string {
  return say(SPANS[(seconds / DAY) as keyof typeof SPANS] ?? "span.none");
}
