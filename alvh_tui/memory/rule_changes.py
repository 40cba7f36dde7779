"""Changed rules: which ones count, who has agreed to them, and what the journal says of it."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from alvh_tui.assess import Assessment
from alvh_tui.memory import kept
from alvh_tui.memory.chain import Draft, Entry, filed_in
from alvh_tui.memory.facts import Json
from alvh_tui.method.governance import Waiting, different_names, needed_by
from alvh_tui.method.rules import Rules, rules_from, said_by

RULES = "rules"
SHOWN = 3
"""Changed values a sentence names; the entry has all of them."""
ASKS = "asks"
REASON = "reason"
STEP = "step"


class Step(StrEnum):
    """What an entry about the rules is, where the rules in force ask for confirmations."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the file knows of the rules."""

    before: Rules
    """Those that counted when it was last written."""
    proposal: Entry | None = None
    """The change that has been written down and neither counted nor withdrawn since."""
    proposed: Rules | None = None
    confirmed_by: tuple[str, ...] = ()

    @property
    def agreed(self) -> bool:
        return self.proposal is not None and len(self.confirmed_by) >= needed_by(self.before)

    @property
    def in_force(self) -> Rules:
        return self.proposed if self.agreed and self.proposed is not None else self.before

    @property
    def waiting(self) -> Waiting | None:
        """What people are asked to agree to."""
        if self.proposal is None or self.proposed is None or self.agreed:
            return None
        return Waiting(self.proposed, self.proposal.at, self.confirmed_by, needed_by(self.before))

    def waits_for(self, rules: Rules) -> bool:
        return self.proposed is not None and self.proposed.fingerprint == rules.fingerprint


def ruling_in(connection: sqlite3.Connection) -> Ruling | None:
    """None where no rules are known yet."""
    known = kept.read(connection, RULES)
    if known is None:
        return None
    before = rules_from(known["name"], known["values"])
    entries = filed_in(connection, "rules", RULES)
    if not entries or entries[-1].facts.get(STEP) != Step.PROPOSED:
        return Ruling(before)
    proposal = entries[-1]
    changed = {key: new for key, (_, new) in proposal.facts["change"].items()}
    values = {key: value for key, value in {**said_by(before), **changed}.items() if value is not None}
    acks = filed_in(connection, "ack", RULES, proposal.seq)
    names = different_names(ack.facts["by"] for ack in acks if ack.facts["of"] == proposal.seq)
    return Ruling(before, proposal, rules_from(proposal.facts["to"], values), names)


def governed(asked: Rules, ruling: Ruling | None) -> Rules:
    """Those that count while a file asks for these."""
    if ruling is None:
        return asked
    force = ruling.in_force
    if force.fingerprint == asked.fingerprint or needed_by(force) <= 1:
        return asked
    if ruling.waiting is not None and ruling.waits_for(asked):
        return replace(force, waiting=replace(ruling.waiting, rules=asked))
    return replace(force, waiting=Waiting(asked, None, (), needed_by(force)))


def asked_for(rules: Rules) -> Rules:
    """What the file says."""
    return rules if rules.waiting is None else rules.waiting.rules


def drafts_of_rules(connection: sqlite3.Connection, assessment: Assessment, about: Json) -> Iterator[Draft]:
    asked, ruling = asked_for(assessment.rules), ruling_in(connection)
    if ruling is None:
        _keep(connection, asked)
        return
    facts = {**about, "layers": kept.read(connection, "layers", {})}
    force, waiting = ruling.before, ruling.proposal
    if ruling.agreed and waiting is not None:
        if assessment.rules.fingerprint != ruling.in_force.fingerprint:
            # Somebody agreed after this market was judged: the next one is judged by them.
            return
        force = ruling.in_force
        _keep(connection, force)
        yield _confirmed(assessment, waiting, ruling.confirmed_by, facts)
        waiting = None
    if asked.fingerprint == force.fingerprint:
        _keep(connection, asked)
        if waiting is not None:
            yield _withdrawn(assessment, waiting, facts)
    elif needed_by(force) <= 1:
        _keep(connection, asked)
        yield _changed(assessment, force, asked, facts)
    elif waiting is None or not ruling.waits_for(asked):
        yield _proposed(assessment, force, asked, facts, waiting)


def _keep(connection: sqlite3.Connection, rules: Rules) -> None:
    said = {"name": rules.name, "fingerprint": rules.fingerprint, "values": said_by(rules)}
    if kept.read(connection, RULES) != said:
        kept.write(connection, RULES, said)


def _changed(assessment: Assessment, before: Rules, after: Rules, facts: Json) -> Draft:
    changes = changes_between(before, after)
    told = {**facts, "change": changes, "from": before.name, "to": after.name, ASKS: REASON}
    return Draft(assessment.at, "rules", RULES, _in_words(changes), told)


def _proposed(
    assessment: Assessment, before: Rules, after: Rules, facts: Json, waiting: Entry | None
) -> Draft:
    draft, needed = _changed(assessment, before, after, facts), needed_by(before)
    told = {
        **draft.facts,
        STEP: Step.PROPOSED.value,
        "needed": needed,
        "proposed": after.fingerprint,
        "instead_of": None if waiting is None else waiting.seq,
    }
    text = f"proposed: {draft.text}; it counts when {needed} people have confirmed it"
    return replace(draft, text=text, facts=told)


def _confirmed(assessment: Assessment, waiting: Entry, names: tuple[str, ...], facts: Json) -> Draft:
    changes = waiting.facts["change"]
    told = {
        **facts,
        "change": changes,
        "from": waiting.facts["from"],
        "to": waiting.facts["to"],
        STEP: Step.CONFIRMED.value,
        "of": waiting.seq,
        "confirmed_by": list(names),
    }
    text = f"counts now: {_in_words(changes)}; confirmed by {', '.join(names)}"
    return Draft(assessment.at, "rules", RULES, text, told)


def _withdrawn(assessment: Assessment, waiting: Entry, facts: Json) -> Draft:
    changes = waiting.facts["change"]
    told = {**facts, "change": changes, STEP: Step.WITHDRAWN.value, "of": waiting.seq}
    return Draft(assessment.at, "rules", RULES, f"withdrawn: {_in_words(changes)}", told)


def changes_between(before: Rules, after: Rules) -> dict[str, list[Any]]:
    """Old and new value by key; None is not set."""
    old, new = said_by(before), said_by(after)
    return {
        key: [old.get(key), new.get(key)]
        for key in dict.fromkeys((*old, *new))
        if old.get(key) != new.get(key)
    }


def _in_words(changes: Mapping[str, list[Any]]) -> str:
    said = [f"{key} {value_in_words(old)} → {value_in_words(new)}" for key, (old, new) in changes.items()]
    more = f", and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
    return ", ".join(said[:SHOWN]) + more


def value_in_words(value: Any) -> str:
    """As a rules file holds it, whether it comes from the rules or out of the journal."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(value_in_words, value))}]"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
