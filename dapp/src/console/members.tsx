// Freeze a member whose key was stolen, and recover the points to a new account.

import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";

import { TOKEN_ISSUER } from "@issuing";
import { clientOf } from "../chain/network";
import { readContract } from "../chain/reading";
import { Card, Field, Notice } from "../design/parts";
import { addressIn } from "../paying/addresses";
import { say } from "../words";
import { Deed, Needs, points } from "./parts";
import { wordIn } from "./reasons";
import { transact } from "./sending";
import { theNetwork, type Own } from "./session";

const AGAIN = 1_000;

type Member = { balance: bigint; isFrozen: boolean };

export function MembersPage({ own }: { own: Own }) {
  const [member, setMember] = useState("");
  const [reason, setReason] = useState("");
  const who = addressIn(member);
  const why = wordIn(reason);
  const found = useMember(own, who);
  const act = (functionName: string, args: unknown[]) =>
    transact({ address: own.program.token, abi: TOKEN_ISSUER, functionName, args });
  return (
    <div class="columns">
      <Card label={say("console.freezing")}>
        <div>
          <h2>{say("console.freezing")}</h2>
          <p class="small soft">{say("console.freezingText")}</p>
        </div>
        <Field
          mono
          label={say("console.member")}
          value={member}
          onInput={setMember}
          fault={member && !who ? say("fault.address") : null}
        />
        {found && <Found own={own} member={found} />}
        <Field
          label={say("console.reason")}
          value={reason}
          onInput={setReason}
          note={say("console.reasonNote")}
          fault={reason && !why ? say("console.wordFault") : null}
        />
        {found?.isFrozen ? (
          <Deed
            key="unfreeze"
            look="quiet"
            label={say("console.unfreeze")}
            disabled={!who || !why}
            deed={() => act("unfreeze", [who, why])}
          />
        ) : (
          <Deed
            key="freeze"
            look="danger"
            label={say("console.freeze")}
            disabled={!who || !why}
            deed={() => act("freeze", [who, why])}
          />
        )}
        <Needs own={own} role="freezer" what="console.freeze" />
      </Card>
      <Recovery
        own={own}
        isReady={Boolean(found?.isFrozen && who && why)}
        who={who}
        why={why}
        act={act}
      />
    </div>
  );
}

function Recovery({
  own, isReady, who, why, act,
}: {
  own: Own;
  isReady: boolean;
  who: Address | null;
  why: string | null;
  act: (functionName: string, args: unknown[]) => Promise<void>;
}) {
  const [newMember, setNewMember] = useState("");
  const to = addressIn(newMember);
  return (
    <Card label={say("console.recover")}>
      <div>
        <h2>{say("console.recover")}</h2>
        <p class="soft small">{say("console.recoverText")}</p>
      </div>
      <Field
        mono
        label={say("console.newMember")}
        value={newMember}
        onInput={setNewMember}
        fault={newMember && !to ? say("fault.address") : null}
      />
      <Deed
        label={say("console.recover")}
        disabled={!isReady || to === null || to === who}
        deed={() => act("recover", [who, to, why])}
      />
      <Needs own={own} role="recoverer" what="console.recover" />
    </Card>
  );
}

function Found({ own, member: { balance, isFrozen } }: { own: Own; member: Member }) {
  const amount = points(own, balance);
  return (
    <Notice look={isFrozen ? "warn" : "info"}>
      <span data-member>
        {isFrozen ? say("console.frozenHas", { amount }) : say("console.memberHas", { amount })}
      </span>
    </Notice>
  );
}

// What a member has, as the chain says it now; read again whenever something was done.
function useMember(own: Own, who: Address | null): Member | null {
  const [member, setMember] = useState<Member | null>(null);
  useEffect(() => {
    if (who === null) return setMember(null);
    const about = { address: own.program.token, abi: TOKEN_ISSUER, args: [who] } as const;
    const client = clientOf(theNetwork());
    let isLeft = false;
    const read = async (): Promise<void> => {
      const found = await Promise.all([
        readContract(client, { ...about, functionName: "balanceOf" }),
        readContract(client, { ...about, functionName: "isFrozen" }),
      ]).catch(() => null);
      if (isLeft) return;
      setMember(found && { balance: found[0], isFrozen: found[1] });
      // A node that does not answer now is asked again.
      if (found === null) setTimeout(() => void read(), AGAIN);
    };
    void read();
    return () => {
      isLeft = true;
    };
  }, [own, who]);
  return member;
}
