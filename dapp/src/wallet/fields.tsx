// What the forms of the wallet share: which points, and how many.

import { useState } from "preact/hooks";

import { posted } from "../app/http";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, parsed, plain, typed } from "../app/text";
import * as wallet from "../app/wallet";
import { holdingIn } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { Button, Choice, Empty, Field, Stamp } from "../design/parts";
import { go } from "../app/router";
import { say } from "../words";

// The programs of which the member has points.
export function useOwned(): Program[] {
  const programs = useStore(wallet.programs);
  const portfolio = useStore(wallet.portfolio);
  return programs.filter(({ token }) => (holdingIn(portfolio, token)?.balance ?? 0n) > 0n);
}

export function useBalance(program: Program | undefined): bigint {
  const portfolio = useStore(wallet.portfolio);
  return program ? (holdingIn(portfolio, program.token)?.balance ?? 0n) : 0n;
}

export function points(program: Program, base: bigint, shortest = false): string {
  const language = settings.value.language;
  return `${amount(base, program.decimals, language, shortest)} ${plain(program.symbol, 16)}`;
}

export function ProgramChoice({
  label, programs, value, onChange, note,
}: {
  label: string;
  programs: readonly Program[];
  value: Program;
  onChange: (program: Program) => void;
  note?: string;
}) {
  const options = programs.map(
    (one) => [one.token, `${plain(one.name)} · ${plain(one.symbol, 16)}`] as const,
  );
  const chosen = (token: string) => {
    const program = programs.find((one) => one.token === token);
    if (program) onChange(program);
  };
  return (
    <div class="program-choice">
      <Stamp program={value} />
      <Choice label={label} value={value.token} options={options} onChange={chosen} note={note} />
    </div>
  );
}

export type Typed = {
  text: string;
  setText: (text: string) => void;
  base: bigint | null;
  fault: string | null;
};

// What is typed as an amount; `base` is null as long as it cannot be used.
export function useAmount(program: Program | undefined, available: bigint): Typed {
  const [text, setText] = useState("");
  const { language } = useStore(settings);
  if (!program) return { text, setText, base: null, fault: null };
  const result = parsed(text, program.decimals);
  if ("fault" in result) {
    const fault = {
      empty: null,
      malformed: say("fault.malformed", { example: amount(125n, 1, language) }),
      fine: say("fault.fine", { symbol: plain(program.symbol, 16), decimals: program.decimals }),
      large: say("fault.large"),
    }[result.fault];
    return { text, setText, base: null, fault };
  }
  if (result.base === 0n) {
    return { text, setText, base: null, fault: /[1-9]/.test(text) ? say("fault.nothing") : null };
  }
  if (result.base > available) {
    const fault = say("fault.tooMuch", { amount: points(program, available) });
    return { text, setText, base: null, fault };
  }
  return { text, setText, base: result.base, fault: null };
}

export function AmountField({
  label, program, typed: given, available,
}: { label: string; program: Program; typed: Typed; available: bigint }) {
  return (
    <Field
      big
      numeric
      label={label}
      value={given.text}
      onInput={given.setText}
      hint="0"
      fault={given.fault}
      note={say("field.available", { amount: points(program, available) })}
      suffix={
        <>
          <span class="unit">
            <bdi>{plain(program.symbol, 10)}</bdi>
          </span>
          <button
            type="button"
            class="chip"
            onClick={() => given.setText(typed(available, program.decimals))}
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
