// Redeem points for what the issuer offers.

import { useState } from "preact/hooks";
import { stringToHex } from "viem";

import * as wallet from "../app/wallet";
import { Field } from "../design/parts";
import { redeeming } from "../signing/messages";
import { say } from "../words";
import { SpendingForm, SpendingPage, type Chosen } from "./spending";

const REFERENCE_LENGTH = 32;

export function RedeemPage({ token }: { token: string | undefined }) {
  return (
    <SpendingPage
      title={say("redeem.title")}
      text={say("redeem.text")}
      token={token}
      form={(chosen) => <RedeemForm {...chosen} />}
    />
  );
}

function RedeemForm(chosen: Chosen) {
  const [reference, setReference] = useState("");
  const isGood = /^[\x20-\x7e]*$/.test(reference) && reference.length <= REFERENCE_LENGTH;
  return (
    <SpendingForm
      {...chosen}
      beside={isGood ? reference.trim() || null : null}
      message={({ member, amount, span }, given) => {
        const ref = stringToHex(given, { size: REFERENCE_LENGTH });
        return redeeming(wallet.theNetwork(), chosen.program, member, amount, ref, span);
      }}
    >
      <Field
        label={say("field.reference")}
        value={reference}
        onInput={setReference}
        hint={say("field.referenceHint")}
        fault={isGood ? null : say("fault.reference")}
      />
    </SpendingForm>
  );
}
