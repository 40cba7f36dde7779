"""Several recorded moments of a market in one folder, replayed in the order of their times."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.folder import read_market
from alvh_tui.market.folder_header import HEADER, read_header
from alvh_tui.market.playback import Playback
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot


@dataclass(frozen=True, slots=True)
class Recording:
    """One of them: a market folder, and when its quotes were taken."""

    time: datetime
    path: Path


def recordings_in(path: Path) -> tuple[Recording, ...]:
    """Every market folder in that folder, or the folder itself where it is one, by time.

    A folder that does not say when its quotes were taken is left out; of two of one
    moment the later name counts.
    """
    if (path / HEADER).exists():
        return (Recording(read_header(path).time, path),)
    found: dict[datetime, Path] = {}
    for folder in sorted(path.iterdir()) if path.is_dir() else ():
        if not (folder / HEADER).exists() or folder.name.startswith("."):
            continue
        try:
            found[read_header(folder).time] = folder
        except FeedUnavailableError:
            continue
    return tuple(Recording(time, found[time]) for time in sorted(found))


def recording_at(recordings: Sequence[Recording], at: datetime | None) -> Recording:
    """The latest one not after that moment, by default the last."""
    if at is None:
        return recordings[-1]
    number = bisect_right([recording.time for recording in recordings], at)
    if not number:
        first = recordings[0].time.astimezone(NEW_YORK)
        raise FeedUnavailableError(
            f"nothing was recorded before {at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}; "
            f"the first recording is of {first:%Y-%m-%d %H:%M}"
        )
    return recordings[number - 1]


class RecordingFeed:
    """Recorded moments as a feed: always the latest one taken by then, growing older."""

    name = "recording"

    def __init__(self, path: Path, speed: float = 1.0) -> None:
        self.path = path
        self.speed = speed

    @cached_property
    def recordings(self) -> tuple[Recording, ...]:
        try:
            found = recordings_in(self.path)
        except OSError as error:
            raise FeedUnavailableError(f"{self.path} cannot be read ({error.strerror})") from error
        if not found:
            raise FeedUnavailableError(
                f"{self.path} is no market folder and holds none; expected a folder with a {HEADER} in it"
                if self.path.exists()
                else f"{self.path} is not there; expected a market folder, or a folder of several"
            )
        return found

    def playback(self, now: datetime, start: datetime | None = None) -> Playback:
        """Plays from its first moment on, or from another, at the feed's speed."""
        return Playback(now, start or self.recordings[0].time, self.speed)

    def snapshot(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:  # noqa: ARG002
        """The whole record, whatever is asked for, its sources judged as of `at`."""
        return read_market(recording_at(self.recordings, at).path, at)
