// What the console's pages share: reading a figure, doing a thing, writing amounts.

import { useEffect, useState } from "preact/hooks";

import { fetched } from "../app/http";
import { settings } from "../app/settings";
import { amount, money, plain } from "../app/text";
import { Button, Notice } from "../design/parts";
import { say } from "../words";
import { faultOf } from "./faults";
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
  return money(BigInt(base), symbol, decimals, settings.value.language);
}

// A button that does something on the chain or the server, and says how it went.
export function Deed({
  label, deed, done, disabled, look = "main",
}: {
  label: string;
  deed: () => Promise<void>;
  done?: string;
  disabled?: boolean;
  look?: "main" | "quiet" | "danger";
}) {
  const [state, setState] = useState<"" | "busy" | "done">("");
  const [fault, setFault] = useState<string | null>(null);
  const run = async () => {
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
      {fault && <Notice look="bad">{fault}</Notice>}
      {state === "done" && <Notice look="good">{done ?? say("console.mined")}</Notice>}
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
