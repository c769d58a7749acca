// What an organisation has agreed to reward: charters that name the member as a party, to be read
// and signed. They are read from the chain.

import { useEffect, useState } from "preact/hooks";
import { hexToString, keccak256, type Address, type Hex } from "viem";
import { getContractEvents } from "viem/actions";

import { CHARTER } from "@abi";
import { keep, kept } from "../app/device";
import { back } from "../app/router";
import { latestBlock, readContract } from "../chain/reading";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { amount, date, plain, short } from "../app/text";
import * as wallet from "../app/wallet";
import { Button, Card, Empty, Facts, Notice, Page } from "../design/parts";
import { agreeing } from "../signing/messages";
import { say } from "../words";
import { useReview } from "./attempting";
import { faultOf } from "./confirm";

type Rule = {
  label: string;
  amount: bigint;
  maxPerPeriod: number;
  monthsPerPeriod: number;
  attester: Address;
  validUntil: number;
};

// What was proposed, as its event tells it: the contract itself keeps no labels.
type Proposal = { id: Hex; token: Address; documentHash: Hex; rules: Rule[] };

type Charter = Proposal & { state: number; parties: number; missing: number; hasSigned: boolean };

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
  const proposals = await allProposals();
  const read = await Promise.all(proposals.map((proposal) => charterFor(member, proposal)));
  return read.flat().reverse();
}

// A charter, if the member is a party to it.
async function charterFor(member: Address, proposal: Proposal): Promise<Charter[]> {
  const contract = { address: wallet.theNetwork().contracts.charter, abi: CHARTER } as const;
  const { id } = proposal;
  const [party, { state, parties, missing }] = await Promise.all([
    readContract(wallet.chain(), { ...contract, functionName: "partyOf", args: [id, member] }),
    readContract(wallet.chain(), { ...contract, functionName: "charterOf", args: [id] }),
  ]);
  if (party === 0) return [];
  return [{ ...proposal, state, parties, missing, hasSigned: party === SIGNED }];
}

// Nodes look through so many blocks at a time; so many questions go out together; and so many blocks
// may still change.
const SPAN = 10_000;
const TOGETHER = 50;
const UNSURE = 64;

// All charters that were ever proposed. What was looked through before is not looked through again.
async function allProposals(): Promise<Proposal[]> {
  const { chainId, contracts, firstBlock } = wallet.theNetwork();
  const key = `charters ${chainId} ${contracts.charter}`;
  const before = await kept<{ all: Proposal[]; next: number }>(key);
  const head = (await latestBlock(wallet.chain())).number;
  const all = new Map(before?.all.map((one) => [one.id, one]));
  const starts: number[] = [];
  for (let at = before?.next ?? firstBlock; at <= head; at += SPAN) starts.push(at);
  while (starts.length > 0) {
    const found = await Promise.all(starts.splice(0, TOGETHER).map((at) => proposedFrom(at, head)));
    for (const one of found.flat()) all.set(one.id, one);
  }
  await keep(key, { all: [...all.values()], next: Math.max(firstBlock, head - UNSURE) });
  return [...all.values()];
}

async function proposedFrom(block: number, head: number): Promise<Proposal[]> {
  const events = await getContractEvents(wallet.chain(), {
    address: wallet.theNetwork().contracts.charter,
    abi: CHARTER,
    eventName: "CharterProposed",
    fromBlock: BigInt(block),
    toBlock: BigInt(Math.min(block + SPAN - 1, head)),
    strict: true,
  });
  return events.map(({ args: { charterId, token, documentHash, rules } }) => ({
    id: charterId,
    token,
    documentHash,
    rules: rules.map((rule) => ({ ...rule, label: hexToString(rule.label, { size: 32 }) })),
  }));
}

function CharterCard({ charter }: { charter: Charter }) {
  const account = useStore(wallet.account);
  const program = wallet.programOf(charter.token);
  const { fault, review } = useReview();
  const sign = async () => {
    if (!account) return;
    const { id, documentHash } = charter;
    await review(() => agreeing(wallet.theNetwork(), account.address, id, documentHash));
  };
  return (
    <Card label={say("charters.title")}>
      <h2>
        <bdi>{plain(program?.name ?? charter.token)}</bdi>
      </h2>
      <p class="small soft">{stateOf(charter)}</p>
      <ul class="stack">
        {charter.rules.map((rule) => (
          <li key={rule.label}>
            <p>
              <bdi>{plain(rule.label)}</bdi>
            </p>
            <p class="small soft">{ruleWords(rule, program?.decimals)}</p>
          </li>
        ))}
      </ul>
      <Document hash={charter.documentHash} />
      {fault && <Notice look="bad">{fault}</Notice>}
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

// The charter's document, which is not on the chain: whoever has it sees here whether it is the one
// that all parties sign.
function Document({ hash }: { hash: Hex }) {
  const [isIt, setIsIt] = useState<boolean | null>(null);
  const check = async (file: File | undefined) => {
    setIsIt(file ? keccak256(new Uint8Array(await file.arrayBuffer())) === hash : null);
  };
  return (
    <>
      <Facts
        rows={[
          [
            say("charters.document"),
            <span class="mono small" title={hash}>
              {short(hash)}
            </span>,
          ],
        ]}
      />
      <label class="drop small">
        {say("charters.check")}
        <input type="file" onChange={(event) => void check(event.currentTarget.files?.[0])} />
      </label>
      {isIt !== null && (
        <Notice look={isIt ? "good" : "bad"}>
          {say(isIt ? "charters.checked" : "charters.other")}
        </Notice>
      )}
    </>
  );
}

function stateOf({ state, missing, parties }: Charter): string {
  if (state === PROPOSED) return say("charters.proposed", { missing, parties });
  return say(state === IN_FORCE ? "charters.inForce" : "charters.superseded");
}

function ruleWords(rule: Rule, decimals = 0): string {
  const { language } = settings.value;
  const { maxPerPeriod: count, monthsPerPeriod: months, validUntil, attester } = rule;
  const often =
    months === 0 ? say("charters.once", { count }) : say("charters.perMonths", { count, months });
  const words = [
    say("charters.rule", { amount: amount(rule.amount, decimals, language, true), often }),
    say("charters.attested", { attester: short(attester) }),
  ];
  if (validUntil > 0) words.push(say("charters.until", { date: date(validUntil - 1, language) }));
  return words.join(" · ");
}
