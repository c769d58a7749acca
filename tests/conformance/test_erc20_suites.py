"""A published ERC-20 suite on the point token: Ackee Blockchain's eth-wake-tests.

Its properties are those of Runtime Verification's ERCx, in levels: what an ERC-20 token must do
(minimal, ABI), should do (recommended), had better do (desirable), and what tells one from another
(fingerprint). Fingerprints hold opposites, so that no token has all of them: conftest.py lists
those that ours has not, and each of these must fail. The suites' fuzz test follows.

Spec: T12
"""

from types import SimpleNamespace

import pytest
from support import wake_stand_in as wake
from support.words import LANE_MAX, bytes32

suites = wake.published_suites()


@pytest.fixture(autouse=True)
def published(token, awarder):
    """The token as the suites know it: an address, functions and classes of events."""

    def mint(to, amount):
        token.award(to, amount, bytes32("a gift"), {"from": awarder})

    wake.bind(token.abi, mint)
    functions = {wake.selector(entry): entry for entry in token.abi if entry["type"] == "function"}
    events = {
        entry["name"]: type(
            entry["name"],
            (),
            {"selector": wake.keccak(text=wake.signature(entry)), "_abi": entry},
        )
        for entry in token.abi
        if entry["type"] == "event"
    }
    return SimpleNamespace(address=wake.Address(token.address), _abi=functions, **events)


class OnToken:
    """Gives a suite the token."""

    @pytest.fixture(autouse=True)
    def on_token(self, published):
        self.deploy_token = lambda: published

    def deploy_token(self):
        """The suites insist on a method."""
        raise NotImplementedError


class TestAbi(OnToken, suites.ERC20Abi):
    pass


class TestMinimal(OnToken, suites.ERC20Minimal):
    pass


class TestRecommended(OnToken, suites.ERC20Recommended):
    pass


class TestDesirable(OnToken, suites.ERC20Desirable):
    pass


class TestFingerprint(OnToken, suites.ERC20Fingerprint):
    pass


@pytest.mark.parametrize("seed", range(2))
def test_random_moves_follow_the_suites_model(published, token, seed):
    fuzz = suites.ERC20FuzzTest(published, decimals=token.decimals())

    fuzz.run(60, seed, amounts=[0, 1, 7_000, 30_000, 30_001, LANE_MAX, 2**256 - 1])

    held = sum(token.balanceOf(account.address) for account in wake.Chain().accounts)
    assert held == token.totalSupply() == 30_000
