// What a till asks for, and what a member's phone answers; see src/zegel/till/requests.py and
// vouchers.py, whose bytes these are.

import {
  bytesToBigInt, bytesToHex, concat, getAddress, hexToBytes, numberToBytes, type Address, type Hex,
} from "viem";

import type { Network } from "../chain/network";
import type { Message } from "../signing/messages";
import { compact, expand, Malformed } from "./compact";

export const REQUEST = "ZEGELPAY";
export const ANSWER = "ZEGELVOUCHER";

export type Request = {
  chainId: number;
  desk: Address;
  token: Address;
  merchant: Address;
  till: Address;
  serial: bigint;
  amount: bigint;
  shared: boolean;
  validBefore: number;
};

const LENGTH = 8 + 4 * 20 + 8 + 8 + 1 + 8;

export function requestOf(text: string): Request {
  const content = expand(REQUEST, text);
  if (content.length !== LENGTH) throw new Malformed("length");
  const read = reader(content);
  return {
    chainId: Number(read.number(8)),
    desk: read.address(),
    token: read.address(),
    merchant: read.address(),
    till: read.address(),
    serial: read.number(8),
    amount: read.number(8),
    shared: read.number(1) !== 0n,
    validBefore: Number(read.number(8)),
  };
}

export function requestText(request: Request): string {
  const { chainId, desk, token, merchant, till, serial, amount, shared, validBefore } = request;
  const parts = [
    numberToBytes(chainId, { size: 8 }),
    ...[desk, token, merchant, till].map((one) => hexToBytes(one)),
    numberToBytes(serial, { size: 8 }),
    numberToBytes(amount, { size: 8 }),
    numberToBytes(shared ? 1 : 0, { size: 1 }),
    numberToBytes(validBefore, { size: 8 }),
  ];
  return compact(REQUEST, concat(parts));
}

// The voucher that a member signs in answer to a request.
export function voucherOf(request: Request, member: Address): Message {
  const { chainId, desk, token, merchant, till, serial, amount, shared, validBefore } = request;
  return {
    kind: "Voucher",
    domain: { name: "Zegel Desk", chainId, contract: desk },
    values: {
      token, member, merchant, till, serial, amount, shared, validBefore: BigInt(validBefore),
    },
  };
}

export function answerText(serial: bigint, member: Address, signature: Hex): string {
  const parts = [numberToBytes(serial, { size: 8 }), hexToBytes(member), hexToBytes(signature)];
  return compact(ANSWER, concat(parts));
}

// Whether a request is for this network's desk: another one's would be signed in vain.
export function isOurs(request: Request, network: Network): boolean {
  return request.chainId === network.chainId && request.desk === network.contracts.desk;
}

function reader(content: Uint8Array) {
  let at = 0;
  const take = (length: number) => content.slice(at, (at += length));
  return {
    number: (length: number): bigint => bytesToBigInt(take(length)),
    address: (): Address => getAddress(bytesToHex(take(20))),
  };
}
