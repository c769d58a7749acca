// What the forms of the wallet share: which points, and how many.

import { useState } from "preact/hooks";

import { posted } from "../app/http";
import { go } from "../app/router";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, parsed, plain, typed } from "../app/text";
import * as wallet from "../app/wallet";
import { holdingIn } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { Button, Choice, Empty, Field } from "../design/parts";
import { say } from "../words";
import { SideStamp, type Side } from "./sides";

// The programs of which the member has points.
export function useOwned(): Program[] {
  const programs = useStore(wallet.programs);
  const portfolio = useStore(wallet.portfolio);
  return programs.filter(({ token }) => (holdingIn(portfolio, token)?.balance ?? 0n) > 0n);
}

export function useBalance(program: Program): bigint {
  return holdingIn(useStore(wallet.portfolio), program.token)?.balance ?? 0n;
}

export function useFrozen(program: Program): boolean {
  return holdingIn(useStore(wallet.portfolio), program.token)?.frozen ?? false;
}

// How amounts of points, or of money, are counted and called.
type Unit = Pick<Side, "symbol" | "decimals" | "name">;

export function points(unit: Unit, base: bigint, shortest = false): string {
  return `${figure(unit, base, shortest)} ${plain(unit.symbol, 16)}`;
}

// An amount without its unit. Money has two decimals, and more only where they say something.
export function figure({ name, decimals }: Unit, base: bigint, shortest = false): string {
  return amount(base, decimals, settings.value.language, name === null ? "cents" : shortest);
}

// A list to choose points from, or money, beside the stamp of what is chosen.
export function SideChoice<S extends Side>({
  label, sides, value, onChange,
}: { label: string; sides: readonly S[]; value: S; onChange: (side: S) => void }) {
  const options = sides.map((one) => [one.token, nameOf(one)] as const);
  const chosen = (token: string) => {
    const side = sides.find((one) => one.token === token);
    if (side) onChange(side);
  };
  return (
    <div class="program-choice">
      <SideStamp side={value} />
      <Choice label={label} value={value.token} options={options} onChange={chosen} />
    </div>
  );
}

function nameOf({ name, symbol }: Side): string {
  return name ? `${plain(name)} · ${plain(symbol, 16)}` : plain(symbol, 16);
}

export type Typed = {
  text: string;
  setText: (text: string) => void;
  base: bigint | null;
  fault: string | null;
};

// What is typed as an amount; `base` is null as long as it cannot be used.
export function useAmount(unit: Unit, available: bigint): Typed {
  const [text, setText] = useState("");
  const { language } = useStore(settings);
  const result = parsed(text, unit.decimals);
  if ("fault" in result) {
    const fault = {
      empty: null,
      malformed: say("fault.malformed", { example: amount(125n, 1, language) }),
      fine: say("fault.fine", { symbol: plain(unit.symbol, 16), decimals: unit.decimals }),
      large: say("fault.large"),
    }[result.fault];
    return { text, setText, base: null, fault };
  }
  if (result.base === 0n) {
    return { text, setText, base: null, fault: /[1-9]/.test(text) ? say("fault.nothing") : null };
  }
  if (result.base > available) {
    const fault = say("fault.tooMuch", { amount: points(unit, available) });
    return { text, setText, base: null, fault };
  }
  return { text, setText, base: result.base, fault: null };
}

export function AmountField({
  unit, typed: given, available,
}: { unit: Unit; typed: Typed; available: bigint }) {
  return (
    <Field
      big
      numeric
      label={say("field.amount")}
      value={given.text}
      onInput={given.setText}
      hint="0"
      fault={given.fault}
      note={say("field.available", { amount: points(unit, available) })}
      suffix={
        <>
          <span class="unit">
            <bdi>{plain(unit.symbol, 10)}</bdi>
          </span>
          <button
            type="button"
            class="chip"
            onClick={() => given.setText(typed(available, unit.decimals))}
          >
            {say("field.all")}
          </button>
        </>
      }
    />
  );
}

export function NothingYet() {
  return (
    <Empty icon="receive" title={say("home.none")}>
      <p>{say("home.noneText")}</p>
      <Button onClick={() => go("receive")}>{say("home.showCode")}</Button>
      {wallet.theNetwork().demo && <DemoPoints />}
    </Empty>
  );
}

// On a trial network anyone may have some.
function DemoPoints() {
  const [isBusy, setBusy] = useState(false);
  const member = useStore(wallet.account)?.address;
  const wish = async () => {
    setBusy(true);
    await posted("/v1/demo/points", { member }).catch(() => undefined);
    await wallet.refresh();
    setBusy(false);
  };
  return (
    <Button look="quiet" busy={isBusy} onClick={() => void wish()}>
      {say("demo.points")}
    </Button>
  );
}
