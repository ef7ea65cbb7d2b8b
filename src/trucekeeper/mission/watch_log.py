"""The watch log of a delegation: what its officers put on record and noted, from one hand-over to the next.

It is read for that delegation alone. What an officer noted in an entry that was sealed since is not in it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trucekeeper.compliance.knowledge import Audience
from trucekeeper.mission import kinds
from trucekeeper.mission.telling import label_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from trucekeeper.mission.looking import Sight
    from trucekeeper.mission.projections import Projections
    from trucekeeper.terms import Moment

FIRST = 0
"""The first watch has no hand-over before it, and stands for the one that no entry began."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a delegation put on record: the entry, when, of which kind, by whom (role and name), and what it says."""

    seq: int
    at: Moment
    kind: str
    signers: tuple[tuple[str, str], ...]
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Watch:
    """A watch: the entry of the hand-over that began it (FIRST: none), since when, and the one that ended it."""

    began: int
    since: Moment
    ended: Act | None = None

    @property
    def name(self) -> str:
        """Return what notes call it."""
        return f"watch-{self.began}"


@dataclass(frozen=True, slots=True)
class WatchLog:
    """The watch logs in the projections."""

    projections: Projections

    def watch(self, sight: Sight, began: int | None = None) -> Watch | None:
        """Return the watch that an entry began, or the last of all (None); None if that entry began none."""
        if began == FIRST:
            return Watch(FIRST, self._begun(), self._ended(sight, FIRST))
        found = list(self.acts(sight, only=(kinds.HANDOVER,), most=1, first=began, before=_after(began)))
        if not found:
            return Watch(FIRST, self._begun()) if began is None else None
        return Watch(found[0].seq, found[0].at, None if began is None else self._ended(sight, began))

    def _begun(self) -> Moment:
        """Return when the first watch began: when there was an agreement to watch over."""
        return min((one.at for one in self.projections.agreements()), default=0)

    def _ended(self, sight: Sight, began: int) -> Act | None:
        """Return the hand-over that ended a watch."""
        asked = f"{_ACTS} AND acts.kind = ? AND acts.from_seq > ? ORDER BY acts.from_seq LIMIT 1"
        with self.projections.reading() as connection:
            return next(_read(connection, asked, [*_whose(sight), kinds.HANDOVER, began], sight), None)

    def handovers(self, sight: Sight, *, before: int | None = None, most: int) -> list[Act]:
        """Return the hand-overs before an entry, the last first."""
        return list(self.acts(sight, only=(kinds.HANDOVER,), before=before, most=most))

    def acts(
        self,
        sight: Sight,
        *,
        only: tuple[str, ...] = (),
        first: int | None = None,
        before: int | None = None,
        most: int,
    ) -> list[Act]:
        """Return what was put on record from an entry on, and before another, the last first."""
        parts, values = [_ACTS], _whose(sight)
        for condition, value in (("acts.from_seq >= ?", first), ("acts.from_seq < ?", before)):
            if value is not None:
                parts.append(condition)
                values.append(value)
        if only:
            parts.append(f"acts.kind IN ({', '.join('?' * len(only))})")
            values += only
        asked = f"{' AND '.join(parts)} ORDER BY acts.from_seq DESC LIMIT ?"
        with self.projections.reading() as connection:
            return list(_read(connection, asked, [*values, most], sight))

    def counts(self, sight: Sight, watch: Watch) -> dict[str, int]:
        """Return how much of each kind was put on record in a watch, by the names of the kinds."""
        ended = 1 << 62 if watch.ended is None else watch.ended.seq
        mine = "delegation = ? AND at <= ? AND from_seq > ? AND from_seq < ?"
        asked = f"SELECT kind, count(*) FROM acts WHERE {mine} GROUP BY kind ORDER BY kind"  # noqa: S608  our own
        began = -1 if watch.began == FIRST else watch.began
        with self.projections.reading() as connection:
            return dict(connection.execute(asked, [*_whose(sight), began, ended]).fetchall())


_ACTS = (
    "SELECT acts.from_seq, acts.at, acts.kind, signers, coalesce(told.row, acts.row) FROM acts"
    " LEFT JOIN told ON told.from_seq = acts.from_seq WHERE acts.delegation = ? AND acts.at <= ?"
)


def _whose(sight: Sight) -> list[object]:
    return [sight.audience, sight.now if sight.at is None else sight.at]


def _after(entry: int | None) -> int | None:
    return None if entry is None else entry + 1


def _read(connection: sqlite3.Connection, asked: str, values: list[object], sight: Sight) -> Iterator[Act]:
    """Yield acts; what their delegation may itself not see says nothing but that it was put on record."""
    audience = Audience(sight.audience, sight.now)
    for seq, at, kind, signers, row in connection.execute(asked, values):
        said = json.loads(row)
        shown = said if audience.may_see(label_of(said)) else {}
        yield Act(seq, at, kind, tuple((role, name) for role, name in json.loads(signers)), shown)
