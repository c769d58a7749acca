"""Who may do what: every restricted function of every contract against every actor.

given any function that changes state
  it stands in one of the tables below, or is for everyone
given a restricted function
  when an actor of its row calls it, it is allowed
  when anyone else does, it is refused by the error that says what is missing
given somebody whom a member neither approved nor signed for, and who has no role
  nothing they call lowers the member's balance

Spec: C1, C7, D1, T16, T23, T26, T27, T29, T30, T33, T34, T35, T42, T43, T46, T50
Spec: X9, X13, X18, X21, X24, O7, O15, O21, O22
Spec: R1, R4, R5, R7, R12, R14, R15, R16
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from brownie import accounts
from brownie.exceptions import VirtualMachineError
from eth_account import Account
from eth_utils import keccak
from support import roles
from support.charters import Draft, rule
from support.clock import DAY, START, travel_to
from support.deploying import program_settings
from support.desk import promise
from support.drops import EPOCH_END
from support.errors import refused
from support.events import ZERO
from support.words import award_word, bytes32, lots

WORD = bytes32("a word")

ACTORS = (
    "deployer",
    "operator",
    "verifier",
    "issuer",
    "awarder",
    "guardian",
    "corrector",
    "freezer",
    "recoverer",
    "pricer",
    "treasurer",
    "member",
    "other_member",
    "merchant",
    "relayer",
    "attester",
    "outsider",
    "the registry",
    "the exchange",
    "the desk",
    "the drop",
)

# For everyone: they concern what belongs to the caller, needs a signature, or harms nobody.
PUBLIC = {
    "PointToken": {
        "transfer",
        "transferFrom",
        "approve",
        "permit",
        "transferWithAuthorization",
        "receiveWithAuthorization",
        "cancelAuthorization",
        "redeem",
        "redeemFrom",
        "redeemWithAuthorization",
        "sweep",
        "renounceRole",
    },
    "IssuerRegistry": {"accredit", "addVerifier", "reinstate", "renounceRole"},
    "PointExchange": {
        "convert",
        "convertWithAuthorization",
        "fund",
        "fundWithPermit",
        "withdrawFees",
    },
    "AwardDrop": {"claim", "claimTo", "closeDrop", "clear"},
    "RewardCharter": {"signFor", "rewardFor"},
    "OfflineDesk": {
        "hold",
        "holdWithAuthorization",
        "release",
        "releaseWithAuthorization",
        "returnPurse",
        "repay",
        "setPayout",
    },
}


@dataclass(frozen=True)
class Row:
    """A restricted function, an allowed call of it, by whom, and what others are told."""

    contract: str
    function: str
    arguments: Callable[[Any], tuple[Any, ...]]
    allowed: tuple[str, ...]
    missing: Callable[[Any, Any], tuple[Any, ...]]
    given: Callable[[Any], None] = lambda world: None

    def __str__(self) -> str:
        return f"{self.contract}.{self.function}"


def role(identifier: str) -> Callable[[Any, Any], tuple[Any, ...]]:
    """OpenZeppelin's refusal of someone without a role."""
    return lambda world, caller: ("AccessControlUnauthorizedAccount", caller, identifier)


def program_role(identifier: str) -> Callable[[Any, Any], tuple[Any, ...]]:
    """The exchange's refusal of someone without a role in the program's token."""
    return lambda world, caller: ("MissingRole", caller, world.token, identifier)


def desk_admin(world: Any, caller: Any) -> tuple[Any, ...]:
    """The desk's refusal of someone who is not the default admin of the program's token."""
    return ("NotAdmin", caller, world.token)


def just(error: str) -> Callable[[Any, Any], tuple[Any, ...]]:
    """A refusal that names the caller only."""
    return lambda world, caller: (error, caller)


ADMIN = role(roles.DEFAULT_ADMIN)
OPERATOR = role(roles.OPERATOR)
PROGRAM_ADMIN = program_role(roles.DEFAULT_ADMIN)
NEW_ADMIN = just("AccessControlInvalidDefaultAdmin")


def frozen(world: Any) -> None:
    world.token.freeze(world.member, WORD, {"from": world.freezer})


def paused(world: Any) -> None:
    world.token.pause({"from": world.guardian})


def scheduled(world: Any) -> None:
    world.exchange.setPriceGuards(world.token, (0, 0, DAY), {"from": world.issuer})
    world.exchange.setPrices(world.token, 5, 6, {"from": world.pricer})


