// Money in a conversion: whose wallet pays it, and who receives it. A member who is a passkey can do
// neither, since money's own contract asks for a transaction or for a key's signature.

import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";

import { useStore } from "../app/store";
import { plain, short } from "../app/text";
import * as wallet from "../app/wallet";
import { Button, Field, Notice } from "../design/parts";
import { addressIn } from "../paying/addresses";
import { moneyOf } from "../signing/buying";
import { connect, walletOf, wallets, type Wallet } from "../signing/injected";
import { say } from "../words";
import { useAttempt } from "./attempting";

// A wallet in this browser, and its account that pays.
export type Payer = { wallet: Wallet; address: Address };

// Who pays: the member's own wallet, or one that a passkey's owner has connected for it.
export function usePayer(): [payer: Payer | null, setPayer: (payer: Payer) => void] {
  const account = useStore(wallet.account);
  useStore(wallets);
  const [chosen, setChosen] = useState<Payer | null>(null);
  if (account?.kind !== "wallet") return [chosen, setChosen];
  const own = walletOf(account.rdns);
  return [own ? { wallet: own, address: account.address } : null, setChosen];
}

// How much money an account has, as of the last block.
export function useMoney(owner: Address | undefined): bigint {
  const block = useStore(wallet.portfolio)?.block;
  const [found, setFound] = useState(0n);
  useEffect(() => {
    let stale = false;
    setFound((before) => (owner ? before : 0n));
    if (!owner) return undefined;
    moneyOf(wallet.chain(), wallet.theNetwork(), owner).then(
      (read) => stale || setFound(read),
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [owner, block]);
  return found;
}

// A passkey's owner connects a wallet of theirs that pays. Without one in this browser there is no
// way, and the page says so.
export function PayerChoice({
  payer, setPayer,
}: { payer: Payer | null; setPayer: (payer: Payer) => void }) {
  const account = useStore(wallet.account);
  const found = useStore(wallets);
  if (payer) {
    return (
      <p class="small soft" data-payer>
        {say("buy.paidBy", { name: plain(payer.wallet.info.name, 24) })}{" "}
        <span class="mono">{short(payer.address)}</span>
      </p>
    );
  }
  const symbol = plain(wallet.theNetwork().settlement.symbol, 16);
  if (account?.kind === "wallet") {
    return (
      <Notice look="warn">{say("sign.walletGone", { name: plain(account.name, 24) })}</Notice>
    );
  }
  if (found.length === 0) {
    return <Notice look="warn">{say("buy.noWallet", { symbol })}</Notice>;
  }
  return (
    <>
      <p class="small soft">{say("buy.connect", { symbol })}</p>
      <Connect found={found} label="welcome.connect" onConnected={setPayer} />
    </>
  );
}

// Where money goes that a passkey's points are worth: to somebody who can spend it.
export function Receiver({
  text, setText,
}: { text: string; setText: (text: string) => void }) {
  const found = useStore(wallets);
  const address = addressIn(text);
  const isSelf = address !== null && address === wallet.account.value?.address;
  const fault = text && !address ? say("fault.address") : isSelf ? say("fault.noMoney") : null;
  return (
    <>
      <Field
        mono
        label={say("field.moneyTo")}
        value={text}
        onInput={setText}
        hint="0x…"
        fault={fault}
        note={say("cash.passkey")}
      />
      <Connect
        found={found}
        label="cash.to"
        onConnected={(one) => setText(one.address)}
      />
    </>
  );
}

// One button for each wallet in this browser.
function Connect({
  found, label, onConnected,
}: {
  found: readonly Wallet[];
  label: "welcome.connect" | "cash.to";
  onConnected: (payer: Payer) => void;
}) {
  const { fault, attempt } = useAttempt();
  const ask = (one: Wallet) =>
    attempt(async () => onConnected({ wallet: one, address: await connect(one) }));
  return (
    <>
      {found.map((one) => (
        <Button
          key={one.info.uuid}
          wide
          look="quiet"
          icon="wallet"
          onClick={() => void ask(one)}
        >
          {say(label, { name: plain(one.info.name, 24) })}
        </Button>
      ))}
      {fault && <Notice look="bad">{fault}</Notice>}
    </>
  );
}
