"""Incident: the real-world event that some reports speak of, and the fact that it makes.

An incident is named after the entry of the first of its reports, `i-412`, for ever: if two become one, the older name
stays and the younger one leads to it; if one is split, each part is named after its own first report. So a name is
never given twice, and every name that was ever given still leads somewhere: to the incident that holds its report.

What the fact says:

    kind      what most origins name; of two as often named what both are a sort of, else what was said first
    when      the time that all reports allow; if there is none, from the first to the last of theirs
    place     the point that is best known, and so wide a radius that it reaches every other report's place
    numbers   from the least to the most that anybody says
    by        the one actor whom anybody names; of several the one who is corroborated if it is one alone; else nobody
    occurred  as the agreement's proof rule says of the origins that name this kind, or a sort of it
    who       as it says of the origins that name this actor for it

Where some of the reports are first-hand observations good enough to corroborate alone, time and place are theirs:
what somebody saw is not made vaguer by what others heard.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING

from trucekeeper.fusion.origins import Origin, Registry, origins
from trucekeeper.fusion.proof import proof, seen_first_hand
from trucekeeper.geo.apart import points_apart_m
from trucekeeper.terms import UNSTATED, Amount, Fact, Interval, Op, Place, Proof

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucekeeper.agreement.language import ProofRule
    from trucekeeper.terms import Field, Moment, Report, Vocabulary

SOURCE = "reports"
"""What an incident's fact names as its source: its reports, which the incident lists."""


LONGEST_NUMBER = 18
"""No record has more entries than so many digits say."""


@dataclass(frozen=True, slots=True)
class Rules:
    """By what an incident becomes a fact: an agreement's words and proof rule, and the names of the sources."""

    vocabulary: Vocabulary
    proof: ProofRule
    registry: Registry = field(default_factory=Registry)


@dataclass(frozen=True, slots=True)
class Incident:
    """Some reports of one event, the first on record first. `key` is the entry after which it is named.

    `copies` are those that are known to repeat one another, by keys, the one that speaks for them first.
    """

    key: int
    reports: tuple[Report, ...]
    copies: tuple[tuple[int, ...], ...] = ()

    @property
    def id(self) -> str:
        """Return its name."""
        return named(self.key)

    def origins(self, rules: Rules) -> tuple[Origin, ...]:
        """Return where what its reports say began."""
        return origins(self.reports, rules.registry, self.copies)

    def fact(self, rules: Rules, *, rev: int, recorded_at: Moment | None) -> Fact:
        """Return the fact that it makes, as one of its revisions."""
        begun = self.origins(rules)
        kind = kind_of(begun, rules.vocabulary)
        speaking = [narrowed for one in begun if (narrowed := _naming(one, kind, rules.vocabulary)) is not None]
        by, who = _who(speaking, rules.proof)
        best = self._best(rules.proof)
        return Fact(
            id=self.id,
            rev=rev,
            kind=kind,
            by=by,
            fields=fields_of([one.fact for one in self.reports], rules.vocabulary.fields(kind)),
            place=place_of([one.fact.place for one in best]),
            zone=_one({one.fact.zone for one in best if one.fact.zone}),
            when=when_of([one.fact.when for one in best]),
            learned_at=max(one.fact.learned_at for one in self.reports),
            recorded_at=recorded_at,
            occurred=proof(speaking, rules.proof),
            who=who,
            source=SOURCE,
            note=f"{_many(len(self.reports), 'report')}, {_many(len(begun), 'origin')}",
        )

    def _best(self, rule: ProofRule) -> Sequence[Report]:
        """Return the reports whose time and place count."""
        seen = [one for one in self.reports if seen_first_hand(one, rule)]
        return seen or self.reports


def named(key: int) -> str:
    """Return the name of the incident whose first report is of an entry."""
    return f"i-{key}"


def key_of(name: str) -> int | None:
    """Return the entry after which an incident is named, None for what is no name of one."""
    start, _, number = name.partition("-")
    known = start == "i" and number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
    return int(number) if known else None


