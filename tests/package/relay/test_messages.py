"""Every message that its contract takes from anyone is carried out, with all that was signed
├── of members: sending, cancelling, redeeming, converting, setting aside, allowing, claiming
├── of tills, of parties to a charter, of attesters, of verifiers
└── and of wallets that are contracts
"""

from dataclasses import replace

import pytest
from support.drops import Tree
from support.messages import LATER, person, sign, span, to_token, transfer

from zegel.admin import limits, powers
from zegel.admin.charters import Agreement, Charter, Rule
from zegel.admin.merchants import register, register_till
from zegel.award.rows import Award, packed_text
from zegel.chain import artifacts, roles
from zegel.chain.messages import Domain, Message, desk_domain, registry_domain, sequential
from zegel.errors import RelayRefused

OTHER = person("other").address
NOBODY = "0x" + "00" * 20


@pytest.fixture
def carry_out(relay, until, shopper):
    """Relays a message, signed by the shopper or by somebody else, until it is final."""

    def carry_out(message, by=None, beside=None):
        receipt = relay.accept(message, sign(by or shopper, message), beside or {})
        assert until(receipt).reason is None

    return carry_out


@pytest.fixture
def token(suite, give, shopper):
    give(shopper, 1000)
    return suite.token("SHOP").functions


def test_a_transfer(suite, token, shopper, carry_out):
    carry_out(transfer(suite, shopper, OTHER, 250))

    assert token.balanceOf(OTHER).call() == 250


def test_a_cancellation(suite, token, shopper, carry_out):
    nonce = (7).to_bytes(32, "big")
    values = {"authorizer": shopper.address, "nonce": nonce}

    carry_out(to_token(suite, "CancelAuthorization", **values))

    assert token.authorizationState(shopper.address, nonce).call()


def test_a_permit(suite, token, shopper, carry_out):
    values = {
        "owner": shopper.address,
        "spender": OTHER,
        "value": 70,
        "nonce": token.nonces(shopper.address).call(),
        "deadline": LATER,
    }

    carry_out(to_token(suite, "Permit", **values))

    assert token.allowance(shopper.address, OTHER).call() == 70


def test_a_redemption(suite, token, shopper, carry_out):
    values = {"member": shopper.address, "amount": 300, "ref": packed_text("order-7"), **span(1)}

    carry_out(to_token(suite, "RedeemWithAuthorization", **values))

    assert token.balanceOf(shopper.address).call() == 700


def test_a_conversion(suite, token, shopper, issuer, carry_out):
    fund(suite, issuer, "SHOP", 10**9)
    air = suite.token("AIR")
    values = {
        "exchange": suite.exchange.address,
        "member": shopper.address,
        "from": suite.token("SHOP").address,
        "to": air.address,
        "amount": 1000,
        "minOut": 1,
        "recipient": OTHER,
        **span(1),
    }

    carry_out(to_token(suite, "ConvertWithAuthorization", **values))

    assert token.balanceOf(shopper.address).call() == 0
    assert air.functions.balanceOf(OTHER).call() > 0


def fund(suite, issuer, symbol, amount):
    money, account = suite.settlement_token.functions, suite.token(symbol).address
    issuer.send(money.mint(issuer.address, amount))
    issuer.send(money.approve(suite.exchange.address, amount))
    issuer.send(suite.exchange.functions.fund(account, amount))


def test_points_set_aside_and_asked_back(suite, token, shopper, carry_out):
    desk = {"desk": suite.desk.address, "member": shopper.address, "merchant": OTHER}

    carry_out(to_token(suite, "HoldWithAuthorization", **desk, amount=400, **span(1)))
    assert token.balanceOf(shopper.address).call() == 600

    carry_out(to_token(suite, "ReleaseWithAuthorization", **desk, **span(2)))
    place = suite.token("SHOP").address, shopper.address, OTHER
    assert suite.desk.functions.purseWord(*place).call() > 0


