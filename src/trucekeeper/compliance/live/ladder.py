"""A ladder: amounts by the moment at which each stands, so that the sum up to any moment is quickly had.

The rungs stand in blocks of a few hundred, each with the running sum within its block, so that neither putting an
amount in nor asking touches more than one block and the totals of the others.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from trucekeeper.terms import Moment

MOST_RUNGS = 512
"""In one block: twice as many are moved when a full one is split."""


class _Block:
    """Some rungs in order: their moments, how many amounts stand on each, and the sums up to and with each."""

    __slots__ = ("moments", "numbers", "sums")

    def __init__(self, moments: list[Moment], numbers: list[int], sums: list[int]) -> None:
        self.moments, self.numbers, self.sums = moments, numbers, sums

    def add(self, moment: Moment, amount: int, times: int) -> None:
        at = bisect_left(self.moments, moment)
        if at == len(self.moments) or self.moments[at] != moment:
            self.moments.insert(at, moment)
            self.numbers.insert(at, 0)
            self.sums.insert(at, self.sums[at - 1] if at else 0)
        self.numbers[at] += times
        sums = self.sums
        for later in range(at, len(sums)):
            sums[later] += amount
        if not self.numbers[at]:
            del self.moments[at], self.numbers[at], self.sums[at]

    def split(self) -> _Block:
        """Give the later half away."""
        half = len(self.moments) // 2
        base = self.sums[half - 1]
        other = _Block(self.moments[half:], self.numbers[half:], [one - base for one in self.sums[half:]])
        del self.moments[half:], self.numbers[half:], self.sums[half:]
        return other


class Ladder(Sequence[int]):
    """Amounts by moment; as a sequence, the different moments at which any stands, in order."""

    __slots__ = ("_befores", "_blocks", "_firsts")

    def __init__(self) -> None:
        """Begin empty."""
        self._blocks: list[_Block] = [_Block([], [], [])]
        self._befores: list[int] = [0]  # the sum of all blocks before each
        self._firsts: list[Moment] = []  # of all blocks but the first: what is earlier stands in that

    def add(self, moment: Moment, amount: int, times: int = 1) -> None:
        """Put an amount in at a moment; take one away that stands there, if `times` is -1."""
        at = bisect_right(self._firsts, moment)
        block = self._blocks[at]
        block.add(moment, amount * times, times)
        for later in range(at + 1, len(self._blocks)):
            self._befores[later] += amount * times
        if len(block.moments) > MOST_RUNGS:
            other = block.split()
            self._blocks.insert(at + 1, other)
            self._befores.insert(at + 1, self._befores[at] + block.sums[-1])
            self._firsts.insert(at, other.moments[0])
        elif not block.moments and len(self._blocks) > 1:
            del self._blocks[at], self._befores[at], self._firsts[max(at - 1, 0)]

    def up_to(self, moment: Moment) -> int:
        """Return the sum of all amounts that stand at a moment or before it."""
        at = bisect_right(self._firsts, moment)
        block = self._blocks[at]
        rung = bisect_right(block.moments, moment)
        return self._befores[at] + (block.sums[rung - 1] if rung else 0)

    def after(self, moment: Moment) -> Moment | None:
        """Return the first moment after another at which any amount stands, None if there is none."""
        at = bisect_right(self._firsts, moment)
        block = self._blocks[at]
        rung = bisect_right(block.moments, moment)
        if rung < len(block.moments):
            return block.moments[rung]
        return self._blocks[at + 1].moments[0] if at + 1 < len(self._blocks) else None

    def __len__(self) -> int:
        """Return at how many moments any amount stands."""
        return sum(len(one.moments) for one in self._blocks)

    @overload
    def __getitem__(self, at: int) -> Moment: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Moment]: ...

    def __getitem__(self, at: int | slice) -> Moment | Sequence[Moment]:
        """Return a moment by its number, or some."""
        if isinstance(at, slice):
            return _Part(self, range(len(self))[at])
        if at < 0:
            at += len(self)
        for block in self._blocks:
            if 0 <= at < len(block.moments):
                return block.moments[at]
            at -= len(block.moments)
        raise IndexError("a ladder has no such rung")


class _Part(Sequence[int]):
    """Some of the moments of a ladder, not copied."""

    __slots__ = ("_ladder", "_which")

    def __init__(self, ladder: Ladder, which: range) -> None:
        self._ladder, self._which = ladder, which

    def __len__(self) -> int:
        return len(self._which)

    @overload
    def __getitem__(self, at: int) -> Moment: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Moment]: ...

    def __getitem__(self, at: int | slice) -> Moment | Sequence[Moment]:
        if isinstance(at, slice):
            return _Part(self._ladder, self._which[at])
        return self._ladder[self._which[at]]
