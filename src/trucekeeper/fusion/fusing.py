"""Fusing: reports come and go, and incidents are made of them, the touched ones alone.

    fusing = Fusing(model)
    for key in fusing.change(added=[...], removed=[...]):
        fusing.incident(key)        None: there is no incident of that name any more

Reports become claims (`claims`), claims incidents (`live`). A report that is declared to add to another one goes with
that; where the other is not on record, it waits.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from trucekeeper.fusion.claims import Claims
from trucekeeper.fusion.clusters import Clusters
from trucekeeper.fusion.incidents import Incident

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trucekeeper.fusion.clusters import Doubtful, Joint
    from trucekeeper.fusion.model import Model
    from trucekeeper.terms import Report


class Fusing:
    """The incidents that some reports make, by one model and by what people decided."""

    def __init__(self, model: Model) -> None:
        """Begin with no reports."""
        self.clusters = Clusters(model)
        self._claims = Claims()
        self._keys: dict[str, int] = {}
        self._about: dict[str, dict[int, Report]] = {}
        self._target: dict[int, str] = {}
        self._links: dict[tuple[str, str], bool] = {}

    def __len__(self) -> int:
        """Return how many reports there are."""
        return len(self._claims.reports) + len(self._target)

    @property
    def waiting(self) -> tuple[Report, ...]:
        """Return the reports that add to one which is not there, the first on record first."""
        waiting = (several for name, several in self._about.items() if name not in self._keys)
        return tuple(sorted((one for several in waiting for one in several.values()), key=lambda one: one.key))

    @property
    def links(self) -> Mapping[tuple[str, str], bool]:
        """Return what people decided of pairs of reports, by their ids, the latest last."""
        return self._links

    def link(self, one: str, other: str, *, same: bool | None) -> set[int]:
        """Have two reports, by their ids, of one event, or not; None takes that back.

        Return the names of the incidents that may not be what they were.
        """
        first, second = sorted((one, other))
        self._links.pop((first, second), None)
        if same is not None:
            self._links[first, second] = same
        return self._decide()

    def change(self, *, added: Iterable[Report] = (), removed: Iterable[Report] = ()) -> set[int]:
        """Take reports out, and others in; return the names of all incidents that may not be what they were."""
        leaving, coming = list(removed), list(added)
        named = {one.about or one.fact.id for one in (*leaving, *coming)}
        touched, claims = self._holding(named), set[int]()
        for report in leaving:
            claims |= self._take_out(report)
        for report in coming:
            claims |= self._take_in(report)
        speaking = {key: self._claims.reports[key] for key in claims if self._claims.members(key)}
        touched |= claims | self.clusters.change(gone=claims - speaking.keys(), there=speaking.values())
        touched |= self._decide()
        return touched | {self.clusters.label(key) for key in speaking} | self._holding(named)

    def incident(self, key: int) -> Incident | None:
        """Return the incident that is named after an entry, None if there is none (any more)."""
        claims = self.clusters.members(key)
        if not claims:
            return None
        several = [self._claims.members(claim) for claim in claims]
        reports = [self._claims.reports[one] for keys in several for one in keys]
        adding = [report for one in reports for report in self._about.get(one.fact.id, {}).values()]
        copies = tuple(one for one in several if len(one) > 1)
        return Incident(key, tuple(sorted((*reports, *adding), key=lambda one: one.key)), copies)

    def joints(self, incident: Incident) -> list[Joint]:
        """Return what joins the claims of an incident."""
        return self.clusters.joints([self._claims.reports[key] for key in self.clusters.members(incident.key)])

    def doubts(self, most: int, *, among: int | None = None) -> list[Doubtful]:
        """Return the pairs of reports of which it is least clear whether they are of one event, the least first.

        `among` is how many of the reports are looked at, the last on record.
        """
        return self.clusters.doubts(self._speaking() if among is None else self._last(among), most)

    def claim(self, key: int) -> int:
        """Return the first report of the claim that a report makes, or adds to; itself while that is not there."""
        if key in self._target:
            target = self._keys.get(self._target[key])
            return key if target is None else self.claim(target)
        return self._claims.claim(key) if key in self._claims.reports else key

    def fitted(self) -> Model:
        """Return the model that the reports, and what people decided of them, teach."""
        return self.clusters.fitted(self._speaking())

    def _speaking(self) -> list[Report]:
        """Return the report that speaks for each claim."""
        return [one for key, one in sorted(self._claims.reports.items()) if self._claims.claim(key) == key]

    def holding(self, key: int) -> int | None:
        """Return the name of the incident to which the name of another, or of a report, leads; None for none."""
        if key in self._target:
            target = self._keys.get(self._target[key])
            return None if target is None else self.holding(target)
        return self.clusters.label(self._claims.claim(key)) if key in self._claims.reports else None

    def _last(self, most: int) -> list[Report]:
        """Return so many of the reports that speak for a claim, the last on record, in their order."""
        claim, reports = self._claims.claim, self._claims.reports
        keys = islice((key for key in sorted(reports, reverse=True) if claim(key) == key), most)
        return [reports[key] for key in reversed([*keys])]

    def _take_in(self, report: Report) -> set[int]:
        """Take one report in, and return the claims that are not what they were."""
        if report.about:
            self._about.setdefault(report.about, {})[report.key] = report
            self._target[report.key] = report.about
            return set()
        self._keys[report.fact.id] = report.key
        return self._claims.add(report)

    def _take_out(self, report: Report) -> set[int]:
        """Take one report out, and return the claims that are not what they were."""
        if report.about:
            del self._about[report.about][report.key], self._target[report.key]
            return set()
        del self._keys[report.fact.id]
        return self._claims.remove(report.key)

    def _holding(self, names: Iterable[str]) -> set[int]:
        """Return the incidents that hold some reports, by their ids."""
        found = {self.holding(self._keys[name]) for name in names if name in self._keys}
        return {one for one in found if one is not None}

    def _decide(self) -> set[int]:
        """Hold the clusters to what people decided of reports that are there."""
        links: dict[tuple[int, int], bool] = {}
        for pair, same in self._links.items():
            claims = {self._claims.claim(self._keys[one]) for one in pair if one in self._keys}
            if self._keys.keys() >= set(pair) and len(claims) > 1:  # copies are one claim, whatever anybody says
                first, second = sorted(claims)
                links.pop((first, second), None)  # it is as late as the last that was said of it
                links[first, second] = same
        return self.clusters.decide(links)
