"""Inspecting one incident: what its page asks besides its row, by the same rule as `looking`.

    taken_into   the incident that holds a name by now, which another had
    decisions    what people decided about its reports
    moved        the commitments whose standing it changed
    releases     the labels under which an original may be seen
    own_report   what a delegation said of a report, for it to correct

A decision is shown to whoever may see all that it names, as `naming` says.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trucekeeper.compliance.knowledge import Audience
from trucekeeper.fusion.incidents import key_of, named
from trucekeeper.mission import kinds
from trucekeeper.mission.reported import link_of, verified_of
from trucekeeper.mission.telling import label_of
from trucekeeper.terms import Proof

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from trucekeeper.mission.looking import Looking, Row, Sight
    from trucekeeper.terms import Label


def taken_into(looking: Looking, sight: Sight, name: str) -> str:
    """Return the incident that holds by now the report after which another was named; "" if there is none to see.

    Only the first entry of a report that this audience may see ever gave an incident its name for it.
    """
    key = key_of(name)
    if key is None:
        return ""
    with looking.projections.reading() as connection:
        found = connection.execute("SELECT id, delegation FROM told WHERE from_seq = ?", [key]).fetchone()
        if found is None or key != min(_seen(connection, sight, [found[0]], found[1]), default=None):
            return ""
    into = looking.holding(sight, found[0])
    return "" if into == name else into


def decisions(looking: Looking, sight: Sight, incident: str) -> list[Row]:
    """Return what was decided about the reports of an incident, the first first.

    To those who see coarsely no reasons: they may name a place.
    """
    inside = [str(one["id"]) for one in looking.reports(sight, incident)]
    asked = (
        "SELECT DISTINCT from_seq, at, delegation, kind, row FROM named JOIN told ON from_seq = entry"
        " WHERE what IN (SELECT value FROM json_each(?)) AND kind IN (?, ?) AND at <= ? ORDER BY from_seq"
    )
    with looking.projections.reading() as connection:
        keys = {named(seq) for seq in _seen(connection, sight, inside)}
        at = sight.now if sight.at is None else sight.at
        about = json.dumps([*inside, *sorted(keys)])
        rows = connection.execute(asked, [about, kinds.LINK, kinds.VERIFY, at]).fetchall()
    found = [
        {**json.loads(row), "entry": entry, "at": at, "delegation": delegation, "kind": kind}
        for entry, at, delegation, kind, row in rows
    ]
    seen = [one for one in found if _may_see(looking, sight, one, keys)]
    return [{**one, "why": ""} for one in seen] if sight.coarse else seen


def _may_see(looking: Looking, sight: Sight, decision: Mapping[str, Any], keys: Iterable[str]) -> bool:
    """Return whether an audience sees all that a decision names, and the decision itself."""
    if not _audience(sight).may_see(label_of(dict(decision))):
        return False
    if decision["kind"] == kinds.VERIFY:
        return named(verified_of(decision).key) in keys
    return all(looking.holding(sight, one) for one in link_of(decision)[0])


def moved(looking: Looking, sight: Sight, incident: str) -> list[Row]:
    """Return the changes of the corroborated standing that an incident caused, the last first, before and after.

    They are found from what the incident caused (CROSS JOIN: SQLite would go through all changes to have an order).
    """
    asked = (
        "SELECT c.number, c.at, c.clause, c.before, c.after"
        " FROM caused CROSS JOIN changes AS c ON c.audience = caused.audience AND c.number = caused.number"
        " WHERE caused.audience = ? AND caused.incident = ? AND c.asked = ? AND c.at <= ?"
        " ORDER BY caused.number DESC LIMIT ?"
    )
    at = sight.now if sight.at is None else sight.at
    with looking.projections.reading() as connection:
        rows = connection.execute(asked, [sight.audience, incident, Proof.CORROBORATED.word, at, MOST]).fetchall()
    return [
        {"number": number, "at": at, "clause": clause, "before": _row(before), "after": _row(after)}
        for number, at, clause, before, after in rows
    ]


MOST = 200
"""So many changes are shown of one incident: the latest."""


def releases(looking: Looking, sight: Sight, original: str) -> list[Label]:
    """Return the labels of the reports on record that name an original, of those that an audience may see by now."""
    asked = "SELECT row FROM named JOIN told ON from_seq = entry WHERE what = ? AND kind = ?"
    with looking.projections.reading() as connection:
        rows = connection.execute(asked, [original, kinds.REPORT]).fetchall()
    audience = _audience(sight)
    return [label for (row,) in rows if audience.may_see(label := label_of(json.loads(row)))]


def own_report(looking: Looking, sight: Sight, entry: int) -> Row | None:
    """Return what the reader's own delegation says in an entry of a report, None if it says nothing there.

    `counts` is whether it is what counts of all that it said: the highest revision, of two the first on record.
    """
    whose = "kind = ? AND delegation = ?"
    asked = f"SELECT id, row FROM told WHERE from_seq = ? AND {whose}"  # noqa: S608  our own
    last = f"SELECT from_seq FROM told WHERE {whose} AND id = ? ORDER BY rev DESC, from_seq LIMIT 1"  # noqa: S608  our own
    mine = [kinds.REPORT, sight.audience]
    with looking.projections.reading() as connection:
        found = connection.execute(asked, [entry, *mine]).fetchone()
        if found is None:
            return None
        name, row = found
        (newest,) = connection.execute(last, [*mine, name]).fetchone()
    return {**json.loads(row), "counts": newest == entry}


def _seen(connection: sqlite3.Connection, sight: Sight, reports: Sequence[str], by: str = "") -> list[int]:
    """Return the entries of some reports that an audience may see, those of one delegation if it is named."""
    whose = "SELECT name FROM delegations" if not by else "SELECT ?"  # named, so that the index by name serves
    asked = (
        f"SELECT from_seq, row FROM told WHERE kind = ? AND delegation IN ({whose})"  # noqa: S608  our own
        " AND id IN (SELECT value FROM json_each(?))"
    )
    audience = _audience(sight)
    values = [kinds.REPORT, *([by] if by else []), json.dumps(list(reports))]
    rows = connection.execute(asked, values).fetchall()
    return [seq for seq, row in rows if audience.may_see(label_of(json.loads(row)))]


def _audience(sight: Sight) -> Audience:
    """Return the audience by today's rights, whatever of the past is looked at."""
    return Audience(sight.audience, sight.now)


def _row(text: str | None) -> Row | None:
    return None if text is None else json.loads(text)
