"""One meaning: every execution of the engine gives the same verdicts, in any order and any company of facts.

A new way to execute is one more entry of `EXECUTIONS` or `LIVE`; the soak (`python -m bench.soak`) takes them from
here. Where two disagree, the world is cut down and told in full, and stays here as a test named for what went wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import Enum
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.generated import World, cut_down, small_world, told, world, worlds
from trucekeeper.agreement.rows import Known, Where, check_revisions, read_row, write_row
from trucekeeper.compliance.batch import batch, log_of, stands
from trucekeeper.compliance.columns.table import Log
from trucekeeper.compliance.grounds import Episode, Stand
from trucekeeper.compliance.knowledge import known
from trucekeeper.compliance.standing import standing
from trucekeeper.compliance.watch import Watch
from trucekeeper.terms import Interval, Verdict
from trucekeeper.terms.moments import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trucekeeper.terms import Fact, Moment

FIELDS = tuple(field.name for field in fields(Stand) if field.name not in ("ground", "beside"))
"""What must be the same: all of a stand but its reasons and what is printed beside it."""

Row = tuple[object, ...]
Answer = tuple[Row, ...]
"""Verdict rows in their order, each with the plain values of `FIELDS`."""

SUITE = settings(
    max_examples=500,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a seed does not shrink: `cut_down` does
)


# ---- executions ----------------------------------------------------------------------------------------------------


def rows_of(stands: Iterable[Stand]) -> Answer:
    """Return what must be the same, as plain values."""
    return tuple(tuple(_plain(getattr(stand, name)) for name in FIELDS) for stand in stands)


def _plain(value: object) -> object:
    match value:
        case Episode():
            return (value.fact, value.answer.name, (value.when.earliest, value.when.latest))
        case Interval():
            return (value.earliest, value.latest)
        case Enum():
            return value.name
        case Iterable() if not isinstance(value, str):
            return tuple(_plain(one) for one in value)
        case _:
            return value


def _reference(world: World) -> Answer:
    return rows_of(standing(world.agreement, world.facts, world.question).stands)


def _shuffled(world: World) -> Answer:
    facts = list(world.facts)
    Random(world.seed).shuffle(facts)  # noqa: S311  nothing here is a secret
    return rows_of(standing(world.agreement, facts, world.question).stands)


def _duplicated(world: World) -> Answer:
    return rows_of(standing(world.agreement, [*world.facts, *reversed(world.facts)], world.question).stands)


def _clause_by_clause(world: World) -> Answer:
    clauses = world.agreement.clauses
    several = (standing(world.agreement, world.facts, world.question, only=clause) for clause in clauses)
    return rows_of(stand for one in several for stand in one.stands)


def _batch(world: World) -> Answer:
    log = log_of(world.agreement, world.facts, world.question)
    return rows_of(stands(batch(world.agreement, log, world.question)))


SHARDS = 3


def _batch_over_shards(world: World) -> Answer:
    """Return the answer over facts that lie in several tables of each kind, as they are read from a file's shards."""
    question = world.question
    seen = known(world.facts, known_at=question.known_at, audience=question.audience)
    shards = [Log.of(seen[number::SHARDS], world.agreement, question.known_at) for number in range(SHARDS)]
    log = Log(world.agreement, [table for shard in shards for table in shard.tables], question.known_at)
    return rows_of(stands(batch(world.agreement, log, question)))


EXECUTIONS: dict[str, Callable[[World], Answer]] = {
    "reference": _reference,
    "shuffled": _shuffled,
    "duplicated": _duplicated,
    "clause by clause": _clause_by_clause,
    "batch": _batch,
    "batch over shards": _batch_over_shards,
}
"""Every way to the verdicts, the reference first, for any question."""


# ---- live ----------------------------------------------------------------------------------------------------------


