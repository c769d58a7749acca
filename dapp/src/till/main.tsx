// The till page: ask for points, take the answer, settle. The till's own program on this device does
// the rest, so that all of it works without a connection.

import { render } from "preact";
import { useEffect, useState } from "preact/hooks";

import { dress } from "../app/dressing";
import { useStore } from "../app/store";
import { short } from "../app/text";
import { Empty, Notice } from "../design/parts";
import { say, words } from "../words";
import { Keypad } from "./keypad";
import { SaleView } from "./sale";
import { Sales } from "./sales";
import { isAway, standing, start, token } from "./service";

function Till() {
  useStore(words);
  const hasToken = useStore(token) !== null;
  const away = useStore(isAway);
  const [serial, setSerial] = useState<number | null>(null);
  // Another view begins at its top, for eyes and for screen readers.
  useEffect(() => {
    document.querySelector<HTMLElement>("#content h1")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [serial]);
  if (!hasToken) return <Closed />;
  return (
    <>
      <Top />
      <div class="till">
        <div class="till-main">
          {away && <Notice look="bad">{say("till.away")}</Notice>}
          {serial === null ? (
            <Keypad onAsked={setSerial} />
          ) : (
            <SaleView key={serial} serial={serial} onNext={() => setSerial(null)} />
          )}
        </div>
        <Sales onOpen={setSerial} />
      </div>
    </>
  );
}

function Top() {
  const now = useStore(standing);
  return (
    <header class="top">
      <span class="brand">
        <img src="/icon.svg" alt="" width="30" height="30" />
        <span>{say("till.title")}</span>
      </span>
      {now && (
        <span class={`pill ${now.online ? "good" : "warn"}`} role="status">
          {say(now.online ? "till.online" : "till.offline")}
        </span>
      )}
      {now && <span class="who mono small wide-only">{short(now.till)}</span>}
    </header>
  );
}

function Closed() {
  return (
    <main id="content" class="waiting">
      <h1 class="unseen">{say("till.title")}</h1>
      <Empty icon="shop" title={say("till.closed")}>
        <p>{say("till.closedText")}</p>
      </Empty>
    </main>
  );
}

const root = document.getElementById("app");
if (root) {
  dress({ hasPasskeys: false });
  render(<Till />, root);
  start();
}
