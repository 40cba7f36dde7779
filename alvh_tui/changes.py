"""What is different between two frames, one sentence each: for watchers, journals and alerts."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from alvh_tui.book.model import Book
from alvh_tui.market.types import Source
from alvh_tui.method.attention import Attention
from alvh_tui.method.governance import Waiting, waiting_in_words
from alvh_tui.method.layer_attention import LayerJudgement
from alvh_tui.monitor import Frame
from alvh_tui.toml.problem import errors_in

ChangeKind = Literal["layer", "attention", "source", "market", "book", "rules", "memory", "alert"]
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    kind: ChangeKind
    name: str
    """The layer, position, source or file."""
    before: str | None
    """None where there was nothing to compare with."""
    after: str | None
    """None where it is over."""
    text: str
    rule: str | None = None


class News:
    """Tells of each frame what is new since those before it."""

    def __init__(self) -> None:
        self._seen: Frame | None = None

    def of(self, frame: Frame) -> tuple[Change, ...]:
        before = self._seen
        changes = changes_between(before, frame)
        if frame.assessment is None and before is not None:
            frame = replace(frame, assessment=before.assessment)
        self._seen = frame
        return changes


def changes_between(before: Frame | None, after: Frame) -> tuple[Change, ...]:
    """Everything that is news to one who saw `before`; all of it to one who saw nothing."""
    return (
        *_of_the_book(before, after),
        *_of_the_rules(before, after),
        *_of_the_market(before, after),
        *_of_sources(before, after),
        *_of_layers(before, after),
        *_of_attention(before, after),
    )


def _of_the_book(before: Frame | None, after: Frame) -> Iterator[Change]:
    old = () if before is None else before.problems
    if before is not None and (old != after.problems or _is_another_book(before, after)):
        book = _book(after)
        kept = "" if book is None else " (the last sound state counts)"
        text = f"not sound{kept}" if _has_errors(after) else "read again"
        state = ["broken" if _has_errors(frame) else "sound" for frame in (before, after)]
        name = "book" if book is None else book.path.name
        yield Change(after.at, "book", name, state[0], state[1], text)
    for problem in after.problems:
        if problem not in old:
            yield Change(after.at, "book", problem.file, None, problem.severity.value, str(problem))


def _is_another_book(before: Frame, after: Frame) -> bool:
    books = _book(before), _book(after)
    return None not in books and books[0] is not books[1]


def _book(frame: Frame) -> Book | None:
    return None if frame.assessment is None else frame.assessment.book


def _has_errors(frame: Frame) -> bool:
    return bool(errors_in(frame.problems))


def _of_the_rules(before: Frame | None, after: Frame) -> Iterator[Change]:
    """A change that waits for people to agree, each who has agreed, and what comes of it."""
    if after.assessment is None:
        return
    rules = after.assessment.rules
    old = None if before is None or before.assessment is None else before.assessment.rules
    was, now = (None if found is None else found.waiting for found in (old, rules))
    if _stage(was) == _stage(now):
        return
    text = waiting_in_words(rules, after.at)
    if text is None:
        text = f"{rules.name} {rules.fingerprint[:4]}… counts"
    states = [None if waiting is None else "waiting" for waiting in (was, now)]
    yield Change(after.at, "rules", rules.name, states[0], states[1] or "counts", text)


def _stage(waiting: Waiting | None) -> tuple[object, ...]:
    if waiting is None:
        return ()
    return waiting.rules.fingerprint, waiting.confirmed_by


def _of_the_market(before: Frame | None, after: Frame) -> Iterator[Change]:
    old = None if before is None else before.error
    if _cause(old) == _cause(after.error):
        return
    states = ["failed" if error else "fine" for error in (old, after.error)]
    text = after.error or "a market again"
    yield Change(after.at, "market", "market", None if before is None else states[0], states[1], text)


def _cause(error: str | None) -> str | None:
    """Without its times: when the next try is changes with every try, and is no news."""
    return None if error is None else re.sub(r"\d\d:\d\d", "", error)


def _sources(frame: Frame | None) -> Mapping[str, Source]:
    if frame is None or frame.assessment is None:
        return {}
    return {source.name: source for source in frame.assessment.market.sources}


def _of_sources(before: Frame | None, after: Frame) -> Iterator[Change]:
    if after.assessment is None:
        return
    old, new = _sources(before), _sources(after)
    for name in dict.fromkeys((*old, *new)):
        was, now = (
            None if source is None else source.state.value for source in (old.get(name), new.get(name))
        )
        if was != now:
            error = new[name].error if name in new else None
            yield Change(after.at, "source", name, was, now, error or ("answers" if now else "gone"))


def _layers(frame: Frame | None) -> Mapping[str, LayerJudgement]:
    if frame is None or frame.assessment is None:
        return {}
    return {str(layer): judged for layer, judged in frame.assessment.judgement.layers.items()}


def _trigger(judged: LayerJudgement | None) -> str | None:
    if judged is None:
        return None
    return UNKNOWN if judged.state is None else judged.state.trigger.value


def _of_layers(before: Frame | None, after: Frame) -> Iterator[Change]:
    old = _layers(before)
    for name, judged in _layers(after).items():
        was, now = _trigger(old.get(name)), _trigger(judged)
        if was != now:
            rules = () if judged.state is None else judged.state.rules
            text = ", ".join(rule.id for rule in rules if rule.verdict.value == "yes")
            yield Change(after.at, "layer", name, was, now, text or judged.action.value)


def _items(frame: Frame | None) -> dict[tuple[str | None, str, int], Attention]:
    """By what it is about: the figures in its sentence change with every frame and are no news."""
    if frame is None or frame.assessment is None:
        return {}
    seen: Counter[tuple[str | None, str]] = Counter()
    found = {}
    for item in frame.assessment.judgement.attention:
        about = (item.position, item.rule)
        found[(*about, seen[about])] = item
        seen[about] += 1
    return found


def _of_attention(before: Frame | None, after: Frame) -> Iterator[Change]:
    if after.assessment is None:
        return
    old, new = _items(before), _items(after)
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key), new.get(key)
        states = [None if item is None else item.severity.name.lower() for item in (was, now)]
        if states[0] != states[1]:
            shown = now or was
            text = "" if shown is None else shown.text
            yield Change(after.at, "attention", key[0] or "market", states[0], states[1], text, key[1])
