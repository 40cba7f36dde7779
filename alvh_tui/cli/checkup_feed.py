"""What `alvh doctor` says of the live feed, by what it left on disk; nothing is sent unless asked for."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from alvh_tui.cli.checkup import Check, Health
from alvh_tui.directories import Directory
from alvh_tui.figures import age
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import FeedUnavailableError, SourceState
from alvh_tui.market.yahoo.plan import Plan, plan_of
from alvh_tui.market.yahoo.store import FILE, Store

LONG_AGO = timedelta(days=4)
"""Longer than any weekend with a holiday."""


def of_the_feed(contracts: Sequence[Contract], now: datetime) -> Iterator[Check]:
    plan = plan_of(contracts, now)
    yield Check(Health.OK, "feed: asks for", _asked(plan, held=bool(contracts)))
    if not (Directory.CACHE.path / FILE).exists():
        yield Check(Health.OK, "feed: last answer", "none yet on this machine")
        return
    store = Store(Directory.CACHE.path)
    try:
        yield _last_answer(store, now)
        yield from _troubles(store, now)
    finally:
        store.close()


def _asked(plan: Plan, *, held: bool) -> str:
    every = len(plan.wants)
    whose = "for the books given" if held else "without a book"
    return (
        f"Yahoo, {whose}: {len(plan.symbols)} quotes in one request, {len(plan.chains)} chains, "
        f"{len(plan.closes)} daily histories, events; {every} requests, spread out"
    )


def _last_answer(store: Store, now: datetime) -> Check:
    name = "feed: last answer"
    if not store.on_disk:
        return Check(Health.WARN, name, store.trouble, f"see {Directory.CACHE.path}")
    checked = store.checked()
    day, _ = store.sent_since((now - timedelta(days=1)).timestamp())
    if not checked:
        return Check(Health.WARN, name, f"none good yet; {day} requests in a day", "alvh doctor --online")
    seconds = now.timestamp() - max(checked.values())
    found = f"{age(seconds)} ago; {len(checked)} kept, {day} requests in a day"
    if seconds > LONG_AGO.total_seconds():
        return Check(Health.WARN, name, found, "alvh doctor --online asks anew")
    return Check(Health.OK, name, found)


def _troubles(store: Store, now: datetime) -> Iterator[Check]:
    for key, trouble in sorted(store.troubles().items()):
        since = age(now.timestamp() - trouble.since)
        again = datetime.fromtimestamp(trouble.next_try, NEW_YORK)
        remedy = (
            f"it is asked again at {again:%H:%M} New York time"
            if again > now
            else "it is asked again next time"
        )
        yield Check(Health.WARN, "feed: trouble", f"{key or 'all'}: {trouble.said}, for {since}", remedy)


def of_an_answer(args: argparse.Namespace, contracts: Sequence[Contract]) -> Check:
    """One round of requests, within the feed's budget."""
    from alvh_tui.cli.feeds import market_asked_for

    name = "feed: online"
    try:
        market, _ = market_asked_for(args, contracts)
    except FeedUnavailableError as error:
        return Check(Health.FAIL, name, str(error), "look at the network, or work from a market folder")
    failed = [source for source in market.sources if source.state is SourceState.FAILED]
    states = ", ".join(f"{source.name} {source.state}" for source in market.sources) or "no sources"
    if failed:
        errors = "; ".join(dict.fromkeys(source.error or "failed" for source in failed))
        return Check(Health.WARN, name, f"{states} ({errors})", "try again later")
    return Check(Health.OK, name, states)
