"""What shows a state and what denies it, kept as the few extremes on which a deadline turns.

However many snapshots of a unit there are, whether it was there in time turns on the last that shows it before the
deadline, the last that denies it, and a few others. One more snapshot moves such an extreme or does not; only where
the one that is an extreme goes are all looked at again.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.compliance.kinds.achieve import absence, parts_show_nothing, way_of
from trucekeeper.compliance.live.ticking import Ticking, moves
from trucekeeper.terms import DAWN, NEVER, Fact, Interval, Moment, Tri

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from trucekeeper.agreement.language import Achieve, PatternBody
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.force import Due
    from trucekeeper.compliance.grounds import Ground
    from trucekeeper.compliance.kinds.achieve import Evidence, Way
    from trucekeeper.compliance.live.book import Book
    from trucekeeper.compliance.live.inquiry import LiveInquiry
    from trucekeeper.compliance.live.ticking import Notes
    from trucekeeper.compliance.matching import Matcher, Meant

BEFORE_ALL = DAWN - 1
"""Earlier than any moment on record, dawn among them: no such snapshot."""
AFTER_ALL = NEVER + 1
"""Later than any moment: no such snapshot."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One snapshot: whether it shows the state, and how surely; or denies it, and how surely."""

    shows: Tri
    denies: Tri
    when: Interval

    def doubted(self) -> Sighting:
        """Return it as one that may have happened by now, or not yet."""
        return Sighting(min(self.shows, Tri.MAYBE), min(self.denies, Tri.MAYBE), self.when)


class Shown:
    """When some snapshots show the state: the first and last of them, and the first that shows it for certain.

    Whoever takes the last of them away takes an extreme: there are some as long as there are extremes.
    """

    __slots__ = ("first", "last", "sure_by")

    def __init__(self) -> None:
        """Begin with none."""
        self.first, self.last, self.sure_by = AFTER_ALL, BEFORE_ALL, AFTER_ALL

    def add(self, one: Sighting) -> None:
        """Count one more."""
        self.first, self.last = min(self.first, one.when.earliest), max(self.last, one.when.latest)
        if one.shows is Tri.YES:
            self.sure_by = min(self.sure_by, one.when.latest)

    def spares(self, one: Sighting) -> bool:
        """Return whether one that goes is none of the extremes."""
        sure = one.shows is Tri.YES and one.when.latest == self.sure_by
        return not (sure or one.when.earliest == self.first or one.when.latest == self.last)

    @property
    def reached(self) -> Tri:
        """Return whether anything shows the state."""
        return Tri.of(certain=self.sure_by < AFTER_ALL, possible=self.last > BEFORE_ALL)

    @property
    def when(self) -> Interval | None:
        """Return when the state was first shown."""
        return None if self.last == BEFORE_ALL else Interval(self.first, min(self.sure_by, self.last))


