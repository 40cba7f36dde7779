"""How a figure is written for a person: a true minus, thousands apart, and a dash for what is unknown."""

UNKNOWN = "—"


def number(value: float | None, digits: int = 0, *, signed: bool = False) -> str:
    """1,234.5, −1,234.5, or a dash."""
    if value is None:
        return UNKNOWN
    rounded = round(value, digits) + 0.0
    text = f"{abs(rounded):,.{digits}f}"
    if rounded < 0:
        return f"−{text}"
    return f"+{text}" if signed and rounded > 0 else text


def percent(share: float | None, digits: int = 0, *, signed: bool = False) -> str:
    """0.27 as 27 %."""
    return UNKNOWN if share is None else f"{number(100.0 * share, digits, signed=signed)} %"


def age(seconds: float | None) -> str:
    """12 s, 15 min, 3 h, 2 d: as exact as an age needs to be."""
    if seconds is None:
        return UNKNOWN
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if abs(seconds) >= 2 * size or (size == 60 and abs(seconds) >= size):
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds)} s"
