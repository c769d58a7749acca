"""Sends transactions: estimate, check the gas money, sign, send, wait, and say why it failed.

The same accounts sign messages, for which they need no gas money.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3 import Web3
from web3.contract.contract import ContractConstructor, ContractFunction
from web3.exceptions import ContractLogicError, TransactionNotFound, Web3RPCError
from web3.types import Nonce, RPCEndpoint, TxParams, TxReceipt, Wei

from zegel.chain import artifacts
from zegel.chain.connection import Connection
from zegel.chain.messages import Message
from zegel.chain.refusals import refusal
from zegel.errors import AccountLocked, ChainError, GasMoneyTooLow

Call = ContractFunction | ContractConstructor

# No transaction may take more (EIP-7825).
MAX_GAS = 2**24

_SECONDS_TO_MINE = 300
_LONGEST_PAUSE = 1.0


class Sender(Protocol):
    """An account that can send transactions and sign messages."""

    @property
    def address(self) -> ChecksumAddress: ...

    @property
    def connection(self) -> Connection: ...

    def send(
        self,
        call: Call,
        *,
        value: int = 0,
        nonce: int | None = None,
        on_sent: Callable[[HexBytes], None] | None = None,
    ) -> TxReceipt:
        """Sends a call and waits until it stands in a block.

        A `nonce` that was written down before makes it happen at most once, however often it is
        tried. `on_sent` is told the hash before anyone waits for the transaction.
        """

    def signed(self, transaction: TxParams) -> bytes:
        """Signs a transaction and does not send it: the bytes for a node."""

    def sign(self, message: Message) -> bytes:
        """Signs a message: 65 bytes r, s and v."""


@dataclass(frozen=True)
class _AnySender(ABC):
    """What both kinds of sender do alike."""

    connection: Connection

    @property
    @abstractmethod
    def address(self) -> ChecksumAddress: ...

    @abstractmethod
    def _submit(self, transaction: TxParams, on_sent: Callable[[HexBytes], None]) -> HexBytes:
        """Signs and sends; calls `on_sent` as soon as the hash is known."""

    def send(
        self,
        call: Call,
        *,
        value: int = 0,
        nonce: int | None = None,
        on_sent: Callable[[HexBytes], None] | None = None,
    ) -> TxReceipt:
        eth = self.connection.web3.eth
        frame: TxParams = {"from": self.address, "value": Wei(value)}
        try:
            estimate = call.estimate_gas(frame)
        except ContractLogicError as error:
            raise refusal(error, name_of(call)) from None
        except Web3RPCError as error:
            raise _unwilling(error, self.address) from None

        frame["chainId"] = self.connection.chain_id
        frame["gas"] = min(estimate + estimate // 4, MAX_GAS)
        frame["maxFeePerGas"], frame["maxPriorityFeePerGas"] = fees(self.connection)
        self._check_money(frame["gas"] * int(frame["maxFeePerGas"]) + value)
        frame["nonce"] = Nonce(
            eth.get_transaction_count(self.address, "pending") if nonce is None else nonce
        )
        transaction = call.build_transaction(frame)
        try:
            sent = self._submit(transaction, on_sent or _nothing)
        except Web3RPCError as error:
            raise _unwilling(error, self.address) from None

        receipt = wait(self.connection, sent)
        if receipt["status"] != 1:
            raise self._reason(call, frame, receipt)
        return receipt

    def _check_money(self, needed: int) -> None:
        balance = self.connection.web3.eth.get_balance(self.address)
        if balance < needed:
            raise GasMoneyTooLow(
                f"{self.address} has {_coins(balance)} coins of chain "
                f"{self.connection.chain_id} and may need {_coins(needed)} for this transaction: "
                f"send it {_coins(needed - balance)}"
            )

    def _reason(self, call: Call, frame: TxParams, receipt: TxReceipt) -> ChainError:
        """Why a transaction failed that would have worked when it was sent."""
        again: TxParams = {"from": self.address, "value": frame["value"]}
        if isinstance(call, ContractFunction):
            try:
                call.call(again, block_identifier=receipt["blockNumber"])
            except ContractLogicError as error:
                return refusal(error, name_of(call))
        return ChainError(
            f"transaction {receipt['transactionHash'].to_0x_hex()} failed in block "
            f"{receipt['blockNumber']}: it used {receipt['gasUsed']} of {frame['gas']} gas"
        )


@dataclass(frozen=True)
class UnlockedSender(_AnySender):
    """An account whose key the node holds: a development node's, or an impersonated one."""

    account: ChecksumAddress

    @property
    def address(self) -> ChecksumAddress:
        return self.account

    def _submit(self, transaction: TxParams, on_sent: Callable[[HexBytes], None]) -> HexBytes:
        sent = self.connection.web3.eth.send_transaction(transaction)
        on_sent(sent)
        return sent

    def signed(self, transaction: TxParams) -> bytes:
        try:
            answer = self.connection.web3.manager.request_blocking(
                RPCEndpoint("eth_signTransaction"), [transaction]
            )
        except Web3RPCError as error:
            raise _unwilling(error, self.address) from None
        # Some nodes give the bytes alone, some give them with what they mean.
        return bytes(HexBytes(answer if isinstance(answer, str) else answer["raw"]))

    def sign(self, message: Message) -> bytes:
        try:
            signature: str = self.connection.web3.manager.request_blocking(
                RPCEndpoint("eth_signTypedData_v4"), [self.account, message.typed_data()]
            )
            return bytes(HexBytes(signature))
        except Web3RPCError as error:
            raise _unwilling(error, self.address) from None


