// What a conversion gives, before anybody signs: the amount, the rate, and the versions of the prices.

import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";

import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, money, plain } from "../app/text";
import * as wallet from "../app/wallet";
import { holdingIn, valueOf } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { quote, type Quote } from "../chain/quotes";
import { Facts } from "../design/parts";
import { say } from "../words";
import { figure } from "./fields";
import { isMoney, type Side } from "./sides";

const PAUSE = 180;
const RATE_DECIMALS = 6;

export type Asked = {
  source: Side;
  target: Side;
  base: bigint | null;
  member: Address | undefined;
  recipient: Address | undefined;
};

export function useQuote({ source, target, base, member, recipient }: Asked): Quote | null {
  const [found, setFound] = useState<Quote | null>(null);
  const [from, to] = [source.token, target.token];
  // A new block may bring new prices.
  const block = useStore(wallet.portfolio)?.block;
  useEffect(() => {
    let stale = false;
    if (base === null || !member) {
      setFound(null);
      return undefined;
    }
    const wish = { from, to, amount: base, member, recipient: recipient ?? member };
    const timer = setTimeout(() => {
      quote(wallet.chain(), wallet.theNetwork(), wish).then(
        (one) => stale || setFound(one),
        () => stale || setFound(null),
      );
    }, PAUSE);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [from, to, base, member, recipient, block]);
  return found?.amount === base ? found : null;
}

export function Result({
  source, target, found,
}: { source: Side; target: Side; found: Quote | null }) {
  useStore(settings);
  const isGood = found !== null && found.refusal === null;
  return (
    <>
      <p class="result" aria-live="polite" data-out>
        <strong>{isGood ? figure(target, found.out) : "–"}</strong>{" "}
        <bdi>{plain(target.symbol, 16)}</bdi>
      </p>
      {isGood && <Facts rows={rowsOf(source, target, found)} />}
    </>
  );
}

function rowsOf(source: Side, target: Side, found: Quote): [string, string][] {
  const { language } = settings.value;
  const { symbol, decimals } = wallet.theNetwork().settlement;
  const rows: [string, string][] = [[say("convert.rate"), rateWords(source, target, found)]];
  if (!isMoney(source)) {
    const worth = money(bidValue(source, found.amount), symbol, decimals, language);
    rows.push([say("convert.worth"), worth]);
  }
  return [...rows, [say("convert.versions"), versionWords(source, target, found)]];
}

function bidValue(source: Program, base: bigint): bigint {
  const bid = holdingIn(wallet.portfolio.value, source.token)?.bid ?? source.bid;
  return valueOf(base, bid, source.decimals, wallet.theNetwork());
}

function rateWords(source: Side, target: Side, { amount: base, out }: Quote): string {
  const { language } = settings.value;
  const scale = 10n ** BigInt(RATE_DECIMALS + source.decimals);
  const rate = (out * scale) / (base * 10n ** BigInt(target.decimals));
  return say("convert.rateValue", {
    from: plain(source.symbol, 16),
    rate: amount(rate, RATE_DECIMALS, language, true),
    to: plain(target.symbol, 16),
  });
}

// Money is worth itself, and has no versions.
function versionWords(source: Side, target: Side, { versions }: Quote): string {
  const sides = [source, target] as const;
  return sides
    .flatMap((side, at) => (isMoney(side) ? [] : [`${plain(side.symbol, 16)}: ${versions[at]}`]))
    .join(" · ");
}
