"""Why a layer is in its state, what it asks for, and what it would bring."""

from collections.abc import Callable

from alvh_tui.figures import UNKNOWN, number
from alvh_tui.method.book_view import premium_of
from alvh_tui.method.layer_attention import LayerJudgement
from alvh_tui.method.reading import Reading
from alvh_tui.method.sizing import Shock
from alvh_tui.risk.living import living_legs
from alvh_tui.risk.positions import PositionFigures
from alvh_tui.toml.text import printable
from alvh_tui.why.ages import age_of
from alvh_tui.why.derivation import UNDATED, Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import derived, from_file, rule_named, rules_of, vix_input
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.written import exact, reading, sum_line

_NO_CLOSES = "there are no daily closes to read it from"


def layer_value(figure: Figure, known: Known) -> float | None:
    """None also for what is said in words."""
    judged = known.layers.get(figure.about)
    if judged is None:
        return None
    sizing, state = judged.sizing, judged.state
    ahead = None if state is None else state.next_trigger
    shock = _shock(figure, judged)
    numbers: dict[str, float | None] = {
        "held": sizing.held,
        "to_add": None if sizing.target is None else max(sizing.target[0] - sizing.held, 0),
        "cap": sizing.cap,
        "next_trigger": None if ahead is None else ahead.vix,
        "next_distance": None if ahead is None else ahead.distance,
        "days_left": judged.days_left,
        "cost": sum(premium_of(f) for f in hedges_of(figure.about, known)),
        "unwind_value": judged.unwind_value,
        "unwind_pnl": judged.unwind_pnl,
        "shock_gain": None if shock is None else shock.gain,
        "shock_coverage": None if shock is None else shock.coverage,
    }
    value = numbers.get(figure.name)
    return None if value is None else float(value)


def hedges_of(layer: str, known: Known) -> list[PositionFigures]:
    """What is held of a layer and still lives."""
    every = (held.figures for held in known.assessment.positions)
    valuation = known.assessment.valuation
    return [f for f in every if f.layer == layer and living_legs(f, valuation)]


def _shock(figure: Figure, judged: LayerJudgement) -> Shock | None:
    shocks = judged.sizing.shocks
    return next((shock for shock in shocks if f"+{shock.vix_points:g}" == figure.detail), None)


def derive_layer(figure: Figure, known: Known) -> Derivation | None:
    judged = known.layers.get(figure.about)
    if judged is None:
        return None
    if figure.name in ("cost", "unwind_value", "unwind_pnl"):
        return _cost(figure, known) if figure.name == "cost" else _unwind(figure, known)
    return _DERIVED[figure.name](figure, judged, known)


def reading_input(reading_: Reading, about: str, known: Known) -> Input:
    """A rule that was read, with its verdict; it can be asked in turn."""
    against = "" if reading_.threshold is None else f" against {reading(reading_.threshold)}"
    value = f"{reading(reading_.reading)}{against}: {reading_.verdict.value}"
    asked = Figure("rule", reading_.id, about)
    aged = age_of(asked, known)
    seconds, state = (None, None) if aged == UNDATED else aged
    said = [reading_.note] if reading_.note else []
    if reading_.on is not None:
        said.append(f"session of {reading_.on}")
    return Input(reading_.id, value, "; ".join(said) or "daily closes", seconds, state, asked)


def _state(figure: Figure, judged: LayerJudgement, known: Known) -> Derivation:
    state = judged.state
    if state is None:
        return not_known(figure, known, _NO_CLOSES)
    inputs = [reading_input(each, figure.about, known) for each in state.rules]
    entry = rule_named(state.rules[0].id) if state.rules else None
    said = [f"{state.trigger.value} since the session of {state.since}, by the rules read below"]
    provisional = "today's live values stand in for the close" if state.provisional else ""
    value = state.trigger.value if figure.name == "trigger" else str(state.since)
    return made(figure, known, value, said, inputs, assumption=provisional, rule=entry)


def _target_said(judged: LayerJudgement) -> str:
    target = judged.sizing.target
    if target is None:
        return UNKNOWN
    least, most = target
    return str(least) if least == most else f"{least}–{most}"


def _holding(figure: Figure, judged: LayerJudgement, known: Known) -> Derivation:
    sizing = judged.sizing
    inputs = _size_inputs(figure.about, judged, known)
    if judged.holding is None:
        return not_known(figure, known, sizing.note or "whether it is enough is unknown", inputs)
    line = f"{sizing.held} held, {_target_said(judged)} asked for"
    if sizing.cap is not None:
        line += f", {sizing.cap} allowed by {sizing.cap_by}"
    return made(figure, known, judged.holding.value, (line,), inputs)


