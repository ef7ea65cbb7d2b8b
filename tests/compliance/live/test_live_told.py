"""What a watch tells: what changed, once, in the order of the text, and by which facts; and why it is so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_live import hold
from tests.compliance_small import TICK, agreement, amendment, at, between, clause, fact, halt, watch
from trucekeeper.compliance.live.rows import Change, Row
from trucekeeper.compliance.watch import Watch
from trucekeeper.terms import Fact, Label, Lifecycle, Op, Proof, Tri, Verdict

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement

SINCE = "2031-03-02T00:00+02:00"
ANSWERED = {"to": {"fact": "allegation"}, "with": {"fact": "inspection"}, "within": "24h"}
HALT = agreement(halt(by=["north", "south"], after=SINCE))
BOTH = agreement(halt(by=["north", "south"], after=SINCE), clause("answer", "respond", by="south", **ANSWERED))


def begun(what: Agreement, *facts: Fact, clock: str | int = "5", **more: Any) -> Watch:  # noqa: ANN401  its options
    made = Watch(what, clock=at(clock), **more)
    made.observe(facts)
    return made


def attack(name: str = "a1", when: str = "4", **more: Any) -> Fact:  # noqa: ANN401  its fields
    return fact(name, "attack", when, **{"by": "north", **more})


def same(watching: Watch) -> bool:
    return watching.rows() == tuple(Row.of(one) for one in watching.standing().stands)


def told(changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(one.row.clause, one.row.by, one.row.occurrence) for one in changes]


# ---- the order of what is told -------------------------------------------------------------------------------------


def test_changes_are_told_in_the_order_of_the_text_and_not_in_that_of_the_facts() -> None:
    watching = begun(BOTH)

    changes = watching.observe(
        [
            fact("r2", "allegation", "4"),
            fact("r1", "allegation", "4"),
            attack("a2", by="south"),
            attack("a1", by="north"),
        ]
    )

    assert told(changes) == [
        ("halt", "north", ""),
        ("halt", "south", ""),
        ("answer", "south", ""),
        ("answer", "south", "r1"),
        ("answer", "south", "r2"),
    ]
    assert [one.facts for one in changes if one.before is None or one.after is not None] == [
        *(("a1",), ("a2",), ("r1",), ("r2",))
    ]


def test_changes_of_a_clause_that_was_taken_out_are_told_first() -> None:
    watching = begun(BOTH, attack(), fact("r1", "allegation", "4"))

    changes = watching.amend(agreement(halt(id="calm", by="south", after=SINCE), halt(by="north", after=SINCE)))

    assert told(changes) == [("answer", "south", "r1"), ("calm", "south", ""), ("halt", "south", "")]
    assert [(one.before is None, one.after is None) for one in changes] == [
        (False, True),
        (True, False),
        (False, True),
    ]
    assert same(watching)


def test_an_amendment_that_changes_nothing_tells_nothing() -> None:
    watching = begun(BOTH, attack(), fact("r1", "allegation", "4"))

    assert watching.amend(agreement(*_clauses(), note="for the file")) == ()
    assert watching.observe([attack()]) == ()
    assert same(watching)


def _clauses() -> list[dict[str, Any]]:
    return [halt(by=["north", "south"], after=SINCE), clause("answer", "respond", by="south", **ANSWERED)]


def test_an_amendment_keeps_what_is_known_later_waiting() -> None:
    watching = begun(HALT, attack(learned_at=at("7")))

    changes = watching.amend(agreement(halt(by="north", after=SINCE)))
    early = watching.advance(at("7") - TICK)
    late = watching.advance(at("7"))

    assert told(changes) == [("halt", "south", "")]
    assert early == ()
    assert told(late) == [("halt", "north", "")]
    assert late[0].facts == ("a1",)
    assert same(watching)


def test_what_was_asked_or_dumped_is_not_told_later() -> None:
    watching = begun(BOTH, attack())

    watching.rows()
    watching.dump()

    assert watching.advance(watching.clock) == ()
    assert watching.observe([]) == ()


# ---- what is told of several changes at once -----------------------------------------------------------------------


def test_an_act_observed_and_taken_back_at_once_is_no_change() -> None:
    watching = begun(HALT)

    assert watching.observe([attack(), replace(attack(), rev=2, op=Op.RETRACT)]) == ()
    assert same(watching)


def test_an_act_that_takes_the_place_of_another_is_no_change() -> None:
    watching = begun(HALT, attack("a1"))

    changes = watching.observe([attack("a2"), replace(attack("a1"), rev=2, op=Op.RETRACT)])

    assert changes == ()
    assert [one[0] for one in watching.rows()[0].occasions] == ["a2"]
    assert same(watching)


def test_several_revisions_of_one_fact_at_once_are_told_by_its_name_once() -> None:
    watching = begun(HALT)

    (change,) = watching.observe([attack(), replace(attack(), rev=2, when=between("3", "3"))])

    assert change.facts == ("a1",)
    assert change.before is not None
    assert (change.before.verdict, change.row.verdict) == (Verdict.CANNOT_TELL, Verdict.CONTRARY)


def test_a_new_time_of_an_act_moves_its_occasion_and_tells_nothing() -> None:
    watching = begun(HALT, attack("a1", "3"), attack("a2", "3 12:00"))

    changes = watching.observe([replace(attack("a1", "4"), rev=2)])

    assert changes == ()
    assert [(name, when.latest) for name, _, when in watching.rows()[0].occasions] == [
        ("a2", at("3 12:00")),
        ("a1", at("4")),
    ]
    assert same(watching)


def test_what_a_plea_says_is_told_once_and_not_with_the_next_act() -> None:
    watching = begun(agreement(halt(by="north", after=SINCE, excuse={"plea": "self-defence"})), attack())

    raised = watching.observe([fact("p1", "plea", "4 14:00", of="a1", plea="self-defence")])
    more = watching.observe([attack("a2", "4 15:00")])
    other = watching.observe([fact("p2", "plea", "4 16:00", of="a2", plea="self-defence")])

    assert [[beside.facts for beside in one.beside] for one in (*raised, *more, *other)] == [[("p1",)], [], [("p2",)]]


def test_a_plea_about_what_binds_no_more_is_not_told() -> None:
    excused = halt(by="north", after="2031-03-06T00:00+02:00", excuse={"plea": "self-defence"})
    watching = begun(agreement(excused), attack())

    assert watching.observe([fact("p1", "plea", "4 14:00", of="a1", plea="self-defence")]) == ()
    assert same(watching)


def test_pleas_are_not_told_at_the_level_at_which_another_clause_looks() -> None:
    gate = clause("second", "phase", opens="stage-2", when={"clause": "halt", "stands": "contrary", "at": "alleged"})
    excused = halt(by="north", after=SINCE, excuse={"plea": "self-defence"})
    alleged = attack(occurred=Proof.ALLEGED, who=Proof.ALLEGED)
    watching = begun(agreement(excused, gate))

    changes = watching.observe([alleged, fact("p1", "plea", "4 14:00", of="a1", plea="self-defence")])

    assert told(changes) == [("halt", "north", ""), ("second", "unstated", "")]
    assert [one.row.proof for one in changes] == [Proof.CORROBORATED, Proof.CORROBORATED]
    assert [len(one.beside) for one in changes] == [1, 0]
    assert same(watching)


def test_a_change_of_nothing_is_none() -> None:
    with pytest.raises(RuntimeError, match="a change of nothing"):
        _ = Change(None, None).row


# ---- what is known, and when ---------------------------------------------------------------------------------------


def test_what_is_known_at_this_very_moment_counts_at_once() -> None:
    watching = begun(HALT)

    (change,) = watching.observe([attack(learned_at=at("5"))])

    assert change.facts == ("a1",)
    assert watching.advance(at("6")) == ()


def test_a_revision_known_later_takes_the_place_of_the_first_in_its_time() -> None:
    watching = begun(HALT, attack(), replace(attack(by="south"), rev=2, learned_at=at("7")))

    before = watching.rows()[0].verdict
    changes = watching.advance(at("7"))

    assert before is Verdict.CONTRARY
    assert [(one.row.by, one.row.verdict, one.facts) for one in changes] == [
        ("north", Verdict.CANNOT_TELL, ("a1",)),
        ("south", Verdict.CONTRARY, ("a1",)),
    ]
    assert same(watching)


def test_two_contents_of_one_revision_are_settled_as_the_reference_does() -> None:
    for several in ((attack(), attack(by="south")), (attack(by="south"), attack())):
        watching = begun(HALT, *several)

        assert len(watching.facts) == 2
        assert same(watching)


def test_a_redaction_of_what_is_known_only_later_counts_only_then() -> None:
    secret = attack(learned_at=at("7"))
    hold(
        HALT,
        [secret, replace(secret, rev=2, op=Op.REDACT, fields=(), learned_at=at("8"))],
        [at("6"), at("7") - TICK, at("7"), at("8")],
        clock=at("5"),
    )


def test_a_watch_begins_with_what_it_is_given_and_tells_nothing_of_it() -> None:
    watching = begun(BOTH, attack(), fact("r1", "allegation", "4"))

    again = Watch.load(watching.dump(), BOTH)

    assert again.advance(again.clock) == ()
    assert again.rows() == watching.rows()


# ---- why -----------------------------------------------------------------------------------------------------------


def test_why_gives_the_reasons_of_just_the_commitment_that_is_named() -> None:
    watching = begun(BOTH, attack(), fact("r1", "allegation", "4"), fact("r2", "allegation", "4 12:00"))
    rows = watching.rows()

    found = [watching.why(row.key) for row in rows]

    assert [len(one) for one in found] == [1] * len(rows)
    assert [one.key for (one,) in found] == [row.key for row in rows]
    assert [one for (one,) in found] == list(watching.standing().stands)


def test_why_gives_one_stand_for_each_reading() -> None:
    pause = clause("pause", "power", by="south", may="suspend", of="all")
    watching = begun(
        agreement(halt(by="north", after=SINCE), pause), fact("s1", "suspension", "3", by="south", of="halt")
    )
    row = watching.rows()[0]

    found = watching.why(row.key)

    assert [one.reading for one in found] == [
        (("suspension s1", "takes effect"),),
        (("suspension s1", "has no effect"),),
    ]
    assert {one.key for one in found} == {row.key}


# ---- the rows of a clause that ends, is not computed, or has nobody to bind ----------------------------------------


def test_rows_that_nothing_can_change_stay_and_are_not_told() -> None:
    what = agreement(
        halt(by="north", after=SINCE),
        clause("spirit", "prohibit", by="north", act={"fact": "movement"}, text_only="good faith"),
        clause("none", "prohibit", by="north", act={"fact": "movement"}, each={"unit": "ghosts"}),
        clause("ghosts", "define", list="unstated"),
    )
    watching = begun(what, watch("c1", "1", "9"))
    before = watching.rows()

    changes = watching.observe([fact("m1", "movement", "4", by="north")])

    assert changes == ()
    assert watching.rows() == before
    assert [row.clause for row in before] == ["halt", "spirit", "none"]
    assert same(watching)


def test_a_prohibition_that_has_run_out_is_told_so_in_its_first_moment_after() -> None:
    watching = begun(agreement(halt(by="north", after=SINCE, until="2031-03-06T00:00+02:00")), watch("c1", "1", "9"))

    at_its_end = watching.advance(at("6"))
    (change,) = watching.advance(at("6") + TICK)

    assert at_its_end == ()
    assert change.before is not None
    assert (change.before.lifecycle, change.row.lifecycle) == (Lifecycle.IN_EFFECT, Lifecycle.LAPSED)
    assert change.facts == ()
    assert same(watching)


def test_a_label_that_hides_a_fact_takes_it_from_who_may_not_see_it() -> None:
    secret = replace(attack(), rev=2, label=Label(owner="north"))
    watching = begun(HALT, attack(), secret)

    assert watching.rows()[0].verdict is Verdict.CONTRARY
    assert watching.rows()[0].occasions[0][1] is Tri.YES
    assert same(watching)


def test_a_decision_that_adds_a_clause_is_told_when_it_takes_effect() -> None:
    new = {**clause("still", "prohibit", by="south", act={"fact": "movement"})}
    watching = begun(
        agreement(halt(by="north", after=SINCE), amendments=[amendment("d1", "6", new)]),
        fact("m1", "movement", "5", by="south"),
    )

    early = watching.advance(at("6") - TICK)
    (change,) = watching.advance(at("6"))

    assert early == ()
    assert (change.before, change.row.clause, change.row.version) == (None, "still", "d1")
    assert same(watching)
