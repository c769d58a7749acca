// The issuer's money in the exchange: put some in, take some out.

import { useState } from "preact/hooks";

import { EXCHANGE_ISSUER, MONEY } from "@abi";
import { parsed, plain } from "../app/text";
import { clientOf } from "../chain/network";
import { readContract } from "../chain/reading";
import { Card, Field } from "../design/parts";
import { say } from "../words";
import { Deed, euros } from "./parts";
import { reload, sender, theNetwork, transact, type Own } from "./session";

export function AccountPage({ own }: { own: Own }) {
  const { symbol, decimals } = theNetwork().settlement;
  const { exchange, settlementToken } = theNetwork().contracts;
  const [text, setText] = useState("");
  const given = parsed(text, decimals);
  const base = "base" in given && given.base > 0n ? given.base : null;
  const { token } = own.program;
  const fund = async () => {
    const { account } = sender();
    const allowed = await readContract(clientOf(theNetwork()), {
      address: settlementToken,
      abi: MONEY,
      functionName: "allowance",
      args: [account, exchange],
    });
    if (allowed < (base ?? 0n)) {
      await transact({
        address: settlementToken,
        abi: MONEY,
        functionName: "approve",
        args: [exchange, base],
      });
    }
    await transact({
      address: exchange,
      abi: EXCHANGE_ISSUER,
      functionName: "fund",
      args: [token, base],
    });
    await reload();
  };
  const withdraw = async () => {
    await transact({
      address: exchange,
      abi: EXCHANGE_ISSUER,
      functionName: "withdraw",
      args: [token, sender().account, base],
    });
    await reload();
  };
  return (
    <Card label={say("console.account")}>
      <p class="small soft">{say("console.money")}</p>
      <p class="tile-value" data-account>
        {euros(own.program.account)}
      </p>
      <Field
        big
        numeric
        label={say("field.amount")}
        value={text}
        onInput={setText}
        hint="0"
        suffix={<span class="unit">{plain(symbol, 10)}</span>}
      />
      <Deed label={say("console.fund")} deed={fund} disabled={base === null} />
      <Deed
        look="quiet"
        label={say("console.withdraw")}
        deed={withdraw}
        disabled={base === null || base > BigInt(own.program.account)}
      />
    </Card>
  );
}