def funded(world: Any) -> None:
    world.settlement.mint(world.outsider, 100, {"from": world.outsider})
    world.settlement.approve(world.exchange, 100, {"from": world.outsider})
    world.exchange.fund(world.token, 100, {"from": world.outsider})


def with_merchant(world: Any) -> None:
    world.registry.registerMerchant(world.merchant, "Corner Shop", {"from": world.operator})


def with_till(world: Any) -> None:
    with_merchant(world)
    world.registry.registerTill(world.relayer, {"from": world.merchant})


def agreed(world: Any) -> None:
    world.charter.propose(*world.draft.arguments, {"from": world.issuer})
    world.charter.sign(world.draft.id, {"from": world.merchant})
    world.token.setBudget(world.charter, 500, DAY, {"from": world.issuer})


def overspent(world: Any) -> None:
    """A member has promised one unit more than its shared purse holds, and owes it."""
    world.desk.setGuarantee(world.token, 5, 1, {"from": world.issuer})
    world.desk.setLimit(world.token, world.merchant, 5, {"from": world.issuer})
    world.desk.hold(world.token, ZERO, 10, {"from": world.member})
    shop = (world.token, world.merchant, ZERO, 0)
    voucher = promise(
        world.desk, world.token, world.member, world.merchant, world.merchant, 11, shared=True
    )
    world.desk.settle(
        shop, [voucher.voucher], [voucher.signature], world.merchant, b"", {"from": world.merchant}
    )


def held(world: Any) -> None:
    world.token.hold(world.member, 10, {"from": getattr(world, "the desk")})


def authorization(world: Any) -> tuple[Any, ...]:
    """A message that `member` signed for the token."""
    domain = bytes.fromhex(str(world.token.DOMAIN_SEPARATOR())[2:])
    digest = keccak(b"\x19\x01" + domain + bytes.fromhex(WORD[2:]))
    signed = Account.unsafe_sign_hash(digest, world.member.private_key)
    return world.member, WORD, 0, 2**40, WORD, signed.signature


def handed_over(contract: str) -> Callable[[Any], None]:
    """Somebody has been named as the next admin, and the delay is over."""

    def given(world: Any) -> None:
        admin = world.issuer if contract == "token" else world.deployer
        getattr(world, contract).beginDefaultAdminTransfer(world.relayer, {"from": admin})
        travel_to(int(START.timestamp()) + 10 * DAY)

    return given


def table_of_admin(contract: str, name: str, admin: str) -> list[Row]:
    """OpenZeppelin's functions for admins, of the token as of the registry."""
    return [
        Row(name, "grantRole", lambda w: (roles.EXCHANGE, w.member), (admin,), ADMIN),
        Row(name, "revokeRole", lambda w: (roles.EXCHANGE, w.member), (admin,), ADMIN),
        Row(name, "beginDefaultAdminTransfer", lambda w: (w.member,), (admin,), ADMIN),
        Row(name, "cancelDefaultAdminTransfer", lambda w: (), (admin,), ADMIN),
        Row(
            name,
            "acceptDefaultAdminTransfer",
            lambda w: (),
            ("relayer",),
            NEW_ADMIN,
            handed_over(contract),
        ),
        Row(name, "changeDefaultAdminDelay", lambda w: (DAY,), (admin,), ADMIN),
        Row(name, "rollbackDefaultAdminDelay", lambda w: (), (admin,), ADMIN),
    ]


