"""Everything that is wrong in the position file and its rules file, and what is odd about the data."""

from collections.abc import Iterator

from alvh_tui.screens.pages.parts import INDENT, paragraph, section
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut, fitted
from alvh_tui.screens.shown import Builder, Look, Shown
from alvh_tui.toml.problem import Problem, Severity

_LOOKS = {Severity.ERROR: ("▲", Role.ACT), Severity.WARNING: ("●", Role.WATCH)}
FINE = "Nothing is wrong in the position file."


def sheet_for(name: str = "") -> Builder:
    """All of them; `name` is the place of the one that was asked for, which comes first."""

    def build(shown: Shown, look: Look) -> Sheet:
        problems = list(enumerate(shown.problems))
        remarks = tuple(_remarks(shown, look))
        if not problems:
            fine = Row("problems none", cut((Span(FINE, Role.CALM),), look.width))
            return Sheet((fine, *remarks), title="problems")
        problems.sort(key=lambda found: (str(found[0]) != name, found[1].severity is Severity.WARNING))
        errors = sum(problem.severity is Severity.ERROR for _, problem in problems)
        rows: list[Row] = []
        if errors and shown.assessment is not None:
            rows += paragraph(
                "problems kept", "What is shown is the last sound state of the file.", look, Role.WATCH
            )
        for place, problem in problems:
            rows += _rows(place, problem, look)
        return Sheet((*rows, *remarks), title=_count(errors, len(problems) - errors))

    return build


def _remarks(shown: Shown, look: Look) -> Iterator[Row]:
    """What the assessment says of the market it was made of."""
    warnings = () if shown.assessment is None else shown.assessment.warnings
    lines = (paragraph(f"remark {place}", warning, look) for place, warning in enumerate(warnings))
    return section("About the data", look, (row for rows in lines for row in rows))


def _count(errors: int, warnings: int) -> str:
    said = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    return ", ".join(said)


def _rows(place: int, problem: Problem, look: Look) -> Iterator[Row]:
    """Where; then what is wrong; then what was expected."""
    glyph, role = _LOOKS[problem.severity]
    opens, key = Opens("problem", str(place)), f"problem {place}"
    where = f"{problem.file}:{problem.line}"
    spans = (
        Span(f"{glyph} ", role),
        Span(fitted(problem.severity.value, 7), role),
        Span(f"  {where}  ", Role.STRONG),
        Span(problem.key, Role.LABEL),
    )
    copies = str(problem)
    yield Row(f"{key} blank", ())
    yield Row(key, cut(spans, look.width), opens, copies=copies)
    yield from paragraph(f"{key} what", problem.what, look, indent=2 * INDENT)
    yield from paragraph(f"{key} expected", problem.expected, look, Role.LABEL, indent=2 * INDENT)
