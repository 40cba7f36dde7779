"""The journal of one book: append-only, and able to prove it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from alvh_tui.memory import kept
from alvh_tui.memory.chain import Draft, Entry, Verified, append_in, entries_in, verify_in
from alvh_tui.memory.rule_changes import ASKS, REASON, STEP, Ruling, Step, ruling_in
from alvh_tui.memory.store import Store

OUTCOMES = (Step.CONFIRMED, Step.WITHDRAWN)
ANSWERABLE = ("layer", "position", "account", "rules", "close")


class Journal:
    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self, after: int = 0) -> tuple[Entry, ...]:
        """All that follow that number, the earliest first."""
        return self._store.read(partial(entries_in, after=after)) or ()

    def verify(self) -> Verified | None:
        """None where the file cannot be read at all."""
        if not self._store.path.exists():
            return Verified(0)
        return self._store.read(verify_in)

    def append(self, drafts: Iterable[Draft]) -> tuple[Entry, ...] | None:
        """What others had not written yet; None where the store failed."""
        drafts = tuple(drafts)
        if not drafts:
            return ()
        return self._store.write(drafts[0].at, lambda connection: append_in(connection, drafts))

    def find(self, what: str) -> Entry | None:
        """An entry by its number, or the last one about a layer, a position or the rules.

        Of the rules it is the last change, not what became of it.
        """
        told = [entry for entry in self.entries() if entry.kind in ANSWERABLE]
        found = [
            entry
            for entry in told
            if what == str(entry.seq) or (what == entry.about and entry.facts.get(STEP) not in OUTCOMES)
        ]
        return found[-1] if found else None

    def acknowledge(self, at: datetime, entry: Entry, words: str = "", by: str = "") -> Entry | None:
        """Says that somebody has seen an entry, and why it is so where it asks for that."""
        said = f"{entry.about}: {entry.text}"
        facts = {"of": entry.seq, "words": words, "by": by, **self._moment()}
        text = f"{words} ({said})" if words else f"seen: {said}"
        return self._written(
            Draft(at, "ack", entry.about, text, facts, once=f"{entry.seq} {at.isoformat()} {by}")
        )

    def acknowledge_alert(
        self, at: datetime, about: str, told: str, key: str, words: str = "", by: str = ""
    ) -> Entry | None:
        """Says that somebody has seen an alert, which has no entry of its own."""
        facts = {"of": None, "alert": key, "words": words, "by": by, **self._moment()}
        text = f"{words} ({told})" if words else f"seen: {told}"
        return self._written(Draft(at, "ack", about, text, facts, once=f"{key} {at.isoformat()} {by}"))

    def note(self, at: datetime, words: str, about: str = "book", by: str = "") -> Entry | None:
        facts = {"words": words, "by": by, **self._moment()}
        return self._written(Draft(at, "note", about, words, facts, once=f"{at.isoformat()} {words}"))

    def ruling(self) -> Ruling | None:
        """Which rules count and which wait; None where none are known."""
        return self._store.read(ruling_in)

    def unexplained(self) -> tuple[Entry, ...]:
        """Changes of rules for which a reason was asked and none has been given."""
        return unexplained_in(self.entries())

    def _written(self, draft: Draft) -> Entry | None:
        written = self.append((draft,))
        return written[0] if written else None

    def _moment(self) -> dict[str, object]:
        """How everything stood when last seen."""
        standing = self._store.read(lambda connection: kept.read(connection, "standing"))
        rules = self._store.read(lambda connection: kept.read(connection, "rules", {}))
        named = {name: (rules or {}).get(name) for name in ("name", "fingerprint")}
        return {"after": standing, "rules": named}


def unexplained_in(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """A change that was withdrawn, or that another took the place of before it counted, needs no reason."""
    given = {entry.facts["of"] for entry in entries if entry.kind == "ack" and entry.facts["words"]}
    given |= {entry.facts["of"] for entry in entries if entry.facts.get(STEP) == Step.WITHDRAWN}
    given |= {entry.facts.get("instead_of") for entry in entries if entry.kind == "rules"}
    return tuple(entry for entry in entries if entry.facts.get(ASKS) == REASON and entry.seq not in given)
