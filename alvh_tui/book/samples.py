"""The sample books: where they lie, and what day they were written for."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from alvh_tui.book.shift import shift_book_text

ANCHOR = date(2026, 11, 20)
"""The day all samples were written for, and the day of their recorded markets."""


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    title: str

    @property
    def path(self) -> Path:
        return samples_folder() / f"{self.name}.toml"

    @property
    def market(self) -> Path:
        """The market folder of the anchor day."""
        return samples_folder() / f"{self.name}.market"

    def text_on(self, today: date) -> str:
        """The book as it would have been written today."""
        return shift_book_text(self.path.read_text(encoding="utf-8"), ANCHOR, today)


SAMPLES = {
    sample.name: sample
    for sample in (
        Sample("calm", "two condors in the middle of their range and one layer"),
        Sample("tested", "short puts in the money, adjustments, all layers"),
        Sample("broken_wing", "unequal wings, and a condor made vega-positive"),
    )
}


def samples_folder() -> Path:
    """Inside the package where it was installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "sample_positions"
    return installed if installed.is_dir() else package.parent / "sample_positions"
