"""How much of a layer the method calls for, in whole contracts, and which yardstick binds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alvh_tui.book.model import LAYERS, Layer
from alvh_tui.instruments.contract import Contract
from alvh_tui.method.book_view import BookView, Instrument, LayerView, Legs
from alvh_tui.method.yardsticks import Role, Yardstick, yardsticks
from alvh_tui.risk.positions import PositionFigures

SIZED: tuple[Layer, ...] = ("L1", "L2")
NO_CONDOR = "no condor is held that it could protect"


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
    """The yardstick that sets the least."""
    cap: int | None
    """Contracts its tightest cap allows; None where no cap is known."""
    cap_by: str
    """That cap's name."""
    yardsticks: tuple[Yardstick, ...]
    unmeasured: tuple[str, ...]
    """Yardsticks that would ask for contracts, and what they ask for is unknown."""
    shocks: tuple[Shock, ...]
    note: str

    @property
    def full(self) -> bool:
        """Whether a cap allows no contract more than is held."""
        return self.cap is not None and self.held >= self.cap


def size_layers(book: BookView, references: Mapping[Layer, Contract]) -> tuple[LayerSizing, ...]:
    points = book.rules.numbers("sizing.vega-coverage.shocks")
    losses = dict(zip(points, book.gains(book.legs_of(book.condors), points), strict=True))
    return tuple(_size(layer, book, references.get(layer), losses) for layer in LAYERS)


def _size(
    layer: Layer, book: BookView, reference: Contract | None, losses: Mapping[float, float | None]
) -> LayerSizing:
    held = book.of_layer(layer)
    instrument, unpriced = _instrument(layer, held, reference, book)
    view = LayerView(layer, held, instrument, book)
    rules = [rule for rule in yardsticks().values() if not rule.layers or layer in rule.layers]
    measured = [(rule.role, rule.measure(view)) for rule in rules]
    demands, caps = _of_role("demand", measured), _of_role("cap", measured)
    cap, cap_by = min(((y.most, y.id) for y in caps if y.most is not None), default=(None, ""))
    target, binding = _target(demands, cap, cap_by)
    unmeasured = tuple(y for y in demands if y.least is None)
    note = _why_not_more(view, unmeasured, unpriced=unpriced)
    if not book.condors:
        target, binding, unmeasured, note = (0, 0), "", (), NO_CONDOR
    return LayerSizing(
        layer=layer,
        instrument=view.instrument,
        held=view.contracts,
        target=target,
        has_size=layer in SIZED,
        binding=binding,
        cap=cap,
        cap_by=cap_by,
        yardsticks=tuple(yardstick for _, yardstick in measured),
        unmeasured=tuple(y.id for y in unmeasured),
        shocks=_shocks(view, losses),
        note=note,
    )


def _of_role(role: Role, measured: Sequence[tuple[Role, Yardstick]]) -> tuple[Yardstick, ...]:
    return tuple(yardstick for own, yardstick in measured if own == role)


def _target(demands: Sequence[Yardstick], cap: int | None, cap_by: str) -> tuple[tuple[int, int] | None, str]:
    """The band of the largest demand, cut by the tightest cap; what sets the least is binding."""
    asking = [(y.least, y.most, y.id) for y in demands if y.least is not None and y.most is not None]
    if not asking:
        return None, ""
    least, most, binding = max(asking)
    if cap is not None and cap < least:
        return (cap, cap), cap_by
    return (least, most if cap is None else min(most, cap)), binding


def _why_not_more(view: LayerView, unmeasured: Sequence[Yardstick], *, unpriced: bool) -> str:
    """Why there is no number, or what it leaves out."""
    if view.layer == "L3":
        return "a full defensive posture: conversions and reversals that flatten delta, not a count of hedges"
    if view.instrument is None:
        return _no_instrument(view, unpriced=unpriced)
    if view.layer not in SIZED:
        return "the sources give no size for it; its caps bound it"
    return "; ".join(f"{y.id}: {y.note}" for y in unmeasured)


def _no_instrument(view: LayerView, *, unpriced: bool) -> str:
    if not view.held:
        return "nothing is held, and no VIX call of the chain could be priced to measure it in"
    held = "could not be priced" if unpriced else "does not gain when VIX rises"
    return f"what is held {held}, so there is nothing to count the layer in"


def _instrument(
    layer: Layer, held: Sequence[PositionFigures], reference: Contract | None, book: BookView
) -> tuple[Instrument | None, bool]:
    """One contract of the first hedge held that gains with VIX, else of the reference option; and whether
    one of the hedges passed over could not be priced."""
    unpriced = False
    for figures in held:
        found = _of_held(figures, book)
        if found is not None and (found.vix_dollars if layer == "L1" else found.path_dollars) > 0.0:
            return found, unpriced
        unpriced |= found is None
    return None if reference is None else _of_reference(reference, book), unpriced


def _of_held(figures: PositionFigures, book: BookView) -> Instrument | None:
    legs, vix_dollars = book.legs_of([figures]), book.vix_dollars([figures])
    if vix_dollars is None or figures.value is None or figures.greeks is None:
        return None
    count = figures.position.contracts
    only_options = all(contract.is_option for contract, _ in legs)
    one = [(contract, quantity / count) for contract, quantity in legs]
    return _priced(
        structure_name(figures),
        one,
        book,
        held=True,
        vix_dollars=vix_dollars / count,
        premium=figures.value / count if only_options else 0.0,
        theta=figures.greeks.theta / count,
    )


def _of_reference(contract: Contract, book: BookView) -> Instrument | None:
    valuation, size = book.valuation, contract.multiplier
    mark, greeks = valuation.marks[contract], valuation.greeks[contract]
    days = valuation.days_left(contract)
    if mark.value is None or greeks.delta is None or greeks.theta is None or days is None:
        return None
    return _priced(
        str(contract),
        [(contract, 1.0)],
        book,
        held=False,
        vix_dollars=size * greeks.delta * float(valuation.link.forward_share(days)),
        premium=size * mark.value,
        theta=size * greeks.theta,
    )


def _priced(
    name: str, one: Legs, book: BookView, *, held: bool, vix_dollars: float, premium: float, theta: float
) -> Instrument | None:
    shock = book.rules.number("sizing.exposure-share.shock")
    on_path, at_shock = book.gains_of(one, ((1.0, True), (shock, False)))
    if on_path is None or at_shock is None:
        return None
    return Instrument(name, held, vix_dollars, on_path, premium, theta, at_shock)


def structure_name(figures: PositionFigures) -> str:
    """What one contract of the position is: VIX 2026-12-16 22C/32C."""
    contracts = [leg.leg.contract for leg in figures.legs]
    first = contracts[0]
    if len({(c.root, c.expiry) for c in contracts}) > 1 or first.strike is None:
        return " + ".join(str(contract) for contract in contracts)
    return f"{first.root} {first.expiry} " + "/".join(f"{c.strike:g}{c.right}" for c in contracts)


def _shocks(view: LayerView, losses: Mapping[float, float | None]) -> tuple[Shock, ...]:
    """By full revaluation: a call's delta grows with the shock, a condor's vega hardly does."""
    gains = view.book.gains(view.book.legs_of(view.held), tuple(losses))
    return tuple(
        Shock(moved, gain, gain / -lost if gain is not None and lost is not None and lost < 0 else None)
        for (moved, lost), gain in zip(losses.items(), gains, strict=True)
    )
