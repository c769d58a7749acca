// Pay at a till that may have no connection: read its code, sign, show a code in answer. None of it
// needs a connection here either.

import { useEffect, useState } from "preact/hooks";
import { zeroAddress, type Hex } from "viem";

import { allPromised, keepPromised, type Promised } from "../app/device";
import { back, go } from "../app/router";
import { settings } from "../app/settings";
import { useStore } from "../app/store";
import { moment, plain } from "../app/text";
import * as wallet from "../app/wallet";
import { holdingIn, rememberMerchant } from "../chain/portfolio";
import { Icon } from "../design/icons";
import { Button, Card, Copy, Field, Page, Qr } from "../design/parts";
import { Scanner } from "../design/scanner";
import { Malformed } from "../paying/compact";
import { answerText, isOurs, REQUEST, requestOf, voucherOf, type Request } from "../paying/requests";
import { askToSign } from "../signing/asking";
import { say } from "../words";
import { points } from "./fields";

export function PayPage({ given }: { given: string | undefined }) {
  const [shown, setShown] = useState<Promised | null>(null);
  if (shown) return <Voucher promise={shown} onDone={() => setShown(null)} />;
  return (
    <Page title={say("pay.title")} onBack={back}>
      <Ask given={given ?? ""} onPaid={setShown} />
      <Recent onShow={setShown} />
    </Page>
  );
}

function Ask({ given, onPaid }: { given: string; onPaid: (promise: Promised) => void }) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState(given);
  const [fault, setFault] = useState<string | null>(null);
  const account = useStore(wallet.account);

  const take = async (code: string) => {
    setFault(null);
    const request = readRequest(code);
    if (typeof request === "string") return setFault(request);
    if (!account) return undefined;
    void wallet.learnMerchant(request.merchant);
    const signature = await askToSign(voucherOf(request, account.address), {
      isRelayed: false,
    });
    if (!signature) return undefined;
    const promise = await promised(request, account.address, signature);
    setText("");
    onPaid(promise);
    return undefined;
  };
  return (
    <Card>
      {isOpen ? (
        <Scanner
          label={say("pay.scan")}
          found={(code) => {
            if (!code.toUpperCase().startsWith(`${REQUEST}:`)) return false;
            setOpen(false);
            void take(code);
            return true;
          }}
        />
      ) : (
        <Button wide icon="camera" onClick={() => setOpen(true)}>
          {say("pay.camera")}
        </Button>
      )}
      <Field
        mono
        label={say("pay.paste")}
        value={text}
        onInput={(value) => {
          setText(value);
          setFault(null);
        }}
        hint={say("pay.pasteHint")}
        fault={fault}
        suffix={
          <button type="button" class="chip" onClick={() => void take(text)} disabled={!text}>
            {say("pay.read")}
          </button>
        }
      />
    </Card>
  );
}

// The request that a code stands for, or why it cannot be paid.
function readRequest(code: string): Request | string {
  let request: Request;
  try {
    request = requestOf(code);
  } catch (error) {
    const isSpoilt = error instanceof Malformed && error.message === "spoilt";
    return say(isSpoilt ? "pay.spoilt" : "pay.malformed");
  }
  if (!isOurs(request, wallet.theNetwork())) return say("pay.otherNetwork");
  const program = wallet.programOf(request.token);
  if (!program) return say("pay.unknownPoints");
  const portfolio = wallet.portfolio.value;
  if (portfolio && request.validBefore <= portfolio.time) return say("pay.ended");
  const holding = holdingIn(portfolio, request.token);
  const merchant = request.shared ? zeroAddress : request.merchant;
  const purse = holding?.purses.find((one) => one.merchant === merchant);
  const spendable = purse?.spendable ?? 0n;
  if (request.amount > spendable) {
    return say("pay.short", { amount: points(program, spendable) });
  }
  return request;
}

