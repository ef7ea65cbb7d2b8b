"""What was on record: which revision counts, known when, and for whom."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance_small import TICK, at, fact
from trucekeeper.compliance.knowledge import Audience, known, released, restated
from trucekeeper.terms import NEVER, Fact, Label, Moment, Op, Proof

NOW = at("20")


def said(rev: int = 1, day: str | Moment = "5", **more: Any) -> Fact:  # noqa: ANN401  the rest of a fact
    return fact("f", "shelling", "4", rev=rev, learned_at=at(day), **more)


def as_known(*facts: Fact, at_: str | Moment = "20", audience: Audience | None = None) -> tuple[Fact, ...]:
    return known(facts, known_at=at(at_), audience=audience)


# ---- revisions -----------------------------------------------------------------------------------------------------


def test_a_fact_is_known_from_the_instant_it_came_on_record() -> None:
    assert [as_known(said(), at_=at("5") + late) for late in (-TICK, 0)] == [(), (said(),)]


def test_where_a_keeper_recorded_a_fact_his_clock_counts_and_not_the_source_s() -> None:
    recorded = said(recorded_at=at("9"))

    assert as_known(recorded, at_=at("9") - TICK) == ()
    assert as_known(recorded, at_="9") == (recorded,)


def test_the_highest_revision_known_counts_whatever_the_order() -> None:
    first, second, third = said(1, "5"), said(2, "6"), said(3, "7")

    for facts in ([first, second, third], [third, first, second]):
        assert [as_known(*facts, at_=day) for day in ("5", "6", "7")] == [(first,), (second,), (third,)]


def test_of_two_revisions_known_at_one_instant_the_higher_counts() -> None:
    assert as_known(said(2), said(1)) == (said(2),)


def test_a_retracted_fact_is_gone_from_then_on_and_may_be_said_again() -> None:
    facts = [said(), said(2, "6", op=Op.RETRACT), said(3, "7")]

    assert [as_known(*facts, at_=day) for day in ("5", "6", "7")] == [(facts[0],), (), (facts[2],)]


def test_a_redacted_fact_is_redacted_at_every_moment_from_its_first_on_record() -> None:
    redacted = said(3, "9", op=Op.REDACT)
    facts = [said(1, "5"), said(2, "6"), redacted]

    assert as_known(*facts, at_=at("5") - TICK) == ()
    assert [as_known(*facts, at_=day) for day in ("5", "6", "9")] == [(redacted,)] * 3


def test_the_latest_of_two_redactions_counts_and_no_later_word_undoes_them() -> None:
    redactions = [said(2, "6", op=Op.REDACT), said(3, "7", op=Op.REDACT)]

    assert as_known(said(), *redactions, said(4, "8")) == (redactions[1],)


def test_facts_are_ordered_by_their_names() -> None:
    several = [fact(name, "shelling", "4") for name in ("c", "a", "b")]

    assert [one.id for one in as_known(*several)] == ["a", "b", "c"]


def test_a_fact_restated_says_the_same_later() -> None:
    again, recorded = restated(said(), rev=2, known_at=at("9")), said(recorded_at=at("6"))

    assert (again.rev, again.known_at, again.recorded_at, again.fields) == (2, at("9"), None, said().fields)
    assert restated(recorded, rev=2, known_at=at("9")).recorded_at == at("9")


# ---- audiences -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "north", "south", "public"),
    [
        (Label(), True, True, True),
        (Label(owner="north"), True, False, False),
        (Label(owner="guarantor", releasable_to=("north",)), True, False, False),
        (Label(releasable_to=("north", "south")), True, True, False),
        (Label(owner="guarantor", releasable_to=("",)), False, False, True),
        (Label(owner="guarantor"), False, False, False),
    ],
)
def test_a_fact_is_for_its_owner_for_those_named_and_if_it_names_nobody_for_all(
    label: Label,
    north: bool,  # noqa: FBT001  what is expected
    south: bool,  # noqa: FBT001  as above
    public: bool,  # noqa: FBT001  as above
) -> None:
    may = [Audience(name, NOW).may_see(label) for name in ("north", "south", "")]

    assert may == [north, south, public]


@pytest.mark.parametrize(("late", "may_see"), [(-TICK, False), (0, True), (TICK, True)])
def test_nobody_but_its_owner_may_see_a_fact_before_the_instant_it_names(late: int, may_see: bool) -> None:  # noqa: FBT001
    held = Label(owner="north", releasable_to=("south",), not_before=NOW)
    public = Label(not_before=NOW)

    assert Audience("south", NOW + late).may_see(held) is may_see
    assert Audience("south", NOW + late).may_see(public) is may_see
    assert Audience("north", NOW + late).may_see(held) is True


def test_rights_are_those_of_the_moment_of_asking_whatever_past_is_asked_for() -> None:
    held = said(label=Label(releasable_to=("south",), not_before=at("10")))

    assert as_known(held, at_="6", audience=Audience("south", at("10"))) == (held,)
    assert as_known(held, at_="12", audience=Audience("south", at("10") - TICK)) == ()


SOUTH = Audience("south", NOW)
HIDDEN = Label(owner="north")


def test_a_hidden_fact_does_not_exist_and_the_holder_sees_all() -> None:
    assert as_known(said(label=HIDDEN), audience=SOUTH) == ()
    assert as_known(said(label=HIDDEN)) == (said(label=HIDDEN),)


def test_a_hidden_revision_does_not_exist() -> None:
    assert as_known(said(), said(2, "6", label=HIDDEN), audience=SOUTH) == (said(),)
    assert as_known(said(label=HIDDEN), said(2, "6"), audience=SOUTH) == (said(2, "6"),)


def test_a_redaction_is_known_to_those_who_might_know_the_fact() -> None:
    secret, public = said(label=HIDDEN), said()
    redaction, hidden = said(2, "6", op=Op.REDACT), said(2, "6", op=Op.REDACT, label=HIDDEN)

    assert as_known(public, redaction, audience=SOUTH) == (redaction,)
    assert as_known(public, hidden, audience=SOUTH) == (hidden,)
    assert as_known(secret, redaction, audience=SOUTH) == ()
    assert as_known(secret, hidden, audience=SOUTH) == ()
    assert as_known(secret, redaction) == (redaction,)


def test_a_retraction_alone_tells_of_no_fact_that_one_might_know() -> None:
    retraction, redaction = said(2, "6", op=Op.RETRACT), said(3, "7", op=Op.REDACT)

    assert as_known(said(label=HIDDEN), retraction, redaction, audience=SOUTH) == ()


def test_a_redaction_of_which_nothing_else_is_left_is_for_whom_its_own_label_names() -> None:
    alone = said(2, "6", op=Op.REDACT)

    assert as_known(alone, audience=SOUTH) == (alone,)
    assert as_known(said(2, "6", op=Op.REDACT, label=HIDDEN), audience=SOUTH) == ()


def test_every_revision_that_exists_for_an_audience_is_released_to_it() -> None:
    facts = [said(), said(2, "6", label=HIDDEN), fact("a", "shelling", "4"), fact("b", "shelling", "4", label=HIDDEN)]

    assert [(one.id, one.rev) for one in released(facts, SOUTH)] == [("a", 1), ("f", 1)]
    assert [(one.id, one.rev) for one in released(facts, None)] == [("a", 1), ("b", 1), ("f", 1), ("f", 2)]


def test_proof_has_nothing_to_do_with_knowledge() -> None:
    assert as_known(said(occurred=Proof.REFUTED), at_=NEVER) == (said(occurred=Proof.REFUTED),)
