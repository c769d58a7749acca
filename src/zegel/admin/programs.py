"""Creates a program: its token, listed in the exchange."""

from dataclasses import dataclass
from typing import Any

from eth_typing import ChecksumAddress

from zegel.admin.acts import rehearsed
from zegel.chain.sending import Sender
from zegel.deploy.book import Book, Deployment
from zegel.deploy.creation import code_hash
from zegel.deploy.plan import Finding, Plan, Step, done, needed, refused, resumable
from zegel.deploy.suite import NOBODY, Suite


@dataclass(frozen=True)
class ProgramSettings:
    """What a program is created with; see `IPointToken.Settings`.

    `admin` is the account that creates it unless another is named. Points expire after `lifetime`
    epochs of `months_per_epoch` months; 0 months: never. `admin_delay` is in seconds.
    """

    name: str
    symbol: str
    contract_uri: str = ""
    admin: ChecksumAddress | None = None
    admin_delay: int = 2 * 24 * 3600
    decimals: int = 0
    months_per_epoch: int = 12
    lifetime: int = 2
    transferable: bool = True


def create_program(suite: Suite, sender: Sender, settings: ProgramSettings, book: Book) -> Plan:
    """The step that creates a program and writes it into the address book."""
    return Plan((_Creation(suite, sender, settings, book).step(),))


def book_name(symbol: str) -> str:
    """The name of a program in the address book."""
    return f"PointToken {symbol}"


@dataclass(frozen=True)
class _Creation:
    suite: Suite
    sender: Sender
    settings: ProgramSettings
    book: Book

    def step(self) -> Step:
        symbol = self.settings.symbol
        description = f"program {symbol}: {self.settings.name}"
        return Step(f"create {symbol}", description, self.check, self.act, self.hindrance)

    def check(self) -> Finding:
        token = self._found()
        if token == NOBODY:
            return needed()
        expected = self._predicted(self._issuer(token))
        if token != expected:
            return refused(
                f"{self.settings.symbol} stands at {token} and was created with other settings, "
                "or for another exchange: mend the settings, or choose another symbol"
            )
        if book_name(self.settings.symbol) not in self.book.deployments:
            return resumable(f"it stands at {token}, to be written down")
        return done(f"at {token}")

    def hindrance(self) -> str | None:
        address, functions = self.sender.address, self.suite.registry.functions
        if not functions.isAccredited(address).call():
            return (
                f"{address} is not accredited: have a verifier run `brownie run accredit`, "
                "or run it with an account that is"
            )
        return rehearsed(functions.createProgram(self._values(address)), address)

    def act(self) -> None:
        if self._found() == NOBODY:
            values = self._values(self.sender.address)
            self.sender.send(self.suite.registry.functions.createProgram(values))
        self._record(self._found())

    def _record(self, token: ChecksumAddress) -> None:
        event = self.suite.registry.events.ProgramCreated.get_logs(
            from_block=self.suite.first_block, argument_filters={"token": token}
        )[0]
        functions = self.suite.registry.functions
        _, issuer, exchange, desk = functions.entryOf(token).call()
        network = [exchange, desk, functions.passkeys().call()]
        self.book.record(
            book_name(self.settings.symbol),
            Deployment(
                contract="PointToken",
                address=token,
                arguments=[list(self._values(issuer).values()), *network],
                block=event["blockNumber"],
                transaction=event["transactionHash"].to_0x_hex(),
                code_hash=code_hash(self.suite.connection, token),
            ),
        )

    def _found(self) -> ChecksumAddress:
        found: ChecksumAddress = self.suite.registry.functions.tokenOf(self.settings.symbol).call()
        return found

    def _issuer(self, token: ChecksumAddress) -> ChecksumAddress:
        issuer: ChecksumAddress = self.suite.registry.functions.entryOf(token).call()[1]
        return issuer

    def _predicted(self, issuer: ChecksumAddress) -> ChecksumAddress:
        """Where these settings put the program: its address follows from all of them."""
        predicted: ChecksumAddress = self.suite.registry.functions.predictProgram(
            issuer, self._values(issuer)
        ).call()
        return predicted

    def _values(self, issuer: ChecksumAddress) -> dict[str, Any]:
        """The settings as the contract takes them."""
        settings = self.settings
        return {
            "name": settings.name,
            "symbol": settings.symbol,
            "contractURI": settings.contract_uri,
            "admin": settings.admin or issuer,
            "adminDelay": settings.admin_delay,
            "decimals": settings.decimals,
            "monthsPerEpoch": settings.months_per_epoch,
            "lifetime": settings.lifetime,
            "transferable": settings.transferable,
        }
