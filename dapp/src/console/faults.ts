// What went wrong at the console, in words.

import { Refused, Unreachable } from "../app/http";
import { plain } from "../app/text";
import { WrongAccount, WrongChain } from "../signing/injected";
import { Cancelled } from "../signing/passkey";
import { Reverted, StillWaiting } from "../signing/transacting";
import { say } from "../words";
import { refusalOf } from "./refusals";
import { NeedsWallet } from "./sending";
import { theNetwork } from "./session";

// A file's faults come a line each, with the name under which the server keeps the file.
export function faultsOf(error: unknown): string[] {
  if (!(error instanceof Refused)) return [faultOf(error)];
  return error.message.split("\n").map((one) => plain(one.replace(/^[0-9a-f]{16}-/, ""), 400));
}

export function faultOf(error: unknown): string {
  if (error instanceof Cancelled) return say("sign.cancelled");
  if (error instanceof Refused) return plain(error.message, 400);
  if (error instanceof Unreachable) return say("sign.offline");
  if (error instanceof Reverted) {
    return error.data ? refusalOf(error.data) : say("console.reverted");
  }
  if (error instanceof StillWaiting) return say("console.waiting");
  // The node is away.
  if (error instanceof Error && /^(HttpRequest|Timeout)Error$/.test(error.name)) {
    return say("app.unreachable");
  }
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
