"""Origins: where the chains of citation behind some reports of one incident began, each counted once.

A report without chains begins with its own source, or with the origin that it names (one patrol of several). One that
cites begins where each of its chains ends. Ends are one origin if they are the same words, or if reports that rest on
them are copies: of one address, or in words so alike that one was made from the other. A chain that ends with a
source of the mission ends with what that source itself would be. This errs to the side of too few origins, since
what they are counted for is corroboration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from trucekeeper.fusion.copies import alike, plain
from trucekeeper.fusion.joining import Joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucekeeper.terms import Report


@dataclass(frozen=True, slots=True)
class Origin:
    """One beginning, by its words, and the reports that rest on it; `own` are the blocs of sources that it is."""

    name: str
    reports: tuple[Report, ...]
    own: frozenset[str] = frozenset()

    @property
    def blocs(self) -> frozenset[str]:
        """Return the interests behind it: its own where it is known, else those of all who tell of it."""
        return self.own or self.tellers

    @property
    def tellers(self) -> frozenset[str]:
        """Return the interests through which it reaches us."""
        return frozenset(report.bloc for report in self.reports)


@dataclass(frozen=True, slots=True)
class Registry:
    """The sources of a mission: the source that a name, written plain, is of, and the bloc of each source."""

    names: Mapping[str, str] = field(default_factory=dict)
    blocs: Mapping[str, str] = field(default_factory=dict)


def origins(
    reports: Sequence[Report], registry: Registry, claims: Sequence[Sequence[int]] = ()
) -> tuple[Origin, ...]:
    """Return the origins of some reports, by name. Of `claims` it is known that they are copies, given by keys."""
    joined = Joined[str]()
    ends = {report.key: ends_of(report, registry) for report in reports}
    for copies in alike(reports, claims):
        for one, other in pairwise([end for key in copies for end in ends[key]]):
            joined.join(one, other)
    rest: dict[str, dict[int, Report]] = {}
    own: dict[str, set[str]] = {}
    for report in sorted(reports, key=lambda one: one.key):
        for end in ends[report.key]:
            name = joined.find(end)
            rest.setdefault(name, {})[report.key] = report
            own.setdefault(name, set()).update({registry.blocs[end]} if end in registry.blocs else ())
    return tuple(
        Origin(name, tuple(several.values()), frozenset(own[name])) for name, several in sorted(rest.items())
    )


def ends_of(report: Report, registry: Registry) -> tuple[str, ...]:
    """Return where what a report says began, as far as it tells."""
    if not report.chains:
        return (f"{report.fact.source}: {plain(report.fact.origin)}" if report.fact.origin else report.fact.source,)
    ends = (plain(chain[-1]) for chain in report.chains)
    return tuple(dict.fromkeys(registry.names.get(end, end) for end in ends))
