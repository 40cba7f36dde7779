"""Every key a position file may hold: its kind, what is expected of it, and whether it must be there."""

from alvh_tui.book.model import LAYERS
from alvh_tui.toml.kinds import (
    above,
    at_least,
    moment,
    note,
    number,
    one_of,
    table,
    tables,
    text,
    texts,
    whole,
)
from alvh_tui.toml.reader import Key

SCHEMA = 1

_ID = Key(text, 'a short name of your own in quotes, as id = "dec-18"', required=True)
_LEGS = Key(texts, 'legs in quotes, as legs = "-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"', required=True)
_CREDIT = Key(number, "the net credit per share, as credit = 8.35")
_DEBIT = Key(number, "the net price paid per share, as debit = 0.93")
_OPENED = Key(moment, "a date or date-time without quotes, as opened = 2026-11-04", required=True)
_FEES = Key(at_least(0), "dollars for the whole trade, as fees = 26.00")
_NOTE = Key(note, 'text in quotes, as note = "after the CPI"')
_TAGS = Key(texts, 'words in quotes, as tags = ["earnings"]')

FILE = {
    "schema": Key(whole, f"schema = {SCHEMA}", required=True),
    "account": Key(table, "a single [account]"),
    "condor": Key(tables, "[[condor]] above each condor"),
    "hedge": Key(tables, "[[hedge]] above each hedge"),
    "closed": Key(tables, "[[closed]] above each closed trade"),
}
ACCOUNT = {
    "name": Key(text, 'a name in quotes, as name = "main"'),
    "net_liq": Key(number, "dollars, as net_liq = 250_000"),
    "cash": Key(number, "dollars, as cash = 120_000"),
    "rules": Key(text, 'rules = "zones", "ladder" or the path of a rules file'),
}
CONDOR = {
    "id": _ID,
    "legs": _LEGS,
    "credit": _CREDIT,
    "opened": _OPENED,
    "fees": _FEES,
    "spot_at_open": Key(above(0), "the index level, as spot_at_open = 6796.3"),
    "vix_at_open": Key(above(0), "the VIX level, as vix_at_open = 17.9"),
    "note": _NOTE,
    "tags": _TAGS,
    "adjust": Key(tables, "[[condor.adjust]] above each adjustment"),
}
HEDGE = {
    "id": _ID,
    "layer": Key(one_of(*LAYERS), 'the layer in quotes, as layer = "L1"', required=True),
    "legs": Key(texts, 'legs in quotes, as legs = "+6 VIX 2026-12-16 22C/32C"', required=True),
    "debit": _DEBIT,
    "opened": _OPENED,
    "protects": Key(texts, 'ids of condors in quotes, as protects = ["dec-18"]'),
    "fees": _FEES,
    "note": _NOTE,
    "tags": _TAGS,
    "adjust": Key(tables, "[[hedge.adjust]] above each adjustment"),
}
CONDOR_ADJUST = {
    "date": Key(moment, "a date or date-time without quotes, as date = 2026-11-16", required=True),
    "legs": Key(texts, 'legs in quotes, as legs = "+5 SPXW 2026-12-18 7100C/7150C"', required=True),
    "credit": Key(number, "the net credit per share, negative where paid, as credit = 0.85"),
    "why": Key(note, 'text in quotes, as why = "untested side rolled down"'),
}
HEDGE_ADJUST = {
    "date": CONDOR_ADJUST["date"],
    "legs": Key(texts, 'legs in quotes, as legs = "-6 VIX 2026-12-16 22C/32C"', required=True),
    "debit": Key(number, "the net price paid per share, negative where received, as debit = -1.20"),
    "why": CONDOR_ADJUST["why"],
}
CLOSED = {
    "id": _ID,
    "kind": Key(one_of("condor", "hedge"), 'kind = "condor" or "hedge"', required=True),
    "realised": Key(number, "dollars won or lost, as realised = 1850.00", required=True),
    "closed": Key(moment, "a date without quotes, as closed = 2026-10-02", required=True),
    "note": _NOTE,
}

SECTIONS = {
    "": FILE,
    "account": ACCOUNT,
    "condor": CONDOR,
    "condor.adjust": CONDOR_ADJUST,
    "hedge": HEDGE,
    "hedge.adjust": HEDGE_ADJUST,
    "closed": CLOSED,
}
"""By the name above the table in the file; the keys outside any table under no name."""
