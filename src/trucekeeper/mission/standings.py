"""Where every promise stands, for every audience, written down as it changes.

A standing follows from the record and a moment alone: groups of entries are taken in as their heads cover them, and
between two groups time is stepped from one moment at which something may change to the next. So it makes no
difference who writes it down, in how many goes, or how late, and the rows may be deleted and worked out again.

Audiences are the public and each delegation, from the entry on that first certified a key of it. Each commitment has
a row for each level of proof that can be asked for.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from heapq import heappop, heappush
from threading import Lock
from typing import TYPE_CHECKING

from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.live.rows import Change
from trucekeeper.compliance.watch import Watch
from trucekeeper.fusion.incidents import key_of
from trucekeeper.journal.keys import PUBLIC
from trucekeeper.mission import watch_rows
from trucekeeper.mission.incident_rows import IncidentRows, doubts
from trucekeeper.mission.projections import as_json, got, put, tell
from trucekeeper.mission.reported import Readings
from trucekeeper.mission.telling import Telling, label_of
from trucekeeper.mission.watch_rows import Posts
from trucekeeper.terms import NEVER, Proof

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Beside
    from trucekeeper.compliance.live.rows import Row
    from trucekeeper.mission.mission import Mission
    from trucekeeper.mission.projections import Told
    from trucekeeper.mission.reported import Models, Reported
    from trucekeeper.terms import Fact, Interval, Moment


@dataclass(frozen=True, slots=True)
class Grown:
    """What is on record so far, what gives its models, and what all audiences read of it alike."""

    told: list[Told]
    models: Models
    readings: Readings


class Watched:
    """One audience: what it may see by now, and where every promise stands by that."""

    def __init__(self, name: str, agreement: Agreement, grown: Grown, now: Moment) -> None:
        """Begin with what is on record."""
        self.name, self._grown = name, grown
        self.fresh = False
        """Whether it began anew since its rows were last written."""
        self.undoubted = True
        """Whether its reports changed since it was last written down which of them are in doubt."""
        self._begin(agreement, now)

    def _begin(self, agreement: Agreement, now: Moment) -> None:
        self.begun = now
        """From when on its revisions say what was known when: before, they say what was known at last."""
        grown, audience = self._grown, Audience(self.name, now)
        self._telling = Telling(agreement, grown.models, audience, readings=grown.readings)
        self.posts = Posts(agreement.vocabulary)
        self._held: list[tuple[Moment, int, Told]] = []
        self._hold(self._grown.told, now)
        self.watch = Watch(agreement, and_at=(Proof.ALLEGED, Proof.VERIFIED), clock=now)
        self.watch.observe(self._facts(self._grown.told))
        self.fresh = True

    def _facts(self, told: list[Told]) -> list[Fact]:
        """Return what entries say, taken in at once, and hear of who was watching.

        Where something stands follows from the last revision of each fact alone: how it came to be is no matter here.
        """
        facts = self._telling.facts(told, ())
        self.posts.hear(facts)
        return facts

    @property
    def reported(self) -> Reported:
        """Return the reports that it may see by now, as incidents."""
        return self._telling.reported

    def entered_as(self, fact: str) -> tuple[str, str]:
        """Return which delegation entered a fact of a name that this audience is shown, and under which name."""
        return self._telling.entered_as(fact)

    def written(self) -> None:
        """Hear that the rows say all that there is by now."""
        self.fresh = False
        self.reported.news()
        self.posts.news()

    def _hold(self, told: Iterable[Told], now: Moment) -> None:
        """Hold back what may be seen only from a later moment on."""
        for one in told:
            opens = label_of(one.row).not_before
            if opens is not None and opens > now and not self._telling.may_see(one):
                heappush(self._held, (opens, one.seq, one))

    def anew(self, agreement: Agreement, now: Moment) -> tuple[Change, ...]:
        """Begin anew under another agreement, or with other names, and return what is different."""
        before = {(one.row.proof, one.row.name): one for one in self.watch.stands()}
        self._begin(agreement, now)
        after = {(one.row.proof, one.row.name): one for one in self.watch.stands()}
        gone = [Change(one.row, None) for name, one in before.items() if name not in after]
        return (*gone, *(_changed(before.get(name), one) for name, one in after.items() if one != before.get(name)))

    def take_in(self, told: list[Told]) -> tuple[Change, ...]:
        """Take in what came on record, and return what it changed."""
        self._telling.audience = Audience(self.name, self.watch.clock)  # or what opened since would never be seen
        self._hold(told, self.watch.clock)
        return self.watch.observe(self._facts(told))

    @property
    def due(self) -> Moment:
        """Return the first moment at which time alone may change something."""
        return min(self.watch.due, self._held[0][0] if self._held else NEVER)

    def pass_to(self, now: Moment) -> tuple[Change, ...]:
        """Let time pass, to no later than what is due, and return what that changed."""
        changes = self.watch.advance(now)
        opened: list[Told] = []
        while self._held and self._held[0][0] <= now:
            opened.append(heappop(self._held)[2])
        if not opened:
            return changes
        self._telling.audience = Audience(self.name, now)
        self.begun = now  # rights are today's, also of what was known when
        if self._telling.gives_way(opened):  # what was seen must now give way to what came before it
            return (*changes, *self.anew(self.watch.agreement, now))
        return (*changes, *self.watch.observe(self._facts(opened)))


def _changed(before: Change | None, after: Change) -> Change:
    return Change(None if before is None else before.row, after.row, (), after.beside, after.printed)


class OutdatedError(Exception):
    """The rows were deleted meanwhile, since something was hidden: whoever writes them begins again."""


class StoppedError(Exception):
    """Nobody wants it any more: what was to be worked out is not."""


STEPS_AT_ONCE = 100
"""So many moments are written in one change: a few hundredths of a second."""


class Standings:
    """The watches of all audiences of a mission, and the rows that they write."""

    def __init__(self, mission: Mission, *, enough: Callable[[], bool] = lambda: False) -> None:
        """Go on from where the rows have come to. Raises StoppedError if there is `enough`."""
        self._mission, self._projections = mission, mission.projections
        with self._projections.reading() as connection:
            self.size, self.at = int(got(connection, "standing", "0")), int(got(connection, "standing_at", "0"))
        self._agreement = self._adopted(0, self.size)
        self._grown = Grown(self._projections.told(0, self.size), mission.model, Readings())
        self.watched: dict[str, Watched] = {}
        self.still = Lock()
        """Held while anything changes: whoever holds it finds all of it as of one moment."""
        if self._agreement is not None:
            for name in (PUBLIC, *self._projections.delegations(0, self.size)):
                if enough():
                    raise StoppedError
                self.watched[name] = Watched(name, self._agreement, self._grown, self.at)
                self.watched[name].written()

    def catch_up(self, now: Moment, *, enough: Callable[[], bool] = lambda: False) -> bool:
        """Take in all that is on record, and let time pass until now. Return whether it came so far.

        `enough` is asked now and then, and stops the work; what was done is written. Raises OutdatedError.
        """
        for size, at in self._mission.journal.store.sizes(self.size):
            if not self._pass(at, enough):
                return False
            with self._writing() as connection:
                self._take_in(connection, size, at)
        if not self._pass(max(now, self.at), enough):
            return False
        self._doubt()
        return True

    def _doubt(self) -> None:
        """Write which reports are in doubt, for those audiences whose reports changed: after all that cannot wait."""
        for one in self.watched.values():
            if one.undoubted:
                found = doubts(one.reported)
                with self._writing() as connection:
                    IncidentRows(connection, one.name, size=self.size, at=self.at).doubts(found)
                one.undoubted = False

    def _pass(self, now: Moment, enough: Callable[[], bool]) -> bool:
        """Let time pass, from one moment at which something may change to the next; return whether it came so far."""
        while self.at < now:
            if enough():
                return False
            with self._writing() as connection:
                for _ in range(STEPS_AT_ONCE):
                    self.at = min(now, *(one.due for one in self.watched.values()), NEVER)
                    for one in self.watched.values():
                        self._write(connection, one, self.at, one.pass_to(self.at))
                    if self.at == now:
                        break
        return True

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Yield the database for one change, with how far the rows have come. Raises OutdatedError."""
        with self.still, self._projections.writing() as connection:
            self.hold(connection)
            yield connection
            put(connection, "standing", str(self.size))
            put(connection, "standing_at", str(self.at))

    def hold(self, connection: sqlite3.Connection) -> None:
        """Hold that the rows are where this left them. Raises OutdatedError."""
        there = got(connection, "standing", "0"), got(connection, "standing_at", "0")
        if there != (str(self.size), str(self.at)):
            raise OutdatedError

    def _take_in(self, connection: sqlite3.Connection, size: int, at: Moment) -> None:
        """Take in the entries up to a size of the record."""
        if int(got(connection, "facts", "0")) < size:
            raise OutdatedError
        start, self.size = self.size, size
        told = self._projections.told(start, size)
        self._grown.told.extend(told)
        adopted = self._adopted(start, size)
        self._agreement = adopted or self._agreement
        if self._agreement is None:
            return
        for one in self.watched.values():
            if adopted is not None:
                self._write(connection, one, at, one.anew(self._agreement, at))
            else:
                self._write(connection, one, at, one.take_in(told))
        first = () if self.watched else (PUBLIC,)
        for name in (*first, *self._projections.delegations(start, size)):
            self.watched[name] = Watched(name, self._agreement, self._grown, at)
            self._write(connection, self.watched[name], at, self.watched[name].watch.stands())

    def _adopted(self, start: int, end: int) -> Agreement | None:
        """Return the agreement that was adopted last in some entries, None if none was."""
        found = [one for one in self._projections.agreements() if start <= one.seq < end]
        return self._mission.agreement(found[-1]) if found else None

    def _write(self, connection: sqlite3.Connection, watched: Watched, at: Moment, changes: Iterable[Change]) -> None:
        """Write rows as they change: the one before ends, and the one after begins."""
        rows = IncidentRows(connection, watched.name, size=self.size, at=at)
        if watched.fresh:
            rows.anew(watched.reported)
            watch_rows.anew(rows, watched.posts)
            watched.undoubted = True
        else:
            watched.undoubted |= rows.follow(watched.reported)
            watch_rows.follow(rows, watched.posts)
        watched.written()
        order = {clause: number for number, clause in enumerate(watched.watch.agreement.clauses)}
        for change in changes:
            row = change.row
            name = as_json([row.key, row.version, row.reading])
            before, after = _row_json(change.before, ()), _row_json(change.after, change.printed)
            asked = row.proof.word
            mine = "audience = ? AND asked = ? AND name = ? AND to_size IS NULL"
            ended = f"UPDATE standing SET to_size = ?, until = ? WHERE {mine}"  # noqa: S608  our own
            connection.execute(ended, [self.size, at, watched.name, asked, name])
            if after is not None:
                kind = _kind(watched.watch.agreement, row.clause)
                place = order.get(row.clause, len(order))
                begun = [watched.name, asked, row.clause, kind, name, place, self.size, at, None, None, after]
                connection.execute("INSERT INTO standing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", begun)
            said = {"sort": "standing", "audience": watched.name, "size": self.size, "at": at, "clause": row.clause}
            facts = as_json(change.facts)
            number = tell(
                connection, {**said, "asked": asked, "name": name, "before": before, "after": after, "facts": facts}
            )
            caused = [(watched.name, one, number) for one in set(change.facts) if key_of(one) is not None]
            connection.executemany("INSERT INTO caused VALUES (?, ?, ?)", caused)


def _kind(agreement: Agreement, clause: str) -> str:
    return str(getattr(agreement.clauses[clause].all()[-1], "kind", "")) if clause in agreement.clauses else ""


def _row_json(row: Row | None, printed: Iterable[Beside]) -> str | None:
    """Return a row as it is written, None for none."""
    return None if row is None else as_json(said_of(row, printed))


def said_of(row: Row, printed: Iterable[Beside]) -> dict[str, object]:
    """Return what is written of where a commitment stands."""
    return {
        "by": row.by,
        "binding": row.binding,
        "occurrence": row.occurrence,
        "verdict": row.verdict.value,
        "lifecycle": row.lifecycle.value,
        "proof": row.proof.word,
        "due": _ends(row.due),
        "met": row.met.name.lower(),
        "met_at": _ends(row.met_at),
        "figure": row.figure,
        "counted": None if row.counted is None else asdict(row.counted),
        "rests_on": row.rests_on,
        "waits_for": row.waits_for,
        "status_only": row.status_only,
        "beside": [{"sort": one.sort, "says": one.says, "facts": one.facts} for one in printed],
    }


def _ends(when: Interval | None) -> list[int] | None:
    return None if when is None else [when.earliest, when.latest]
