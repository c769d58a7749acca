"""Sending transactions.

both senders
    send, wait, and return the receipt
    refuse before sending what the contract refuses, what cannot be paid, and what nobody can sign
    say why a transaction failed in its block
a key's sender
    tells the hash before the transaction leaves
with a nonce that was used
    nothing is sent a second time
with a transaction on its way
    settling waits until it stands in a block, and says so if it never does
what a contract says
    is decoded by the ABIs of all our contracts: named errors, structs, texts and panics
"""

import pytest
from eth_abi.abi import encode
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3.contract import Contract

from zegel.chain import sending
from zegel.chain.anvil import Anvil
from zegel.chain.connection import Connection
from zegel.chain.refusals import decoded
from zegel.chain.sending import KeySender, Sender, UnlockedSender, settle
from zegel.deploy.suite import Suite
from zegel.errors import AccountLocked, ChainError, GasMoneyTooLow, Refused

SOMEBODY = "0x00000000000000000000000000000000000000AA"


@pytest.fixture
def key() -> LocalAccount:
    return Account.from_key(keccak(text="a test's own key"))


@pytest.fixture(params=["unlocked", "key"])
def sender(
    request: pytest.FixtureRequest, anvil: Anvil, member: UnlockedSender, key: LocalAccount
) -> Sender:
    """Either kind of sender, with gas money."""
    if request.param == "unlocked":
        return member
    anvil.set_balance(key.address, 10**18)
    return KeySender(anvil.connection, key)


@pytest.fixture
def euro(suite: Suite) -> Contract:
    return suite.settlement_token


def test_send_returns_the_receipt(sender: Sender, euro: Contract) -> None:
    heard: list[HexBytes] = []

    receipt = sender.send(euro.functions.mint(SOMEBODY, 5), on_sent=heard.append)

    assert receipt["status"] == 1
    assert receipt["from"] == sender.address
    assert heard == [receipt["transactionHash"]]
    assert euro.functions.balanceOf(SOMEBODY).call() == 5


def test_send_refuses_what_the_contract_refuses(sender: Sender, euro: Contract) -> None:
    nonce = sender.connection.web3.eth.get_transaction_count(sender.address)
    with pytest.raises(Refused) as refusal:
        sender.send(euro.functions.transfer(SOMEBODY, 5))

    assert (refusal.value.contract, refusal.value.error) == ("TestEuro", "ERC20InsufficientBalance")
    assert refusal.value.arguments == {"sender": sender.address, "balance": 0, "needed": 5}
    assert str(refusal.value) == (
        f"TestEuro refused: ERC20InsufficientBalance(sender={sender.address}, balance=0, needed=5)"
    )
    assert sender.connection.web3.eth.get_transaction_count(sender.address) == nonce


def test_send_refuses_what_cannot_be_paid(anvil: Anvil, sender: Sender, euro: Contract) -> None:
    anvil.set_balance(sender.address, 1000)
    with pytest.raises(GasMoneyTooLow, match=rf"^{sender.address} has 0\.000000000000001 coins of"):
        sender.send(euro.functions.mint(SOMEBODY, 5))
    assert euro.functions.balanceOf(SOMEBODY).call() == 0


def test_send_refuses_an_account_that_nobody_can_sign_for(
    anvil: Anvil, connection: Connection, euro: Contract, key: LocalAccount
) -> None:
    anvil.set_balance(key.address, 10**18)
    with pytest.raises(AccountLocked, match=rf"^the node has no key for {key.address}: use a keys"):
        UnlockedSender(connection, key.address).send(euro.functions.mint(SOMEBODY, 1))


def test_send_says_why_a_transaction_failed_in_its_block(
    connection: Connection,
    key: LocalAccount,
    anvil: Anvil,
    euro: Contract,
    outsider: UnlockedSender,
) -> None:
    anvil.set_balance(key.address, 10**18)
    spender = KeySender(connection, key)
    outsider.send(euro.functions.mint(outsider.address, 5))
    outsider.send(euro.functions.approve(key.address, 5))

    def withdraw_approval(_: HexBytes) -> None:
        outsider.send(euro.functions.approve(key.address, 2))

    with pytest.raises(Refused) as refusal:
        spender.send(
            euro.functions.transferFrom(outsider.address, SOMEBODY, 5), on_sent=withdraw_approval
        )
    assert (refusal.value.error, refusal.value.arguments) == (
        "ERC20InsufficientAllowance",
        {"spender": key.address, "allowance": 2, "needed": 5},
    )


