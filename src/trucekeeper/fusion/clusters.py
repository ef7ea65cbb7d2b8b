"""Clusters: claims that speak of one event, as claims come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trucekeeper.fusion.model import Model
    from trucekeeper.terms import Report


class Clusters:
    """The clusters of claims, each named after the first of them on record."""

    def __init__(self, model: Model) -> None:
        """Begin with no claims."""
        self.model = model
        self._labels: dict[int, int] = {}

    def change(self, *, gone: Iterable[int], there: Iterable[Report]) -> set[int]:
        """Take claims out, and others in or anew; return the names of the clusters that are not what they were."""
        touched = set(gone)
        for key in touched:
            self._labels.pop(key, None)
        for one in there:
            self._labels[one.key] = one.key
            touched.add(one.key)
        return touched

    def decide(self, links: Mapping[tuple[int, int], bool]) -> set[int]:
        """Hold the clusters to these decisions and no others; return the names of those that changed."""
        del links
        return set()

    def label(self, key: int) -> int:
        """Return the name of the cluster that holds a claim."""
        return self._labels[key]

    def members(self, label: int) -> tuple[int, ...]:
        """Return the claims of a cluster, () if there is none of that name."""
        return (label,) if label in self._labels else ()