TOKEN = [
    Row(
        "PointToken",
        "award",
        lambda w: (w.member, 1, WORD),
        ("awarder", "corrector"),
        just("NotAwarder"),
    ),
    Row(
        "PointToken",
        "awardBatch",
        lambda w: (WORD, [award_word(w.member, 1)]),
        ("awarder", "corrector"),
        just("NotAwarder"),
    ),
    Row("PointToken", "setBudget", lambda w: (w.member, 5, DAY), ("issuer",), ADMIN),
    Row(
        "PointToken",
        "revokeBudget",
        lambda w: (w.awarder,),
        ("guardian",),
        role(roles.GUARDIAN),
    ),
    Row(
        "PointToken",
        "refund",
        lambda w: (w.member, lots(1, 5), WORD),
        ("corrector",),
        role(roles.CORRECTOR),
    ),
    Row(
        "PointToken",
        "correct",
        lambda w: (w.member, 5, WORD, WORD),
        ("corrector",),
        role(roles.CORRECTOR),
    ),
    Row(
        "PointToken",
        "burnFor",
        lambda w: (w.member, 5),
        ("the exchange",),
        just("NotExchange"),
    ),
    Row(
        "PointToken",
        "mintFor",
        lambda w: (w.member, 5),
        ("the exchange",),
        just("NotExchange"),
    ),
    Row(
        "PointToken",
        "awardFor",
        lambda w: (w.awarder, w.member, 1, WORD),
        ("the drop",),
        role(roles.DISTRIBUTOR),
    ),
    Row(
        "PointToken",
        "useAuthorization",
        authorization,
        ("the exchange", "the desk"),
        just("NotExchange"),
    ),
    Row("PointToken", "hold", lambda w: (w.member, 5), ("the desk",), just("NotDesk")),
    Row(
        "PointToken",
        "payHeld",
        lambda w: (w.merchant, lots(0, 5)),
        ("the desk",),
        just("NotDesk"),
        held,
    ),
    Row(
        "PointToken",
        "guarantee",
        lambda w: (w.other_member, w.merchant, 5),
        ("the desk",),
        just("NotDesk"),
    ),
    Row(
        "PointToken",
        "switchExchange",
        lambda w: (False,),
        ("guardian",),
        role(roles.GUARDIAN),
    ),
    Row("PointToken", "switchExchange", lambda w: (True,), ("issuer",), ADMIN),
    Row("PointToken", "freeze", lambda w: (w.member, WORD), ("freezer",), role(roles.FREEZER)),
    Row(
        "PointToken",
        "unfreeze",
        lambda w: (w.member, WORD),
        ("freezer",),
        role(roles.FREEZER),
        frozen,
    ),
    Row(
        "PointToken",
        "recover",
        lambda w: (w.member, w.other_member, WORD),
        ("recoverer",),
        role(roles.RECOVERER),
        frozen,
    ),
    Row("PointToken", "pause", lambda w: (), ("guardian",), role(roles.GUARDIAN)),
    Row("PointToken", "unpause", lambda w: (), ("issuer",), ADMIN, paused),
    Row("PointToken", "setContractURI", lambda w: ("ipfs://bafy",), ("issuer",), ADMIN),
    *table_of_admin("token", "PointToken", "issuer"),
]

REGISTRY = [
    Row(
        "IssuerRegistry",
        "createProgram",
        lambda w: (program_settings(w.issuer, "NEW"),),
        ("issuer",),
        just("NotAccredited"),
    ),
    Row(
        "IssuerRegistry",
        "revokeCredential",
        lambda w: (w.issuer, WORD),
        ("operator", "verifier"),
        OPERATOR,
    ),
    Row("IssuerRegistry", "scheduleVerifier", lambda w: (w.relayer,), ("deployer",), ADMIN),
    Row("IssuerRegistry", "removeVerifier", lambda w: (w.verifier,), ("deployer",), ADMIN),
    Row("IssuerRegistry", "suspend", lambda w: (w.token, WORD), ("operator",), OPERATOR),
    Row(
        "IssuerRegistry",
        "scheduleReinstatement",
        lambda w: (w.token, WORD),
        ("deployer",),
        ADMIN,
    ),
    Row(
        "IssuerRegistry",
        "setNetwork",
        lambda w: (w.exchange, w.registry.desk()),
        ("deployer",),
        ADMIN,
    ),
    Row(
        "IssuerRegistry",
        "registerMerchant",
        lambda w: (w.merchant, "Corner Shop"),
        ("operator",),
        OPERATOR,
    ),
    Row(
        "IssuerRegistry",
        "removeMerchant",
        lambda w: (w.merchant, WORD),
        ("operator",),
        OPERATOR,
        with_merchant,
    ),
    Row(
        "IssuerRegistry",
        "registerTill",
        lambda w: (w.relayer,),
        ("merchant",),
        just("NotMerchant"),
        with_merchant,
    ),
    Row(
        "IssuerRegistry",
        "revokeTill",
        lambda w: (w.relayer,),
        ("merchant", "operator"),
        OPERATOR,
        with_till,
    ),
    Row(
        "IssuerRegistry",
        "grantRole",
        lambda w: (roles.OPERATOR, w.member),
        ("deployer",),
        ADMIN,
    ),
    *table_of_admin("registry", "IssuerRegistry", "deployer"),
]

