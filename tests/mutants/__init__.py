"""Bugs planted on purpose, each of which the tests must notice."""

from mutants import awards, desk, exchange, registry, token

MUTANTS = [
    *token.MUTANTS,
    *exchange.MUTANTS,
    *registry.MUTANTS,
    *desk.MUTANTS,
    *awards.MUTANTS,
]
