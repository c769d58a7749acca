// An award by the issuer's own wallet: a batch of one, so that the chain awards it once.

import { encodeAbiParameters, keccak256, type Address, type Hex } from "viem";

import { TOKEN_ISSUER } from "@issuing";
import type { Call } from "../signing/transacting";

export type Row = { member: Address; amount: bigint; reference: Hex; reason: Hex };

const LEAF = [
  { type: "address" }, { type: "uint256" }, { type: "bytes32" }, { type: "bytes32" },
] as const;

// The root of a Merkle tree with one leaf is that leaf (`IPointToken.isInBatch`).
export function awardOf(token: Address, { member, amount, reference, reason }: Row): Call {
  const leaf = encodeAbiParameters(LEAF, [member, amount, reference, reason]);
  const word = (BigInt(member) << 96n) | amount;
  return {
    address: token,
    abi: TOKEN_ISSUER,
    functionName: "awardBatch",
    args: [keccak256(keccak256(leaf)), [word]],
  };
}