EXCHANGE = [
    Row(
        "PointExchange",
        "setPrices",
        lambda w: (w.token, 5, 6),
        ("pricer",),
        program_role(roles.PRICER),
    ),
    Row(
        "PointExchange",
        "cancelScheduledPrices",
        lambda w: (w.token,),
        ("pricer", "guardian"),
        program_role(roles.PRICER),
        scheduled,
    ),
    Row(
        "PointExchange",
        "setTerms",
        lambda w: (w.token, w.partner, (7, 0, 2**40 - 1, False)),
        ("pricer",),
        program_role(roles.PRICER),
    ),
    Row(
        "PointExchange",
        "setPriceGuards",
        lambda w: (w.token, (0, 0, DAY)),
        ("issuer",),
        PROGRAM_ADMIN,
    ),
    Row(
        "PointExchange",
        "setDailyLimits",
        lambda w: (w.token, (5, 5, 5)),
        ("issuer",),
        PROGRAM_ADMIN,
    ),
    Row(
        "PointExchange",
        "switchCash",
        lambda w: (w.token, (True, True)),
        ("issuer",),
        PROGRAM_ADMIN,
    ),
    Row(
        "PointExchange",
        "setCarryExpiry",
        lambda w: (w.token, True),
        ("issuer",),
        PROGRAM_ADMIN,
    ),
    Row(
        "PointExchange",
        "withdraw",
        lambda w: (w.token, w.treasurer, 100),
        ("treasurer",),
        program_role(roles.TREASURER),
        funded,
    ),
    Row(
        "PointExchange",
        "list",
        lambda w: (w.unlisted,),
        ("the registry",),
        just("NotRegistry"),
    ),
    Row(
        "PointExchange",
        "setSuspension",
        lambda w: (w.token, True),
        ("the registry",),
        just("NotRegistry"),
    ),
]

DROP = [
    Row(
        "AwardDrop",
        "openDrop",
        lambda w: (w.token, WORD, 5, EPOCH_END),
        ("awarder", "corrector"),
        just("NotAwarder"),
    ),
]

CHARTER = [
    Row(
        "RewardCharter",
        "propose",
        lambda w: w.draft.arguments,
        ("issuer",),
        lambda world, caller: ("NotTokenAdmin", caller, world.token),
    ),
    Row(
        "RewardCharter",
        "sign",
        lambda w: (w.draft.id,),
        ("merchant",),
        lambda world, caller: ("NotParty", world.draft.id, caller),
        lambda w: w.charter.propose(*w.draft.arguments, {"from": w.issuer}),
    ),
    Row(
        "RewardCharter",
        "reward",
        lambda w: (w.draft.id, 0, w.member, WORD),
        ("attester",),
        lambda world, caller: ("NotAttester", caller, world.attester),
        agreed,
    ),
]

DESK = [
    Row(
        "OfflineDesk",
        "settle",
        lambda w: ((w.token, w.merchant, ZERO, 0), [], [], w.merchant, b""),
        ("merchant",),
        lambda world, caller: ("InvalidSignature", world.merchant),
    ),
    Row("OfflineDesk", "setGuarantee", lambda w: (w.token, 5, 5), ("issuer",), desk_admin),
    Row("OfflineDesk", "setLimit", lambda w: (w.token, w.merchant, 0), ("issuer",), desk_admin),
    Row(
        "OfflineDesk", "writeOff", lambda w: (w.token, w.member), ("issuer",), desk_admin, overspent
    ),
    Row(
        "OfflineDesk",
        "recoverPurse",
        lambda w: (w.token, w.member, ZERO, w.other_member),
        ("recoverer",),
        lambda world, caller: ("NotRecoverer", caller, world.token),
        overspent,
    ),
]

TABLE = [*TOKEN, *REGISTRY, *EXCHANGE, *DROP, *CHARTER, *DESK]


@pytest.fixture(scope="module")
def programs(create_program, exchange, desk, passkeys, issuer, pricer, PointToken):
    """Two programs with prices, and a token that the registry does not know."""
    air, rail = create_program("AIR"), create_program("RAIL")
    for program in (air, rail):
        exchange.setPrices(program, 5, 6, {"from": pricer})
    settings = program_settings(issuer, "STRAY")
    stray = PointToken.deploy(settings, exchange, desk, passkeys, {"from": issuer})
    return air, rail, stray


