// The console: who is signed in, which program, which page.

import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import "../words/console";
import { dress } from "../app/dressing";
import { go, route } from "../app/router";
import { useStore } from "../app/store";
import { plain, short } from "../app/text";
import { Icon, type IconName } from "../design/icons";
import { Button, Choice, Empty, Notice, Stamp } from "../design/parts";
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
  keptPasskey, network, own, resume, signInWithPasskey, signInWithWallet, signOut, theNetwork,
  whoIsIn, type Own,
} from "./session";
import { SetupPage } from "./setup/page";

const PAGES: readonly (readonly [name: string, label: Bare, icon: IconName])[] = [
  ["overview", "console.overview", "chart"],
  ["award", "console.award", "redeem"],
  ["prices", "console.prices", "settings"],
  ["account", "console.account", "wallet"],
  ["members", "console.members", "key"],
  ["partners", "console.partners", "convert"],
];
const NEW = "new";

function Console() {
  useStore(words);
  const known = useStore(network);
  const programs = useStore(own);
  if (!known) return <p class="waiting soft">{say("app.loading")}</p>;
  if (programs === null) return <SignIn />;
  return <Inside programs={programs} />;
}

// What is shown stands in the address: a page that is loaded again is the same one.
function Inside({ programs }: { programs: readonly Own[] }) {
  const { page, parts } = useStore(route);
  const chosen = programs.find(({ program }) => program.token === parts[0]) ?? programs[0];
  const token = chosen?.program.token ?? "";
  const current = page === NEW || PAGES.some(([name]) => name === page) ? page : "overview";
  return (
    <>
      <Top />
      <div class="shell console">
        <nav class="side" aria-label={say("app.navigation")}>
          {programs.length > 0 && (
            <Choice
              label={say("console.program")}
              value={token}
              options={programs.map(
                ({ program }) => [program.token as string, plain(program.name)] as const,
              )}
              onChange={(next) => go(`${current === NEW ? "overview" : current}/${next}`)}
            />
          )}
          <div class="side-pages">
            {chosen &&
              PAGES.map(([name, label, icon]) => (
                <Door
                  key={name}
                  path={`${name}/${token}`}
                  label={label}
                  icon={icon}
                  isHere={current === name}
                />
              ))}
            <Door path={NEW} label="setup.new" icon="plus" isHere={current === NEW} />
          </div>
        </nav>
        <main id="content" class="page" key={`${current} ${token}`}>
          {current === NEW ? (
            <>
              <Heading title={say("setup.title")} />
              <SetupPage onOpen={(made) => go(`overview/${made}`)} />
            </>
          ) : chosen ? (
            <Current page={current} program={chosen} />
          ) : (
            <Nothing />
          )}
        </main>
      </div>
    </>
  );
}

function Top() {
  const who = whoIsIn();
  return (
    <header class="top">
      <a class="brand" href="#/">
        <img src="/icon.svg" alt="" width="30" height="30" />
        <span>{say("console.title")}</span>
      </a>
      {theNetwork().development && <span class="trial small">{say("app.demo")}</span>}
      {who && (
        <span class="who mono small" title={who.account}>
          {short(who.account)}
        </span>
      )}
      <span class="console-out">
        <Button look="plain" icon="out" onClick={() => void signOut()}>
          {say("console.signOut")}
        </Button>
      </span>
    </header>
  );
}

function Door({
  path, label, icon, isHere,
}: {
  path: string;
  label: Bare;
  icon: IconName;
  isHere: boolean;
}) {
  const place = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isHere) place.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [isHere]);
  return (
    <a ref={place} class="side-page" href={`#/${path}`} aria-current={isHere ? "page" : undefined}>
      <Icon name={icon} size={20} />
      {say(label)}
    </a>
  );
}

function Heading({ title, program }: { title: string; program?: Own }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${say("console.title")}`;
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [title]);
  return (
    <header class="page-head">
      {program && <Stamp program={program.program} size="s" />}
      <h1 ref={heading} tabIndex={-1}>
        {program && (
          <>
            <bdi>{plain(program.program.name)}</bdi> ·{" "}
          </>
        )}
        {title}
      </h1>
    </header>
  );
}

function Current({ page, program }: { page: string; program: Own }) {
  const label = PAGES.find(([name]) => name === page)?.[1] ?? "console.overview";
  return (
    <>
      <Heading title={say(label)} program={program} />
      {page === "overview" && <Overview own={program} />}
      {page === "award" && <AwardPage own={program} />}
      {page === "prices" && <PricesPage own={program} />}
      {page === "account" && <AccountPage own={program} />}
      {page === "members" && <MembersPage own={program} />}
      {page === "partners" && <Partners own={program} />}
    </>
  );
}

function Nothing() {
  return (
    <Empty icon="shop" title={say("console.none")}>
      <p>{say("setup.noneText")}</p>
      <Button icon="plus" onClick={() => go(NEW)}>
        {say("setup.title")}
      </Button>
    </Empty>
  );
}

function SignIn() {
  const found = useStore(wallets);
  const [hasPasskey, setHasPasskey] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    document.title = `${say("console.signIn")} · ${say("console.title")}`;
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
