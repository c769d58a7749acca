"""Issuers create programs, and everyone finds them.

createProgram
  given an accredited issuer and a free symbol
    it creates the token, lists it in the exchange and enters it in the directory
    at the address that predictProgram told
    when several are created, the directory keeps their order
  given the symbol is taken, by whomever
    it is refused
  given the symbol is empty, too long, or has other characters
    it is refused
  given settings out of bounds
    it is refused with the token's reason
  given the network is not set
    it is refused
  given the issuer is not accredited, or not any more
    it is refused, see test_accrediting.py
predictProgram
  it depends on the issuer and on every setting
programs
  it gives pages of the directory, also past its end
entryOf
  given a token that the registry did not create
    it is refused
the constructor
  given a blueprint that is none, or no passkey verifier
    it is refused
a blueprint that makes nothing
  it is refused when the first program is created

Spec: R1, R2, R3, R6
"""

import pytest
from brownie import web3
from support import roles
from support.clock import DAY
from support.credentials import accredit
from support.deploying import (
    ADMIN_DELAY,
    OFFLINE_WINDOW,
    PREAMBLE,
    deploy_blueprint,
    deploy_code,
    program_settings,
)
from support.errors import refused
from support.events import ZERO, assert_events, plain


@pytest.fixture
def create(registry, issuer):
    """Creates a program the short way; returns its token's address."""

    def creating(symbol, **settings):
        tx = registry.createProgram(program_settings(issuer, symbol, **settings), {"from": issuer})
        return tx.return_value

    return creating


# createProgram


def test_program_is_created(registry, exchange, desk, passkeys, issuer, PointToken):
    settings = program_settings(issuer, "AIR", decimals=2)
    predicted = registry.predictProgram(issuer, settings)

    tx = registry.createProgram(settings, {"from": issuer})

    assert tx.return_value == predicted
    assert_events(
        tx,
        (predicted, "RoleGranted", roles.DEFAULT_ADMIN, issuer, registry),
        (registry, "ProgramCreated", predicted, issuer, exchange, desk, settings),
        (exchange, "ProgramListed", predicted, 2),
    )
    assert registry.isProgram(predicted) is True
    assert registry.tokenOf("AIR") == predicted
    assert plain(registry.entryOf(predicted)) == plain((predicted, issuer, exchange, desk))
    assert registry.programCount() == 1
    token = PointToken.at(predicted)
    assert token.symbol() == "AIR"
    assert token.defaultAdmin() == issuer
    assert token.exchange() == exchange
    assert token.desk() == desk
    assert token.passkeys() == passkeys


def test_token_is_the_one_that_the_compiler_made(
    create, exchange, desk, passkeys, issuer, PointToken
):
    created = PointToken.at(create("AIR"))
    settings = program_settings(issuer, "AIR")
    deployed = PointToken.deploy(settings, exchange, desk, passkeys, {"from": issuer})

    # The domain's separator and address differ; they are as long in both.
    assert len(created.bytecode) == len(deployed.bytecode)
    differences = sum(
        one != other for one, other in zip(created.bytecode, deployed.bytecode, strict=True)
    )
    assert differences <= 4 * 64


def test_admin_need_not_be_the_issuer(registry, create, issuer, member, PointToken):
    tx = registry.createProgram(program_settings(member, "AIR"), {"from": issuer})

    token = PointToken.at(tx.return_value)
    assert token.defaultAdmin() == member
    assert registry.entryOf(token)["issuer"] == issuer


@pytest.mark.parametrize("symbol", ["A", "7", "AZ09", "ZEGELZEGELZ"])
def test_symbols_are_capitals_and_digits(registry, create, symbol):
    token = create(symbol)

    assert registry.tokenOf(symbol) == token


@pytest.mark.parametrize(
    "symbol",
    [
        "",
        "ZEGELZEGELZE",
        "air",
        "AIR ",
        " AIR",
        "A-R",
        "A.R",
        "A\0R",
        "ÀIR",
        "\u0410IR",
        "AIR@",
        "A[R",
        "A/R",
        "A:R",
    ],
)
def test_other_symbols_are_refused(registry, create, symbol):
    with refused("InvalidSymbol", symbol):
        create(symbol)

    assert registry.programCount() == 0


def test_symbol_is_taken_once(registry, verifier, create, member):
    taken = create("AIR")
    accredit(registry, member, verifier)

    with refused("SymbolTaken", "AIR", taken):
        create("AIR", decimals=0)
    with refused("SymbolTaken", "AIR", taken):
        registry.createProgram(program_settings(member, "AIR"), {"from": member})

    assert registry.programCount() == 1


def test_bad_settings_are_refused_with_the_reason(registry, create):
    with refused("InvalidSetting", "lifetime", 5):
        create("AIR", lifetime=5)

    assert registry.tokenOf("AIR") == ZERO
    assert registry.programCount() == 0
    create("AIR")
    assert registry.programCount() == 1


