"""A member who has a passkey and nothing else, and a relayer who sends what it signs."""

from dataclasses import dataclass
from typing import Any

from brownie import web3
from brownie.network.account import LocalAccount

from support.clock import DAY, now
from support.desk import Promise, promise
from support.passkeys import Passkey
from support.signing import message, sequential


@dataclass(frozen=True)
class SponsoredMember:
    """Somebody with a phone. Every message counts in order, so that it needs no storage."""

    phone: Passkey
    exchange: Any
    desk: Any
    relayer: LocalAccount

    @property
    def address(self) -> str:
        return self.phone.address

    def __str__(self) -> str:
        return self.address

    @property
    def is_nobody_on_chain(self) -> bool:
        """Whether the address has no ether, has sent nothing, and bears no code."""
        place = self.address
        return (
            web3.eth.get_balance(place) == 0
            and web3.eth.get_transaction_count(place) == 0
            and not web3.eth.get_code(place)
        )

    def convert(self, give: Any, take: Any, amount: int, least: int) -> Any:
        order = {
            "member": self.address,
            "from": give.address,
            "to": take.address,
            "amount": amount,
            "minOut": least,
            "recipient": self.address,
            **self._span(give),
        }
        signature = self._sign(
            give, "ConvertWithAuthorization", exchange=self.exchange.address, **order
        )
        by = {"from": self.relayer}
        return self.exchange.convertWithAuthorization(tuple(order.values()), signature, by)

    def redeem(self, token: Any, amount: int, ref: str) -> Any:
        values = {
            "member": self.address,
            "amount": amount,
            "ref": bytes.fromhex(ref[2:]),
            **self._span(token),
        }
        signature = self._sign(token, "RedeemWithAuthorization", **values)
        return token.redeemWithAuthorization(*values.values(), signature, {"from": self.relayer})

    def send(self, token: Any, to: Any, amount: int) -> Any:
        sides = {"from": self.address, "to": str(to), "value": amount}
        values = {**sides, **self._span(token)}
        signature = self._sign(token, "TransferWithAuthorization", **values)
        return token.transferWithAuthorization(*values.values(), signature, {"from": self.relayer})

    def hold(self, token: Any, merchant: Any, amount: int) -> Any:
        sides = {"member": self.address, "merchant": str(merchant), "amount": amount}
        order = {**sides, **self._span(token)}
        signature = self._sign(token, "HoldWithAuthorization", desk=self.desk.address, **order)
        by = {"from": self.relayer}
        return self.desk.holdWithAuthorization(token, tuple(order.values()), signature, by)

    def promise(self, token: Any, merchant: Any, till: Any, amount: int) -> Promise:
        """Needs no network: the till keeps it until it has one again."""
        return promise(self.desk, token, self.phone, merchant, till, amount)

    def release(self, token: Any, merchant: Any) -> Any:
        sides = {"member": self.address, "merchant": str(merchant)}
        order = {**sides, **self._span(token)}
        signature = self._sign(token, "ReleaseWithAuthorization", desk=self.desk.address, **order)
        by = {"from": self.relayer}
        return self.desk.releaseWithAuthorization(token, tuple(order.values()), signature, by)

    def _span(self, token: Any) -> dict[str, Any]:
        """From now on for a day, and the number that comes next."""
        nonce = sequential(token.nonces(self.address))
        return {"validAfter": now() - 1, "validBefore": now() + DAY, "nonce": nonce}

    def _sign(self, token: Any, message_type: str, **values: object) -> bytes:
        return self.phone.sign(message(token, message_type, **values).digest)
