"""A terminal monitor for SPX iron condors and the Adaptive Layered VIX Hedge around them."""

__version__ = "0.1.0"
