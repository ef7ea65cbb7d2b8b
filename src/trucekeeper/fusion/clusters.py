"""Clusters: claims that speak of one event, as claims come and go; and what a claim is to the numbers behind that."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.fusion.clustering import clusters
from trucekeeper.fusion.columns import DAY_US, TYPES, Codes, Columns
from trucekeeper.fusion.columns import UNSTATED as NO_CODE
from trucekeeper.fusion.decisions import settled
from trucekeeper.fusion.fitting import fit
from trucekeeper.fusion.live import Live
from trucekeeper.fusion.review import questions
from trucekeeper.fusion.weights import Weigher
from trucekeeper.terms import UNSTATED, Amount
from trucekeeper.terms.moments import DAY, MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucekeeper.fusion.clustering import Clusters as InBatch
    from trucekeeper.fusion.decisions import Decision
    from trucekeeper.fusion.live import Changed
    from trucekeeper.fusion.model import Model
    from trucekeeper.terms import Report

RADII_PER_SD = 2.448
"""Of a point with a normal error along each axis, 95 of 100 lie within so many standard deviations."""
LEAST_SD_M = 25.0
"""No report knows better where an event was: it is not a point."""
LEAST_SD, LEAST_SD_HEARD = 5 * MINUTE, 30 * MINUTE
"""Nor when: shelling lasts. Who was not there has the minute from others, and rounds it."""
HALF_WIDTHS_PER_SD = 1.732
"""The half width of a uniform distribution in its standard deviations."""

MOST_CASUALTIES = 1_000_000
"""Beyond the last class of counts no difference is looked at, and a column holds no more than 2^31 - 1."""


@dataclass
class Names:
    """The names of kinds, actors and sources as they are met, each numbered when it first is."""

    kinds: dict[str, int] = field(default_factory=dict)
    actors: dict[str, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    blocs: dict[str, int] = field(default_factory=dict)
    distinct: set[str] = field(default_factory=set)

    @property
    def codes(self) -> Codes:
        """Return what the numbers are called."""
        return Codes(tuple(self.kinds), tuple(self.actors), tuple(self.sources), frozenset(self.distinct))

    def columns(self, reports: Sequence[Report]) -> Columns:
        """Return reports as columns, one row each."""
        rows = [self._row(one) for one in reports]
        return Columns(**{name: np.array([row[name] for row in rows], dtype=TYPES[name]) for name in TYPES})

    def _row(self, report: Report) -> dict[str, float]:
        fact, place = report.fact, report.fact.place
        when = fact.when
        middle = (when.earliest + when.latest) // 2
        day = report.day and when.latest - when.earliest <= DAY
        half = (when.latest - when.earliest) / 2
        least = LEAST_SD if report.first_hand else LEAST_SD_HEARD
        if report.distinct:
            self.distinct.add(fact.source)
        who = fact.by or "+".join(report.involves)
        return {
            "key": report.key,
            "lat_e7": 0 if place is None else place.lat_e7,
            "lon_e7": 0 if place is None else place.lon_e7,
            "located": place is not None,
            "sd_m": 0.0 if place is None else _sd_m(place.within_m, area=report.area),
            "area": report.area,
            "time_us": middle,
            "sd_us": DAY_US // 2 if day else max(least, int(half / HALF_WIDTHS_PER_SD)),
            "day": day,
            "kind": NO_CODE if fact.kind == UNSTATED else _number(self.kinds, fact.kind),
            "actor": _number(self.actors, who) if who else NO_CODE,
            "count": _casualties(fact.amount("killed")),
            "source": _number(self.sources, fact.source),
            "bloc": _number(self.blocs, report.bloc),
        }


def _sd_m(within_m: int, *, area: bool) -> float:
    """Return how far off a place is said to be: a town's own radius, else the standard deviation along an axis."""
    return max(LEAST_SD_M, float(within_m) if area else within_m / RADII_PER_SD)


def _number(names: dict[str, int], name: str) -> int:
    return names.setdefault(name, len(names))


