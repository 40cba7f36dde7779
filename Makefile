# Needs Python 3.11 or later with pip and venv, and make. Everything lives in .venv.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test check lint types contracts bench soak lock clean

demo: .venv/ready
	@$(BIN)/alvh demo

test: .venv/dev
	$(BIN)/python -m pytest

check: lint types contracts test

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev
	$(BIN)/mypy

contracts: .venv/dev
	$(BIN)/lint-imports

bench: .venv/dev
	$(BIN)/python -m tests.bench

# A thousand kills of a writing program, where the tests make a few.
soak: .venv/dev
	ALVH_KILLS=1000 $(BIN)/python -m pytest tests/memory/test_kills.py

# Renews the exact versions that were tested: a fresh environment, the floors of pyproject.toml, the tests, then pip's list.
lock:
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(PIP) -e '.[dev]'
	$(BIN)/python -m pytest
	$(BIN)/python -m pip freeze --exclude-editable --exclude pip --exclude setuptools > constraints.txt
	touch .venv/ready .venv/dev

.venv/ready: pyproject.toml constraints.txt
	@echo "Setting up .venv, once …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) -c constraints.txt -e .
	@touch $@

.venv/dev: .venv/ready
	@echo "Adding what the tests need, once …"
	@$(PIP) -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
