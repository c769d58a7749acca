// Every form that spends points: which points, how many, what else it takes, and then the message
// to check and sign.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Address } from "viem";

import { back, go } from "../app/router";
import { useStore } from "../app/store";
import * as wallet from "../app/wallet";
import type { Program } from "../chain/programs";
import { Button, Card, Notice, Page } from "../design/parts";
import type { Message, Span } from "../signing/messages";
import { spanFor } from "../signing/spans";
import { say } from "../words";
import { useReview } from "./attempting";
import { AmountField, NothingYet, SideChoice, useAmount, useBalance, useFrozen, useOwned } from "./fields";

// The programs among which the member chooses, and the one that is chosen.
export type Chosen = { program: Program; owned: Program[]; choose: (program: Program) => void };

export function SpendingPage({
  title, text, token, form,
}: {
  title: string;
  text: string;
  token: string | undefined;
  form: (chosen: Chosen) => ComponentChildren;
}) {
  const owned = useOwned();
  const [chosen, setChosen] = useState<string | undefined>(token);
  const program = owned.find((one) => one.token === chosen) ?? owned[0];
  return (
    <Page title={title} onBack={back}>
      <p class="soft lead-small">{text}</p>
      {program ? (
        form({ program, owned, choose: (one) => setChosen(one.token) })
      ) : (
        <NothingYet />
      )}
    </Page>
  );
}

type Order = { member: Address; amount: bigint; span: Span };

type FormProps<T> = Chosen & {
  // The fields beside the amount, and what is filled in there; nothing as long as it cannot be used.
  children: ComponentChildren;
  beside: T | null;
  // Why nothing can be done with these points at all.
  stop?: string | null;
  message: (order: Order, beside: T) => Message | Promise<Message>;
  // The page that is shown when it is done.
  then?: string;
};

export function SpendingForm<T>({
  program, owned, choose, children, beside, stop = null, message, then = "",
}: FormProps<T>) {
  const member = useStore(wallet.account)?.address;
  const available = useBalance(program);
  const given = useAmount(program, available);
  const isFrozen = useFrozen(program);
  const { fault, review } = useReview();
  const stopped = isFrozen ? say("fault.frozen") : stop;
  const { base } = given;
  const canGoOn = base !== null && beside !== null && stopped === null;
  const goOn = async () => {
    if (!member || !canGoOn) return;
    const make = async () => {
      const span = await spanFor(wallet.chain(), program.token, member);
      return message({ member, amount: base, span }, beside);
    };
    if (await review(make)) go(then);
  };
  return (
    <Card>
      <SideChoice
        label={say("field.program")}
        sides={owned}
        value={program}
        onChange={choose}
      />
      <AmountField unit={program} typed={given} available={available} />
      {children}
      {stopped && <Notice look="bad">{stopped}</Notice>}
      {fault && <Notice look="bad">{fault}</Notice>}
      <Button wide disabled={!canGoOn} onClick={() => void goOn()}>
        {say("next.review")}
      </Button>
    </Card>
  );
}
