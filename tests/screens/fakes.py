"""An engine that tells frames when a test says so, of the sample books in their recorded markets."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from textual.pilot import Pilot

from alvh_tui.alerts.alert import Alert, key_of
from alvh_tui.assess import Assessment
from alvh_tui.memory.chain import Entry
from alvh_tui.method.attention import Severity
from alvh_tui.monitor import Frame
from alvh_tui.screens.app import AlvhApp, Book
from alvh_tui.screens.engine import Answer, Tell
from alvh_tui.screens.shown import Shown
from alvh_tui.settings.model import DEFAULT_SETTINGS, Settings
from tests.screens import panels_worlds

LOOKS = 400
"""How often a test looks whether a frame has come, before it fails."""


def sample(name: str = "tested") -> Path:
    """calm, tested or broken_wing."""
    return panels_worlds.SAMPLES / f"{name}.toml"


def assessed(name: str = "tested") -> Assessment:
    """At the moment its market was recorded; the same object each time."""
    return panels_worlds.sample(name)


def entry(seq: int = 1, text: str = "watch → triggered", about: str = "L1", kind: str = "layer") -> Entry:
    at = assessed().at - timedelta(minutes=60 - seq)
    return Entry(seq, at, kind, about, text, {}, "0" * 64, f"{seq:064x}")


def alert(
    title: str = "dec-18: lower breakeven on today's path is above the index",
    rule: str = "condor.proximity",
    about: str = "dec-18",
) -> Alert:
    return Alert(Severity.ACT, title, "", rule, about, assessed().at, key_of(rule, about))


@dataclass
class FakeEngine:
    """Tells `shown` when it is started, and again whenever a test calls `tell`."""

    path: Path
    shown: Shown
    asked: list[tuple[object, ...]] = field(default_factory=list)
    """What it was asked to do, in order."""
    refuses: str = ""
    """Why nothing can be written."""
    paused: bool = False
    interval: timedelta = timedelta(seconds=30)
    stopped: bool = False
    _tell: Tell | None = None

    def start(self, tell: Tell) -> None:
        self._tell = tell
        tell(self.shown)

    def tell(self, **changes: object) -> Shown:
        """The next frame: the last one but for these fields of Frame or Shown."""
        of_frame = {name: changes.pop(name) for name in [*changes] if name in Frame.__dataclass_fields__}
        seq = self.shown.frame.seq + 1
        if "assessment" in of_frame:
            changes["assessment"] = of_frame["assessment"] or self.shown.assessment
        frame = replace(self.shown.frame, **({"seq": seq} | of_frame))  # type: ignore[arg-type]
        self.shown = replace(self.shown, frame=frame, **changes, _pictures={})  # type: ignore[arg-type]
        if self._tell is not None:
            self._tell(self.shown)
        return self.shown

    def stop(self) -> None:
        self.stopped = True

    def now(self) -> datetime:
        return self.shown.frame.at

    def refresh(self) -> None:
        self.asked.append(("refresh",))

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def set_interval(self, interval: timedelta) -> None:
        self.interval = interval

    def draw_for(self, about: Sequence[str]) -> None:
        self.asked.append(("draw_for", *about))

    def note(self, words: str, about: str, answer: Answer) -> None:
        self.asked.append(("note", words, about))
        answer(self.refuses)

    def acknowledge(self, what: Entry | Alert, words: str, answer: Answer) -> None:
        self.asked.append(("acknowledge", what, words))
        answer(self.refuses)

    def snooze(self, alert: Alert, answer: Answer) -> None:
        self.asked.append(("snooze", alert))
        answer(self.refuses)

    def mute(self, alert: Alert, answer: Answer) -> None:
        self.asked.append(("mute", alert))
        answer(self.refuses)


def shown_of(assessment: Assessment | None, **more: object) -> Shown:
    """The first frame of it; `more` are fields of Frame or Shown."""
    of_frame = {name: more.pop(name) for name in [*more] if name in Frame.__dataclass_fields__}
    at = assessed().at if assessment is None else assessment.at
    frame = Frame(1, assessment, (), at, None, at + timedelta(seconds=18))
    return Shown(replace(frame, **of_frame), assessment, **more)  # type: ignore[arg-type]


def engine_of(name: str = "tested", **more: object) -> FakeEngine:
    return FakeEngine(sample(name), shown_of(assessed(name), **more))


def app_with(
    *engines: FakeEngine,
    settings: Settings = DEFAULT_SETTINGS,
    keys: dict[str, tuple[str, ...]] | None = None,
    editor: bool = True,
) -> AlvhApp:
    """The program on these books, one engine each."""
    books = [Book(engine.path.stem, lambda engine=engine: engine) for engine in engines]  # type: ignore[misc]
    return AlvhApp(books, settings, keys, editor=editor)


async def first_frame(app: AlvhApp, pilot: Pilot[None]) -> None:
    """Waits until the book has been opened on its thread and the first frame is on the screen."""
    await frame_number(1, app, pilot)


async def frame_number(seq: int, app: AlvhApp, pilot: Pilot[None]) -> None:
    for _ in range(LOOKS):
        if app.shown is not None and app.shown.frame.seq >= seq:
            break
        await pilot.pause(0.01)
    else:
        raise AssertionError(f"frame {seq} did not come; {app.failure or 'no reason is given'}")
    await pilot.pause()
