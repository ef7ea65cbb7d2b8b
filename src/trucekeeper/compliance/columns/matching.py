"""Which facts of a table a pattern means, all at once: `Matcher` asked once for each distinct case.

Each function here stands for one of `trucekeeper.compliance.matching` and asks it with a fact that says nothing but
the aspect in question.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from trucekeeper.compliance.columns.values import NOTHING
from trucekeeper.compliance.matching import Matcher, Meant, placed, word_test
from trucekeeper.geo import Places, Times
from trucekeeper.terms import Fact, Interval, Nature, Op, Proof, Tri

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from trucekeeper.agreement.language import PatternBody
    from trucekeeper.compliance.columns.table import Table
    from trucekeeper.compliance.columns.values import Answers
    from trucekeeper.compliance.matching import Doer
    from trucekeeper.geo import Atlas
    from trucekeeper.terms import Field

_ANY_TIME = Interval.at(0)
LEVELS = len(Proof)


def answered(tri: Tri, count: int) -> Answers:
    """Return one answer for so many facts."""
    return np.broadcast_to(np.array(tri, np.int8), count)


def negated(answers: Answers) -> Answers:
    """Return the opposite answers; maybe stays maybe."""
    return (2 - answers).astype(np.int8, copy=False)


def every(parts: Sequence[Answers], count: int) -> Answers:
    """Return the conjunction for each of so many facts."""
    return reduce(np.minimum, parts) if parts else answered(Tri.YES, count)


def some(parts: Sequence[Answers], count: int) -> Answers:
    """Return the disjunction for each of so many facts."""
    return reduce(np.maximum, parts) if parts else answered(Tri.NO, count)


def tri_of(certain: NDArray[np.bool_], possible: NDArray[np.bool_]) -> Answers:
    """Return yes where certain, maybe where only possible, else no."""
    return np.where(certain, np.int8(Tri.YES), possible.astype(np.int8))


def saying(kind: str, *, redacted: bool = False, **aspects: object) -> Fact:
    """Return a fact of a kind that says nothing but these aspects."""
    said: dict[str, Any] = {"when": _ANY_TIME, **aspects}
    return Fact(id="", kind=kind, op=Op.REDACT if redacted else Op.ASSERT, learned_at=0, **said)


@dataclass(frozen=True, slots=True)
class InBulk:
    """Matches the facts of one table with one pattern as meant."""

    matcher: Matcher
    table: Table
    pattern: PatternBody
    meant: Meant

    def match(self, *, subject_only: bool = False) -> Answers:
        """Return for each fact whether it is meant: its subject and, unless only that is asked, what is said."""
        where = placed(self.pattern)
        parts = [*self._subject(), *(self._fields() if where else ())]
        if not subject_only:
            parts += self._predicate()
        return every(parts, len(self.table))

    def predicate(self) -> Answers:
        """Return for each fact whether what the pattern says of its subject is true."""
        return every(self._predicate(), len(self.table))

    def said(self) -> Answers:
        """Return for each fact whether all that the pattern says besides kind and doer is, or may be, true of it."""
        where = placed(self.pattern)
        return every([*(self._fields() if where else ()), *self._predicate()], len(self.table))

    # ---- the subject ----

    def _subject(self) -> list[Answers]:
        doer = self.pattern.by or self.meant.by
        return [self._established(doer), self._done_by(doer), *self._members(), *self._about()]

    def _established(self, doer: Doer) -> Answers:
        table = self.table
        cases = _levels(table)

        def ask(level: tuple[Proof, Proof], *, redacted: bool) -> Tri:
            fact = saying("", redacted=redacted, occurred=level[0], who=level[1])
            return self.matcher.established(fact, doer)

        answers = _by_level(lambda occurred, who: ask((occurred, who), redacted=False))[cases]
        if not table.redacted.any():
            return answers
        hidden = _by_level(lambda occurred, who: ask((occurred, who), redacted=True))[cases]
        return np.where(table.redacted, hidden, answers)

    def _done_by(self, doer: Doer) -> Answers:
        by, who = self.table.by, self.table.who

        def ask(level: Proof) -> Callable[[Field | None], Tri]:
            return lambda name: self.matcher.done_by(saying("", by=name, who=level), doer)

        answers = by.asked(ask(Proof.ALLEGED))
        refuted = who == Proof.REFUTED
        return np.where(refuted, by.asked(ask(Proof.REFUTED)), answers) if refuted.any() else answers

    def _members(self) -> list[Answers]:
        known = self.matcher.agreement.vocabulary.fields(self.pattern.fact)
        names = [
            (name, member) for name, member in self.meant.binding if name in known and name not in self.pattern.in_
        ]
        return [self._says(name, member) for name, member in names]

    def _says(self, name: str, member: str) -> Answers:
        """Return whether a field names a member; of what is on paper silence names all of them."""
        on_paper = self.matcher.agreement.vocabulary.kinds[self.pattern.fact].nature is Nature.RECORD
        silent = Tri.YES if on_paper else Tri.MAYBE
        said = self.table.field(name)
        answers = said.asked(lambda value: silent if value is None else word_test(value, member))
        unknown = self.table.redacted & (said.codes == NOTHING)
        return np.where(unknown, np.int8(Tri.MAYBE), answers) if unknown.any() else answers

    def _about(self) -> list[Answers]:
        about = self.meant.about
        if not about or not self.matcher.is_linked(self.pattern):
            return []
        said = self.table.field("of")
        answers = said.asked(lambda value: max((word_test(value, one) for one in about), default=Tri.NO))
        unknown = self.table.redacted & (said.codes == NOTHING)
        return [np.where(unknown, np.int8(Tri.MAYBE), answers) if unknown.any() else answers]

    # ---- what is said of it ----

    def _fields(self) -> list[Answers]:
        return [self._field(name) for name, _ in self.pattern.fields]

    def _field(self, name: str) -> Answers:
        tests = [(key, test) for key, test in self.pattern.fields if key == name]

        def ask(value: Field | None) -> Tri:
            fact = saying(self.table.kind, fields=() if value is None else ((name, value),))
            return min(self.matcher.field(fact, key, test) for key, test in tests)

        return self.table.field(name).asked(ask)

    def _predicate(self) -> list[Answers]:
        pattern = self.pattern
        members = dict(self.meant.binding)
        parts = [] if placed(pattern) else self._fields()
        if pattern.in_:
            parts.append(self._inside_any([members.get(zone, zone) for zone in pattern.in_]))
        if pattern.outside:
            parts.append(negated(self._inside_any([members.get(zone, zone) for zone in pattern.outside])))
        if pattern.side is not None or pattern.distance is not None:
            parts.append(self._beside())
        return parts

    def _inside_any(self, names: Sequence[str]) -> Answers:
        """Return whether each happened in one of these zones, or of those that a clause defines by such a name."""
        zones = [zone for name in names for zone in self.matcher.agreement.zones_of(name)]
        atlas = self.matcher.agreement.atlas
        if atlas.for_ever and not self.table.places.known.any():
            return self.table.zone.asked(lambda name: max(_by_name(atlas, zone, name) for zone in zones))
        return some([self._inside(zone) for zone in zones], len(self.table))

    def _inside(self, zone: str) -> Answers:
        """Return whether each happened in a zone: by its point and, where that leaves doubt, by its own zone."""
        table, atlas = self.table, self.matcher.agreement.atlas
        answers = self._placed(lambda places, times: atlas.inside_many(zone, places, times))
        doubtful = (answers == Tri.MAYBE) & (table.zone.codes != NOTHING)
        return np.where(doubtful, self._zone_inside(zone), answers) if doubtful.any() else answers

    def _zone_inside(self, zone: str) -> Answers:
        table, atlas = self.table, self.matcher.agreement.atlas
        if atlas.for_ever:
            return table.zone.asked(lambda name: _by_name(atlas, zone, name))
        times = enumerate(zip(table.earliest.tolist(), table.latest.tolist(), strict=True))
        answers = [_by_name(atlas, zone, table.zone.at(row), Interval(*when)) for row, when in times]
        return np.array(answers, np.int8)

    def _beside(self) -> Answers:
        """Return whether each happened on the side of a line, and at the distance, that the pattern names."""
        atlas, parts = self.matcher.agreement.atlas, []
        side, distance = self.pattern.side, self.pattern.distance
        if side is not None:
            parts.append(self._placed(lambda places, times: atlas.side_many(side.line, side.side, places, times)))
        if distance is not None:

            def far(places: Places, times: Times) -> Answers:
                least, most = atlas.distance_many(distance.line, places, times)
                answers = tri_of(least >= distance.metres, most >= distance.metres)
                return negated(answers) if distance.under else answers

            parts.append(self._placed(far))
        return every(parts, len(self.table))

    def _placed(self, ask: Callable[[Places, Times], Answers]) -> Answers:
        """Return what `ask` answers of each point; maybe where a fact has none."""
        table = self.table
        answers = np.full(len(table), Tri.MAYBE, np.int8)
        rows = np.flatnonzero(table.places.known)
        if len(rows):
            at = table.places.take(rows)
            times = Times(table.earliest[rows], table.latest[rows])
            answers[rows] = ask(Places(at.lat_e7, at.lon_e7, at.within_m), times)
        return answers


def _by_name(atlas: Atlas, zone: str, name: Field | None, at: Interval = _ANY_TIME) -> Tri:
    """Return whether what happened somewhere in a zone of this name happened in a zone; maybe where none is named."""
    return Tri.MAYBE if name is None else atlas.zone_inside(zone, str(name), at)


def _levels(table: Table) -> NDArray[np.intp] | int:
    """Return a number for each fact's two levels of proof; one for all where they are the same."""
    occurred, who = table.occurred, table.who
    if len(table) and occurred.strides == who.strides == (0,):
        return np.broadcast_to(np.intp(int(occurred[0]) * LEVELS + int(who[0])), len(table))
    return occurred.astype(np.intp) * LEVELS + who


def _by_level(ask: Callable[[Proof, Proof], Tri]) -> Answers:
    return np.array([ask(occurred, who) for occurred in Proof for who in Proof], np.int8)
