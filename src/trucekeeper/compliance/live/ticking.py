"""A moment that passes: it notes when an answer made with it may next be another one.

The rules compare the moment asked about with moments on record, add lengths to it and take differences of it. A
`Ticking` stands in for it and is such a whole number, so that the rules need not know. Each comparison notes the
first later moment at which it would come out otherwise; a result of plus, minus and times by a whole number is again
`Ticking`, a straight line over time. Whatever else is done with it may change at every moment, and is noted so.
Until the moment noted, all that was worked out stays as it is, save numbers that are themselves `Ticking`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.terms import NEVER, Interval, Moment

if TYPE_CHECKING:
    from collections.abc import Hashable


class Notes:
    """What one piece of work rested on: which parts of the record it read, and until when it holds."""

    __slots__ = ("now", "read", "until")

    def __init__(self, now: Moment) -> None:
        """Begin with nothing read, holding for ever."""
        self.now = now
        self.until = NEVER
        self.read: set[Hashable] = set()

    def changes_in(self, length: int) -> None:
        """Note that something may change so long after now."""
        self.until = min(self.until, self.now + length)


class Ticking(int):
    """A whole number that grows by `slope` with every microsecond that passes."""

    slope: int
    notes: Notes

    def __new__(cls, value: int, slope: int, notes: Notes) -> Ticking:  # noqa: PYI034  never subclassed
        """Return the number as it is now."""
        made = int.__new__(cls, value)
        made.slope, made.notes = slope, notes
        return made

    # ---- comparisons: each notes when it would turn ----------------------------------------------------------------

    def _ahead(self, other: int) -> tuple[int, int]:
        """Return how far this is past the other, and how fast that grows."""
        slope = self.slope - other.slope if isinstance(other, Ticking) else self.slope
        return int.__sub__(self, other), slope

    def _turns_at_zero(self, gap: int, slope: int) -> None:
        """Note when `gap >= 0` turns."""
        if slope > 0 > gap:
            self.notes.changes_in(-(gap // slope))
        elif slope < 0 <= gap:
            self.notes.changes_in(gap // -slope + 1)

    def _turns_past_zero(self, gap: int, slope: int) -> None:
        """Note when `gap > 0` turns."""
        if slope > 0 >= gap:
            self.notes.changes_in(-gap // slope + 1)
        elif slope < 0 < gap:
            self.notes.changes_in(-(gap // slope))

    def __ge__(self, other: int) -> bool:
        gap, slope = self._ahead(other)
        self._turns_at_zero(gap, slope)
        return gap >= 0

    def __lt__(self, other: int) -> bool:
        gap, slope = self._ahead(other)
        self._turns_at_zero(gap, slope)
        return gap < 0

    def __gt__(self, other: int) -> bool:
        gap, slope = self._ahead(other)
        self._turns_past_zero(gap, slope)
        return gap > 0

    def __le__(self, other: int) -> bool:
        gap, slope = self._ahead(other)
        self._turns_past_zero(gap, slope)
        return gap <= 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, int):
            return False
        gap, slope = self._ahead(other)
        self._turns_at_zero(gap, slope)
        self._turns_past_zero(gap, slope)
        return gap == 0

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __bool__(self) -> bool:
        return self != 0

    __hash__ = int.__hash__

    # ---- arithmetic that stays a straight line ---------------------------------------------------------------------

    def _line(self, value: int, slope: int) -> int:
        return Ticking(value, slope, self.notes) if slope else value

    def __add__(self, other: int) -> int:
        return self._line(int.__add__(self, other), self.slope + slope_of(other))

    __radd__ = __add__

    def __sub__(self, other: int) -> int:
        return self._line(int.__sub__(self, other), self.slope - slope_of(other))

    def __rsub__(self, other: int) -> int:
        return self._line(int.__rsub__(self, other), slope_of(other) - self.slope)

    def __neg__(self) -> int:
        return self._line(int.__neg__(self), -self.slope)

    def __mul__(self, other: int) -> int:
        if isinstance(other, Ticking):
            self.notes.changes_in(1)
            return int.__mul__(self, other)
        return self._line(int.__mul__(self, other), self.slope * other)

    __rmul__ = __mul__

    # ---- arithmetic that does not: dates and parts -----------------------------------------------------------------

    def __divmod__(self, other: int) -> tuple[int, int]:
        self.notes.changes_in(1)
        return int.__divmod__(self, other)

    def __rdivmod__(self, other: int) -> tuple[int, int]:
        self.notes.changes_in(1)
        return int.__rdivmod__(self, other)

    def __floordiv__(self, other: int) -> int:
        return divmod(self, other)[0]

    def __rfloordiv__(self, other: int) -> int:
        return divmod(other, self)[0]

    def __mod__(self, other: int) -> int:
        return divmod(self, other)[1]

    def __rmod__(self, other: int) -> int:
        return divmod(other, self)[1]


def slope_of(number: int) -> int:
    """Return how fast a number grows as time passes: not at all, unless it is `Ticking`."""
    return number.slope if isinstance(number, Ticking) else 0


def moves(when: Interval | None) -> bool:
    """Return whether an interval moves on as time passes."""
    return when is not None and (isinstance(when.earliest, Ticking) or isinstance(when.latest, Ticking))


def still(when: Interval | None) -> Interval | None:
    """Return an interval as it is now, in plain moments."""
    if when is None or not moves(when):
        return when
    return Interval(int(when.earliest), int(when.latest))
