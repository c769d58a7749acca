"""measuring
├── no address has a zero byte: not the accounts', not the contracts'
├── every operation is measured
├── no figure is below its floor
├── a second run finds the same
└── a refusal is told with its reason
"""

import pytest
from eth_account import Account

from bench import artifacts, ours
from bench.chain import Chain
from bench.erc20 import Figures
from bench.operations import OPERATIONS
from bench.people import account, accounts, deployer, signer
from bench.setting import AMOUNT, MEMBER, NEWCOMER, PHONE
from bench.suite import BLUEPRINT, Sizes
from zegel.errors import ChainError


def measure() -> tuple[Figures, Sizes]:
    with Chain() as chain:
        return ours.measure(chain, artifacts.packaged())


@pytest.fixture(scope="module")
def measured() -> tuple[Figures, Sizes]:
    return measure()


def raw(address: str) -> bytes:
    return bytes.fromhex(address[2:])


def test_no_account_has_a_zero_byte() -> None:
    crowd = accounts("crowd", 300)
    assert len(set(crowd)) == 300
    for address in (*crowd, account("crowd"), signer("crowd").address, PHONE.address):
        assert 0 not in raw(address)


def test_a_role_always_has_the_same_account() -> None:
    assert account("crowd") == accounts("crowd", 2)[0]
    assert account("crowd") != account("crew")


def test_a_signer_has_the_key_of_its_address() -> None:
    assert Account.from_key(MEMBER.key).address == MEMBER.address


def test_no_contract_has_a_zero_byte_in_its_address() -> None:
    euro = artifacts.packaged()["TestEuro"]
    with Chain() as chain:
        for name in map(str, range(20)):
            contract = chain.deploy(name, euro)
            assert 0 not in raw(contract.address)
            assert 0 not in raw(deployer(name))


def test_every_operation_is_measured(measured: tuple[Figures, Sizes]) -> None:
    figures, sizes = measured
    assert set(figures) == {operation.key for operation in OPERATIONS}
    assert set(sizes) == {
        "PointToken",
        BLUEPRINT,
        "PointExchange",
        "OfflineDesk",
        "IssuerRegistry",
        "AwardDrop",
        "RewardCharter",
        "PasskeyVerifier",
    }


def test_no_figure_is_below_its_floor(measured: tuple[Figures, Sizes]) -> None:
    figures, _ = measured
    checked = 0
    for operation in OPERATIONS:
        sent = figures[operation.key]
        floor = operation.floor(sent.data)
        if floor is not None:
            assert operation.each(sent.gas) >= floor, operation.key
            checked += 1
    assert checked == len(OPERATIONS) - 1


def test_a_second_run_finds_the_same(measured: tuple[Figures, Sizes]) -> None:
    assert measure() == measured


def test_a_refusal_is_told_with_its_reason() -> None:
    with Chain() as chain:
        euro = chain.deploy("TestEuro", artifacts.packaged()["TestEuro"])
        with pytest.raises(ChainError) as refusal:
            chain.send(NEWCOMER, euro.functions.transfer(MEMBER.address, AMOUNT))
    # ERC20InsufficientBalance(address,uint256,uint256)
    assert f"transfer by {NEWCOMER} failed" in str(refusal.value)
    assert "0xe450d38c" in str(refusal.value)
