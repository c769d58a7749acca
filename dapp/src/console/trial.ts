// Wallets for whoever tries a demo: the issuers' accounts, for which the demo's own node signs.
// Their keys are public, so they stand for nothing anywhere else.

import { numberToHex, type Address } from "viem";

import { posted } from "../app/http";
import { clientOf, type Network } from "../chain/network";
import { loadPrograms } from "../chain/programs";
import { plain } from "../app/text";
import { offer, type Wallet } from "../signing/injected";
import { say } from "../words";

export async function offerTrials(network: Network): Promise<void> {
  const programs = await loadPrograms(clientOf(network)).catch(() => []);
  const issuers = new Map(programs.map(({ issuer, name }) => [issuer, name] as const).reverse());
  for (const [issuer, name] of issuers) offer(trial(network, issuer, plain(name, 24)));
}

function trial(network: Network, issuer: Address, program: string): Wallet {
  const request = async ({ method, params = [] }: { method: string; params?: unknown }) => {
    if (method === "eth_accounts" || method === "eth_requestAccounts") return [issuer];
    if (method === "eth_chainId") return numberToHex(network.chainId);
    const { result, error } = await posted("/rpc", { jsonrpc: "2.0", id: 1, method, params });
    if (error) throw Object.assign(new Error(String(error.message)), error);
    return result;
  };
  const rdns = `trial.${issuer}`;
  const info = { uuid: rdns, rdns, name: say("console.trialOf", { program }), icon: "" };
  return { info, provider: { request } };
}
