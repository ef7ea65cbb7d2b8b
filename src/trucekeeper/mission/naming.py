"""Naming: which reports a decision names. To whom not all of these are shown, the decision is not shown either.

    link      its two reports
    verify    the report after whose entry the incident is named
    ruling    a word: a report of that source that has it
    triage    its report, and the one of which that is a duplicate

This is held when somebody looks, by today's labels and seals, and not written down: so a report that is released
later takes with it what was decided about it. What follows for incidents needs no such care. Each audience has its
own, made of what it may see, and a decision about other reports changes none of them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias
from unicodedata import normalize

from trucekeeper.intake.rulings import plain, words_in
from trucekeeper.mission import kinds
from trucekeeper.mission.projections import hidden_in
from trucekeeper.mission.reported import link_of, ruling_of, verified_of
from trucekeeper.mission.telling import label_of
from trucekeeper.mission.triaging import decision_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from trucekeeper.compliance.knowledge import Audience
    from trucekeeper.journal.statements import Body
    from trucekeeper.mission.mission import Mission

Name: TypeAlias = tuple[str, ...]
"""What a decision names, and a report answers to: its id, its entry, or a word that it has."""
AT_A_TIME = 256


def named_by(kind: str, body: Body) -> frozenset[Name]:
    """Return what a statement names that only reports can show; nothing if it is no decision about some."""
    match kind:
        case kinds.LINK:
            return frozenset(("report", one) for one in link_of(body)[0])
        case kinds.VERIFY:
            return frozenset({("entry", str(verified_of(body).key))})
        case kinds.RULING:
            (source, sort, word), _ = ruling_of(body)
            return frozenset({("word", source, sort, plain(word))})
        case kinds.TRIAGE:
            found = decision_of(body)
            return frozenset(("report", one) for one in (found.report, found.of) if one)
        case _:
            return frozenset()


def shown(mission: Mission, audience: Audience, wanted: frozenset[Name]) -> frozenset[Name]:
    """Return which of some names an audience has from reports that it may see, reading no further than it must."""
    found: set[Name] = set()
    for seq, row in _reports(mission) if wanted else ():
        if audience.may_see(label_of(row)):
            found.update(wanted.intersection(_answers_to(seq, row)))
            if found == wanted:
                break
    return frozenset(found)


def laid_out(mission: Mission, audience: Audience, wanted: frozenset[Name]) -> frozenset[Name]:
    """Return the same, by what a keeper has laid out so far: for pages, which do not read a record from its start."""
    with mission.projections.reading() as connection:
        return frozenset(
            name
            for name in wanted
            if any(
                audience.may_see(label_of(row)) and name in _answers_to(seq, row)
                for seq, row in _rows(connection, name)
            )
        )


def _rows(connection: sqlite3.Connection, name: Name) -> Iterator[tuple[int, Body]]:
    """Yield the reports that may answer to a name."""
    sort, said, *_ = name
    among = _AMONG[sort]
    asked = f"SELECT from_seq, row FROM told WHERE kind = ? AND {among}"  # noqa: S608  our own
    for seq, row in connection.execute(asked, [kinds.REPORT, *[said] * among.count("?")]):
        yield seq, json.loads(row)


_AMONG = {"entry": "from_seq = ?", "report": "id = ?", "word": "id > ? || '/' AND id < ? || '0'"}


def _answers_to(seq: int, row: Body) -> Iterator[Name]:
    yield "entry", str(seq)
    yield "report", normalize("NFC", str(row.get("id")))
    words = row.get("words")
    for _, (source, sort, word) in words_in(str(row.get("source")), words if isinstance(words, dict) else {}):
        yield "word", source, sort, plain(word)


def _reports(mission: Mission) -> Iterator[tuple[int, Body]]:
    """Yield the reports on record by their entries, each with its label; of hidden ones what is left."""
    journal = mission.journal
    hidden = hidden_in(journal.charter())
    for start in range(0, journal.store.size(), AT_A_TIME):
        entries = list(journal.store.entries(start, start + AT_A_TIME))
        for entry, said in zip(entries, journal.opened(entries), strict=True):
            left = hidden.get(entry.seq)
            if left is not None and left.get("of") == kinds.REPORT:
                yield entry.seq, left
            elif said is not None and said.statement.kind == kinds.REPORT:
                kept = {"id": said.body["id"]} if entry.seq in hidden else said.body
                yield entry.seq, {**kept, **said.statement.label}
