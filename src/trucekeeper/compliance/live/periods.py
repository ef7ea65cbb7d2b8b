"""A quota as kept: a piece of work for each of its periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.compliance.inquiry import happened
from trucekeeper.compliance.kinds import quota
from trucekeeper.compliance.live.folders import Folder, Rows
from trucekeeper.compliance.live.rows import Kept
from trucekeeper.compliance.live.tallied import quick_count, quick_moments
from trucekeeper.terms import Moment, Tri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trucekeeper.compliance.counting import Window
    from trucekeeper.compliance.grounds import Assumed
    from trucekeeper.compliance.live.clauses import ClauseKept
    from trucekeeper.compliance.live.ticking import Notes
    from trucekeeper.compliance.live.work import Desk
    from trucekeeper.compliance.standing import Pledge


class Period(Rows):
    """One period of a quota."""

    __slots__ = ("window",)

    def __init__(self, folder: Periods, window: Window) -> None:
        """Begin not yet judged."""
        super().__init__(folder)
        self.window = window

    def work(self, notes: Notes, desk: Desk) -> None:
        """Judge the period."""
        del desk
        duty = self.folder.duty(notes).counting(quick_count, quick_moments)
        self.give((Kept.of(quota.judge(duty, self.window), self.folder.reading),))


class Periods(Folder):
    """A quota, where each period is judged by itself."""

    __slots__ = ("_coming", "_next", "_total", "periods")

    def __init__(self, clause: ClauseKept, reading: Assumed, pledge: Pledge) -> None:
        """Begin without periods."""
        super().__init__(clause, reading, pledge)
        self.periods: list[Period] = []
        self._coming = quota.all_periods(pledge.duty)
        self._next = next(self._coming, None)
        self._total = QuotaNow(self)

    def open(self, because: Iterable[str]) -> None:
        """Judge every period that has begun."""
        self.desk.do_now(self._total, because)

    def begin(self, now: Moment) -> None:
        """Judge each period that has begun since."""
        while self._next is not None and happened(self._next.start, now) is not Tri.NO:
            period = Period(self, self._next)
            self.periods.append(period)
            self._next = next(self._coming, None)
            self.desk.do_now(period, self._total.because)

    def pieces(self) -> Iterator[Rows]:
        """Yield every piece of work."""
        yield from self.periods
        yield self._total

    def kept(self) -> Iterator[Kept]:
        """Yield the rows in their order."""
        for one in self.periods:
            yield from one.given
        yield from self._total.given


class QuotaNow(Rows):
    """What is said of a quota beside its periods: that it does not bind now, or that none has begun."""

    __slots__ = ()
    level = 3

    folder: Periods

    def work(self, notes: Notes, desk: Desk) -> None:
        """Begin the periods whose time has come, and work the row out again, if there is one."""
        del desk
        duty = self.folder.duty(notes)
        self.folder.begin(duty.inquiry.as_of)
        early = duty.not_bound()
        if early is None and not self.folder.periods:
            early = quota.nothing(duty)
        self.give(() if early is None else (Kept.of(early, self.folder.reading),))
