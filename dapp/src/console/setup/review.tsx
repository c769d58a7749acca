// All that will be sent, before anything is: what stays for good, what can be changed, each call.

import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";

import { settings } from "../../app/settings";
import { amount, plain, typed } from "../../app/text";
import { Button, Card, Facts, Notice } from "../../design/parts";
import { dataOf } from "../../signing/transacting";
import { say } from "../../words";
import { faultOf } from "../faults";
import { toTop } from "../parts";
import { keepSetup } from "./keeping";
import { predicted, stepsOf } from "./steps";
import type { Program, Wish } from "./wish";

export function ReviewPage({
  account, wish, program, onChange,
}: {
  account: Address;
  wish: Wish;
  program: Program;
  onChange: () => void;
}) {
  const [token, setToken] = useState<Address | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    toTop();
    predicted(program, account).then(setToken, (error) => setFault(faultOf(error)));
  }, []);
  const begin = () => token && keepSetup(account, { wish, token, done: [], sent: null });
  return (
    <>
      {fault && <Notice look="bad">{fault}</Notice>}
      <div class="columns">
        <Card label={say("setup.forGood")}>
          <div>
            <h2>{say("setup.forGood")}</h2>
            <p class="small soft">{say("setup.forGoodText")}</p>
          </div>
          <Lasting program={program} token={token} />
        </Card>
        {token && <Calls program={program} token={token} account={account} />}
      </div>
      <div class="row setup-foot">
        <Button look="quiet" icon="back" onClick={onChange}>
          {say("setup.change")}
        </Button>
        <Button icon="check" disabled={token === null} onClick={() => void begin()}>
          {say("setup.start", { symbol: plain(program.settings.symbol, 11) })}
        </Button>
      </div>
    </>
  );
}

function Lasting({ program, token }: { program: Program; token: Address | null }) {
  const { name, symbol, decimals, monthsPerEpoch, lifetime, transferable } = program.settings;
  const [least, most] = [(lifetime - 1) * monthsPerEpoch, lifetime * monthsPerEpoch];
  const life = most ? say("setup.lives", { least, most }) : say("setup.never");
  return (
    <Facts
      rows={[
        [say("setup.name"), <bdi>{plain(name)}</bdi>],
        [say("setup.symbol"), plain(symbol, 11)],
        [say("setup.decimals"), `${typed(1n, decimals)} ${plain(symbol, 11)}`],
        [say("setup.expiry"), life],
        [say("setup.transferable"), transferable ? say("setup.yes") : say("setup.no")],
        [say("setup.address"), <span class="mono small address">{token ?? "…"}</span>],
      ]}
    />
  );
}

function Calls({
  program, token, account,
}: {
  program: Program;
  token: Address;
  account: Address;
}) {
  const steps = stepsOf(program, token, account);
  const { language } = settings.value;
  return (
    <Card label={say("setup.sends")}>
      <div>
        <h2>{say("setup.count", { count: steps.length })}</h2>
        <p class="small soft">{say("setup.countText")}</p>
      </div>
      <ol class="steps">
        {steps.map((step) => (
          <li key={step.name} class="step">
            <span class="step-mark" aria-hidden="true" />
            <span>{step.words()}</span>
          </li>
        ))}
      </ol>
      <details class="everything">
        <summary>{say("setup.everything")}</summary>
        <Facts
          rows={steps.map(({ call }, at) => [
            `${amount(BigInt(at + 1), 0, language)}. ${call.functionName}`,
            <span class="mono small address">
              {call.address}
              <br />
              {dataOf(call)}
            </span>,
          ])}
        />
      </details>
    </Card>
  );
}

