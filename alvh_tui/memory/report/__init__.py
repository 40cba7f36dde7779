"""The steward's report: how a book was led, from its journal and history."""

from alvh_tui.memory.report.build import ALWAYS, Records, Span, read_records, stewards_report
from alvh_tui.memory.report.model import StewardsReport
from alvh_tui.memory.report.words import Line, Section, closing_line, sections_of, title_of

__all__ = [
    "ALWAYS",
    "Line",
    "Records",
    "Section",
    "Span",
    "StewardsReport",
    "closing_line",
    "read_records",
    "sections_of",
    "stewards_report",
    "title_of",
]
