"""The steward's report: how a book was led, from its journal and history."""
