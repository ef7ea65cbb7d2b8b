"""Counts in columns: the events of each window of a count, found once and summed by window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.compliance.columns.hits import Hits, seek
from trucekeeper.compliance.columns.times import within
from trucekeeper.compliance.columns.values import NOTHING
from trucekeeper.compliance.counting import ENDLESS_COUNT, count_of, names_of
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import DAWN, Tri

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucekeeper.compliance.columns.values import Answers, Values
    from trucekeeper.compliance.counting import Count, What, Window
    from trucekeeper.compliance.grounds import Binding
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.terms import Moment

    Numbers = NDArray[np.int64]


def count(inquiry: Inquiry, what: What, window: Window, binding: Binding) -> Count:
    """Return how many were counted in a window, from events and claims together."""
    key = ("counted in columns", tuple(map(id, what.patterns)), what.field, what.distinct, binding)
    events = inquiry.once(key, lambda: Counted.of(inquiry, what, binding))
    return count_of(inquiry, what, window, binding, events=events.inside(window))


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """All events of a count by their beginning, the least and most that each counts, and the longest of them."""

    what: What
    events: Hits
    least: Numbers
    most: Numbers
    names: Values | None
    longest: int

    @staticmethod
    def of(inquiry: Inquiry, what: What, binding: Binding) -> Counted:
        """Return the events that a count means."""
        events = seek(inquiry, what.patterns, Meant(binding=binding))
        events = events.chosen(np.argsort(events.earliest, kind="stable"))
        names = None if what.distinct is None else events.aspect(what.distinct)
        least, most = _quantities(inquiry, what, events)
        longest = int((events.latest - events.earliest).view(np.uint64).max(initial=0))  # from dawn to never is 2^63
        return Counted(what, events, least, most, names, longest)

    def inside(self, window: Window) -> InWindow:
        """Return those that were, or may have been, in a window."""
        first = np.searchsorted(self.events.earliest, max(window.start.earliest - self.longest, DAWN))
        last = np.searchsorted(self.events.earliest, window.end.latest, side="right")
        some = np.arange(first, last)
        tri = within(self.events.earliest[some], self.events.latest[some], window.start, window.end)
        tri = np.minimum(tri, self.events.tri[some])
        return InWindow(self, some[tri > Tri.NO], tri[tri > Tri.NO])


@dataclass(frozen=True, slots=True, eq=False)
class InWindow:
    """The events of one window."""

    all: Counted
    rows: NDArray[np.intp]
    tri: Answers

    @property
    def ids(self) -> tuple[str, ...]:
        """Return none of their names: whoever wants them asks one by one."""
        return ()

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the least and the most that they count."""
        sure = self.rows[self.tri == Tri.YES]
        if self.all.names is None:
            return _total(self.all.least[sure]), min(_total(self.all.most[self.rows]), ENDLESS_COUNT)
        unnamed = self.rows[self.all.names.codes[self.rows] == NOTHING]
        named = len(self._named(self.rows)) + _total(self.all.most[unnamed])
        return len(self._named(sure)), min(named, ENDLESS_COUNT)

    def _named(self, rows: NDArray[np.intp]) -> frozenset[object]:
        names = self.all.names
        if names is None:
            return frozenset()
        codes = np.unique(names.codes[rows])
        return frozenset().union(*(names_of(names.distinct[code]) for code in codes.tolist() if code != NOTHING))

    def least_after(self, moment: Moment) -> int:
        """Return the least that those count which certainly came after a moment."""
        later = self.rows[(self.tri == Tri.YES) & (self.all.events.earliest[self.rows] > moment)]
        return _total(self.all.least[later])


def _total(numbers: Numbers) -> int:
    """Return the sum, however large."""
    if not len(numbers):
        return 0
    fits = int(np.abs(numbers).max()) <= np.iinfo(np.int64).max // len(numbers)
    return int(numbers.sum()) if fits else sum(numbers.tolist())


def _quantities(inquiry: Inquiry, what: What, events: Hits) -> tuple[Numbers, Numbers]:
    """Return the least and most that each event counts: its figure; else one, or one or more; of the unnamed one."""
    least, most, said = events.aspect(what.field).amounts()
    kinds = inquiry.agreement.vocabulary
    open_ended = np.array([what.field in kinds.fields(table.kind) for table in events.tables] or [False])
    countable = events.redacted() | (open_ended[events.which] if what.distinct is None else False)
    return np.where(said, least, 1), np.where(said, most, np.where(countable, ENDLESS_COUNT, 1))
