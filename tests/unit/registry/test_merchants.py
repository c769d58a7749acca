"""Merchants take points for goods, each with its own tills. A stolen till is revoked in one call.

registerMerchant
  an operator registers a merchant, which is a till of itself
  a second call renames it
  given no address, or no name
    it is refused
  given another merchant's till, even one that was revoked
    it is refused
removeMerchant
  an operator strikes a merchant off, with all its tills
  given no merchant
    it is refused
  given a merchant that comes back
    its tills count again, but not those that were revoked
registerTill
  a merchant registers its tills
  given a key that is, or was, anybody's till, or a merchant
    it is refused
  given a caller who is no merchant, or not any more
    it is refused
revokeTill
  the merchant or an operator revokes a till, for ever
  given someone else, an unknown till, or the merchant's own key
    it is refused

Spec: R15, R16, R17
"""

import pytest
from support import roles
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.words import bytes32

REASON = bytes32("left the network")


@pytest.fixture
def shop(registry, operator, merchant):
    """A merchant."""
    registry.registerMerchant(merchant, "Corner Shop", {"from": operator})
    return merchant


@pytest.fixture
def till(registry, shop, relayer):
    """A till of `shop`."""
    registry.registerTill(relayer, {"from": shop})
    return relayer


@pytest.fixture
def rival(registry, operator, other_member):
    """Another merchant."""
    registry.registerMerchant(other_member, "Rival", {"from": operator})
    return other_member


# registerMerchant


def test_merchant_is_registered(registry, operator, merchant):
    tx = registry.registerMerchant(merchant, "Café Zeezicht", {"from": operator})

    assert_events(tx, (registry, "MerchantRegistered", merchant, operator, "Café Zeezicht"))
    assert registry.isMerchant(merchant) is True
    assert registry.merchantName(merchant) == "Café Zeezicht"
    assert registry.merchantOf(merchant) == merchant
    assert plain(registry.tills(merchant)) == plain((merchant, False))


def test_strangers_are_no_merchants(registry, shop, outsider):
    for stranger in (outsider, ZERO):
        assert registry.isMerchant(stranger) is False
        assert registry.merchantName(stranger) == ""
        assert registry.merchantOf(stranger) == ZERO


def test_merchant_is_renamed(registry, operator, shop, till):
    tx = registry.registerMerchant(shop, "Corner Shop & Sons", {"from": operator})

    assert_events(tx, (registry, "MerchantRegistered", shop, operator, "Corner Shop & Sons"))
    assert registry.merchantName(shop) == "Corner Shop & Sons"
    assert registry.merchantOf(till) == shop


def test_merchant_has_an_address_and_a_name(registry, operator, merchant):
    with refused("ZeroAddress"):
        registry.registerMerchant(ZERO, "Nobody", {"from": operator})
    for name in ("", "a" * 101):
        with refused("InvalidName", name):
            registry.registerMerchant(merchant, name, {"from": operator})

    assert registry.isMerchant(merchant) is False


def test_tills_do_not_become_merchants(registry, operator, shop, till):
    with refused("TillTaken", till, shop):
        registry.registerMerchant(till, "A till", {"from": operator})
    registry.revokeTill(till, {"from": shop})
    with refused("TillTaken", till, shop):
        registry.registerMerchant(till, "A till", {"from": operator})

    assert registry.isMerchant(till) is False


# removeMerchant


def test_merchant_is_struck_off_with_its_tills(registry, operator, shop, till, rival):
    tx = registry.removeMerchant(shop, REASON, {"from": operator})

    assert_events(tx, (registry, "MerchantRemoved", shop, operator, REASON))
    assert registry.isMerchant(shop) is False
    assert registry.merchantName(shop) == ""
    assert registry.merchantOf(shop) == registry.merchantOf(till) == ZERO
    assert registry.merchantOf(rival) == rival
    with refused("NotMerchant", shop):
        registry.removeMerchant(shop, REASON, {"from": operator})


