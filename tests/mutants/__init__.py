"""Bugs planted on purpose, each of which the tests must notice."""

from mutants import exchange, token

MUTANTS = [*token.MUTANTS, *exchange.MUTANTS]
