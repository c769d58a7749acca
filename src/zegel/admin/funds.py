"""An issuer's money in the exchange.

Acts say what the account shall hold, not what to add or to take: so a second run sends nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from eth_account.messages import encode_typed_data
from eth_typing import ChecksumAddress
from web3.contract.contract import ContractFunction

from zegel.admin.acts import Act, Program, later, plan
from zegel.admin.inputs import shown
from zegel.chain import artifacts, roles
from zegel.chain.sending import KeySender, Sender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import SETTLEMENT_TOKEN, Suite

_HOUR = 3600

_DOMAIN = "string name,string version,uint256 chainId,address verifyingContract"
_PERMIT = "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline"


def fund(suite: Suite, sender: Sender, symbol: str, target: int) -> Plan:
    """Tops a program's account up to `target` units of money, from the sender's own.

    The exchange is approved for what is missing. On a local chain the test euros are made.
    """
    work = _Funding(suite, sender, Program(suite, symbol), target)
    return plan(sender, work.mint(), work.approve(), work.pay(work.fund_call))


def fund_by_permit(suite: Suite, sender: KeySender, symbol: str, target: int) -> Plan:
    """As `fund`, with a signed permit (ERC-2612) in the place of the approval."""
    work = _Funding(suite, sender, Program(suite, symbol), target)
    return plan(sender, work.mint(), work.pay(lambda: work.permit_call(sender)))


def withdraw(
    suite: Suite, sender: Sender, symbol: str, keep: int, recipient: ChecksumAddress
) -> Plan:
    """Takes all money above `keep` units out of a program's account."""
    program = Program(suite, symbol)

    def surplus() -> int:
        return account_of(suite, program) - keep

    def differs() -> str | None:
        return f"{_money(suite, surplus())} more now" if surplus() > 0 else None

    return plan(
        sender,
        Act(
            name=f"withdraw {symbol}",
            description=f"{symbol}: the account keeps {_money(suite, keep)}, {recipient} the rest",
            differs=differs,
            call=lambda: suite.exchange.functions.withdraw(
                program.token().address, recipient, surplus()
            ),
            role=roles.TREASURER,
            keeper=program.token,
        ),
    )


def account_of(suite: Suite, program: Program) -> int:
    """The units of money in a program's account."""
    account: int = suite.exchange.functions.programOf(program.token().address).call()[2]
    return account


@dataclass(frozen=True)
class _Funding:
    suite: Suite
    sender: Sender
    program: Program
    target: int

    def missing(self) -> int:
        return max(0, self.target - account_of(self.suite, self.program))

    def mint(self) -> Act:
        """Makes test euros, where there are any."""
        money = self.suite.settlement_token
        holder = self.sender.address

        def lack() -> int:
            return self.missing() - int(money.functions.balanceOf(holder).call())

        def differs() -> str | None:
            return "too few now" if lack() > 0 and self._is_test_money() else None

        return Act(
            name=f"mint {holder}",
            description=f"{holder} has the money",
            differs=differs,
            call=lambda: money.functions.mint(holder, lack()),
        )

    def approve(self) -> Act:
        money, exchange = self.suite.settlement_token, self.suite.exchange.address

        def differs() -> str | None:
            found = money.functions.allowance(self.sender.address, exchange).call()
            return None if found >= self.missing() else f"now {_money(self.suite, found)}"

        return Act(
            name=f"approve {self.program.symbol}",
            description="the exchange may take the money",
            differs=differs,
            call=lambda: money.functions.approve(exchange, self.missing()),
        )

    def pay(self, call: Callable[[], ContractFunction]) -> Act:
        symbol = self.program.symbol

        def differs() -> str | None:
            account = account_of(self.suite, self.program)
            return None if account >= self.target else f"now {_money(self.suite, account)}"

        return Act(
            name=f"fund {symbol}",
            description=f"{symbol}: the account has {_money(self.suite, self.target)}",
            differs=differs,
            call=call,
        )

    def fund_call(self) -> ContractFunction:
        money, exchange = self.suite.settlement_token, self.suite.exchange
        allowed = money.functions.allowance(self.sender.address, exchange.address).call()
        later(allowed >= self.missing() and self._has_money())
        return exchange.functions.fund(self.program.token().address, self.missing())

    def permit_call(self, sender: KeySender) -> ContractFunction:
        later(self._has_money())
        amount = self.missing()
        deadline = self.suite.connection.timestamp() + _HOUR
        signed = sender.account.sign_message(
            encode_typed_data(full_message=self._permit(amount, deadline))
        )
        return self.suite.exchange.functions.fundWithPermit(
            self.program.token().address,
            amount,
            deadline,
            signed.v,
            signed.r.to_bytes(32, "big"),
            signed.s.to_bytes(32, "big"),
        )

    def _permit(self, amount: int, deadline: int) -> dict[str, object]:
        money, owner = self.suite.settlement_token, self.sender.address
        _, name, version, chain_id, contract, _, _ = money.functions.eip712Domain().call()
        return {
            "primaryType": "Permit",
            "types": {
                "EIP712Domain": _typed(_DOMAIN),
                "Permit": _typed(_PERMIT),
            },
            "domain": {
                "name": name,
                "version": version,
                "chainId": chain_id,
                "verifyingContract": contract,
            },
            "message": {
                "owner": owner,
                "spender": self.suite.exchange.address,
                "value": amount,
                "nonce": money.functions.nonces(owner).call(),
                "deadline": deadline,
            },
        }

    def _has_money(self) -> bool:
        """Whether the sender has it; if not, only test euros can still be made."""
        balance = self.suite.settlement_token.functions.balanceOf(self.sender.address).call()
        return bool(balance >= self.missing()) or not self._is_test_money()

    def _is_test_money(self) -> bool:
        connection = self.suite.connection
        code = connection.code(self.suite.settlement_token.address)
        return connection.is_development and artifacts.load(SETTLEMENT_TOKEN).matches(code)


def _typed(fields: str) -> list[dict[str, str]]:
    pairs = (field.split() for field in fields.split(","))
    return [{"name": name, "type": kind} for kind, name in pairs]


def _money(suite: Suite, amount: int) -> str:
    return shown(amount, suite.money_decimals)
