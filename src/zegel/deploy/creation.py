"""The step that creates one contract exactly once, whatever interrupts it.

Before anything is sent, the journal has the sender's nonce. The chain lets one transaction through
per nonce, and the contract's address follows from it: so a second run finds what the first one
sent, or sends it again with the same nonce and can never create a second contract.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3.contract.contract import ContractConstructor
from web3.exceptions import TransactionNotFound
from web3.types import Nonce, TxReceipt
from web3.utils import get_create_address

from zegel.chain.connection import Connection
from zegel.chain.sending import Sender, wait
from zegel.deploy.book import Book, Deployment, Pending
from zegel.deploy.plan import AbsentError, Finding, Step, done, needed, refused, resumable
from zegel.errors import AccountLocked, ChainError, GasMoneyTooLow, Refused


@dataclass(frozen=True)
class Creation:
    """A contract to create.

    `arguments` are its constructor's, and raise `AbsentError` while they are not known. `matches`
    says whether the code at an address is this contract's.
    """

    name: str
    contract: str
    description: str
    abi: list[dict[str, Any]]
    bytecode: bytes
    matches: Callable[[bytes], bool]
    arguments: Callable[[], list[Any]] = list

    def call(self, connection: Connection, arguments: list[Any]) -> ContractConstructor:
        factory = connection.web3.eth.contract(abi=self.abi, bytecode=self.bytecode)
        return factory.constructor(*arguments)


def step(connection: Connection, sender: Sender, book: Book, creation: Creation) -> Step:
    """The step of a plan that creates a contract and writes it into the address book."""
    work = _Work(connection, sender, book, creation)
    return Step(creation.name, creation.description, work.check, work.act)


@dataclass(frozen=True)
class _Work:
    connection: Connection
    sender: Sender
    book: Book
    creation: Creation

    def check(self) -> Finding:
        name = self.creation.name
        if name in self.book.deployments:
            return self._check_deployed(self.book.deployments[name])
        if name in self.book.pending:
            return self._check_pending(self.book.pending[name])
        return needed()

    def act(self) -> None:
        pending = self.book.pending.get(self.creation.name)
        if pending is not None and self._is_lost(pending):
            self.book.forget(self.creation.name)
            pending = None
        if pending is None or not (self._stands(pending) or self._waits(pending)):
            self._send(pending)
        else:
            self._record(pending)

    def _check_deployed(self, entry: Deployment) -> Finding:
        code = self.connection.code(entry.address)
        if not code:
            return refused(f"no code at {entry.address}: is this the chain of {self.book.path}?")
        if not self.creation.matches(code):
            return refused(
                f"other code at {entry.address} than this version's: use the version that "
                f"deployed it, or move {self.book.path} away to deploy anew"
            )
        try:
            wanted = self.creation.arguments()
        except AbsentError:
            return refused(
                f"{self.book.path} has it without what it was created with: "
                "restore the file from a copy"
            )
        if entry.arguments != wanted:
            return refused(
                f"{entry.address} was created with {entry.arguments}, not {wanted}: "
                f"mend the settings, or move {self.book.path} away to deploy anew"
            )
        return done(f"at {entry.address}")

    def _check_pending(self, pending: Pending) -> Finding:
        if self._stands(pending):
            return resumable(f"it stands at {pending.address}, to be written down")
        if self._is_lost(pending):
            return needed("an earlier transaction failed")
        if self._waits(pending):
            return resumable(f"transaction {pending.transaction} waits")
        if pending.sender != self.sender.address:
            return refused(f"{pending.sender} began it: finish it with that account")
        return resumable(f"with the nonce {pending.nonce} of {pending.sender}")

    def _stands(self, pending: Pending) -> bool:
        return bool(self.connection.code(pending.address))

    def _is_lost(self, pending: Pending) -> bool:
        """Whether the nonce went into something else, or into a failure."""
        used = self.connection.web3.eth.get_transaction_count(pending.sender)
        return used > pending.nonce and not self._stands(pending)

    def _waits(self, pending: Pending) -> bool:
        """Whether the node has the transaction, in no block yet."""
        if pending.transaction is None:
            return False
        try:
            self.connection.web3.eth.get_transaction(HexBytes(pending.transaction))
        except TransactionNotFound:
            return False
        return True

    def _send(self, before: Pending | None) -> None:
        count = self.connection.web3.eth.get_transaction_count(self.sender.address, "pending")
        nonce = count if before is None else before.nonce
        pending = Pending(
            contract=self.creation.contract,
            address=get_create_address(self.sender.address, Nonce(nonce)),
            arguments=self.creation.arguments(),
            sender=self.sender.address,
            nonce=nonce,
        )
        name = self.creation.name
        self.book.begin(name, pending)

        def note(sent: HexBytes) -> None:
            self.book.begin(name, replace(pending, transaction=sent.to_0x_hex()))

        call = self.creation.call(self.connection, pending.arguments)
        try:
            self.sender.send(call, nonce=nonce, on_sent=note)
        except (Refused, GasMoneyTooLow, AccountLocked):
            # Nothing is under way.
            self.book.forget(name)
            raise
        self._record(self.book.pending[name])

    def _record(self, pending: Pending) -> None:
        receipt = self._receipt(pending)
        data = self.connection.web3.eth.get_transaction(receipt["transactionHash"])["input"]
        expected = self.creation.call(self.connection, pending.arguments).data_in_transaction
        if HexBytes(data) != HexBytes(expected):
            raise ChainError(
                f"{pending.address} was created with other code or arguments than "
                f"{self.book.path} says: move the file away to deploy anew"
            )
        self.book.record(
            self.creation.name,
            Deployment(
                contract=pending.contract,
                address=pending.address,
                arguments=pending.arguments,
                block=receipt["blockNumber"],
                transaction=receipt["transactionHash"].to_0x_hex(),
                code_hash=code_hash(self.connection, pending.address),
            ),
        )

    def _receipt(self, pending: Pending) -> TxReceipt:
        eth = self.connection.web3.eth
        if pending.transaction is not None and self._waits(pending):
            return wait(self.connection, HexBytes(pending.transaction))
        return eth.get_transaction_receipt(_find(self.connection, pending.sender, pending.nonce))


def code_hash(connection: Connection, address: ChecksumAddress) -> str:
    return "0x" + keccak(connection.code(address)).hex()


def _find(connection: Connection, sender: ChecksumAddress, nonce: int) -> HexBytes:
    """The transaction of an account with a nonce; it stands in a block."""
    eth = connection.web3.eth
    low, high = 0, int(eth.block_number)
    while low < high:
        middle = (low + high) // 2
        if eth.get_transaction_count(sender, middle) > nonce:
            high = middle
        else:
            low = middle + 1
    for transaction in eth.get_block(low, full_transactions=True)["transactions"]:
        if not isinstance(transaction, bytes) and (
            transaction["from"] == sender and transaction["nonce"] == nonce
        ):
            return transaction["hash"]
    raise ChainError(
        f"found no transaction of {sender} with the nonce {nonce}: ask an archive node"
    )