def _size_inputs(layer: str, judged: LayerJudgement, known: Known) -> list[Input]:
    held = derived(Figure("layer", "held", layer), judged.sizing.held, known)
    names = [y.id for y in judged.sizing.yardsticks if y.least is not None or y.most is not None]
    return [held, *(_contracts(layer, name, judged, known) for name in names)]


def _contracts(layer: str, name: str, judged: LayerJudgement, known: Known) -> Input:
    """What one yardstick asks for, or allows."""
    yardstick = next(y for y in judged.sizing.yardsticks if y.id == name)
    detail = "most" if yardstick.least is None else "least"
    value = yardstick.most if yardstick.least is None else yardstick.least
    return derived(Figure("yardstick", name, layer, detail), value, known)


def _action(figure: Figure, judged: LayerJudgement, known: Known) -> Derivation:
    trigger = UNKNOWN if judged.state is None else judged.state.trigger.value
    holding = "unknown" if judged.holding is None else judged.holding.value
    inputs = [
        Input("trigger state", trigger, "worked out", figure=Figure("layer", "trigger", figure.about)),
        Input("holding state", holding, "worked out", figure=Figure("layer", "holding", figure.about)),
    ]
    lines = [f"trigger {trigger} and holding {holding}: {judged.action.value}"]
    if judged.days_left is not None:
        lines.append(f"what is held protects for {judged.days_left} days more")
    if judged.state is not None and judged.state.lingering is not None:
        lines.append(f"still triggered: release needs {judged.state.lingering.needs}")
    if judged.sizing.full:
        lines.append(f"{judged.sizing.cap_by} allows no more")
    if judged.sizing.note:
        lines.append(judged.sizing.note)
    entry = rule_named(judged.state.rules[0].id) if judged.state and judged.state.rules else None
    return made(figure, known, judged.action.value, lines, inputs, rule=entry)


def _held(figure: Figure, judged: LayerJudgement, known: Known) -> Derivation:
    hedges = hedges_of(figure.about, known)
    inputs = [
        from_file(
            printable(f.position.id), str(f.position.contracts), f.position.line,
            Figure("position", "contracts", f.position.id),
        )
        for f in hedges
    ]  # fmt: skip
    value = float(judged.sizing.held)
    line = sum_line([float(f.position.contracts) for f in hedges], bare(figure, value))
    return made(figure, known, value, (line,), inputs)


def _target(figure: Figure, judged: LayerJudgement, known: Known) -> Derivation:
    sizing, inputs = judged.sizing, _size_inputs(figure.about, judged, known)
    entry = rule_named(sizing.binding)
    if sizing.target is None:
        return not_known(figure, known, sizing.note or "no yardstick asks for contracts", inputs, entry)
    least, most = sizing.target
    said = [f"at least {least}, at most {most}"]
    if sizing.binding:
        said.append(f"{sizing.binding} sets the least")
    if sizing.cap is not None:
        said.append(f"{sizing.cap_by} allows {sizing.cap}")
    if sizing.note:
        said.append(sizing.note)
    return made(figure, known, _target_said(judged), said, inputs, rule=entry)


def _to_add(figure: Figure, judged: LayerJudgement, known: Known) -> Derivation:
    sizing, inputs = judged.sizing, _size_inputs(figure.about, judged, known)
    if sizing.target is None:
        return not_known(figure, known, sizing.note or "no yardstick asks for contracts", inputs)
    more = sizing.target[0] - sizing.held
    line = f"asked for at least {sizing.target[0]} − held {sizing.held} = {more}"
    if more < 0:
        line = f"{sizing.held} held, at least {sizing.target[0]} asked for: nothing to add"
    return made(figure, known, float(max(more, 0)), (line,), inputs, rule=rule_named(sizing.binding))


def _cap(figure: Figure, judged: LayerJudgement, known: Known) -> Derivation:
    sizing, inputs = judged.sizing, _size_inputs(figure.about, judged, known)
    if sizing.cap is None:
        return not_known(figure, known, "no cap is known", inputs)
    said = f"the tightest cap: {sizing.cap_by}"
    return made(figure, known, float(sizing.cap), (said,), inputs, rule=rule_named(sizing.cap_by))


def _instrument(figure: Figure, judged: LayerJudgement, known: Known) -> Derivation:
    found = judged.sizing.instrument
    if found is None:
        return not_known(figure, known, judged.sizing.note or "nothing to count the layer in")
    inputs = [
        Input("dollars per VIX point, one contract", exact(found.vix_dollars), "through the link"),
        Input("the same on the path", exact(found.path_dollars), "all legs priced again"),
        Input("premium of one contract", f"{exact(found.premium)} $", "its mark"),
        Input("theta of one contract", f"{exact(found.theta)} $", "its mark"),
    ]
    said = "one contract of what is held" if found.held else "the reference option of the live chain"
    return made(figure, known, found.name, (said,), inputs)


