"""The screen: maps an assessment to rows of text, computes nothing."""
