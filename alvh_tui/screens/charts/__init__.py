"""Curves, sparklines and gauges out of characters: from numbers to spans, no widget in sight."""
