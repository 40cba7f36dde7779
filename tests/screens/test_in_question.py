"""Which condor breakevens and risk are about when nobody has chosen one, or the one chosen has settled."""

from dataclasses import replace
from datetime import datetime
from functools import cache

import pytest

from alvh_tui.assess import Assessment
from alvh_tui.instruments.calendar import NEW_YORK
from tests.screens.fakes import FakeEngine, app_with, first_frame, sample, shown_of
from tests.screens.panels_worlds import book_of, judged, market_of

EARLY_IS_OVER = datetime(2026, 12, 14, 12, 0, tzinfo=NEW_YORK)
ALL_ARE_OVER = datetime(2026, 12, 21, 12, 0, tzinfo=NEW_YORK)


@cache
def at(moment: datetime) -> Assessment:
    """The tested book with its condors the other way round: the one that settles first stands first."""
    book = book_of("tested")
    return judged(replace(book, condors=tuple(reversed(book.condors))), market_of("tested"), moment)


def test_condors_that_live_come_before_those_that_have_settled() -> None:
    assert shown_of(at(market_of("tested").time)).condors == ("early", "front")
    assert shown_of(at(EARLY_IS_OVER)).condors == ("front",)
    assert shown_of(at(ALL_ARE_OVER)).condors == ("early", "front")
    assert shown_of(None).condors == ()


@pytest.mark.parametrize(("moment", "first"), [(EARLY_IS_OVER, "front"), (ALL_ARE_OVER, "front")])
def test_a_book_opens_on_one_that_lives_where_there_is_one(moment: datetime, first: str) -> None:
    shown = shown_of(at(moment))
    assert shown.in_question("") == first
    assert shown.in_question("no longer held") == first
    assert shown.in_question("early") == "early", "it was chosen"


async def test_the_keys_lead_from_a_settled_condor_to_those_that_live() -> None:
    app = app_with(FakeEngine(sample(), shown_of(at(EARLY_IS_OVER))))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        assert app.look().selected == "front"
        for act in (app.dashboard.do_next_condor, app.dashboard.do_previous_condor):
            app.select("early")
            act()
            assert app.look().selected == "front"
