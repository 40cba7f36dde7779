"""One text for every rule, whoever shows it."""

from alvh_tui.method.catalog import catalog
from alvh_tui.method.closes import closes_of
from alvh_tui.method.layers import run_layers
from alvh_tui.method.measure import measure
from alvh_tui.method.reasons import layer_states
from alvh_tui.method.settings import settings
from tests.method.worlds import LADDER, ZONES, episode


def test_every_entry_is_a_sentence_with_a_source_and_keys_there_are() -> None:
    for name, entry in catalog().items():
        assert entry.id == name
        assert entry.sentence.endswith("."), name
        assert set(entry.source.split()) <= {"S0", "S1", "S2", "S3", "S4", "house"}, name


def test_the_names_of_the_method_are_all_there() -> None:
    told = [
        "condor.delta-band",
        "condor.wings",
        "condor.tenor",
        "condor.entry-vix",
        "condor.vega-bias",
        "condor.short-put-itm",
        "condor.pcf",
        "condor.irr",
        "condor.theta-burn",
        "vix.level",
        "vix.rsi",
        "macd.spx",
        "macd.vix",
        "macd.vvix-vix",
        "macd.vx-curve",
        "breadth.line",
        "breadth.divergence",
        "breadth.realigned",
        "term.structure",
        "vol.rv-iv",
        "vol.acceleration",
        "events.window",
        "macro.inflation",
        "macro.rates",
        "macro.valuation",
        "macro.correlation",
        "skew.etf",
        "vix.disconnect",
        "bid.underlying",
        "shrink",
    ]
    assert set(told) <= set(catalog())


def test_every_rule_behind_a_layer_can_be_explained() -> None:
    found = closes_of(episode("2018-february").closes)
    for rules in (ZONES, LADDER):
        run = run_layers(measure(found, (), rules))
        for row in range(len(found.days)):
            for state in layer_states(run, row):
                assert {reading.id for reading in state.rules} <= set(catalog())


def test_every_number_of_a_signal_or_layer_is_explained_by_a_rule() -> None:
    read = {setting.key for entry in catalog().values() for setting in entry.settings()}
    tables = (
        "vix.",
        "macd.",
        "breadth.",
        "term.",
        "vol.",
        "events.",
        "macro.",
        "skew.",
        "bid.",
        "layers.",
        "condor.",
    )
    assert [key for key in settings() if key.startswith(tables) and key not in read] == []
