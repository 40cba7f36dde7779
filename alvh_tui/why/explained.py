"""Why the P&L moved as it did since the moment before."""

from alvh_tui.figures import UNKNOWN
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.risk.explain import Explained
from alvh_tui.toml.text import printable
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import derived, mark_inputs
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.written import added, exact, sum_line

PARTS = ("delta", "gamma", "vega", "theta")
_FORMULA = {
    "delta": "each leg's delta at that moment × the points its underlying has moved since",
    "gamma": "half of each leg's gamma at that moment × the square of that move",
    "vega": "each leg's vega at that moment × the points its own vol has moved since",
    "theta": "each leg's theta at that moment × the calendar days since",
}


def explained_of(figure: Figure, known: Known) -> Explained | None:
    if not figure.about:
        return known.assessment.explained
    held = known.positions.get(figure.about)
    return None if held is None else held.explained


def explained_value(figure: Figure, known: Known) -> float | None:
    found = explained_of(figure, known)
    return None if found is None else float(getattr(found, figure.name))


def derive_explained(figure: Figure, known: Known) -> Derivation | None:
    if figure.about and figure.about not in known.positions:
        return None
    found, since = explained_of(figure, known), known.assessment.explained_since
    if found is None or since is None:
        why = "no earlier moment is known" if since is None else "a leg was not priced then, or traded since"
        return not_known(figure, known, why)
    moment = f"since {since.astimezone(NEW_YORK):%Y-%m-%d %H:%M} New York"
    if figure.name == "residual":
        return _residual(figure, found, known, moment)
    if not figure.about:
        return _of_book(figure, found, known, moment)
    if figure.name == "total":
        return _total(figure, found, known, moment)
    legs = known.positions[figure.about].figures.legs
    value: float = getattr(found, figure.name)
    inputs = mark_inputs(legs, figure.about, known)
    return made(
        figure, known, value, (_FORMULA[figure.name], "of all legs, in dollars"), inputs, assumption=moment
    )


def _residual(figure: Figure, found: Explained, known: Known, moment: str) -> Derivation:
    inputs = [
        derived(Figure("explained", name, figure.about), getattr(found, name), known)
        for name in ("total", *PARTS)
    ]
    parts = added([getattr(found, name) for name in PARTS], 0, 3)
    line = f"total {exact(found.total, 0, 3)} − explained ({parts}) = {bare(figure, found.residual)}"
    return made(figure, known, found.residual, (line,), inputs, assumption=moment)


def _of_book(figure: Figure, found: Explained, known: Known, moment: str) -> Derivation:
    parts = [
        (held.figures.position.id, float(getattr(held.explained, figure.name)))
        for held in known.assessment.positions
        if held.explained is not None and held.figures.legs
    ]
    inputs = [
        derived(Figure("explained", figure.name, name), value, known, printable(name))
        for name, value in parts
    ]
    value: float = getattr(found, figure.name)
    line = sum_line([part for _, part in parts], bare(figure, value), 0, 3)
    return made(figure, known, value, (line,), inputs, assumption=moment)


def _total(figure: Figure, found: Explained, known: Known, moment: str) -> Derivation:
    worth = known.positions[figure.about].figures.value
    now = derived(Figure("position", "value", figure.about), worth, known)
    if worth is None:
        return made(figure, known, found.total, ("value now less value then",), (now,), assumption=moment)
    then = Input("value then", exact(worth - found.total, 0, 2) or UNKNOWN, "the moment before")
    line = (
        f"value now {exact(worth, 0, 2)} − value then {exact(worth - found.total, 0, 2)}"
        f" = {bare(figure, found.total)}"
    )
    return made(figure, known, found.total, (line,), (now, then), assumption=moment)
