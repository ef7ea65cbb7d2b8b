"""Claims: reports that are copies of one another, taken as one claim however often it is repeated.

A report repeats a claim if it is a copy (`copies`) of a report that says the same kind of thing, of a time less than
a day and of a place less than a kilometre apart, as far as both say; or if the same source says the same of the very
same time and place again, with whatever numbers, unless that source tells of each event once. A claim is named after
the first of its reports on record, and that one speaks for it. An article that tells of two events is not one claim:
what it says of each differs in kind, time or place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from rapidfuzz.fuzz import ratio

from trucekeeper.fusion.copies import ALIKE, SHORTEST, address, plain, sketch
from trucekeeper.geo.apart import points_apart_m
from trucekeeper.terms.moments import DAY

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from trucekeeper.terms import Interval, Place, Report

Mark: TypeAlias = "tuple[Hashable, ...]"
_Stated: TypeAlias = "tuple[Interval, Place | None, str]"
"""When, where and, if words must be alike, in which words."""

NEAR_M = 1000


class Claims:
    """The claims among reports, as reports come and go. Whatever their order, the claims are the same."""

    def __init__(self) -> None:
        """Begin with no reports."""
        self.reports: dict[int, Report] = {}
        self._marked: dict[Mark, dict[int | None, dict[_Stated, dict[int, None]]]] = {}
        self._claim: dict[int, int] = {}
        self._members: dict[int, set[int]] = {}

    def claim(self, key: int) -> int:
        """Return the first report of the claim that a report makes."""
        return self._claim[key]

    def members(self, claim: int) -> tuple[int, ...]:
        """Return the reports that make a claim, the first on record first."""
        return tuple(sorted(self._members.get(claim, ())))

    def add(self, report: Report) -> set[int]:
        """Take a report in, and return the claims that are not what they were."""
        self.reports[report.key] = report
        touched = self._begin([report.key])
        for mark in _marks(report):
            stated = _stated(report, mark)
            by_day = self._marked.setdefault(mark, {})
            by_day.setdefault(_day(stated), {}).setdefault(stated, {})[report.key] = None
        return touched

    def remove(self, key: int) -> set[int]:
        """Take a report out, and return the claims that are not what they were."""
        report = self.reports.pop(key)
        for mark in _marks(report):
            stated = _stated(report, mark)
            of_day = self._marked[mark][_day(stated)]
            del of_day[stated][key]
            if not of_day[stated]:
                del of_day[stated]
        claim = self._claim.pop(key)
        others = self._members.pop(claim) - {key}
        return {claim} | self._begin(sorted(others))

    def _begin(self, keys: Sequence[int]) -> set[int]:
        """Have some reports begin claims of their own, and join these to those that they repeat."""
        for one in keys:
            self._claim[one], self._members[one] = one, {one}
        return set(keys).union(*(self._join(one) for one in keys))

    def _join(self, key: int) -> set[int]:
        report, touched = self.reports[key], set[int]()
        for mark in _marks(report):
            own = _stated(report, mark)
            for stated, keys in self._about(mark, own):
                other = next(iter(keys))  # whoever stated the same under this mark is of its claim
                if self._claim[other] != self._claim[key] and _agree(own, stated):
                    touched |= self._merge(key, other)
        return touched

    def _about(self, mark: Mark, own: _Stated) -> Iterator[tuple[_Stated, dict[int, None]]]:
        """Yield what is stated under a mark of days so near that it may agree: a source may say alike every day."""
        by_day, day = self._marked.get(mark, {}), _day(own)
        near = by_day if day is None else (None, *range(day - 2, day + 3))
        for one in near:
            yield from by_day.get(one, {}).items()

    def _merge(self, one: int, other: int) -> set[int]:
        first, second = sorted((self._claim[one], self._claim[other]))
        moved = self._members.pop(second)
        self._members[first] |= moved
        self._claim.update(dict.fromkeys(moved, first))
        return {first, second}


def _marks(report: Report) -> Iterator[Mark]:
    """Yield what a report shares with its copies: they share at least one of these."""
    fact, words = report.fact, plain(report.text)
    if report.url:
        yield "url", address(report.url), fact.kind
    if words:
        yield "text", words, fact.kind
    if len(words) >= SHORTEST:
        for band in sketch(words):
            yield "band", band, fact.kind
    if not report.distinct:
        yield "same", fact.source, fact.origin, fact.kind, fact.when, fact.place, fact.by, words


def _stated(report: Report, mark: Mark) -> _Stated:
    return report.fact.when, report.fact.place, plain(report.text) if mark[0] == "band" else ""


def _day(stated: _Stated) -> int | None:
    """Return the day on which a statement's time begins; None for a time of more than a day, which is of many."""
    when = stated[0]
    return when.earliest // DAY if when.latest - when.earliest <= DAY else None


def _agree(one: _Stated, other: _Stated) -> bool:
    """Return whether two copies say the same of time and place, as far as both say, in words that are alike."""
    (when, place, words), (then, there, others) = one, other
    if max(when.earliest, then.earliest) - min(when.latest, then.latest) >= DAY:
        return False
    if place is not None and there is not None and points_apart_m(place, there) >= NEAR_M:
        return False
    return ratio(words, others, score_cutoff=ALIKE) > 0