def as_watched(found: World) -> World:
    """Return a world of which a watch can be asked: it has one clock, which is as of when and as known when.

    What was known by then is what the question's own `known_at` gives: later knowledge is left out, or, where the
    question looks back, has come in time.
    """
    question = found.question
    begun = {fact.id for fact in found.facts if fact.known_at <= question.known_at}
    facts = [
        fact for fact in found.facts if fact.known_at <= question.known_at or (fact.redacted and fact.id in begun)
    ]
    early = {fact.id for fact in facts} - {fact.id for fact in facts if fact.when.earliest > question.as_of}
    facts = [_by(fact, question.as_of) if fact.id in early else fact for fact in facts]
    return replace(found, facts=tuple(facts), question=replace(question, known_at=question.as_of))


def _by(fact: Fact, moment: Moment) -> Fact:
    if fact.known_at <= moment:
        return fact
    recorded = None if fact.recorded_at is None else moment
    return replace(fact, learned_at=min(fact.learned_at, moment), recorded_at=recorded)


def _rows_live(watch: Watch) -> Answer:
    names = ["occasions" if name == "episodes" else name for name in FIELDS]
    return tuple(tuple(_plain(getattr(row, name)) for name in names) for row in watch.rows())


def _watch(found: World, clock: Moment) -> Watch:
    return Watch(found.agreement, proof=found.question.proof, audience=found.question.audience, clock=clock)


def _watched(found: World, between: Callable[[Watch], Watch]) -> Answer:
    """Return the rows after the facts came in handfuls while time passed; `between` is done once, on the way."""
    dice = Random(found.seed)  # noqa: S311  nothing here is a secret
    end = found.question.as_of
    stops = sorted(end - dice.choice([0, 1, dice.randint(0, 20 * DAY)]) for _ in range(4))
    watch, facts = _watch(found, stops[0] - dice.randint(0, DAY)), list(found.facts)
    for number, stop in enumerate(stops):
        size = dice.randint(0, len(facts))
        watch.observe(facts[:size])
        facts = facts[size:]
        watch.advance(stop)
        watch = between(watch) if number == 1 else watch
    watch.advance(end)
    watch.observe(facts)
    return _rows_live(watch)


def _live(found: World) -> Answer:
    return _watched(found, lambda watch: watch)


def _reloaded(found: World) -> Answer:
    return _watched(found, lambda watch: Watch.load(watch.dump(), found.agreement))


def _rebuilt(found: World) -> Answer:
    watch = _watch(found, found.question.as_of)
    watch.observe(found.facts)
    return _rows_live(watch)


LIVE: dict[str, Callable[[World], Answer]] = {
    "live": _live,
    "live, dumped and reloaded": _reloaded,
    "rebuilt": _rebuilt,
}
"""Ways that are asked as of now, as known now: of a world `as_watched`."""


# ---- comparing -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Disagreement:
    """An execution that gave another answer than the reference, or none."""

    execution: str
    difference: str


def compared(
    found: World, executions: Mapping[str, Callable[[World], Answer]]
) -> tuple[Answer, tuple[Disagreement, ...]]:
    """Return the reference's answer and every execution that gave another; if the reference has none, itself."""
    wanted = _tried(_reference, found)
    if isinstance(wanted, str):
        return (), (Disagreement("reference", wanted),)
    wrong = [
        Disagreement(name, _difference(wanted, got))
        for name, run in executions.items()
        if name != "reference" and (got := _tried(run, found)) != wanted
    ]
    return wanted, tuple(wrong)


def disagreements(found: World, executions: Mapping[str, Callable[[World], Answer]]) -> tuple[Disagreement, ...]:
    """Return every execution whose answer is not the reference's."""
    return compared(found, executions)[1]


def _tried(run: Callable[[World], Answer], found: World) -> Answer | str:
    try:
        return run(found)
    except Exception as error:  # noqa: BLE001  an execution that breaks is one that disagrees, and is told as such
        return f"{type(error).__name__}: {error}"


