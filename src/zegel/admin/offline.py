"""Payments at tills without a network: what issuers guarantee, and how merchants are paid."""

from collections.abc import Sequence
from dataclasses import dataclass

from eth_typing import ChecksumAddress
from web3.contract.contract import ContractFunction

from zegel.admin.acts import Act, Program, plan
from zegel.chain import roles
from zegel.chain.messages import Message, desk_domain
from zegel.chain.node import Node, Patience
from zegel.chain.raw import view_request
from zegel.chain.sending import Sender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import NOBODY, Suite

_PATIENCE = Patience(attempts=3)


@dataclass(frozen=True)
class Guarantee:
    """What an issuer stands in for, in base units; and how much of it is taken."""

    per_member: int
    limits: int
    capacity: int
    open_purses: int


@dataclass(frozen=True)
class Limit:
    """What a merchant may take of one member out of the shared purse, and a lower one to come."""

    limit: int
    next: int
    next_at: int


@dataclass(frozen=True)
class Voucher:
    """What a member signed at a till; see `interfaces/IOfflineDesk.sol`."""

    member: ChecksumAddress
    till: ChecksumAddress
    serial: int
    amount: int
    shared: bool
    valid_before: int
    signature: bytes

    @property
    def struct(self) -> tuple[object, ...]:
        return self.member, self.till, self.serial, self.amount, self.shared, self.valid_before


def guarantee_of(suite: Suite, symbol: str) -> Guarantee:
    return Guarantee(*suite.desk.functions.guaranteeOf(suite.token(symbol).address).call())


def limit_of(suite: Suite, symbol: str, merchant: ChecksumAddress) -> Limit:
    return Limit(*suite.desk.functions.limitOf(suite.token(symbol).address, merchant).call())


def set_guarantee(
    suite: Suite, sender: Sender, symbol: str, per_member: int, capacity: int
) -> Plan:
    """Sets the base units that one member may overspend, and how many shared purses may be open."""
    program = Program(suite, symbol)

    def differs() -> str | None:
        found = guarantee_of(suite, symbol)
        if (found.per_member, found.capacity) == (per_member, capacity):
            return None
        return f"now {found.per_member} for each of {found.capacity}"

    return plan(
        sender,
        Act(
            name=f"guarantee {symbol}",
            description=f"{symbol}: {per_member} base units guaranteed for each of {capacity}",
            differs=differs,
            call=lambda: suite.desk.functions.setGuarantee(
                program.token().address, per_member, capacity
            ),
            role=roles.DEFAULT_ADMIN,
            keeper=program.token,
        ),
    )


def set_limit(
    suite: Suite, sender: Sender, symbol: str, merchant: ChecksumAddress, limit: int
) -> Plan:
    """Sets what a merchant may take of one member before settling, in base units.

    A lower limit takes a second run, four offline windows later, to be free for other merchants.
    """
    program = Program(suite, symbol)

    def differs() -> str | None:
        found = limit_of(suite, symbol, merchant)
        if found.next != limit:
            return f"now {found.next}"
        if found.next_at and suite.connection.timestamp() >= _free_at(suite, found):
            return f"so already, and {found.limit - limit} can go to others"
        return None

    return plan(
        sender,
        Act(
            name=f"limit {symbol} {merchant}",
            description=f"{symbol}: {merchant} may take {limit} base units of a member",
            differs=differs,
            call=lambda: suite.desk.functions.setLimit(program.token().address, merchant, limit),
            role=roles.DEFAULT_ADMIN,
            keeper=program.token,
        ),
    )


def set_payout(suite: Suite, sender: Sender, to: ChecksumAddress) -> Plan:
    """Chooses what the tills of the sender may convert its proceeds into; nobody for nothing."""

    def differs() -> str | None:
        found = suite.desk.functions.payoutOf(sender.address).call()
        return None if found == to else f"now {_kind(found)}"

    return plan(
        sender,
        Act(
            name=f"payout {sender.address}",
            description=f"tills of {sender.address} convert into {_kind(to)}",
            differs=differs,
            call=lambda: suite.desk.functions.setPayout(to),
        ),
    )


def settle(
    suite: Suite,
    sender: Sender,
    symbol: str,
    merchant: ChecksumAddress,
    vouchers: Sequence[Voucher],
    to: ChecksumAddress = NOBODY,
    min_out: int = 0,
) -> Plan:
    """Settles the vouchers that are not settled yet. The sender is the merchant or their till."""
    program = Program(suite, symbol)

    def left() -> list[Voucher]:
        return unsettled(suite, merchant, vouchers)

    def differs() -> str | None:
        count = len(left())
        return f"{count} of {len(vouchers)} left" if count else None

    def call() -> ContractFunction:
        settlement = program.token().address, merchant, to, min_out
        return settling(suite, settlement, left(), sender.address)

    return plan(
        sender,
        Act(
            name=f"settle {symbol} {merchant}",
            description=f"{symbol}: {len(vouchers)} vouchers of {merchant} are settled",
            differs=differs,
            call=call,
        ),
    )


def unsettled(
    suite: Suite, merchant: ChecksumAddress, vouchers: Sequence[Voucher], block: int | None = None
) -> list[Voucher]:
    """The vouchers whose serials were not settled, by the last block or by another one."""
    at = suite.connection.web3.eth.block_number if block is None else block
    questions = [
        view_request(suite.desk, "isSettled", merchant, v.till, v.serial, at=hex(at))
        for v in vouchers
    ]
    answers = Node(suite.connection.url, _PATIENCE).ask_all(questions)
    return [
        voucher for voucher, answer in zip(vouchers, answers, strict=True) if not int(answer, 16)
    ]


def settling(
    suite: Suite,
    settlement: tuple[ChecksumAddress, ChecksumAddress, ChecksumAddress, int],
    vouchers: Sequence[Voucher],
    operator: ChecksumAddress,
    signature: bytes = b"",
) -> ContractFunction:
    """The call by which an operator settles vouchers itself, or somebody else with its signature.

    `settlement` is the desk's struct.
    """
    return suite.desk.functions.settle(
        settlement,
        [voucher.struct for voucher in vouchers],
        [voucher.signature for voucher in vouchers],
        operator,
        signature,
    )


def settlement_message(
    suite: Suite,
    settlement: tuple[ChecksumAddress, ChecksumAddress, ChecksumAddress, int],
    vouchers: Sequence[Voucher],
) -> Message:
    """What an operator signs so that somebody else may settle."""
    token, merchant, to, min_out = settlement
    values = {
        "token": token,
        "merchant": merchant,
        "vouchers": [_signed(token, merchant, voucher) for voucher in vouchers],
        "to": to,
        "minOut": min_out,
    }
    domain = desk_domain(suite.connection.chain_id, suite.desk.address)
    return Message("Settlement", domain, values)


def _signed(
    token: ChecksumAddress, merchant: ChecksumAddress, voucher: Voucher
) -> dict[str, object]:
    """A voucher as it stands in what is signed."""
    return {
        "token": token,
        "member": voucher.member,
        "merchant": merchant,
        "till": voucher.till,
        "serial": voucher.serial,
        "amount": voucher.amount,
        "shared": voucher.shared,
        "validBefore": voucher.valid_before,
    }


def _free_at(suite: Suite, limit: Limit) -> int:
    """When other merchants can have what a lower limit leaves."""
    window: int = suite.desk.functions.offlineWindow().call()
    return limit.next_at + 2 * window


def _kind(to: str) -> str:
    return "nothing" if to == NOBODY else to
