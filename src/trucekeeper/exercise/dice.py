"""Dice: what is drawn at random, from a seed and from nothing else. Whole numbers only."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Dice:
    """Numbers drawn from a seed. Each part of a drill has dice of its own, so that one does not disturb another."""

    def __init__(self, seed: int, part: str) -> None:
        """Begin the series that belongs to a seed and a part."""
        self._random = Random(f"{seed}/{part}")  # noqa: S311  a drill is told by its seed; nothing is kept secret

    def between(self, least: int, most: int) -> int:
        """Return a whole number, both ends among those drawn."""
        return least + self._random.randrange(most - least + 1)

    def percent(self, chance: int) -> bool:
        """Return yes in so many of a hundred cases."""
        return self._random.randrange(100) < chance

    def per_mille(self, chance: int) -> bool:
        """Return yes in so many of a thousand cases."""
        return self._random.randrange(1000) < chance

    def pick(self, among: Sequence[T]) -> T:
        """Return one of these."""
        return among[self._random.randrange(len(among))]