class Extremes:
    """The snapshots on which a deadline turns."""

    __slots__ = (
        "again",
        "any",
        "before_until",
        "denied",
        "denied_after",
        "denied_before",
        "due",
        "shown_before",
        "undone_until",
    )

    def __init__(self, due: Interval | None) -> None:
        """Begin with none."""
        self.due = due or Interval(NEVER, NEVER)
        self.any, self.again = Shown(), Shown()
        self.denied = 0
        self.before_until = self.undone_until = self.shown_before = BEFORE_ALL
        self.denied_after = self.denied_before = BEFORE_ALL

    def fork(self) -> Extremes:
        """Return the same, to which others can be added."""
        other = copy(self)
        other.any, other.again = copy(self.any), copy(self.again)
        return other

    def add(self, one: Sighting) -> None:
        """Count one more."""
        earliest, latest, due = one.when.earliest, one.when.latest, self.due
        if one.shows is not Tri.NO:
            self.any.add(one)
            if latest >= due.earliest:
                self.again.add(one)
            if earliest <= due.latest:
                self.before_until = max(self.before_until, latest)
            if one.shows is Tri.YES and latest <= due.earliest:
                self.shown_before = max(self.shown_before, earliest)
        if one.denies is not Tri.NO:
            self.denied += 1
            if earliest <= due.latest:
                self.undone_until = max(self.undone_until, latest)
            if one.denies is Tri.YES:
                self.denied_after = max(self.denied_after, earliest)
                if latest <= due.earliest:
                    self.denied_before = max(self.denied_before, earliest)

    def take(self, one: Sighting) -> bool:
        """Count one less; return whether it was none of the extremes."""
        earliest, latest = one.when.earliest, one.when.latest
        plain = True
        if one.shows is not Tri.NO:
            plain = self.any.spares(one) and self.again.spares(one)
            plain = plain and latest != self.before_until and earliest != self.shown_before
        if one.denies is not Tri.NO:
            self.denied -= 1
            plain = plain and latest != self.undone_until and earliest not in (self.denied_after, self.denied_before)
        return plain

    def in_time(self, stale_after: int | None) -> Tri:
        """Return whether the state was reached in time."""
        fresh = NEVER if stale_after is None else stale_after
        recent = 0 if stale_after is None else stale_after
        due, shown, denied = self.due, self.shown_before, self.denied_before
        if shown > BEFORE_ALL and due.latest - shown <= fresh and self.undone_until <= shown:
            return Tri.YES
        if self.denied_after > BEFORE_ALL and self.denied_after >= due.latest and self.before_until == BEFORE_ALL:
            return Tri.NO
        if denied > BEFORE_ALL and due.latest - denied <= recent and self.before_until <= denied:
            return Tri.NO
        return Tri.MAYBE

    def outcome(self, stale_after: int | None) -> tuple[object, ...]:
        """Return all that is made of them."""
        some = bool(self.any.reached is not Tri.NO or self.denied)
        return (self.in_time(stale_after), self.any.reached, self.any.when, self.again.reached, self.again.when, some)


class Turning:
    """On which snapshots one deadline turns, by a moment (now, if none is given)."""

    __slots__ = ("_all", "_book", "_extremes", "_later", "_stale", "_stale_after", "until")

    def __init__(
        self, sightings: Sightings, due: Interval | None, stale_after: int | None, until: Moment | None
    ) -> None:
        """Begin with all that is on record. `until`: after what moment none matters any more, None if all do."""
        self._book, self._all = sightings.book, sightings.all
        self.until, self._stale_after = NEVER if until is None else until, stale_after
        self._extremes, self._stale = Extremes(due), True
        self._later: set[str] = set()

    def outcome(self) -> tuple[object, ...] | None:
        """Return all that is made of them now, None if they must be looked at anew."""
        return None if self._stale else self.by(self._now, None).outcome(self._stale_after)

    @property
    def _now(self) -> Moment:
        return min(self.until, self._book.now)

    def replace(self, name: str, gone: Sighting | None, came: Sighting | None) -> bool:
        """Put one snapshot in another's place; return whether it may matter at some later moment."""
        if name in self._later:
            self._later.remove(name)
        elif gone is not None and not self._stale and gone.when.earliest <= self.until:
            self._stale = not self._extremes.take(gone)
        if came is not None and came.when.earliest <= self.until:
            self._later.add(name)
        return any(one is not None and one.when.latest > self._now for one in (gone, came))

    def by(self, now: Moment, notes: Notes | None) -> Extremes:
        """Return the extremes by now, noting when others begin to count."""
        if self._stale:
            self._stale, self._extremes = False, Extremes(self._extremes.due)
            self._later = {name for name, one in self._all.items() if one.when.earliest <= self.until}
        return self._joined(now, notes)

    def _joined(self, now: Moment, notes: Notes | None) -> Extremes:
        for name in [name for name in self._later if self._all[name].when.latest <= now]:
            self._later.remove(name)
            self._extremes.add(self._all[name])
        if not self._later:
            return self._extremes
        found = self._extremes.fork()
        for name in self._later:
            one = self._all[name]
            if one.when.earliest <= now:
                found.add(one.doubted())
            if notes is not None:
                at = one.when.latest if one.when.earliest <= now else one.when.earliest
                notes.changes_in(at - now)
        return found