def gone(fact: Fact, *, rev: int, learned_at: Moment, recorded_at: Moment | None) -> Fact:
    """Return the revision that takes an incident's fact back: others have its reports, or they are retracted."""
    return Fact(
        id=fact.id,
        rev=rev,
        op=Op.RETRACT,
        when=fact.when,
        learned_at=learned_at,
        recorded_at=recorded_at,
        source=SOURCE,
    )


def kind_of(begun: Sequence[Origin], vocabulary: Vocabulary) -> str:
    """Return what most origins name; `unstated` if none names any."""
    named_by = Counter(kind for one in begun for kind in {report.fact.kind for report in one.reports} - {UNSTATED})
    if not named_by:
        return UNSTATED
    most = max(named_by.values())
    first = [report.fact.kind for one in sorted(begun, key=_first) for report in one.reports]
    rivals = sorted((kind for kind, times in named_by.items() if times == most), key=first.index)
    shared = reduce(lambda one, other: [kind for kind in one if kind in other], map(vocabulary.lineage, rivals))  # type: ignore[arg-type, return-value]  # a lineage is a sequence of kinds, nearest first
    return shared[0] if shared else rivals[0]


def _first(origin: Origin) -> int:
    return origin.reports[0].key


def _naming(origin: Origin, kind: str, vocabulary: Vocabulary) -> Origin | None:
    """Return an origin with those of its reports that name this kind or a sort of it, None if none does."""
    several = tuple(one for one in origin.reports if vocabulary.is_a(one.fact.kind, kind))
    return replace(origin, reports=several) if several else None


def _who(speaking: Sequence[Origin], rule: ProofRule) -> tuple[str | None, Proof]:
    """Return who is said to have done it, and how far that is established."""
    actors = sorted({one.fact.by for origin in speaking for one in origin.reports if one.fact.by is not None})
    proofs = {actor: proof(_accusing(speaking, actor), rule) for actor in actors}
    if len(actors) == 1:
        return actors[0], proofs[actors[0]]
    corroborated = [actor for actor in actors if proofs[actor] is Proof.CORROBORATED]
    return (corroborated[0], Proof.CORROBORATED) if len(corroborated) == 1 else (None, Proof.ALLEGED)


def _accusing(speaking: Sequence[Origin], actor: str) -> list[Origin]:
    narrowed = [replace(one, reports=tuple(r for r in one.reports if r.fact.by == actor)) for one in speaking]
    return [one for one in narrowed if one.reports]


def when_of(several: Sequence[Interval]) -> Interval:
    """Return the time that all intervals allow; if there is none, the least that holds them all."""
    earliest, latest = max(one.earliest for one in several), min(one.latest for one in several)
    return Interval(earliest, latest) if earliest <= latest else reduce(Interval.hull, several)


def place_of(several: Iterable[Place | None]) -> Place | None:
    """Return the point that is best known, with a radius that reaches every other place; None if none is known."""
    places = sorted(
        {one for one in several if one is not None}, key=lambda one: (one.within_m, one.lat_e7, one.lon_e7)
    )
    if not places:
        return None
    best = places[0]
    reach = max((points_apart_m(best, one) - one.within_m for one in places[1:]), default=0)
    return Place(best.lat_e7, best.lon_e7, max(best.within_m, reach))


def fields_of(facts: Sequence[Fact], types: Mapping[str, object]) -> tuple[tuple[str, Field], ...]:
    """Return the fields on which all agree who speak of them, and of numbers the least and the most."""
    said: dict[str, list[Field]] = {}
    for name, value in (one for fact in facts for one in fact.fields if one[0] in types):
        said.setdefault(name, []).append(value)
    agreed = ((name, _agreed(said[name])) for name in sorted(said))
    return tuple((name, value) for name, value in agreed if value is not None)


def _agreed(values: Sequence[Field]) -> Field | None:
    amounts = [one for one in values if isinstance(one, Amount)]
    if amounts:
        return Amount(min(one.least for one in amounts), max(one.most for one in amounts))
    return values[0] if all(one == values[0] for one in values) else None


def _one(several: set[str]) -> str | None:
    return next(iter(several)) if len(several) == 1 else None


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")
