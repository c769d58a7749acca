# Every verb makes what it needs first; the set-up and the build skip what has not changed.

SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup build demo up test test-deep coverage deep bench check fmt shell clean

# The first Python that fits; `make PYTHON=…` names another one.
FITS := import sys; sys.exit(not (3, 10) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.10; do \
	$$python -c '$(FITS)' 2>/dev/null && echo $$python && break; done)

# Runs a command in the environment that tools/zegel_env.py describes.
RUN := .venv/bin/python tools/zegel_env.py

# On all cores, with a node a worker; the files in their order, which has long ones first.
TESTS := $(RUN) .venv/bin/python -m pytest -n auto --no-loadscope-reorder

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## install everything into this folder (.venv, node_modules, .tools)
	@$(if $(PYTHON),,echo "Zegel needs Python 3.10 to 3.13: install one, or name it with make PYTHON=/path/to/python3.12" >&2; exit 1)
	@$(PYTHON) tools/setup.py

build: setup ## compile the contracts and make the pages, where they changed
	@$(RUN) .venv/bin/python tools/compile.py
	@$(RUN) .venv/bin/python tools/pages.py

demo: build ## live through eighteen months of a record shop on a chain of its own
	@$(RUN) .venv/bin/zegel demo

up: build ## run wallet, till, console and API on a chain of their own, until Ctrl-C
	@$(RUN) .venv/bin/zegel up

test: build ## run the tests
	@$(TESTS)

test-deep: build deep ## run the tests with the slow ones and many more random cases
	@$(TESTS) -m 'deep or not deep' --hypothesis-profile deep

coverage: build ## show which lines and branches of the contracts the tests run
	@rm -rf build/coverage
	@ZEGEL_COVERAGE=build/coverage $(RUN) .venv/bin/python -m pytest tests/unit
	@$(RUN) .venv/bin/python tools/coverage.py

deep:
	@$(PYTHON) tools/setup.py deep

bench: build ## measure gas and speed
	@failed=0; for part in bench bench.awarding bench.indexing bench.reporting bench.serving bench.relaying \
		bench.tilling; do \
		$(RUN) .venv/bin/python -m $$part || failed=1; done; exit $$failed

check: build ## look for faults in style and types
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy
	@$(RUN) node node_modules/typescript/bin/tsc --noEmit --project dapp

fmt: setup ## put the Python files into the house style
	@$(RUN) ruff check --fix
	@$(RUN) ruff format

shell: setup ## open a shell in which zegel, brownie, anvil, solc and slither are at hand
	@echo "zegel, brownie, pytest, slither, anvil and node are on the PATH; leave with exit."
	@PS1='(zegel) \w\$$ ' $(RUN) bash --norc || true

clean: ## remove all that the other verbs made
	rm -rf .venv node_modules .tools build src/zegel/chain/artifacts src/zegel/pages/static
