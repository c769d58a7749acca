"""Who checks the identity of issuers: announces, adds and dismisses verifiers."""

from eth_typing import ChecksumAddress

from zegel.admin.acts import of_registry
from zegel.chain import roles
from zegel.chain.sending import Sender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import Suite


def schedule(suite: Suite, sender: Sender, verifier: ChecksumAddress) -> Plan:
    """Announces a verifier. The admin of the registry does it."""
    return of_registry(
        suite,
        sender,
        f"{verifier} is announced as verifier",
        lambda: _is_verifier(suite, verifier) or _is_announced(suite, verifier),
        lambda: suite.registry.functions.scheduleVerifier(verifier),
        roles.DEFAULT_ADMIN,
    )


def add(suite: Suite, sender: Sender, verifier: ChecksumAddress) -> Plan:
    """Makes an announced account a verifier when it is due. Anyone may do it."""
    return of_registry(
        suite,
        sender,
        f"{verifier} is verifier",
        lambda: _is_verifier(suite, verifier),
        lambda: suite.registry.functions.addVerifier(verifier),
    )


def remove(suite: Suite, sender: Sender, verifier: ChecksumAddress) -> Plan:
    """Dismisses a verifier, or one that was announced. The admin of the registry does it."""
    return of_registry(
        suite,
        sender,
        f"{verifier} is not verifier",
        lambda: not _is_verifier(suite, verifier) and not _is_announced(suite, verifier),
        lambda: suite.registry.functions.removeVerifier(verifier),
        roles.DEFAULT_ADMIN,
    )


def _is_verifier(suite: Suite, account: ChecksumAddress) -> bool:
    return bool(suite.registry.functions.isVerifier(account).call())


def _is_announced(suite: Suite, account: ChecksumAddress) -> bool:
    return bool(suite.registry.functions.verifierDueAt(account).call())
