"""A state to be kept, as kept: what each snapshot adds is added once, and only lapses are judged one by one.

How long the state is shown kept is a sum over the snapshots in order of time, so that one more at the end adds a link
to a chain; one in the middle changes the links after it until they come out as before. A lapse is a piece of work by
itself, done again when another snapshot near it comes or goes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trucekeeper.compliance.grounds import Episode
from trucekeeper.compliance.inquiry import Found
from trucekeeper.compliance.kinds import maintain
from trucekeeper.compliance.live.folders import Folder, Rows
from trucekeeper.compliance.live.rows import Kept, Occasion
from trucekeeper.terms import DAWN, Interval, Moment, Tri
from trucekeeper.terms.tri import some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.grounds import Assumed, Beside
    from trucekeeper.compliance.live.book import Entry, View
    from trucekeeper.compliance.live.clauses import ClauseKept
    from trucekeeper.compliance.live.rows import Row
    from trucekeeper.compliance.live.ticking import Notes
    from trucekeeper.compliance.live.work import Desk
    from trucekeeper.compliance.standing import Pledge

_SOME = (Episode("", Tri.NO, Interval.at(0), ""),)
"""Stands for the lapses: a row that shows them shows this."""


def quick(duty: Duty[Any]) -> bool:
    """Return whether snapshots can be judged as they come: what a case judges of a measure is asked as a whole."""
    return duty.clause.measure is None or duty.clause.measure.judgement is None


class Chain:
    """How long certain snapshots show a state kept, one after the other in order of time."""

    __slots__ = ("_fresh", "_keys", "_links", "_shown", "_start")

    def __init__(self, start: Moment, fresh: int) -> None:
        """Begin without snapshots. `fresh`: how long a snapshot shows anything."""
        self._start, self._fresh = start, fresh
        self._keys: list[tuple[Moment, str]] = []
        self._links: list[tuple[Moment, bool]] = []
        self._shown: list[Moment] = []

    @property
    def until(self) -> Moment:
        """Return until when the state is shown kept; before all time, if the last snapshot does not show it."""
        return self._shown[-1] if self._shown else DAWN - 1

    def put(self, entry: Entry, *, good: bool) -> None:
        """Add a snapshot."""
        when = entry.fact.when
        key = (when.latest, entry.fact.id)
        at = bisect_left(self._keys, key)
        self._keys.insert(at, key)
        self._links.insert(at, (when.earliest, good))
        self._shown.insert(at, self._after(at))
        self._again(at + 1)

    def take(self, entry: Entry) -> None:
        """Take a snapshot away."""
        at = bisect_left(self._keys, (entry.fact.when.latest, entry.fact.id))
        del self._keys[at], self._links[at], self._shown[at]
        self._again(at)

    def _again(self, at: int) -> None:
        """Work out the links from one on, until one comes out as it was."""
        for number in range(at, len(self._keys)):
            shown = self._after(number)
            if shown == self._shown[number]:
                return
            self._shown[number] = shown

    def _after(self, at: int) -> Moment:
        before = self._shown[at - 1] if at else self._start + self._fresh
        earliest, good = self._links[at]
        unbroken = self._keys[at][0] <= max(self._start, before)
        looked = good and unbroken and earliest + self._fresh >= self._start
        return max(earliest, self._start) + self._fresh if looked else DAWN - 1


class Lapse(Rows):
    """One snapshot that does not certainly show the state kept."""

    __slots__ = ("beside", "entry", "occasion", "passed", "tri")

    folder: Snapshots

    def __init__(self, folder: Snapshots, entry: Entry) -> None:
        """Begin not yet judged, and let pass until then."""
        super().__init__(folder)
        self.entry, self.tri, self.passed = entry, Tri.NO, True
        self.occasion: Occasion | None = None
        self.beside: tuple[Beside, ...] = ()

    def work(self, notes: Notes, desk: Desk) -> None:
        """Judge whether it is a lapse that counts, and let the total know if it counts otherwise than before."""
        del desk
        folder, fact = self.folder, self.entry.fact
        duty = folder.duty(notes)
        near = [one.fact for one in folder.near(self.entry)] if duty.clause.tolerance is not None else [fact]
        found = [(one, folder.good[one.fact.id]) for one in maintain.snapshots(duty, among=near)]
        mine = next((one for one, _ in found if one.fact.id == fact.id), None)
        tri, occasion, passed = Tri.NO, None, True
        beside: tuple[Beside, ...] = ()
        if mine is not None:
            tri, excuse = maintain.lapse(duty, mine, folder.good[fact.id], found)
            passed = tri is Tri.NO and duty.force.binds(mine.when) is Tri.YES
            if tri is not Tri.NO:
                occasion, beside = (fact.id, tri, mine.when), excuse.beside
        folder.judged(self, tri, passed=passed)
        if (occasion, beside) != (self.occasion, self.beside):
            folder.lapses_changed(self.because)
        folder.look_again(self.because)
        self.occasion, self.beside = occasion, beside


class Snapshots(Folder):
    """A duty to keep a state, snapshot by snapshot."""

    __slots__ = (
        "_beside",
        "_chain",
        "_later",
        "_seen",
        "_sign",
        "_total",
        "_used",
        "_view",
        "good",
        "lapses",
        "numbers",
        "told_of",
    )

    def __init__(self, clause: ClauseKept, reading: Assumed, pledge: Pledge) -> None:
        """Begin without snapshots."""
        super().__init__(clause, reading, pledge)
        duty = pledge.duty
        fresh = duty.clause.stale_after
        self._view: View | None = None
        self._chain = None if fresh is None else Chain(int(duty.force.start.earliest), fresh)
        self._seen: Counter[Tri] = Counter()
        self._later: dict[str, Entry] = {}
        self._sign: tuple[object, ...] = ()
        self._used = DAWN
        self._beside: tuple[Beside, ...] | None = None
        self._total = Held(self)
        self.good: dict[str, Tri] = {}
        self.lapses: dict[str, Lapse] = {}
        self.numbers: Counter[Tri] = Counter()
        self.told_of = False

    def _duty(self) -> Duty[Any]:
        if self.pledge is None:
            raise RuntimeError("bug: a whole clause has no snapshots")
        return self.pledge.duty

    def open(self, because: Iterable[str]) -> None:
        """Judge every snapshot."""
        duty = self._duty()
        if duty.force.begun is not Tri.NO:
            pattern = maintain.subject_of(duty.clause)
            self._view = self.desk.book.view(
                self.desk.matcher(self.clause.proof),
                pattern,
                duty.meant(ours=True),
                subject_only=duty.clause.measure is None,
            )
            self._view.followers[self] = None
            for entry in self._view.entries:
                self._add(entry, because)
        for piece in self.lapses.values():
            self.desk.do_now(piece, because)
        self.desk.do_now(self._total, because)

    def close(self, because: Iterable[str]) -> None:
        """Take all rows away and work no more."""
        if self._view is not None:
            self._view.followers.pop(self, None)
        super().close(because)

    # ---- snapshots come and go -------------------------------------------------------------------------------------

    def told(self, old: Entry | None, new: Entry | None) -> None:
        """Take one snapshot away and put another in its place."""
        name = next(one.fact.id for one in (old, new) if one is not None)
        for entry in (old, new):
            if entry is not None and self.lapses:
                self._again_near(entry, name)
        if old is not None and name in self.good:
            self._remove(old)
        if new is not None:
            self._add(new, (name,))
        sooner = self._chain is not None and self._chain.until < self._used
        if sooner or self._later or self._now() != self._sign:
            self.desk.again(self._total, (name,))

    def _add(self, entry: Entry, because: Iterable[str]) -> None:
        duty, fact = self._duty(), entry.fact
        if fact.when.earliest > duty.force.end.latest:
            return
        good = self.good[fact.id] = maintain.shows_kept(duty, Found(fact, entry.tri))
        if good is Tri.YES:
            self._put(entry)
        else:
            self.lapses[fact.id] = Lapse(self, entry)
            self.desk.again(self.lapses[fact.id], because)

    def _remove(self, entry: Entry) -> None:
        name = entry.fact.id
        lapse = self.lapses.pop(name, None)
        if lapse is not None:
            self.judged(lapse, Tri.NO, passed=True)
            self.desk.drop(lapse)
            self.lapses_changed((name,))
        else:
            self._take(entry)
        del self.good[name]

    def _put(self, entry: Entry) -> None:
        """Let a snapshot count for how long the state is shown kept."""
        if entry.fact.when.latest > self.desk.now:
            self._later[entry.fact.id] = entry
        else:
            self._count(entry, 1)

    def _take(self, entry: Entry) -> None:
        if self._later.pop(entry.fact.id, None) is None:
            self._count(entry, -1)

    def _count(self, entry: Entry, times: int) -> None:
        good = self.good[entry.fact.id]
        if self._chain is None:
            self._seen[min(entry.tri, good)] += times
        elif entry.tri is Tri.YES and entry.fact.when.latest <= self._duty().force.end.latest:
            if times > 0:
                self._chain.put(entry, good=good is Tri.YES)
            else:
                self._chain.take(entry)

    def judged(self, lapse: Lapse, tri: Tri, *, passed: bool) -> None:
        """Count a lapse as it is judged now, and no longer as before."""
        self.numbers[lapse.tri] -= 1
        self.numbers[tri] += 1
        if passed is not lapse.passed:
            (self._take if passed else self._put)(lapse.entry)
        changed = (tri, passed) != (lapse.tri, lapse.passed)
        lapse.tri, lapse.passed = tri, passed
        if changed:
            self.desk.again(self._total, lapse.because)

    def lapses_changed(self, because: Iterable[str]) -> None:
        """Have the total worked out again, with what is now printed beside it."""
        self._beside = None
        self.desk.again(self._total, because)

    def look_again(self, because: Iterable[str]) -> None:
        """Have the total worked out again, if anything that it rests on has changed."""
        if self._now() != self._sign:
            self.desk.again(self._total, because)

    def near(self, entry: Entry) -> list[Entry]:
        """Return a snapshot and those that may mend what it shows, in order of time."""
        view, until = self._view, entry.fact.when.latest + (self._duty().clause.tolerance or 0)
        entries = [] if view is None else view.entries
        last = bisect_left(entries, until + 1, key=lambda one: one.fact.when.earliest)
        longest = 0 if view is None else view.longest
        first = bisect_left(entries, entry.fact.when.earliest - longest, key=lambda one: one.fact.when.earliest)
        return [one for one in entries[first:last] if one.fact.id in self.good]

    def _again_near(self, entry: Entry, name: str) -> None:
        """Have lapses judged again that a snapshot may mend."""
        tolerance, when = self._duty().clause.tolerance, entry.fact.when
        for lapse in self.lapses.values() if tolerance is not None else ():
            then = lapse.entry.fact.when
            if then.earliest < when.latest and when.earliest <= then.latest + tolerance:
                self.desk.again(lapse, (name,))

    # ---- what they show --------------------------------------------------------------------------------------------

    def catch_up(self, notes: Notes) -> None:
        """Count the snapshots whose time has passed since; note when others begin to count."""
        now = notes.now
        for entry in [one for one in self._later.values() if one.fact.when.latest <= now]:
            del self._later[entry.fact.id]
            self._count(entry, 1)
        for entry in self._later.values():
            when = entry.fact.when
            notes.changes_in((when.latest if when.earliest <= now else when.earliest) - now)
        self._sign, self._used = self._now(), DAWN if self._chain is None else self._chain.until

    def _now(self) -> tuple[object, ...]:
        """Return all on which the total rests beside the lapses."""
        until = None if self._chain is None else self._chain.until
        shown = until is not None and until >= min(self._duty().force.end.latest, self.desk.now)
        return (shown, self._of_moment(), self._figure())

    def _of_moment(self) -> Tri:
        if self._chain is not None:
            return Tri.NO
        now = self.desk.now
        later = [one for one in self._later.values() if one.fact.when.earliest <= now]
        coming = some(min(one.tri, self.good[one.fact.id], Tri.MAYBE) for one in later)
        return max(coming, some(tri for tri, number in self._seen.items() if number))

    def _figure(self) -> str:
        duty, now = self._duty(), self.desk.now
        if duty.clause.measure is None or self._view is None:
            return ""
        seen = (one.fact for one in reversed(self._view.entries) if one.fact.id in self.good)
        amounts = (fact.amount(duty.clause.field) for fact in seen if fact.when.earliest <= now)
        return maintain.figure(duty.clause, next((one for one in amounts if one is not None), None))

    def look(self, duty: Duty[Any]) -> maintain.Seen:
        """Return what the snapshots show."""
        if self._chain is None:
            kept = min(self._of_moment(), maintain.watch_of(duty).answer or Tri.NO)
        else:
            end = min(duty.force.end.latest, duty.inquiry.as_of)
            kept = Tri.of(certain=end <= self._chain.until, possible=False)
        if self._beside is None:
            self._beside = tuple(beside for one in self._in_order() for beside in one.beside)
        contrary = some(tri for tri in (Tri.MAYBE, Tri.YES) if self.numbers[tri])
        episodes = _SOME if contrary is not Tri.NO else ()
        return maintain.Seen(contrary, kept, self._figure(), episodes, (), self._beside)

    def _in_order(self) -> list[Lapse]:
        return sorted(self.lapses.values(), key=lambda one: one.entry.place)

    # ---- rows ------------------------------------------------------------------------------------------------------

    def pieces(self) -> Iterator[Rows]:
        """Yield every piece of work."""
        yield from self.lapses.values()
        yield self._total

    def kept(self) -> Iterator[Kept]:
        """Yield the one row."""
        yield from self._total.given

    def rows(self) -> Iterator[Row]:
        """Yield the one row with all its lapses."""
        occasions = tuple(one.occasion for one in self._in_order() if one.occasion is not None)
        for kept in self.kept():
            yield replace(kept.row, occasions=occasions) if self.told_of else kept.row


class Held(Rows):
    """Where a duty to keep a state stands, by what its snapshots show."""

    __slots__ = ()
    level = 3

    folder: Snapshots

    def work(self, notes: Notes, desk: Desk) -> None:
        """Work the row out again."""
        del desk
        folder = self.folder
        folder.catch_up(notes)
        stand = maintain.settled(folder.duty(notes), folder.look)
        folder.told_of = bool(stand.episodes)
        self.give((Kept.of(replace(stand, episodes=()), folder.reading),))
