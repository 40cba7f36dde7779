"""No figure on the screen that cannot explain itself, or that says another number than its derivation."""

import re
from collections.abc import Iterator

import pytest

from alvh_tui.assess import Assessment
from alvh_tui.risk.picture import draw_picture
from alvh_tui.screens.builders import BUILDERS, MODES, page_of
from alvh_tui.screens.rows import Opens, Span
from alvh_tui.why.ages import is_doubtful
from alvh_tui.why.derive import derive
from tests.screens.panels_worlds import look, shown
from tests.why.sums import written_as
from tests.why.worlds import ASKED

WIDTH = 118
_NUMBER = re.compile(r"[+−]?\d[\d,]*(\.\d+)?( ?%)?")


def spans_of(assessment: Assessment) -> Iterator[Span]:
    """Every piece of text on every panel, in each of its views, and on every page, that shows a figure."""
    seen = shown(assessment, draw=draw_picture, doubts=is_doubtful)
    names = [held.figures.position.id for held in assessment.positions]
    pages = [Opens("position", name) for name in names]
    pages += [Opens("layer", layer) for layer in assessment.judgement.layers]
    pages += [Opens("signal", signal.id) for signal in assessment.judgement.signals]
    sheets = [page_of(opens)(seen, look(WIDTH, 60)) for opens in pages]
    for panel, build in BUILDERS.items():
        for mode in MODES.get(panel, ("",)):
            for selected in ("", *names[:1]):
                unfolded = frozenset(names)
                sheets.append(build(seen, look(WIDTH, 40, mode=mode, selected=selected, unfolded=unfolded)))
    for sheet in sheets:
        yield from (span for row in sheet.rows for span in row.spans if span.figure is not None)


def says_another_number(text: str, value: str) -> bool:
    bare, derived = (said.strip("[]~ ").removesuffix("$").strip() for said in (text, value))
    if not (_NUMBER.fullmatch(bare) and _NUMBER.fullmatch(derived)):
        return False
    return not written_as(bare).meets(written_as(derived))


@pytest.mark.parametrize("name", ["calm", "with holes", "with a past", "all is well", "no quotes at all"])
def test_every_figure_on_the_screen_says_why(name: str) -> None:
    assessment = ASKED[name]()
    spans = list(spans_of(assessment))
    assert len(spans) > 100
    for span in spans:
        assert span.figure is not None
        found = derive(span.figure, assessment)
        assert found is not None, span
        assert not says_another_number(span.text, found.value), (span, found.value)
