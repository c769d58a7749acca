"""Writes an evidence pack: a zip with all events of the contracts, and a signature over it.

- `manifest.json` names the chain, the block, the contracts with the hashes of their code, and the
  hashes of the other two;
- `events.jsonl` has every event, a line each;
- `figures.json` has what follows from them;
- `signature.json` says who stands for it (EIP-712).

`verify_pack` in `zegel.evidence.checking` finds all of it again on any node.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, Protocol
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson
from eth_account.datastructures import SignedMessage
from eth_account.messages import SignableMessage, encode_typed_data
from eth_hash.auto import keccak
from web3 import Web3

from zegel.deploy.suite import Suite
from zegel.errors import ChainError
from zegel.evidence.content import (
    FORMAT,
    contracts_of,
    figures_of,
    line_of,
    logs_of,
    read_block,
)
from zegel.evidence.root import Root
from zegel.files import replacing

MANIFEST, EVENTS, FIGURES, SIGNATURE = (
    "manifest.json",
    "events.jsonl",
    "figures.json",
    "signature.json",
)
MEMBERS = (MANIFEST, EVENTS, FIGURES, SIGNATURE)

# The same content makes the same file, whenever it is written.
_DATE = (1980, 1, 1, 0, 0, 0)
_IN_MEMORY = 16 * 2**20

_TYPES = {
    "EIP712Domain": [
        {"name": "name", "type": "string"},
        {"name": "version", "type": "string"},
        {"name": "chainId", "type": "uint256"},
    ],
    "Evidence": [
        {"name": "blockNumber", "type": "uint256"},
        {"name": "blockHash", "type": "bytes32"},
        {"name": "eventsRoot", "type": "bytes32"},
        {"name": "manifestHash", "type": "bytes32"},
    ],
}


class Signer(Protocol):
    """Who stands for a pack: an account of eth-account, or anything like it."""

    @property
    def address(self) -> Any: ...

    def sign_message(self, signable_message: SignableMessage) -> SignedMessage: ...


def write_pack(path: Path, suite: Suite, block: int, signer: Signer) -> None:
    """Writes the pack of a network as of a block."""
    connection = suite.connection
    at = read_block(connection, block)
    if not at.hash:
        raise ChainError(f"the node has no block {block}: name one that it has")
    contracts = contracts_of(suite, block)
    root = Root()
    with SpooledTemporaryFile(_IN_MEMORY) as lines:
        for log in logs_of(connection, contracts, suite.first_block, block):
            line = line_of(log)
            root.add(line)
            lines.write(line + b"\n")
        figures = figures_of(connection, contracts, suite.first_block, at)
        manifest = _json(
            {
                "format": FORMAT,
                "chain_id": connection.chain_id,
                "genesis": connection.genesis,
                "first_block": suite.first_block,
                "block": asdict(at),
                "contracts": [asdict(contract) for contract in contracts],
                "events": {"count": root.count, "root": "0x" + root.value.hex()},
                "figures": "0x" + keccak(figures).hex(),
            }
        )
        signed = signer.sign_message(signable(orjson.loads(manifest), manifest))
        signature = {"signer": str(signer.address), "signature": "0x" + signed.signature.hex()}
        lines.seek(0)
        content = manifest, lines, figures, _json(signature)
        with replacing(path) as stream:
            _write(stream, *content)


def signable(content: Mapping[str, Any], manifest: bytes) -> SignableMessage:
    """The message that is signed; `content` is what the manifest says."""
    return encode_typed_data(
        full_message={
            "types": _TYPES,
            "primaryType": "Evidence",
            "domain": {"name": "Zegel Evidence", "version": "1", "chainId": content["chain_id"]},
            "message": {
                "blockNumber": content["block"]["number"],
                "blockHash": Web3.to_bytes(hexstr=content["block"]["hash"]),
                "eventsRoot": Web3.to_bytes(hexstr=content["events"]["root"]),
                "manifestHash": keccak(manifest),
            },
        }
    )


def _write(
    stream: BinaryIO, manifest: bytes, lines: IO[bytes], figures: bytes, signed: bytes
) -> None:
    with ZipFile(stream, "w", ZIP_DEFLATED) as pack:
        pack.writestr(_member(MANIFEST), manifest)
        with pack.open(_member(EVENTS), "w", force_zip64=True) as member:
            while part := lines.read(2**20):
                member.write(part)
        pack.writestr(_member(FIGURES), figures)
        pack.writestr(_member(SIGNATURE), signed)


def _member(name: str) -> ZipInfo:
    info = ZipInfo(name, _DATE)
    info.compress_type = ZIP_DEFLATED
    return info


def _json(content: Mapping[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"
