"""Settings files, and the text that people write.

a file
    is read into what the acts take
    is refused whole, by the name of the setting, when anything in it is wrong
an amount, a price, an address, a reason
    is read exactly, or refused
"""

from pathlib import Path

import pytest

from zegel.admin import inputs
from zegel.admin.prices import Guards, Terms
from zegel.admin.state import State, load
from zegel.chain import roles
from zegel.errors import ConfigError, FileError

ADDRESS = "0x00000000000000000000000000000000000000AA"


def test_file_is_read(state: State) -> None:
    shop, air = state.program("SHOP"), state.program("AIR")

    assert state.suite is not None
    assert (state.suite.admin_delay, len(state.suite.operators)) == (3600, 2)
    assert (shop.settings.name, shop.settings.decimals) == ("Corner Shop", 2)
    assert shop.prices == (9_000_000_000, 10_000_000_000)
    assert shop.guards == Guards(max_step=500_000)
    assert shop.limits == ("5000", "2500.5", "40")
    assert shop.cash == (True, False)
    assert shop.terms == {"AIR": Terms(9_500_000_000, 1_767_225_600, 1_798_761_600)}
    assert len(shop.roles[roles.PRICER]) == 1
    assert [budget.limit for budget in shop.budgets.values()] == ["1000"]
    assert (air.guards, air.limits, air.cash, dict(air.terms)) == (None, None, None, {})


def test_program_that_the_file_lacks_is_named(state: State) -> None:
    with pytest.raises(ConfigError, match=r"^no program NONE in .*: it has SHOP, AIR$"):
        state.program("NONE")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[suite]\nfee = x\n", r"no TOML \(.*line 2"),
        ("[suit]\n", r"suit: no such setting: check its spelling"),
        ("[suite]\nfees = 1\n", r"suite\.fees: no such setting"),
        ("[suite]\nfee = 20000\n", r"fee: 20000 is not between 0 and 10000"),
        ("[suite]\nfee = true\n", r"suite\.fee: True, wanted is a whole number"),
        ('[suite]\nverifiers = ["0x12"]\n', r"suite\.verifiers: '0x12' is no address"),
        ('[issuers."0x12"]\nlegal_name = "A"\n', r"issuers\.0x12: '0x12' is no address"),
        (f'[issuers."{ADDRESS}"]\nlei = "A"\n', r"legal_name: missing, wanted is text"),
        ("[programs.A]\n", r"programs\.A\.name: missing, wanted is text"),
        ('[programs.A]\nname = "A"\nbid = 0.5\nask = "1"\n', r"A\.bid: 0\.5, wanted is text"),
        ('[programs.A]\nname = "A"\nbid = "0.5"\n', r"A\.ask: missing, wanted is text"),
        ('[programs.A]\nname = "A"\nask = "0.5"\n', r"A\.ask: no such setting"),
        ('[programs.A]\nname = "A"\nroles = { boss = [] }\n', r"roles\.boss: no such setting"),
        (
            f'[programs.A]\nname = "A"\nbudgets = {{ "{ADDRESS}" = {{ limit = "0.5" }} }}\n',
            r"limit: 0\.5 has more than 0 decimals: round it",
        ),
        (
            '[programs.A]\nname = "A"\nterms = { B = { valid_from = 1 } }\n',
            r"terms\.B\.valid_from: 1, wanted is a date and time",
        ),
        ("programs = 1\n", r"programs: 1 is no table"),
    ],
)
def test_file_with_a_fault_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "network.toml"
    path.write_text(text)

    with pytest.raises(FileError, match=message) as refusal:
        load(path)
    assert refusal.value.path == path
    assert "\n" not in str(refusal.value)


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"none\.toml: no such file: check the name$"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("text", "decimals", "amount"),
    [("12.50", 2, 1250), ("12.5", 2, 1250), ("0", 6, 0), ("7", 0, 7), ("0.10000", 1, 1)],
)
def test_amounts_are_read_exactly(text: str, decimals: int, amount: int) -> None:
    assert inputs.units(text, decimals) == amount
    assert inputs.units(inputs.shown(amount, decimals), decimals) == amount


@pytest.mark.parametrize("text", ["", "-1", "1e3", "1,5", ".5", "5.", "٣", "1 000"])
def test_amounts_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^amount: .* is no decimal number: write it like"):
        inputs.units(text, 2)


def test_amounts_with_too_many_decimals_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"^bid: 0\.0000000000001 has more than 12 decimals"):
        inputs.price("0.0000000000001", "bid")


def test_prices_are_shown_without_needless_zeros() -> None:
    assert inputs.shown_price(inputs.price("0.0090")) == "0.009"
    assert inputs.shown_price(inputs.price("10")) == "10"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0x00000000000000000000000000000000000000Aa", "has a wrong checksum: copy the address"),
        ("shop.eth", "is no address: write 0x and 40 hexadecimal digits"),
    ],
)
def test_addresses_that_are_none_are_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        inputs.address(text)


def test_addresses_may_be_in_one_case() -> None:
    assert inputs.address(ADDRESS.lower()) == ADDRESS


def test_reasons_are_text_or_a_hash() -> None:
    assert inputs.word("stolen phone") == b"stolen phone".ljust(32, b"\0")
    assert inputs.word("0x" + "ab" * 32) == b"\xab" * 32


@pytest.mark.parametrize("text", ["", "x" * 32, "café"])
def test_reasons_that_do_not_fit_are_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^reason: .* is neither 1 to 31 ASCII characters nor"):
        inputs.word(text)
