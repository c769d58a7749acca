// Send points to somebody.

import { useState } from "preact/hooks";

import { useStore } from "../app/store";
import { plain } from "../app/text";
import * as wallet from "../app/wallet";
import { Field, IconButton, Sheet } from "../design/parts";
import { Scanner } from "../design/scanner";
import { addressIn } from "../paying/addresses";
import { sending } from "../signing/messages";
import { say } from "../words";
import { SpendingForm, SpendingPage, type Chosen } from "./spending";

export function SendPage({ token }: { token: string | undefined }) {
  return (
    <SpendingPage
      title={say("send.title")}
      text={say("send.text")}
      token={token}
      form={(chosen) => <SendForm {...chosen} />}
    />
  );
}

function SendForm(chosen: Chosen) {
  const { program } = chosen;
  const member = useStore(wallet.account)?.address;
  const [text, setText] = useState("");
  const [isScanning, setScanning] = useState(false);
  const to = addressIn(text);
  const isSelf = to !== null && to === member;
  const fault = text && !to ? say("fault.address") : isSelf ? say("fault.self") : null;
  const symbol = plain(program.symbol, 16);
  return (
    <SpendingForm
      {...chosen}
      beside={isSelf ? null : to}
      stop={program.transferable ? null : say("fault.transfers", { symbol })}
      message={async ({ member, amount, span }, receiver) => {
        await wallet.learnMerchant(receiver).catch(() => undefined);
        return sending(wallet.theNetwork(), program, member, receiver, amount, span);
      }}
    >
      <Field
        mono
        label={say("field.to")}
        value={text}
        onInput={setText}
        hint={say("field.toHint")}
        fault={fault}
        suffix={
          <IconButton icon="camera" label={say("field.scan")} onClick={() => setScanning(true)} />
        }
      />
      {isScanning && (
        <Sheet title={say("field.to")} onClose={() => setScanning(false)}>
          <Scanner
            label={say("receive.code")}
            found={(code) => {
              const found = addressIn(code);
              if (found === null) return false;
              setText(found);
              setScanning(false);
              return true;
            }}
          />
        </Sheet>
      )}
    </SpendingForm>
  );
}
