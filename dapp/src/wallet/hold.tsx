// Set points aside for tills without a connection: for any shop, or for one.

import { useState } from "preact/hooks";
import { zeroAddress } from "viem";

import * as wallet from "../app/wallet";
import { rememberMerchant } from "../chain/portfolio";
import { Field, Segments } from "../design/parts";
import { addressIn } from "../paying/addresses";
import { holding } from "../signing/messages";
import { say } from "../words";
import { inDays, useWait } from "./purses";
import { SpendingForm, SpendingPage, type Chosen } from "./spending";

export function HoldPage({
  token, merchant,
}: { token: string | undefined; merchant: string | undefined }) {
  const days = inDays(useWait());
  return (
    <SpendingPage
      title={say("hold.title")}
      text={say("hold.text", { days })}
      token={token}
      form={(chosen) => <HoldForm {...chosen} merchant={merchant ?? ""} />}
    />
  );
}

function HoldForm({ merchant, ...chosen }: Chosen & { merchant: string }) {
  const { token } = chosen.program;
  const [forWhom, setForWhom] = useState<"any" | "one">(merchant ? "one" : "any");
  const [text, setText] = useState(merchant);
  const shop = forWhom === "any" ? zeroAddress : addressIn(text);
  return (
    <SpendingForm
      {...chosen}
      beside={shop}
      message={async ({ member, amount, span }, forShop) => {
        if (forShop !== zeroAddress) await wallet.learnMerchant(forShop);
        await rememberMerchant(member, token, forShop);
        return holding(wallet.theNetwork(), chosen.program, member, forShop, amount, span);
      }}
      then={`program/${token}`}
    >
      <Segments
        label={say("hold.forWhom")}
        value={forWhom}
        onChange={setForWhom}
        options={[
          ["any", say("field.anyShop")],
          ["one", say("field.oneShop")],
        ]}
      />
      {forWhom === "one" && (
        <Field
          mono
          label={say("field.shop")}
          value={text}
          onInput={setText}
          hint={say("field.shopHint")}
          fault={text && !shop ? say("fault.address") : null}
        />
      )}
    </SpendingForm>
  );
}
