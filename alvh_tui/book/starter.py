"""The book `alvh init` writes: an example to overwrite, every key explained."""

from collections.abc import Callable
from datetime import date

from alvh_tui.instruments.calendar import monthly_expiry, vix_settlement

_TEXT = """\
# A position file for alvh. What stands behind a # is a comment. `alvh check` tells what is wrong in it.
# The two positions below are an example, so that there is something to see: put your own in their place.
# Lines that begin with # and no space are examples switched off: take the # away to use them.

schema = 1                      # the version of this format

[account]
name = "main"                   # what the screen calls this book
net_liq = 100_000               # net liquidation value, dollars: the caps on hedge layers are a share of it
cash = 60_000                   # free cash, dollars: counts towards the quick ratio
rules = "zones"                 # the method: "zones", "ladder", or a rules file's path, seen from this file

# --- Condors ------------------------------------------------------------------------------------------
# Legs are written ±QTY ROOT EXPIRY STRIKES. A minus sells a condor: its inner strikes are short, in whichever
# order they stand. SPX settles at the open, SPXW at the close; XSP and ETFs such as SPY are written alike.

[[condor]]
id = "example"                  # a short name of your own, different for every trade
legs = "-2 SPXW {condor} 6350P/6400P/7100C/7150C"
credit = 8.35                   # received per share, net of all four legs; 8.35 is $835 a condor
opened = {today}             # or with the time, in New York: {today}T10:30:00
#fees = 10.40                   # dollars, for the whole trade, adjustments included
#spot_at_open = 6796.3          # SPX when it was opened; left out, it is looked up in the history
#vix_at_open = 17.9             # VIX when it was opened; the same
#note = "after the CPI"         # your own words
#tags = ["monthly"]             # words to find it by

# Each adjustment is added below its condor, and nothing above it is changed. This one closes the call side
# (+ buys back) and sells it again 50 points lower.
#[[condor.adjust]]
#date = {today}
#legs = ["+2 SPXW {condor} 7100C/7150C", "-2 SPXW {condor} 7050C/7100C"]
#credit = 0.85                  # per share of the condors it trades, net; negative where you paid
#why = "untested side rolled down"

# --- Hedges -------------------------------------------------------------------------------------------
# In a vertical the first leg takes the sign, the second the opposite: this buys 22 and sells 32 calls.
# Other legs: a single option (25C), a VIX future (+1 VX {vix}, VXM the mini), shares (+100 VXX), a
# symbol (+1 VIX{compact}C00025000), several as a list ["…", "…"]. A single leg may have its price: @ 1.45.

[[hedge]]
id = "example-L1"
layer = "L1"                    # which layer of the method it is: L1, L2, L3, or SE (second engine)
legs = "+2 VIX {vix} 22C/32C"
debit = 0.93                    # paid per share, net of all legs; negative where it brought money in
opened = {today}
#protects = ["example"]         # ids of the condors it protects; left out, all of them
#fees = 2.60
#note = "cheap tail"
#tags = ["monthly"]

# A hedge is adjusted like a condor, with a debit. This one sells it, 1.20 received.
#[[hedge.adjust]]
#date = {today}
#legs = "-1 VIX {vix} 22C/32C"
#debit = -1.20
#why = "half taken off into the spike"

# --- Closed trades ------------------------------------------------------------------------------------
# Optional: what is over moves here, so that results add up.
#[[closed]]
#id = "oct-16"
#kind = "condor"                # or "hedge"
#realised = 1850.00             # dollars won (or lost: negative), fees taken off
#closed = {today}
#note = "closed at half the credit"
"""


def starter_book(today: date) -> str:
    """A book that is valid from the day it is written."""
    vix = _next_but_one(today, vix_settlement)
    return _TEXT.format(
        today=today, condor=_next_but_one(today, monthly_expiry), vix=vix, compact=f"{vix:%y%m%d}"
    )


def _next_but_one(today: date, monthly: Callable[[int, int], date]) -> date:
    """The second monthly date after today: far enough off for a new trade."""
    months = (
        (today.year + number // 12, number % 12 + 1) for number in range(today.month - 1, today.month + 3)
    )
    return [day for year, month in months if (day := monthly(year, month)) > today][1]
