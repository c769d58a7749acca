// What an organisation has agreed to reward: charters that name the member as a party, to be read
// and signed. They are read from the chain.

import { useEffect, useState } from "preact/hooks";
import { hexToString, type Address, type Hex } from "viem";
import { getContractEvents } from "viem/actions";

import { CHARTER } from "@abi";
import { back } from "../app/router";
import { readContract } from "../chain/reading";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, plain } from "../app/text";
import * as wallet from "../app/wallet";
import { Button, Card, Empty, Facts, Notice, Page } from "../design/parts";
import { askToSign } from "../signing/asking";
import { agreeing } from "../signing/messages";
import { say } from "../words";
import { faultOf } from "./confirm";

type Rule = { label: string; amount: bigint; maxPerPeriod: number; monthsPerPeriod: number };

type Charter = {
  id: Hex;
  token: Address;
  state: number;
  parties: number;
  missing: number;
  documentHash: Hex;
  hasSigned: boolean;
  rules: Rule[];
};

// `IRewardCharter.Party` and `IRewardCharter.State`.
const SIGNED = 2;
const PROPOSED = 1;
const IN_FORCE = 2;

export function ChartersPage() {
  const member = useStore(wallet.account)?.address;
  const block = useStore(wallet.portfolio)?.block;
  const [charters, setCharters] = useState<Charter[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    let stale = false;
    if (!member) return undefined;
    chartersOf(member).then(
      (found) => stale || setCharters(found),
      (error) => stale || setFault(faultOf(error)),
    );
    return () => {
      stale = true;
    };
  }, [member, block]);
  return (
    <Page title={say("charters.title")} onBack={back}>
      <p class="soft lead-small">{say("charters.text")}</p>
      {fault && <Notice look="warn">{fault}</Notice>}
      {charters === null && !fault && <p class="soft">{say("app.loading")}</p>}
      {charters?.length === 0 && <Empty icon="document" title={say("charters.none")} />}
      {charters?.map((charter) => (
        <CharterCard key={charter.id} charter={charter} />
      ))}
    </Page>
  );
}

async function chartersOf(member: Address): Promise<Charter[]> {
  const { contracts, firstBlock } = wallet.theNetwork();
  const contract = { address: contracts.charter, abi: CHARTER } as const;
  const proposals = await getContractEvents(wallet.chain(), {
    ...contract,
    eventName: "CharterProposed",
    fromBlock: BigInt(firstBlock),
    toBlock: "latest",
  });
  const ids = proposals.flatMap(({ args }) => (args.charterId ? [args.charterId] : []));
  const read = await Promise.all(
    ids.map(async (id) => {
      const party = await readContract(wallet.chain(), {
        ...contract,
        functionName: "partyOf",
        args: [id, member],
      });
      return party === 0 ? [] : [await charterOf(id, party === SIGNED)];
    }),
  );
  return read.flat().reverse();
}

async function charterOf(id: Hex, hasSigned: boolean): Promise<Charter> {
  const contract = { address: wallet.theNetwork().contracts.charter, abi: CHARTER } as const;
  const found = await readContract(wallet.chain(), {
    ...contract,
    functionName: "charterOf",
    args: [id],
  });
  const rules = await Promise.all(
    Array.from({ length: found.rules }, (_, number) =>
      readContract(wallet.chain(), {
        ...contract,
        functionName: "ruleOf",
        args: [id, BigInt(number)],
      }),
    ),
  );
  return {
    id,
    token: found.token,
    state: found.state,
    parties: found.parties,
    missing: found.missing,
    documentHash: found.documentHash,
    hasSigned,
    rules: rules.map((rule) => ({
      label: hexToString(rule.label, { size: 32 }),
      amount: rule.amount,
      maxPerPeriod: rule.maxPerPeriod,
      monthsPerPeriod: rule.monthsPerPeriod,
    })),
  };
}

function CharterCard({ charter }: { charter: Charter }) {
  const account = useStore(wallet.account);
  const program = wallet.programOf(charter.token);
  const sign = async () => {
    if (!account) return;
    await askToSign(
      agreeing(wallet.theNetwork(), account.address, charter.id, charter.documentHash),
    );
  };
  return (
    <Card label={say("charters.title")}>
      <h2>
        <bdi>{plain(program?.name ?? charter.token)}</bdi>
      </h2>
      <p class="small soft">{stateOf(charter)}</p>
      <Facts
        rows={charter.rules.map((rule) => [plain(rule.label), ruleWords(rule, program?.decimals)])}
      />
      <Facts
        rows={[
          [say("charters.document"), <span class="mono small">{charter.documentHash}</span>],
        ]}
      />
      {charter.hasSigned ? (
        <Notice look="good">{say("charters.signed")}</Notice>
      ) : (
        charter.state === PROPOSED && (
          <Button wide onClick={() => void sign()}>
            {say("charters.sign")}
          </Button>
        )
      )}
    </Card>
  );
}

function stateOf({ state, missing, parties }: Charter): string {
  if (state === PROPOSED) return say("charters.proposed", { missing, parties });
  return say(state === IN_FORCE ? "charters.inForce" : "charters.superseded");
}

function ruleWords(rule: Rule, decimals = 0): string {
  const { language } = settings.value;
  const often =
    rule.monthsPerPeriod === 0
      ? say("charters.once", { count: rule.maxPerPeriod })
      : say("charters.perMonths", { count: rule.maxPerPeriod, months: rule.monthsPerPeriod });
  return say("charters.rule", { amount: amount(rule.amount, decimals, language, true), often });
}
