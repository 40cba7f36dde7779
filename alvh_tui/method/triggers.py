"""What puts each layer on watch, triggers it and releases it, in every session and without memory."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alvh_tui.book.model import Layer
from alvh_tui.method.arrays import Floats
from alvh_tui.method.levels import Level, level_of, reached
from alvh_tui.method.measure import Measured
from alvh_tui.method.verdict import NO, UNKNOWN, YES, Flags, Verdicts, all_of, any_of, judged, lately

SHORT_PUT_ITM = "condor.short-put-itm"
"""The one rule of the book that triggers a layer; whoever prices the condors says where it held."""


@dataclass(frozen=True, slots=True, eq=False)
class BookFact:
    """A rule of the book over the sessions of the history; NaN where nothing was read."""

    verdict: Verdicts
    reading: Floats
    threshold: Floats


BookFacts = Mapping[str, BookFact]
"""Rules of the book over the sessions of the history, by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Confirmations:
    """Which signals confirm a rise in VIX, and how many do in each session."""

    signals: tuple[str, ...]
    verdicts: Mapping[str, Verdicts]
    """Each one's verdict over the sessions for which a confirmation counts."""
    yes: NDArray[np.int64]
    unknown: NDArray[np.int64]

    def at_least(self, count: int) -> Verdicts:
        """Unknown where the unknown ones would decide."""
        decided = np.where(self.yes + self.unknown >= count, UNKNOWN, NO)
        return np.where(self.yes >= count, YES, decided).astype(np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class Triggers:
    """One layer's conditions in every session."""

    layer: Layer
    level: Level
    vix: Floats
    causes: Mapping[str, Verdicts]
    """The rules any one of which triggers, by name, that of the zone first."""
    confirmed: Verdicts
    in_order: bool
    """The rule of the zone asks that the layer below has triggered."""
    tolerated: Flags
    """Where a strong underlying bid puts the rule of the zone off."""
    early: Mapping[str, Verdicts]
    """Early signs that put it on watch."""
    near: Flags
    """Where VIX stands at its watch level."""
    calm: Verdicts
    """Whether VIX closed far enough below the trigger to release."""
    released: Verdicts
    """Whether the signals a release needs say yes."""

    @property
    def zone(self) -> Verdicts:
        return self.causes[zone_rule(self.layer)]

    @property
    def on_watch(self) -> Flags:
        flags: Flags = np.logical_or.reduce([self.near, *(sign == YES for sign in self.early.values())])
        return flags


def zone_rule(layer: Layer) -> str:
    return f"{layer}.zone"


def confirmations(measured: Measured) -> Confirmations:
    rules = measured.rules
    signals, sessions = rules.texts("layers.confirming"), rules.whole("layers.confirming_sessions")
    verdicts = {name: lately(measured.tracks[name].verdict, sessions) for name in signals}
    none = np.zeros(len(measured.closes.days), dtype=np.int64)
    every = list(verdicts.values())
    yes = sum((verdict == YES for verdict in every), start=none)
    return Confirmations(signals, verdicts, yes, sum((verdict == UNKNOWN for verdict in every), start=none))


def triggers(measured: Measured, layer: Layer, confirming: Confirmations, facts: BookFacts) -> Triggers:
    rules, tracks = measured.rules, measured.tracks
    key, level = f"layers.{layer}", level_of(rules, layer)
    vix = measured.closes.column("vix")
    known = np.isfinite(vix)
    final = _final_closes(measured)
    counts = final if rules.flag("layers.closes_only") else known

    reaches = judged(reached(vix, level.trigger, level.trigger_inclusive) & counts, known)
    confirmed = confirming.at_least(rules.whole(f"{key}.confirmations"))
    if rules.flag(f"{key}.acceleration"):
        confirmed = any_of([confirmed, tracks["vol.acceleration"].verdict])
    causes = {zone_rule(layer): all_of([reaches, confirmed])}
    causes.update(_early_causes(measured, layer))
    causes.update(_book_causes(measured, key, facts))

    signs = rules.texts("layers.early_signs") if rules.flag(f"{key}.early_watch") else ()
    early = {name: tracks[name].verdict for name in signs}
    bid = tracks["bid.underlying"].verdict == YES
    calm = judged(vix <= level.trigger - rules.number("layers.release_points"), known & final)
    nothing_more = np.full(len(vix), YES, dtype=np.int8)
    needs = [tracks[name].verdict for name in rules.texts("layers.release_needs")]
    return Triggers(
        layer=layer,
        level=level,
        vix=vix,
        causes=causes,
        confirmed=confirmed,
        in_order=rules.flag(f"{key}.in_order"),
        tolerated=bid & rules.flag(f"{key}.tolerated"),
        early=early,
        near=reached(vix, level.watch, level.watch_inclusive),
        calm=calm,
        released=all_of([nothing_more, *needs]),
    )


def _final_closes(measured: Measured) -> Flags:
    """Everywhere but in a session that is still open."""
    final = np.ones(len(measured.closes.days), dtype=bool)
    if measured.closes.provisional:
        final[-1:] = False
    return final


def _early_causes(measured: Measured, layer: Layer) -> dict[str, Verdicts]:
    rules, tracks = measured.rules, measured.tracks
    diverging, strength = tracks["breadth.divergence"].verdict, tracks["vix.rsi"]
    causes: dict[str, Verdicts] = {}
    if rules.flag(f"layers.{layer}.early_momentum"):
        causes[f"{layer}.early-momentum"] = all_of([tracks["macd.vix"].verdict, diverging])
    if rules.flag(f"layers.{layer}.early_rsi") and strength.crossing is not None:
        crossing = judged(strength.crossing, strength.verdict != UNKNOWN)
        causes[f"{layer}.early-rsi"] = all_of([crossing, diverging])
    return causes


def _book_causes(measured: Measured, key: str, facts: BookFacts) -> dict[str, Verdicts]:
    """The short put in the money, alone or while the fall speeds up, where the book says anything of it."""
    how, itm = measured.rules.text(f"{key}.short_put_itm"), facts.get(SHORT_PUT_ITM)
    if itm is None or how == "never":
        return {}
    if how == "alone":
        return {SHORT_PUT_ITM: itm.verdict}
    return {SHORT_PUT_ITM: all_of([itm.verdict, measured.tracks["vol.acceleration"].verdict])}