@dataclass(frozen=True)
class KeySender(_AnySender):
    """An account whose key is here. The key never reaches the node."""

    account: LocalAccount

    @property
    def address(self) -> ChecksumAddress:
        return self.account.address

    def _submit(self, transaction: TxParams, on_sent: Callable[[HexBytes], None]) -> HexBytes:
        raw = self.signed(transaction)
        hashed = HexBytes(keccak(raw))
        on_sent(hashed)
        try:
            return self.connection.web3.eth.send_raw_transaction(raw)
        except Web3RPCError as error:
            # The same bytes were sent before: that is as good.
            if "already" in str(error):
                return hashed
            raise

    def signed(self, transaction: TxParams) -> bytes:
        without = {name: value for name, value in transaction.items() if name != "from"}
        return bytes(self.account.sign_transaction(without).raw_transaction)  # type: ignore[arg-type]

    def sign(self, message: Message) -> bytes:
        return bytes(self.account.sign_message(message.signable()).signature)


def fees(connection: Connection) -> tuple[Wei, Wei]:
    """The most to pay per unit of gas, and the part for whoever makes the block.

    A chain without a base fee is one without fees. Elsewhere the base fee may double while the
    transaction waits.
    """
    eth = connection.web3.eth
    base = eth.get_block("latest").get("baseFeePerGas", 0)
    if base == 0:
        return Wei(0), Wei(0)
    tip = eth.max_priority_fee
    return Wei(2 * base + tip), tip


def chosen_sender(
    connection: Connection, chosen: str, unlock: Callable[[str], LocalAccount], remedy: str
) -> Sender:
    """The sender that somebody chose, or the first account of a local chain.

    `chosen` is an address whose key a local node holds, or whatever `unlock` makes an account of;
    `remedy` is what to do where nothing is chosen and no node holds a key.
    """
    held = connection.web3.eth.accounts if connection.is_development else []
    if chosen in held:
        return UnlockedSender(connection, Web3.to_checksum_address(chosen))
    if chosen:
        return KeySender(connection, unlock(chosen))
    if held:
        return UnlockedSender(connection, held[0])
    raise AccountLocked(f"no account: {remedy}")


def wait(connection: Connection, sent: HexBytes) -> TxReceipt:
    """The receipt of a transaction, as soon as it stands in a block."""
    end = time.monotonic() + _SECONDS_TO_MINE
    pause = 0.002
    while time.monotonic() < end:
        try:
            return connection.web3.eth.get_transaction_receipt(sent)
        except TransactionNotFound:
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
    raise ChainError(
        f"transaction {sent.to_0x_hex()} is in no block after {_SECONDS_TO_MINE} s: "
        "run the same again later, it goes on from there"
    )


def settle(connection: Connection, address: ChecksumAddress) -> None:
    """Waits until no transaction of an account is on its way.

    Whoever looks at the chain before that, and sends what seems to be missing, may send it twice.
    """
    count = connection.web3.eth.get_transaction_count
    end = time.monotonic() + _SECONDS_TO_MINE
    while waiting := count(address, "pending") - count(address):
        if time.monotonic() > end:
            raise ChainError(
                f"{waiting} transactions of {address} are in no block after {_SECONDS_TO_MINE} s: "
                "wait for them or replace them, then run the same again"
            )
        time.sleep(_LONGEST_PAUSE)


def name_of(call: Call) -> str:
    """The name of the contract that is called, for people."""
    abi = call.contract_abi if isinstance(call, ContractFunction) else call.abi
    for name in artifacts.names():
        if artifacts.load(name).abi == abi:
            return name
    return "the contract"


def _unwilling(error: Web3RPCError, address: str) -> ChainError:
    """What it means when a node refuses a transaction."""
    text = str((error.rpc_response or {}).get("error", {}).get("message", error))
    lowered = text.lower()
    if "insufficient funds" in lowered:
        return GasMoneyTooLow(f"{address} cannot pay for this transaction: send it coins ({text})")
    if "no signer" in lowered or "unknown account" in lowered or "locked" in lowered:
        return AccountLocked(
            f"the node has no key for {address}: use a keystore (`brownie accounts list`)"
        )
    return ChainError(f"the node refused a transaction of {address}: {text}")


def _coins(wei: int) -> str:
    """An amount of the chain's own coin, exactly."""
    return f"{Decimal(wei).scaleb(-18).normalize():f}"


def _nothing(_: HexBytes) -> None:
    pass
