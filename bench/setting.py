"""Who does what with how much: the same for us and for every rival."""

from bench.chain import topic
from bench.people import account, accounts, passkey, signer, signers

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
MERCHANT = account("merchant")
TILL = account("till")
PHONE = passkey("phone")

# Points have two decimals: 15.00 of them, out of 1,500.00.
DECIMALS = 2
AMOUNT = 1_500
BALANCE = 150_000
# A conversion gives 12.00 points, 11.97 after the fee.
LEAST = 1_190

BATCHES = (500, 100, 10)
CROWDS = {size: accounts(f"member of {size}", size) for size in BATCHES}

# Members who pay at a till, and what each has set aside.
PAYERS = signers("payer", 100)
PURSE = 10 * AMOUNT

# Of each rival's token.
SUPPLY = 10**9

# The money has six decimals.
EURO = 10**6

REFERENCE = topic("receipt 4711")
UNLIMITED = 2**256 - 1
