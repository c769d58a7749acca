// The member's address as a code, for tills and friends.

import { back } from "../app/router";
import { useStore } from "../app/store";
import * as wallet from "../app/wallet";
import { Card, Copy, Page, Qr } from "../design/parts";
import { say } from "../words";

export function ReceivePage() {
  const account = useStore(wallet.account);
  if (!account) return null;
  return (
    <Page title={say("receive.title")} onBack={back}>
      <Card>
        <div class="voucher">
          <Qr text={account.address} label={say("receive.code")} />
          <p class="soft centred">{say("receive.text")}</p>
          <p class="mono small address" data-address>
            {account.address}
          </p>
          <Copy text={account.address} />
        </div>
      </Card>
    </Page>
  );
}
