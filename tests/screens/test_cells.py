"""Figures as spans: what is read and what is tinted say the same."""

import pytest

from alvh_tui.screens.cells import tint, tint_percent
from alvh_tui.screens.rows import Role


@pytest.mark.parametrize(
    ("value", "digits", "role"),
    [
        (None, 0, Role.PLAIN),
        (0.0, 0, Role.PLAIN),
        (0.4, 0, Role.PLAIN),
        (-0.4, 0, Role.PLAIN),
        (-0.5, 0, Role.PLAIN),
        (0.6, 0, Role.GAIN),
        (-0.6, 0, Role.LOSS),
        (-0.4, 1, Role.LOSS),
        (0.04, 1, Role.PLAIN),
    ],
)
def test_a_figure_that_reads_nought_is_neither_gained_nor_lost(
    value: float | None, digits: int, role: Role
) -> None:
    assert tint(value, digits) is role


@pytest.mark.parametrize(
    ("share", "digits", "role"),
    [
        (None, 0, Role.PLAIN),
        (0.004, 0, Role.PLAIN),
        (-0.004, 0, Role.PLAIN),
        (-0.004, 1, Role.LOSS),
        (0.006, 0, Role.GAIN),
        (-0.006, 0, Role.LOSS),
    ],
)
def test_a_share_is_tinted_as_its_per_cent_reads(share: float | None, digits: int, role: Role) -> None:
    assert tint_percent(share, digits) is role
