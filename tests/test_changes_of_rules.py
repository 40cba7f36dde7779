"""What a watcher is told of rules that wait to be confirmed."""

from dataclasses import replace
from datetime import datetime

from alvh_tui.assess import Assessment
from alvh_tui.changes import Change, News
from alvh_tui.method.governance import Waiting
from alvh_tui.method.rules import Rules, built_in
from alvh_tui.monitor import Frame
from tests.memory.worlds import RULES, at, seen

LADDER = built_in("ladder")


def waiting(since: datetime | None, *names: str) -> Rules:
    return replace(RULES, waiting=Waiting(LADDER, since, names, 2))


def frames(*rules: Rules) -> list[tuple[Change, ...]]:
    news = News()
    seen_once = seen(at("10:00"))

    def with_rules(found: Rules) -> Assessment:
        return replace(seen_once, rules=found)

    told = [
        news.of(Frame(number, with_rules(found), (), at("12:10"), None, None))
        for number, found in enumerate(rules, 1)
    ]
    return [tuple(change for change in changes if change.kind == "rules") for changes in told]


def test_a_change_that_waits_is_told_once_and_with_each_name() -> None:
    moment = at("12:03")
    first, begun, same, agreed, counted, calm = frames(
        RULES, waiting(None), waiting(moment), waiting(moment, "ann"), LADDER, LADDER
    )
    assert (first, same, calm) == ((), (), ())
    assert [(change.before, change.after) for change in (*begun, *agreed, *counted)] == [
        (None, "waiting"),
        ("waiting", "waiting"),
        ("waiting", "counts"),
    ]
    assert begun[0].text.startswith("rules changed, waiting for 2 confirmations; changed ")
    assert agreed[0].text.startswith("rules changed 12:03, waiting for a second confirmation after ann; ")
    assert counted[0].text == f"ladder {LADDER.fingerprint[:4]}… counts"


def test_one_who_comes_later_is_told_too() -> None:
    (told,) = frames(waiting(at("12:03")))
    assert len(told) == 1
