"""What the keys do that ask, tell, open, write or take along; mixed into the program."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.app import App, SuspendNotSupported
from textual.message import Message

from alvh_tui.screens.dashboard import Dashboard
from alvh_tui.screens.engine import Answer, Engine
from alvh_tui.screens.page import Page
from alvh_tui.screens.shown import Builder, Charts, Look, Shown
from alvh_tui.screens.under import BOOK, alert_at, entry_at, line_of, place_of, subject_of
from alvh_tui.toml.text import printable, text_fault

if TYPE_CHECKING:
    from pathlib import Path

    from alvh_tui.alerts.alert import Alert
    from alvh_tui.memory.chain import Entry
    from alvh_tui.screens.app import Book
    from alvh_tui.screens.rows import Row
    from alvh_tui.why.figure import Figure

Front = Dashboard | Page
Write = Callable[[Engine, str, Answer], None]
CHARTS: tuple[Charts, ...] = ("braille", "blocks", "ascii")
LONGEST_SAID = 60
"""Characters of a copied text that are said again."""
NOTHING_YET = "there is nothing here yet"
NO_EDITING = "files cannot be edited from here"
NO_ALERT = "there is no alert about this"
NO_FIGURE = "there is no figure under the cursor"


class Doing(App[None], inherit_bindings=False):
    books: "Sequence[Book]"
    editor: bool
    keys_in_use: Mapping[str, tuple[str, ...]]
    shown: Shown | None
    engine: Engine | None

    @dataclass
    class Answered(Message):
        """The engine has done what it was asked to, or says why not."""

        refused: str
        done: str

    # what the program itself knows

    @property
    def front(self) -> Front | None:
        raise NotImplementedError

    @property
    def book_name(self) -> str:
        raise NotImplementedError

    def look(self) -> Look:
        raise NotImplementedError

    def set_look(self, look: Look) -> None:
        raise NotImplementedError

    def say(self, words: str, *, serious: bool = False) -> None:
        raise NotImplementedError

    # what stands under the cursor

    @property
    def row(self) -> "Row | None":
        return None if self.front is None else self.front.active.row

    @property
    def figure(self) -> "Figure | None":
        return None if self.front is None else self.front.active.figure

    @property
    def alert(self) -> "Alert | None":
        """Of the row under the cursor; of a page's own matter where the row has none."""
        return None if self.shown is None else self._alert_among(self.shown.alerts)

    def _alert_among(self, alerts: "Sequence[Alert]") -> "Alert | None":
        about = self._page_is_about()
        of_page = (alert for alert in alerts if about and alert.about == about)
        return alert_at(self.row, alerts) or next(of_page, None)

    @property
    def entry(self) -> "Entry | None":
        return None if self.shown is None else entry_at(self.row, self.shown.entries)

    @property
    def subject(self) -> str:
        """The position, layer, signal or rule in question."""
        entries = () if self.shown is None else self.shown.entries
        about = subject_of(self.row, entries)
        return about if about != BOOK else self._page_is_about() or BOOK

    def _page_is_about(self) -> str:
        front = self.front
        return front.about.name if isinstance(front, Page) and front.about is not None else ""

    def means_something(self, action: str, front: Front) -> bool:
        """Whether there is anything to do it to."""
        method = f"do_{action.replace('-', '_')}"
        if not hasattr(front, method) and not hasattr(self, method):
            return False
        row, figure = front.active.row, front.active.figure
        there = {
            "next-book": len(self.books) > 1,
            "edit": self.editor and self.engine is not None,
            "why": figure is not None,
            "open": row is not None and bool(row.opens or row.folds),
            "page": row is not None and row.opens is not None,
            "copy": isinstance(front, Page) or row is not None,
            "export": bool(front.active.sheet.rows),
        }
        of_alerts = ("snooze", "mute")
        if self.shown is None:
            return there.get(action, action not in (*of_alerts, "acknowledge", "note", "problems", "report"))
        found = alert_at(row, self.shown.alerts)
        there |= dict.fromkeys(of_alerts, found is not None)
        there["acknowledge"] = found is not None or entry_at(row, self.shown.entries) is not None
        there["report"] = self.shown.report is not None
        return there.get(action, True)

    # asking and finding

    def do_filter(self) -> None:
        front = self.front
        if front is None:
            return
        before = front.look_of(front.active).filter

        def keep(words: str | None) -> None:
            front.set_filter(before if words is None else words)

        from alvh_tui.screens.prompt import Prompt

        prompt = Prompt("filter", before, hint="rows that hold this", live=front.set_filter)
        self.push_screen(prompt, keep)

    def do_palette(self) -> None:
        from alvh_tui.screens.palette import Palette

        if self.front is not None:
            self.push_screen(Palette())

    def do_help(self) -> None:
        from alvh_tui.screens.help_page import HelpPage

        if self.front is not None and not isinstance(self.front, HelpPage):
            self.push_screen(HelpPage(self.front))

    def do_why(self) -> None:
        figure = self.figure
        if figure is None:
            self.say(NO_FIGURE)
        elif self.shown is None or self.shown.assessment is None:
            self.say(NOTHING_YET)
        else:
            from alvh_tui.screens.why_page import WhyPage

            self.push_screen(WhyPage(figure))

    def do_report(self) -> None:
        from alvh_tui.screens.pages import report

        self._push_page("Steward's report", report.sheet)

    def do_problems(self) -> None:
        from alvh_tui.screens.pages import problems

        self._push_page("Problems", problems.sheet_for())

    def _push_page(self, label: str, build: Builder) -> None:
        if self.front is not None:
            self.push_screen(Page(label, build))

    # the position file

    def do_edit(self) -> None:
        if not self.editor:
            self.say(NO_EDITING)
        elif self.engine is not None:
            self._edit(*self._where_to_edit(self.engine.path))

    def _where_to_edit(self, file: "Path") -> "tuple[Path, int | None]":
        path, line = place_of(self.row, self.shown, file)
        if line is None and self.shown is not None:
            line = line_of(self._page_is_about(), self.shown)
        return path, line

    def _edit(self, path: "Path", line: int | None) -> None:
        from alvh_tui.screens.editor import NoEditorError, command_for, run_editor

        try:
            words = command_for(path, line)
            with self.suspend():
                trouble = run_editor(words)
        except (NoEditorError, SuspendNotSupported) as error:
            self.say(str(error) if isinstance(error, NoEditorError) else NO_EDITING, serious=True)
            return
        if trouble:
            self.say(printable(trouble), serious=True)

    # the journal and the alerts

    def do_note(self) -> None:
        about = self.subject
        self._ask(
            f"note about {about}",
            "",
            lambda engine, words, answer: engine.note(words, about, answer),
            empty=False,
        )

    def do_acknowledge(self) -> None:
        entry, alert = self.entry, self.alert
        what = entry or alert
        if what is None:
            self.say("there is neither an alert nor a journal entry here")
            return
        told = what.text if entry is None else f"{entry.about}: {entry.text}"
        self._ask(
            f"seen: {_short(told)}",
            "why, or nothing",
            lambda engine, words, answer: engine.acknowledge(what, words, answer),
            empty=True,
        )

    def _ask(self, label: str, hint: str, write: Write, *, empty: bool) -> None:
        engine = self.engine
        if engine is None or self.front is None:
            self.say(NOTHING_YET)
            return

        def answered(words: str | None) -> None:
            if words is None or not (words.strip() or empty):
                return
            fault = text_fault(words)
            if fault:
                self.say(printable(f"the text {fault}"), serious=True)
            else:
                write(engine, words.strip(), self._then("written into the journal"))

        from alvh_tui.screens.prompt import Prompt

        self.push_screen(Prompt(printable(label), hint=hint), answered)

    def do_snooze(self) -> None:
        alert = self.alert
        if alert is None or self.engine is None:
            self.say(NO_ALERT)
        else:
            self.engine.snooze(alert, self._then(f"silent for half an hour: {_short(alert.title)}"))

    def do_mute(self) -> None:
        """One that is muted speaks again; it stands among the silent ones."""
        shown, engine = self.shown, self.engine
        silent = () if shown is None else shown.silenced
        muted = self._alert_among([told.alert for told in silent if told.silence == "muted"])
        alert = self.alert or muted
        if alert is None or engine is None:
            self.say(NO_ALERT)
        else:
            done = "heard again" if alert is muted else "muted until this key is pressed again"
            engine.mute(alert, self._then(f"{_short(alert.rule or alert.title)}: {done}"))

    def _then(self, done: str) -> Answer:
        def answer(refused: str) -> None:
            self.post_message(self.Answered(refused, done))

        return answer

    def on_doing_answered(self, message: Answered) -> None:
        self.say(printable(message.refused or message.done), serious=bool(message.refused))

    # taking along

    def do_copy(self) -> None:
        front = self.front
        if front is None:
            return
        row = front.active.row
        if isinstance(front, Page):
            text, what = front.text(), "the page"
        else:
            text = "" if row is None else row.copies or row.text.strip()
            what = _short(" ".join(text.split()))
        if text:
            self.copy_to_clipboard(text)
        self.say(f"copied: {printable(what)}" if text else NOTHING_YET)

    def do_export(self) -> None:
        from alvh_tui.screens.taking import export, sheet_text

        front, at = self.front, None if self.engine is None else self.engine.now()
        if front is None or at is None or self.shown is None:
            self.say(NOTHING_YET)
            return
        panel = front.active
        text = sheet_text(panel.label, panel.sheet)
        name = panel.label if isinstance(front, Page) else panel.id or ""
        try:
            paths = export(self.book_name, name, at, text=text, picture=self.export_screenshot(title="alvh"))
        except OSError as error:
            self.say(f"nothing is saved: {error.strerror}", serious=True)
            return
        self.say(printable(f"saved {paths[0]} and {paths[1].suffix}"))

    # what the palette offers beside the keys

    @property
    def other_charts(self) -> tuple[Charts, ...]:
        return tuple(kind for kind in CHARTS if kind != self.look().charts)

    def set_charts(self, kind: Charts) -> None:
        self.set_look(replace(self.look(), charts=kind))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SAID else f"{text[: LONGEST_SAID - 1]}…"
