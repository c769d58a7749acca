// Which network the pages talk to: what the API says of it, kept for when there is no connection.

import { createClient, getAddress, http, type Address, type Chain, type Client } from "viem";

import { keep, kept } from "../app/device";
import { fetched } from "../app/http";
import { whole } from "../app/reading";
import { settings } from "../app/settings";

export type Network = {
  chainId: number;
  name: string;
  rpc: string;
  development: boolean;
  // Whether the API gives points away, for whoever wants to try.
  demo: boolean;
  firstBlock: number;
  contracts: {
    registry: Address;
    exchange: Address;
    desk: Address;
    drop: Address;
    charter: Address;
    verifier: Address;
    settlementToken: Address;
  };
  settlement: { symbol: string; decimals: number };
  explorer: string | null;
};

const BATCH = 50;

export async function loadNetwork(): Promise<Network> {
  try {
    const network = networkOf(await fetched("/v1/network"));
    await keep("network", network);
    return network;
  } catch (error) {
    const before = await kept<Network>("network");
    if (before === undefined) throw error;
    return before;
  }
}

// The network as the API described it; throws if something is missing or odd.
export function networkOf(given: any): Network {
  const names = [
    "registry", "exchange", "desk", "drop", "charter", "verifier", "settlementToken",
  ] as const;
  const contracts = Object.fromEntries(
    names.map((name) => [name, getAddress(String(given.contracts[name]))]),
  ) as Network["contracts"];
  return {
    chainId: whole(given.chainId),
    name: String(given.name),
    rpc: String(given.rpc ?? "/rpc"),
    development: Boolean(given.development),
    demo: given.demo === true,
    firstBlock: whole(given.firstBlock ?? 0),
    contracts,
    settlement: {
      symbol: String(given.settlement.symbol),
      decimals: whole(given.settlement.decimals),
    },
    explorer: isSecure(given.explorer) ? String(given.explorer) : null,
  };
}

// The node that is read from: the member's own choice, or the network's.
export function nodeUrl(network: Network): string {
  return new URL(settings.value.node || network.rpc, location.href).href;
}

export function clientOf(network: Network, url = nodeUrl(network)): Client {
  const transport = http(url, {
    batch: { batchSize: BATCH, wait: 5 },
    retryCount: 1,
    timeout: 8_000,
  });
  return createClient({ chain: chainOf(network), transport, cacheTime: 0 });
}

export function chainOf(network: Network): Chain {
  return {
    id: network.chainId,
    name: network.name,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [nodeUrl(network)] } },
  };
}

// Where people can look at a transaction; none on networks without an explorer.
export function transactionUrl(network: Network, hash: string): string | null {
  return network.explorer === null ? null : `${network.explorer.replace(/\/$/, "")}/tx/${hash}`;
}

function isSecure(url: unknown): boolean {
  return typeof url === "string" && /^https?:\/\//.test(url);
}
