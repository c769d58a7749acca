// Set points aside for tills without a connection: for any shop, or for one.

import { useEffect, useState } from "preact/hooks";
import { zeroAddress } from "viem";
import { readContract } from "../chain/reading";

import { DESK } from "@abi";
import { back, go } from "../app/router";
import { useStore } from "../app/store";
import * as wallet from "../app/wallet";
import { rememberMerchant } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { Button, Card, Field, Notice, Page, Segments } from "../design/parts";
import { addressIn } from "../paying/addresses";
import { askToSign } from "../signing/asking";
import { holding } from "../signing/messages";
import { spanFor } from "../signing/spans";
import { say } from "../words";
import { faultOf } from "./confirm";
import { AmountField, NothingYet, ProgramChoice, useAmount, useBalance, useOwned } from "./fields";
import { useFrozen } from "./send";

const DAY = 86_400;

export function HoldPage({
  token, merchant,
}: { token: string | undefined; merchant: string | undefined }) {
  const owned = useOwned();
  const [chosen, setChosen] = useState<string | undefined>(token);
  const program = owned.find((one) => one.token === chosen) ?? owned[0];
  const days = useReleaseDays();
  return (
    <Page title={say("hold.title")} onBack={back}>
      <p class="soft lead-small">{say("hold.text", { days })}</p>
      {program ? (
        <HoldForm
          program={program}
          owned={owned}
          merchant={merchant ?? ""}
          choose={(one) => setChosen(one.token)}
        />
      ) : (
        <NothingYet />
      )}
    </Page>
  );
}

// A purse comes back twice the offline window after it was asked for.
function useReleaseDays(): number {
  const [days, setDays] = useState(6);
  useEffect(() => {
    const address = wallet.theNetwork().contracts.desk;
    readContract(wallet.chain(), { address, abi: DESK, functionName: "offlineWindow" }).then(
      (window) => setDays(Math.ceil((2 * Number(window)) / DAY)),
      () => undefined,
    );
  }, []);
  return days;
}

function HoldForm({
  program, owned, merchant, choose,
}: {
  program: Program;
  owned: Program[];
  merchant: string;
  choose: (program: Program) => void;
}) {
  const account = useStore(wallet.account);
  const available = useBalance(program);
  const given = useAmount(program, available);
  const [forWhom, setForWhom] = useState<"any" | "one">(merchant ? "one" : "any");
  const [text, setText] = useState(merchant);
  const [fault, setFault] = useState<string | null>(null);
  const shop = forWhom === "any" ? zeroAddress : addressIn(text);
  const isFrozen = useFrozen(program);
  const review = async () => {
    if (!account || shop === null || given.base === null) return;
    setFault(null);
    try {
      if (shop !== zeroAddress) await wallet.learnMerchant(shop);
      await rememberMerchant(account.address, program.token, shop);
      const span = await spanFor(wallet.chain(), program.token, account.address);
      const signed = await askToSign(
        holding(wallet.theNetwork(), program, account.address, shop, given.base, span),
      );
      if (!signed) return;
      go(`program/${program.token}`);
    } catch (error) {
      setFault(faultOf(error));
    }
  };
  return (
    <Card>
      <ProgramChoice
        label={say("field.program")}
        programs={owned}
        value={program}
        onChange={choose}
      />
      <AmountField
        label={say("field.amount")}
        program={program}
        typed={given}
        available={available}
      />
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
      {isFrozen && <Notice look="bad">{say("fault.frozen")}</Notice>}
      {fault && <Notice look="bad">{fault}</Notice>}
      <Button
        wide
        disabled={given.base === null || shop === null || isFrozen}
        onClick={() => void review()}
      >
        {say("next.review")}
      </Button>
    </Card>
  );
}
