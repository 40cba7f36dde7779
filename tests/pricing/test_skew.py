"""Delta when the vol moves with the underlying."""

from typing import Any

import pytest

from alvh_tui.pricing.skew import total_delta


def test_the_worked_example(golden: dict[str, dict[str, Any]]) -> None:
    given, wanted = golden["G15"]["inputs"], golden["G15"]["outputs"]
    deltas = total_delta(
        wanted["delta_sticky_strike"],
        wanted["vega_raw"],
        given["slope_dsigma_dK"],
        given["S"],
        given["K"],
        [1.0, 0.0, 1.5],
    )
    names = ("delta_sticky_strike", "delta_sticky_moneyness", "delta_ssr_1_5")
    assert deltas == pytest.approx([wanted[name] for name in names], abs=1e-8)
