"""Shared by all tests: deterministic property tests, and the big data folder where it exists."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("suite", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("suite")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
"""36 years of closes and real chains; lies beside the checkout on machines that have it."""


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "data").is_dir():
        pytest.skip("no shared data folder beside this checkout: real chains and histories are NOT tested")
    return SHARED


@pytest.fixture(scope="session")
def golden() -> dict[str, dict[str, Any]]:
    """The worked examples, by id."""
    text = (Path(__file__).parent / "data" / "golden.json").read_text()
    return {example["id"]: example for example in json.loads(text)["examples"]}