// Writes the promise down, so that it counts against the purse, and can be shown again.
async function promised(
  request: Request, member: `0x${string}`, signature: Hex,
): Promise<Promised> {
  const { token, merchant, till, serial, amount, shared, validBefore } = request;
  const promise: Promised = {
    key: `${till} ${serial}`,
    member,
    token,
    merchant,
    till,
    serial: String(serial),
    amount: String(amount),
    shared,
    validBefore,
    answer: answerText(serial, member, signature),
    at: Math.floor(Date.now() / 1000),
    settled: false,
  };
  await keepPromised(promise);
  if (!shared) await rememberMerchant(member, token, merchant).catch(() => undefined);
  claim(promise);
  void wallet.refresh();
  return promise;
}

// Without a connection nothing is read anew, and the next payment still must know of this one.
function claim({ token, merchant, shared, amount }: Promised): void {
  const portfolio = wallet.portfolio.value;
  if (!portfolio) return;
  const owner = shared ? zeroAddress : merchant;
  const holdings = portfolio.holdings.map((holding) =>
    holding.token !== token
      ? holding
      : {
          ...holding,
          purses: holding.purses.map((purse) =>
            purse.merchant !== owner
              ? purse
              : {
                  ...purse,
                  spendable: purse.spendable - BigInt(amount),
                  promised: purse.promised + BigInt(amount),
                },
          ),
        },
  );
  wallet.portfolio.set({ ...portfolio, holdings });
}

function Voucher({ promise, onDone }: { promise: Promised; onDone: () => void }) {
  const latest = usePromises().find(({ key }) => key === promise.key) ?? promise;
  const names = useStore(wallet.merchants);
  const program = wallet.programOf(promise.token);
  return (
    <Page title={say("pay.show")}>
      <Card>
        <div class="voucher">
          {program && <p class="voucher-amount">{points(program, BigInt(promise.amount))}</p>}
          <p class="soft">
            <bdi>{plain(names.get(promise.merchant) ?? promise.merchant)}</bdi>
          </p>
          <Qr text={promise.answer} label={say("pay.show")} />
          <p class="soft centred">{say("pay.showText")}</p>
          <p class={`state ${latest.settled ? "good" : ""}`} role="status" data-settled={latest.settled}>
            {latest.settled ? <Icon name="check" size={18} /> : <span class="pulse" />}
            {say(latest.settled ? "pay.settled" : "pay.waiting")}
          </p>
        </div>
        <div class="row">
          <Copy text={promise.answer} />
          <Button
            onClick={() => {
              onDone();
              go("");
            }}
          >
            {say("pay.done")}
          </Button>
        </div>
      </Card>
    </Page>
  );
}

function usePromises(): Promised[] {
  const portfolio = useStore(wallet.portfolio);
  const member = useStore(wallet.account)?.address;
  const [all, setAll] = useState<Promised[]>([]);
  useEffect(() => {
    if (member) void allPromised(member).then(setAll);
  }, [portfolio, member]);
  return all;
}

function Recent({ onShow }: { onShow: (promise: Promised) => void }) {
  const { language } = useStore(settings);
  const names = useStore(wallet.merchants);
  const all = usePromises().slice(0, 10);
  if (all.length === 0) return null;
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">{say("pay.recent")}</h2>
      <ul class="entries">
        {all.map((promise) => {
          const program = wallet.programOf(promise.token);
          return (
            <li key={promise.key}>
              <button type="button" class="entry" onClick={() => onShow(promise)}>
                <span class={`entry-mark ${promise.settled ? "in" : ""}`}>
                  <Icon name={promise.settled ? "check" : "clock"} size={18} />
                </span>
                <span class="entry-words">
                  <bdi>{plain(names.get(promise.merchant) ?? promise.merchant)}</bdi>
                  <span class="small soft">
                    {moment(promise.at, language)} ·{" "}
                    {say(promise.settled ? "pay.settled" : "pay.waiting")}
                  </span>
                </span>
                <strong>{program ? points(program, BigInt(promise.amount)) : promise.amount}</strong>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
