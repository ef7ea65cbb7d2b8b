"""Who was watching where, kept as stretches of time, so that a question about one span reads little."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.agreement.phrases import UNSTATED
from trucekeeper.compliance.grounds import Answer, Ground
from trucekeeper.compliance.live.rows import UNSAID
from trucekeeper.compliance.live.ticking import Ticking
from trucekeeper.compliance.watching import enough, gaps_in
from trucekeeper.terms import DAWN, NEVER, Fact, Moment, Span, Tri
from trucekeeper.terms.moments import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Hashable, Iterator

    from trucekeeper.compliance.live.ticking import Notes
    from trucekeeper.compliance.watching import Post

MOST_DAYS = 64
"""A longer span stands apart, and its answer is looked at with every change."""
ANY, WHOLE = "any", "100%"
Asked: TypeAlias = "tuple[Guard, Moment, Moment]"
"""A span that somebody asks about: of whom, from when, until when; never, if until now."""


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
    """What may have been watching at one post by a moment: certainly, and possibly.

    Who asks about a span is told when the answer to it changes, and of nothing else.
    """

    __slots__ = (
        "_answers",
        "_by",
        "_by_days",
        "_counted",
        "_from",
        "_joined",
        "_known",
        "_maybe",
        "_post",
        "_stale",
        "_sure",
        "_wide",
    )

    def __init__(self, post: Post, by: Moment | None) -> None:
        """Begin with nobody. `by`: as of which moment it is asked, now if None."""
        self._post, self._by = post, by
        self._known: dict[str, tuple[Tri, Fact]] = {}
        self._joined = DAWN if by is None else by  # by when those that count were joined
        self._sure, self._maybe, self._counted = Stretches(), Stretches(), 0
        self._from: Moment = NEVER  # when the next of them begins to count
        self._stale = False
        self._answers: dict[Asked, Tri] = {}
        self._by_days: dict[int, dict[Asked, None]] = {}
        self._wide: dict[Asked, None] = {}

    # ---- watches come and go ---------------------------------------------------------------------------------------

    def change(
        self, old: Fact | None, came: Fact | None, tri: Tri, *, now: Moment, readers: Container[Hashable]
    ) -> Iterator[Hashable]:
        """Put one watch, which covers the post so surely, in another's place, and yield what this changed."""
        if came is not None and self._by is not None and came.when.earliest > self._by:
            came = None
        before = None if old is None else self._known.pop(old.id, None)
        if came is not None:
            self._known[came.id] = (tri, came)
        if before is None and came is None:
            return
        grows = before is None and came is not None and self._grows(tri, came, now)
        self._stale = self._stale or before is not None
        yield (self, ANY)
        for asked in self._asked_of(
            [one for one in (None if before is None else before[1], came) if one is not None]
        ):
            if asked not in readers:
                self._forget(asked)
            elif not grows or self._answer_by(asked, now) is not self._answers[asked]:
                yield asked

    def _grows(self, tri: Tri, fact: Fact, now: Moment) -> bool:
        """Count one more watch, and return whether then only more can be watched than before, now and later.

        That is not so where something begins to count later, nor where part of the time may go unwatched: how much of
        it is watched may rise as time passes.
        """
        if self._by is None and not self._stale and now < self._from:
            self._joined = now
        coming = self._from
        self._count(tri, fact)
        whole = self._post.needs.at_least in (WHOLE, UNSTATED)
        return whole and not self._stale and self._from == coming

    def _asked_of(self, facts: list[Fact]) -> list[Asked]:
        """Return the spans that are asked about and to which some watches may matter."""
        if self._post.needs.at_least != WHOLE:
            return list(self._answers)
        found = dict(self._wide)
        for span in (one.span for one in facts if one.span is not None):
            first, last = span.start // DAY, span.end // DAY
            few = last - first <= len(self._by_days)
            for day in range(first, last + 1) if few else self._by_days:
                found.update(self._by_days.get(day, {}))
        return list(found)

    def _answer_by(self, asked: Asked, now: Moment) -> Tri:
        _, start, end = asked
        return self._answer(Span(start, end if end < NEVER else max(now, start)))

    def _forget(self, asked: Asked) -> None:
        """Tell nobody any more who once asked about a span."""
        _, start, end = asked
        del self._answers[asked]
        if self._wide.pop(asked, ...) is ...:
            for day in range(start // DAY, end // DAY + 1):
                del self._by_days[day][asked]

    # ---- who asks --------------------------------------------------------------------------------------------------

    def answer(self, span: Span, now: Moment, notes: Notes) -> Answer:
        """Return whether somebody was watching for as much of the span as is needed."""
        if isinstance(span.start, Ticking):
            notes.changes_in(1)
        by = now if self._by is None else self._by
        if self._stale or by >= self._from:
            self._join(int(by))
        if self._by is None and self._from < NEVER:
            notes.changes_in(self._from - notes.now)
        tri = self._answer(span)
        self._read(span, tri, notes)
        return Answer(tri, None, Ground(UNSAID.says, tri))

    def _answer(self, span: Span) -> Tri:
        needs = self._post.needs
        if needs.at_least == WHOLE:
            certain, possible = self._sure.holds(span), self._maybe.holds(span)
        else:
            certain = enough(gaps_in(span, self._sure.touching(span)), span, needs)
            maybe = gaps_in(span, self._maybe.touching(span))
            possible = self._counted > 0 and enough(maybe, span, needs, possible=True)
        return Tri.of(certain=certain, possible=possible)

    def _join(self, by: Moment) -> None:
        self._sure, self._maybe, self._counted = Stretches(), Stretches(), 0
        self._from, self._stale, self._joined = NEVER, False, by
        for tri, fact in self._known.values():
            self._count(tri, fact)

    def _count(self, tri: Tri, fact: Fact) -> None:
        if fact.when.earliest > self._joined:
            self._from = min(self._from, fact.when.earliest)
            return
        self._counted += 1
        if fact.span is not None:
            self._maybe.add(fact.span)
            if tri is Tri.YES:
                self._sure.add(fact.span)

    def _read(self, span: Span, tri: Tri, notes: Notes) -> None:
        """Note who asked about a span; one that asks about several from one moment on is told of every change."""
        start, moving = int(span.start), isinstance(span.end, Ticking)
        end = NEVER if moving else span.end
        endless = end >= NEVER and not moving
        if (self, start, NEVER) in notes.read or isinstance(span.start, Ticking) or endless:
            notes.read.add((self, ANY))
            return
        asked = (self, start, end)
        notes.read.add(asked)
        if asked not in self._answers:
            if end // DAY - start // DAY > MOST_DAYS:
                self._wide[asked] = None
            else:
                for day in range(start // DAY, end // DAY + 1):
                    self._by_days.setdefault(day, {})[asked] = None
        self._answers[asked] = tri


class Watchtower:
    """One post at one level of proof, as somebody asks about it now or as of an earlier moment."""

    __slots__ = ("_covers", "_guards", "_known", "_post")

    def __init__(self, post: Post, covers: Callable[[Fact], Tri]) -> None:
        """Begin with nobody on it."""
        self._post, self._covers = post, covers
        self._known: dict[str, tuple[Fact, Tri]] = {}
        self._guards: dict[Moment | None, Guard] = {}

    def guard(self, by: Moment | None) -> Guard:
        """Return what was watching there by a moment, now if None."""
        found = self._guards.get(by)
        if found is None:
            found = self._guards[by] = Guard(self._post, by)
            for fact, tri in self._known.values():
                for _ in found.change(None, fact, tri, now=DAWN, readers=()):
                    pass
        return found

    def change(
        self, old: Fact | None, new: Fact | None, *, now: Moment, readers: Container[Hashable]
    ) -> Iterator[Hashable]:
        """Put one revision in another's place, and yield what is read of this and has thereby changed."""
        before = None if old is None else self._known.pop(old.id, None)
        tri = Tri.NO if new is None else self._covers(new)
        came = None if tri is Tri.NO else new
        if came is not None:
            self._known[came.id] = (came, tri)
        if before is not None or came is not None:
            for guard in self._guards.values():
                yield from guard.change(old, came, tri, now=now, readers=readers)
