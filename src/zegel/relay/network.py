"""What a relay knows of its network: the contracts, the programs, and whom charters and drops name.

What is asked once is kept: programs, drops and rules never change once they stand.
"""

from dataclasses import dataclass, field
from typing import Any

from eth_typing import ChecksumAddress
from web3.contract.contract import ContractFunction

from zegel.chain.messages import Domain
from zegel.deploy.suite import NOBODY, Suite
from zegel.errors import RelayRefused
from zegel.relay.reasons import UNKNOWN_CONTRACT, WRONG_NETWORK

# The domains of the contracts that serve all programs, by their names.
_DESK, _DROP, _CHARTER, _REGISTRY = "Zegel Desk", "Zegel Drop", "Zegel Charter", "Zegel Registry"

_COMMON = {
    "Voucher": _DESK,
    "Settlement": _DESK,
    "ClaimTo": _DROP,
    "CharterSignature": _CHARTER,
    "Reward": _CHARTER,
    "IssuerCredential": _REGISTRY,
}


@dataclass(frozen=True)
class Network:
    """The contracts of a suite, as messages name them."""

    suite: Suite
    _names: dict[ChecksumAddress, str] = field(default_factory=dict)
    _drops: dict[bytes, ChecksumAddress] = field(default_factory=dict)
    _charters: dict[bytes, ChecksumAddress] = field(default_factory=dict)
    _attesters: dict[tuple[bytes, int], ChecksumAddress] = field(default_factory=dict)

    def check(self, kind: str, domain: Domain) -> None:
        """Sees that a message is for the contract of this network that it should be for."""
        if domain.chain_id != self.suite.connection.chain_id:
            raise RelayRefused(
                WRONG_NETWORK,
                f"domain.chainId is {domain.chain_id}: "
                f"sign for chain {self.suite.connection.chain_id}",
                field="domain.chainId",
            )
        name, contract = self._expected(kind, domain)
        if domain.contract != contract:
            raise RelayRefused(
                UNKNOWN_CONTRACT,
                f"domain.verifyingContract is {domain.contract}: {kind} is for {contract}",
                field="domain.verifyingContract",
            )
        if domain.name != name:
            raise RelayRefused(
                UNKNOWN_CONTRACT,
                f"domain.name is {domain.name!r}: {contract} calls itself {name!r}",
                field="domain.name",
            )

    def program(self, token: ChecksumAddress, what: str) -> ChecksumAddress:
        """A token, if it is a program of this network; `what` names the value that says so."""
        if token not in self._names:
            if not self._told(self.suite.registry.functions.isProgram(token)):
                raise RelayRefused(
                    UNKNOWN_CONTRACT,
                    f"{what} is {token}: no program of this network",
                    field=what,
                )
            contract = self.suite.connection.contract("PointToken", token)
            self._names[token] = self._told(contract.functions.name())
        return token

    def program_of_drop(self, drop: bytes) -> ChecksumAddress:
        """Whose points a drop awards."""
        if drop not in self._drops:
            found = self._told(self.suite.drop.functions.dropOf(drop))[0]
            self._drops[drop] = self._program_behind(found, "dropId", drop)
        return self._drops[drop]

    def program_of_charter(self, charter: bytes) -> ChecksumAddress:
        """Whose points a charter awards."""
        if charter not in self._charters:
            found = self._told(self.suite.charter.functions.charterOf(charter))[0]
            self._charters[charter] = self._program_behind(found, "charterId", charter)
        return self._charters[charter]

    def attester(self, charter: bytes, rule: int) -> ChecksumAddress:
        """Who says, by a rule, that something happened."""
        if (charter, rule) not in self._attesters:
            found = self._told(self.suite.charter.functions.ruleOf(charter, rule))[4]
            if found == NOBODY:
                raise RelayRefused(
                    UNKNOWN_CONTRACT,
                    f"message.rule is {rule}: the charter 0x{charter.hex()} has no such rule",
                    field="message.rule",
                )
            self._attesters[charter, rule] = found
        return self._attesters[charter, rule]

    def _told(self, view: ContractFunction) -> Any:
        return self.suite.connection.patiently(view.call)

    def _expected(self, kind: str, domain: Domain) -> tuple[str, ChecksumAddress]:
        """The domain's name and contract that a message should have."""
        name = _COMMON.get(kind)
        if name is None:
            token = self.program(domain.contract, "domain.verifyingContract")
            return self._names[token], token
        suite = self.suite
        contracts = {
            _DESK: suite.desk,
            _DROP: suite.drop,
            _CHARTER: suite.charter,
            _REGISTRY: suite.registry,
        }
        return name, contracts[name].address

    def _program_behind(self, token: ChecksumAddress, what: str, name: bytes) -> ChecksumAddress:
        if token == NOBODY:
            raise RelayRefused(
                UNKNOWN_CONTRACT,
                f"message.{what} is 0x{name.hex()}: there is none on this network",
                field=f"message.{what}",
            )
        return self.program(token, f"the token of message.{what}")