@pytest.fixture
def world(request, programs, registry, exchange, settlement, drop, charter, desk):
    """Everything that a row of the table refers to."""

    class World:
        token, partner, unlisted = programs

    world = World()
    world.registry, world.exchange, world.settlement = registry, exchange, settlement
    for name in ACTORS:
        if not name.startswith("the "):
            setattr(world, name, request.getfixturevalue(name))
    setattr(world, "the registry", accounts.at(registry.address, force=True))
    setattr(world, "the exchange", accounts.at(exchange.address, force=True))
    setattr(world, "the desk", accounts.at(desk.address, force=True))
    setattr(world, "the drop", accounts.at(drop.address, force=True))
    world.drop, world.charter, world.desk = drop, charter, desk
    world.token.award(world.member, 500, WORD, {"from": world.awarder})
    world.token.grantRole(roles.DISTRIBUTOR, drop, {"from": world.issuer})
    world.draft = Draft(str(world.token), (str(world.merchant),), (rule(world.attester),))
    return world


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_only_the_allowed_are_let_in(world, row):
    row.given(world)
    contract = {
        "PointToken": world.token,
        "IssuerRegistry": world.registry,
        "PointExchange": world.exchange,
        "AwardDrop": world.drop,
        "RewardCharter": world.charter,
        "OfflineDesk": world.desk,
    }[row.contract]
    function = getattr(contract, row.function)
    arguments = row.arguments(world)

    for name in ACTORS:
        caller = getattr(world, name)
        if name not in row.allowed:
            with refused(*row.missing(world, caller)):
                function.call(*arguments, {"from": caller})
    for name in row.allowed:
        function.call(*arguments, {"from": getattr(world, name)})
    function(*arguments, {"from": getattr(world, row.allowed[0])})


@pytest.mark.parametrize("contract", PUBLIC)
def test_every_function_stands_in_a_table(request, contract):
    container = request.getfixturevalue(contract)
    changing = {
        entry["name"]
        for entry in container.abi
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    }

    restricted = {row.function for row in TABLE if row.contract == contract}
    assert changing == restricted | PUBLIC[contract]
    assert not restricted & PUBLIC[contract]


# Calls that could take points from `member`, if they were let.
THEFTS = {
    "transferFrom": lambda w: (w.member, w.outsider, 1),
    "redeemFrom": lambda w: (w.member, 1, WORD),
    "permit": lambda w: (w.member, w.outsider, 1, 2**40, 27, WORD, WORD),
    "transferWithAuthorization": lambda w: (
        *(w.member, w.outsider, 1, 0, 2**40, WORD),
        *(27, WORD, WORD),
    ),
    "receiveWithAuthorization": lambda w: (
        *(w.member, w.outsider, 1, 0, 2**40, WORD),
        *(27, WORD, WORD),
    ),
    "cancelAuthorization": lambda w: (w.member, WORD, 27, WORD, WORD),
    "redeemWithAuthorization": lambda w: (w.member, 1, WORD, 0, 2**40, WORD, bytes(65)),
    "renounceRole": lambda w: (roles.FREEZER, w.freezer),
    "sweep": lambda w: ([w.member],),
    # These concern the caller's own points.
    "transfer": lambda w: (w.member, 0),
    "redeem": lambda w: (0, WORD),
    "approve": lambda w: (w.member, 1),
}


def test_outsiders_lower_nobodys_balance(world):
    attempts = {row.function: row.arguments for row in TOKEN} | THEFTS
    changing = {
        entry["name"]
        for entry in world.token.abi
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    }
    assert set(attempts) == changing
    went_through = set()

    for name, arguments in attempts.items():
        try:
            getattr(world.token, name)(*arguments(world), {"from": world.outsider})
        except VirtualMachineError:
            continue
        went_through.add(name)

    assert went_through == {"sweep", "transfer", "redeem", "approve"}
    assert world.token.balanceOf(world.member) == world.token.totalSupply() == 500


@pytest.mark.parametrize("contract", ["token", "registry"])
def test_roles_are_renounced_for_oneself_only(world, contract):
    holder, identifier = {
        "token": (world.guardian, roles.GUARDIAN),
        "registry": (world.operator, roles.OPERATOR),
    }[contract]
    target = getattr(world, contract)

    with refused("AccessControlBadConfirmation"):
        target.renounceRole(identifier, holder, {"from": world.outsider})

    assert target.hasRole(identifier, holder)
    target.renounceRole(identifier, holder, {"from": holder})
    assert not target.hasRole(identifier, holder)


@pytest.mark.parametrize("contract", ["token", "registry"])
def test_admin_is_granted_by_the_two_steps_only(world, contract):
    admin = world.issuer if contract == "token" else world.deployer
    target = getattr(world, contract)

    with refused("AccessControlEnforcedDefaultAdminRules"):
        target.grantRole(roles.DEFAULT_ADMIN, world.member, {"from": admin})
    with refused("AccessControlEnforcedDefaultAdminRules"):
        target.revokeRole(roles.DEFAULT_ADMIN, admin, {"from": admin})

    assert target.defaultAdmin() == admin
