"""The layers panel: urgency first, actions in words, and numbers that come true."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from alvh_tui.assess import Assessment
from alvh_tui.book.model import Hedge, Layer
from alvh_tui.method.flattening import Flattening
from alvh_tui.method.holding import Action, HoldingState
from alvh_tui.method.layers import TriggerState
from alvh_tui.method.reading import Reading
from alvh_tui.method.reasons import Lingering, NextTrigger
from alvh_tui.method.shrink import Shrink
from alvh_tui.method.verdict import Verdict
from alvh_tui.screens.cells import HIDDEN
from alvh_tui.screens.panels import layers
from alvh_tui.screens.panels.layer_action import reach, wanted
from alvh_tui.screens.panels.layer_held import paid
from alvh_tui.screens.rows import Opens, Role, Row
from alvh_tui.why.derive import derive, value_of
from alvh_tui.why.figure import Figure
from tests.memory.worlds import TENSE, at, seen
from tests.screens.method_worlds import told, with_layer
from tests.screens.panels_worlds import NAMES, judged, look, market_of, sample, shown

SIZES = ((44, 18), (80, 20))


def rows_of(assessment: Assessment, width: int = 100, height: int = 60, **how: Any) -> tuple[Row, ...]:
    return layers.sheet(shown(assessment), look(width, height, **how)).rows


def text_of(assessment: Assessment, width: int = 100, height: int = 60, **how: Any) -> str:
    return "\n".join(row.text.rstrip() for row in rows_of(assessment, width, height, **how))


def card_of(layer: Layer, assessment: Assessment, **how: Any) -> str:
    """All rows of one layer, joined as one text."""
    rows = rows_of(assessment, **how)
    return " ".join(" ".join(r.text.split()) for r in rows if r.key.startswith(f"{layer} "))


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_it_fits_its_place_on_the_dashboard(name: str, width: int, height: int) -> None:
    assert len(rows_of(sample(name), width, height)) <= height


@pytest.mark.parametrize("height", [5, 8, 12, 18, 40])
@pytest.mark.parametrize("name", NAMES)
def test_every_layer_and_shrink_are_there_at_any_height(name: str, height: int) -> None:
    keys = [row.key for row in rows_of(sample(name), 44, height)]
    assert [key for key in keys if key.endswith(" head")] == ["L1 head", "L2 head", "L3 head", "SE head"]
    assert keys[-1] == "shrink"
    assert len(keys) <= height


def test_an_idle_layer_takes_one_line_and_says_how_far_it_is() -> None:
    rows = [row for row in rows_of(sample("broken_wing"), 44, 18) if row.key.startswith("L3 ")]
    assert [" ".join(row.text.split()) for row in rows] == ["L3 ○ idle 9.6 to 30"]


def test_what_is_urgent_keeps_its_lines_when_room_is_short() -> None:
    """The instruments of covered layers go before the gauges of those that call for more."""
    short = [row.key for row in rows_of(sample("tested"), 44, 12)]
    assert "L1 action" in short
    assert "L2 action" in short
    assert "L3 held" not in short
    assert "L3 held" in [row.key for row in rows_of(sample("tested"), 44, 18)]


def test_states_are_words_and_colour_repeats_the_urgency() -> None:
    rows = {row.key: row for row in rows_of(sample("tested"), 44, 18)}
    assert rows["L1 head"].text.split() == ["L1", "▲", "triggered", "49", "d", "partial", "ADD", "3"]
    assert rows["L3 head"].text.split() == ["L3", "▲", "triggered", "3", "d", "covered", "hold"]
    assert [span.role for span in rows["L1 head"].spans if "triggered" in span.text] == [Role.ACT]
    assert [span.role for span in rows["L3 head"].spans if "triggered" in span.text] == [Role.WATCH]
    assert rows["L1 head"].opens == Opens("layer", "L1")


def test_actions_are_said_in_words() -> None:
    said = "bring L1's coverage from 37 % to 65 %; hedge cost allows no more"
    assert f"3 more VIX Dec 16 22/32 call spreads {said}" in card_of("L1", sample("tested"))
    short = "3 more VIX Dec 16 22/32 call spreads: L1's coverage 37 % → 65 %; hedge cost allows no more"
    assert short in card_of("L1", sample("tested"), width=44)
    assert "36 more VIX Dec 16 22/32 call spreads would bring" in card_of("L1", sample("calm"))


@pytest.mark.parametrize(("name", "layer"), [("tested", "L1"), ("tested", "L2"), ("broken_wing", "L1")])
def test_what_more_contracts_bring_comes_true(name: str, layer: Layer) -> None:
    """The same book with those contracts in it reads what was said, but for rounding in the link."""
    assessment = sample(name)
    judgement = assessment.judgement.layers[layer]
    more = wanted(judgement)
    said = reach(judgement, more, assessment)
    assert said is not None
    after = _with_more(assessment, layer, more)
    found = {y.id: y.reading for y in after.judgement.layers[layer].sizing.yardsticks}
    now = found[said.yardstick] if said.yardstick else after.totals.vega_coverage
    assert now == pytest.approx(said.after, rel=1e-6)
    assert now != pytest.approx(said.before, rel=1e-2)


def _with_more(assessment: Assessment, layer: Layer, more: int) -> Assessment:
    """Contracts of the instrument the layer is counted in, in a hedge of its own."""
    book = assessment.book
    first = next(hedge for hedge in book.hedges if hedge.layer == layer)
    lots = [replace(leg, quantity=leg.quantity // first.contracts * more) for leg in first.legs]
    added: Hedge = replace(first, id="more", legs=tuple(lots), adjustments=())
    return judged(replace(book, hedges=(*book.hedges, added)), market_of(_name_of(assessment)))


def _name_of(assessment: Assessment) -> str:
    return assessment.book.path.stem


def test_nothing_is_said_that_is_not_known() -> None:
    """Without the sums of the condors no coverage is told, only what the yardstick asks for."""
    assessment = sample("tested")
    blind = replace(assessment, totals=replace(assessment.totals, complete=False))
    card = card_of("L2", blind)
    assert "2 more VIX Jan 20 28 calls as L2 scale asks" in card
    assert "coverage from" not in card


def test_held_against_target_with_instrument_days_and_cost() -> None:
    assert "4 of 7 held · VIX Dec 16 22C/32C · 26 d · paid 480 $" in card_of("L1", sample("tested"))
    assert "8 of 44–60 · VIX Dec 16 22C/32C · 26 d" in card_of("L1", sample("calm"), width=44)


@pytest.mark.parametrize("name", NAMES)
def test_the_premium_paid_is_the_one_that_is_explained(name: str) -> None:
    assessment = sample(name)
    for layer in assessment.judgement.layers:
        assert paid(layer, assessment) == value_of(Figure("layer", "cost", layer), assessment)


def test_a_roll_is_announced_and_then_due() -> None:
    soon = with_layer(sample("tested"), "L1", days_left=12)
    limit = sample("tested").rules.whole("attention.hedge_days_left")
    assert f"12 d ◀ roll in {12 - limit} d" in card_of("L1", soon)
    due = with_layer(sample("tested"), "L1", days_left=3, action=Action.ROLL)
    card = card_of("L1", due)
    assert "3 d ◀ roll" in card
    assert "4 held end in 3 days: roll them to a later settlement" in card
    calm = with_layer(sample("tested"), "L1", days_left=26)
    assert "◀ roll" not in card_of("L1", calm)


@pytest.mark.parametrize(
    ("days", "ending", "words"),
    [
        (1, 3, "3 of 4 held end in 1 day: roll them to a later settlement"),
        (2, 1, "1 of 4 held ends in 2 days: roll it to a later settlement"),
        (0, 4, "4 held end today: roll them to a later settlement"),
    ],
)
def test_a_roll_says_how_many_of_those_held_end(days: int, ending: int, words: str) -> None:
    due = with_layer(sample("tested"), "L1", days_left=days, ending=ending, action=Action.ROLL)
    assert words in card_of("L1", due)
    hidden = card_of("L1", due, private=True)
    assert f"roll {HIDDEN} held {'ends' if ending == 1 else 'end'} " in hidden


def test_no_more_is_bought_of_what_is_about_to_end() -> None:
    due = {"days_left": 1, "ending": 3, "action": Action.ROLL}
    card = card_of("L1", with_layer(sample("tested"), "L1", instrument_ends=True, **due))
    assert "to a later settlement, and add there" in card
    assert "more VIX" not in card
    assert "65 %" not in card
    lasting = card_of("L1", with_layer(sample("tested"), "L1", instrument_ends=False, **due))
    assert "to a later settlement; 3 more VIX Dec 16 22/32 call spreads bring" in lasting
    enough = {"instrument_ends": True, "sizing": {"target": (2, 4)}, **due}
    assert "add there" not in card_of("L1", with_layer(sample("tested"), "L1", **enough))


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (100, "delta +9.8 without it, −90.1 with it: turned over instead of flattened"),
        (44, "delta +9.8 → −90.1 with it: turned over"),
    ],
)
def test_a_layer_that_turns_the_delta_over_says_so(width: int, words: str) -> None:
    card = card_of("L3", sample("tested"), width=width)
    assert words in card
    assert "covered hold" in card
    hidden = card_of("L3", sample("tested"), width=width, private=True)
    assert "90.1" not in hidden
    flat = with_layer(sample("tested"), "L3", flattening=Flattening(-90.0, 5.0))
    assert "delta" not in card_of("L3", flat, width=width)


def test_the_deltas_of_the_card_explain_themselves() -> None:
    spans = [span for row in rows_of(sample("tested")) if row.key == "L3 action" for span in row.spans]
    asked = {span.figure: span.text for span in spans if span.figure is not None}
    without, held = Figure("total", "delta_without_L3"), Figure("total", "spx_delta")
    assert asked == {without: "+9.8", held: "−90.1"}
    assert value_of(without, sample("tested")) == pytest.approx(9.8, abs=0.05)


@pytest.mark.parametrize("width", [36, 44, 60, 100, 200])
def test_a_layer_that_is_triggered_far_below_its_trigger_says_why(width: int) -> None:
    lingering = Lingering("2 closes at 16 or below, and breadth back", below_watch=True)
    late = with_layer(sample("tested"), "L1", state={"lingering": lingering})
    words = "still triggered: release needs 2 closes at 16 or below, and breadth back"
    assert words in card_of("L1", late, width=width)
    assert words in card_of("L1", late, width=width, height=18)
    assert card_of("L1", late, width=width).count("closes at 16") == 1


def test_what_is_called_for_far_below_its_trigger_is_no_alarm() -> None:
    def roles(below_watch: bool) -> tuple[set[Role], set[Role]]:
        late = with_layer(sample("tested"), "L1", state={"lingering": Lingering("breadth back", below_watch)})
        head = rows_of(late)[0]
        assert "still triggered: release needs breadth back" in _lines_behind("action", late)
        triggered = {span.role for span in head.spans if "triggered" in span.text}
        return triggered, {span.role for span in head.spans if "ADD" in span.text}

    assert roles(below_watch=True) == ({Role.WATCH}, {Role.WATCH})
    assert roles(below_watch=False) == ({Role.ACT}, {Role.ACT})


def _lines_behind(name: str, assessment: Assessment) -> str:
    found = derive(Figure("layer", name, "L1"), assessment)
    return "" if found is None else found.text()


def test_one_value_that_is_asked_for_is_no_equation() -> None:
    assert "0.71× of 1.00× ◀" in card_of("L2", sample("tested"))
    assert "0.71× of 1.00× ◀" in card_of("L2", sample("tested"), width=44)


def test_too_many_are_trimmed_by_name_of_the_cap() -> None:
    over = with_layer(
        sample("tested"),
        "L1",
        action=Action.TRIM,
        holding=HoldingState.OVER,
        sizing={"held": 9, "cap": 7, "cap_by": "hedge cost"},
    )
    card = card_of("L1", over)
    assert "over trim 2" in card
    assert "2 fewer are enough, by hedge cost" in card


def test_a_released_layer_says_what_unwinding_brings() -> None:
    released = with_layer(
        sample("tested"),
        "L1",
        action=Action.UNWIND,
        unwind_value=1254.0,
        unwind_pnl=-26.0,
        state={"trigger": TriggerState.RELEASE},
    )
    card = card_of("L1", released)
    assert "▽ release" in card
    assert "unwind the 4 held: worth 1,254 $ at its marks, −26 $ realised" in card
    hidden = card_of("L1", released, private=True)
    assert f"unwind the {HIDDEN} held: worth {HIDDEN} $" in hidden
    assert "1,254" not in hidden


def test_the_binding_yardstick_is_marked_and_its_band_shown() -> None:
    rows = {row.key: row.text for row in rows_of(sample("tested"), 44, 18)}
    assert rows["L1 hedge cost"].rstrip().endswith("19 % ≤ 33 %   ◀")
    assert rows["L1 vega coverage"].rstrip().endswith("37 % 40–60 %")
    assert "┃" in rows["L1 vega coverage"]


def test_a_layer_says_by_which_rules_and_on_which_day() -> None:
    why = "by L1.zone 18.28 (≥17), vix.rsi 60.84, macd.vix 0.37, skew.etf 2.40, on Oct 2"
    assert why in card_of("L1", sample("tested"))
    assert "L1.zone: confirmations: 1, needed 2" in card_of("L1", sample("calm"))
    assert "release: 0 of 2 closes at 16 or below" in card_of("L1", sample("tested"))


def test_a_level_that_is_reached_is_not_a_distance() -> None:
    assert "VIX 17 reached" in card_of("L1", sample("calm"))
    near = with_layer(sample("calm"), "L2", state={"next_trigger": NextTrigger(24.0, 0.4)})
    assert card_of("L2", near).endswith("0.4 to 24")


def test_unknown_says_what_it_waits_for() -> None:
    assert "L1 ? unknown waits for daily closes" in card_of(
        "L1", with_layer(sample("tested"), "L1", state=None)
    )
    rule = Reading("L1.early-rsi", None, None, Verdict.UNKNOWN, "waits for breadth.divergence")
    waiting = with_layer(sample("calm"), "L2", state={"rules": (rule,)})
    assert "? L1.early-rsi waits for breadth.divergence" in card_of("L2", waiting)
    unsure = with_layer(
        sample("tested"), "L1", holding=None, action=Action.HOLD, sizing={"note": "a hedge has no delta"}
    )
    assert "whether that is enough is unknown: a hedge has no delta" in card_of("L1", unsure)


def test_the_journal_knows_at_what_time_a_layer_triggered_today() -> None:
    assessment = seen(at("13:00"), vix=TENSE)
    assert "triggered today~" in _head(assessment, ())
    assert "triggered 12:00~" in _head(assessment, told().entries)
    yesterday = with_layer(assessment, "L1", state={"since": date(2026, 11, 19)})
    assert "triggered 1 d" in _head(yesterday, told().entries)


def _head(assessment: Assessment, entries: Any) -> str:
    rows = layers.sheet(shown(assessment, entries=entries), look(60, 20)).rows
    return " ".join(rows[0].text.split())


def test_shrink_is_said_with_its_reason() -> None:
    assert "shrink ○ no realised 0.57 × implied, limit 1.20" in " ".join(text_of(sample("tested")).split())
    assessment = sample("tested")
    rules = assessment.judgement.shrink.rules

    def with_rules(verdict: Verdict, *changed: Reading) -> str:
        judgement = replace(assessment.judgement, shrink=Shrink(verdict, changed))
        return " ".join(text_of(replace(assessment, judgement=judgement)).split())

    both = (rules[0], *(replace(rule, verdict=Verdict.YES) for rule in rules[1:]))
    assert "shrink ● yes pronounced divergence −0.50, CPI contained" in with_rules(Verdict.YES, *both)
    lacking = replace(rules[0], reading=None, verdict=Verdict.UNKNOWN, note="no vix in the history")
    said = with_rules(Verdict.UNKNOWN, lacking, *rules[1:])
    assert "shrink ? unknown waits for vol.rv-iv: no vix in the history" in said


def test_private_keeps_shares_and_hides_counts_and_dollars() -> None:
    text = text_of(sample("tested"), private=True)
    assert f"{HIDDEN} of {HIDDEN} held" in text
    assert "37 % to 65 %" in text
    assert "ADD 3" not in text
    assert "480" not in text
    assert "+127 $" not in text


def test_what_is_measured_for_the_whole_book_is_shown_once() -> None:
    keys = [row.key for row in rows_of(sample("calm"))]
    assert [key for key in keys if key.endswith("hedge cost")] == ["layers hedge cost"]
    binding = [row.key for row in rows_of(sample("tested"))]
    assert [key for key in binding if key.endswith("hedge cost")] == ["L1 hedge cost"]