def _difference(wanted: Answer, got: Answer | str) -> str:
    """Return the first row that differs, in words."""
    if isinstance(got, str):
        return f"no answer: {got}"
    for number, (one, other) in enumerate(zip(wanted, got, strict=False)):
        if one != other:
            differ = [
                f"  {name}: {was!r}, not {is_!r}"
                for name, was, is_ in zip(FIELDS, one, other, strict=True)
                if was != is_
            ]
            return "\n".join([f"row {number}, {_named(one)}; the reference has", *differ])
    extra = wanted[len(got) :] or got[len(wanted) :]
    return f"{len(wanted)} rows by the reference, {len(got)} here; the first in one alone is {_named(extra[0])}"


def _named(row: Row) -> str:
    said = dict(zip(FIELDS, row, strict=True))
    return f"clause {said['clause']} by {said['by']} {said['binding']} {said['reading']}"


def report(found: World, disagreement: Disagreement, executions: Mapping[str, Callable[[World], Answer]]) -> str:
    """Return a disagreement as a person reads it: who disagrees and how, and a world cut down to what it needs."""
    name = disagreement.execution
    one = {name: executions[name]}

    def still(candidate: World) -> bool:
        again = disagreements(candidate, one)
        return bool(again) and _sort(again[0]) == _sort(disagreement)

    smallest = cut_down(found, still)
    said = disagreements(smallest, one)[0].difference
    return f"{name} disagrees with the reference in {found!r}\n{said}\n\n{told(smallest)}"


def _sort(disagreement: Disagreement) -> tuple[str, str]:
    """Return what makes two disagreements one: the execution, and whether, and with what, it broke."""
    broke = disagreement.execution == "reference" or disagreement.difference.startswith("no answer")
    return disagreement.execution, disagreement.difference.split("'")[0] if broke else ""


def hold(found: World) -> None:
    """Fail, telling a world cut down, with the first execution that disagrees about a world."""
    for one, executions in ((found, EXECUTIONS), (as_watched(found), LIVE)):
        for disagreement in disagreements(one, executions):
            pytest.fail(report(one, disagreement, executions))


# ---- the promise ---------------------------------------------------------------------------------------------------


@SUITE
@given(worlds())
def test_every_execution_gives_the_same_verdicts(found: World) -> None:
    hold(found)


HEAD = """
agreement: valoria
title: Valoria
time_zone: Asia/Beirut
in_force: 2031-03-24T12:00+02:00
parties: {north: {units: [n1, n2], forces: guard}, south: {units: [s1]}}
actors: {guarantor: {role: guarantor}, monitors: {role: mechanism}}
"""

