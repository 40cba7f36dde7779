"""The live market from Yahoo Finance; the only place that knows yfinance."""

from alvh_tui.market.yahoo.feed import YahooFeed

__all__ = ["YahooFeed"]
