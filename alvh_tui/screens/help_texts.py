"""What each panel shows and how its signs are read, in plain words."""

PANEL_HELP = {
    "attention": (
        "What needs you, the most urgent first, one sentence each; at its right the rule that asks "
        "for it. An empty list means that no rule asks for anything. Press enter for the position or "
        "layer behind a line.",
        "▲ act now, ● soon, · good to know",
    ),
    "book": (
        "What you hold: condors, then hedges, then what all of it comes to. P&L is from the entry, "
        "without fees; % cr is the same against the net credit. Delta, gamma, theta and vega are "
        "position totals in dollars. The cushion is the share of the room to the nearer breakeven "
        "that is left: under 0 the index is beyond it. Under each condor a bar shows where the index "
        "stands between its strikes; where not all of them fit, only under the one in question.",
        "▸ folded, ▾ folded out, ◀ the condor that breakevens and risk are about",
        "On the bar: ┃ the index, ┼ short strike, ┴ long strike, ◆ breakeven at expiry",
    ),
    "breakevens": (
        "Where the condor in question breaks. The chart draws the index and both breakevens from the "
        "entry to now and on to expiry, with the expected move as a cone; the table says how far each"
        " of the six kinds of breakeven has moved. Points are index points, em are expected moves. "
        "Contact is in how many sessions index and breakeven meet at the pace of the last ones: so "
        "many points a session nearer (+) or further apart (−). "
        "The path in the title is the assumption of how VIX answers a move of SPX; hedged figures "
        "rest on it.",
        "┃ now, ░ expected move, a dashed axis: rebuilt from daily closes, not recorded",
    ),
    "layers": (
        "One card for each hedge layer: whether the market triggers it, what to do in words, how much"
        " is held against the target. Each gauge is a yardstick of enough or too much; the one that "
        "decides is marked. Last comes whether to shrink the condors.",
        "○ idle, ◔ watch, ▲ triggered, ▽ release",
        "On a gauge: █ now, ┄ what is asked for, ┃ where the action would bring it, ◀ it decides",
    ),
    "signals": (
        "What the method reads from the market: the reading, the threshold it is held against, the "
        "verdict, since when, and the last sessions as a small curve. Those that confirm a rise of "
        "VIX come first. Signals are read from daily closes, with the live value for today's.",
        "● yes, ○ no, ◐ over, but counts for some sessions yet, ? unknown, and what it waits for",
    ),
    "risk": (
        "What happens to your money. The payoff shows profit and loss over the index: now, some "
        "sessions ahead and at expiry, with and without the hedges. The grid moves SPX and VIX apart "
        "from each other. Under them stands where today's P&L came from: delta, gamma, vega, theta, "
        "and what they do not explain.",
    ),
    "journal": (
        "What happened, the newest first: changes of layers, positions and rules, your notes, and "
        "what you have seen. Alerts that nobody has acknowledged stand on top. Nothing in it can be "
        "changed afterwards: each entry is chained to the one before.",
        "▲ layer, ● position, $ account, § rules, ✓ seen, ≡ note, ■ close",
    ),
    "page": (
        "A page holds everything about one thing: a position, a layer, a signal, a rule or a journal "
        "entry. It is kept up to date while it is open. Escape leads back.",
    ),
    "why": (
        "How one figure comes about: the formula in words with its numbers, what went in, where that "
        "came from and how old it is, the assumption, and the rule that asks for it. Press the same "
        "key on an input to see where that came from in turn; escape leads back.",
    ),
}
"""By panel: a paragraph, then lines of signs."""

DOUBT_HELP = (
    "Dimmed, with ~ behind it: in doubt. The quote is stale, the figure rests on one that is, or it "
    "was estimated.",
    "—: unknown. It is never 0, and never left out in silence: its page and its derivation say why.",
    "A total that misses something says so.",
    "◐ delayed, as usual for free quotes, ● live, ○ market closed, ◌ stale or old, ✕ failed; the words "
    "recorded and simulated: no live market",
    "•••: an amount that is hidden.",
)
FIGURES_HELP = (
    "Quotes come from the feed named in the strip, with the age beside it. Marks are the middle of "
    "bid and ask, else the model, else the last trade. Everything else is worked out from them, from "
    "your position file and from the rules. On any figure, the key for why shows how."
)
