"""Follows a chain into a database: every event, and what follows from them, rebuilt at any time."""
