"""What a program is created with, and what the token says about itself.

creation
  given settings within bounds
    the token says them
  given a setting out of bounds
    it is refused by name: decimals, lifetime, monthsPerEpoch, admin, a name too long for EIP-712
setContractURI
  it moves the metadata and says so (ERC-7572)
supportsInterface
  it tells roles from others (ERC-165)

Spec: T41, T42
"""

import pytest
from brownie import web3
from eth_abi import encode
from support import roles
from support.deploying import ADMIN_DELAY, program_settings
from support.errors import refused
from support.events import ZERO, assert_events

SETTINGS = "(string,string,string,address,uint48,uint8,uint8,uint8,bool)"

# Whole parts of a year, and whole years up to ten.
MONTHS = {0, 1, 2, 3, 4, 6, *range(12, 121, 12)}


def test_token_says_its_settings(create_program, exchange, desk, passkeys):
    token = create_program(
        "MILES",
        name="Air miles",
        contract_uri="ipfs://bafy",
        decimals=4,
        months=12,
        lifetime=2,
        transferable=False,
    )

    assert token.name() == "Air miles"
    assert token.symbol() == "MILES"
    assert token.contractURI() == "ipfs://bafy"
    assert token.decimals() == 4
    assert token.monthsPerEpoch() == 12
    assert token.lifetime() == 2
    assert token.transferable() is False
    assert token.exchange() == exchange
    assert token.desk() == desk
    assert token.passkeys() == passkeys
    assert token.currentEpoch() == 1
    assert token.totalSupply() == 0
    assert token.isPaused() is False
    assert token.isExchangeOn() is True
    assert token.supplyByExpiry() == ()


def test_first_admin_is_the_issuer(token, registry, issuer, deployer):
    assert token.defaultAdmin() == token.owner() == issuer
    assert token.defaultAdminDelay() == ADMIN_DELAY
    assert token.hasRole(roles.DEFAULT_ADMIN, issuer)
    for stranger in (registry, deployer):
        assert not token.hasRole(roles.DEFAULT_ADMIN, stranger)


@pytest.mark.parametrize("decimals", range(5))
def test_decimals_may_be_0_to_4(create_program, decimals):
    assert create_program(f"D{decimals}", decimals=decimals).decimals() == decimals


@pytest.mark.parametrize("decimals", [5, 6, 18, 255])
def test_more_decimals_are_refused(create_program, decimals):
    with refused("InvalidSetting", "decimals", decimals):
        create_program("NEW", decimals=decimals)


@pytest.mark.parametrize("lifetime", [0, 5, 255])
def test_other_lifetimes_are_refused(create_program, lifetime):
    with refused("InvalidSetting", "lifetime", lifetime):
        create_program("NEW", lifetime=lifetime)


@pytest.mark.parametrize("months", [5, 7, 8, 9, 10, 11, 13, 18, 121, 132, 240, 255])
def test_other_epochs_are_refused(create_program, months):
    with refused("InvalidSetting", "monthsPerEpoch", months):
        create_program("NEW", months=months)


def test_epochs_are_whole_parts_of_a_year_or_whole_years(PointToken, issuer, exchange):
    accepted = {months for months in range(256) if can_be_created(PointToken, issuer, months)}

    assert accepted == MONTHS


def can_be_created(container, issuer, months):
    """Tries a constructor in a call."""
    settings = tuple(
        str(value) if value is issuer else value
        for value in program_settings(issuer, months=months)
    )
    arguments = encode([SETTINGS, *["address"] * 3], [settings, *[ZERO] * 3])
    creation = {"data": f"0x{container.bytecode}{arguments.hex()}"}
    answer = web3.provider.make_request("eth_call", [creation, "latest"])
    return "error" not in answer


def test_nobody_as_admin_is_refused(registry, issuer):
    with refused("AccessControlInvalidDefaultAdmin", ZERO):
        registry.createProgram(program_settings(ZERO, "NEW"), {"from": issuer})


@pytest.mark.parametrize(
    "name", ["Points of an airline, 32 bytes..", "Bonuspünktchen für alle Kunden"]
)
def test_name_of_more_than_31_bytes_is_refused(create_program, name):
    with refused("InvalidSetting", "name", len(name.encode())):
        create_program("NEW", name=name)


# contractURI


def test_contract_uri_is_moved(token, issuer):
    tx = token.setContractURI("https://elsewhere.example/p.json", {"from": issuer})

    assert token.contractURI() == "https://elsewhere.example/p.json"
    assert_events(tx, (token, "ContractURIUpdated"))

    token.setContractURI("", {"from": issuer})
    assert token.contractURI() == ""


# ERC-165


@pytest.mark.parametrize(
    ("interface", "supported"),
    [
        ("0x01ffc9a7", True),  # ERC-165
        ("0x7965db0b", True),  # IAccessControl
        ("0x31498786", True),  # IAccessControlDefaultAdminRules
        ("0xffffffff", False),
        ("0x36372b07", False),  # ERC-20 is not announced: no standard asks for it
    ],
)
def test_interfaces_are_told(token, interface, supported):
    assert token.supportsInterface(interface) is supported
