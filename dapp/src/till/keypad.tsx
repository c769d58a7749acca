// How many points, of which program, out of which purse.

import { useEffect, useState } from "preact/hooks";

import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, plain } from "../app/text";
import { Icon } from "../design/icons";
import { Button, Notice, Segments } from "../design/parts";
import { say } from "../words";
import { call, refresh, standing, type Sale } from "./service";
import { Trouble } from "./trouble";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "0"] as const;
const MOST_DIGITS = 12;

export function Keypad({ onAsked }: { onAsked: (serial: number) => void }) {
  const now = useStore(standing);
  const { language } = useStore(settings);
  const [chosen, setChosen] = useState<string | null>(null);
  const [digits, setDigits] = useState("");
  const [purse, setPurse] = useState<"merchant" | "shared">("merchant");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const press = (key: string) =>
    setDigits((before) => (before + key).replace(/^0+/, "").slice(0, MOST_DIGITS));
  const erase = () => setDigits((before) => before.slice(0, -1));
  useKeyboard(press, erase);
  const program = now?.programs.find((one) => one.token === chosen) ?? now?.programs[0];
  if (!now || !program) return <p class="soft">{say("app.loading")}</p>;
  const base = BigInt(digits || "0");
  const symbol = plain(program.program, 16);
  const shown = `${amount(base, program.decimals, language)} ${symbol}`;
  const ask = async () => {
    setBusy(true);
    setError(null);
    try {
      const content = { program: program.token, amount: String(base), purse };
      const sale = (await call("POST", "/v1/sales", content)) as Sale;
      void refresh();
      onAsked(sale.serial);
    } catch (fault) {
      setError(fault);
    }
    setBusy(false);
  };
  return (
    <main id="content" class="keypad-page">
      <h1 class="unseen" tabIndex={-1}>
        {say("till.sale")}
      </h1>
      {now.programs.length > 1 && (
        <Segments
          label={say("field.program")}
          value={program.token}
          onChange={setChosen}
          options={now.programs.map((one) => [one.token, plain(one.program, 16)] as const)}
        />
      )}
      <p class="keypad-amount" aria-live="polite" data-amount>
        <strong>{amount(base, program.decimals, language)}</strong> <bdi>{symbol}</bdi>
      </p>
      {program.refusal && <Notice look="warn">{plain(program.refusal, 300)}</Notice>}
      <Trouble error={error} />
      <div class="keypad">
        {KEYS.map((key) => (
          <button type="button" key={key} onClick={() => press(key)}>
            {key}
          </button>
        ))}
        <button type="button" aria-label={say("till.delete")} onClick={erase}>
          <Icon name="delete" size={28} />
        </button>
      </div>
      <Segments
        label={say("till.purse")}
        value={purse}
        onChange={setPurse}
        options={[
          ["merchant", say("till.own")],
          ["shared", say("till.shared")],
        ]}
      />
      <Button
        wide
        busy={isBusy}
        disabled={base === 0n || !program.ready}
        onClick={() => void ask()}
      >
        {base ? say("till.ask", { amount: shown }) : say("till.askPlain")}
      </Button>
      <p class="small soft centred">
        {say("till.left", {
          amount: `${amount(BigInt(program.left), program.decimals, language)} ${symbol}`,
        })}
      </p>
    </main>
  );
}

// A keyboard's digits work as the page's own keys do.
function useKeyboard(press: (key: string) => void, erase: () => void): void {
  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLInputElement && event.target.type !== "radio") return;
      if (/^\d$/.test(event.key)) press(event.key);
      if (event.key === "Backspace") erase();
    };
    addEventListener("keydown", heard);
    return () => removeEventListener("keydown", heard);
  }, []);
}
