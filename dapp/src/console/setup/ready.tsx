// What is missing before a program can be created, each with its remedy. A credential can be handed
// in here.

import { useState } from "preact/hooks";
import { getAddress, type Address, type Hex } from "viem";

import { REGISTRY_ISSUER } from "@issuing";
import { settings } from "../../app/settings";
import { useStore } from "../../app/store";
import { date, plain, short } from "../../app/text";
import { Button, Card, Copy, Facts, Notice } from "../../design/parts";
import type { Call } from "../../signing/transacting";
import { say } from "../../words";
import { Deed, FileDrop } from "../parts";
import { transact } from "../sending";
import { theNetwork } from "../session";
import type { Standing } from "./standing";

type Credential = {
  issuer: Address;
  legalName: string;
  lei: string;
  domain: string;
  termsHash: Hex;
  issuedAt: bigint;
  validUntil: bigint;
};
type Signed = { credential: Credential; verifier: Address; signature: Hex; registry: Address };

export function ReadyPage({
  account, standing, onLook,
}: {
  account: Address;
  standing: Standing;
  onLook: () => Promise<void>;
}) {
  return (
    <>
      <p class="soft lead-small">{say("setup.ready")}</p>
      {!standing.isOpen && <Notice look="warn">{say("setup.notOpen")}</Notice>}
      {!standing.hasWallet && <Notice look="warn">{say("setup.noWallet")}</Notice>}
      {standing.hasWallet && !standing.hasEther && (
        <Notice look="warn">{say("setup.noEther")}</Notice>
      )}
      {standing.vouching !== "good" && (
        <div class="setup">
          <Vouching account={account} standing={standing} onLook={onLook} />
        </div>
      )}
      <div>
        <Button look="quiet" onClick={() => void onLook()}>
          {say("setup.lookAgain")}
        </Button>
      </div>
    </>
  );
}

function Vouching({
  account, standing, onLook,
}: {
  account: Address;
  standing: Standing;
  onLook: () => Promise<void>;
}) {
  const { language } = useStore(settings);
  const [signed, setSigned] = useState<Signed | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const { legalName: name, validUntil, vouching } = standing;
  const chosen = async (file: File) => {
    const found = signedIn(await file.text());
    const wrong = found === null ? say("setup.credentialFault") : faultIn(found, account);
    setFault(wrong);
    setSigned(wrong ? null : found);
  };
  return (
    <Card label={say("setup.vouching")}>
      <h2>{say("setup.vouching")}</h2>
      <Notice look="warn">
        {vouching === "none" && say("setup.notVouched")}
        {vouching === "ended" && say("setup.ended", { name, date: date(validUntil, language) })}
        {vouching === "void" && say("setup.void", { name })}
      </Notice>
      <p>{say("setup.remedy")}</p>
      <div class="copied">
        <div>
          <p class="small soft">{say("setup.yourAddress")}</p>
          <p class="mono small address">{account}</p>
        </div>
        <Copy text={account} />
      </div>
      <FileDrop label={say("setup.file")} accept=".json" onFile={(file) => void chosen(file)} />
      {fault && <Notice look="bad">{fault}</Notice>}
      {signed && <Handing signed={signed} onDone={onLook} />}
    </Card>
  );
}

function Handing({ signed, onDone }: { signed: Signed; onDone: () => Promise<void> }) {
  const { language } = useStore(settings);
  const { credential, verifier } = signed;
  const hand = async () => {
    await transact(accrediting(signed));
    await onDone();
  };
  return (
    <>
      <Facts
        rows={[
          [say("setup.legalName"), <bdi>{plain(credential.legalName, 100)}</bdi>],
          [say("program.lei"), plain(credential.lei)],
          [say("program.domain"), plain(credential.domain, 253)],
          [say("setup.validUntil"), date(Number(credential.validUntil), language)],
          [say("setup.verifier"), short(verifier)],
        ]}
      />
      <Deed label={say("setup.handIn")} deed={hand} />
    </>
  );
}

// A file as `brownie run accredit sign` writes it.
function signedIn(text: string): Signed | null {
  try {
    const { verifier, signature, credential } = JSON.parse(text);
    const { message, domain } = credential;
    if (!/^0x([0-9a-f]{2})+$/i.test(signature)) return null;
    return {
      verifier: getAddress(verifier),
      signature,
      registry: getAddress(domain.verifyingContract),
      credential: {
        issuer: getAddress(message.issuer),
        legalName: String(message.legalName),
        lei: String(message.lei),
        domain: String(message.domain),
        termsHash: message.termsHash,
        issuedAt: BigInt(message.issuedAt),
        validUntil: BigInt(message.validUntil),
      },
    };
  } catch {
    return null;
  }
}

function faultIn({ credential, registry }: Signed, account: Address): string | null {
  if (registry !== theNetwork().contracts.registry) return say("setup.otherNetwork");
  const { issuer } = credential;
  return issuer === account ? null : say("setup.otherIssuer", { address: issuer });
}

function accrediting({ credential, verifier, signature }: Signed): Call {
  return {
    address: theNetwork().contracts.registry,
    abi: REGISTRY_ISSUER,
    functionName: "accredit",
    args: [credential, verifier, signature],
  };
}
