"""Achieve and maintain in columns: looks at a state found once for all members of a set, then weighed for each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from trucekeeper.compliance.columns import excuses
from trucekeeper.compliance.columns.hits import Hits, judged, seek, seek_subject
from trucekeeper.compliance.columns.matching import every, negated, tri_of
from trucekeeper.compliance.columns.members import ByMember, parted
from trucekeeper.compliance.columns.prohibit import Episodes
from trucekeeper.compliance.columns.relations import Group, Windows, any_within
from trucekeeper.compliance.columns.spans import Spans
from trucekeeper.compliance.columns.times import binds
from trucekeeper.compliance.columns.values import NOTHING, Values
from trucekeeper.compliance.excuses import excused
from trucekeeper.compliance.grounds import Ground
from trucekeeper.compliance.kinds import achieve as achieves
from trucekeeper.compliance.kinds import maintain as maintains
from trucekeeper.terms import DAWN, NEVER, Amount, Interval, Tri

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import Achieve, Maintain, PatternBody
    from trucekeeper.compliance.columns.block import Block
    from trucekeeper.compliance.columns.members import Part
    from trucekeeper.compliance.columns.values import Answers, Integers
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.force import Due
    from trucekeeper.compliance.grounds import Stand
    from trucekeeper.compliance.kinds.achieve import Evidence, Way
    from trucekeeper.terms import Field, Moment
    from trucekeeper.terms.moments import Length

    Moments = NDArray[np.int64]
    Flags = NDArray[np.bool_]


# ---- achieve -------------------------------------------------------------------------------------------------------


def unfit_achieve(_agreement: Agreement, _clause: Achieve) -> str:
    """Return why a state to be reached cannot be judged in columns: every one can."""
    return ""


def achieve(duty: Duty[Achieve]) -> list[Stand | Block]:
    """Return where a state that is to be reached stands."""
    judging = achieves.Judging(_way, partial(excused, shown=excuses.shown_before))
    return [*achieves.stands(duty, judging)]


def _way(duty: Duty[Achieve], evidence: Evidence, due: Due) -> Way:
    """Return what one kind of evidence says."""
    key = ("looks in columns", id(evidence.pattern), evidence.ours, duty.clause.id, *_asked(duty, evidence.pattern))
    looks = duty.inquiry.once(key, lambda: _Looks.of(duty, evidence))
    return achieves.way_of(duty, evidence, due, _Weighed.of(duty, evidence, due, looks))


def _asked(duty: Duty[Any], pattern: PatternBody) -> tuple[object, ...]:
    """Return what else decides which facts a pattern of a duty means, whoever the members are."""
    placed, members = parted(pattern, duty.binding)
    return duty.bound, placed, tuple(name for name, _ in members)


@dataclass(frozen=True, slots=True, eq=False)
class _Looks:
    """All looks at a state, whoever the members are: those that show it, and those that deny it."""

    showing: ByMember
    denying: ByMember

    @staticmethod
    def of(duty: Duty[Achieve], evidence: Evidence) -> _Looks:
        pattern = evidence.pattern
        placed, members = parted(pattern, duty.binding)
        meant = replace(duty.meant(ours=evidence.ours, about=(duty.clause.id,)), binding=placed)
        if achieves.are_snapshots(duty, evidence):
            looks, truths = seek_subject(duty.inquiry, pattern, meant)
            showing = judged(duty.inquiry, looks.surer(np.minimum(looks.tri, truths)), pattern)
            denying = looks.chosen(truths == Tri.NO)
        else:
            showing = seek(duty.inquiry, [pattern], meant)
            denying = showing.chosen(np.empty(0, np.intp))
        showing = showing.with_answers(np.where(_of_parts(duty, showing), np.int8(Tri.MAYBE), showing.tri))
        return _Looks(*(ByMember.of(duty.inquiry, pattern, one, members) for one in (showing, denying)))


def _of_parts(duty: Duty[Achieve], looks: Hits) -> Flags:
    """Return which say where one unit was, though all are meant."""
    kinds = np.array([achieves.parts_show_nothing(duty, table.kind) for table in looks.tables] or [False])
    return kinds[looks.which] & (looks.aspect("unit").codes != NOTHING) if kinds.any() else np.zeros(len(looks), bool)


@dataclass(frozen=True, slots=True)
class _Times:
    """What looks say, in a few times; DAWN or NEVER where there is none of the sort.

    Of those that show: `first`, `last` and `sure`, the earliest beginning, the latest end, and the earliest end of a
    certain one; `tri`, the surest. Of all looks: `until`, the latest end of those that may be no later than the
    deadline; `fresh`, the latest beginning of a certain one, not late and not stale; `after`, the latest beginning of
    any certain one.
    """

    tri: Tri
    first: Moment
    last: Moment
    sure: Moment
    until: Moment
    fresh: Moment
    after: Moment

    @staticmethod
    def of(looks: Hits, due: Interval, stale_after: Length) -> _Times:
        if not len(looks):
            return _NOTHING
        earliest, latest = looks.earliest, looks.latest
        certain = looks.tri == Tri.YES
        early = earliest <= due.latest
        fresh = certain & (latest <= due.earliest) & (earliest >= due.latest - stale_after)
        return _Times(
            Tri(int(looks.tri.max())),
            int(earliest.min()),
            int(latest.max()),
            int(latest[certain].min(initial=_LATER)),
            int(latest[early].max(initial=_EARLIER)),
            int(earliest[fresh].max(initial=_EARLIER)),
            int(earliest[certain].max(initial=_EARLIER)),
        )

    def joined(self, other: _Times) -> _Times:
        """Return what these and others say together."""
        return _Times(
            max(self.tri, other.tri),
            min(self.first, other.first),
            max(self.last, other.last),
            min(self.sure, other.sure),
            max(self.until, other.until),
            max(self.fresh, other.fresh),
            max(self.after, other.after),
        )


_EARLIER, _LATER = DAWN - 1, NEVER + 1
_NOTHING = _Times(Tri.NO, _LATER, _EARLIER, _LATER, _EARLIER, _EARLIER, _EARLIER)


@dataclass(frozen=True, slots=True, eq=False)
class _Weighed:
    """The looks of one duty, weighed by its deadline."""

    duty: Duty[Achieve]
    evidence: Evidence
    due: Due
    looks: _Looks
    shown: _Times

    @staticmethod
    def of(duty: Duty[Achieve], evidence: Evidence, due: Due, looks: _Looks) -> _Weighed:
        since = DAWN if achieves.are_snapshots(duty, evidence) else duty.force.start.earliest
        one = _Weighed(duty, evidence, due, looks, _NOTHING)
        return replace(one, shown=one._showing(since))

    def _showing(self, since: Moment) -> _Times:
        stale_after = NEVER if self.evidence.stale_after is None else self.evidence.stale_after
        return self._times(self.looks.showing, stale_after, since)

    def _times(self, looks: ByMember, stale_after: Length, since: Moment) -> _Times:
        """Return what the looks that concern the member say, without those that were over before a moment."""
        due = self.due.when or Interval(NEVER, NEVER)
        found = _NOTHING
        for part in looks.parts(parted(self.evidence.pattern, self.duty.binding)[1]):
            found = found.joined(self._part(looks, part, (due, stale_after, since)))
        return found

    def _part(self, looks: ByMember, part: Part, asked: tuple[Interval, Length, Moment]) -> _Times:
        due, stale_after, since = asked

        def weigh() -> _Times:
            hits = part.of(looks.hits)
            return _Times.of(hits if since == DAWN else hits.chosen(hits.latest >= since), due, stale_after)

        return self.duty.inquiry.once(("weighed", id(looks), asked), weigh) if part.shared else weigh()

    @property
    def reached(self) -> Tri:
        return self.shown.tri

    @property
    def first(self) -> Interval | None:
        shown = self.shown
        if shown.tri is Tri.NO:
            return None
        latest = shown.sure if shown.sure < _LATER else shown.last
        return Interval(min(shown.first, latest), latest)

    @property
    def ids(self) -> tuple[str, ...]:
        return ()

    def in_time(self, due: Interval) -> Tri:
        if achieves.are_snapshots(self.duty, self.evidence):
            return self._at_deadline(due)
        shown = self.shown
        in_time = Tri.of(certain=shown.sure <= due.earliest, possible=shown.first <= due.latest)
        return in_time if in_time is not Tri.NO or shown.tri is Tri.YES else Tri.MAYBE

    def _at_deadline(self, due: Interval) -> Tri:
        """Return whether snapshots show the state at the deadline: the last word before it, or a denial after it."""
        denied = self._times(self.looks.denying, self.evidence.stale_after or 0, DAWN)
        if self.shown.fresh > _EARLIER and denied.until <= self.shown.fresh:
            return Tri.YES
        if denied.after >= due.latest and self.shown.until == _EARLIER:
            return Tri.NO
        return Tri.NO if denied.fresh > _EARLIER and self.shown.until <= denied.fresh else Tri.MAYBE

    def since(self, moment: Moment) -> _Weighed:
        return replace(self, shown=self._showing(moment))

    def absence(self) -> Ground:
        if self.reached is not Tri.NO:
            return Ground("something shows it")
        return achieves.absence(self.duty, self.evidence.pattern, self.due)


# ---- maintain ------------------------------------------------------------------------------------------------------


def maintain(duty: Duty[Maintain]) -> list[Stand | Block]:
    """Return where a state that is to be kept stands."""
    return [maintains.settled(duty, _seen)]


@dataclass(frozen=True, slots=True, eq=False)
class _Snapshots:
    """Snapshots in order of time: whether each shows the state kept, and the figure that it gives."""

    looks: Hits
    good: Answers
    figures: Values
    counted: Flags

    def of(self, part: Part) -> _Snapshots:
        """Return those of a member."""
        at = part.places
        return _Snapshots(part.of(self.looks), self.good[at], self.figures.take(at), self.counted[at])

    def chosen(self, which: Flags | Integers) -> _Snapshots:
        """Return some of them."""
        return _Snapshots(self.looks.chosen(which), self.good[which], self.figures.take(which), self.counted[which])

    @property
    def last_figure(self) -> Amount | None:
        given = np.flatnonzero(self.counted)
        figure = self.figures.at(int(given[-1])) if len(given) else None
        return figure if isinstance(figure, Amount) else None


def _snapshots(duty: Duty[Maintain]) -> tuple[_Snapshots, ByMember]:
    """Return the snapshots of the subject, or of the place measured, whoever the members are."""
    pattern = maintains.subject_of(duty.clause)
    placed, members = parted(pattern, duty.binding)
    meant = replace(duty.meant(ours=True), binding=placed)
    if duty.clause.measure is None:
        looks, good = seek_subject(duty.inquiry, pattern, meant)
    else:
        looks = seek(duty.inquiry, [pattern], meant)
        good = _level(duty, looks)
    figures = looks.aspect(duty.clause.field)
    counted = figures.asked(lambda value: int(isinstance(value, Amount))) > 0
    return _Snapshots(looks, good, figures, counted), ByMember.of(duty.inquiry, pattern, looks, members)


def _level(duty: Duty[Maintain], looks: Hits) -> Answers:
    """Return whether each figure keeps to the level."""

    def ask(*, part: bool) -> Callable[[Field | None], Tri]:
        return lambda value: maintains.fits(duty.clause, value, part=part)

    figures = looks.aspect(duty.clause.field)
    whole = figures.asked(ask(part=False))
    if maintains.of_member(duty):
        return whole
    by = looks.aspect("by").asked(lambda name: int(maintains.is_component(duty, None if name is None else str(name))))
    parts = (by > 0) | (looks.aspect("unit").codes != NOTHING)
    return np.where(parts, figures.asked(ask(part=True)), whole) if parts.any() else whole


def _seen(duty: Duty[Maintain]) -> maintains.Seen:
    """Return what the snapshots show."""
    pattern = maintains.subject_of(duty.clause)
    key = ("snapshots in columns", id(duty.clause), duty.by, *_asked(duty, pattern))
    everybody, by_member = duty.inquiry.once(key, lambda: _snapshots(duty))
    mine = everybody.of(by_member.whole(parted(pattern, duty.binding)[1]))
    mine = mine.chosen(mine.looks.earliest <= duty.force.end.latest)
    lapses = _lapses(duty, mine)
    contrary = Tri(int(lapses.max(initial=Tri.NO)))
    binding = binds(duty.force, mine.looks.earliest, mine.looks.latest)
    let_pass = (mine.good != Tri.YES) & (binding == Tri.YES) & (lapses == Tri.NO)
    kept = _shown_kept(duty, mine.chosen(~let_pass))
    counted = mine.looks.with_answers(lapses).chosen(lapses > Tri.NO)
    return maintains.Seen(contrary, kept, maintains.figure(duty.clause, mine.last_figure), Episodes(counted))


def _lapses(duty: Duty[Maintain], seen: _Snapshots) -> Answers:
    """Return whether each snapshot shows a lapse that counts: in force, longer than tolerated, not excused."""
    looks = seen.looks
    tri = every([looks.tri, negated(seen.good), binds(duty.force, looks.earliest, looks.latest)], len(looks))
    tolerance = duty.clause.tolerance
    some = np.flatnonzero(tri > Tri.NO)
    lapses = looks.with_answers(tri).chosen(some)
    if tolerance is not None and len(some):
        last = duty.inquiry.as_of - tolerance
        waited = tri_of(lapses.latest < last, lapses.earliest < last)
        lapses = lapses.with_answers(
            every([lapses.tri, negated(_mended(seen, lapses, tolerance)), waited], len(some))
        )
        some, lapses = some[lapses.tri > Tri.NO], lapses.chosen(lapses.tri > Tri.NO)
    excused = excuses.excused(duty, lapses, Values.nothing(len(some)))
    lapses = lapses.with_answers(np.minimum(lapses.tri, negated(excused)))
    answers = np.zeros(len(looks), np.int8)
    answers[some] = lapses.tri
    return answers


def _mended(seen: _Snapshots, lapses: Hits, tolerance: int) -> Answers:
    """Return whether another snapshot, after each lapse and no later than tolerated, shows the state kept again."""
    fine = np.minimum(seen.looks.tri, seen.good)
    sure, possible = (_spans(seen.looks.chosen(fine >= least)) for least in (Tri.YES, Tri.MAYBE))
    everyone = np.arange(len(lapses))
    group = Group(everyone, np.zeros_like(everyone), sure, possible)
    windows = Windows(lapses.earliest + 1, lapses.latest + 1, lapses.earliest + tolerance, lapses.latest + tolerance)
    return any_within([group], windows, len(lapses))


def _spans(looks: Hits) -> Spans:
    return Spans(np.zeros(len(looks), np.intp), looks.earliest, looks.latest)


def _shown_kept(duty: Duty[Maintain], seen: _Snapshots) -> Tri:
    """Return whether the state is shown kept from its beginning to now: the reference's function of this name.

    A good snapshot is a step; one can be taken from where one stood before, if that is still fresh, or from the
    beginning. It is shown kept if some step was taken from the beginning and all since then from the one before.
    """
    start, end = duty.force.start.earliest, min(duty.force.end.latest, duty.inquiry.as_of)
    fresh = duty.clause.stale_after
    fine = np.minimum(seen.looks.tri, seen.good)
    if fresh is None:
        shown = Tri(int(fine.max(initial=Tri.NO)))
        return shown if shown is Tri.NO else min(shown, maintains.watch_of(duty).answer or Tri.NO)
    seen = seen.chosen((seen.looks.tri == Tri.YES) & (seen.looks.latest <= end))
    seen = seen.chosen(_by_end(seen.looks))
    earliest, latest = seen.looks.earliest, seen.looks.latest
    if not len(earliest):
        return Tri.NO
    step = (seen.good == Tri.YES) & (earliest + fresh >= start)
    until = np.maximum(earliest, start) + fresh
    first = latest <= start
    first[0] = latest[0] <= start + fresh
    next_ = np.append(False, latest[1:] <= until[:-1])
    broken = np.flatnonzero(~(step & next_))  # the first at least: it has none before it
    looked = bool((step & first)[broken[-1] :].any())
    return Tri.YES if looked and int(until[-1]) >= end else Tri.NO


def _by_end(looks: Hits) -> Integers:
    """Return the places of snapshots in the order in which they ended, of one end by name."""
    order = np.argsort(looks.latest, kind="stable")
    ends, starts = looks.latest[order], looks.earliest[order]
    if not ((ends[1:] == ends[:-1]) & (starts[1:] != starts[:-1])).any():
        return order
    names = looks.aspect("id").texts()
    return np.array(sorted(range(len(names)), key=lambda at: (int(looks.latest[at]), names[at])), np.intp)
