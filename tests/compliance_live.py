"""The live execution beside the reference: a history played step by step, in many orders, each step compared in full.

After every step the rows must be those of the reference, and what was told must be just what the reference says has
changed: each commitment once, as it was and as it is, in the order of the text, with what is newly printed beside it
and the facts that caused it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang
from trucekeeper.compliance.live.rows import Change, Row
from trucekeeper.compliance.standing import Question, standing
from trucekeeper.compliance.watch import Watch
from trucekeeper.terms import Fact, Moment, Proof

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Beside, Stand
    from trucekeeper.compliance.knowledge import Audience

Step = Fact | tuple[Fact, ...] | Moment
"""A revision, several given together, or a moment until which time passes."""

Name = tuple[object, ...]
"""What sets one row apart from all others: key, version and readings."""


@dataclass
class Reference:
    """What the reference answers about an agreement, worked out once for each state of the record and moment."""

    agreement: Agreement
    proof: Proof = Proof.CORROBORATED
    audience: Audience | None = None
    _known: dict[tuple[frozenset[Fact], Moment], Mapping[Name, Stand]] = field(default_factory=dict)
    _rows: dict[int, tuple[Row, ...]] = field(default_factory=dict)

    def stands(self, facts: Iterable[Fact], clock: Moment) -> Mapping[Name, Stand]:
        """Return the stands by name, in their order."""
        seen = frozenset(facts)
        if (seen, clock) not in self._known:
            question = Question(clock, clock, self.proof, self.audience)
            found = standing(self.agreement, seen, question).stands
            self._known[seen, clock] = {(one.key, one.version, one.reading): one for one in found}
        return self._known[seen, clock]

    def rows(self, stands: Mapping[Name, Stand]) -> tuple[Row, ...]:
        """Return the rows of some stands that it gave."""
        found = self._rows.get(id(stands))
        if found is None:
            found = self._rows[id(stands)] = tuple(Row.of(one) for one in stands.values())
        return found

    def prohibits(self, clause: str) -> bool:
        """Return whether a clause is a prohibition, in any wording."""
        return any(isinstance(one, lang.Prohibit) for one in self.agreement.clauses[clause].all())


@dataclass
class Both:
    """A watch and the reference beside it.

    `moving`: whether deadlines may move on with every moment; then it is no matter whether that alone is told.
    """

    reference: Reference
    clock: Moment
    moving: bool = False
    facts: list[Fact] = field(default_factory=list)
    watch: Watch = field(init=False)
    stands: Mapping[Name, Stand] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing on record."""
        reference = self.reference
        self.watch = Watch(reference.agreement, proof=reference.proof, audience=reference.audience, clock=self.clock)
        self.stands = reference.stands((), self.clock)
        self.compare_rows()

    def step(self, step: Step) -> tuple[Change, ...]:
        """Take one step on both sides, compare everything, and return what was told."""
        before, since = self.stands, self.clock
        if isinstance(step, int):
            changes = self.watch.advance(step)
            self.clock = step
            causes = {one.id for one in self.facts if since < one.known_at <= step}
        else:
            given = (step,) if isinstance(step, Fact) else step
            changes = self.watch.observe(given)
            self.facts += given
            causes = {one.id for one in given}
        self.stands = self.reference.stands(self.facts, self.clock)
        self._compare_changes(changes, before, causes, by_facts=not isinstance(step, int))
        self.compare_rows()
        return changes

    def compare_rows(self) -> None:
        """Fail if the rows are not those of the reference."""
        assert self.watch.rows() == self.reference.rows(self.stands)

    def _compare_changes(
        self, changes: tuple[Change, ...], before: Mapping[Name, Stand], causes: set[str], *, by_facts: bool
    ) -> None:
        told = {change.row.name: change for change in changes}
        assert len(told) == len(changes), "a commitment was told twice"
        names = {**before, **self.stands}
        need = {name for name in names if self._differs(before.get(name), self.stands.get(name))}
        may = {name for name in names if _may_be_told(before.get(name), self.stands.get(name))}
        assert need <= set(told) <= need | may
        order = {clause: number for number, clause in enumerate(self.reference.agreement.clauses)}
        assert list(changes) == sorted(changes, key=lambda one: (order[one.row.clause], *_place(one.row)))
        for name, change in told.items():
            was, is_ = before.get(name), self.stands.get(name)
            assert self._bare(change.before) == self._of(was)
            assert self._bare(change.after) == self._of(is_)
            assert Counter(change.beside) == _newly(was, is_)
            assert set(change.facts) <= causes
            assert change.facts == tuple(sorted(change.facts))
            assert change.facts or not by_facts, "caused by nothing"

    def _differs(self, was: Stand | None, is_: Stand | None) -> bool:
        """Return whether a change must be told. Of a prohibition only what is newly beside it is."""
        if was is None or is_ is None:
            return True
        due = not self.moving and was.due != is_.due
        beside = was.beside != is_.beside and not self.reference.prohibits(is_.clause)
        return _shown(was) != _shown(is_) or due or beside or bool(_newly(was, is_))

    def _of(self, stand: Stand | None) -> Row | None:
        return None if stand is None else self._bare(Row.of(stand))

    def _bare(self, row: Row | None) -> Row | None:
        """Return a row as a change has it: without its occasions, and without times that may move on."""
        if row is None:
            return None
        row = replace(row, occasions=())
        return replace(row, due=None, met_at=None) if self.moving else row


