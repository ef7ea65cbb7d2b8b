"""Origins: where the chains of citation behind some reports of one incident began, each counted once.

A report without chains begins with its own source, or with the origin that it names (one patrol of several). One that
cites begins where each of its chains ends. Ends are one origin if they are the same words, or if reports that rest on
them are copies: of one address, or in words so alike that one was made from the other. A chain that ends with a
source of the mission ends with what that source itself would be. This errs to the side of too few origins, since
what they are counted for is corroboration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.fusion.copies import alike, plain
from trucekeeper.fusion.joining import Joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucekeeper.terms import Report


@dataclass(frozen=True, slots=True)
class Origin:
    """One beginning, by its words, and the reports that rest on it."""

    name: str
    reports: tuple[Report, ...]

    @property
    def blocs(self) -> frozenset[str]:
        """Return the interests of those who tell of it."""
        return frozenset(report.bloc for report in self.reports)


def origins(reports: Sequence[Report], sources: Mapping[str, str]) -> tuple[Origin, ...]:
    """Return the origins of some reports, by name. `sources` gives the source that a name, written plain, is of."""
    joined = Joined[str]()
    ends = {report.key: ends_of(report, sources) for report in reports}
    for copies in alike(reports):
        for end in (end for key in copies for end in ends[key]):
            joined.join(ends[copies[0]][0], end)
    rest: dict[str, dict[int, Report]] = {}
    for report in sorted(reports, key=lambda one: one.key):
        for end in ends[report.key]:
            rest.setdefault(joined.find(end), {})[report.key] = report
    return tuple(Origin(name, tuple(several.values())) for name, several in sorted(rest.items()))


def ends_of(report: Report, sources: Mapping[str, str]) -> tuple[str, ...]:
    """Return where what a report says began, as far as it tells."""
    if not report.chains:
        return (f"{report.fact.source}: {plain(report.fact.origin)}" if report.fact.origin else report.fact.source,)
    ends = (plain(chain[-1]) for chain in report.chains)
    return tuple(dict.fromkeys(sources.get(end, end) for end in ends))
