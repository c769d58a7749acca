"""Puts the suite on a chain, once, and keeps record of where it stands."""