def test_key_tells_the_hash_before_the_transaction_leaves(
    anvil: Anvil, connection: Connection, key: LocalAccount, euro: Contract
) -> None:
    anvil.set_balance(key.address, 10**18)

    def die(_: HexBytes) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        KeySender(connection, key).send(euro.functions.mint(SOMEBODY, 5), on_sent=die)
    assert connection.web3.eth.get_transaction_count(key.address) == 0


def test_used_nonce_sends_nothing(sender: Sender, euro: Contract) -> None:
    nonce = sender.connection.web3.eth.get_transaction_count(sender.address)
    sender.send(euro.functions.mint(SOMEBODY, 5), nonce=nonce)

    with pytest.raises(ChainError, match=f"^the node refused a transaction of {sender.address}: "):
        sender.send(euro.functions.mint(SOMEBODY, 5), nonce=nonce)
    assert euro.functions.balanceOf(SOMEBODY).call() == 5


def selector(signature: str) -> bytes:
    return keccak(text=signature)[:4]


def test_settling_waits_for_what_is_on_its_way(
    anvil: Anvil, member: UnlockedSender, euro: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = anvil.connection.web3.provider.make_request
    request("evm_setAutomine", [False])
    try:
        euro.functions.mint(SOMEBODY, 5).transact({"from": member.address})
        monkeypatch.setattr(sending.time, "sleep", lambda _: anvil.mine())

        settle(anvil.connection, member.address)
    finally:
        request("evm_setAutomine", [True])

    assert euro.functions.balanceOf(SOMEBODY).call() == 5


def test_settling_names_what_stays_on_its_way(
    anvil: Anvil, member: UnlockedSender, euro: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_SECONDS_TO_MINE", 0)
    request = anvil.connection.web3.provider.make_request
    request("evm_setAutomine", [False])
    try:
        euro.functions.mint(SOMEBODY, 5).transact({"from": member.address})

        with pytest.raises(ChainError, match=f"1 transactions of {member.address} are in no block"):
            settle(anvil.connection, member.address)
    finally:
        anvil.mine()
        request("evm_setAutomine", [True])


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            selector("BudgetExceeded(address,uint256,uint256)")
            + encode(["address", "uint256", "uint256"], [SOMEBODY, 5, 3]),
            f"PointToken refused: BudgetExceeded(awarder={SOMEBODY}, needed=5, remaining=3)",
        ),
        (
            selector("GuardsOutOfBounds((uint32,uint32,uint32))")
            + encode(["(uint32,uint32,uint32)"], [(1, 2, 3)]),
            "PointExchange refused: "
            "GuardsOutOfBounds(guards=(maxStep=1, maxDailyMove=2, notice=3))",
        ),
        (
            selector("SymbolTaken(string,address)")
            + encode(["string", "address"], ["A", SOMEBODY]),
            f'IssuerRegistry refused: SymbolTaken(symbol="A", token={SOMEBODY})',
        ),
        (
            selector("Error(string)") + encode(["string"], ["no"]),
            'PointExchange refused: Error(reason="no")',
        ),
        (
            selector("Panic(uint256)") + encode(["uint256"], [0x11]),
            'PointExchange refused: Panic(reason="arithmetic overflow")',
        ),
    ],
)
def test_refusals_are_decoded_whichever_contract_made_them(data: bytes, text: str) -> None:
    assert str(decoded(data, "PointExchange")) == text


@pytest.mark.parametrize(
    "data",
    [b"", b"\x01\x02", b"\xde\xad\xbe\xef", selector("BudgetExceeded(address,uint256,uint256)")],
)
def test_unknown_refusals_are_left_to_the_caller(data: bytes) -> None:
    assert decoded(data, "PointExchange") is None


def test_error_names_the_contract_that_knows_it(suite: Suite, outsider: UnlockedSender) -> None:
    with pytest.raises(Refused) as refusal:
        outsider.send(suite.exchange.functions.list(SOMEBODY))
    assert str(refusal.value) == f"PointExchange refused: NotRegistry(caller={outsider.address})"
