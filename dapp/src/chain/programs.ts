// The programs of the network: the API lists them, the chain says what their points are called.

import type { Address, Client } from "viem";
import { readContract } from "./reading";

import { TOKEN } from "@abi";
import { keep, kept } from "../app/device";
import { fetched } from "../app/http";
import { address, units, whole } from "../app/reading";

export type Program = {
  token: Address;
  symbol: string;
  name: string;
  decimals: number;
  issuer: Address;
  legalName: string | null;
  lei: string | null;
  domain: string | null;
  verified: boolean;
  validUntil: number | null;
  suspended: boolean;
  paused: boolean;
  transferable: boolean;
  bid: bigint;
  ask: bigint;
  image: string | null;
  description: string | null;
  termsHash: string | null;
};

// What never changes of a token, as the chain has it.
type Identity = { name: string; symbol: string; decimals: number };

const MOST_DECIMALS = 18;

export async function loadPrograms(client: Client): Promise<Program[]> {
  try {
    const given: unknown = await fetched("/v1/programs");
    if (!Array.isArray(given)) throw new Error("no list of programs");
    const listed = given.flatMap(programOrNone);
    const programs = await Promise.all(listed.map((program) => identified(client, program)));
    await keep("programs", programs);
    return programs;
  } catch (error) {
    const before = await kept<Program[]>("programs");
    if (before === undefined) throw error;
    return before;
  }
}

// One entry that cannot be read does not hide the others.
function programOrNone(given: any): Program[] {
  try {
    return [programOf(given)];
  } catch {
    return [];
  }
}

export function programOf(given: any): Program {
  const decimals = whole(given.decimals);
  if (decimals > MOST_DECIMALS) throw new Error(`${decimals} decimals`);
  return {
    token: address(given.token),
    symbol: String(given.symbol),
    name: String(given.name),
    decimals,
    issuer: address(given.issuer),
    legalName: textOrNone(given.legalName),
    lei: textOrNone(given.lei),
    domain: textOrNone(given.domain),
    verified: given.verified === true,
    validUntil: given.validUntil == null ? null : whole(given.validUntil),
    suspended: given.suspended === true,
    paused: given.paused === true,
    transferable: given.transferable !== false,
    bid: units(given.bid),
    ask: units(given.ask),
    image: pictureOrNone(given.image),
    description: textOrNone(given.description),
    termsHash: textOrNone(given.termsHash),
  };
}

// Names and decimals decide what is signed, so they come from the chain, once for each token.
async function identified(client: Client, program: Program): Promise<Program> {
  const key = `token ${client.chain?.id} ${program.token}`;
  const known = await kept<Identity>(key);
  if (known) return { ...program, ...known };
  const ask = (functionName: "name" | "symbol" | "decimals") =>
    readContract(client, { address: program.token, abi: TOKEN, functionName });
  const [name, symbol, decimals] = await Promise.all([ask("name"), ask("symbol"), ask("decimals")]);
  const identity = { name: String(name), symbol: String(symbol), decimals: Number(decimals) };
  await keep(key, identity);
  return { ...program, ...identity };
}

// Pictures of other sites are not asked for: they would learn who looks.
function pictureOrNone(value: unknown): string | null {
  if (typeof value !== "string") return null;
  if (/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/=]+$/.test(value)) return value;
  return /^\/(?!\/)/.test(value) ? value : null;
}

function textOrNone(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
