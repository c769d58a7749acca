"""Checks an evidence pack against a node: no database, no trust in whoever wrote it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import orjson
from eth_account import Account
from eth_hash.auto import keccak
from web3 import Web3

from zegel.chain import artifacts
from zegel.chain.connection import Connection
from zegel.chain.decoders import Log
from zegel.errors import ChainError, ConfigError, FileError
from zegel.evidence.content import (
    FORMAT,
    Block,
    Deployed,
    code_hash,
    figures_of,
    line_of,
    logs_of,
    missing,
    read_block,
)
from zegel.evidence.pack import EVENTS, FIGURES, MANIFEST, MEMBERS, SIGNATURE, signable
from zegel.evidence.root import Root


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is as the pack says, and what is there instead."""

    subject: str
    ok: bool
    reason: str = ""


def verify_pack(path: Path, connection: Connection, signer: str | None = None) -> list[Finding]:
    """Everything that a pack says, asked again. `signer` is whose signature it must bear."""
    try:
        with ZipFile(path) as pack:
            return list(_Check(pack, connection, signer).run())
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror}): check the name") from None
    except BadZipFile as error:
        raise FileError(path, f"is no whole zip ({error}): ask for it again") from None


def failed(findings: Sequence[Finding]) -> list[Finding]:
    """Those that are not as the pack says."""
    return [finding for finding in findings if not finding.ok]


class _Check:
    def __init__(self, pack: ZipFile, connection: Connection, signer: str | None) -> None:
        self._pack, self._connection, self._signer = pack, connection, signer

    def run(self) -> Iterator[Finding]:
        names = self._pack.namelist()
        yield _same("members of the zip", sorted(MEMBERS), sorted(names))
        if not set(MEMBERS) <= set(names):
            return
        raw = self._pack.read(MANIFEST)
        try:
            manifest = orjson.loads(raw)
            block = Block(**manifest["block"])
            contracts = [Deployed(**contract) for contract in manifest["contracts"]]
            first, told = int(manifest["first_block"]), manifest["events"]
            yield _same(f"{MANIFEST}: format", FORMAT, manifest["format"])
            yield self._signature(manifest, raw)
        except (ValueError, KeyError, TypeError) as error:
            yield Finding(MANIFEST, False, f"cannot be read: {error!r}")
            return
        yield _same("chain id", manifest["chain_id"], self._connection.chain_id)
        yield _same("genesis", manifest["genesis"], self._connection.genesis)
        here = read_block(self._connection, block.number)
        yield _same(f"block {block.number}", block, here)
        if here != block:
            return
        for contract in contracts:
            yield from self._code(contract)
        left_out = missing(self._connection, contracts, first, block.number)
        yield _same("contracts left out", [], left_out)
        logs = logs_of(self._connection, contracts, first, block.number)
        yield from self._events(logs, told)
        yield from self._figures(contracts, first, block, manifest["figures"])

    def _signature(self, manifest: Mapping[str, Any], raw: bytes) -> Finding:
        try:
            told = orjson.loads(self._pack.read(SIGNATURE))
            signature = Web3.to_bytes(hexstr=told["signature"])
            who = Account.recover_message(signable(manifest, raw), signature=signature)
        except Exception as error:  # eth-keys and others have errors of their own
            return Finding(SIGNATURE, False, f"is none: {error}")
        claimed = str(told["signer"])
        if who.lower() != claimed.lower():
            return Finding(SIGNATURE, False, f"{who} signed this, not {claimed}")
        if self._signer is not None and who.lower() != self._signer.lower():
            return Finding(SIGNATURE, False, f"{who} signed, not {self._signer}")
        return Finding(SIGNATURE, True, f"signed by {who}")

    def _code(self, contract: Deployed) -> Iterator[Finding]:
        name = f"code of {contract.kind} at {contract.address}"
        yield _same(name, contract.code_hash, code_hash(self._connection, contract.address))
        ours = False
        with suppress(ConfigError):
            code = self._connection.code(Web3.to_checksum_address(contract.address))
            ours = artifacts.load(contract.kind).matches(code)
        yield Finding(f"{name} is ours", ours, "" if ours else "another program stands there")

    def _events(self, logs: Iterable[Log], told: Mapping[str, Any]) -> Iterator[Finding]:
        root, wrong = Root(), ""
        with self._pack.open(EVENTS) as lines:
            written = (line.removesuffix(b"\n") for line in lines)
            for number, (line, log) in enumerate(zip_longest(written, logs), 1):
                if line is not None:
                    root.add(line)
                here = line_of(log) if log is not None else None
                if line != here and not wrong:
                    wrong = f"line {number}: the chain has {_text(here)}, the pack {_text(line)}"
        yield Finding(f"{EVENTS}: every event of the chain", not wrong, wrong)
        yield _same(f"{MANIFEST}: number of events", told["count"], root.count)
        yield _same(f"{MANIFEST}: root of the events", told["root"], "0x" + root.value.hex())

    def _figures(
        self, contracts: Sequence[Deployed], first: int, block: Block, told: str
    ) -> Iterator[Finding]:
        written = self._pack.read(FIGURES)
        yield _same(f"{MANIFEST}: hash of the figures", told, "0x" + keccak(written).hex())
        try:
            here = figures_of(self._connection, contracts, first, block)
        except (ChainError, StopIteration) as error:
            yield Finding(FIGURES, False, f"cannot be found again: {error}")
            return
        yield Finding(FIGURES, here == written, "" if here == written else _first(here, written))
        for each in orjson.loads(here)["programs"]:
            name = f"closing total of {each['symbol']} = totalSupply"
            yield _same(name, each["closing"], each["total_supply"])


def _same(subject: str, told: object, here: object) -> Finding:
    reason = "" if told == here else f"the pack says {told}, and it is {here}"
    return Finding(subject, told == here, reason)


def _first(here: bytes, written: bytes) -> str:
    """The first line in which two texts differ."""
    pairs = zip_longest(here.split(b"\n"), written.split(b"\n"))
    number, (ours, theirs) = next((n, p) for n, p in enumerate(pairs, 1) if p[0] != p[1])
    return f"line {number}: it is {_text(ours)}, and the pack says {_text(theirs)}"


def _text(line: bytes | None) -> str:
    return "nothing" if line is None else line.decode(errors="replace").strip()[:200]
