// What the till refuses: one line for the staff, and the words for the customer.

import { Refused } from "../app/http";
import { plain } from "../app/text";
import { Notice } from "../design/parts";
import { say } from "../words";

export function Trouble({ error }: { error: unknown }) {
  if (!error) return null;
  const member = error instanceof Refused ? error.member : null;
  const detail = error instanceof Error ? error.message : String(error);
  return (
    <Notice look="bad">
      {plain(detail, 300)}
      {member && <p>{say("till.tell", { words: plain(member, 200) })}</p>}
    </Notice>
  );
}
