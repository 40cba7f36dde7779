"""How large the second layer is to be, as a multiple of the initial hedge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alvh_tui.figures import percent
from alvh_tui.instruments.calendar import sessions_between
from alvh_tui.market.types import Event
from alvh_tui.method.macro import calendar_of, events_named
from alvh_tui.method.rules import Rules
from alvh_tui.risk.migration import Migration


@dataclass(frozen=True, slots=True)
class Scale:
    value: float | None
    """None where the cushion or the date it depends on is unknown."""
    because: str


def l2_scale(
    today: date, own_events: Sequence[Event], migrations: Mapping[str, Migration], rules: Rules
) -> Scale:
    """1 outside an FOMC window; inside it the more, the more of the cushion is used up."""
    farthest = today + timedelta(days=rules.whole("events.window.farthest_days"))
    meetings = [event.on for event in events_named(calendar_of(own_events), "FOMC")]
    ahead = [sessions_between(today, day) for day in meetings if today <= day <= farthest]
    if not ahead:
        return Scale(None, "no date of the next FOMC is known")
    sessions = min(ahead)
    if sessions > rules.whole("events.window.sessions"):
        return Scale(1.0, f"FOMC in {sessions} sessions, outside its window")
    near = "FOMC today" if sessions == 0 else f"FOMC in {sessions} session{'' if sessions == 1 else 's'}"
    cushions = [side for migration in migrations.values() for side in migration.cushion if side is not None]
    if not cushions:
        return Scale(None, f"{near}, and the cushion is unknown")
    used = min(max(1.0 - min(cushions), 0.0), 1.0)
    low, high = rules.number("sizing.l2-scale.low"), rules.number("sizing.l2-scale.high")
    return Scale(min(low + used, high), f"{near}, {percent(used)} of the cushion used up")
