"""Events that are counted, summed up to any moment, so that a window is counted from a few sums.

Of the events of a window, those that certainly lie in it are those that were over by its end, without those that had
begun before its start; those that may lie in it are those that had begun by its end, without those that were over
before its start. Who stands on both sides of a window, or between two ends that are the wrong way round, is looked at
by himself: no more than happened within a few hours.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.compliance.counting import (
    ENDLESS_COUNT,
    claims_in,
    count,
    count_of,
    moments,
    names_of,
    quantity,
    unnamed,
)
from trucekeeper.compliance.inquiry import within
from trucekeeper.compliance.live.ladder import Ladder
from trucekeeper.compliance.live.ticking import Ticking, moves
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import DAWN, NEVER, Fact, Field, Interval, Moment, Tri
from trucekeeper.terms.moments import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from trucekeeper.agreement.language import PatternBody
    from trucekeeper.compliance.counting import Claimed, Count, What, Window
    from trucekeeper.compliance.grounds import Binding
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.compliance.live.inquiry import LiveInquiry
    from trucekeeper.compliance.live.ticking import Notes
    from trucekeeper.compliance.matching import Matcher

LONGEST = 6 * HOUR
"""What may have happened over a longer time stands apart, and is always looked at: few reports are so vague."""
MOST_DAYS = 64
"""A window over more days is told of every event."""


Asked: TypeAlias = "tuple[Tallied, Moment, Moment]"
"""A window that somebody counts: of what, from when at the earliest, until when at the latest."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: how surely it is meant, when it was, and what it counts."""

    tri: Tri
    when: Interval
    least: int
    most: int
    names: frozenset[Field]


class Sums:
    """What some events count, for certain and at most, by when they began and by when they were over."""

    __slots__ = ("_begun", "_over", "_sure_begun", "_sure_over")

    def __init__(self) -> None:
        """Begin with none."""
        self._begun, self._over = Ladder(), Ladder()
        self._sure_begun, self._sure_over = Ladder(), Ladder()

    def add(self, event: Event, least: int, most: int, times: int) -> None:
        """Count one more, or one less."""
        self._begun.add(event.when.earliest, most, times)
        self._over.add(event.when.latest, most, times)
        if event.tri is Tri.YES:
            self._sure_begun.add(event.when.earliest, least, times)
            self._sure_over.add(event.when.latest, least, times)

    def inside(self, seek: Seek) -> tuple[int, int]:
        """Return the least and the most that they count in a window, but for those that are looked at one by one."""
        least = most = 0
        if seek.sure >= seek.start.latest:
            least = self._sure_over.up_to(seek.sure) - self._sure_begun.up_to(seek.start.latest - 1)
        if seek.maybe >= seek.start.earliest:
            most = self._begun.up_to(seek.maybe) - self._over.up_to(seek.start.earliest - 1)
        return least, most