def test_programs_need_a_network(blueprint, passkeys, deployer, verifier, issuer, IssuerRegistry):
    by = {"from": deployer}
    lonely = IssuerRegistry.deploy(deployer, ADMIN_DELAY, blueprint, passkeys, [verifier], by)
    accredit(lonely, issuer, verifier)

    with refused("NetworkNotSet"):
        lonely.createProgram(program_settings(issuer), {"from": issuer})


# predictProgram


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Other points"},
        {"contract_uri": ""},
        {"admin_delay": DAY},
        {"decimals": 3},
        {"months": 6},
        {"lifetime": 3},
        {"transferable": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_address_depends_on_every_setting(registry, create, issuer, changed):
    settings = program_settings(issuer, "AIR", **changed)

    predicted = registry.predictProgram(issuer, settings)

    assert predicted != registry.predictProgram(issuer, program_settings(issuer, "AIR"))
    assert create("AIR", **changed) == predicted


def test_address_depends_on_the_issuer_and_the_admin(registry, issuer, member):
    settings = program_settings(issuer)

    addresses = {
        registry.predictProgram(issuer, settings),
        registry.predictProgram(member, settings),
        registry.predictProgram(issuer, program_settings(member)),
        registry.predictProgram(issuer, program_settings(issuer, "RAIL")),
    }

    assert len(addresses) == 4


# programs


def test_directory_is_read_in_pages(registry, exchange, desk, create, issuer):
    tokens = [create(symbol) for symbol in ("ONE", "TWO", "THREE", "FOUR", "FIVE")]
    entries = [plain((token, issuer, exchange, desk)) for token in tokens]

    def page(offset, limit):
        return list(plain(registry.programs(offset, limit)))

    assert registry.programCount() == 5
    assert page(0, 5) == page(0, 100) == page(0, 2**256 - 1) == entries
    assert page(0, 2) == entries[:2]
    assert page(2, 2) == entries[2:4]
    assert page(4, 2) == entries[4:]
    assert page(1, 0) == page(5, 1) == page(2**256 - 1, 2**256 - 1) == []


def test_unknown_tokens_are_told(registry, exchange, settlement):
    for stranger in (exchange, settlement, ZERO):
        assert registry.isProgram(stranger) is False
        with refused("ProgramUnknown", stranger):
            registry.entryOf(stranger)
    assert registry.tokenOf("AIR") == ZERO


# The blueprint


def test_blueprint_is_the_creation_code(registry, blueprint, PointToken):
    assert registry.blueprint() == blueprint
    code = web3.eth.get_code(blueprint)
    assert bytes(code) == PREAMBLE + bytes.fromhex(PointToken.bytecode)


@pytest.mark.parametrize(
    "code",
    ["fe7100", "fe7101600000", "fe7200600000", "ff7100600000", "6000", "fe71"],
)
def test_blueprint_that_is_none_is_refused(deployer, passkeys, IssuerRegistry, code):
    malformed = deploy_code(bytes.fromhex(code), deployer)

    with refused("InvalidBlueprint", malformed):
        IssuerRegistry.deploy(deployer, ADMIN_DELAY, malformed, passkeys, [], {"from": deployer})


def test_account_without_code_as_blueprint_is_refused(deployer, passkeys, outsider, IssuerRegistry):
    for nothing in (outsider, ZERO):
        with refused("InvalidBlueprint", nothing):
            IssuerRegistry.deploy(deployer, ADMIN_DELAY, nothing, passkeys, [], {"from": deployer})


def test_registry_without_passkey_verifier_is_refused(deployer, blueprint, IssuerRegistry):
    with refused("ZeroAddress"):
        IssuerRegistry.deploy(deployer, ADMIN_DELAY, blueprint, ZERO, [], {"from": deployer})


@pytest.mark.parametrize("code", ["fe", "5f5ffd"], ids=["invalid", "revert"])
def test_blueprint_that_makes_nothing_creates_no_program(
    deployer,
    verifier,
    issuer,
    settlement,
    passkeys,
    IssuerRegistry,
    PointExchange,
    OfflineDesk,
    code,
):
    by = {"from": deployer}
    broken = deploy_code(PREAMBLE + bytes.fromhex(code), deployer)
    registry = IssuerRegistry.deploy(deployer, ADMIN_DELAY, broken, passkeys, [verifier], by)
    exchange = PointExchange.deploy(settlement, registry, 0, ZERO, by)
    desk = OfflineDesk.deploy(registry, exchange, passkeys, OFFLINE_WINDOW, by)
    registry.setNetwork(exchange, desk, by)
    accredit(registry, issuer, verifier)

    with refused("FailedDeployment"):
        registry.createProgram(program_settings(issuer), {"from": issuer})

    assert registry.programCount() == 0


def test_blueprints_are_deployed_anywhere(deployer, issuer, passkeys, IssuerRegistry, PointToken):
    again = deploy_blueprint(PointToken, issuer)

    registry = IssuerRegistry.deploy(deployer, ADMIN_DELAY, again, passkeys, [], {"from": deployer})

    assert registry.blueprint() == again
