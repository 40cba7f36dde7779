"""What `alvh doctor` looks at: one short check each."""

import locale
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alvh_tui.directories import PRIVATE, Directory

SMALLEST, ROOMY = (80, 24), (120, 40)
NEEDED_SIGNS = "−→≥Δ—·│▁"
CLOCK_MAY_LAG = timedelta(days=1)


class Health(StrEnum):
    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Check:
    health: Health
    name: str
    found: str
    remedy: str = ""

    @property
    def line(self) -> str:
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.health:<4}  {self.name:<17}  {self.found}{remedy}"


def of_the_terminal() -> Iterator[Check]:
    yield _size()
    yield _colours()
    yield _encoding()


def _size() -> Check:
    if not sys.stdout.isatty():
        return Check(Health.OK, "terminal size", "standard output is no terminal; tables are not cut")
    columns, rows = shutil.get_terminal_size()
    found = f"{columns} × {rows}"
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        remedy = f"make it {SMALLEST[0]} × {SMALLEST[1]} or more, better {ROOMY[0]} × {ROOMY[1]}"
        return Check(Health.WARN, "terminal size", found, remedy)
    return Check(Health.OK, "terminal size", found)


def _colours() -> Check:
    name, kind = "terminal colours", os.environ.get("TERM", "")
    if os.environ.get("NO_COLOR"):
        return Check(Health.OK, name, "none, as NO_COLOR asks")
    if os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return Check(Health.OK, name, "16 million")
    if "256color" in kind:
        return Check(Health.OK, name, "256")
    if sys.platform == "win32":
        return Check(Health.OK, name, "as the console has them")
    if kind in ("", "dumb"):
        found = f"none (TERM is {kind or 'not set'})"
        return Check(Health.WARN, name, found, "set TERM=xterm-256color where the terminal can do it")
    return Check(Health.WARN, name, f"16 (TERM={kind})", "set TERM=xterm-256color or COLORTERM=truecolor")


def _encoding() -> Check:
    name = "terminal encoding"
    encoding = sys.stdout.encoding or "ascii"
    try:
        NEEDED_SIGNS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        found = f"{encoding} (locale {locale.getlocale()[0] or 'C'}) lacks signs of the tables"
        return Check(Health.WARN, name, found, "set LANG=C.UTF-8 or PYTHONUTF8=1")
    return Check(Health.OK, name, encoding)


def of_time_zones(now: datetime) -> Check:
    name = "time zones"
    try:
        there = now.astimezone(ZoneInfo("America/New_York"))
    except (ZoneInfoNotFoundError, OSError, ValueError):
        remedy = "install the system's tzdata, or: pip install tzdata"
        return Check(Health.FAIL, name, "no America/New_York in the time zone database", remedy)
    here = now.astimezone()
    return Check(
        Health.OK,
        name,
        f"{here:%H:%M} here (UTC{_offset(here)}), {there:%H:%M} in New York (UTC{_offset(there)})",
    )


def _offset(moment: datetime) -> str:
    text = f"{moment:%z}"
    return f"{text[:3].replace('-', '−')}:{text[3:5]}"


def of_the_clock(now: datetime) -> Check:
    """Nobody need be asked to know that a clock older than the program is wrong."""
    found = (
        f"{now:%Y-%m-%d %H:%M:%S} UTC" if now.utcoffset() == timedelta(0) else now.isoformat(" ", "seconds")
    )
    if now.timestamp() < _installed() - CLOCK_MAY_LAG.total_seconds():
        remedy = "set the clock, by network time if possible"
        return Check(Health.FAIL, "clock", f"{found} is before this program was installed", remedy)
    return Check(Health.OK, "clock", found)


def _installed() -> float:
    return Path(__file__).stat().st_mtime


def of_the_calendar(now: datetime) -> Iterator[Check]:
    from alvh_tui.instruments import calendar

    there = now.astimezone(calendar.NEW_YORK)
    today = there.date()
    if not calendar.is_session(today):
        why = calendar.closure_name(today) or f"{today:%A}"
        following = calendar.next_session(today)
        yield Check(Health.OK, "session", f"closed today ({why}); the next is {following:%a %Y-%m-%d}")
    else:
        ends = calendar.trading_ends(today)
        early = " (early close)" if calendar.is_early_close(today) else ""
        hours = f"{calendar.OPENS:%H:%M} to {ends:%H:%M} in New York{early}"
        yield Check(Health.OK, "session", f"{hours}; now {calendar.session_state(there)}")
    spx, vix = (_next_settlement(root, there) for root in ("SPX", "VIX"))
    yield Check(Health.OK, "settlements", f"SPX {spx:%a %Y-%m-%d}, VIX {vix:%a %Y-%m-%d}, both at the open")


def _next_settlement(root: str, now: datetime) -> date:
    from alvh_tui.instruments.calendar import expiries, settlement_instant

    days = expiries(root, now.date(), now.date() + timedelta(days=60))
    return next(day for day in days if settlement_instant(root, day) > now)


def of_directories() -> Iterator[Check]:
    for directory in Directory:
        yield _of_directory(directory)


def _of_directory(directory: Directory) -> Check:
    name, path = f"{directory} directory", directory.path
    told = f" (by {directory.variable})" if os.environ.get(directory.variable) else ""
    found = f"{path}{told}"
    if not path.exists():
        parent = next(above for above in path.parents if above.exists())
        if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
            return Check(Health.OK, name, f"{found}, made when needed")
        remedy = f"make {parent} writable, or set {directory.variable}"
        return Check(Health.FAIL, name, f"{found} cannot be made", remedy)
    if not path.is_dir() or not os.access(path, os.W_OK | os.X_OK):
        remedy = f"make it a folder you may write to, or set {directory.variable}"
        return Check(Health.FAIL, name, f"{found} is not writable", remedy)
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & ~PRIVATE:
        return Check(Health.WARN, name, f"{found} is open to others ({mode:o})", f"chmod 700 {path}")
    return Check(Health.OK, name, found)


def of_a_book(path: Path, now: datetime) -> Check:
    from alvh_tui.cli.check import problems_of
    from alvh_tui.toml.problem import errors_in

    problems = problems_of(path, now)
    if not problems:
        return Check(Health.OK, "book", str(path))
    errors = errors_in(problems)
    count = f"{len(errors)} errors" if errors else f"{len(problems)} warnings"
    first = (*errors, *problems)[0]
    shown = f"{path}: {count}, the first in line {first.line}: {first.key} {first.what}"
    return Check(Health.FAIL if errors else Health.WARN, "book", shown, f"alvh check {path}")
