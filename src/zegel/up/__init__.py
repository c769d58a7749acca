"""Everything at one address: a chain of its own with a demo on it, index, relay, API and pages."""