class Sightings:
    """The snapshots that one pattern means, with every deadline that turns on them."""

    __slots__ = ("_matcher", "_meant", "_pattern", "_turning", "all", "book")

    def __init__(self, book: Book, matcher: Matcher, pattern: PatternBody, meant: Meant) -> None:
        """Begin with none."""
        self.book, self._matcher, self._pattern, self._meant = book, matcher, pattern, meant
        self.all: dict[str, Sighting] = {}
        self._turning: dict[Hashable, Turning] = {}

    def fill(self, facts: Iterable[Fact]) -> None:
        """Put all facts of the kind in, at the beginning."""
        for fact in facts:
            one = self._seen(fact)
            if one is not None:
                self.all[fact.id] = one

    def change(self, old: Fact | None, new: Fact | None) -> Iterable[Hashable]:
        """Put one revision in another's place; return each deadline for which anything then comes out otherwise."""
        gone = None if old is None else self.all.get(old.id)
        came = None if new is None else self._seen(new)
        if gone is None and came is None:
            return ()
        self._turning = {key: one for key, one in self._turning.items() if one in self.book.readers}
        first = min(one.when.earliest for one in (gone, came) if one is not None)
        before = [(one, one.outcome()) for one in self._turning.values() if first <= one.until]
        name = next(one.id for one in (old, new) if one is not None)
        if came is None:
            del self.all[name]
        else:
            self.all[name] = came
        return [one for one, was in before if one.replace(name, gone, came) or was is None or one.outcome() != was]

    def _seen(self, fact: Fact) -> Sighting | None:
        subject = self._matcher.subject(self._pattern, fact, self._meant)
        if subject is Tri.NO:
            return None
        predicate = self._matcher.predicate(self._pattern, fact, self._meant)
        if predicate is Tri.NO:
            return Sighting(Tri.NO, subject, fact.when)
        return Sighting(min(subject, predicate), Tri.NO, fact.when)

    def turning(self, due: Interval | None, stale_after: int | None, until: Moment | None) -> Turning:
        """Return on which of them a deadline turns."""
        key = (due, stale_after, until)
        found = self._turning.get(key)
        if found is None:
            found = self._turning[key] = Turning(self, due, stale_after, until)
        return found


@dataclass(frozen=True, slots=True)
class Seen:
    """The extremes as evidence of a state."""

    extremes: Extremes
    shown: Shown
    duty: Duty[Achieve]
    evidence: Evidence
    due: Due

    @property
    def reached(self) -> Tri:
        """Return whether anything shows the state, whenever that was."""
        return self.shown.reached

    @property
    def first(self) -> Interval | None:
        """Return when the state was first shown, None if nothing shows it."""
        return self.shown.when

    @property
    def ids(self) -> tuple[str, ...]:
        """Return a name if there is any fact: the reasons are not kept."""
        return ("",) if self.extremes.any.reached is not Tri.NO or self.extremes.denied else ()

    def in_time(self, due: Interval) -> Tri:
        """Return whether the state was reached in time."""
        del due
        return self.extremes.in_time(self.evidence.stale_after)

    def since(self, moment: Moment) -> Seen:
        """Return them without what showed the state only before the deadline."""
        del moment
        return Seen(self.extremes, self.extremes.again, self.duty, self.evidence, self.due)

    def absence(self) -> Ground:
        """Return whether somebody was watching for what would show the state, from the trigger to the deadline."""
        return absence(self.duty, self.evidence.pattern, self.due)


def quick(duty: Duty[Achieve], evidence: Evidence, due: Due) -> bool:
    """Return whether the extremes answer for this evidence: snapshots of the whole, and a deadline that stands."""
    pattern = evidence.pattern
    return pattern.judgement is None and not moves(due.when) and not parts_show_nothing(duty, pattern.fact)


def way(inquiry: LiveInquiry, duty: Duty[Achieve], evidence: Evidence, due: Due) -> Way:
    """Return what snapshots say, by their extremes."""
    meant = duty.meant(ours=evidence.ours, about=(duty.clause.id,))
    back_to = None if isinstance(inquiry.as_of, Ticking) else inquiry.as_of
    matcher = inquiry.matcher

    def begin(pattern: PatternBody, one: Meant) -> Sightings:
        return Sightings(inquiry.book, matcher, pattern, one)

    kept = inquiry.book.kept(("sightings", matcher.proof), evidence.pattern, meant, begin)
    turning = kept.turning(due.when, evidence.stale_after, back_to)
    inquiry.notes.read.add(turning)
    extremes = turning.by(int(inquiry.as_of), inquiry.notes if back_to is None else None)
    return way_of(duty, evidence, due, Seen(extremes, extremes.any, duty, evidence, due))
