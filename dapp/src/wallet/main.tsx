// The wallet: which page is shown, and what stands around it.

import { render } from "preact";
import { useEffect } from "preact/hooks";

import { dress } from "../app/dressing";
import { route } from "../app/router";
import { useStore } from "../app/store";
import { plain, short } from "../app/text";
import * as wallet from "../app/wallet";
import { Icon, type IconName } from "../design/icons";
import { Button, Notice } from "../design/parts";
import { listen, onAccount, walletOf, wallets } from "../signing/injected";
import { say, words, type Bare } from "../words";
import { Confirm } from "./confirm";
import { ConvertPage } from "./convert";
import { Home } from "./home";
import { PayPage } from "./pay";
import { ReceivePage } from "./receive";
import { SendPage } from "./send";
import { later } from "./later";
import { Welcome } from "./welcome";

// Pages that few people open first.
const ChartersPage = later(async () => (await import("./charters")).ChartersPage);
const HistoryPage = later(async () => (await import("./history")).HistoryPage);
const HoldPage = later(async () => (await import("./hold")).HoldPage);
const MorePage = later(async () => (await import("./more")).MorePage);
const MovePage = later(async () => (await import("./move")).MovePage);
const ProgramPage = later(async () => (await import("./program")).ProgramPage);
const RedeemPage = later(async () => (await import("./redeem")).RedeemPage);

const TABS: readonly (readonly [page: string, label: Bare, icon: IconName])[] = [
  ["", "nav.home", "home"],
  ["convert", "nav.convert", "convert"],
  ["pay", "nav.pay", "pay"],
  ["history", "nav.history", "history"],
  ["more", "nav.more", "more"],
];

function App() {
  useStore(words);
  const account = useStore(wallet.account);
  const isReady = useStore(wallet.isReady);
  const fault = useStore(wallet.fault);
  useWalletAccount();
  if (fault !== null) return <Away />;
  if (!isReady) return <Loading />;
  if (!account) return <Welcome />;
  return (
    <>
      <Skip />
      <Top />
      <div class="shell">
        <Tabs />
        <div class="content">
          <Offline />
          <CurrentPage />
        </div>
      </div>
      <Confirm />
    </>
  );
}

function CurrentPage() {
  const { page, parts } = useStore(route);
  const [first, second] = parts;
  switch (page) {
    case "program":
      return <ProgramPage token={first} />;
    case "send":
      return <SendPage key={first} token={first} />;
    case "redeem":
      return <RedeemPage key={first} token={first} />;
    case "convert":
      return <ConvertPage key={`${first} ${second}`} token={first} to={second} />;
    case "hold":
      return <HoldPage key={first} token={first} merchant={second} />;
    case "pay":
      return <PayPage given={first} />;
    case "receive":
      return <ReceivePage />;
    case "history":
      return <HistoryPage />;
    case "charters":
      return <ChartersPage />;
    case "more":
      return <MorePage />;
    case "move":
      return <MovePage />;
    default:
      return <Home />;
  }
}

function Skip() {
  return (
    <a
      class="skip"
      href="#content"
      onClick={(event) => {
        event.preventDefault();
        document.querySelector<HTMLElement>("#content h1")?.focus();
      }}
    >
      {say("app.skip")}
    </a>
  );
}

function Top() {
  const account = useStore(wallet.account);
  const { development } = wallet.theNetwork();
  return (
    <header class="top">
      <a href="#/" class="brand" aria-label={say("app.name")}>
        <img src="/icon.svg" alt="" width="30" height="30" />
        <span>{say("app.name")}</span>
      </a>
      {development && <span class="trial small">{say("app.demo")}</span>}
      {account && (
        <a href="#/more" class="who mono small" title={account.address}>
          <Icon name={account.kind === "passkey" ? "key" : "wallet"} size={16} />
          {short(account.address)}
        </a>
      )}
    </header>
  );
}

function Tabs() {
  const { page } = useStore(route);
  return (
    <nav class="tabs" aria-label={say("app.navigation")}>
      {TABS.map(([name, label, icon]) => (
        <a
          key={name}
          href={`#/${name}`}
          class={name === "pay" ? "tab-pay" : ""}
          aria-current={page === name ? "page" : undefined}
        >
          <span class="tab-mark">
            <Icon name={icon} size={name === "pay" ? 26 : 23} />
          </span>
          <span>{say(label)}</span>
        </a>
      ))}
    </nav>
  );
}

function Offline() {
  const isOnline = useStore(wallet.isOnline);
  return isOnline ? null : <Notice look="warn">{say("app.offline")}</Notice>;
}

function Loading() {
  return (
    <main id="content" class="waiting">
      <img src="/icon.svg" alt="" width="72" height="72" />
      <h1 class="unseen">{say("app.name")}</h1>
      <p class="soft" role="status">
        {say("app.loading")}
      </p>
    </main>
  );
}

function Away() {
  return (
    <main id="content" class="waiting">
      <img src="/icon.svg" alt="" width="72" height="72" />
      <h1>{say("app.name")}</h1>
      <Notice look="bad">{say("app.unreachable")}</Notice>
      <Button onClick={() => void wallet.start()}>{say("app.tryAgain")}</Button>
    </main>
  );
}

// When the wallet's owner chooses another account there, the page follows.
function useWalletAccount(): void {
  const account = useStore(wallet.account);
  const found = useStore(wallets);
  const rdns = account?.kind === "wallet" ? account.rdns : undefined;
  useEffect(() => {
    const one = rdns === undefined ? undefined : walletOf(rdns);
    if (!one) return;
    onAccount(one, (address) => {
      const current = wallet.account.value;
      if (current?.kind !== "wallet" || current.rdns !== rdns) return;
      if (address === null) void wallet.leave();
      else if (address !== current.address) {
        void wallet.enter({ ...current, address, name: plain(current.name, 40) });
      }
    });
  }, [rdns, found]);
}

const root = document.getElementById("app");
if (root) {
  dress();
  listen();
  render(<App />, root);
  void wallet.start();
}
