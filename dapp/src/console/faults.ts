// What went wrong at the console, in words.

import { Refused, Unreachable } from "../app/http";
import { plain } from "../app/text";
import { WrongAccount, WrongChain } from "../signing/injected";
import { Cancelled } from "../signing/passkey";
import { say } from "../words";
import { NeedsWallet, Reverted, theNetwork } from "./session";

export function faultOf(error: unknown): string {
  if (error instanceof Cancelled) return say("sign.cancelled");
  if (error instanceof Refused) return plain(error.message, 400);
  if (error instanceof Unreachable) return say("sign.offline");
  if (error instanceof Reverted) return say("console.reverted");
  if (error instanceof NeedsWallet) return say("console.needsWallet");
  if (error instanceof WrongAccount) {
    return say("sign.wrongAccount", { name: "", address: error.message });
  }
  if (error instanceof WrongChain) {
    return say("sign.wrongChain", { name: "", network: plain(theNetwork().name, 32) });
  }
  return say("app.fault", {
    fault: plain(error instanceof Error ? error.message : String(error), 200),
  });
}
