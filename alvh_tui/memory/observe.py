"""What of an assessment belongs into the journal: what is other than this program and the file last knew."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alvh_tui.assess import Assessment
from alvh_tui.book.load import parse_book
from alvh_tui.book.model import Book
from alvh_tui.book.write import book_text
from alvh_tui.figures import number
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.memory import kept
from alvh_tui.memory.chain import Draft
from alvh_tui.memory.edits import Edit, edits_between
from alvh_tui.memory.facts import Json, moment_facts, only, reading_facts, sizing_facts, standing_facts
from alvh_tui.memory.rule_changes import asked_for, drafts_of_rules
from alvh_tui.method.layer_attention import LayerJudgement
from alvh_tui.method.reading import Reading
from alvh_tui.method.verdict import Verdict

SETTLES_IN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class View:
    """What one program saw last. Only what it has seen change itself is news from it: two programs that see
    an edit at different moments would otherwise undo each other's entries."""

    book: str
    rules: str
    """Those in force, and those asked for."""
    layers: Mapping[str, Json]


def view_of(assessment: Assessment) -> View:
    layers = {
        str(layer): _layer_state(judged)
        for layer, judged in assessment.judgement.layers.items()
        if judged.state is not None
    }
    rules = f"{assessment.rules.fingerprint} {asked_for(assessment.rules).fingerprint}"
    return View(book_text(assessment.book), rules, layers)


def drafts_in(
    connection: sqlite3.Connection, assessment: Assessment, before: View | None, now: View
) -> tuple[tuple[Draft, ...], View]:
    """Everything new against the file, whose own knowledge moves on with it; and what has been dealt with."""
    standing = standing_facts(assessment)
    about = {
        **moment_facts(assessment),
        "before": kept.read(connection, "standing"),
        "after": standing,
    }
    drafts: list[Draft] = []
    current = kept.compare(connection, "judged", assessment.market.time) >= 0
    if before is None or before.rules != now.rules:
        drafts += drafts_of_rules(connection, assessment, about)
    if before is None or before.book != now.book:
        drafts += _of_book(connection, assessment, now, about)
    if not current:
        # Another program has looked at a later market: what it saw of the layers stands.
        return tuple(drafts), replace(now, layers={} if before is None else before.layers)
    drafts += _of_layers(connection, assessment, before, now, about)
    kept.write(connection, "standing", standing)
    kept.write(connection, "judged", assessment.market.time.isoformat())
    return tuple(drafts), now


def _of_book(
    connection: sqlite3.Connection, assessment: Assessment, now: View, about: Json
) -> Iterator[Draft]:
    known, book = kept.read(connection, "book"), assessment.book
    if known == now.book:
        return
    kept.write(connection, "book", now.book)
    for edit in _edits(known, book):
        facts = {
            **about,
            "before": only(about["before"], edit.about),
            "after": only(about["after"], edit.about),
            "change": {"event": edit.event, "text": edit.text},
            "layer": edit.layer,
            "contracts": edit.contracts,
            "on": None if edit.on is None else edit.on.isoformat(),
            "layers": dict(now.layers),
        }
        today = assessment.at.astimezone(NEW_YORK).date()
        traded = "" if edit.on in (None, today) else f", on {edit.on}"
        yield Draft(assessment.at, edit.kind, edit.about, f"{edit.text}{traded}", facts)


def _edits(known: str | None, book: Book) -> tuple[Edit, ...]:
    """Against nothing at all, everything held has been opened."""
    if known is None:
        return edits_between(Book(book.path, book.account), book)
    before = parse_book(known, book.path).book
    if before is None:
        said = "what the file said before cannot be read any more"
        return (Edit("account", "changed", said, kind="account"),)
    return edits_between(before, book)


def _of_layers(
    connection: sqlite3.Connection, assessment: Assessment, before: View | None, now: View, about: Json
) -> Iterator[Draft]:
    known: dict[str, Json] = kept.read(connection, "layers", {})
    waiting: dict[str, Json] = kept.read(connection, "waiting", {})
    for layer, judged in assessment.judgement.layers.items():
        seen = now.layers.get(layer)
        unmoved = before is not None and before.layers.get(layer) == seen
        if seen is None or (unmoved and layer not in waiting):
            continue
        state = {name: value for name, value in seen.items() if value is not None}
        changed = _changed(known.get(layer, {}), state)
        if unmoved and "trigger" in changed:
            continue
        quietly = changed.keys() == {"holding"} and (before is None or before.book == now.book)
        if quietly and not _has_settled(waiting, layer, state, assessment.at):
            continue
        waiting.pop(layer, None)
        known[layer] = {**known.get(layer, {}), **state}
        if changed:
            readings = () if judged.state is None else judged.state.rules
            facts = {
                **about,
                "change": changed,
                "state": known[layer],
                "since": None if judged.state is None else judged.state.since.isoformat(),
                "sizing": sizing_facts(judged.sizing),
                "readings": reading_facts(readings),
            }
            yield Draft(assessment.at, "layer", layer, _layer_in_words(changed, judged, readings), facts)
    kept.write(connection, "layers", known)
    kept.write(connection, "waiting", waiting)


def _changed(was: Json, state: Json) -> Json:
    """The action follows from the other two."""
    return {
        name: [was.get(name), value]
        for name, value in state.items()
        if name != "action" and was.get(name) != value
    }


def _has_settled(waiting: dict[str, Json], layer: str, state: Json, at: datetime) -> bool:
    """A yardstick at its edge says enough and not enough by turns: what is held is news once it has stood."""
    since = waiting.get(layer)
    if since is None or since["holding"] != state["holding"]:
        waiting[layer] = {"holding": state["holding"], "since": at.isoformat()}
        return False
    return at - datetime.fromisoformat(since["since"]) >= SETTLES_IN


def _layer_state(judged: LayerJudgement) -> Json:
    return {
        "trigger": None if judged.state is None else judged.state.trigger.value,
        "holding": None if judged.holding is None else judged.holding.value,
        "action": judged.action.value,
    }


def _layer_in_words(changed: Json, judged: LayerJudgement, readings: tuple[Reading, ...]) -> str:
    said = []
    if "trigger" in changed:
        said.append(_from_to(*changed["trigger"]))
    if "holding" in changed:
        said.append(f"held: {_from_to(*changed['holding'])}")
    said.append(f"action {judged.action.value}")
    because = [reading_in_words(reading) for reading in readings if reading.verdict is Verdict.YES]
    return f"{', '.join(said)}{'; ' if because else ''}{', '.join(because)}"


def _from_to(old: str | None, new: str) -> str:
    return new if old is None else f"{old} → {new}"


def reading_in_words(reading: Reading) -> str:
    if reading.reading is None:
        return reading.id
    against = "" if reading.threshold is None else f" ({reading.threshold:g})"
    return f"{reading.id} {number(reading.reading, 2)}{against}"