def _casualties(killed: Amount | None) -> int:
    return NO_CODE if killed is None else max(NO_CODE, min((killed.least + killed.most) // 2, MOST_CASUALTIES))


@dataclass(frozen=True, slots=True)
class Joint:
    """What speaks for two reports being of one event, in thousandths of a nat: in all, and term by term."""

    one: str
    other: str
    weight: int
    terms: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Two reports of which it is in doubt whether they are of one event: why, and by how little it is as it is."""

    one: str
    other: str
    why: str
    margin: int
    terms: Mapping[str, int]


class Clusters:
    """The clusters of claims, each named after the first of them on record."""

    def __init__(self, model: Model) -> None:
        """Begin with no claims."""
        self.names = Names()
        self._weigher = Weigher(model, self.names.codes)
        self._live = Live(self._weigher)
        self._labels: dict[int, int] = {}
        self._members: dict[int, tuple[int, ...]] = {}
        self._links: dict[tuple[int, int], bool] = {}

    def change(self, *, gone: Iterable[int], there: Iterable[Report]) -> set[int]:
        """Take claims out, and others in or anew; return the names of the clusters that are not what they were."""
        new = sorted(there, key=lambda one: one.key)
        old = [key for key in {*gone, *(one.key for one in new)} if key in self._labels]
        touched = self._changed(self._live.remove(old)) if old else set()
        for key in old:
            self._labels.pop(key, None)
        if new:
            columns = self.names.columns(new)
            self._weigher.call(self.names.codes)
            touched |= self._changed(self._live.add(columns))
        return touched

    def decide(self, links: Mapping[tuple[int, int], bool]) -> set[int]:
        """Hold the clusters to these decisions and no others, the latest last; return the names of those changed."""
        if list(links.items()) == list(self._links.items()):
            return set()
        self._links = dict(links)
        return self._changed(self._live.decide(self._decisions()))

    def label(self, key: int) -> int:
        """Return the name of the cluster that holds a claim."""
        return self._labels[key]

    def members(self, label: int) -> tuple[int, ...]:
        """Return the claims of a cluster, () if there is none of that name."""
        return self._members.get(label, ())

    def joints(self, reports: Sequence[Report]) -> list[Joint]:
        """Return what joins each of some reports, but the first, to those before it: the best pair, term by term."""
        columns = self.names.columns(reports)
        self._weigher.call(self.names.codes)
        read = self._weigher.read(columns)
        found: list[Joint] = []
        for row in range(1, len(reports)):
            one, two = np.full(row, row), np.arange(row)
            weights = self._weigher.weigh(read, one, two)
            best = int(np.argmax(weights))
            terms = self._weigher.terms(read, one[[best]], two[[best]])
            said = {name: int(value[0]) for name, value in terms.items()}
            found.append(Joint(reports[best].fact.id, reports[row].fact.id, int(weights[best]), said))
        return found

    def doubts(self, reports: Sequence[Report], most: int) -> list[Doubtful]:
        """Return the pairs of some reports of which it is least clear whether they are of one event."""
        names = {one.key: one.fact.id for one in reports}
        return [
            Doubtful(names[one.reports[0]], names[one.others[0]], one.doubt.value, one.margin, one.terms)
            for one in questions(self._in_batch(reports), most)
        ]

    def fitted(self, reports: Sequence[Report]) -> Model:
        """Return the model that these reports, and what people decided of them, teach."""
        columns = self.names.columns(reports)
        return fit(columns, self.names.codes, self._decisions())

    def _in_batch(self, reports: Sequence[Report]) -> InBatch:
        columns = self.names.columns(reports).by_key()
        self._weigher.call(self.names.codes)
        return clusters(columns, self._weigher, settled(self._decisions()))

    def _decisions(self) -> list[Decision]:
        return [(one, other, same) for (one, other), same in self._links.items()]

    def _changed(self, changed: Changed) -> set[int]:
        for name in changed.gone:
            self._members.pop(name, None)
        for name, keys in changed.now.items():
            self._members[name] = keys
            self._labels.update(dict.fromkeys(keys, name))
        return {*changed.gone, *changed.now}
