// Send points to somebody, or redeem them for what the issuer offers.

import { useState } from "preact/hooks";
import { stringToHex } from "viem";

import { back, go } from "../app/router";
import { useStore } from "../app/store";
import { plain } from "../app/text";
import * as wallet from "../app/wallet";
import { holdingIn } from "../chain/portfolio";
import type { Program } from "../chain/programs";
import { Button, Card, Field, IconButton, Notice, Page, Sheet } from "../design/parts";
import { Scanner } from "../design/scanner";
import { addressIn } from "../paying/addresses";
import { askToSign } from "../signing/asking";
import { redeeming, sending } from "../signing/messages";
import { spanFor } from "../signing/spans";
import { say } from "../words";
import { faultOf } from "./confirm";
import { AmountField, NothingYet, ProgramChoice, useAmount, useBalance, useOwned } from "./fields";

const REFERENCE_LENGTH = 32;

export function SendPage({ token }: { token: string | undefined }) {
  const owned = useOwned();
  const [chosen, setChosen] = useState<string | undefined>(token);
  const program = owned.find((one) => one.token === chosen) ?? owned[0];
  return (
    <Page title={say("send.title")} onBack={back}>
      <p class="soft lead-small">{say("send.text")}</p>
      {program ? (
        <SendForm program={program} owned={owned} choose={(one) => setChosen(one.token)} />
      ) : (
        <NothingYet />
      )}
    </Page>
  );
}

type FormProps = { program: Program; owned: Program[]; choose: (program: Program) => void };

function SendForm({ program, owned, choose }: FormProps) {
  const available = useBalance(program);
  const given = useAmount(program, available);
  const account = useStore(wallet.account);
  const [text, setText] = useState("");
  const [isScanning, setScanning] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const to = addressIn(text);
  const isSelf = to !== null && to === account?.address;
  const toFault = text && !to ? say("fault.address") : isSelf ? say("fault.self") : null;
  const stop = stopOf(program);
  const review = async () => {
    if (!account || to === null || given.base === null) return;
    setFault(null);
    try {
      const network = wallet.theNetwork();
      await wallet.learnMerchant(to).catch(() => undefined);
      const span = await spanFor(wallet.chain(), program.token, account.address);
      const signed = await askToSign(
        sending(network, program, account.address, to, given.base, span),
      );
      if (signed) go("");
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
      <Field
        mono
        label={say("field.to")}
        value={text}
        onInput={setText}
        hint={say("field.toHint")}
        fault={toFault}
        suffix={
          <IconButton icon="camera" label={say("field.scan")} onClick={() => setScanning(true)} />
        }
      />
      {stop && <Notice look="bad">{stop}</Notice>}
      {fault && <Notice look="bad">{fault}</Notice>}
      <Button
        wide
        disabled={given.base === null || to === null || isSelf || stop !== null}
        onClick={() => void review()}
      >
        {say("next.review")}
      </Button>
      {isScanning && (
        <Sheet title={say("field.to")} onClose={() => setScanning(false)}>
          <Scanner
            label={say("receive.code")}
            found={(code) => {
              if (addressIn(code) === null) return false;
              setText(addressIn(code) ?? "");
              setScanning(false);
              return true;
            }}
          />
        </Sheet>
      )}
    </Card>
  );
}

export function RedeemPage({ token }: { token: string | undefined }) {
  const owned = useOwned();
  const [chosen, setChosen] = useState<string | undefined>(token);
  const program = owned.find((one) => one.token === chosen) ?? owned[0];
  return (
    <Page title={say("redeem.title")} onBack={back}>
      <p class="soft lead-small">{say("redeem.text")}</p>
      {program ? (
        <RedeemForm program={program} owned={owned} choose={(one) => setChosen(one.token)} />
      ) : (
        <NothingYet />
      )}
    </Page>
  );
}

function RedeemForm({ program, owned, choose }: FormProps) {
  const available = useBalance(program);
  const given = useAmount(program, available);
  const account = useStore(wallet.account);
  const [reference, setReference] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const isGood = /^[\x20-\x7e]*$/.test(reference) && reference.length <= REFERENCE_LENGTH;
  const frozen = useFrozen(program);
  const review = async () => {
    if (!account || given.base === null || !isGood) return;
    setFault(null);
    try {
      const ref = stringToHex(reference.trim(), { size: REFERENCE_LENGTH });
      const span = await spanFor(wallet.chain(), program.token, account.address);
      const signed = await askToSign(
        redeeming(wallet.theNetwork(), program, account.address, given.base, ref, span),
      );
      if (signed) go("");
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
      <Field
        label={say("field.reference")}
        value={reference}
        onInput={setReference}
        hint={say("field.referenceHint")}
        fault={isGood ? null : say("fault.reference")}
      />
      {frozen && <Notice look="bad">{say("fault.frozen")}</Notice>}
      {fault && <Notice look="bad">{fault}</Notice>}
      <Button
        wide
        disabled={given.base === null || !isGood || !reference.trim() || frozen}
        onClick={() => void review()}
      >
        {say("next.review")}
      </Button>
    </Card>
  );
}

export function useFrozen(program: Program): boolean {
  return holdingIn(useStore(wallet.portfolio), program.token)?.frozen ?? false;
}

// Why points cannot be sent at all.
function stopOf(program: Program): string | null {
  if (holdingIn(wallet.portfolio.value, program.token)?.frozen) return say("fault.frozen");
  if (!program.transferable) {
    return say("fault.transfers", { symbol: plain(program.symbol, 16) });
  }
  return null;
}
