"""Re-reads the chain and says where it differs from the address book and the settings file.

What the book says is compared with the code and the creating transactions; what the file says, by
asking every step of its plan whether it is done. Whoever has a role or a budget that the file does
not give is a difference too, for every role that the file names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eth_typing import ChecksumAddress, HexStr
from hexbytes import HexBytes
from web3.contract import Contract
from web3.exceptions import TransactionNotFound
from web3.utils.address import get_create2_address

from zegel.admin.acts import Program
from zegel.admin.network import plan_network
from zegel.admin.programs import book_name
from zegel.admin.state import State
from zegel.chain import artifacts, roles
from zegel.chain.connection import Connection
from zegel.chain.sending import UnlockedSender
from zegel.deploy.blueprint import blueprint, loader
from zegel.deploy.book import Book, Deployment
from zegel.deploy.creation import code_hash
from zegel.deploy.plan import AbsentError, Step, Verdict
from zegel.deploy.suite import (
    BLUEPRINT,
    DESK,
    EXCHANGE,
    PASSKEYS,
    REGISTRY,
    Suite,
    open_suite,
)

_PROGRAM = book_name("")


@dataclass(frozen=True)
class Line:
    """One thing that was compared. `difference` is empty if there is none."""

    what: str
    difference: str = ""

    def __str__(self) -> str:
        if self.difference:
            return f"[differs] {self.what}: {self.difference}"
        return f"[ok]      {self.what}"


def verify(connection: Connection, book: Book, state: State | None = None) -> Iterator[Line]:
    """Compares the chain with the address book and, if there is one, with the settings file."""
    for name, entry in book.deployments.items():
        yield _code(connection, name, entry)
        yield _creation(connection, name, entry, book)
    for name in book.pending:
        yield Line(name, "begun and not finished: run the script again that creates it")
    suite = open_suite(connection, book)
    yield from _wiring(suite, book)
    yield from _listing(suite, book)
    if state is not None:
        yield from _settings(suite, book, state)


def _code(connection: Connection, name: str, entry: Deployment) -> Line:
    what = f"{name}: code at {entry.address}"
    code, artifact = connection.code(entry.address), artifacts.load(entry.contract)
    as_built = code == blueprint(artifact.bytecode) if name == BLUEPRINT else artifact.matches(code)
    if not code:
        return Line(what, "there is none")
    if not as_built:
        return Line(what, "not what the sources of this version give")
    found = code_hash(connection, entry.address)
    if found != entry.code_hash:
        return Line(what, f"its hash is {found}, by the book {entry.code_hash}")
    return Line(what)


def _creation(connection: Connection, name: str, entry: Deployment, book: Book) -> Line:
    """Whether the arguments in the book are those that the contract was created with."""
    what = f"{name}: created with {entry.arguments}"
    eth = connection.web3.eth
    try:
        transaction = eth.get_transaction(HexBytes(entry.transaction))
    except TransactionNotFound:
        return Line(what, f"the chain has no transaction {entry.transaction}")
    if transaction["blockNumber"] != entry.block:
        return Line(what, f"in block {transaction['blockNumber']}, by the book {entry.block}")
    artifact = artifacts.load(entry.contract)
    if name == BLUEPRINT:
        return _told(what, HexBytes(transaction["input"]) == loader(artifact.bytecode))
    factory = eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
    code = HexBytes(factory.constructor(*entry.arguments).data_in_transaction)
    if transaction["to"] is None:
        return _told(what, HexBytes(transaction["input"]) == code)
    # The registry created it: the address itself follows from the code and the arguments.
    salt = "0x" + bytes.fromhex(transaction["from"][2:]).rjust(32, b"\0").hex()
    registry = book.deployments[REGISTRY].address
    expected = get_create2_address(registry, HexStr(salt), HexStr(code.to_0x_hex()))
    return _told(what, expected == entry.address)


def _told(what: str, is_so: bool) -> Line:
    return Line(what, "" if is_so else "the chain has other arguments, or other code")


def _wiring(suite: Suite, book: Book) -> Iterator[Line]:
    """Whether the contracts know each other."""
    functions = suite.registry.functions
    for what, view, name in (
        ("registry: exchange", functions.exchange(), EXCHANGE),
        ("registry: desk", functions.desk(), DESK),
        ("registry: blueprint", functions.blueprint(), BLUEPRINT),
        ("registry: passkeys", functions.passkeys(), PASSKEYS),
        ("exchange: registry", suite.exchange.functions.registry(), REGISTRY),
        ("desk: registry", suite.desk.functions.registry(), REGISTRY),
        ("desk: exchange", suite.desk.functions.exchange(), EXCHANGE),
        ("desk: passkeys", suite.desk.functions.passkeys(), PASSKEYS),
        ("drop: passkeys", suite.drop.functions.passkeys(), PASSKEYS),
        ("charter: passkeys", suite.charter.functions.passkeys(), PASSKEYS),
    ):
        found, expected = view.call(), book.deployments[name].address
        yield Line(what, "" if found == expected else f"{found}, by the book {expected}")


def _listing(suite: Suite, book: Book) -> Iterator[Line]:
    """Whether the registry and the book have the same programs."""
    known = {d.address: name for name, d in book.deployments.items() if name.startswith(_PROGRAM)}
    count = suite.registry.functions.programCount().call()
    listed = {entry[0] for entry in suite.registry.functions.programs(0, count).call()}
    for address in sorted(listed | set(known)):
        what = f"{known.get(address, _PROGRAM + address)}: listed in the registry"
        if address not in listed:
            yield Line(what, "it is not")
        elif address not in known:
            yield Line(what, "it is not in the address book")
        else:
            yield Line(what)


def _settings(suite: Suite, book: Book, state: State) -> Iterator[Line]:
    # Nothing is sent: the account only stands for whoever deployed.
    deployer = book.deployments[REGISTRY].arguments[0]
    viewer = UnlockedSender(suite.connection, deployer)
    for step in plan_network(suite, viewer, state, book).steps:
        yield _step(step)
    yield from _admin("registry", suite.registry, state.admin_now)
    if state.suite:
        if state.suite.operators:
            given = {roles.OPERATOR: state.suite.operators}
            yield from _surplus(suite, "registry", suite.registry, given)
        yield from _verifiers(suite, state.suite.verifiers)
    if state.issuers:
        yield from _surplus_issuers(suite, set(state.issuers))
    for symbol, program in state.programs.items():
        if Program(suite, symbol).is_there():
            token = suite.token(symbol)
            yield from _admin(symbol, token, program.admin_now)
            yield from _surplus(suite, symbol, token, program.roles)
            yield from _surplus_budgets(suite, symbol, token, set(program.budgets))


def _step(step: Step) -> Line:
    try:
        finding = step.check()
    except AbsentError:
        return Line(step.description, "not there")
    is_so = finding.verdict is Verdict.SKIP
    return Line(step.description, "" if is_so else finding.reason or "not so")


def _admin(where: str, keeper: Contract, expected: ChecksumAddress | None) -> Iterator[Line]:
    if expected is not None:
        found = keeper.functions.defaultAdmin().call()
        difference = "" if found == expected else f"now {found}"
        yield Line(f"{where}: {expected} is default admin", difference)


def _surplus(
    suite: Suite,
    where: str,
    keeper: Contract,
    given: Mapping[bytes, tuple[ChecksumAddress, ...]],
) -> Iterator[Line]:
    """Who has a role that the file names without giving it to them."""
    for role, accounts in given.items():
        events = keeper.events.RoleGranted.get_logs(
            from_block=suite.first_block, argument_filters={"role": role}
        )
        ever = {event["args"]["account"] for event in events}
        extra = [
            account
            for account in sorted(ever - set(accounts))
            if keeper.functions.hasRole(role, account).call()
        ]
        yield Line(
            f"{where}: nobody else is {roles.NAMES[role]}",
            f"{', '.join(extra)} too" if extra else "",
        )


def _verifiers(suite: Suite, given: tuple[ChecksumAddress, ...]) -> Iterator[Line]:
    """Whether those whom the file names are verifiers, and nobody else."""
    if not given:
        return
    events = suite.registry.events.VerifierAdded.get_logs(from_block=suite.first_block)
    ever = {event["args"]["verifier"] for event in events}
    now = {a for a in ever if suite.registry.functions.isVerifier(a).call()}
    for account in given:
        yield Line(f"registry: {account} is verifier", "" if account in now else "it is not")
    extra = sorted(now - set(given))
    yield Line("registry: nobody else is verifier", f"{', '.join(extra)} too" if extra else "")


def _surplus_issuers(suite: Suite, given: set[ChecksumAddress]) -> Iterator[Line]:
    events = suite.registry.events.IssuerAccredited.get_logs(from_block=suite.first_block)
    ever = {event["args"]["issuer"] for event in events}
    extra = [a for a in sorted(ever - given) if suite.registry.functions.isAccredited(a).call()]
    yield Line("registry: nobody else is accredited", f"{', '.join(extra)} too" if extra else "")


def _surplus_budgets(
    suite: Suite, symbol: str, token: Contract, given: set[ChecksumAddress]
) -> Iterator[Line]:
    if not given:
        return
    events = token.events.BudgetSet.get_logs(from_block=suite.first_block)
    ever = {event["args"]["awarder"] for event in events}
    extra = [a for a in sorted(ever - given) if token.functions.budgetOf(a).call()[0]]
    yield Line(f"{symbol}: nobody else awards", f"{', '.join(extra)} too" if extra else "")
