"""Runs every `bench_*` module beside this one; exit 1 if a promised bound is missed."""

import sys
from importlib import import_module
from pathlib import Path


def main() -> int:
    missed = 0
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        for row in import_module(f"tests.bench.{path.stem}").run():
            sys.stdout.write(row.line() + "\n")
            sys.stdout.flush()
            missed += not row.holds
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
