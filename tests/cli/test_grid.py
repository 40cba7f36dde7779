"""Tables lose columns and the ends of notes, never a figure."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from alvh_tui.cli.grid import NAME, Column, Grid


def grid() -> Grid:
    made = Grid(
        "Title", [NAME, Column("mark"), Column("Γ", rank=1), Column("upper", rank=2), Column("x", rank=2)]
    )
    made.add("dec-18", "1,234.5", "−0.090", "7,108.4", "1.0", note="a leg is without a quote")
    made.add("jan", "0.5", "—", "", "", note="")
    return made


def test_all_columns_where_there_is_room() -> None:
    shown = grid().render(None).plain.splitlines()
    assert shown[0] == "Title"
    assert shown[1].split() == ["mark", "Γ", "upper", "x"]
    assert shown[2].endswith("a leg is without a quote")
    assert shown[3].index("0.5") + 3 == shown[2].index("1,234.5") + 7


def test_columns_of_one_rank_go_together() -> None:
    shown = grid().render(44).plain
    assert "Γ" in shown
    assert "upper" not in shown
    assert "x" not in shown.splitlines()[1]


@given(st.integers(min_value=20, max_value=120))
def test_figures_are_whole_at_every_width(width: int) -> None:
    made = Grid("", [NAME, Column(), Column(rank=1), Column(rank=2)])
    made.add("dec-18", "1,234.5", "−0.090", "7,108.4")
    assert set(made.render(width).plain.split()) <= {"dec-18", "1,234.5", "−0.090", "7,108.4"}
    assert {"dec-18", "1,234.5"} <= set(made.render(width).plain.split())


@given(st.integers(min_value=34, max_value=120))
def test_lines_fit_where_the_essential_columns_do(width: int) -> None:
    assert all(cell_len(line) <= width for line in grid().render(width).plain.splitlines())


def test_where_no_note_fits_no_blanks_are_left_of_it() -> None:
    made = Grid("", [NAME, NAME])
    made.add("front", "short put 6500 is 44 points in the money", note="condor.proximity")
    made.add("L1", "due", note="L1.zone")
    assert made.render(40).plain.splitlines() == [
        "front  short put 6500 is 44 points in the money",
        "L1     due",
    ]
