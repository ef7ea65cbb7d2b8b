"""A matcher that asks the reference once for all facts that are alike in what a pattern looks at.

Whether a fact is of a pattern's subject is decided by its kind, its author, its proof and a few of its fields, and
few facts are alone in these. What lies at a place is remembered for that fact, since several patterns ask about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trucekeeper.compliance.matching import Matcher, Meant

if TYPE_CHECKING:
    from collections.abc import Hashable

    from trucekeeper.agreement.language import PatternBody
    from trucekeeper.terms import Fact, Tri

MOST = 1 << 16
"""Answers remembered: enough for the facts of a round, and for those asked about again and again."""


@dataclass(frozen=True, slots=True)
class Aspects:
    """Which fields decide whether a fact is one that a pattern means, and the answers so far."""

    pattern: PatternBody
    fields: tuple[str, ...]
    subjects: dict[Hashable, Tri] = field(default_factory=dict)
    predicates: dict[Hashable, Tri] = field(default_factory=dict)

    @staticmethod
    def of(pattern: PatternBody, meant: Meant) -> Aspects:
        """Return the aspects of a pattern where it stands, with no answers yet."""
        names = [*(name for name, _ in pattern.fields), *(name for name, _ in meant.binding)]
        return Aspects(pattern, tuple(dict.fromkeys([*names, *(["of"] if meant.about else [])])))

    def said(self, fact: Fact) -> tuple[Hashable, ...]:
        """Return what a fact says in these fields."""
        return tuple([fact.field(name) for name in self.fields])


@dataclass(frozen=True, slots=True)
class Remembering(Matcher):
    """Matches facts with patterns, and looks only once at what is alike."""

    places: dict[Hashable, Tri]
    timeless: bool = field(kw_only=True)
    aspects: dict[Hashable, Aspects] = field(default_factory=dict, kw_only=True)

    def subject(self, pattern: PatternBody, fact: Fact, meant: Meant) -> Tri:
        """Return whether the fact speaks of the subject meant, and is established as asked."""
        aspects = self._aspects(pattern, meant)
        key = (fact.kind, fact.by, fact.occurred, fact.who, fact.op, aspects.said(fact))
        found = aspects.subjects.get(key)
        if found is None:
            found = _remembered(aspects.subjects, key, Matcher.subject(self, pattern, fact, meant))
        return found

    def predicate(self, pattern: PatternBody, fact: Fact, meant: Meant) -> Tri:
        """Return whether what the pattern says of the subject is true: of its place, else of its fields."""
        if pattern.side is not None or pattern.distance is not None:
            return Matcher.predicate(self, pattern, fact, meant)
        if (pattern.in_ or pattern.outside) and not (self.timeless and fact.place is None):
            return Matcher.predicate(self, pattern, fact, meant)
        aspects = self._aspects(pattern, meant)
        key = (fact.kind, fact.zone, aspects.said(fact))
        found = aspects.predicates.get(key)
        if found is None:
            found = _remembered(aspects.predicates, key, Matcher.predicate(self, pattern, fact, meant))
        return found

    def _aspects(self, pattern: PatternBody, meant: Meant) -> Aspects:
        key = (id(pattern), meant)  # the pattern is kept alive with its aspects: no other has its number
        found = self.aspects.get(key)
        if found is None:
            found = self.aspects[key] = Aspects.of(pattern, meant)
        return found

    def inside(self, zone: str, fact: Fact) -> Tri:
        """Return whether the fact happened in a zone, or in one of those that a clause defines by this name."""
        by_zone = self.timeless and fact.place is None  # then its zone alone decides, whenever it was
        key: Hashable = (zone, fact.zone) if by_zone else (zone, fact.id, fact.rev)
        found = self.places.get(key)
        if found is None:
            found = _remembered(self.places, key, Matcher.inside(self, zone, fact))
        return found

    def beside(self, pattern: PatternBody, fact: Fact) -> Tri:
        """Return whether the fact happened on the side of a line, and at the distance, that the pattern names."""
        key = (pattern.side, pattern.distance, fact.id, fact.rev)
        found = self.places.get(key)
        if found is None:
            found = _remembered(self.places, key, Matcher.beside(self, pattern, fact))
        return found


def _remembered(answers: dict[Hashable, Tri], key: Hashable, answer: Tri) -> Tri:
    if len(answers) >= MOST:
        answers.clear()
    answers[key] = answer
    return answer
