"""A date and time as a browser writes them, in the languages a quote page is read in."""

import re
import unicodedata
from datetime import datetime, timedelta, timezone, tzinfo

from alvh_tui.instruments.calendar import NEW_YORK

_MONTHS = (
    "jan ene gen sty янв січ oca",
    "feb fev lut фев лют sub",
    "mar maa маp мар бер mrz",
    "apr abr avr kwi апр кві nis",
    "may mai mei maj maj мая маи тра mag",
    "jun juin giu cze июн чер haz",
    "jul juil lug lip июл лип tem",
    "aug ago aou sie авг сер agu",
    "sep set wrz сен вер eyl sze",
    "oct okt out ott paz окт жов eki",
    "nov lis ноя лис kas",
    "dec dez dic gru des дек гру ara",
)
"""How the months begin, without accents: English, Spanish, French, German, Italian, Portuguese, Dutch,
Polish, Russian, Ukrainian, Turkish, the Nordic languages, Hungarian."""


def _bare(text: str) -> str:
    """Small letters without their accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(sign for sign in parts if not unicodedata.combining(sign)))


_STEMS = sorted(
    ((_bare(stem), month) for month, stems in enumerate(_MONTHS, 1) for stem in stems.split()),
    key=lambda pair: -len(pair[0]),
)
_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_FAR_EAST = re.compile(r"(20\d\d)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_ISO = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")
_TIME = re.compile(r"(?<![\d:])(\d{1,2})\s?[:h]\s?(\d{2})(?!\d)")
_DOTTED_TIME = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{2})(?![\d.])")
_AFTERNOON = re.compile(r"^\s?p\.?\s?m|下午|午後|오후")
_MORNING = re.compile(r"^\s?a\.?\s?m|上午|午前|오전")
_OFFSET = re.compile(r"(?:gmt|utc)\s?([+\-−–])\s?(\d{1,2})(?::?(\d{2}))?(?!\d)")


def moment_in(text: str) -> datetime | None:
    """The moment the text names, New York's where it names no offset; None where it names none."""
    bare = _bare(text)
    day, rest = _day_in(bare)
    clock = _TIME.search(rest) or _DOTTED_TIME.search(rest)
    if day is None or clock is None:
        return None
    hour, minute = int(clock[1]), int(clock[2])
    around = rest[clock.end() :] + rest[: clock.start()]
    if _AFTERNOON.search(around) and hour < 12:
        hour += 12
    elif _MORNING.search(around) and hour == 12:
        hour = 0
    try:
        return datetime(*day, hour, minute, tzinfo=_zone_in(rest)).astimezone(NEW_YORK)
    except ValueError:
        return None


def _day_in(bare: str) -> tuple[tuple[int, int, int] | None, str]:
    """Year, month and day, and the text without them."""
    for pattern in (_FAR_EAST, _ISO):
        found = pattern.search(bare)
        if found is not None:
            year, month, day = (int(part) for part in found.groups())
            return (year, month, day), bare[: found.start()] + " " + bare[found.end() :]
    year_found, named = _YEAR.search(bare), _month_in(bare)
    if year_found is None or named is None:
        return None, bare
    rest = bare[: year_found.start()] + " " + bare[year_found.end() :]
    day_found = re.search(r"(?<![\d:+\-−–.,])(\d{1,2})(?![\d:h])(?!\.\d)", rest)
    if day_found is None:
        return None, bare
    return (int(year_found[1]), named, int(day_found[1])), rest[: day_found.start()] + rest[day_found.end() :]


def _month_in(bare: str) -> int | None:
    words = _WORD.findall(bare)
    return next((month for word in words for stem, month in _STEMS if word.startswith(stem)), None)


def _zone_in(text: str) -> tzinfo:
    """New York's where the text names no offset: that is the zone the page is drawn up in."""
    found = _OFFSET.search(text)
    if found is None:
        return NEW_YORK
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(size if found[1] == "+" else -size)
