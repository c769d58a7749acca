// The sheet on which a wallet's owner checks a purchase and pays. The wallet sends it as transactions
// of its own, so its owner pays the network's fee, and is told.

import { useState } from "preact/hooks";

import { plain } from "../app/text";
import * as wallet from "../app/wallet";
import { Button, Notice, Sheet } from "../design/parts";
import { buy, type Purchase, type Step } from "../signing/buying";
import { describePurchase } from "../signing/describing";
import { say, type Bare } from "../words";
import { Everything, faultOf, Lines, Look, useAround } from "./confirm";
import type { Payer } from "./money";

type Stage = "asked" | Step | "done";

const WAITING: Record<Step, Bare> = { allowing: "buy.allowing", buying: "buy.buying" };

export function BuySheet({
  purchase, payer, onClose,
}: { purchase: Purchase; payer: Payer; onClose: (isBought: boolean) => void }) {
  const [stage, setStage] = useState<Stage>("asked");
  const [fault, setFault] = useState<string | null>(null);
  const [transaction, setTransaction] = useState<string | null>(null);
  const description = describePurchase(purchase, useAround());
  const name = plain(payer.wallet.info.name, 24);
  const isDone = stage === "done";
  const pay = async () => {
    setFault(null);
    try {
      const network = wallet.theNetwork();
      setTransaction(await buy(wallet.chain(), network, payer.wallet, purchase, setStage));
      setStage("done");
    } catch (error) {
      setFault(faultOf(error));
      setStage("asked");
    }
    void wallet.refresh();
  };
  return (
    <Sheet title={say(isDone ? "sign.buy" : "buy.check")} onClose={() => onClose(isDone)}>
      <Lines description={description} isDone={isDone} />
      {!isDone && <Everything all={[{ description }]} />}
      {fault && <Notice look="bad">{fault}</Notice>}
      <div class="sheet-foot" aria-live="polite">
        {isDone ? (
          <>
            <Look transaction={transaction} />
            <Button wide onClick={() => onClose(true)}>
              {say("app.close")}
            </Button>
          </>
        ) : (
          <>
            <p class="small soft centred">{say("buy.fee", { name })}</p>
            <Button wide icon="wallet" busy={stage !== "asked"} onClick={() => void pay()}>
              {stage === "asked" ? say("buy.with", { name }) : say(WAITING[stage])}
            </Button>
          </>
        )}
      </div>
    </Sheet>
  );
}
