"""Whether a reading has just come up through a level."""

import numpy as np

from alvh_tui.method.arrays import Floats, before
from alvh_tui.method.verdict import NO, judged, lately


def crossed_up(reading: Floats, level: float, sessions: int) -> Floats:
    """1 where the reading is above the level and has lately come up through it, else 0."""
    came = (reading > level) & (before(reading, 1) <= level)
    just = lately(judged(came, np.ones_like(came)), sessions) != NO
    return np.where((reading > level) & just, 1.0, 0.0)
