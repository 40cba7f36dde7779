"""Averages that a few bad quotes do not move."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_DEVIATIONS = 1.4826
"""Standard deviations in a median of absolute deviations."""
_LEAST_SCATTER = 0.25
"""In spreads: no quote strays by less than it leaves open itself, however well many others agree."""
_STRAY = 4.685


def middle(values: Array) -> float:
    """The median, of an even number the upper one of the two in the middle."""
    place = values.size // 2
    ordered = values.copy()
    ordered.partition(place)
    return float(ordered[place])


def scattered(off: Array) -> Array:
    """Distances, in spreads and all positive, as multiples of the standard deviation they suggest."""
    return off / max(_DEVIATIONS * middle(off), _LEAST_SCATTER)


def less_pull(deviations: Array) -> Array:
    """Huber's weights: what strays pulls no harder for straying further."""
    return np.asarray(1.0 / np.maximum(deviations, 1.0))


def no_say(deviations: Array) -> Array:
    """Tukey's biweight: what strays by 4.685 deviations has no weight at all."""
    share = np.minimum(deviations, _STRAY)
    share /= _STRAY
    share *= share
    weight = np.subtract(1.0, share, out=share)
    weight *= weight
    return weight
