"""What the exit status says."""

from enum import IntEnum


class Exit(IntEnum):
    FINE = 0
    WRONG_INPUT = 1
    USAGE = 2
    NO_MARKET = 3
    LAYER_DUE = 4
    """Only with --fail-on."""
    INTERRUPTED = 130
