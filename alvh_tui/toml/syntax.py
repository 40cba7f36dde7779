"""What is wrong with a line that is not TOML, said to a trader."""

import re

from alvh_tui.toml.statements import LONGEST_LINE, Statement
from alvh_tui.toml.text import quoted, text_fault

_VALUES = tuple(
    (re.compile(pattern), what, expected)
    for pattern, what, expected in (
        (r"(#.*)?$", "has no value", "a value after the ="),
        (r"[“”„‟«»‘’‚]", "has curly quotes", 'straight ones: "…"'),
        (r"[$€£]", "has a currency sign", "the bare number, as 8.35"),
        (r"[−–—]\s*[\d.]", "has a typographic minus", "the hyphen of the keyboard, as -0.85"),
        (r"[+-]\s+[\d.]", "has a space behind its sign", "sign and digits together, as -0.85"),
        (
            r"[+-]?\d[\d_]*,\d",
            "has a comma in a number",
            "a point for decimals (8.35), nothing or _ for thousands (250_000)",
        ),
        (r"[+-]?\.\d", "begins with a point", "a digit before it, as 0.85"),
        (r"[+-]?\d[\d_]*\.\s*(#.*)?$", "ends with a point", "a digit behind it, as 8.0"),
        (r"\d{4}-\d\d-\d\d", "is not a date there is", "a day of the calendar, as 2026-11-04"),
        (
            r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}",
            "is not a date as TOML writes it",
            "year-month-day, as 2026-11-04",
        ),
        (r"[+-]?0[\d_]", "begins with a zero", "the number without it"),
        (r"(?i:true|false)\b", "is not true or false as TOML writes it", "true or false in small letters"),
        (r"[A-Za-z]", "is text without quotes", 'quotes around it: "…"'),
        (r"\[", "is not a list as TOML writes it", 'values with commas between them, as ["a", "b"]'),
        (r"\{", "is not a table as TOML writes it", "{key = value, key = value} on one line"),
        (r".", "cannot be read", "one value, then the end of the line or a # comment"),
    )
)


def explained(statement: Statement, source: str, message: str) -> tuple[str, str]:
    """What is wrong with a statement the parser refuses, and what was expected."""
    if statement.flaw == "deep":
        return "is nested too deeply", "expected plain values, lists and tables"
    if statement.flaw == "long":
        return "stands on a line that never ends", f"expected lines of at most {LONGEST_LINE} characters"
    hostile = text_fault(source, many_lines=True)
    if hostile:
        return hostile, "expected plain text"
    if statement.header:
        name = ".".join(statement.names) or "name"
        right = f"expected [[{name}]]" if statement.header == "[[" else f"expected [{name}] or [[{name}]]"
        return f"is not a table's name: {quoted(source.strip())}", right
    if not statement.names:
        return f"cannot be read: {quoted(source.strip())}", "expected key = value, as credit = 8.35"
    if statement.flaw == "quote":
        return "has a quote that is never closed", "expected one at the beginning and one at the end"
    if statement.flaw == "bracket":
        return "has a bracket that is never closed", "expected ] at the end of the list"
    if "scape" in message or "hex" in message:
        return "has a backslash in a text", r"expected \\ for each one, or the text in single quotes"
    value = source.partition("=")[2].strip()
    for pattern, what, expected in _VALUES:
        if pattern.match(value):
            shown = f"{what}: {quoted(value)}" if value and value[0] != "#" else what
            return shown, f"expected {expected}"
    return "cannot be read", "expected a value as TOML writes it"


def clash(statement: Statement, first_line: int | None) -> tuple[str, str]:
    """What is wrong with a statement that is sound by itself and refused in its place."""
    several = "one [name], or [[name]] for each of several"
    if first_line is None:
        right = several if statement.header else "a name to be a value or a table, not both"
        return "contradicts what stands above it", f"expected {right}"
    right = several if statement.header else "each key once in its table"
    return f"is written twice, first on line {first_line}", f"expected {right}"
