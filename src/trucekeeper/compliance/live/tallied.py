"""Events that are counted, summed by the hour and by the day, so that a window is counted from few sums.

An event stands in the hour in which it began at the earliest. An hour or a day of which every event certainly lies in
a window gives its sum; of those at its edges, and of the one that time has reached, each event is looked at.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.compliance.counting import ENDLESS_COUNT, count, count_of, names_of, quantity, unnamed
from trucekeeper.compliance.inquiry import within
from trucekeeper.compliance.live.ticking import Ticking
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import DAWN, NEVER, Fact, Field, Interval, Moment, Tri
from trucekeeper.terms.moments import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from trucekeeper.agreement.language import PatternBody
    from trucekeeper.compliance.counting import Count, What, Window
    from trucekeeper.compliance.grounds import Binding
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.compliance.live.inquiry import LiveInquiry
    from trucekeeper.compliance.live.ticking import Notes
    from trucekeeper.compliance.matching import Matcher

ANY, LONG = "any", "long"
LONGEST = 2 * DAY
"""What may have happened over a longer time stands apart, and is always looked at."""
MOST_DAYS = 64


@dataclass(frozen=True, slots=True)
class Event:
    """One event: how surely it is meant, when it was, and what it counts."""

    tri: Tri
    when: Interval
    least: int
    most: int
    names: frozenset[Field]


class Sum:
    """Some events together."""

    __slots__ = ("least", "most", "named", "sure", "until")

    def __init__(self) -> None:
        """Begin with none."""
        self.least = self.most = 0
        self.sure: Counter[Field] = Counter()
        self.named: Counter[Field] = Counter()
        self.until = DAWN

    def add(self, event: Event, times: int = 1) -> None:
        """Count one more, or one less."""
        self.most += times * event.most
        if event.tri is Tri.YES:
            self.least += times * event.least
        self.until = max(self.until, event.when.latest)
        for name in event.names:
            self.named[name] += times
            if event.tri is Tri.YES:
                self.sure[name] += times

    def join(self, other: Sum) -> None:
        """Count all of another sum."""
        self.most += other.most
        self.least += other.least
        if other.named:
            self.named.update(other.named)
            self.sure.update(other.sure)


class Tallied:
    """The events of one count, by hours and days."""

    __slots__ = (
        "_days",
        "_distinct",
        "_events",
        "_hours",
        "_inquiry",
        "_long",
        "_matcher",
        "_meant",
        "_pattern",
        "_what",
    )

    def __init__(self, inquiry: Inquiry, what: What, matcher: Matcher, meant: Meant) -> None:
        """Begin with none."""
        self._inquiry, self._what, self._matcher, self._meant = inquiry, what, matcher, meant
        self._pattern: PatternBody = what.patterns[0]
        self._events: dict[str, Event] = {}
        self._days: dict[int, Sum] = {}
        self._hours: dict[int, tuple[Sum, dict[str, Event]]] = {}
        self._long: dict[str, Event] = {}

    def fill(self, facts: Iterable[Fact]) -> None:
        """Put all facts of the kind in, at the beginning."""
        for fact in facts:
            self.change(None, fact)

    def change(self, old: Fact | None, new: Fact | None) -> list[Hashable]:
        """Put one revision in another's place and return what this changed."""
        gone = None if old is None else self._events.pop(old.id, None)
        came = None if new is None else self._event(new)
        if gone is not None and old is not None:
            self._put(old.id, gone, -1)
        if came is not None and new is not None:
            self._events[new.id] = came
            self._put(new.id, came, 1)
        touched = [one for one in (gone, came) if one is not None]
        return [(self, key) for key in {key for one in touched for key in _keys(one)}]

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
            hour = event.when.earliest // HOUR
            total, events = self._hours.setdefault(hour, (Sum(), {}))
            total.add(event, times)
            self._days.setdefault(hour // 24, Sum()).add(event, times)
        if times > 0:
            events[name] = event
        else:
            del events[name]

    def inside(self, window: Window, now: Moment, notes: Notes | None) -> Sum:
        """Return what was counted in a window by now, noting when that may change."""
        found = Sum()
        seek = _Seek(window, now, notes)
        for event in self._long.values():
            seek.one(found, event)
        first, last = seek.first // DAY, seek.last // DAY
        days = range(first, last + 1) if last - first < len(self._days) else sorted(self._days)
        for day in days:
            total = self._days.get(day)
            if total is not None and not seek.whole(found, total, day * DAY):
                for hour in range(day * 24, day * 24 + 24):
                    part = self._hours.get(hour)
                    if part is not None and not seek.whole(found, part[0], hour * HOUR):
                        for event in part[1].values():
                            seek.one(found, event)
        return found

    def read(self, window: Window) -> Iterator[Hashable]:
        """Yield what is to be watched of it by who counts a window."""
        first, last = int(window.start.earliest) // DAY, int(window.end.latest) // DAY
        if last - first > MOST_DAYS or isinstance(window.end.latest, Ticking):
            yield (self, ANY)
        else:
            yield (self, LONG)
            yield from ((self, day) for day in range(first, last + 1))


class _Seek:
    """One window by one moment."""

    __slots__ = ("_end", "_notes", "_now", "_start", "first", "last")

    def __init__(self, window: Window, now: Moment, notes: Notes | None) -> None:
        self._start = Interval(int(window.start.earliest), int(window.start.latest))
        self._end = Interval(int(window.end.earliest), int(window.end.latest))
        self._now, self._notes = now, notes
        self.first = max(self._start.earliest, DAWN + LONGEST) - LONGEST
        self.last = self._end.latest

    def whole(self, found: Sum, total: Sum, start: Moment) -> bool:
        """Count a sum as a whole, or leave it out as a whole, if all its events lie, or none lies, in the window."""
        if total.until < self._start.earliest or start > self._end.latest:
            return True
        if start > self._now:
            self._changes_at(start)
            return True
        if start >= self._start.latest and total.until <= min(self._end.earliest, self._now):
            found.join(total)
            return True
        return False

    def one(self, found: Sum, event: Event) -> None:
        """Count one event, if it was, or may have been, in the window by now."""
        when = event.when
        if when.earliest > self._now:
            self._changes_at(when.earliest)
            return
        tri = min(event.tri, within(when, self._start, self._end))
        if when.latest > self._now:
            self._changes_at(when.latest)
            tri = min(tri, Tri.MAYBE)
        if tri is not Tri.NO:
            found.add(Event(tri, when, event.least, event.most, event.names))

    def _changes_at(self, moment: Moment) -> None:
        if self._notes is not None:
            self._notes.changes_in(moment - self._now)


@dataclass(frozen=True, slots=True)
class InWindow:
    """The events of a window, as a count reads them."""

    tallied: Tallied
    window: Window
    now: Moment
    notes: Notes | None
    distinct: bool

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the least and the most that they count."""
        found = self.tallied.inside(self.window, self.now, self.notes)
        if self.distinct:
            sure = sum(1 for times in found.sure.values() if times)
            named = sum(1 for times in found.named.values() if times)
            return sure, min(named + found.most, ENDLESS_COUNT)
        return found.least, min(found.most, ENDLESS_COUNT)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return no names: the reasons are not kept."""
        return ()

    def least_after(self, moment: Moment) -> int:
        """Return the least that those count which certainly came after a moment."""
        start = self.window.start
        later = Interval(max(start.earliest, moment + 1), max(start.latest, moment + 1))
        window = type(self.window)(later, self.window.end)
        return self.tallied.inside(window, self.now, self.notes).least


def quick_count(inquiry: Inquiry, what: What, window: Window, binding: Binding) -> Count:
    """Return how many were counted in a window: from sums, where the events are those of one plain pattern."""
    plain = len(what.patterns) == 1 and what.patterns[0].judgement is None
    live = getattr(inquiry, "book", None) is not None
    if (
        not plain
        or not live
        or isinstance(window.start.latest, Ticking)
        or isinstance(window.start.earliest, Ticking)
    ):
        return count(inquiry, what, window, binding)
    return _from_sums(inquiry, what, window, binding)  # type: ignore[arg-type]  # it has a book


def _from_sums(inquiry: LiveInquiry, what: What, window: Window, binding: Binding) -> Count:
    matcher = inquiry.matcher

    def begin(_: PatternBody, meant: Meant) -> Tallied:
        return Tallied(inquiry, what, matcher, meant)

    key = ("tallied", what.field, what.distinct, matcher.proof)
    tallied = inquiry.book.kept(key, what.patterns[0], Meant(binding=binding), begin)
    inquiry.notes.read.update(tallied.read(window))
    notes = inquiry.notes if isinstance(inquiry.as_of, Ticking) else None
    events = InWindow(tallied, window, int(inquiry.as_of), notes, what.distinct is not None)
    still = not isinstance(window.end.latest, Ticking)
    return count_of(inquiry.counting_in(window) if still else inquiry, what, window, binding, events=events)


def _keys(event: Event) -> Iterator[Hashable]:
    yield ANY
    if event.when.latest - event.when.earliest > LONGEST or event.when.latest >= NEVER:
        yield LONG
    else:
        yield from range(event.when.earliest // DAY, event.when.latest // DAY + 1)