@pytest.fixture
def drop(suite, issuer, awarder, shopper):
    """Of one award, to the shopper."""
    one = Award(bytes.fromhex(shopper.address[2:]), 500, packed_text("first"), packed_text("gift"))
    powers.grant(suite, issuer, "SHOP", roles.DISTRIBUTOR, suite.drop.address).apply()
    rows = [(0, shopper.address, one.amount, one.ref, one.reason)]
    tree = Tree(tuple((n, m, a, "0x" + r.hex(), "0x" + w.hex()) for n, m, a, r, w in rows))
    address = suite.token("SHOP").address
    end = suite.connection.timestamp() + 86_400
    limits.set_budget(suite, issuer, "SHOP", awarder.address, 10**9, 86_400).apply()
    root = bytes.fromhex(tree.root[2:])
    awarder.send(suite.drop.functions.openDrop(address, root, one.amount, end))
    drop_id = suite.drop.functions.dropIdOf(address, root).call()
    names = ("index", "member", "amount", "ref", "reason")
    return drop_id, {"row": dict(zip(names, tree.rows[0], strict=True)), "proof": tree.proof(0)}


def claim(suite, drop_id, recipient=OTHER, index=0):
    domain = Domain("Zegel Drop", suite.connection.chain_id, suite.drop.address)
    values = {"dropId": drop_id, "index": index, "recipient": recipient, "validBefore": LATER}
    return Message("ClaimTo", domain, values)


def test_a_claim_to_another_account(suite, drop, carry_out):
    drop_id, beside = drop

    carry_out(claim(suite, drop_id), beside=beside)

    assert suite.token("SHOP").functions.balanceOf(OTHER).call() == 500


def test_a_claim_with_another_row_or_proof_is_refused(suite, drop, relay, shopper):
    drop_id, beside = drop
    message = claim(suite, drop_id)
    signature = sign(shopper, message)
    more = {**beside, "row": {**beside["row"], "amount": 501}}
    with pytest.raises(RelayRefused, match="AwardDrop refused: ") as told:
        relay.accept(message, signature, more)
    assert told.value.reason == "InvalidProof"
    for given, words in (
        ({}, "with has nothing: give row and proof"),
        ({**beside, "x": 1}, "with has row, proof, x: give row and proof"),
        ({**beside, "proof": "0x"}, "with.proof is '0x': give a list"),
        ({**beside, "row": {}}, "with.row.index is missing"),
        ({**beside, "row": {**beside["row"], "index": 1}}, "with.row.index is 1: give 0"),
    ):
        with pytest.raises(RelayRefused, match=words):
            relay.accept(message, signature, given)


def test_a_drop_that_is_not_there_is_refused(suite, relay, shopper, drop):
    message = claim(suite, bytes(32))

    with pytest.raises(RelayRefused, match=r"message\.dropId is 0x0+: there is none"):
        relay.accept(message, sign(shopper, message), drop[1])


@pytest.fixture
def charter(suite, issuer, shopper):
    """A charter that needs the shopper's signature, with one rule that somebody attests."""
    rule = Rule(packed_text("bottle"), "0.50", 3, 1, person("attester").address)
    agreed = Charter("SHOP", b"d" * 32, (shopper.address,), (rule,))
    agreement = Agreement(suite, agreed)
    agreement.propose(issuer).apply()
    budget = suite.charter.address, 10**6, 86_400
    limits.set_budget(suite, issuer, "SHOP", *budget).apply()
    return agreement


def charter_domain(suite):
    return Domain("Zegel Charter", suite.connection.chain_id, suite.charter.address)


def test_a_signature_under_a_charter_and_a_reward_by_it(suite, charter, shopper, carry_out):
    values = {"party": shopper.address, "charterId": charter.id, "documentHash": b"d" * 32}
    carry_out(Message("CharterSignature", charter_domain(suite), values))

    values = {
        "charterId": charter.id,
        "rule": 0,
        "member": OTHER,
        "evidence": b"e" * 32,
        "validBefore": LATER,
    }
    carry_out(Message("Reward", charter_domain(suite), values), by=person("attester"))

    assert suite.token("SHOP").functions.balanceOf(OTHER).call() == 50


def test_a_rule_that_is_not_there_is_refused(suite, charter, relay, shopper):
    values = {
        "charterId": charter.id,
        "rule": 9,
        "member": OTHER,
        "evidence": b"e" * 32,
        "validBefore": LATER,
    }
    message = Message("Reward", charter_domain(suite), values)

    with pytest.raises(RelayRefused):
        relay.accept(message, sign(shopper, message))


