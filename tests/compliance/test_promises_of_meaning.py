"""Properties that hold for every agreement and every history: the promises of the reference execution."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests import generated
from tests.strategies import START, World, at, incriminating_only, settled, worlds
from trucekeeper.compliance.knowledge import Audience, known, restated
from trucekeeper.compliance.standing import Question, standing
from trucekeeper.terms import Fact, Label, Op, Proof, Verdict
from trucekeeper.terms.moments import DAY

if TYPE_CHECKING:
    from random import Random

    from trucekeeper.compliance.grounds import Stand

MANY = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)


@MANY
@given(worlds(), st.randoms())
def test_the_order_in_which_facts_arrive_never_changes_a_verdict(world: World, random: Random) -> None:
    agreement, facts, question = world.agreement, world.facts, world.question
    shuffled = list(facts)
    random.shuffle(shuffled)

    assert standing(agreement, facts, question) == standing(agreement, shuffled, question)


@MANY
@given(worlds())
def test_a_fact_given_twice_counts_once(world: World) -> None:
    agreement, facts, question = world.agreement, world.facts, world.question
    assert standing(agreement, [*facts, *facts], question) == standing(agreement, facts, question)


@MANY
@given(worlds(), st.data())
def test_saying_a_fact_again_never_changes_a_verdict(world: World, data: st.DataObject) -> None:
    agreement, facts, question = world.agreement, world.facts, world.question
    assume(facts)
    said = data.draw(st.sampled_from(facts))
    again = restated(said, rev=said.rev + 1, known_at=max(said.known_at, question.known_at))

    assert standing(agreement, [*facts, again], question) == standing(agreement, facts, question)


@MANY
@given(worlds(), st.data())
def test_a_retraction_restores_what_was_before(world: World, data: st.DataObject) -> None:
    agreement, facts, question = world.agreement, world.facts, world.question
    assume(facts)
    gone = data.draw(st.sampled_from(facts))
    retraction = replace(gone, rev=gone.rev + 1, op=Op.RETRACT, learned_at=gone.learned_at)
    others = [fact for fact in facts if fact.id != gone.id]

    assert standing(agreement, [*facts, retraction], question) == standing(agreement, others, question)


@MANY
@given(worlds())
def test_as_known_then_is_what_the_facts_known_then_give(world: World) -> None:
    agreement, facts, question = world.agreement, world.facts, world.question
    then = [fact for fact in facts if fact.known_at <= question.known_at]

    assert standing(agreement, facts, question) == standing(agreement, then, question)


@MANY
@given(worlds())
def test_the_facts_that_an_explanation_names_reproduce_its_verdict_alone(world: World) -> None:
    agreement, facts, question = world.agreement, world.facts, world.question
    for stand in standing(agreement, facts, question).stands:
        named = stand.ground.leaves()
        alone = [fact for fact in facts if fact.id in named]

        again = standing(agreement, alone, question, only=stand.clause)

        same = [row for row in again.stands if row.key == stand.key and row.version == stand.version]
        same = [
            row for row in same if set(row.reading) <= set(stand.reading) or set(stand.reading) <= set(row.reading)
        ]
        assert same, (stand, again.stands)
        assert all((row.verdict, row.lifecycle) == (stand.verdict, stand.lifecycle) for row in same)


@settings(MANY, max_examples=200, phases=(Phase.explicit, Phase.reuse, Phase.generate))  # a seed does not shrink
@given(generated.worlds())
def test_the_facts_that_an_explanation_names_reproduce_its_outcome_alone_in_richer_worlds(
    found: generated.World,
) -> None:
    """Its verdict, what became of the commitment, when it is due and whether it was met, in every sort of world."""
    agreement, facts, question = found.agreement, found.facts, found.question
    for stand in standing(agreement, facts, question).stands:
        named = stand.ground.leaves()
        alone = [fact for fact in facts if fact.id in named]

        again = standing(agreement, alone, question, only=stand.clause)

        same = [
            row
            for row in again.stands
            if (row.key, row.version) == (stand.key, stand.version) and _compatible(row, stand)
        ]
        assert same, (stand, again.stands)
        assert {_outcome(row) for row in same} == {_outcome(stand)}


def _compatible(row: Stand, other: Stand) -> bool:
    """Return whether no ambiguity is read one way in one row and another way in the other."""
    mine = dict(other.reading)
    return all(mine.get(axis, option) == option for axis, option in row.reading)


def _outcome(row: Stand) -> tuple[object, ...]:
    return row.verdict, row.lifecycle, row.due, row.met


@MANY
@given(worlds())
def test_what_an_audience_may_not_see_changes_no_byte_of_what_it_is_shown(world: World) -> None:
    agreement, facts, question = world.agreement, world.facts, world.question
    secret = [replace(fact, label=Label(owner="north", releasable_to=("guarantor",))) for fact in world.more]
    for_south = replace(question, audience=Audience("south", at=question.known_at))

    assert repr(standing(agreement, [*facts, *secret], for_south)) == repr(standing(agreement, facts, for_south))


@MANY
@given(worlds())
def test_only_an_excuse_turns_contrary_into_anything_else(world: World) -> None:
    agreement, facts, question = world.agreement, world.facts, world.question
    incriminating = [fact for fact in world.more if incriminating_only(agreement, fact)]
    before = standing(agreement, facts, question)
    after = standing(agreement, [*facts, *incriminating], question)

    then = {(row.key, row.version, row.reading): row.verdict for row in after.stands}
    for row in before.stands:
        if row.verdict is Verdict.CONTRARY:
            assert then[row.key, row.version, row.reading] is Verdict.CONTRARY


@MANY
@given(worlds(), st.data())
def test_a_verdict_is_never_shown_on_what_had_not_happened(world: World, data: st.DataObject) -> None:
    agreement, facts = world.agreement, world.facts
    as_of = START + data.draw(st.integers(0, 20)) * DAY // 2
    question = Question(as_of=as_of, known_at=START + 400 * DAY, proof=Proof.ALLEGED)
    past = [fact for fact in facts if fact.when.earliest <= as_of]

    assert standing(agreement, facts, question) == standing(agreement, past, question)


def test_a_hidden_revision_does_not_exist_for_who_may_not_see_it() -> None:
    said = Fact(id="a", kind="shelling", when=at(1), learned_at=START)
    hidden = replace(said, rev=2, op=Op.RETRACT, label=Label(owner="north"))

    seen = known([said, hidden], known_at=START + DAY, audience=Audience("south", at=START + DAY))

    assert seen == (said,)


@MANY
@given(worlds().flatmap(lambda world: st.tuples(st.just(world), settled(world))))
def test_the_two_bounds_hold_however_every_doubt_turns_out(case: tuple[World, list[Fact]]) -> None:
    """Contrary stays contrary, and what is not contrary never becomes so, once all that was doubtful is settled."""
    world, facts = case
    before = standing(world.agreement, world.facts, world.question).stands
    after = {
        (row.key, row.version, row.reading): row for row in standing(world.agreement, facts, world.question).stands
    }

    for row in before:
        settled_row = after.get((row.key, row.version, row.reading))
        if settled_row is not None and row.verdict is not Verdict.CANNOT_TELL:
            assert (row.verdict is Verdict.CONTRARY) == (settled_row.verdict is Verdict.CONTRARY)
