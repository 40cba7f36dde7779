"""What `alvh doctor` says of the user's settings: what is wrong there is left out, and all else counts."""

from collections.abc import Iterator

from alvh_tui.cli.checkup import Check, Health

NAME = "settings"


def of_the_settings() -> Iterator[Check]:
    from alvh_tui.screens.keymap import keys_in_use
    from alvh_tui.settings import load_settings

    settings = load_settings()
    problems = (*settings.problems, *keys_in_use(settings)[1])
    if settings.alerts.rules:
        from alvh_tui.alerts.rules import pattern_problems

        problems += pattern_problems(settings)
    for problem in sorted(problems, key=lambda problem: problem.line):
        found = f"{problem.file}:{problem.line}: {problem.key}: {problem.what}"
        yield Check(Health.WARN, NAME, found, problem.expected)
    if not problems:
        there = settings.path is not None and settings.path.exists()
        yield Check(Health.OK, NAME, f"{settings.path}{'' if there else ' is not there; nothing is set'}")