def test_a_credential(suite, verifier, relay, until):
    domain = registry_domain(suite.connection.chain_id, suite.registry.address)
    now = suite.connection.timestamp()
    values = {
        "issuer": OTHER,
        "legalName": "Other B.V.",
        "lei": "9999ZEGELSHOP0000131",
        "domain": "other.example",
        "termsHash": b"t" * 32,
        "issuedAt": now,
        "validUntil": now + 86_400,
    }
    message = Message("IssuerCredential", domain, values)

    receipt = relay.accept(message, verifier.sign(message), {"verifier": verifier.address})
    until(receipt)

    assert suite.registry.functions.isAccredited(OTHER).call()
    with pytest.raises(RelayRefused, match=r"with\.verifier is missing"):
        relay.accept(replace(message, values={**values, "issuedAt": 1}), verifier.sign(message))


@pytest.fixture
def settlement(suite, operator, outsider, token, shopper, carry_out):
    """A till that took a voucher of the shopper, and signed what shall become of it."""
    merchant, till = outsider, person("till")
    register(suite, operator, merchant.address, "Baker").apply()
    register_till(suite, merchant, till.address).apply()
    desk = {"desk": suite.desk.address, "member": shopper.address, "merchant": merchant.address}
    carry_out(to_token(suite, "HoldWithAuthorization", **desk, amount=400, **span(1)))
    domain = desk_domain(suite.connection.chain_id, suite.desk.address)
    voucher = {
        "token": suite.token("SHOP").address,
        "member": shopper.address,
        "merchant": merchant.address,
        "till": till.address,
        "serial": 1,
        "amount": 150,
        "shared": False,
        "validBefore": LATER,
    }
    values = {
        "token": voucher["token"],
        "merchant": merchant.address,
        "vouchers": [voucher],
        "to": NOBODY,
        "minOut": 0,
    }
    signature = sign(shopper, Message("Voucher", domain, voucher))
    beside = {"operator": till.address, "signatures": ["0x" + signature.hex()]}
    return Message("Settlement", domain, values), till, beside


def test_a_settlement_that_a_till_signed(suite, settlement, carry_out):
    message, till, beside = settlement

    carry_out(message, by=till, beside=beside)

    merchant = message.values["merchant"]
    assert suite.token("SHOP").functions.balanceOf(merchant).call() == 150


def test_a_settlement_without_its_signatures_is_refused(settlement, relay):
    message, till, beside = settlement
    for given, words in (
        ({}, "with has nothing: give operator and signatures"),
        ({**beside, "signatures": []}, "with.signatures are not as many as vouchers"),
        ({**beside, "signatures": ["0x"]}, r"with.signatures\[0\] has 0 bytes"),
        ({**beside, "operator": OTHER}, "the signature is .*'s: let"),
    ):
        with pytest.raises(RelayRefused, match=words):
            relay.accept(message, sign(till, message), given)


def test_a_wallet_that_is_a_contract(suite, relay, until, give, issuer):
    """Its owner's key signs, and the wallet says that this is its signature."""
    owner = person("owner")
    artifact = artifacts.load("ContractWallet")
    factory = suite.connection.web3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
    wallet = issuer.send(factory.constructor(owner.address))["contractAddress"]

    class Wallet:
        address = wallet

    give(Wallet, 100)
    message = transfer(suite, Wallet, OTHER, 40)

    with pytest.raises(RelayRefused, match="InvalidSignature"):
        relay.accept(message, sign(person("thief"), message))
    receipt = relay.accept(message, sign(owner, message))
    until(receipt)

    assert suite.token("SHOP").functions.balanceOf(OTHER).call() == 40


def test_a_sequential_nonce_out_of_order_is_refused(suite, token, relay, shopper):
    message = transfer(suite, shopper, OTHER, 1, nonce=0)
    message.values["nonce"] = sequential(3)

    with pytest.raises(RelayRefused, match="NonceOutOfOrder"):
        relay.accept(message, sign(shopper, message))
