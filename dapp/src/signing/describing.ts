// A message in words: what the page shows before somebody signs. It reads the very object that is
// hashed, and nothing else; names only stand beside what they stand for.

import { zeroAddress, type Address } from "viem";

import type { Network } from "../chain/network";
import type { Program } from "../chain/programs";
import type { Language } from "../app/settings";
import { amount, moment, plain } from "../app/text";
import type { Bare } from "../words";
import type { Purchase } from "./buying";
import type { Message } from "./messages";

export type Line = {
  label: Bare;
  value: string;
  look: "amount" | "address" | "text";
  beside?: string;
  main?: boolean;
};

export type Description = { title: Bare; lines: Line[]; fields: [name: string, value: string][] };

// What names are known for addresses, and how amounts are written.
export type Around = {
  network: Network;
  programs: readonly Program[];
  merchants: ReadonlyMap<Address, string>;
  language: Language;
};

export function describe(message: Message, around: Around): Description {
  const fields = Object.entries(message.values).map(
    ([name, value]): [string, string] => [name, String(value)],
  );
  return { title: TITLES[message.kind], lines: linesOf(message, around), fields };
}

// The same for a purchase, which a wallet sends as a transaction of its own.
export function describePurchase(purchase: Purchase, around: Around): Description {
  const { from, to, amount: given, minOut, recipient, deadline, payer } = purchase;
  return {
    title: "sign.buy",
    lines: [
      points("field.youPay", from, given, around, true),
      points("field.youGetAtLeast", to, minOut, around, true),
      place("field.recipient", recipient, around),
      ...(payer === recipient ? [] : [place("field.payer", payer, around)]),
      until(deadline, around),
    ],
    fields: Object.entries(purchase).map(([name, value]) => [name, String(value)]),
  };
}

const TITLES: Record<Message["kind"], Bare> = {
  TransferWithAuthorization: "sign.send",
  RedeemWithAuthorization: "sign.redeem",
  ConvertWithAuthorization: "sign.convert",
  HoldWithAuthorization: "sign.hold",
  ReleaseWithAuthorization: "sign.release",
  Voucher: "sign.pay",
  CharterSignature: "sign.charter",
};

function linesOf(message: Message, around: Around): Line[] {
  const token = message.domain.contract;
  switch (message.kind) {
    case "TransferWithAuthorization": {
      const { from, to, value, validBefore } = message.values;
      return [
        points("field.youSend", token, value, around, true),
        place("field.to", to, around),
        place("field.from", from, around),
        until(validBefore, around),
      ];
    }
    case "RedeemWithAuthorization": {
      const { member, amount: given, ref, validBefore } = message.values;
      return [
        points("field.youRedeem", token, given, around, true),
        { label: "field.reference", value: referenceText(ref), look: "text" },
        place("field.from", member, around),
        until(validBefore, around),
      ];
    }
    case "ConvertWithAuthorization": {
      const { from, to, amount: given, minOut, recipient, member, validBefore } = message.values;
      return [
        points("field.youGive", from, given, around, true),
        points("field.youGetAtLeast", to, minOut, around, true),
        place("field.recipient", recipient, around),
        ...(member === recipient ? [] : [place("field.from", member, around)]),
        until(validBefore, around),
      ];
    }
    case "HoldWithAuthorization": {
      const { member, merchant, amount: given, validBefore } = message.values;
      return [
        points("field.youSetAside", token, given, around, true),
        shop(merchant, around),
        place("field.from", member, around),
        until(validBefore, around),
      ];
    }
    case "ReleaseWithAuthorization": {
      const { member, merchant, validBefore } = message.values;
      return [
        shop(merchant, around),
        place("field.member", member, around),
        until(validBefore, around),
      ];
    }
    case "Voucher": {
      const { token: spent, merchant, till, serial, amount: given, shared } = message.values;
      return [
        points("field.youPay", spent, given, around, true),
        shop(merchant, around),
        { label: "field.purse", value: shared ? "shared" : "own", look: "text" },
        { label: "field.sale", value: String(serial), look: "text" },
        place("field.till", till, around),
        place("field.member", message.values.member, around),
        until(message.values.validBefore, around),
      ];
    }
    case "CharterSignature": {
      const { party, charterId, documentHash } = message.values;
      return [
        { label: "field.charter", value: charterId, look: "address", main: true },
        { label: "field.document", value: documentHash, look: "address" },
        place("field.member", party, around),
      ];
    }
  }
}

// Points by symbol; of a token that nobody knows, base units and its address.
function points(
  label: Bare, token: Address, base: bigint, around: Around, main = false,
): Line {
  const { network, programs, language } = around;
  const program = programs.find((one) => one.token === token);
  if (program) {
    const value = `${amount(base, program.decimals, language)} ${plain(program.symbol, 16)}`;
    return { label, value, look: "amount", beside: plain(program.name), main };
  }
  if (token === network.contracts.settlementToken) {
    const { symbol, decimals } = network.settlement;
    const value = `${amount(base, decimals, language, "cents")} ${plain(symbol, 16)}`;
    return { label, value, look: "amount", main };
  }
  return { label, value: String(base), look: "amount", beside: token, main };
}

function place(label: Bare, address: Address, { merchants }: Around): Line {
  const name = merchants.get(address);
  return { label, value: address, look: "address", ...(name ? { beside: plain(name) } : {}) };
}

function shop(merchant: Address, around: Around): Line {
  if (merchant === zeroAddress) return { label: "field.shop", value: "any", look: "text" };
  return place("field.shop", merchant, around);
}

function until(second: bigint, { language }: Around): Line {
  return { label: "field.until", value: when(second, language), look: "text" };
}

function when(second: bigint, language: Language): string {
  return second < 253_402_300_800n ? moment(Number(second), language) : String(second);
}

// An order's number as text where it is text, and as it is where it is not.
export function referenceText(ref: string): string {
  const bytes = (ref.slice(2).match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  const used = [...bytes];
  while (used.at(-1) === 0) used.pop();
  const isText = used.length > 0 && used.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? String.fromCharCode(...used) : ref;
}
