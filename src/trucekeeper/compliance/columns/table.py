"""The facts of one kind as columns, and all that are on record by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.compliance.columns.texts import Texts
from trucekeeper.compliance.columns.values import Numerals, Values, joined
from trucekeeper.terms import Fact, Interval, Place, Proof

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.columns.values import Integers
    from trucekeeper.terms import Moment

    Moments = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Facts of one kind ("" for redacted ones of which no kind is left), each in the one revision that counts.

    `occurred` and `who` are values of Proof. `whole` gives one fact with all that was ever said of it; without it
    facts are made of the columns, and say what verdicts read.
    """

    kind: str
    ids: Values
    earliest: Moments
    latest: Moments
    occurred: NDArray[np.int8]
    who: NDArray[np.int8]
    redacted: NDArray[np.bool_]
    by: Values
    zone: Values
    fields: Mapping[str, Values]
    places: Places
    whole: Callable[[int], Fact] | None = None

    def __len__(self) -> int:
        """Return how many facts there are."""
        return len(self.earliest)

    def take(self, rows: Integers) -> Table:
        """Return some of the facts, in this order."""
        whole = self.whole
        return Table(
            self.kind,
            self.ids.take(rows),
            self.earliest[rows],
            self.latest[rows],
            self.occurred[rows],
            self.who[rows],
            self.redacted[rows],
            self.by.take(rows),
            self.zone.take(rows),
            {name: column.take(rows) for name, column in self.fields.items()},
            self.places.take(rows),
            None if whole is None else lambda row: whole(int(rows[row])),
        )

    def fact(self, row: int) -> Fact:
        """Return one fact."""
        if self.whole is not None:
            return self.whole(row)
        latest = int(self.latest[row])
        said = {name: column.at(row) for name, column in self.fields.items()}
        by, zone = self.by.at(row), self.zone.at(row)
        return Fact(
            id=str(self.ids.at(row)),
            kind=self.kind,
            by=None if by is None else str(by),
            fields=tuple((name, value) for name, value in sorted(said.items()) if value is not None),
            place=self.places.at(row),
            zone=None if zone is None else str(zone),
            when=Interval(int(self.earliest[row]), latest),
            learned_at=latest,
            occurred=Proof(int(self.occurred[row])),
            who=Proof(int(self.who[row])),
        )

    def field(self, name: str) -> Values:
        """Return what the facts say in a field."""
        return self.fields.get(name) or Values.nothing(len(self))

    def aspect(self, name: str) -> Values:
        """Return who did it, in which zone, or what the facts say in a field."""
        return self.by if name == "by" else self.zone if name == "zone" else self.field(name)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where the facts were: coordinates in 1e-7 degree and radius in metres; `known` says which give a point."""

    lat_e7: NDArray[np.int64]
    lon_e7: NDArray[np.int64]
    within_m: NDArray[np.int64]
    known: NDArray[np.bool_]

    @staticmethod
    def of(places: Iterable[Place | None]) -> Places:
        """Return the columns of these places."""
        rows = [(0, 0, 0, False) if one is None else (one.lat_e7, one.lon_e7, one.within_m, True) for one in places]
        lat, lon, within, known = zip(*rows, strict=True) if rows else ((), (), (), ())
        return Places(
            np.array(lat, np.int64), np.array(lon, np.int64), np.array(within, np.int64), np.array(known, bool)
        )

    @staticmethod
    def nowhere(count: int) -> Places:
        """Return the columns of facts of which none gives a point."""
        zero = np.broadcast_to(np.array(0, np.int64), count)
        return Places(zero, zero, zero, np.broadcast_to(np.array(0, bool), count))

    @property
    def unsaid(self) -> bool:
        """Return whether it is plain without a look at them that none gives a point."""
        return self.known.strides == (0,) and not self.known[:1].any()

    @staticmethod
    def stacked(several: Sequence[Places]) -> Places:
        """Return the columns of several, one after the other."""
        if all(one.unsaid for one in several):
            return Places.nowhere(sum(len(one.known) for one in several))
        return Places(
            np.concatenate([one.lat_e7 for one in several]),
            np.concatenate([one.lon_e7 for one in several]),
            np.concatenate([one.within_m for one in several]),
            np.concatenate([one.known for one in several]),
        )

    def take(self, rows: Integers | slice) -> Places:
        """Return the columns of some of the facts."""
        if self.unsaid:
            return Places.nowhere(len(self.known[rows]))
        return Places(self.lat_e7[rows], self.lon_e7[rows], self.within_m[rows], self.known[rows])

    def at(self, row: int) -> Place | None:
        """Return the place of one fact."""
        if not self.known[row]:
            return None
        return Place(int(self.lat_e7[row]), int(self.lon_e7[row]), int(self.within_m[row]))


def table_of(kind: str, facts: Iterable[Fact]) -> Table:
    """Return the facts of one kind as columns."""
    ordered = sorted(facts, key=lambda fact: (fact.when, fact.id))
    names = sorted({name for fact in ordered for name, _ in fact.fields})
    return Table(
        kind,
        Values.of(fact.id for fact in ordered),
        np.array([fact.when.earliest for fact in ordered], np.int64),
        np.array([fact.when.latest for fact in ordered], np.int64),
        np.array([fact.occurred for fact in ordered], np.int8),
        np.array([fact.who for fact in ordered], np.int8),
        np.array([fact.redacted for fact in ordered], bool),
        Values.of(fact.by for fact in ordered),
        Values.of(fact.zone for fact in ordered),
        {name: Values.of(fact.field(name) for fact in ordered) for name in names},
        Places.of(fact.place for fact in ordered),
        ordered.__getitem__,
    )


def stacked(tables: Sequence[Table]) -> Table:
    """Return the facts of several tables of one kind as one, in order of time and then of tables."""
    names = sorted({name for one in tables for name in one.fields})
    ends = np.cumsum([len(one) for one in tables])

    def whole(row: int) -> Fact:
        which = int(np.searchsorted(ends, row, side="right"))
        return tables[which].fact(row - (int(ends[which - 1]) if which else 0))

    together = Table(
        tables[0].kind,
        _named_apart([one.ids for one in tables]),
        np.concatenate([one.earliest for one in tables]),
        np.concatenate([one.latest for one in tables]),
        np.concatenate([one.occurred for one in tables]),
        np.concatenate([one.who for one in tables]),
        np.concatenate([one.redacted for one in tables]),
        joined([one.by for one in tables]),
        joined([one.zone for one in tables]),
        {name: joined([one.field(name) for one in tables]) for name in names},
        Places.stacked([one.places for one in tables]),
        whole if any(one.whole for one in tables) else None,
    )
    earliest, latest = together.earliest, together.latest
    same = earliest[1:] == earliest[:-1]
    if ((earliest[1:] > earliest[:-1]) | (same & (latest[1:] >= latest[:-1]))).all():
        return together
    return together.take(np.lexsort((latest, earliest)))


def _named_apart(names: Sequence[Values]) -> Values:
    """Return the names of facts, no two of which have the same."""
    if all(isinstance(one.distinct, Numerals) for one in names):
        return joined(names)
    several = [one.distinct if isinstance(one.distinct, Texts) else Texts.of(map(str, one.distinct)) for one in names]
    before = np.cumsum([0, *map(len, several)])
    codes = [one.codes + np.int32(start) for one, start in zip(names, before.tolist(), strict=False)]
    return Values(np.concatenate(codes), Texts.together(several))


@dataclass(frozen=True, eq=False)
class Log:
    """All facts on record as columns, as known at a moment; it serves the reference as a record too."""

    agreement: Agreement
    tables: Sequence[Table]
    known_at: Moment
    by_kind: Mapping[str, tuple[Fact, ...]] = field(init=False)
    _of_kind: dict[str, tuple[Table, ...]] = field(default_factory=dict, init=False)
    _naming: dict[tuple[str, str], Mapping[object, list[Fact]]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Give the facts of a kind one by one to whoever asks for them so."""
        object.__setattr__(self, "by_kind", _OneByOne(self))

    @staticmethod
    def of(facts: Iterable[Fact], agreement: Agreement, known_at: Moment) -> Log:
        """Return the columns of facts already resolved to one revision each."""
        kinds: dict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            kinds[fact.kind].append(fact)
        return Log(agreement, [table_of(kind, several) for kind, several in kinds.items()], known_at)

    def of_kind(self, kind: str) -> tuple[Table, ...]:
        """Return the tables of a kind, of each sort of it, and of what may have been of it."""
        if kind not in self._of_kind:
            is_a = self.agreement.vocabulary.is_a
            found = tuple(one for one in self.tables if len(one) and (not one.kind or is_a(one.kind, kind)))
            self._of_kind[kind] = found
        return self._of_kind[kind]

    def naming(self, kind: str, name: str, value: str | None) -> Sequence[Fact]:
        """Return the facts of a kind that have just this value in a field, in order of time."""
        if (kind, name) not in self._naming:
            by_value: dict[object, list[Fact]] = defaultdict(list)
            for fact in self.by_kind.get(kind, ()):
                by_value[fact.field(name)].append(fact)
            self._naming[kind, name] = by_value
        return self._naming[kind, name].get(value, ())


class _OneByOne(Mapping[str, tuple[Fact, ...]]):
    """The facts of each kind as the reference reads them, made when first asked for."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._made: dict[str, tuple[Fact, ...]] = {}

    def __getitem__(self, kind: str) -> tuple[Fact, ...]:
        if kind not in self._made:
            facts = [table.fact(row) for table in self._log.of_kind(kind) for row in range(len(table))]
            self._made[kind] = tuple(sorted(facts, key=lambda fact: (fact.when, fact.id)))
        return self._made[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._log.agreement.vocabulary.kinds)

    def __len__(self) -> int:
        return len(self._log.agreement.vocabulary.kinds)
