"""How much of a layer the method calls for, in whole contracts, and which yardstick binds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alvh_tui.book.model import LAYERS, Layer
from alvh_tui.method.reference import Reference
from alvh_tui.method.yardsticks import BookView, Instrument, LayerView, Yardstick, yardsticks
from alvh_tui.risk.positions import PositionFigures
from alvh_tui.risk.totals import hedge_vix_dollars

SIZED: tuple[Layer, ...] = ("L1", "L2")


@dataclass(frozen=True, slots=True)
class Shock:
    """A layer against the condors, VIX so many points higher at once and the index unmoved."""

    vix_points: float
    gain: float | None
    coverage: float | None
    """Of what the condors lose then; None where they lose nothing."""


@dataclass(frozen=True, slots=True)
class LayerSizing:
    layer: Layer
    instrument: Instrument | None
    held: int
    """Contracts."""
    target: tuple[int, int] | None
    """Contracts, least and most; None where there is no number: see `note`."""
    has_size: bool
    """Whether the method sizes this layer at all; if not, only its caps bound it."""
    binding: str
    """The yardstick that sets the target."""
    yardsticks: tuple[Yardstick, ...]
    shocks: tuple[Shock, ...]
    note: str


def size_layers(book: BookView, references: Mapping[Layer, Reference]) -> tuple[LayerSizing, ...]:
    return tuple(_size(layer, book, references.get(layer)) for layer in LAYERS)


def _size(layer: Layer, book: BookView, reference: Reference | None) -> LayerSizing:
    held = book.of_layer(layer)
    view = LayerView(layer, held, _instrument(held, reference, book), book)
    rules = (rule for rule in yardsticks().values() if not rule.layers or layer in rule.layers)
    measured = tuple(rule.measure(view) for rule in rules)
    target, binding = None, ""
    if layer == "L3":
        note = "a full defensive posture: conversions and reversals that flatten delta, not a count of hedges"
    elif view.instrument is None:
        note = "nothing is held, and no VIX call of the chain could be priced to measure it in"
    else:
        target, binding = _target(measured)
        note = "" if target is not None else _why_no_target(layer)
    return LayerSizing(
        layer,
        view.instrument,
        view.contracts,
        target,
        layer in SIZED,
        binding,
        measured,
        _shocks(view),
        note,
    )


def _why_no_target(layer: Layer) -> str:
    if layer in SIZED:
        return "what it is measured against is unknown: see its yardsticks"
    return "the sources give no size for it; its caps bound it"


def _target(measured: Sequence[Yardstick]) -> tuple[tuple[int, int] | None, str]:
    """The largest demand, cut by the tightest cap; the one that decides is binding."""
    asking = [(y.least, y.most, y.id) for y in measured if y.least is not None and y.most is not None]
    if not asking:
        return None, ""
    least, _, binding = max(asking)
    most = max(roof for _, roof, _ in asking)
    caps = [(y.most, y.id) for y in measured if y.least is None and y.most is not None]
    cap, cap_name = min(caps, default=(most, binding))
    if cap < least:
        least, binding = cap, cap_name
    return (least, min(most, cap)), binding


def _instrument(
    held: Sequence[PositionFigures], reference: Reference | None, book: BookView
) -> Instrument | None:
    """One contract of the first hedge held that follows VIX, else of the reference option."""
    shock = book.rules.number("sizing.exposure-share.shock")
    for figures in held:
        count = figures.position.contracts
        dollars, gain = hedge_vix_dollars(figures, book.valuation), book.gain([figures], shock)
        if dollars and gain is not None and figures.value is not None and figures.greeks is not None:
            return Instrument(
                structure_name(figures),
                held=True,
                vix_dollars=dollars / count,
                price=figures.value / count,
                theta=figures.greeks.theta / count,
                gain_at_shock=gain / count,
            )
    return None if reference is None else reference.as_instrument(book.valuation, shock)


def structure_name(figures: PositionFigures) -> str:
    """What one contract of the position is: VIX 2026-12-16 22C/32C."""
    contracts = [leg.leg.contract for leg in figures.legs]
    first = contracts[0]
    if len({(c.root, c.expiry) for c in contracts}) > 1 or first.strike is None:
        return " + ".join(str(contract) for contract in contracts)
    return f"{first.root} {first.expiry} " + "/".join(f"{c.strike:g}{c.right}" for c in contracts)


def _shocks(view: LayerView) -> tuple[Shock, ...]:
    """By full revaluation: a call's delta grows with the shock, a condor's vega hardly does."""
    condors = [f for f in view.book.figures if f.kind == "condor" and f.legs]
    found = []
    for points in view.book.rules.numbers("sizing.vega-coverage.shocks"):
        gain, lost = view.book.gain(view.held, points), view.book.gain(condors, points)
        coverage = gain / -lost if gain is not None and lost is not None and lost < 0 else None
        found.append(Shock(points, gain, coverage))
    return tuple(found)
