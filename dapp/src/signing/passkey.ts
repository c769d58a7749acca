// A member who is no more than a passkey: made on the device, and used there. The address is a hash
// of the public key; see contracts/PasskeyVerifier.sol.

import {
  bytesToHex, concat, encodeAbiParameters, getAddress, hexToBytes, keccak256, toBytes,
  type Address, type Hex,
} from "viem";

import type { Account } from "../app/device";

export type Passkey = Extract<Account, { kind: "passkey" }>;

export class Cancelled extends Error {}

const DOMAIN = keccak256(toBytes("Zegel passkey member"));
const ES256 = -7;
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const KEY_LENGTH = 64;

const ASSERTION = [
  {
    type: "tuple",
    components: [
      { name: "r", type: "bytes32" },
      { name: "s", type: "bytes32" },
      { name: "challengeIndex", type: "uint256" },
      { name: "typeIndex", type: "uint256" },
      { name: "authenticatorData", type: "bytes" },
      { name: "clientDataJSON", type: "string" },
    ],
  },
] as const;

export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential === "function" && isSecureContext;
}

export function addressOf(x: Hex, y: Hex): Address {
  return getAddress(`0x${keccak256(concat([DOMAIN, x, y])).slice(-40)}`);
}

// Makes a new passkey; `label` is what the device calls it in its lists.
export async function makePasskey(label: string): Promise<Passkey> {
  const credential = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: "Zegel" },
        user: { id: random(32), name: label, displayName: label },
        challenge: random(32),
        pubKeyCredParams: [{ type: "public-key", alg: ES256 }],
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        attestation: "none",
      },
    }),
  );
  const response = credential.response as AuthenticatorAttestationResponse;
  const spki = response.getPublicKey();
  if (spki === null || response.getPublicKeyAlgorithm() !== ES256) {
    throw new Error("this passkey is none of P-256");
  }
  const key = new Uint8Array(spki).slice(-KEY_LENGTH);
  return passkeyOf(bytesToHex(new Uint8Array(credential.rawId)), key);
}

export function passkeyOf(id: Hex, key: Uint8Array): Passkey {
  const [x, y] = [bytesToHex(key.slice(0, 32)), bytesToHex(key.slice(32))];
  return { kind: "passkey", address: addressOf(x, y), id, x, y };
}

// What a device answers when it is asked to sign.
export type Assertion = {
  id: Hex;
  r: bigint;
  s: bigint;
  authenticatorData: Uint8Array;
  clientData: Uint8Array;
};

// Has the device sign a digest, with one passkey or with any that the person chooses.
export async function assertion(digest: Hex, id?: Hex): Promise<Assertion> {
  const credential = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: bytesOf(digest),
        userVerification: "required",
        ...(id ? { allowCredentials: [{ type: "public-key", id: bytesOf(id) }] } : {}),
      },
    }),
  );
  const response = credential.response as AuthenticatorAssertionResponse;
  const { r, s } = unpacked(new Uint8Array(response.signature));
  return {
    id: bytesToHex(new Uint8Array(credential.rawId)),
    r,
    s: s > ORDER / 2n ? ORDER - s : s,
    authenticatorData: new Uint8Array(response.authenticatorData),
    clientData: new Uint8Array(response.clientDataJSON),
  };
}

// The signature of a digest, as members hand it in.
export async function signWithPasskey(passkey: Passkey, digest: Hex): Promise<Hex> {
  return signatureOf(passkey, await assertion(digest, passkey.id));
}

export function signatureOf({ x, y }: Pick<Passkey, "x" | "y">, given: Assertion): Hex {
  const clientDataJSON = new TextDecoder().decode(given.clientData);
  const encoded = encodeAbiParameters(ASSERTION, [
    {
      r: word(given.r),
      s: word(given.s),
      challengeIndex: BigInt(clientDataJSON.indexOf('"challenge"')),
      typeIndex: BigInt(clientDataJSON.indexOf('"type"')),
      authenticatorData: bytesToHex(given.authenticatorData),
      clientDataJSON,
    },
  ]);
  return concat([x, y, encoded]);
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotAllowedError") throw new Cancelled();
    throw error;
  }
  if (!(credential instanceof PublicKeyCredential)) throw new Cancelled();
  return credential;
}

// The two numbers of a signature in DER.
function unpacked(der: Uint8Array): { r: bigint; s: bigint } {
  const first = der[1] === 0x81 ? 3 : 2;
  const [r, next] = integer(der, first);
  const [s] = integer(der, next);
  return { r, s };
}

function integer(der: Uint8Array, at: number): [value: bigint, next: number] {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  if (der[at] !== 0x02 || length === 0 || end > der.length) throw new Error("no DER signature");
  return [BigInt(bytesToHex(der.slice(at + 2, end))), end];
}

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

function bytesOf(hex: Hex): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hexToBytes(hex));
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}
