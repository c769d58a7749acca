"""The rivals of what a member signs and someone else sends."""

from web3.contract import Contract
from web3.contract.contract import ContractFunction

from bench import erc20
from bench.chain import Chain, Sent, topic
from bench.erc20 import Figures
from bench.naive import naive_programs
from bench.people import Signer
from bench.setting import (
    ADMIN,
    AMOUNT,
    ISSUER,
    LEAST,
    MEMBER,
    MERCHANT,
    NEWCOMER,
    PAYERS,
    PHONE,
    RELAYER,
    SUPPLY,
)
from bench.signatures import DEADLINE, Signed, sign, sign_by_passkey
from bench.trial import NO_LIFE, Rival, Trial
from zegel.chain.messages import Domain


def forwarder(trial: Trial) -> Figures:
    chain = trial.chain
    forwarder = trial.deploy("Forwarder")
    token = trial.deploy("ForwardedToken", forwarder.address, MEMBER.address, SUPPLY)
    chain.send(MEMBER.address, token.functions.transfer(NEWCOMER, AMOUNT))
    transfer = token.functions.transfer(NEWCOMER, AMOUNT)
    first = forward(chain, forwarder, transfer, 0)
    later = forward(chain, forwarder, transfer, 1)
    return {
        "sponsored/first": first,
        "sponsored/later": later,
        "sponsored/order": later,
        "sponsored/redeem": forward(chain, forwarder, token.functions.burn(AMOUNT), 2),
    }


def forwarded_exchange(trial: Trial) -> Figures:
    forwarder = trial.deploy("Forwarder")
    exchange = trial.deploy("ForwardedExchange", forwarder.address, ADMIN)
    source, target = naive_programs(trial, exchange)
    call = exchange.functions.convert(
        source.address, target.address, AMOUNT, LEAST, MEMBER.address, DEADLINE
    )
    # The first one makes the member a holder, and pays for the forwarder's nonce.
    forward(trial.chain, forwarder, call, 0)
    return {"sponsored/convert": forward(trial.chain, forwarder, call, 1)}


def forward(chain: Chain, forwarder: Contract, call: ContractFunction, nonce: int) -> Sent:
    """Has the forwarder make a call for the member."""
    data: str = call._encode_transaction_data()
    signed = sign(
        MEMBER,
        Domain("Forwarder", chain.id, forwarder.address),
        "ForwardRequest",
        lambda number: {
            "from": MEMBER.address,
            "to": call.address,
            "value": 0,
            "gas": 150_000,
            "nonce": nonce,
            "deadline": DEADLINE + number,
            "data": bytes.fromhex(data[2:]),
        },
    )
    request = {name: value for name, value in signed.values.items() if name != "nonce"}
    return chain.send(RELAYER, forwarder.functions.execute((*request.values(), signed.signature)))


def permit_on_open_zeppelin(trial: Trial) -> Figures:
    return permit_and_transfer(trial, "OpenZeppelinToken")


def permit_on_solady(trial: Trial) -> Figures:
    return permit_and_transfer(trial, "SoladyToken")


def permit_and_transfer(trial: Trial, token_name: str) -> Figures:
    """Two transactions of the relayer for each transfer; each permit is for what it moves."""
    chain = trial.chain
    token = trial.deploy(token_name, MEMBER.address, SUPPLY)
    chain.send(MEMBER.address, token.functions.transfer(NEWCOMER, AMOUNT))
    figures = {}
    for nonce, operation in enumerate(("sponsored/first", "sponsored/later", "sponsored/order")):
        permit = erc20.permit(chain, token, "Points", RELAYER, nonce)
        call = token.functions.transferFrom(MEMBER.address, NEWCOMER, AMOUNT)
        figures[operation] = permit + chain.send(RELAYER, call)
    return figures


def keyed_authorizations(trial: Trial) -> Figures:
    """Transfers to a holder: the first nonce of a key, and later ones."""
    chain = trial.chain
    token = trial.deploy("AuthorizationToken", MEMBER.address, SUPPLY)
    chain.send(MEMBER.address, token.functions.transfer(NEWCOMER, AMOUNT))
    transfers = []
    for count in range(2):
        signed = authorize(chain, token, MEMBER, "TransferWithAuthorization", NEWCOMER, count)
        call = token.functions.transferWithAuthorization(*signed.values.values(), *signed.vrs)
        transfers.append(chain.send(RELAYER, call))
    first, later = transfers
    return {"sponsored/first": first, "sponsored/later": later, "sponsored/order": later}