def test_tills_are_not_struck_off_as_merchants(registry, operator, till, outsider):
    for stranger in (till, outsider, ZERO):
        with refused("NotMerchant", stranger):
            registry.removeMerchant(stranger, REASON, {"from": operator})


def test_merchant_comes_back_without_its_revoked_tills(registry, operator, shop, till, outsider):
    registry.registerTill(outsider, {"from": shop})
    registry.revokeTill(till, {"from": shop})
    registry.removeMerchant(shop, REASON, {"from": operator})

    registry.registerMerchant(shop, "Corner Shop", {"from": operator})

    assert registry.merchantOf(shop) == shop
    assert registry.merchantOf(outsider) == shop
    assert registry.merchantOf(till) == ZERO


# registerTill


def test_till_is_registered(registry, shop, relayer):
    tx = registry.registerTill(relayer, {"from": shop})

    assert_events(tx, (registry, "TillRegistered", relayer, shop))
    assert registry.merchantOf(relayer) == shop
    assert registry.isMerchant(relayer) is False
    assert plain(registry.tills(relayer)) == plain((shop, False))


def test_till_has_one_merchant_for_ever(registry, operator, shop, till, rival):
    with refused("TillTaken", till, shop):
        registry.registerTill(till, {"from": rival})
    with refused("TillTaken", till, shop):
        registry.registerTill(till, {"from": shop})
    registry.revokeTill(till, {"from": shop})
    for caller in (shop, rival):
        with refused("TillTaken", till, shop):
            registry.registerTill(till, {"from": caller})
    registry.removeMerchant(shop, REASON, {"from": operator})
    with refused("TillTaken", till, shop):
        registry.registerTill(till, {"from": rival})


def test_merchants_are_nobody_elses_tills(registry, operator, shop, rival):
    with refused("TillTaken", shop, shop):
        registry.registerTill(shop, {"from": rival})
    registry.removeMerchant(shop, REASON, {"from": operator})
    with refused("TillTaken", shop, shop):
        registry.registerTill(shop, {"from": rival})


def test_till_has_an_address(registry, shop):
    with refused("ZeroAddress"):
        registry.registerTill(ZERO, {"from": shop})


def test_only_merchants_have_tills(registry, operator, shop, till, outsider):
    for caller in (outsider, till, operator):
        with refused("NotMerchant", caller):
            registry.registerTill(outsider, {"from": caller})
    registry.removeMerchant(shop, REASON, {"from": operator})
    with refused("NotMerchant", shop):
        registry.registerTill(outsider, {"from": shop})


# revokeTill


@pytest.mark.parametrize("revoker", ["merchant", "operator"])
def test_till_is_revoked_in_one_call(request, registry, shop, till, revoker):
    who = request.getfixturevalue(revoker)

    tx = registry.revokeTill(till, {"from": who})

    assert_events(tx, (registry, "TillRevoked", till, shop, who))
    assert registry.merchantOf(till) == ZERO
    assert registry.merchantOf(shop) == shop
    assert plain(registry.tills(till)) == plain((shop, True))


def test_merchants_revoke_their_own_tills_only(registry, shop, till, rival, outsider):
    for caller in (rival, till, outsider):
        with refused("AccessControlUnauthorizedAccount", caller, roles.OPERATOR):
            registry.revokeTill(till, {"from": caller})

    assert registry.merchantOf(till) == shop


def test_unknown_tills_are_not_revoked(registry, operator, shop, outsider):
    for stranger in (outsider, ZERO):
        with refused("TillUnknown", stranger):
            registry.revokeTill(stranger, {"from": operator})


def test_merchants_key_is_not_revoked_as_a_till(registry, operator, shop):
    for caller in (operator, shop):
        with refused("TillIsMerchant", shop):
            registry.revokeTill(shop, {"from": caller})
