"""The VIX levels of the three layers that have one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from alvh_tui.book.model import Layer
from alvh_tui.method.rules import Rules

LADDER: tuple[Layer, ...] = ("L1", "L2", "L3")
"""The layers VIX climbs, lowest first; the second engine goes with one of them."""


@dataclass(frozen=True, slots=True)
class Level:
    layer: Layer
    watch: float
    watch_inclusive: bool
    trigger: float
    trigger_inclusive: bool
    top: float


def level_of(rules: Rules, layer: Layer) -> Level:
    key = f"layers.{layer}"
    return Level(
        layer,
        rules.number(f"{key}.watch"),
        rules.flag(f"{key}.watch_inclusive"),
        rules.number(f"{key}.trigger"),
        rules.flag(f"{key}.trigger_inclusive"),
        rules.number(f"{key}.top"),
    )


def reached(vix: ArrayLike, level: float, inclusive: bool) -> Any:
    """Where VIX stands above the level, or at it where that counts; nowhere where it is unknown."""
    return np.greater_equal(vix, level) if inclusive else np.greater(vix, level)
