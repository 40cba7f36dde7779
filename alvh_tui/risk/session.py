"""Which quotes belong to the session a market was taken in."""

from dataclasses import replace
from datetime import datetime, time

import numpy as np

from alvh_tui.instruments.calendar import NEW_YORK, OPENS, is_session, previous_session
from alvh_tui.market.types import Chain, MarketSnapshot


def session_began(snapshot: MarketSnapshot) -> datetime:
    """New York midnight of the session the quotes are of; before the open and on days off the last one's."""
    true_at = (snapshot.time - snapshot.delay).astimezone(NEW_YORK)
    day = true_at.date()
    if not (is_session(day) and true_at.time() >= OPENS):
        day = previous_session(day)
    return datetime.combine(day, time(), NEW_YORK)


def of_this_session(chain: Chain, began: datetime) -> Chain:
    """The chain without quotes of earlier sessions; one without a time of its own is as old as the market."""
    since = began.timestamp()
    old_calls, old_puts = chain.call_time < since, chain.put_time < since
    if not (old_calls.any() or old_puts.any()):
        return chain
    return replace(
        chain,
        call_bid=np.where(old_calls, np.nan, chain.call_bid),
        call_ask=np.where(old_calls, np.nan, chain.call_ask),
        put_bid=np.where(old_puts, np.nan, chain.put_bid),
        put_ask=np.where(old_puts, np.nan, chain.put_ask),
    )
