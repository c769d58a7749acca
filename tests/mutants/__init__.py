"""Bugs planted on purpose, each of which the tests must notice."""
