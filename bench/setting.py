"""Who does what with how much: the same for us and for every rival."""

from bench.chain import topic
from bench.people import account, accounts, signer

ADMIN = account("admin")
OPERATOR = account("operator")
VERIFIER = signer("verifier")
ISSUER = account("issuer")
AWARDER = account("awarder")
TREASURY = account("treasury")
RELAYER = account("relayer")
MEMBER = signer("member")
NEWCOMER = account("newcomer")
FRIEND = account("friend")
SHOPPER = account("shopper")

# Points have two decimals: 15.00 of them, out of 1,500.00.
DECIMALS = 2
AMOUNT = 1_500
BALANCE = 150_000

BATCHES = (500, 100, 10)
CROWDS = {size: accounts(f"member of {size}", size) for size in BATCHES}

# The money has six decimals.
EURO = 10**6

REFERENCE = topic("receipt 4711")
UNLIMITED = 2**256 - 1
