"""The journal's entries: each holds the hash of the one before, so that none can be changed unseen."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from alvh_tui.memory import kept

Kind = Literal["layer", "position", "account", "rules", "ack", "note", "close"]
KINDS: tuple[Kind, ...] = ("layer", "position", "account", "rules", "ack", "note", "close")
BEFORE_THE_FIRST = "0" * 64
HEAD = "journal"
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written."""

    at: datetime
    kind: Kind
    about: str
    """A layer, a position, the account, the rules, or the entry that is acknowledged."""
    text: str
    facts: Facts = field(default_factory=dict)
    once: str | None = None
    """What makes it the same as another; where it is not told, its change and the entry that it follows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What has been written."""

    seq: int
    at: datetime
    kind: str
    about: str
    text: str
    facts: Facts
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How the chain stands."""

    entries: int
    broken: int | None = None
    """The first entry that is not as it was written."""
    why: str = ""

    @property
    def untouched(self) -> bool:
        return self.broken is None


def append_in(connection: sqlite3.Connection, drafts: Iterable[Draft]) -> tuple[Entry, ...]:
    """Those that are new; one that another program has written already is left out."""
    return tuple(entry for draft in drafts if (entry := _append(connection, draft)) is not None)


def _append(connection: sqlite3.Connection, draft: Draft) -> Entry | None:
    row = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    last, previous = row or (0, BEFORE_THE_FIRST)
    key = _key(connection, draft)
    if connection.execute("SELECT 1 FROM journal WHERE key = ?", (key,)).fetchone():
        return None
    seq = last + 1
    body = canonical(
        {
            "seq": seq,
            "at": draft.at.isoformat(),
            "kind": draft.kind,
            "about": draft.about,
            "text": draft.text,
            "key": key,
            "previous": previous,
            "facts": draft.facts,
        }
    )
    digest = hash_of(body)
    connection.execute(
        "INSERT INTO journal (seq, kind, about, key, body, hash) VALUES (?, ?, ?, ?, ?, ?)",
        (seq, draft.kind, draft.about, key, body, digest),
    )
    kept.write(connection, HEAD, {"seq": seq, "hash": digest})
    return _entry(json.loads(body), digest)


def _key(connection: sqlite3.Connection, draft: Draft) -> str:
    """The same content after the same entry is the same change, whoever saw it."""
    once = draft.once
    if once is None:
        (follows,) = connection.execute(
            "SELECT max(seq) FROM journal WHERE kind = ? AND about = ?", (draft.kind, draft.about)
        ).fetchone()
        once = f"{follows or 0} {canonical(draft.facts.get('change'))}"
    return hash_of(f"{draft.kind}\n{draft.about}\n{once}")


def canonical(value: Any) -> str:
    """One text for one value, whatever the order of its keys; what is no number is null."""
    return json.dumps(
        kept.finite(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def hash_of(body: str) -> str:
    return sha256(body.encode()).hexdigest()


def entries_in(connection: sqlite3.Connection, after: int = 0) -> tuple[Entry, ...]:
    rows = connection.execute("SELECT body, hash FROM journal WHERE seq > ? ORDER BY seq", (after,))
    return tuple(_entry(json.loads(body), digest) for body, digest in rows)


def last_in(connection: sqlite3.Connection) -> Entry | None:
    row = connection.execute("SELECT body, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return None if row is None else _entry(json.loads(row[0]), row[1])


def filed_in(connection: sqlite3.Connection, kind: Kind, about: str, after: int = 0) -> tuple[Entry, ...]:
    """The same of one kind and matter."""
    rows = connection.execute(
        "SELECT body, hash FROM journal WHERE kind = ? AND about = ? AND seq > ? ORDER BY seq",
        (kind, about, after),
    )
    return tuple(_entry(json.loads(body), digest) for body, digest in rows)


def _entry(body: Mapping[str, Any], digest: str) -> Entry:
    return Entry(
        body["seq"],
        datetime.fromisoformat(body["at"]),
        body["kind"],
        body["about"],
        body["text"],
        body["facts"],
        body["previous"],
        digest,
    )


def verify_in(connection: sqlite3.Connection) -> Verified:
    """Follows the chain from its beginning to its head."""
    previous, count = BEFORE_THE_FIRST, 0
    columns = ", ".join(f"CAST({name} AS BLOB)" for name in ("kind", "about", "key", "body", "hash"))
    for seq, *written in connection.execute(f"SELECT seq, {columns} FROM journal ORDER BY seq"):
        count += 1
        # Bytes, as a damaged text may not be one any more.
        kind, about, key, body, digest = (text.decode(errors="replace") for text in written)
        why = _fault(count, previous, (seq, kind, about, key), body, digest)
        if why:
            return Verified(count, count, why)
        previous = digest
    head = kept.read(connection, HEAD, {"seq": 0, "hash": BEFORE_THE_FIRST})
    if (head["seq"], head["hash"]) != (count, previous):
        return Verified(count, count + 1, f"the journal once went on to entry {head['seq']}")
    return Verified(count)


def _fault(expected: int, previous: str, columns: tuple[int, str, str, str], body: str, digest: str) -> str:
    if columns[0] != expected:
        return "it is missing"
    if hash_of(body) != digest:
        return "it is not what was written"
    written = json.loads(body)
    if written["previous"] != previous:
        return "it does not follow the entry before"
    if (written["seq"], written["kind"], written["about"], written["key"]) != columns:
        return "it is filed as something else than was written"
    return ""
