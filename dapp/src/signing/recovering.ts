// Finds a passkey's public key again, on a device that has the passkey and has forgotten the rest.
// A signature fits two keys; two signatures have one in common.

import { p256 } from "@noble/curves/p256";
import { bytesToHex, sha256, type Hex } from "viem";

import { assertion, passkeyOf, type Assertion, type Passkey } from "./passkey";

export async function findPasskey(): Promise<Passkey> {
  const first = await assertion(challenge());
  const second = await assertion(challenge(), first.id);
  const keys = await Promise.all([first, second].map(candidates));
  const common = (keys[0] ?? []).find((key) => keys[1]?.includes(key));
  if (common === undefined) throw new Error("the two signatures are of different keys");
  return passkeyOf(first.id, p256.ProjectivePoint.fromHex(common).toRawBytes(false).slice(1));
}

// The public keys that may have made a signature, compressed.
async function candidates(given: Assertion): Promise<string[]> {
  const digest = await signed(given);
  return [0, 1].flatMap((bit) => {
    try {
      const signature = new p256.Signature(given.r, given.s).addRecoveryBit(bit);
      return [signature.recoverPublicKey(digest).toHex(true)];
    } catch {
      return [];
    }
  });
}

async function signed({ authenticatorData, clientData }: Assertion): Promise<Uint8Array> {
  const client = sha256(clientData, "bytes");
  const whole = new Uint8Array([...authenticatorData, ...client]);
  return sha256(whole, "bytes");
}

function challenge(): Hex {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
}
