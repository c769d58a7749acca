// The account, the settings, and the doors for shops and issuers.

import { useState } from "preact/hooks";

import { go } from "../app/router";
import { change, LANGUAGES, settings, THEMES } from "../app/settings";
import { useStore } from "../app/store";
import { plain } from "../app/text";
import * as wallet from "../app/wallet";
import { clientOf } from "../chain/network";
import { chainIdOf } from "../chain/reading";
import { Icon, type IconName } from "../design/icons";
import { Button, Card, Copy, Field, Page, Segments } from "../design/parts";
import { say } from "../words";
import { canInstall, install } from "./installing";

const LANGUAGE_NAMES = { en: "English", nl: "Nederlands", fr: "Français" };

export function MorePage() {
  const account = useStore(wallet.account);
  const portfolio = useStore(wallet.portfolio);
  const network = wallet.theNetwork();
  const { language, theme } = useStore(settings);
  const isInstallable = useStore(canInstall);
  if (!account) return null;
  return (
    <Page title={say("more.title")}>
      <div class="columns flowing">
        <Card label={say("more.account")}>
          <h2>{say("more.account")}</h2>
          <p class="soft">
            {account.kind === "passkey"
              ? say("more.passkey")
              : say("more.wallet", { name: plain(account.name, 24) })}
          </p>
          <p class="mono small address">{account.address}</p>
          <Copy text={account.address} />
          <Door page="move" icon="key" title={say("more.move")} text={say("more.moveText")} />
          <Door page="charters" icon="document" title={say("more.charters")} />
        </Card>
        <Card label={say("app.language")}>
          <Segments
            label={say("app.language")}
            value={language}
            onChange={(chosen) => change({ language: chosen })}
            options={LANGUAGES.map((one) => [one, LANGUAGE_NAMES[one]] as const)}
          />
          <Segments
            label={say("more.theme")}
            value={theme}
            onChange={(chosen) => change({ theme: chosen })}
            options={THEMES.map((one) => [one, say(`more.theme.${one}`)] as const)}
          />
          {isInstallable && (
            <Button look="quiet" wide onClick={() => void install()}>
              {say("more.install")}
            </Button>
          )}
        </Card>
        <Card label={say("more.network")}>
          <h2>{say("more.network")}</h2>
          <p class="soft">
            {plain(network.name, 40)} ·{" "}
            {say("more.chain", { chain: network.chainId, block: portfolio?.block ?? "–" })}
          </p>
          <Node />
        </Card>
        <Card label={say("more.doors")}>
          <h2>{say("more.doors")}</h2>
          <p>
            <a href="/till">{say("more.till")}</a>
          </p>
          <p>
            <a href="/console">{say("more.console")}</a>
          </p>
          <Button look="danger" icon="out" wide onClick={() => void wallet.leave()}>
            {say("more.leave")}
          </Button>
          <p class="small soft">{say("more.leaveText")}</p>
        </Card>
      </div>
    </Page>
  );
}

function Door({
  page, icon, title, text,
}: { page: string; icon: IconName; title: string; text?: string }) {
  return (
    <button type="button" class="door" onClick={() => go(page)}>
      <Icon name={icon} />
      <span>
        {title}
        {text && <span class="small soft">{text}</span>}
      </span>
      <Icon name="next" size={18} />
    </button>
  );
}

// A node of the member's own: it must answer, and for the same chain.
function Node() {
  const { node } = useStore(settings);
  const [text, setText] = useState(node);
  const [fault, setFault] = useState<string | null>(null);
  const [state, setState] = useState<"" | "busy" | "saved">("");
  const save = async () => {
    setFault(null);
    const url = text.trim();
    if (url && !isNode(url)) return setFault(say("more.nodeFault"));
    setState("busy");
    if (url && !(await isOfChain(url))) {
      setState("");
      return setFault(say("more.nodeAway"));
    }
    change({ node: url });
    setState("saved");
    return undefined;
  };
  return (
    <>
      <Field
        mono
        label={say("more.node")}
        value={text}
        onInput={(value) => {
          setText(value);
          setState("");
        }}
        hint={say("more.nodeHint")}
        fault={fault}
        note={say("more.nodeText")}
      />
      <Button look="quiet" busy={state === "busy"} onClick={() => void save()}>
        {say(state === "saved" ? "more.saved" : "more.save")}
      </Button>
    </>
  );
}

function isNode(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    const isHome = hostname === "localhost" || hostname === "127.0.0.1";
    return protocol === "https:" || (protocol === "http:" && isHome);
  } catch {
    return false;
  }
}

async function isOfChain(url: string): Promise<boolean> {
  const network = wallet.theNetwork();
  const node = clientOf(network, url);
  return (await chainIdOf(node).catch(() => 0)) === network.chainId;
}
