"""Whether a fact is one of those that a pattern means: certainly, possibly, or not.

Each aspect (kind, doer, place, fields) answers by itself and the answers are joined by "and". A fact below the asked
proof is possible at most; a refuted one is none. Where a pattern names a doer, the lower of `occurred` and `who`
counts (rule of meaning 6). What a fact does not say is unknown, not absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.agreement.language import AnyoneExcept, Bound, FieldTest, PatternBody
from trucekeeper.terms import Amount, Fact, Field, FieldType, Nature, Proof, Tri
from trucekeeper.terms.tri import every, some

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Binding

Doer = tuple[str, ...] | AnyoneExcept | None


@dataclass(frozen=True, slots=True)
class Meant:
    """What a pattern means where it stands: by whom, for which member of a set, about what."""

    by: Doer = None
    binding: Binding = ()
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matcher:
    """Matches facts with patterns of one agreement at one asked level of proof."""

    agreement: Agreement
    proof: Proof

    def match(self, pattern: PatternBody, fact: Fact, meant: Meant) -> Tri:
        """Return whether the fact is meant, its subject and what the pattern says of it."""
        subject = self.subject(pattern, fact, meant)
        return subject if subject is Tri.NO else min(subject, self.predicate(pattern, fact, meant))

    def subject(self, pattern: PatternBody, fact: Fact, meant: Meant) -> Tri:
        """Return whether the fact speaks of the subject meant, and is established as asked.

        The subject is the kind, the doer and the member of each set; where the pattern says where, its fields too say
        which things it speaks of ("artillery at least 25 km away" speaks of artillery).
        """
        hidden_kind = fact.redacted and not fact.kind
        if not hidden_kind and not self.agreement.vocabulary.is_a(fact.kind, pattern.fact):
            return Tri.NO
        doer = pattern.by or meant.by
        parts = [self.established(fact, doer), self.done_by(fact, doer), self._bound_to(pattern, fact, meant)]
        return every([*parts, *self._fields(pattern, fact)] if placed(pattern) else parts)

    def predicate(self, pattern: PatternBody, fact: Fact, meant: Meant) -> Tri:
        """Return whether what the pattern says of the subject is true: of its place, else of its fields."""
        members = dict(meant.binding)
        parts = [] if placed(pattern) else self._fields(pattern, fact)
        if pattern.in_:
            parts.append(some(self.inside(members.get(zone, zone), fact) for zone in pattern.in_))
        if pattern.outside:
            parts.append(some(self.inside(members.get(zone, zone), fact) for zone in pattern.outside).negated)
        if pattern.side is not None or pattern.distance is not None:
            parts.append(self.beside(pattern, fact))
        return every(parts)

    def established(self, fact: Fact, doer: Doer) -> Tri:
        """Return whether the fact is established as asked; where a doer is named, its author too (rule 6)."""
        named = doer is not None and not _anybody(doer)
        level = min(fact.occurred, fact.who) if named and fact.who is not Proof.REFUTED else fact.occurred
        if level is Proof.REFUTED:
            return Tri.NO
        return Tri.YES if level >= self.proof and not fact.redacted else Tri.MAYBE

    def done_by(self, fact: Fact, doer: Doer) -> Tri:
        """Return whether one of those named did it; whose authorship was refuted did not."""
        if doer is None or _anybody(doer):
            return Tri.YES
        if fact.by is None:
            return Tri.MAYBE
        answer = self.agreement.belongs(fact.by, doer)
        if fact.who is Proof.REFUTED:
            return Tri.NO if answer is Tri.YES else Tri.MAYBE
        return answer

    def _bound_to(self, pattern: PatternBody, fact: Fact, meant: Meant) -> Tri:
        known = self.agreement.vocabulary.fields(pattern.fact)
        on_paper = self.agreement.vocabulary.kinds[pattern.fact].nature is Nature.RECORD
        parts = []
        for name, member in meant.binding:
            if name in known and name not in pattern.in_:
                said = fact.field(name)
                silent = Tri.YES if on_paper and not fact.redacted else Tri.MAYBE
                parts.append(silent if said is None else word_test(said, member))
        if meant.about and self.is_linked(pattern):
            said = fact.field("of")
            parts.append(
                Tri.MAYBE if said is None and fact.redacted else some(word_test(said, one) for one in meant.about)
            )
        return every(parts)

    def is_linked(self, pattern: PatternBody) -> bool:
        """Return whether facts of a pattern say of what they are, and the pattern itself does not say of what."""
        known = self.agreement.vocabulary.fields(pattern.fact)
        return "of" in known and all(name != "of" for name, _ in pattern.fields)

    def inside(self, zone: str, fact: Fact) -> Tri:
        """Return whether the fact happened in a zone, or in one of those that a clause defines by this name."""
        return some(self.inside_one(one, fact) for one in self.agreement.zones_of(zone))

    def inside_one(self, zone: str, fact: Fact) -> Tri:
        """Return whether the fact happened in one zone of the atlas."""
        atlas = self.agreement.atlas
        answer = Tri.MAYBE if fact.place is None else atlas.inside(zone, fact.place, fact.when)
        if answer is Tri.MAYBE and fact.zone is not None:
            answer = atlas.zone_inside(zone, fact.zone, fact.when)
        return answer

    def beside(self, pattern: PatternBody, fact: Fact) -> Tri:
        """Return whether the fact happened on the side of a line, and at the distance, that the pattern names."""
        parts = [self._on_side(pattern, fact)] if pattern.side is not None else []
        return every([*parts, *([self._distant(pattern, fact)] if pattern.distance is not None else [])])

    def _on_side(self, pattern: PatternBody, fact: Fact) -> Tri:
        if pattern.side is None or fact.place is None:
            return Tri.MAYBE
        return self.agreement.atlas.side(pattern.side.line, pattern.side.side, fact.place, fact.when)

    def _distant(self, pattern: PatternBody, fact: Fact) -> Tri:
        if pattern.distance is None or fact.place is None:
            return Tri.MAYBE
        least, most = self.agreement.atlas.distance(pattern.distance.line, fact.place, fact.when)
        wanted = pattern.distance.metres
        far = Tri.of(certain=least >= wanted, possible=most >= wanted)
        return far.negated if pattern.distance.under else far

    def _fields(self, pattern: PatternBody, fact: Fact) -> list[Tri]:
        return [self.field(fact, name, test) for name, test in pattern.fields]

    def field(self, fact: Fact, name: str, test: FieldTest) -> Tri:
        """Return whether what the fact says in a field passes a test; maybe where it does not say."""
        value = fact.field(name)
        if value is None:
            return Tri.MAYBE
        if isinstance(test, Bound):
            return bound_test(value, test)
        if isinstance(test, bool):
            return Tri.YES if value is test else Tri.NO
        if isinstance(test, int):
            return bound_test(value, Bound(at_least=test, at_most=test))
        wanted = (test,) if isinstance(test, str) else test
        if self.agreement.vocabulary.fields(fact.kind).get(name) is FieldType.ACTOR:
            return some(self.agreement.belongs(one, wanted) for one in words(value))
        return some(word_test(value, one) for one in wanted)


def placed(pattern: PatternBody) -> bool:
    """Return whether a pattern says where; then its fields say which things it speaks of."""
    return bool(pattern.in_ or pattern.outside or pattern.side or pattern.distance)


def same(one: Fact, other: Fact, names: Sequence[str]) -> Tri:
    """Return whether two facts agree in each of these: `by`, `zone` or a field; maybe where one does not say."""
    return every(_same(aspect(one, name), aspect(other, name)) for name in names)


def aspect(fact: Fact, name: str) -> Field | None:
    """Return who did it, in which zone, or what a fact says in a field."""
    return {"by": fact.by, "zone": fact.zone}[name] if name in ("by", "zone") else fact.field(name)


def _same(one: Field | None, other: Field | None) -> Tri:
    if one is None or other is None:
        return Tri.MAYBE
    return Tri.YES if one == other else Tri.NO


def _anybody(doer: Sequence[str] | AnyoneExcept) -> bool:
    return not isinstance(doer, AnyoneExcept) and ("anyone" in doer or "unstated" in doer)


def words(value: Field) -> tuple[str, ...]:
    """Return the words of a value: its own, or the several that it lists."""
    return value if isinstance(value, tuple) else (str(value),)


def word_test(value: Field | None, wanted: str) -> Tri:
    """Return whether a value is a word, or has it among several."""
    return Tri.YES if value is not None and wanted in words(value) else Tri.NO


def bound_test(value: Field, test: Bound) -> Tri:
    """Return whether an amount lies within the limits."""
    if not isinstance(value, Amount):
        return Tri.NO
    least = max(
        limit
        for limit in (test.at_least, None if test.above is None else test.above + 1, value.least)
        if limit is not None
    )
    most = min(
        limit
        for limit in (test.at_most, None if test.below is None else test.below - 1, value.most)
        if limit is not None
    )
    certain = least == value.least and most == value.most
    return Tri.of(certain=certain, possible=least <= most)