def authorizations_one_by_one(trial: Trial) -> Figures:
    """A hundred payments to the merchant in as many transactions."""
    token = payers_token(trial)
    payments = []
    for count in range(2):
        for payer in PAYERS:
            signed = authorize(
                trial.chain, token, payer, "ReceiveWithAuthorization", MERCHANT, count
            )
            call = token.functions.receiveWithAuthorization(*signed.values.values(), *signed.vrs)
            payments.append(trial.chain.send(MERCHANT, call))
    return dict.fromkeys(VOUCHERS, sum(payments[len(PAYERS) :], Sent(0, b"")))


def authorizations_in_a_loop(trial: Trial) -> Figures:
    """The same in one transaction of the merchant's contract, where the points stay."""
    token, loop = payers_token(trial), trial.deploy("AuthorizationLoop")
    collections = []
    for count in range(2):
        signed = [
            authorize(trial.chain, token, payer, "ReceiveWithAuthorization", loop.address, count)
            for payer in PAYERS
        ]
        words = [
            (each["from"], each["value"], each["validBefore"], each["nonce"], *vrs)
            for each, vrs in ((one.values, one.vrs) for one in signed)
        ]
        call = loop.functions.collect(token.address, words)
        collections.append(trial.chain.send(MERCHANT, call))
    return dict.fromkeys(VOUCHERS, collections[-1])


def payers_token(trial: Trial) -> Contract:
    """A token of which every payer has some, and the merchant as well."""
    token = trial.deploy("AuthorizationToken", ISSUER, SUPPLY)
    for holder in (MERCHANT, *(payer.address for payer in PAYERS)):
        trial.chain.send(ISSUER, token.functions.transfer(holder, 2 * AMOUNT))
    return token


def authorize(
    chain: Chain, token: Contract, member: Signer, message: str, to: str, count: int
) -> Signed:
    """A transfer whose nonce is the next one of a key."""
    key = topic("key")[:24]
    return sign(
        member,
        Domain("Points", chain.id, token.address),
        message,
        lambda number: {
            "from": member.address,
            "to": to,
            "value": AMOUNT,
            "validAfter": 0,
            "validBefore": DEADLINE + number,
            "nonce": key + count.to_bytes(8, "big"),
        },
    )


def passkey_account(trial: Trial) -> Figures:
    """A transfer to a holder by a contract of the member's own, which has sent some before."""
    chain = trial.chain
    account = trial.deploy("PasskeyAccount", PHONE.x, PHONE.y)
    token = trial.deploy("OpenZeppelinToken", account.address, SUPPLY)
    transfer = token.functions.transfer(NEWCOMER, AMOUNT)
    transfers = [execute(chain, account, transfer, nonce) for nonce in range(2)]
    return {"sponsored/passkey": transfers[-1]}


def execute(chain: Chain, account: Contract, call: ContractFunction, nonce: int) -> Sent:
    data: str = call._encode_transaction_data()
    values, signature = sign_by_passkey(
        PHONE,
        Domain("Account", chain.id, account.address),
        "Call",
        lambda number: {
            "target": call.address,
            "data": bytes.fromhex(data[2:]),
            "nonce": nonce,
            "deadline": DEADLINE + number,
        },
    )
    arguments = values["target"], values["data"], values["deadline"]
    # The account knows its key.
    return chain.send(RELAYER, account.functions.execute(*arguments, signature[64 + 32 :]))


VOUCHERS = ("voucher/100/bound", "voucher/100/shared")

PERMITS = f"{NO_LIFE} Two transactions."
ONLINE = (
    f"{NO_LIFE} A payment without a network: nothing is set aside, so it may have gone when the "
    "merchant comes to collect it."
)

SIGNED = (
    Rival("ERC-2771 forwarder, OpenZeppelin", NO_LIFE, forwarder),
    Rival(
        "naive exchange behind an ERC-2771 forwarder",
        "As the naive exchange; whoever controls the forwarder acts for everyone.",
        forwarded_exchange,
    ),
    Rival("permit and transferFrom, OpenZeppelin", PERMITS, permit_on_open_zeppelin),
    Rival("permit and transferFrom, Solady", PERMITS, permit_on_solady),
    Rival(
        "ERC-3009, OpenZeppelin",
        f"{NO_LIFE} Nonces of a key count in order, so one message waits for the one before.",
        keyed_authorizations,
    ),
    Rival("ERC-3009 one by one, OpenZeppelin", ONLINE, authorizations_one_by_one),
    Rival(
        "ERC-3009 in a loop, OpenZeppelin",
        f"{ONLINE} One bad message stops all, and the points stay in the merchant's contract.",
        authorizations_in_a_loop,
    ),
    Rival(
        "contract account with a passkey, OpenZeppelin",
        f"{NO_LIFE} Each member's contract must be created first, for some hundreds of thousands.",
        passkey_account,
    ),
)
