"""Zegel: loyalty points on Ethereum."""

from importlib.metadata import version

__version__ = version("zegel")
