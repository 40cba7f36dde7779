"""The rules' numbers for the spot–vol link, as `risk` takes them."""

from alvh_tui.method.rules import Rules
from alvh_tui.risk.link import LinkSettings


def link_settings(rules: Rules) -> LinkSettings:
    return LinkSettings(
        beta_down=rules.number("link.default.beta_down"),
        beta_up=rules.number("link.default.beta_up"),
        tenor_level=rules.number("link.default.tenor_level"),
        tenor_days=rules.number("link.default.tenor_days"),
        pinned=rules.pinned,
        sessions=rules.whole("link.estimate.sessions"),
        least_moves=rules.whole("link.estimate.least_moves"),
        oldest_days=rules.whole("link.estimate.oldest_days"),
        lowest_beta=rules.number("link.estimate.lowest"),
        highest_beta=rules.number("link.estimate.highest"),
        vix_floor=rules.number("link.path.vix_floor"),
        vol_tenor_cap=rules.number("link.vol-tenor.cap"),
        vol_tenor_days=rules.number("link.vol-tenor.days"),
        vol_tenor_shortest=rules.number("link.vol-tenor.shortest_days"),
    )
