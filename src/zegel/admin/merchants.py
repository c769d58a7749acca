"""Who takes points for goods: registers merchants and their tills, strikes them off."""

from eth_typing import ChecksumAddress

from zegel.admin.acts import of_registry
from zegel.chain import roles
from zegel.chain.sending import Sender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import NOBODY, Suite


def register(suite: Suite, sender: Sender, merchant: ChecksumAddress, name: str) -> Plan:
    """Registers a merchant, or renames it. An operator does it."""
    return of_registry(
        suite,
        sender,
        f"{merchant} is the merchant {name}",
        lambda: suite.registry.functions.merchantName(merchant).call() == name,
        lambda: suite.registry.functions.registerMerchant(merchant, name),
        roles.OPERATOR,
    )


def remove(suite: Suite, sender: Sender, merchant: ChecksumAddress, reason: bytes) -> Plan:
    """Strikes a merchant off, with all its tills. An operator does it."""
    return of_registry(
        suite,
        sender,
        f"{merchant} is no merchant",
        lambda: not suite.registry.functions.isMerchant(merchant).call(),
        lambda: suite.registry.functions.removeMerchant(merchant, reason),
        roles.OPERATOR,
    )


def register_till(suite: Suite, sender: Sender, till: ChecksumAddress) -> Plan:
    """Registers a till of the sender, who is a merchant."""
    return of_registry(
        suite,
        sender,
        f"{till} is a till of {sender.address}",
        lambda: suite.registry.functions.merchantOf(till).call() == sender.address,
        lambda: suite.registry.functions.registerTill(till),
    )


def revoke_till(suite: Suite, sender: Sender, till: ChecksumAddress) -> Plan:
    """Revokes a till for ever. Its merchant does it, or an operator."""

    def is_revoked() -> bool:
        merchant, revoked = suite.registry.functions.tills(till).call()
        return merchant != NOBODY and bool(revoked)

    return of_registry(
        suite,
        sender,
        f"{till} is revoked",
        is_revoked,
        lambda: suite.registry.functions.revokeTill(till),
    )
