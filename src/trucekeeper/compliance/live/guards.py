"""Who was watching where, kept as stretches of time, so that a question about one span reads little."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from trucekeeper.compliance.grounds import Answer, Ground
from trucekeeper.compliance.live.rows import UNSAID
from trucekeeper.compliance.live.ticking import Ticking
from trucekeeper.compliance.watching import enough, gaps_in
from trucekeeper.terms import DAWN, NEVER, Fact, Moment, Span, Tri
from trucekeeper.terms.moments import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from trucekeeper.compliance.live.ticking import Notes
    from trucekeeper.compliance.watching import Post

MOST_DAYS = 64
"""Who asks about a longer span is told of every change."""
DAYS_AHEAD = 4
"""Who asks up to now is told of changes in so many days to come, and asks again after them."""
ANY, LONG = "any", "long"


class Stretches:
    """Stretches of time, joined where they overlap or meet, in order."""

    __slots__ = ("_ends", "_starts")

    def __init__(self) -> None:
        """Begin empty."""
        self._starts: list[Moment] = []
        self._ends: list[Moment] = []

    def add(self, span: Span) -> None:
        """Add one more stretch."""
        first = bisect_left(self._ends, span.start - 1)
        last = bisect_right(self._starts, span.end + 1)
        start, end = span.start, span.end
        if first < last:
            start, end = min(start, self._starts[first]), max(end, self._ends[last - 1])
        self._starts[first:last] = [start]
        self._ends[first:last] = [end]

    def holds(self, span: Span) -> bool:
        """Return whether all of a span lies in one of these."""
        at = bisect_right(self._starts, int(span.start)) - 1
        return at >= 0 and self._ends[at] >= span.end

    def touching(self, span: Span) -> Iterator[Span]:
        """Yield those that a span touches."""
        first, last = bisect_left(self._ends, int(span.start)), bisect_right(self._starts, int(span.end))
        last += 1  # the next after the span too: it may soon touch it
        return (Span(start, end) for start, end in zip(self._starts[first:last], self._ends[first:last], strict=True))


class Guard:
    """What may have been watching at one post by a moment: certainly, and possibly."""

    __slots__ = ("_by", "_covers", "_from", "_joined", "_known", "_maybe", "_post", "_stale", "_sure")

    def __init__(self, post: Post, covers: Callable[[Fact], Tri], by: Moment | None) -> None:
        """Begin with nobody. `by`: as of which moment it is asked, now if None."""
        self._post, self._covers, self._by = post, covers, by
        self._known: dict[str, tuple[Tri, Fact]] = {}
        self._joined: Moment = DAWN  # by when those that count were joined
        self._sure, self._maybe = Stretches(), Stretches()
        self._from: Moment = NEVER  # when the next of them begins to count
        self._stale = False

    def change(self, old: Fact | None, new: Fact | None) -> Iterator[Hashable]:
        """Put one revision in another's place, and yield what this changed."""
        before = None if old is None else self._known.pop(old.id, None)
        tri = Tri.NO if new is None else self._covers(new)
        if new is not None and tri is not Tri.NO:
            self._known[new.id] = (tri, new)
        elif before is None:
            return
        if before is not None:
            self._stale = True
        elif new is not None:
            self._count(tri, new)
        yield (self, ANY)
        days = {day for one in (None if before is None else before[1], new) for day in _days_of(one)}
        yield from ((self, day) for day in days)

    def answer(self, span: Span, now: Moment, notes: Notes) -> Answer:
        """Return whether somebody was watching for as much of the span as is needed."""
        if isinstance(span.start, Ticking):
            notes.changes_in(1)
        notes.read.update((self, key) for key in self._read(span, notes))
        by = now if self._by is None else self._by
        if self._stale or by >= self._from:
            self._join(int(by))
        if self._by is None and self._from < NEVER:
            notes.changes_in(self._from - notes.now)
        needs = self._post.needs
        if needs.at_least == "100%":
            certain, possible = self._sure.holds(span), self._maybe.holds(span)
        else:
            certain = enough(gaps_in(span, self._sure.touching(span)), span, needs)
            maybe = gaps_in(span, self._maybe.touching(span))
            possible = self._any() and enough(maybe, span, needs, possible=True)
        tri = Tri.of(certain=certain, possible=possible)
        return Answer(tri, None, Ground(UNSAID.says, tri))

    def _any(self) -> bool:
        return any(fact.when.earliest < self._from for _, fact in self._known.values())

    def _join(self, by: Moment) -> None:
        self._sure, self._maybe, self._from, self._stale = Stretches(), Stretches(), NEVER, False
        self._joined = by
        for tri, fact in self._known.values():
            self._count(tri, fact)

    def _count(self, tri: Tri, fact: Fact) -> None:
        if fact.when.earliest > self._joined:
            self._from = min(self._from, fact.when.earliest)
        elif fact.span is not None:
            self._maybe.add(fact.span)
            if tri is Tri.YES:
                self._sure.add(fact.span)

    def _read(self, span: Span, notes: Notes) -> Iterable[Hashable]:
        first, last = int(span.start) // DAY, int(span.end) // DAY
        if last - first > MOST_DAYS or self._post.needs.at_least != "100%":
            return (ANY,)
        if isinstance(span.end, Ticking):  # the watches of days to come begin to matter when they come
            last += DAYS_AHEAD
            notes.changes_in((last + 1) * DAY - int(span.end))
        return (LONG, *range(first, last + 1))


def _days_of(fact: Fact | None) -> Iterable[Hashable]:
    if fact is None or fact.span is None:
        return ()
    first, last = fact.span.start // DAY, fact.span.end // DAY
    if last - first <= 4 * MOST_DAYS:
        return range(first, last + 1)
    return (LONG,)
