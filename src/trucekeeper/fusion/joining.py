"""Things that are joined step by step into groups, each named by its least."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T", int, str)


class Joined(Generic[T]):
    """Groups of things: whatever the order of joining, a group is named by its least member."""

    def __init__(self) -> None:
        """Begin with nothing joined."""
        self._of: dict[T, T] = {}

    def find(self, one: T) -> T:
        """Return the least of the group of a thing."""
        root = one
        while (above := self._of.setdefault(root, root)) != root:
            root = above
        while one != root:
            self._of[one], one = root, self._of[one]
        return root

    def join(self, one: T, other: T) -> None:
        """Put two things, and all that is joined with them, into one group."""
        first, second = sorted((self.find(one), self.find(other)))
        self._of[second] = first

    def several(self) -> tuple[tuple[T, ...], ...]:
        """Return the groups of two or more, each in order, by their least."""
        groups: dict[T, list[T]] = {}
        for one in sorted(self._of):
            groups.setdefault(self.find(one), []).append(one)
        return tuple(tuple(several) for _, several in sorted(groups.items()) if len(several) > 1)
