"""What every test of the screen may count on."""

import logging
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A panel that cannot be built says so and the screen goes on; no test may overlook that."""
    failed: list[logging.LogRecord] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = failed.append  # type: ignore[method-assign,assignment]
    logger = logging.getLogger("alvh_tui.screens")
    logger.addHandler(handler)
    try:
        result = yield
    finally:
        logger.removeHandler(handler)
    if failed and item.get_closest_marker("fails_in_words") is None:
        raise AssertionError(f"a panel or a frame failed: {failed[0].getMessage()}")
    return result
