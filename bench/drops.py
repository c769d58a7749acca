"""Claims of awards by Merkle proof, ours and Uniswap's, from a tree of 1,024 rows."""

import json
from collections.abc import Callable
from itertools import count

from eth_utils.crypto import keccak
from web3.contract import Contract
from zegel_env import ROOT

from bench.artifacts import Compiled, compiled
from bench.chain import DAY, START, Sent
from bench.erc20 import Figures
from bench.people import accounts
from bench.setting import AMOUNT, AWARDER, ISSUER, REFERENCE, RELAYER, SUPPLY
from bench.suite import Suite
from bench.trial import NO_LIFE, Rival, Trial
from zegel.award.drops import Drop
from zegel.award.merkle import MerkleTree
from zegel.award.rows import Award
from zegel.chain.roles import DISTRIBUTOR

CROWD = accounts("member of the drop", 1_024)
# The rows whose claims are measured: the first of a word of claims, and two behind it, the latter
# of a member who has points already.
FIRST, NEW, HOLDER = range(3)

UNISWAP = ROOT / "node_modules" / "@uniswap" / "merkle-distributor" / "build"


def claims(suite: Suite, token: Contract) -> Figures:
    """The opening of a drop, after an earlier one of the same program, and claims of it."""
    send = suite.chain.send
    contract = suite.drop
    send(ISSUER, token.functions.grantRole(DISTRIBUTOR, contract.address))
    earlier, drop = _drop(token, "earlier"), _drop(token, "measured")
    until = START + DAY
    opened = [
        send(AWARDER, contract.functions.openDrop(token.address, each.root, each.total, until))
        for each in (earlier, drop)
    ]
    send(AWARDER, token.functions.award(CROWD[HOLDER], AMOUNT, REFERENCE))
    drop_id = drop.id(token.address)

    def claim(index: int) -> Sent:
        call = contract.functions.claim(drop_id, drop.row(index), drop.proof(index))
        return send(RELAYER, call)

    return {
        "drop/open": opened[1],
        "claim/first": claim(FIRST),
        "claim/new": claim(NEW),
        "claim/holder": claim(HOLDER),
    }


def distributor_on_open_zeppelin(trial: Trial) -> Figures:
    return distributor(trial, "OpenZeppelinToken")


def distributor_on_solady(trial: Trial) -> Figures:
    return distributor(trial, "SoladyToken")


def distributor(trial: Trial, token_name: str) -> Figures:
    """Uniswap's distributor, which holds the tokens for one tree."""
    chain = trial.chain
    token = trial.deploy(token_name, AWARDER, SUPPLY)
    leaves = [
        keccak(index.to_bytes(32, "big") + bytes.fromhex(who[2:]) + AMOUNT.to_bytes(32, "big"))
        for index, who in enumerate(CROWD)
    ]
    tree = MerkleTree(leaves)
    code = _uniswap()
    contract = chain.deploy(f"distributor {trial.way}", code, token.address, tree.root)
    chain.send(AWARDER, token.functions.transfer(contract.address, len(CROWD) * AMOUNT))
    chain.send(AWARDER, token.functions.transfer(CROWD[HOLDER], AMOUNT))

    def claim(index: int) -> Sent:
        proof = tree.proof(leaves[index])
        call = contract.functions.claim(index, CROWD[index], AMOUNT, proof)
        return chain.send(RELAYER, call)

    return {
        "claim/first": claim(FIRST),
        "claim/new": claim(NEW),
        "claim/holder": claim(HOLDER),
    }


def _drop(token: Contract, label: str) -> Drop:
    """The first of many equally good drops whose name and root have no zero byte."""
    return _first(
        lambda number: Drop(
            tuple(
                Award(bytes.fromhex(who[2:]), AMOUNT, _reference(index), _salt(label, number))
                for index, who in enumerate(CROWD)
            )
        ),
        lambda drop: drop.root + drop.id(token.address),
    )


def _first(make: Callable[[int], Drop], told: Callable[[Drop], bytes]) -> Drop:
    for number in count():
        drop = make(number)
        if 0 not in told(drop):
            return drop
    raise AssertionError


def _reference(index: int) -> bytes:
    return _without_zeros(f"receipt {index}")


def _salt(label: str, number: int) -> bytes:
    return _without_zeros(f"{label} {number}")


def _without_zeros(text: str) -> bytes:
    for number in count():
        found = keccak(text=f"{text} {number}")
        if 0 not in found:
            return found
    raise AssertionError


def _uniswap() -> Compiled:
    build = json.loads((UNISWAP / "MerkleDistributor.json").read_text())
    return compiled(build["abi"], build["bytecode"])


ONE_TREE = (
    f"{NO_LIFE} A contract for each tree, whose tokens stay in it for ever; no total, no end, no "
    "reference; one word less in a row and three in the event."
)

RIVALS = (
    Rival("Uniswap's distributor, OpenZeppelin", ONE_TREE, distributor_on_open_zeppelin),
    Rival("Uniswap's distributor, Solady", ONE_TREE, distributor_on_solady),
)
