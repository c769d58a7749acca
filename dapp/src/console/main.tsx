// The console: who is signed in, which program, which page.

import { render } from "preact";
import { useEffect, useState } from "preact/hooks";

import { dress } from "../app/dressing";
import { useStore } from "../app/store";
import { plain } from "../app/text";
import { Icon, type IconName } from "../design/icons";
import { Button, Choice, Empty, Notice } from "../design/parts";
import { listen, wallets } from "../signing/injected";
import { Cancelled } from "../signing/passkey";
import { say, words, type Bare } from "../words";
import { AccountPage } from "./account";
import { AwardPage } from "./award";
import { faultOf } from "./faults";
import { MembersPage } from "./members";
import { Overview } from "./overview";
import { Partners } from "./partners";
import { PricesPage } from "./prices";
import {
  keptPasskey, network, own, resume, signInWithPasskey, signInWithWallet, signOut, type Own,
} from "./session";

const PAGES: readonly (readonly [name: string, label: Bare, icon: IconName])[] = [
  ["overview", "console.overview", "chart"],
  ["award", "console.award", "redeem"],
  ["prices", "console.prices", "settings"],
  ["account", "console.account", "wallet"],
  ["members", "console.members", "key"],
  ["partners", "console.partners", "convert"],
];

function Console() {
  useStore(words);
  const known = useStore(network);
  const programs = useStore(own);
  const [token, setToken] = useState<string | null>(null);
  const [page, setPage] = useState("overview");
  if (!known) return <p class="waiting soft">{say("app.loading")}</p>;
  if (programs === null) return <SignIn />;
  const chosen = programs.find(({ program }) => program.token === token) ?? programs[0];
  return (
    <>
      <header class="top">
        <span class="brand">
          <img src="/icon.svg" alt="" width="30" height="30" />
          <span>{say("console.title")}</span>
        </span>
        <span class="pushed">
          <Button look="plain" icon="out" onClick={() => void signOut()}>
            {say("console.signOut")}
          </Button>
        </span>
      </header>
      <div class="shell console">
        <nav class="side" aria-label={say("app.navigation")}>
          {programs.length > 0 && (
            <Choice
              label={say("console.program")}
              value={chosen?.program.token ?? ""}
              options={programs.map(
                ({ program }) => [program.token as string, plain(program.name)] as const,
              )}
              onChange={setToken}
            />
          )}
          <div class="side-pages">
            {PAGES.map(([name, label, icon]) => (
              <button
                type="button"
                key={name}
                class="side-page"
                aria-current={page === name ? "page" : undefined}
                onClick={() => setPage(name)}
              >
                <Icon name={icon} size={20} />
                {say(label)}
              </button>
            ))}
          </div>
        </nav>
        <main id="content" class="page">
          {chosen ? (
            <Current key={`${page} ${chosen.program.token}`} page={page} program={chosen} />
          ) : (
            <Empty icon="key" title={say("console.none")} />
          )}
        </main>
      </div>
    </>
  );
}

function Current({ page, program }: { page: string; program: Own }) {
  const label = PAGES.find(([name]) => name === page)?.[1] ?? "console.overview";
  return (
    <>
      <h1>
        <bdi>{plain(program.program.name)}</bdi> · {say(label)}
      </h1>
      {page === "overview" && <Overview own={program} />}
      {page === "award" && <AwardPage own={program} />}
      {page === "prices" && <PricesPage own={program} />}
      {page === "account" && <AccountPage own={program} />}
      {page === "members" && <MembersPage own={program} />}
      {page === "partners" && <Partners own={program} />}
    </>
  );
}

function SignIn() {
  const found = useStore(wallets);
  const [hasPasskey, setHasPasskey] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    void keptPasskey().then((account) => setHasPasskey(account !== null));
  }, []);
  const enter = async (how: () => Promise<void>) => {
    setBusy(true);
    setFault(null);
    try {
      await how();
    } catch (error) {
      if (!(error instanceof Cancelled)) setFault(faultOf(error));
      setBusy(false);
    }
  };
  return (
    <main id="content" class="waiting">
      <img src="/icon.svg" alt="" width="72" height="72" />
      <h1>{say("console.signIn")}</h1>
      <p class="soft lead-small">{say("console.signInText")}</p>
      {fault && <Notice look="bad">{fault}</Notice>}
      <div class="stack">
        {found.map((one) => (
          <Button
            key={one.info.uuid}
            icon="wallet"
            busy={isBusy}
            onClick={() => void enter(() => signInWithWallet(one))}
          >
            {say("welcome.connect", { name: plain(one.info.name, 24) })}
          </Button>
        ))}
        {hasPasskey && (
          <Button
            look="quiet"
            icon="key"
            busy={isBusy}
            onClick={() => void enter(signInWithPasskey)}
          >
            {say("console.withPasskey")}
          </Button>
        )}
      </div>
      {found.length === 0 && !hasPasskey && <Notice look="warn">{say("console.noWallet")}</Notice>}
    </main>
  );
}

const root = document.getElementById("app");
if (root) {
  dress();
  listen();
  render(<Console />, root);
  void resume();
}