REGRESSIONS: dict[str, World] = {
    "a redacted fact of no kind stands first among the occasions of a prohibition of several acts": small_world(
        HEAD
        + """
clauses:
- {id: c0, kind: prohibit, cite: art. 1, gloss: neither moves nor flies low in the valley, act: [
    {fact: movement, in: valley}, {fact: overflight, altitude_ft: {below: 5000}}]}
""",
        """
{"id": "f19", "rev": 3, "op": "redact", "zone": "hill", "learned_at": "2031-03-29T23:00Z"}
{"id": "f22", "kind": "movement", "by": "south", "at": "2031-03-27T04:00Z", "learned_at": "2031-03-27T04:00Z"}
""",
        as_of="2031-03-30T00:00Z",
    ),
    "time alone brings a gate to a reading of a clause that it asks about": small_world(
        HEAD
        + """
readings: {scope: {wide: all of it, narrow: the core, adopted: none}}
clauses:
- {id: c1, kind: phase, cite: art. 1, gloss: open until both, by: [north, south], opens: stage-1, when: {
    not: {all: [{clause: c2, stands: contrary}, {met: c3}]}}}
- {id: c2, kind: respond, cite: art. 2, gloss: each is looked into, to: {fact: allegation, by: party},
   with: {fact: inspection}}
- {id: c3, kind: achieve, cite: art. 3, gloss: said in time, shown_by: {fact: declaration, by: guarantor}, deadline: {
    reading: scope, wide: end of 2031-04-02, narrow: end of 2031-03-29}}
""",
        "",
        as_of="2031-04-15T04:00Z",
    ),
    "what is no lapse is not asked for its excuse, nor in which reading": small_world(
        HEAD
        + """
readings: {clock: {a: a day, b: four days, adopted: none}}
clauses:
- {id: c1, kind: maintain, cite: art. 1, gloss: three at most, by: north, after: 2031-03-25T00:00+02:00,
   measure: {fact: strength}, at_most: 3,
   excuse: {shown: {fact: notice, to: monitors}, if: {clause: c3, stands: not contrary}}}
- {id: c3, kind: respond, cite: art. 3, gloss: the result alone counts, by: south, to: {fact: allegation, by: party},
   result_alone: true, within: {reading: clock, a: 24h, b: 96h}}
""",
        """
{"id": "s3", "kind": "strength", "by": "north", "at": "2031-03-24T12:00Z", "learned_at": "2031-03-24T23:00Z"}
""",
        as_of="2031-05-06T22:00Z",
    ),
    "an excuse is asked about only for those who may plead it": small_world(
        HEAD
        + """
readings: {clock: {a: from noon, b: from midnight, adopted: none}}
clauses:
- {id: c0, kind: respond, cite: art. 1, gloss: each attack is looked into, by: north, to: {fact: attack}, with: {
    fact: inspection}, excuse: {available_to: party, shown: {fact: permit, same: [by, unit]}, within: 48h,
    if: {clause: c1, stands: consistent}}}
- {id: c1, kind: tally, cite: art. 2, gloss: four at most, by: south, after: {reading: clock,
    a: 2031-03-24T12:00+02:00, b: 2031-03-25T00:00+02:00}, count: {fact: release, category: living}, at_most: 4}
""",
        """
{"id": "f4", "kind": "shelling", "by": "monitors", "at": "2031-03-25T22:00Z", "learned_at": "2031-03-26T05:00Z"}
""",
        as_of="2031-04-02T22:00Z",
    ),
}
"""Worlds in which two executions once disagreed, by what went wrong, each made by `small_world`."""


@pytest.mark.parametrize("name", REGRESSIONS)
def test_executions_that_once_disagreed_agree(name: str) -> None:
    hold(REGRESSIONS[name])


# ---- that the worlds are worth asking about ------------------------------------------------------------------------

SAMPLE = range(0, 2000, 10)


def test_every_verdict_occurs_among_the_worlds() -> None:
    seen = [row[FIELDS.index("verdict")] for seed in SAMPLE for row in _reference(world(seed))]
    shares = {verdict: seen.count(verdict.name) / len(seen) for verdict in Verdict}

    assert {verdict: share for verdict, share in shares.items() if share < 0.05} == {}


def test_every_fact_of_the_worlds_is_one_that_the_format_takes() -> None:
    for seed in SAMPLE:
        found = world(seed)
        where = Where("facts", 1)
        known = _names(found)

        assert [read_row(write_row(fact), known, where) for fact in found.facts] == list(found.facts)
        assert check_revisions((fact, where) for fact in found.facts)[1] == ()


def _names(found: World) -> Known:
    agreement = found.agreement
    zones = frozenset(agreement.atlas.ids())
    return Known(agreement.vocabulary, agreement.actors(), zones, agreement.time_zone, agreement.atlas.extent())


def test_a_world_is_cut_down_to_what_its_disagreement_needs() -> None:
    """An execution that loses one fact disagrees wherever that fact matters, and there alone."""

    def forgetful(found: World) -> Answer:
        return _reference(replace(found, facts=tuple(fact for fact in found.facts if fact.id != "on-approval")))

    wrong = {"forgetful": forgetful}
    found = next(one for one in map(world, SAMPLE) if disagreements(one, wrong))
    (one,) = disagreements(found, wrong)

    words = report(found, one, wrong)

    assert words.startswith(f"forgetful disagrees with the reference in {found}")
    assert '"id": "on-approval"' in words
    assert words.count('"id": "') == 1
