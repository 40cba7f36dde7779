"""The catalog's entries of the layers' own rules."""

from alvh_tui.book.model import Layer
from alvh_tui.method.entry import Entry
from alvh_tui.method.flattening import ENTRY as FLATTENING
from alvh_tui.method.levels import LADDER


def layer_entries() -> tuple[Entry, ...]:
    """Layer by layer, what flattens delta, then the second engine."""
    own = tuple(entry for layer in LADDER for entry in _entries_of(layer))
    return (*own, FLATTENING, *_SECOND_ENGINE)


def _entries_of(layer: Layer) -> tuple[Entry, ...]:
    key = f"layers.{layer}"
    shared = "layers"
    return (
        Entry(
            f"{layer}.zone",
            f"VIX has reached {layer}'s trigger, and enough signals confirm that it is a change of regime.",
            "S1 S4",
            (
                f"{key}.trigger",
                f"{key}.trigger_inclusive",
                f"{key}.top",
                f"{key}.confirmations",
                f"{key}.acceleration",
                f"{key}.in_order",
                f"{shared}.confirming",
                f"{shared}.confirming_sessions",
                f"{shared}.closes_only",
            ),
        ),
        Entry(
            f"{layer}.watch",
            f"VIX has come near {layer}'s trigger, or an early sign says that it may: prepare.",
            "S1 S2 S4",
            (f"{key}.watch", f"{key}.watch_inclusive", f"{key}.early_watch", f"{shared}.early_signs"),
        ),
        Entry(
            f"{layer}.early-momentum",
            f"{layer} is activated early, at any VIX: momentum of VIX expands up while breadth diverges.",
            "S1 S4",
            (f"{key}.early_momentum",),
        ),
        Entry(
            f"{layer}.early-rsi",
            f"{layer} is activated early, at any VIX: RSI of VIX crosses its level while breadth diverges.",
            "S2",
            (f"{key}.early_rsi", "vix.rsi.crossing_sessions"),
        ),
        Entry(
            f"{layer}.passed",
            f"VIX reached the trigger of a layer above {layer}, which was leapt over and so triggered too.",
            "S1 S4",
        ),
        Entry(
            f"{layer}.tolerated",
            f"{layer}'s zone is reached, yet a strong underlying bid holds: it stays on watch.",
            "S4",
            (f"{key}.tolerated",),
        ),
        Entry(
            f"{layer}.release",
            f"{layer} is released: VIX closed far enough below its trigger, often enough, with breadth back.",
            "S0",
            (
                f"{shared}.release_points",
                f"{shared}.release_sessions",
                f"{shared}.release_needs",
                f"{shared}.release_lasts",
            ),
        ),
    )


_SECOND_ENGINE = (
    Entry(
        "SE.with-layer",
        "The second engine of longer-dated convexity is on watch, triggered and released with a layer.",
        "S4",
        ("layers.SE.with",),
    ),
    Entry(
        "SE.on-demand",
        "The second engine is asked for, whatever the layers say.",
        "S4",
        ("layers.SE.on_demand",),
    ),
)
