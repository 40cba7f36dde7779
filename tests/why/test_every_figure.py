"""Every figure of every sample, of markets with holes and of a condor with a past, can say why."""

import re

import pytest

from alvh_tui.figures import UNKNOWN
from alvh_tui.why.derivation import Derivation
from alvh_tui.why.derive import derive, value_of
from alvh_tui.why.every import figures_of
from alvh_tui.why.figure import Figure
from tests.why.sums import both_sides, written_as
from tests.why.worlds import ASKED, reason_unknown

_NUMBER = re.compile(r"[+−]?[\d,]+(\.\d+)?( [%$])?")
_GARBAGE = re.compile(r"\b(None|nan|inf|NaN)\b|\[\]|\{\}")


def faults(figure: Figure, found: Derivation | None, value: float | None) -> list[str]:
    """What is wrong with a derivation, in words."""
    if found is None:
        return ["there is none"]
    text, said = found.text(), []
    if not found.title or not found.value:
        said.append("it has no title or no value")
    if _GARBAGE.search(text):
        said.append(f"it says {_GARBAGE.findall(text)}")
    if (found.value == UNKNOWN) != bool(found.unknown):
        said.append(f"its value is {found.value} and the reason {found.unknown!r}")
    if found.value != UNKNOWN and not (found.formula or found.solved):
        said.append("it has no formula")
    if value is None and _NUMBER.fullmatch(found.value) and figure.kind not in ("layer", "rule", "signal"):
        said.append(f"it says {found.value} of what is unknown")
    if value is not None and not written_as_far_as_it_is_a_number(found.value, value):
        said.append(f"it says {found.value} of {value}")
    return said + faults_of_lines(found)


def written_as_far_as_it_is_a_number(text: str, value: float) -> bool:
    if not _NUMBER.fullmatch(text):
        return text != UNKNOWN
    span = written_as(text)
    return span.low - 1e-9 <= value <= span.high + 1e-9


def faults_of_lines(found: Derivation) -> list[str]:
    said, results = [], []
    for line in found.formula:
        if "=" not in line:
            continue
        if line.count(" = ") != 1:
            said.append(f"no line of arithmetic: {line}")
            continue
        try:
            left, right = both_sides(line)
        except (AssertionError, ValueError) as error:
            said.append(f"cannot be read: {line}: {error}")
            continue
        if not left.meets(right):
            said.append(f"does not hold: {line}: {left}")
        results.append(line.partition(" = ")[2])
    if results and not found.solved and found.value != UNKNOWN:
        bare = found.value.removesuffix(" $")
        if results[-1] != bare and figure_differs(results[-1], bare):
            said.append(f"ends with {results[-1]}, not with {found.value}")
    return said


def figure_differs(result: str, value: str) -> bool:
    """A line may say the same with fewer digits, as a whole number of contracts does."""
    return not _NUMBER.fullmatch(value) or not written_as(result).meets(written_as(value))


@pytest.mark.parametrize("name", ASKED)
def test_every_figure_says_why(name: str) -> None:
    assessment = ASKED[name]()
    asked = list(figures_of(assessment))
    assert len(asked) > 100
    wrong = {
        figure: said
        for figure in asked
        if (said := faults(figure, derive(figure, assessment), value_of(figure, assessment)))
    }
    shown = [f"{figure}: {said}" for figure, said in wrong.items()]
    assert not wrong, f"{len(wrong)} of {len(asked)}\n" + "\n".join(shown[:15])


@pytest.mark.parametrize("name", ["tested", "with holes", "no quotes at all"])
def test_every_input_that_can_be_asked_answers(name: str) -> None:
    assessment = ASKED[name]()
    dead = [
        (figure, given.figure)
        for figure in figures_of(assessment)
        if (found := derive(figure, assessment)) is not None
        for given in found.inputs
        if given.figure is not None and derive(given.figure, assessment) is None
    ]
    assert not dead


@pytest.mark.parametrize("name", ["with holes", "no quotes at all"])
def test_a_dash_has_a_reason_and_a_value_has_none(name: str) -> None:
    assessment = ASKED[name]()
    for figure in figures_of(assessment):
        found = derive(figure, assessment)
        assert found is not None
        assert bool(reason_unknown(figure, assessment)) == (found.value == UNKNOWN)
