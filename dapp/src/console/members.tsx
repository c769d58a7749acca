// Freeze a member whose key was stolen, and recover the points to a new account.

import { useState } from "preact/hooks";
import { stringToHex } from "viem";

import { TOKEN_ISSUER } from "@abi";
import { Card, Field } from "../design/parts";
import { addressIn } from "../paying/addresses";
import { say } from "../words";
import { Deed } from "./parts";
import { transact, type Own } from "./session";

const WORD = 32;

export function MembersPage({ own }: { own: Own }) {
  const [member, setMember] = useState("");
  const [reason, setReason] = useState("");
  const [newMember, setNewMember] = useState("");
  const who = addressIn(member);
  const to = addressIn(newMember);
  const isReason = /^[\x20-\x7e]{1,32}$/.test(reason.trim());
  const why = () => stringToHex(reason.trim(), { size: WORD });
  const call = (functionName: string, args: unknown[]) => () =>
    transact({ address: own.program.token, abi: TOKEN_ISSUER, functionName, args });
  const isWhole = who !== null && isReason;
  return (
    <Card label={say("console.members")}>
      <Field
        mono
        label={say("console.member")}
        value={member}
        onInput={setMember}
        fault={member && !who ? say("fault.address") : null}
      />
      <Field
        label={say("console.reason")}
        value={reason}
        onInput={setReason}
        fault={reason && !isReason ? say("fault.reference") : null}
      />
      <Deed
        look="danger"
        label={say("console.freeze")}
        disabled={!isWhole}
        deed={async () => call("freeze", [who, why()])()}
      />
      <Deed
        look="quiet"
        label={say("console.unfreeze")}
        disabled={!isWhole}
        deed={async () => call("unfreeze", [who, why()])()}
      />
      <hr />
      <p class="soft small">{say("console.recoverText")}</p>
      <Field
        mono
        label={say("console.newMember")}
        value={newMember}
        onInput={setNewMember}
        fault={newMember && !to ? say("fault.address") : null}
      />
      <Deed
        look="quiet"
        label={say("console.recover")}
        disabled={!isWhole || to === null || to === who}
        deed={async () => call("recover", [who, to, why()])()}
      />
    </Card>
  );
}
