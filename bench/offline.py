"""What payments at tills without a network cost us.

Each of a hundred members has a purse for the merchant and a shared one, and pays once in each
batch. Purses keep something, and the till has used a serial of the same word before: what regular
use leaves.
"""

from bench.chain import Sent
from bench.erc20 import Figures
from bench.people import Signer
from bench.setting import AMOUNT, AWARDER, ISSUER, MERCHANT, PAYERS, PURSE, TILL
from bench.signatures import DEADLINE, Signed, sign
from bench.suite import Network, Suite
from zegel.chain.messages import Domain

NOBODY = "0x" + "00" * 20
# So that each till word has one serial that was used before.
SERIALS_OF_A_WORD = 256


def payments(suite: Suite, network: Network) -> Figures:
    """Points set aside and asked back, and vouchers in batches of a hundred."""
    shop = Shop(suite, network)
    return {
        **shop.purses(),
        "voucher/100/bound": shop.settle(1, shared=False, to=NOBODY),
        "voucher/100/shared": shop.settle(2, shared=True, to=NOBODY),
        "voucher/100/money": shop.settle(3, shared=False, to=suite.euro.address),
    }


class Shop:
    """A merchant with a till, and the purses of its members."""

    def __init__(self, suite: Suite, network: Network) -> None:
        self.suite = suite
        self.desk = network.desk
        suite.register_merchant()
        self.token, _ = suite.create_program("CAFE", network.exchange)
        exchange, desk, token = network.exchange.functions, self.desk.functions, self.token
        only_cash_out = (False, True)
        for sender, call in (
            (ISSUER, exchange.switchCash(token.address, only_cash_out)),
            (ISSUER, desk.setGuarantee(token.address, PURSE, len(PAYERS))),
            (MERCHANT, desk.setPayout(suite.euro.address)),
            (MERCHANT, suite.euro.functions.mint(MERCHANT, AMOUNT)),
            (AWARDER, token.functions.awardBatch(b"payers".ljust(32, b"."), _awards())),
        ):
            suite.chain.send(sender, call)

    def purses(self) -> Figures:
        """A member adds to a purse and asks for another one back, whereas the others pay."""
        for payer in PAYERS:
            for merchant in (MERCHANT, NOBODY):
                self._hold(payer, merchant, PURSE)
        payer = PAYERS[0]
        self._hold(payer, payer.address, PURSE)
        release = self.desk.functions.release(self.token.address, payer.address)
        return {
            "purse/hold": self._hold(payer, MERCHANT, AMOUNT),
            "purse/release": self.suite.chain.send(payer.address, release),
        }

    def settle(self, word: int, *, shared: bool, to: str) -> Sent:
        """Settles a voucher of each member, after one that begins the word of serials."""
        first = word * SERIALS_OF_A_WORD
        self._settle([self._voucher(PAYERS[0], first + 200, shared)], to)
        vouchers = [
            self._voucher(payer, first + number, shared)
            for number, payer in enumerate(PAYERS, start=1)
        ]
        return self._settle(vouchers, to)

    def _settle(self, vouchers: list[Signed], to: str) -> Sent:
        settlement = (self.token.address, MERCHANT, to, 1)
        call = self.desk.functions.settle(
            settlement,
            [_voucher(signed) for signed in vouchers],
            [signed.signature for signed in vouchers],
            TILL,
            b"",
        )
        return self.suite.chain.send(TILL, call)

    def _hold(self, payer: Signer, merchant: str, amount: int) -> Sent:
        hold = self.desk.functions.hold(self.token.address, merchant, amount)
        return self.suite.chain.send(payer.address, hold)

    def _voucher(self, payer: Signer, serial: int, shared: bool) -> Signed:
        return sign(
            payer,
            Domain("Zegel Desk", self.suite.chain.id, self.desk.address),
            "Voucher",
            lambda number: {
                "token": self.token.address,
                "member": payer.address,
                "merchant": MERCHANT,
                "till": TILL,
                "serial": serial,
                "amount": AMOUNT,
                "shared": shared,
                "validBefore": DEADLINE + number,
            },
        )


def _awards() -> list[int]:
    """Enough for three purses and a purchase."""
    return [int(payer.address, 16) << 96 | 4 * PURSE for payer in PAYERS]


def _voucher(signed: Signed) -> tuple[object, ...]:
    """A voucher without what stands in its settlement."""
    return tuple(
        value for name, value in signed.values.items() if name not in ("token", "merchant")
    )