def _place(row: Row) -> tuple[object, ...]:
    return (row.version, row.by, row.binding, row.occurrence, row.reading, row.key)


def _shown(stand: Stand) -> tuple[object, ...]:
    return (stand.verdict, stand.lifecycle, stand.figure, stand.counted, stand.rests_on)


def _may_be_told(was: Stand | None, is_: Stand | None) -> bool:
    """Return whether a change may be told, or left out: of what is no longer printed beside, of a moving deadline."""
    return was is None or is_ is None or was.beside != is_.beside or was.due != is_.due


def _newly(was: Stand | None, is_: Stand | None) -> Counter[Beside]:
    """Return what is newly printed beside a commitment, and how often."""
    before = () if was is None else was.beside
    after = () if is_ is None else is_.beside
    return Counter(after) - Counter(before)


# ---- many orders ---------------------------------------------------------------------------------------------------


def orders(facts: Sequence[Fact], stops: Sequence[Moment]) -> Iterator[list[Step]]:
    """Yield the facts in every order, and together: all early, all late, by halves, or one between two stops.

    Each order of few facts in all these ways, each order of more than three in one of them.
    """
    for number, several in enumerate(permutations(facts)):
        ways = _ways(several, stops)
        yield from ways if len(facts) <= FEW else [ways[number % len(ways)]]
    yield [tuple(facts), *stops]
    yield [*stops, tuple(facts)]


FEW = 3


def _ways(facts: Sequence[Fact], stops: Sequence[Moment]) -> list[list[Step]]:
    half, last = len(facts) // 2, stops[-1]
    pairs = [(one, stops[min(number, len(stops) - 1)]) for number, one in enumerate(facts)]
    between: list[Step] = [step for pair in pairs for step in pair]
    return [
        [*facts, *stops],
        [*between, last],
        [*facts[:half], *stops[:-1], *facts[half:], last],
        [*stops, *facts],
    ]


def hold(
    agreement: Agreement,
    facts: Sequence[Fact],
    stops: Sequence[Moment],
    *,
    clock: Moment,
    proof: Proof = Proof.CORROBORATED,
    audience: Audience | None = None,
    moving: bool = False,
    given: tuple[Fact, ...] = (),
) -> None:
    """Play a history in every order, after what was given before, and fail where live and reference part."""
    reference = Reference(agreement, proof, audience)
    for steps in orders(facts, stops):
        both = Both(reference, clock, moving)
        for step in (given, *steps):
            both.step(step)
    again = Watch.load(both.watch.dump(), agreement)
    assert again.rows() == both.watch.rows()