def _next(figure: Figure, judged: LayerJudgement, known: Known) -> Derivation:
    state = judged.state
    if state is None or state.next_trigger is None:
        why = _NO_CLOSES if state is None else "VIX is above the last trigger"
        if known.assessment.valuation.vix is None:
            why = "VIX is not quoted"
        return not_known(figure, known, why, (vix_input(known),))
    ahead = state.next_trigger
    entry = rule_named(f"{figure.about}.zone") or rule_named("SE.with-layer")
    inputs = [vix_input(known), *rules_of(entry, known)]
    if figure.name == "next_trigger":
        said = "its own trigger, or once it has triggered the next one above"
        return made(figure, known, ahead.vix, (said,), inputs, rule=entry)
    vix, away = exact(ahead.vix - ahead.distance), bare(figure, ahead.distance)
    line = f"trigger {exact(ahead.vix)} − VIX {vix} = {away}"
    return made(figure, known, ahead.distance, (line,), inputs, rule=entry)


def _days_left(figure: Figure, judged: LayerJudgement, known: Known) -> Derivation:
    hedges = hedges_of(figure.about, known)
    inputs = [
        from_file(printable(f.position.id), str(f.position.expiries[-1]), f.position.line)
        for f in hedges
        if f.position.expiries
    ]
    if judged.days_left is None:
        return not_known(figure, known, "nothing is held that expires", inputs)
    said = f"calendar days from {known.assessment.at:%Y-%m-%d} until the first of them no longer protects"
    return made(figure, known, float(judged.days_left), (said,), inputs)


def _cost(figure: Figure, known: Known) -> Derivation:
    hedges, value = hedges_of(figure.about, known), layer_value(figure, known)
    inputs = [derived(Figure("position", "cash", f.position.id), f.position.cash, known) for f in hedges]
    line = sum_line([premium_of(f) for f in hedges], bare(figure, value))
    said = "premium of what can expire worthless; what brought money in counts as none"
    return made(figure, known, value, (line,), inputs, assumption=said, rule=rule_named("risk cap"))


def _unwind(figure: Figure, known: Known) -> Derivation:
    name = "value" if figure.name == "unwind_value" else "pnl"
    value, hedges = layer_value(figure, known), hedges_of(figure.about, known)
    parts = [f.value if name == "value" else f.pnl for f in hedges]
    inputs = [
        derived(Figure("position", name, f.position.id), part, known)
        for f, part in zip(hedges, parts, strict=True)
    ]
    if value is None:
        why = "it is not to be unwound" if None not in parts or not parts else "a leg has no mark"
        return not_known(figure, known, why, inputs)
    line = sum_line([part for part in parts if part is not None], bare(figure, value))
    return made(figure, known, value, (line,), inputs, assumption="closed at its marks, without fees")


def _shocked(figure: Figure, judged: LayerJudgement, known: Known) -> Derivation:
    shock = _shock(figure, judged)
    if shock is None:
        return not_known(figure, known, "the rules name no such shock")
    inputs = [vix_input(known)]
    if shock.gain is None:
        return not_known(figure, known, "a leg cannot be priced there", inputs)
    said = f"VIX {number(shock.vix_points, 1, signed=True)} points at once, the index unmoved"
    if figure.name == "shock_gain":
        solved = ("what is held, priced again there less its value now",)
        return made(figure, known, shock.gain, (), inputs, solved=solved, assumption=said)
    if shock.coverage is None:
        return not_known(figure, known, "the condors lose nothing then, or cannot be priced", inputs)
    if shock.coverage == 0.0:
        return made(figure, known, 0.0, ("nothing that gains then is held",), inputs, assumption=said)
    lost = shock.gain / shock.coverage
    gain, covered = exact(shock.gain, 0, 3), bare(figure, shock.coverage)
    line = f"gain {gain} ÷ loss of the condors {exact(lost, 0, 3)} = {covered}"
    return made(figure, known, shock.coverage, (line,), inputs, assumption=said)


_DERIVED: dict[str, Callable[[Figure, LayerJudgement, Known], Derivation]] = {
    "trigger": _state,
    "since": _state,
    "holding": _holding,
    "action": _action,
    "held": _held,
    "target": _target,
    "to_add": _to_add,
    "cap": _cap,
    "instrument": _instrument,
    "next_trigger": _next,
    "next_distance": _next,
    "days_left": _days_left,
    "shock_gain": _shocked,
    "shock_coverage": _shocked,
}
