"""Answers under doubt: no, maybe, yes.

Kleene's strong three-valued logic (S. C. Kleene, Introduction to Metamathematics, 1952, section 64):
"and" is the least, "or" the greatest, "not" turns yes and no about and leaves maybe.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Tri(IntEnum):
    """An answer: certainly not, possibly, certainly."""

    NO = 0
    MAYBE = 1
    YES = 2

    @property
    def negated(self) -> Tri:
        """Return the opposite answer; maybe stays maybe."""
        return Tri(2 - self)

    @staticmethod
    def of(*, certain: bool, possible: bool) -> Tri:
        """Return yes if certain, maybe if only possible, else no."""
        if certain:
            return Tri.YES
        return Tri.MAYBE if possible else Tri.NO


def every(answers: Iterable[Tri]) -> Tri:
    """Return the conjunction; of nothing it is yes."""
    return min(answers, default=Tri.YES)


def some(answers: Iterable[Tri]) -> Tri:
    """Return the disjunction; of nothing it is no."""
    return max(answers, default=Tri.NO)
