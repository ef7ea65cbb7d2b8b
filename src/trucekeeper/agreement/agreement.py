"""The agreement as values: who is bound, what was promised, in which version, under which readings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Generic, TypeVar

from trucekeeper.agreement.language import AnyoneExcept, Define
from trucekeeper.terms import Tri

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucekeeper.agreement.language import AmendmentHead, AnyClause, Event, Head, Reading
    from trucekeeper.agreement.phrases import When
    from trucekeeper.geo import Atlas
    from trucekeeper.terms import Vocabulary

T = TypeVar("T")

Assignment = tuple[tuple[str, str], ...]
"""One option for each of some readings, sorted by the reading's name."""


@dataclass(frozen=True, slots=True)
class Variants(Generic[T]):
    """A value for every way of reading it. `axes` are the readings that it depends on."""

    axes: tuple[str, ...]
    values: Mapping[Assignment, T]

    def under(self, assignment: Mapping[str, str]) -> T:
        """Return the value under an assignment that names at least its axes."""
        return self.values[tuple((axis, assignment[axis]) for axis in self.axes)]

    def first(self) -> T:
        """Return the value under the first option of every reading."""
        return next(iter(self.values.values()))


@dataclass(frozen=True, slots=True)
class ClauseVersion:
    """A clause as one text has it: the founding text (`amendment` is None) or a later decision.

    `wordings` holds, for each way of reading it, the clause for each party bound where the text says different things
    for each, else under the empty name. None means that the decision removed the clause.
    """

    amendment: str | None
    wordings: Variants[Mapping[str, AnyClause]] | None

    def first(self) -> AnyClause | None:
        """Return the clause under the first reading, for the first party bound."""
        return None if self.wordings is None else next(iter(self.wordings.first().values()))

    def all(self) -> tuple[AnyClause, ...]:
        """Return the clause under every reading and for every party bound."""
        if self.wordings is None:
            return ()
        return tuple(clause for by_obligor in self.wordings.values.values() for clause in by_obligor.values())


@dataclass(frozen=True, slots=True)
class ClauseHistory:
    """A clause through all decisions, the founding text first, then in order of adoption."""

    id: str
    versions: tuple[ClauseVersion, ...]

    def latest(self) -> AnyClause:
        """Return the latest wording that was not a removal, under its first reading."""
        return next(clause for version in reversed(self.versions) if (clause := version.first()) is not None)

    def all(self) -> tuple[AnyClause, ...]:
        """Return every wording of every version."""
        return tuple(clause for version in self.versions for clause in version.all())


@dataclass(frozen=True, slots=True, repr=False)
class Agreement:
    """An agreement, checked: every name in it is known, every trigger can happen, nothing waits for itself."""

    head: Head
    readings: Mapping[str, Reading]
    events: Mapping[str, Variants[Event]]
    in_force: Variants[When | None]
    clauses: Mapping[str, ClauseHistory]
    amendments: Mapping[str, AmendmentHead]
    atlas: Atlas
    vocabulary: Vocabulary
    digest: str

    def __repr__(self) -> str:
        return f"Agreement({self.head.agreement!r}, {self.digest[:12]})"

    @property
    def time_zone(self) -> str:
        """Return the IANA zone in which the agreement counts its civil days."""
        return self.head.time_zone

    def actors(self) -> frozenset[str]:
        """Return every name of a party, force, unit or other actor."""
        names = set(self.head.parties) | set(self.head.actors)
        for party in self.head.parties.values():
            names |= {*party.forces, *party.units}
        return frozenset(names)

    def phases(self) -> dict[str, str]:
        """Return, for each phase, the clause that opens it."""
        return {
            clause.opens: history.id
            for history in self.clauses.values()
            for clause in history.all()
            if clause.kind == "phase"
        }

    def belongs(self, actor: str, names: Sequence[str] | AnyoneExcept) -> Tri:
        """Return whether an actor is one of these, belongs to one of them, or has one of these roles.

        An affiliate whose link to its party is disputed belongs to it maybe.
        """
        if isinstance(names, AnyoneExcept):
            return self.belongs(actor, names.anyone_except).negated
        if "anyone" in names or "unstated" in names:
            return Tri.YES
        return max((self._belongs_to(actor, name) for name in names), default=Tri.NO)

    def _belongs_to(self, actor: str, name: str) -> Tri:
        if actor == name:
            return Tri.YES
        party = self.head.parties.get(name)
        if party is not None and actor in (*party.forces, *party.units):
            return Tri.YES
        other = self.head.actors.get(actor)
        if other is None:
            return Tri.YES if name == "party" and actor in self.head.parties else Tri.NO
        if other.role == name:
            return Tri.YES
        if other.of is None:
            return Tri.NO
        link = Tri.YES if other.link == "accepted" else Tri.MAYBE
        return min(link, self._belongs_to(other.of, name))

    def units_of(self, name: str) -> tuple[str, ...]:
        """Return the declared units of a party, empty if it declared none."""
        party = self.head.parties.get(name)
        return () if party is None else party.units

    def zones_of(self, name: str) -> tuple[str, ...]:
        """Return the zones that a clause groups under this name; of a zone's own name, that zone."""
        defined = self.clauses.get(name)
        group = None if defined is None else defined.latest()
        return group.zones if isinstance(group, Define) and group.zones else (name,)


def assignments(readings: Mapping[str, Reading], axes: Sequence[str]) -> list[Assignment]:
    """Return every choice of one option for each of these readings, in the order in which the text gives them."""
    ordered = sorted(axes)
    return [
        tuple(zip(ordered, options, strict=True))
        for options in product(*(readings[axis].options for axis in ordered))
    ]
