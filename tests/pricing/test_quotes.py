"""What a bid and an ask are worth."""

from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.pricing.quotes import Status, read_quote, sane_mids


def test_the_worked_examples(golden: dict[str, dict[str, Any]]) -> None:
    example = golden["G16"]
    for given_, wanted in zip(example["inputs"], example["outputs"], strict=True):
        reading = read_quote(given_["bid"], given_["ask"])
        assert reading.status == wanted["status"], given_
        assert reading.mid == (None if wanted["mark"] is None else pytest.approx(wanted["mark"])), given_
        assert reading.vol_usable is wanted.get("iv_usable", True), given_


@pytest.mark.parametrize(
    ("bid", "ask", "status", "mid"),
    [
        (0.0, 0.50, "zero_bid", 0.25),
        (0.0, 0.55, "wide", None),
        (0.0, 179.3, "wide", None),
        (0.0, 0.0, "no_quote", None),
        (-0.05, 0.05, "no_quote", None),
        (1.0, None, "no_quote", None),
        (nan, 1.0, "no_quote", None),
        (1.0, inf, "no_quote", None),
        (1.0, 1.0, "ok", 1.0),
        (1.0, 1.5, "ok", 1.25),
        (4.0, 6.0, "ok", 5.0),
        (4.0, 8.0, "wide", 6.0),
        (6.0, 9.9, "ok", 7.95),
        (6.0, 10.1, "wide", 8.05),
        (0.05, 0.0, "no_quote", None),
    ],
)
def test_the_edges(bid: float | None, ask: float | None, status: Status, mid: float | None) -> None:
    reading = read_quote(bid, ask)
    assert (reading.status, reading.mid) == (status, mid)
    assert reading.vol_usable == (status == "ok")


prices = st.one_of(st.floats(-1.0, 300.0), st.sampled_from([0.0, 0.05, 0.5, nan, inf]))


@given(st.lists(st.tuples(prices, prices), min_size=1, max_size=30))
def test_the_column_twin_agrees(quotes: list[tuple[float, float]]) -> None:
    mids, usable = sane_mids([bid for bid, _ in quotes], [ask for _, ask in quotes])
    for (bid, ask), mid, carries_vol in zip(quotes, mids, usable, strict=True):
        reading = read_quote(bid, ask)
        sane = reading.status in ("ok", "zero_bid")
        assert carries_vol == reading.vol_usable
        assert mid == reading.mid if sane else np.isnan(mid)
