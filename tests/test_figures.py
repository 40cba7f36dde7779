"""How figures are written."""

import pytest

from alvh_tui.figures import age, number, percent


@pytest.mark.parametrize(
    ("value", "digits", "signed", "written"),
    [
        (1234.5, 1, False, "1,234.5"),
        (-1234.5, 1, False, "−1,234.5"),
        (12.0, 0, True, "+12"),
        (-0.04, 1, True, "0.0"),
        (0.0, 0, True, "0"),
        (None, 2, True, "—"),
    ],
)
def test_number(value: float | None, digits: int, signed: bool, written: str) -> None:
    assert number(value, digits, signed=signed) == written


def test_percent() -> None:
    assert percent(0.27) == "27 %"
    assert percent(-0.015, 1, signed=True) == "−1.5 %"
    assert percent(None) == "—"


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(None, "—"), (12.0, "12 s"), (900.0, "15 min"), (10_800.0, "3 h"), (259_200.0, "3 d")],
)
def test_age(seconds: float | None, written: str) -> None:
    assert age(seconds) == written
