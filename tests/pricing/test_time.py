"""Time to expiry: minutes between instants, whatever clocks and clock changes say."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alvh_tui.pricing.time import MINUTES_A_YEAR, years_between


def test_the_worked_examples(golden: dict[str, dict[str, Any]]) -> None:
    example = golden["G01"]
    for given, wanted in zip(example["inputs"], example["outputs"], strict=True):
        years = years_between(datetime.fromisoformat(given["now"]), datetime.fromisoformat(given["expiry"]))
        assert years == pytest.approx(wanted["minutes"] / MINUTES_A_YEAR, abs=1e-12), given["case"]
        assert float(f"{years:.10g}") == wanted["years_525600"], given["case"]


def test_the_hour_of_a_clock_change_counts() -> None:
    new_york = ZoneInfo("America/New_York")
    friday = datetime(2026, 10, 30, 16, tzinfo=new_york)
    monday = datetime(2026, 11, 2, 16, tzinfo=new_york)
    assert years_between(friday, monday) * MINUTES_A_YEAR == pytest.approx(3 * 1440 + 60)


def test_the_past_is_negative() -> None:
    london, new_york = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
    now, then = datetime(2026, 7, 1, 15, tzinfo=london), datetime(2026, 7, 1, 9, 30, tzinfo=new_york)
    assert years_between(now, then) * MINUTES_A_YEAR == pytest.approx(-30.0)


@pytest.mark.parametrize("naive_first", [True, False])
def test_an_instant_without_a_zone_is_refused(naive_first: bool) -> None:
    aware = datetime(2026, 7, 1, 15, tzinfo=ZoneInfo("UTC"))
    naive = aware.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        years_between(*((naive, aware) if naive_first else (aware, naive)))
