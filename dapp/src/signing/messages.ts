// The messages (EIP-712) that people sign, and our contracts act on. The same as
// src/zegel/chain/messages.py has them; a test compares the two.

import { hashTypedData, type Address, type Hex } from "viem";

import type { Network } from "../chain/network";
import type { Program } from "../chain/programs";

type Fields = readonly (readonly [name: string, type: string])[];

const TIMES = [
  ["validAfter", "uint256"],
  ["validBefore", "uint256"],
  ["nonce", "bytes32"],
] as const;

// The fields of every message, in the order in which they are hashed.
export const TYPES = {
  TransferWithAuthorization: [
    ["from", "address"], ["to", "address"], ["value", "uint256"], ...TIMES,
  ],
  RedeemWithAuthorization: [
    ["member", "address"], ["amount", "uint256"], ["ref", "bytes32"], ...TIMES,
  ],
  ConvertWithAuthorization: [
    ["exchange", "address"], ["member", "address"], ["from", "address"], ["to", "address"],
    ["amount", "uint256"], ["minOut", "uint256"], ["recipient", "address"], ...TIMES,
  ],
  HoldWithAuthorization: [
    ["desk", "address"], ["member", "address"], ["merchant", "address"], ["amount", "uint256"],
    ...TIMES,
  ],
  ReleaseWithAuthorization: [
    ["desk", "address"], ["member", "address"], ["merchant", "address"], ...TIMES,
  ],
  Voucher: [
    ["token", "address"], ["member", "address"], ["merchant", "address"], ["till", "address"],
    ["serial", "uint256"], ["amount", "uint256"], ["shared", "bool"], ["validBefore", "uint256"],
  ],
  CharterSignature: [["party", "address"], ["charterId", "bytes32"], ["documentHash", "bytes32"]],
} as const satisfies Record<string, Fields>;

export type Kind = keyof typeof TYPES;

type ValueOf<T extends string> = T extends "address" | "bytes32"
  ? Hex
  : T extends "uint256"
    ? bigint
    : boolean;

export type Values<K extends Kind> = {
  [F in (typeof TYPES)[K][number] as F[0]]: ValueOf<F[1]>;
};

export type Domain = { name: string; chainId: number; contract: Address };

// A message of one of `TYPES`: what is shown, hashed and sent all comes from this one object.
export type Message = {
  [K in Kind]: { kind: K; domain: Domain; values: Values<K> };
}[Kind];

const VERSION = "1";

const DOMAIN_FIELDS = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];

export function digestOf(message: Message): Hex {
  return hashTypedData({
    domain: domainOf(message.domain),
    types: { [message.kind]: fieldsOf(message.kind) },
    primaryType: message.kind,
    message: message.values as Record<string, unknown>,
  });
}

// The message as wallets and the relay take it; whole numbers are decimal text.
export function typedData(message: Message): Record<string, unknown> {
  const written = Object.entries(message.values).map(([name, value]) => [
    name,
    typeof value === "bigint" ? value.toString() : value,
  ]);
  return {
    types: { EIP712Domain: DOMAIN_FIELDS, [message.kind]: fieldsOf(message.kind) },
    primaryType: message.kind,
    domain: domainOf(message.domain),
    message: Object.fromEntries(written),
  };
}

function domainOf({ name, chainId, contract }: Domain) {
  return { name, version: VERSION, chainId, verifyingContract: contract };
}

function fieldsOf(kind: Kind): { name: string; type: string }[] {
  return TYPES[kind].map(([name, type]) => ({ name, type }));
}

/* WHAT MEMBERS ASK FOR */

// From when to when a message is good, and the number that lets it be used once.
export type Span = { validAfter: bigint; validBefore: bigint; nonce: Hex };

export function sending(
  network: Network, program: Program, from: Address, to: Address, value: bigint, span: Span,
): Message {
  return {
    kind: "TransferWithAuthorization",
    domain: tokenDomain(network, program),
    values: { from, to, value, ...span },
  };
}

export function redeeming(
  network: Network, program: Program, member: Address, amount: bigint, ref: Hex, span: Span,
): Message {
  return {
    kind: "RedeemWithAuthorization",
    domain: tokenDomain(network, program),
    values: { member, amount, ref, ...span },
  };
}

export type Conversion = {
  from: Program;
  to: Address;
  amount: bigint;
  minOut: bigint;
  recipient: Address;
};

export function converting(
  network: Network, { from, ...order }: Conversion, member: Address, span: Span,
): Message {
  const { exchange } = network.contracts;
  return {
    kind: "ConvertWithAuthorization",
    domain: tokenDomain(network, from),
    values: { exchange, member, from: from.token, ...order, ...span },
  };
}

export function holding(
  network: Network, program: Program, member: Address, merchant: Address, amount: bigint,
  span: Span,
): Message {
  const { desk } = network.contracts;
  return {
    kind: "HoldWithAuthorization",
    domain: tokenDomain(network, program),
    values: { desk, member, merchant, amount, ...span },
  };
}

export function releasing(
  network: Network, program: Program, member: Address, merchant: Address, span: Span,
): Message {
  const { desk } = network.contracts;
  return {
    kind: "ReleaseWithAuthorization",
    domain: tokenDomain(network, program),
    values: { desk, member, merchant, ...span },
  };
}

export function agreeing(
  network: Network, party: Address, charterId: Hex, documentHash: Hex,
): Message {
  const contract = network.contracts.charter;
  return {
    kind: "CharterSignature",
    domain: { name: "Zegel Charter", chainId: network.chainId, contract },
    values: { party, charterId, documentHash },
  };
}

// Messages that spend points bear their token's domain.
function tokenDomain({ chainId }: Network, { name, token }: Program): Domain {
  return { name, chainId, contract: token };
}
