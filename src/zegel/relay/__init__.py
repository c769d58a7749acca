"""Pays the gas for what members signed: accepts messages, sends them, says what became of them."""
