"""The books of a network, for accountants: journals for Beancount and hledger, audit files."""
