"""Puts a derivation together: title, value and age are the same for every kind."""

from collections.abc import Iterable
from dataclasses import replace

from alvh_tui.figures import UNKNOWN
from alvh_tui.method.entry import Entry
from alvh_tui.toml.text import printable
from alvh_tui.why.ages import age_of
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.known import Known
from alvh_tui.why.names import title_of
from alvh_tui.why.written import style_of, written


def made(
    figure: Figure,
    known: Known,
    value: float | str | None,
    formula: Iterable[str] = (),
    inputs: Iterable[Input] = (),
    *,
    solved: Iterable[str] = (),
    assumption: str = "",
    rule: Entry | None = None,
    unknown: str = "",
) -> Derivation:
    """Of a value that is known, or unknown for the reason given."""
    seconds, state = age_of(figure, known)
    said = value if isinstance(value, str) else written(value, style_of(figure))
    return Derivation(
        figure=figure,
        title=_title(figure, known),
        value=said,
        formula=tuple(formula),
        inputs=tuple(inputs),
        solved=tuple(solved),
        assumption=assumption,
        rule=rule,
        unknown="" if value is not None else printable(unknown) or "what it is made of is unknown",
        age=seconds,
        state=state,
    )


def _title(figure: Figure, known: Known) -> str:
    """A leg is called as the position file writes it."""
    leg = known.leg(figure.about, figure.detail) if figure.kind == "leg" else None
    named = figure if leg is None else replace(figure, detail=str(leg.leg.contract))
    return printable(title_of(named))


def not_known(
    figure: Figure, known: Known, why: str, inputs: Iterable[Input] = (), rule: Entry | None = None
) -> Derivation:
    return made(figure, known, None, (), inputs, rule=rule, unknown=why)


def bare(figure: Figure, value: float | None) -> str:
    """The figure as written, without its unit: what a line of arithmetic ends with."""
    text = written(value, style_of(figure))
    if text == UNKNOWN:
        return text
    style = style_of(figure)
    return text if style.share or not style.unit else text.removesuffix(f" {style.unit}")