class Seek:
    """One window by one moment: within what an event lies certainly, and possibly."""

    __slots__ = ("end", "maybe", "now", "start", "sure")

    def __init__(self, window: Window, now: Moment) -> None:
        """Look at a window in plain moments."""
        self.start = Interval(int(window.start.earliest), int(window.start.latest))
        self.end, self.now = Interval(int(window.end.earliest), int(window.end.latest)), now
        self.sure, self.maybe = min(self.end.earliest, now), min(self.end.latest, now)

    def across(self, event: Event) -> tuple[bool, bool]:
        """Return whether an event stands on both sides, so that the sums count it once too few for certain, or may.

        For certain: one that began before the window and is not over by its end is taken away and never counted. At
        most: where the window ends before it starts, one that lies across both ends is not counted.
        """
        earliest, latest, start = event.when.earliest, event.when.latest, self.start
        sure = event.tri is Tri.YES and self.sure >= start.latest and earliest < start.latest and latest > self.sure
        return sure, self.maybe < start.earliest and earliest <= self.maybe and latest >= start.earliest

    def hours(self) -> Iterator[int]:
        """Yield the hours in which an event began that may stand across."""
        if self.start.latest <= self.sure < self.start.latest + LONGEST:
            yield from range((self.sure - LONGEST) // HOUR, self.start.latest // HOUR + 1)
        if self.start.earliest - LONGEST <= self.maybe < self.start.earliest:
            yield from range((self.start.earliest - LONGEST) // HOUR, self.maybe // HOUR + 1)

    def one(self, event: Event) -> Tri:
        """Return whether an event was, or may have been, in the window by now."""
        if event.when.earliest > self.now:
            return Tri.NO
        tri = min(event.tri, within(event.when, self.start, self.end))
        return min(tri, Tri.MAYBE) if event.when.latest > self.now else tri


class Tallied:
    """The events of one count, summed up."""

    __slots__ = (
        "_asked",
        "_events",
        "_hours",
        "_inquiry",
        "_long",
        "_matcher",
        "_meant",
        "_names",
        "_pattern",
        "_sums",
        "_what",
        "_wide",
        "moments",
    )

    def __init__(self, inquiry: Inquiry, what: What, matcher: Matcher, meant: Meant) -> None:
        """Begin with none."""
        self._inquiry, self._what, self._matcher, self._meant = inquiry, what, matcher, meant
        self._pattern: PatternBody = what.patterns[0]
        self._events: dict[str, Event] = {}
        self._sums = Sums()
        self.moments = Ladder()
        self._names: dict[Field, Sums] = {}
        self._hours: dict[int, dict[str, Event]] = {}
        self._long: dict[str, Event] = {}
        self._asked: dict[int, dict[Asked, None]] = {}
        self._wide: dict[Asked, None] = {}

    def fill(self, facts: Iterable[Fact]) -> None:
        """Put all facts of the kind in, at the beginning."""
        for fact in facts:
            self.change(None, fact)

    def change(self, old: Fact | None, new: Fact | None) -> Iterable[Hashable]:
        """Put one revision in another's place and return the windows in which this may change the count."""
        gone = None if old is None else self._events.pop(old.id, None)
        came = None if new is None else self._event(new)
        if gone is not None and old is not None:
            self._put(old.id, gone, -1)
        if came is not None and new is not None:
            self._events[new.id] = came
            self._put(new.id, came, 1)
        touched: dict[Hashable, None] = {}
        for event in (gone, came):
            if event is not None:
                touched.update(dict.fromkeys(self._touched(event.when)))
        return touched

    def _event(self, fact: Fact) -> Event | None:
        tri = self._matcher.match(self._pattern, fact, self._meant)
        if tri is Tri.NO:
            return None
        what = self._what
        if what.distinct is None:
            amount = quantity(self._inquiry, what, fact)
            return Event(tri, fact.when, amount.least, amount.most, frozenset())
        names = names_of(fact.field(what.distinct))
        return Event(tri, fact.when, 0, 0 if names else unnamed(what, fact), names)

    def _put(self, name: str, event: Event, times: int) -> None:
        if event.when.latest - event.when.earliest > LONGEST:
            events = self._long
        else:
            events = self._hours.setdefault(event.when.earliest // HOUR, {})
            self._sums.add(event, event.least, event.most, times)
            for one in event.names:
                self._names.setdefault(one, Sums()).add(event, 1, 1, times)
        self.moments.add(event.when.earliest, 0, times)
        self.moments.add(event.when.latest, 0, times)
        if times > 0:
            events[name] = event
        else:
            del events[name]

    # ---- who asks about which window -------------------------------------------------------------------------------

    def read(self, window: Window, notes: Notes) -> None:
        """Note that somebody counts a window."""
        start, end = window.start.earliest, window.end.latest
        if (self, start, NEVER) in notes.read or (self, DAWN, NEVER) in notes.read:
            return
        asked = (self, start, NEVER if isinstance(end, Ticking) else end)
        notes.read.add(asked)
        # One that ends before it begins has no days of its own: what lasts from its end to its start touches it.
        if not 0 <= asked[2] // DAY - start // DAY <= MOST_DAYS:
            self._wide[asked] = None
        else:
            for day in range(start // DAY, asked[2] // DAY + 1):
                self._asked.setdefault(day, {})[asked] = None

    def read_all(self, notes: Notes) -> None:
        """Note that somebody looks at all events."""
        self._wide[self, DAWN, NEVER] = None
        notes.read.add((self, DAWN, NEVER))

    def _touched(self, when: Interval) -> Iterator[Asked]:
        """Yield the windows asked about in which something may have happened."""
        first, last = when.earliest // DAY, when.latest // DAY
        days = range(first, last + 1) if last - first <= len(self._asked) else self._asked
        for several in (self._wide, *(self._asked[day] for day in days if day in self._asked)):
            yield from (one for one in several if one[1] <= when.latest and when.earliest <= one[2])

    # ---- what was counted ------------------------------------------------------------------------------------------

    def inside(self, window: Window, now: Moment, notes: Notes | None) -> tuple[int, int]:
        """Return the least and the most that were counted in a window by now, noting when that may change."""
        seek = Seek(window, now)
        coming = self.moments.after(now) if notes is not None and now <= seek.end.latest else None
        if notes is not None and coming is not None:
            notes.changes_in(coming - now)
        least, most = self._sums.inside(seek)
        alone = list(self._one_by_one(seek))
        for event, certain, possible in alone:
            least += certain * event.least
            most += possible * event.most
        if self._what.distinct is None:
            return least, min(most, ENDLESS_COUNT)
        return self._different(seek, alone, unnamed=most)

    def _different(self, seek: Seek, alone: list[tuple[Event, bool, bool]], *, unnamed: int) -> tuple[int, int]:
        """Return how many different names there are at least, and at most with the unnamed."""
        sure: Counter[Field] = Counter()
        named: Counter[Field] = Counter()
        for event, certain, possible in alone:
            for name in event.names:
                sure[name] += certain
                named[name] += possible
        for name, sums in self._names.items():
            certainly, at_most = sums.inside(seek)
            sure[name] += certainly
            named[name] += at_most
        different = sum(1 for times in named.values() if times)
        return sum(1 for times in sure.values() if times), min(different + unnamed, ENDLESS_COUNT)

    def _one_by_one(self, seek: Seek) -> Iterator[tuple[Event, bool, bool]]:
        """Yield the events that the sums leave out, and whether they count for certain, and at most."""
        for event in self._long.values():
            tri = seek.one(event)
            yield event, tri is Tri.YES, tri is not Tri.NO
        for hour in dict.fromkeys(seek.hours()):
            for event in self._hours.get(hour, {}).values():
                yield event, *seek.across(event)


@dataclass(frozen=True, slots=True)
class InWindow:
    """The events of a window, as a count reads them."""

    tallied: Tallied
    window: Window
    now: Moment
    notes: Notes | None

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the least and the most that they count."""
        return self.tallied.inside(self.window, self.now, self.notes)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return no names: the reasons are not kept."""
        return ()

    def least_after(self, moment: Moment) -> int:
        """Return the least that those count which certainly came after a moment."""
        coming = self.tallied.moments.after(moment)
        if coming is None or coming > self.window.end.latest:  # as after most claims, which speak of the whole window
            return 0
        later = Interval.at(max(self.window.start.latest, moment + 1))
        return self.tallied.inside(type(self.window)(later, self.window.end), self.now, self.notes)[0]


def quick_count(inquiry: Inquiry, what: What, window: Window, binding: Binding) -> Count:
    """Return how many were counted in a window: from sums, where the events are those of one plain pattern."""
    if not _plain(what) or moves(window.start):
        return count(inquiry, what, window, binding)
    return _from_sums(inquiry, what, window, binding)  # type: ignore[arg-type]  # it has a book


def quick_moments(inquiry: Inquiry, what: What, binding: Binding) -> Sequence[Moment]:
    """Return every moment at which an event that is counted may have begun or ended, in order."""
    if not _plain(what):
        return moments(inquiry, what, binding)
    tallied = _tallied(inquiry, what, binding)  # type: ignore[arg-type]  # it has a book
    tallied.read_all(inquiry.notes)  # type: ignore[attr-defined]
    return tallied.moments


def _plain(what: What) -> bool:
    """Return whether the events are those of one pattern that no case judges."""
    return len(what.patterns) == 1 and what.patterns[0].judgement is None


def _tallied(inquiry: LiveInquiry, what: What, binding: Binding) -> Tallied:
    matcher = inquiry.matcher

    def begin(_: PatternBody, meant: Meant) -> Tallied:
        return Tallied(inquiry, what, matcher, meant)

    key = ("tallied", what.field, what.distinct, matcher.proof)
    return inquiry.book.kept(key, what.patterns[0], Meant(binding=binding), begin)


def _from_sums(inquiry: LiveInquiry, what: What, window: Window, binding: Binding) -> Count:
    tallied = _tallied(inquiry, what, binding)
    tallied.read(window, inquiry.notes)
    notes = inquiry.notes if isinstance(inquiry.as_of, Ticking) else None
    events = InWindow(tallied, window, int(inquiry.as_of), notes)
    kept = what.by_the_period and not moves(window.end)
    claimed = _claimed(inquiry, what, window) if kept else None
    return count_of(inquiry, what, window, binding, events=events, claimed=claimed)


def _claimed(inquiry: LiveInquiry, what: What, window: Window) -> Claimed:
    """Return the claims that matter to a period, kept from one of its events to the next."""
    key = ("claims", what.claims, what.counted_as, window)

    def work(one: Inquiry) -> Claimed:
        return claims_in(one.counting_in(window) if isinstance(one, type(inquiry)) else one, what, window)

    return inquiry.kept(key, work)
