"""HTTP for wallets, tills and back offices: JSON, described by OpenAPI, errors as problems."""
