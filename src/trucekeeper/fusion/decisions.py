"""What people decided of pairs of reports: one incident, or two. Of decisions that contradict, the latest holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Decision: TypeAlias = "tuple[int, int, bool]"
"""Two reports by their keys, and whether they tell one incident."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Decisions without contradiction.

    `group` says of every report that was joined with another the least key of all it was joined with, `members` who
    these are, `apart` which pairs are two incidents, the lesser key first; `overruled` are the decisions that later
    ones leave no room for.
    """

    group: dict[int, int]
    members: dict[int, tuple[int, ...]]
    apart: frozenset[tuple[int, int]]
    overruled: tuple[Decision, ...]

    def among(self, keys: Iterable[int]) -> Settled:
        """Return what holds among some reports."""
        if not self.group and not self.apart:
            return self
        some = set(keys)
        return Settled(
            {key: self.group[key] for key in some & self.group.keys()},
            {},
            frozenset(pair for pair in self.apart if some.issuperset(pair)),
            (),
        )

    def changed(self, other: Settled) -> set[int]:
        """Return the reports of which something else holds."""
        keys = {key for pair in self.apart ^ other.apart for key in pair}
        return keys | {key for group in {*self.members.values()} ^ {*other.members.values()} for key in group}


NOTHING = Settled({}, {}, frozenset(), ())
"""Nobody has decided anything."""


def settled(decisions: Sequence[Decision]) -> Settled:
    """Return what holds of decisions, given from the earliest to the latest."""
    groups = _Groups()
    overruled = [decision for decision in reversed(decisions) if not groups.take(*decision)]
    members = {min(keys): tuple(sorted(keys)) for keys in groups.members.values() if len(keys) > 1}
    return Settled(
        {key: least for least, keys in members.items() for key in keys},
        members,
        frozenset(groups.apart),
        tuple(reversed(overruled)),
    )


class _Groups:
    """Reports joined so far, and those kept apart."""

    def __init__(self) -> None:
        self.root: dict[int, int] = {}
        self.members: dict[int, set[int]] = {}
        self.apart: set[tuple[int, int]] = set()

    def take(self, one: int, two: int, same: bool) -> bool:  # noqa: FBT001  a decision's third part is its answer
        """Take a decision in, unless it contradicts one taken before; return whether it holds."""
        first, second = self._of(one), self._of(two)
        if same:
            return first == second or self._join(first, second)
        if first == second:
            return False
        self.apart.add((min(one, two), max(one, two)))
        return True

    def _of(self, key: int) -> int:
        root = self.root.setdefault(key, key)
        self.members.setdefault(root, {key})
        return root

    def _join(self, first: int, second: int) -> bool:
        if any(_ordered(one, two) in self.apart for one in self.members[first] for two in self.members[second]):
            return False
        for key in self.members[second]:
            self.root[key] = first
        self.members[first] |= self.members.pop(second)
        return True


def _ordered(one: int, two: int) -> tuple[int, int]:
    return min(one, two), max(one, two)
