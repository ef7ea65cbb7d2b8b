"""In force and due: when a commitment binds, is suspended, ends and is due, to the microsecond."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_small import (
    APPROVAL,
    TICK,
    agreement,
    amendment,
    asked,
    at,
    between,
    clause,
    during,
    fact,
    halt,
    said,
)
from trucekeeper.agreement.phrases import UNSTATED, Civil, parse_when
from trucekeeper.compliance.duty import Duty
from trucekeeper.compliance.force import Due, Force, Pause, after_length, due_of, exercises, force_of
from trucekeeper.compliance.grounds import Ground
from trucekeeper.compliance.inquiry import Fork
from trucekeeper.terms import DAWN, NEVER, Amount, Fact, Interval, Lifecycle, Proof, Span, Tri
from trucekeeper.terms.moments import DAY, HOUR, end_of_day

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import AnyClause

ALWAYS = Span(DAWN, NEVER)
SURE, DOUBT, NOT = Tri.YES, Tri.MAYBE, Tri.NO


def approved(name: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact(name, "decision", when, of="approval", **more)


def text(*clauses: dict[str, Any], **halted: object) -> Agreement:
    return agreement(halt(**halted), *clauses, events=APPROVAL)


def worded(agreed: Agreement, name: str = "halt") -> AnyClause:
    return agreed.clauses[name].latest()


def force(agreed: Agreement, *facts: Fact, as_of: str | int = "20", window: Span = ALWAYS, **more: Any) -> Force:  # noqa: ANN401
    return force_of(asked(agreed, facts, as_of, **more), worded(agreed), (), window)


def power(may: str, **more: object) -> dict[str, Any]:
    return clause("may-" + may, "power", **{"by": ["north", "south"], "may": may, "of": "halt", **more})


def bound(
    *,
    begun: Tri = SURE,
    start: Interval = between("2", "2"),
    end: Interval = between("9", "9"),
    pauses: tuple[Pause, ...] = (),
) -> Force:
    return Force(begun, NOT, start, end, pauses, Lifecycle.LAPSED, Ground("why"), ())


# ---- whether something happened while it bound ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "binds"),
    [
        (at("2") - TICK, NOT),
        (at("2"), SURE),
        (at("9"), SURE),
        (at("9") + TICK, NOT),
    ],
)
def test_the_first_and_the_last_instant_belong_to_the_time_in_which_it_binds(moment: int, binds: Tri) -> None:
    assert bound().binds(Interval.at(moment)) is binds


@pytest.mark.parametrize(
    ("moment", "binds"),
    [
        (at("2") - TICK, NOT),
        (at("2"), DOUBT),
        (at("3") - TICK, DOUBT),
        (at("3"), SURE),
        (at("8"), SURE),
        (at("8") + TICK, DOUBT),
        (at("9"), DOUBT),
        (at("9") + TICK, NOT),
    ],
)
def test_between_an_uncertain_beginning_and_end_it_certainly_binds(moment: int, binds: Tri) -> None:
    assert bound(start=between("2", "3"), end=between("8", "9")).binds(Interval.at(moment)) is binds


@pytest.mark.parametrize(
    ("when", "binds"),
    [
        ((at("2") - 2, at("2") - TICK), NOT),
        ((at("2") - TICK, at("2")), DOUBT),
        ((at("9"), at("9") + TICK), DOUBT),
        ((at("9") + TICK, at("9") + 2), NOT),
        ((at("2"), at("9")), SURE),
    ],
)
def test_what_happened_at_an_uncertain_time_binds_by_both_its_ends(when: tuple[int, int], binds: Tri) -> None:
    assert bound().binds(Interval(*when)) is binds


def test_what_has_possibly_begun_possibly_binds() -> None:
    assert bound(begun=DOUBT).binds(between("5", "5")) is DOUBT


PAUSED = Pause(between("4", "5"), between("6", "7"), SURE)


@pytest.mark.parametrize(
    ("moment", "suspended"),
    [
        (at("4") - TICK, NOT),
        (at("4"), DOUBT),
        (at("5") - TICK, DOUBT),
        (at("5"), SURE),
        (at("6") - TICK, SURE),
        (at("6"), DOUBT),
        (at("7") - TICK, DOUBT),
        (at("7"), NOT),
    ],
)
def test_a_suspension_holds_from_its_first_instant_until_the_duty_resumes(moment: int, suspended: Tri) -> None:
    force = bound(pauses=(PAUSED,))

    assert force.suspended(moment) is suspended
    assert force.binds(Interval.at(moment)) is suspended.negated


def test_one_of_two_suspensions_is_enough() -> None:
    force = bound(pauses=(PAUSED, Pause(between("8", "8"), between("9", "9"), NOT)))

    assert [force.suspended(at(day)) for day in ("5", "7 12:00", "8")] == [SURE, NOT, SURE]


def test_an_act_that_may_have_come_just_before_a_suspension_is_possible() -> None:
    pause = Pause(between("4", "4"), between("6", "6"), SURE)
    force = bound(pauses=(pause,))

    assert force.binds(Interval(at("4") - TICK, at("4"))) is DOUBT
    assert force.binds(Interval(at("6") - TICK, at("6"))) is DOUBT
    assert force.binds(Interval(at("4"), at("6") - TICK)) is NOT


# ---- when it begins ------------------------------------------------------------------------------------------------


def test_a_clause_that_says_nothing_binds_as_long_as_the_agreement() -> None:
    found = force(text())

    assert (found.begun, found.ended) == (SURE, NOT)
    assert (found.start, found.end) == (Interval.at(DAWN), Interval.at(NEVER))
    assert (found.ground.says, found.waits_for, found.after) == ("in force", (), Lifecycle.LAPSED)


def test_a_clause_binds_from_the_instant_of_its_trigger() -> None:
    agreed = text(after="approval")

    found = [force(agreed, approved("a", "2 12:00"), as_of=at("2 12:00") + late) for late in (-TICK, 0)]

    assert [one.begun for one in found] == [NOT, SURE]
    assert found[1].start == between("2 12:00", "2 12:00")
    assert found[1].ground.says == "in force since 2031-03-02 12:00+02:00"
    assert (found[0].ground.says, found[0].waits_for) == ("not yet in force", ("approval",))
    assert found[1].waits_for == ()


def test_a_clause_whose_trigger_is_not_on_record_has_not_begun() -> None:
    found = force(text(after="approval"))

    assert (found.begun, found.start) == (NOT, Interval(at("20"), NEVER))


def test_a_clause_whose_trigger_is_alleged_may_have_begun() -> None:
    found = force(text(after="approval"), approved("a", "2", occurred=Proof.ALLEGED))

    assert (found.begun, found.ground.says, found.waits_for) == (DOUBT, "may be in force", ("approval",))


def test_a_clause_whose_beginning_is_unstated_may_have_begun_at_any_time() -> None:
    found = force(text(after="unstated"))

    assert (found.begun, found.start, found.waits_for) == (DOUBT, Interval(DAWN, NEVER), ())
    assert "the text does not say from when" in said(found.ground)


def phased(**more: object) -> Agreement:
    gate = clause("gate", "phase", opens="stage-two", when={"happened": {"fact": "access"}})
    return text(gate, **{"during": "stage-two", **more})


def test_a_clause_of_a_phase_binds_once_the_phase_is_open() -> None:
    agreed = phased()

    shut = force(agreed)
    opened = force(agreed, fact("x", "access", "5"))

    assert (shut.begun, shut.waits_for) == (NOT, ("stage-two",))
    assert (opened.begun, opened.start) == (SURE, between("5", "5"))


def test_a_clause_of_a_phase_with_a_trigger_binds_from_the_later_of_both() -> None:
    agreed = phased(after="approval")
    access = fact("x", "access", ("5", "8"))

    assert force(agreed, access, approved("a", "3")).start == between("5", "8")
    assert force(agreed, access, approved("a", "9")).start == between("9", "9")
    assert force(agreed, access).waits_for == ("approval", "stage-two")
    assert force(agreed, access).begun is NOT
    assert force(agreed, approved("a", "3")).begun is NOT


def test_a_clause_binds_no_sooner_than_its_wording_was_the_text_in_force() -> None:
    found = force(text(after="approval"), approved("a", ("2", "4")), window=during("3", "9"))

    assert (found.start, found.end, found.begun) == (between("3", "4"), between("9", "9"), SURE)
    assert force(text(), window=during("20", "30"), as_of=at("20") - TICK).begun is NOT


# ---- when it ends --------------------------------------------------------------------------------------------------


def test_a_clause_has_ended_only_after_its_last_instant() -> None:
    agreed = text(after="approval", for_="72h")

    found = [
        force(agreed, approved("a", ("2", "3")), as_of=moment) for moment in (at("5"), at("5") + 1, "6", at("6") + 1)
    ]

    assert [one.ended for one in found] == [NOT, DOUBT, DOUBT, SURE]
    assert found[0].end == between("5", "6")


def test_a_clause_lasts_until_the_moment_it_names() -> None:
    found = force(text(until="2031-03-09T12:00+02:00"))

    assert (found.end, found.ended) == (between("9 12:00", "9 12:00"), SURE)


def test_a_clause_lasts_until_an_event_that_may_not_have_happened() -> None:
    agreed = text(until="approval")

    assert force(agreed).end == Interval.at(NEVER)
    assert force(agreed, approved("a", ("5", "6"))).end == between("5", "6")
    assert force(agreed, approved("a", ("5", "6"), occurred=Proof.ALLEGED)).end == between("5", "never")
    assert said(force(agreed, approved("a", "5")).ground)[-1] == "approval: 2031-03-05 00:00+02:00"


def test_a_clause_that_lasts_until_an_unknown_time_may_have_ended() -> None:
    agreed = agreement(
        halt(until="approval"), events={"approval": {"shown_by": {"fact": "decision"}, "at": "unstated"}}
    )

    assert (force(agreed).end, force(agreed).ended) == (Interval(DAWN, NEVER), DOUBT)


def test_a_clause_that_lasts_until_another_may_be_met_may_have_ended() -> None:
    gate = clause("gate", "phase", opens="stage-two", when={"happened": {"fact": "access"}}, if_undetermined="ask")
    agreed = text(gate, until="stage-two")

    found = force(agreed, fact("x", "access", "5", occurred=Proof.ALLEGED))

    assert (found.end, found.ended) == (between("5", "never"), DOUBT)


def test_of_two_ends_the_sooner_ends_it() -> None:
    agreed = text(after="approval", for_="72h", until="2031-03-04T00:00+02:00")

    assert force(agreed, approved("a", ("2", "3"))).end == between("4", "4")
    assert force(agreed, approved("a", (at("1") - DAY, "3"))).end == between("3", "4")


def test_an_end_that_the_text_leaves_unstated_is_none() -> None:
    for silent in ({"until": "unstated"}, {"for": "unstated"}):
        assert force(text(**silent)).end == Interval.at(NEVER)


def test_a_termination_ends_what_it_names() -> None:
    agreed = text(power("terminate"))

    found = force(agreed, fact("t", "termination", ("8", "9"), by="north", of="halt"))

    assert (found.end, found.after, found.ended) == (between("8", "9"), Lifecycle.TERMINATED, SURE)
    assert "ended by termination" in said(found.ground)


def test_a_waiver_discharges() -> None:
    found = force(text(power("waive")), fact("w", "waiver", "8", by="south", of="halt"))

    assert (found.end, found.after) == (between("8", "8"), Lifecycle.DISCHARGED)


def test_an_alleged_termination_may_have_ended_it() -> None:
    found = force(
        text(power("terminate")), fact("t", "termination", "8", by="north", occurred=Proof.ALLEGED, of="halt")
    )

    assert (found.end, found.after) == (between("8", "never"), Lifecycle.LAPSED)


@pytest.mark.parametrize(
    "ended",
    [
        fact("t", "termination", "8", by="guarantor", of="halt"),
        fact("t", "termination", "8", by="north", of="something-else"),
        fact("t", "waiver", "8", by="north", of="halt"),
        fact("t", "termination", "8", by="north", occurred=Proof.REFUTED, of="halt"),
    ],
)
def test_only_the_holder_of_a_power_ends_by_its_own_act_what_the_power_is_over(ended: Fact) -> None:
    assert force(text(power("terminate")), ended).end == Interval.at(NEVER)


def test_a_power_over_another_clause_ends_nothing_here() -> None:
    agreed = text(clause("other", "prohibit", act={"fact": "movement"}), power("terminate", of="other"))

    assert force(agreed, fact("t", "termination", "8", by="north", of="other")).end == Interval.at(NEVER)


def test_a_power_over_all_clauses_ends_every_one_but_itself() -> None:
    agreed = text(power("terminate", of="all"))
    ended = fact("t", "termination", "8", by="north", of="all")

    assert force(agreed, ended).end == between("8", "8")
    assert force_of(asked(agreed, [ended]), worded(agreed, "may-terminate"), (), ALWAYS).end == Interval.at(NEVER)


def test_a_power_is_exercised_by_what_its_clause_names() -> None:
    agreed = text(power("terminate", exercise={"fact": "declaration", "finding": "over"}))

    assert force(agreed, fact("d", "declaration", "8", by="north", of="halt", finding="over")).end == between(
        "8", "8"
    )
    assert force(agreed, fact("t", "termination", "8", by="north", of="halt")).end == Interval.at(NEVER)


def test_a_power_without_an_act_of_its_own_is_exercised_by_declaration() -> None:
    agreed = text(power("amend"))
    inquiry = asked(agreed, [fact("d", "declaration", "8", by="north", of="may-amend")])
    wording = worded(agreed, "may-amend")

    assert [one.fact.id for one in exercises(inquiry, wording, ())] == ["d"]  # type: ignore[arg-type]  # it is a power


def test_a_power_is_read_at_corroborated_whoever_asks() -> None:
    agreed = text(power("terminate"))
    corroborated = fact("t", "termination", "8", by="north", of="halt")
    alleged = fact("t", "termination", "8", by="north", of="halt", occurred=Proof.ALLEGED)

    assert force(agreed, corroborated, proof=Proof.VERIFIED).end == between("8", "8")
    assert force(agreed, alleged, proof=Proof.ALLEGED).end == between("8", "never")


def test_a_power_that_a_decision_took_away_ends_what_it_ended_before() -> None:
    agreed = agreement(halt(), power("terminate"), amendments=[amendment("later", "10", removes=["may-terminate"])])

    def ended(*days: str) -> Interval:
        return force(agreed, fact("t", "termination", (days[0], days[-1]), by="north", of="halt")).end

    assert ended("9") == between("9", "9")
    assert ended("9", "11") == between("9", "never")
    assert ended("10") == Interval.at(NEVER)


def test_a_power_that_a_decision_gave_ends_nothing_before_it() -> None:
    agreed = agreement(halt(), amendments=[amendment("later", "10", power("terminate"))])

    def ended(day: str | int, as_of: str = "20") -> Interval:
        return force(agreed, fact("t", "termination", day, by="north", of="halt"), as_of=as_of).end

    assert ended("10") == between("10", "10")
    assert ended(at("10") - TICK) == Interval.at(NEVER)


# ---- suspensions ---------------------------------------------------------------------------------------------------


def suspended(
    *facts: Fact, as_of: str | int = "20", assumed: dict[str, str] | None = None, stops: object = True
) -> Force:
    agreed = text(power("suspend", stops_clock=stops))
    return force(agreed, *facts, as_of=as_of, assumed=assumed or {})


def invoked(when: Any = "4", **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact("s", "suspension", when, **{"by": "north", "of": "halt", **more})


def answered(name: str, kind: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  as above
    return fact(name, kind, when, **{"of": "s", **more})


ACCEPTED = answered("y", "declaration", "5", by="south", finding="accepted")


def test_an_accepted_suspension_runs_from_its_invocation_until_it_is_ended() -> None:
    found = suspended(invoked(), ACCEPTED)

    assert found.pauses == (Pause(between("4", "4"), Interval.at(NEVER), SURE),)
    assert "suspension s by north: accepted" in said(found.ground)


@pytest.mark.parametrize(("stops", "moves"), [(True, SURE), (False, NOT), ("unstated", DOUBT)])
def test_the_power_says_whether_a_suspension_stops_the_clock(stops: object, moves: Tri) -> None:
    assert [one.moves_clock for one in suspended(invoked(), ACCEPTED, stops=stops).pauses] == [moves]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((), "invoked, not answered"),
        ((ACCEPTED, answered("n", "declaration", "6", by="south", finding="contested")), "contested"),
        ((answered("y", "declaration", "5", by="north", finding="accepted"),), "invoked, not answered"),
        ((answered("y", "declaration", "5", by="south", finding="regretted"),), "invoked, not answered"),
        (
            (answered("y", "declaration", "5", by="south", finding="accepted", occurred=Proof.ALLEGED),),
            "not answered",
        ),
        ((answered("y", "declaration", "5", by="south", finding="accepted", who=Proof.ALLEGED),), "not answered"),
        ((ACCEPTED, answered("n", "declaration", "6", finding="contested", occurred=Proof.ALLEGED)), "contested"),
        ((answered("y", "declaration", "5", by="n1", finding="accepted"),), "invoked, not answered"),
        ((answered("y", "declaration", "5", finding="accepted"),), "invoked, not answered"),
        ((answered("d", "determination", "6", by="north", finding="upheld"),), "invoked, not answered"),
        ((answered("y", "declaration", at("20") + TICK, by="south", finding="accepted"),), "invoked, not answered"),
    ],
)
def test_a_suspension_that_nobody_else_settled_is_read_both_ways(answer: tuple[Fact, ...], why: str) -> None:
    with pytest.raises(Fork) as fork:
        suspended(invoked(), *answer)
    holds = suspended(invoked(), *answer, assumed={"suspension s": "takes effect"})
    fails = suspended(invoked(), *answer, assumed={"suspension s": "has no effect"})

    assert (fork.value.axis, fork.value.options) == ("suspension s", ("takes effect", "has no effect"))
    assert (len(holds.pauses), len(fails.pauses)) == (1, 0)
    assert any(f"{why}; read here as: takes effect" in one for one in said(holds.ground))
    assert any(f"{why}; read here as: has no effect" in one for one in said(fails.ground))


@pytest.mark.parametrize(
    ("suspender", "answerer", "accepted"),
    [
        ("north", "south", True),
        ("north", "guarantor", True),
        ("north", "n1", False),
        ("n1", "n2", False),
        ("n1", "north", False),
        ("n1", "s1", True),
        ("south", "band", False),
        ("band", "south", False),
        ("north", "band", True),
        (None, "south", False),
        ("south", None, False),
    ],
)
def test_nobody_accepts_a_suspension_of_his_own_side(
    suspender: str | None,
    answerer: str | None,
    accepted: bool,  # noqa: FBT001  what is expected
) -> None:
    facts = [invoked(by=suspender), answered("y", "declaration", "5", by=answerer, finding="accepted")]
    agreed = text(power("suspend", by="anyone"))

    if accepted:
        assert len(force(agreed, *facts).pauses) == 1
    else:
        with pytest.raises(Fork):
            force(agreed, *facts)


def test_an_answer_counts_from_its_own_instant_on() -> None:
    assert suspended(invoked(), ACCEPTED, as_of="5").pauses
    with pytest.raises(Fork):
        suspended(invoked(), ACCEPTED, as_of=at("5") - TICK)


def test_a_refuted_contest_is_none() -> None:
    contest = answered("n", "declaration", "6", by="south", finding="contested", occurred=Proof.REFUTED)

    assert len(suspended(invoked(), ACCEPTED, contest).pauses) == 1


@pytest.mark.parametrize(("finding", "pauses"), [("upheld", 1), ("not upheld", 0)])
def test_the_body_settles_a_contested_suspension(finding: str, pauses: int) -> None:
    contest = answered("n", "declaration", "5", by="south", finding="contested")
    ruling = answered("d", "determination", "6", by="commission", finding=finding)

    found = suspended(invoked(), contest, ruling)

    assert len(found.pauses) == pauses
    assert f"suspension s by north: {finding} by d" in said(found.ground)


def test_the_later_of_two_rulings_counts() -> None:
    rulings = [
        answered("d", "determination", "6", by="commission", finding="upheld"),
        answered("e", "determination", "7", by="commission", finding="rejected"),
    ]

    assert suspended(invoked(), *rulings).pauses == ()


def test_a_suspension_ends_when_it_said_it_would() -> None:
    found = suspended(invoked(span=during("4", "9")), ACCEPTED)

    assert found.pauses[0].end == between("9", "9")


def test_a_resumption_ends_a_suspension_sooner() -> None:
    resumed = fact("r", "resumption", ("6", "7"), of="s")

    found = suspended(invoked(span=during("4", "9")), ACCEPTED, resumed)

    assert found.pauses[0].end == between("6", "7")
    assert any(one.startswith("resumed between") for one in said(found.ground))


def test_a_resumption_that_names_no_suspension_ends_every_one() -> None:
    assert suspended(invoked(), ACCEPTED, fact("r", "resumption", "6")).pauses[0].end == between("6", "6")


def test_a_resumption_at_the_instant_of_the_suspension_leaves_none() -> None:
    assert suspended(invoked(), ACCEPTED, fact("r", "resumption", "4", of="s")).pauses[0].end == between("4", "4")


def test_the_first_resumption_ends_a_suspension_and_no_later_one_moves_that() -> None:
    facts = [fact("r", "resumption", ("6", "8"), of="s"), fact("q", "resumption", "7", of="s")]

    assert suspended(invoked(), ACCEPTED, *facts).pauses[0].end == between("6", "8")


@pytest.mark.parametrize(
    "resumed",
    [
        fact("r", "resumption", "6", of="another"),
        fact("r", "resumption", "6", of="s", occurred=Proof.ALLEGED),
        fact("r", "resumption", at("20") + TICK, of="s"),
        fact("r", "resumption", at("4") - TICK, of="s"),
    ],
)
def test_what_does_not_resume_this_suspension_leaves_it_running(resumed: Fact) -> None:
    assert suspended(invoked(), ACCEPTED, resumed).pauses[0].end == Interval.at(NEVER)


def test_a_resumption_at_the_moment_asked_counts() -> None:
    assert suspended(invoked(), ACCEPTED, fact("r", "resumption", "20", of="s")).pauses[0].end == between("20", "20")


# ---- how long ------------------------------------------------------------------------------------------------------


def lasts(start: Any, length: int | Civil | str) -> Interval:  # noqa: ANN401  a time
    when = start if isinstance(start, Interval) else between(start, start)
    return after_length(asked(text()), when, length)  # type: ignore[arg-type]  # `unstated` is a word


def test_an_exact_length_is_exact_though_the_clocks_change() -> None:
    assert lasts(between("29", "30"), 72 * HOUR) == Interval(at("29") + 72 * HOUR, at("30") + 72 * HOUR)


def test_an_unstated_length_never_runs_out() -> None:
    assert lasts("3", UNSTATED) == Interval.at(NEVER)


@pytest.mark.parametrize(
    ("first_day", "earliest", "latest"),
    [(True, "4", "4"), (False, "5", "5"), (None, "4", "5")],
)
def test_civil_days_end_with_their_last_day_however_the_first_is_counted(
    first_day: bool | None,  # noqa: FBT001  as the text says it
    earliest: str,
    latest: str,
) -> None:
    found = lasts("2 12:00", Civil(days=2, months=0, first_day_counts=first_day))

    assert found == between(at(earliest) - TICK, at(latest) - TICK)


def test_civil_days_of_an_uncertain_trigger_end_on_uncertain_days() -> None:
    found = lasts(between("2 12:00", "4 12:00"), Civil(days=2, months=0, first_day_counts=False))

    assert found == between(at("5") - TICK, at("7") - TICK)


def test_a_day_of_23_hours_is_a_day() -> None:
    found = lasts("29 12:00", Civil(days=1, months=0, first_day_counts=False))

    assert found == Interval.at(at("31") - HOUR - TICK)


@pytest.mark.parametrize("first_day", [True, False])
def test_a_month_ends_with_the_same_day_of_the_next_however_the_first_is_counted(first_day: bool) -> None:  # noqa: FBT001
    found = lasts("2 12:00", Civil(days=0, months=1, first_day_counts=first_day))

    assert found == Interval.at(at("2") + 32 * DAY - HOUR - TICK)


def test_civil_days_from_an_unknown_time_end_at_an_unknown_time() -> None:
    assert lasts(Interval(DAWN, NEVER), Civil(days=2, months=0, first_day_counts=False)) == Interval(DAWN, NEVER)


# ---- when it is due ------------------------------------------------------------------------------------------------


def due(
    *facts: Fact,
    as_of: str | int = "20",
    length: int | Civil | str | None = 8 * DAY,
    deadline: object = None,
    powers: tuple[dict[str, Any], ...] = (),
    after: str = "approval",
) -> Due:
    agreed = agreement(halt(after=after), *powers, events={**APPROVAL, "talks": {"shown_by": {"fact": "talks"}}})
    inquiry = asked(agreed, facts, as_of)
    wording = worded(agreed)
    phrase = parse_when(deadline) if deadline not in (None, UNSTATED) else deadline
    found = force_of(inquiry, wording, (), ALWAYS)
    return due_of(inquiry, wording, found, (), length=length, deadline=phrase)  # type: ignore[arg-type]  # as the file has it


ON_THE_SECOND = approved("a", "2")


def test_a_length_runs_from_the_trigger() -> None:
    found = due(ON_THE_SECOND)

    assert (found.when, found.ground.says) == (between("10", "10"), "due 2031-03-10 00:00+02:00")
    assert found.waits_for == ()


def test_the_deadline_itself_is_in_time() -> None:
    found = Due(between("10", "11"), Ground("why"))

    assert [found.passed(moment) for moment in (at("10"), at("10") + 1, at("11"), at("11") + 1)] == [
        NOT,
        DOUBT,
        DOUBT,
        SURE,
    ]
    assert Due(None, Ground("why")).passed(NEVER) is NOT


def test_a_clock_that_has_not_started_gives_no_deadline() -> None:
    found = due()

    assert (found.when, found.ground.says, found.waits_for) == (None, "the clock has not started", ("approval",))


def test_a_trigger_is_not_shown_before_it_happened() -> None:
    assert due(ON_THE_SECOND, as_of=at("2") - TICK).when is None


def test_a_clock_that_will_start_at_a_known_time_gives_a_deadline() -> None:
    assert due(after="2031-03-25T00:00+02:00").when == Interval.at(at("25") + 8 * DAY)


def test_a_clock_that_started_nobody_knows_when_gives_an_unknown_deadline() -> None:
    assert due(after="unstated").when == Interval(DAWN, NEVER)


@pytest.mark.parametrize("length", [None, UNSTATED])
def test_a_text_without_a_deadline_gives_none(length: str | None) -> None:
    found = due(ON_THE_SECOND, length=length, deadline=UNSTATED if length else None)

    assert (found.when, found.ground.says) == (None, "the text gives no deadline")


def test_a_deadline_by_an_event_is_that_event() -> None:
    talks = fact("t", "talks", ("6", "7"), of="talks")

    assert due(ON_THE_SECOND, talks, deadline="48h before talks").when == between("4", "5")
    waiting = due(ON_THE_SECOND, deadline="48h before talks")
    assert (waiting.when, waiting.waits_for) == (None, ("talks",))
    assert waiting.ground.says == "the deadline hangs on what has not happened"


def test_a_deadline_by_an_alleged_event_may_never_come() -> None:
    talks = fact("t", "talks", ("6", "7"), of="talks", occurred=Proof.ALLEGED)

    assert due(ON_THE_SECOND, talks, deadline="talks").when == between("6", "never")


# extensions


def extended(**more: Any) -> Fact:  # noqa: ANN401  the rest of a fact
    return fact("x", "extension", "5", **{"by": "north", "of": "halt", **more})


EXTEND = (power("extend"),)


def test_an_extension_by_days_moves_the_deadline_by_so_many_times_24_hours() -> None:
    found = due(ON_THE_SECOND, extended(days=3), powers=EXTEND)

    assert found.when == between("13", "13")
    assert found.ground.says == "due 2031-03-13 00:00+02:00, moved from 2031-03-10 00:00+02:00"
    assert "extended" in said(found.ground)


def test_an_extension_by_uncertain_days_moves_the_deadline_uncertainly() -> None:
    assert due(ON_THE_SECOND, extended(days=Amount(1, 4)), powers=EXTEND).when == between("11", "14")


def test_an_extension_to_a_day_moves_the_deadline_there() -> None:
    assert due(ON_THE_SECOND, extended(span=during("5", "18")), powers=EXTEND).when == between("18", "18")


def test_an_extension_that_says_neither_how_long_nor_until_when_moves_nothing() -> None:
    found = due(ON_THE_SECOND, extended(), powers=EXTEND)

    assert (found.when, "extended" in said(found.ground)) == (between("10", "10"), False)


def test_an_alleged_extension_leaves_both_deadlines_possible() -> None:
    alleged = {"occurred": Proof.ALLEGED}

    assert due(ON_THE_SECOND, extended(days=3, **alleged), powers=EXTEND).when == between("10", "13")
    assert due(ON_THE_SECOND, extended(span=during("5", "18"), **alleged), powers=EXTEND).when == between("10", "18")


def test_an_alleged_move_to_an_earlier_day_leaves_both_deadlines_possible() -> None:
    sooner = extended(span=during("5", "8"), occurred=Proof.ALLEGED)

    assert due(ON_THE_SECOND, sooner, powers=EXTEND).when == between("8", "10")


# suspensions


def stopped(pauses: list[Fact], as_of: str = "20", *, stops: object = True) -> Interval | None:
    accepted = [
        fact(f"ok-{one.id}", "declaration", one.when, by="south", of=one.id, finding="accepted") for one in pauses
    ]
    return due(ON_THE_SECOND, *pauses, *accepted, as_of=as_of, powers=(power("suspend", stops_clock=stops),)).when


def pause(name: str, start: Any, end: str | int) -> Fact:  # noqa: ANN401  a time
    begun = start if isinstance(start, Interval) else between(start, start)
    return fact(name, "suspension", begun, Span(begun.earliest, at(end)), by="north", of="halt")


def test_a_suspension_moves_the_deadline_by_its_length() -> None:
    assert stopped([pause("s", "4", "6")]) == between("12", "12")


def test_a_suspension_that_does_not_stop_the_clock_moves_nothing() -> None:
    assert stopped([pause("s", "4", "6")], stops=False) == between("10", "10")


def test_a_suspension_of_which_the_text_does_not_say_whether_it_stops_the_clock_may_move_the_deadline() -> None:
    assert stopped([pause("s", "4", "6")], stops="unstated") == between("10", "12")


def test_a_suspension_that_still_runs_has_moved_the_deadline_by_as_much_as_has_passed() -> None:
    assert stopped([pause("s", "4", "19")], as_of="7") == between("13", "13")


def test_time_in_which_two_suspensions_overlap_stops_the_clock_once() -> None:
    assert stopped([pause("s", "4", "6"), pause("q", "5", "7")]) == between("13", "13")
    assert stopped([pause("s", "4", "8"), pause("q", "5", "6")]) == between("14", "14")


def test_suspensions_one_after_the_other_add_up() -> None:
    assert stopped([pause("q", "7", "8"), pause("s", "4", "6")]) == between("13", "13")


def test_a_suspension_that_began_before_the_clock_stops_it_from_its_start_only() -> None:
    assert stopped([pause("s", "1", "4")]) == between("12", "12")
    assert stopped([pause("s", "1", "1 12:00")]) == between("10", "10")


def test_a_suspension_at_the_instant_of_the_deadline_moves_it_and_a_later_one_does_not() -> None:
    assert stopped([pause("s", "10", "12")]) == between("12", "12")
    assert stopped([pause("s", at("10") + TICK, "12")]) == between("10", "10")


def test_a_suspension_inside_the_time_won_by_another_moves_the_deadline_again() -> None:
    assert stopped([pause("s", "4", "6"), pause("q", "11", "13")]) == between("14", "14")


def test_a_suspension_that_may_have_begun_after_the_deadline_may_have_moved_it() -> None:
    assert stopped([pause("s", between("9", "11"), "12")]) == between("10", "13")


def test_a_suspension_of_uncertain_beginning_moves_the_deadline_uncertainly() -> None:
    assert stopped([pause("s", between("4", "5"), "7")]) == between("12", "13")


def test_a_suspension_from_an_uncertain_clock_on_moves_the_deadline_uncertainly() -> None:
    agreed = text(power("suspend", stops_clock=True), after="approval")
    facts = [
        approved("a", ("2", "4")),
        pause("s", "3", "6"),
        fact("y", "declaration", "3", by="south", of="s", finding="accepted"),
    ]
    inquiry = asked(agreed, facts, "20")
    wording = worded(agreed)

    found = due_of(inquiry, wording, force_of(inquiry, wording, (), ALWAYS), (), length=8 * DAY, deadline=None)

    assert found.when == between("12", "15")


def test_what_waits_for_an_end_of_day_is_due_with_its_last_microsecond() -> None:
    found = due(ON_THE_SECOND, deadline="end of 2031-03-30")

    assert found.when == Interval.at(end_of_day(date(2031, 3, 30), "EET"))


def test_the_force_of_a_duty_is_that_of_its_clause() -> None:
    agreed = text(after="approval")
    inquiry = asked(agreed, [ON_THE_SECOND])

    assert Duty(inquiry, worded(agreed), "north", (), ALWAYS, "").force.start == between("2", "2")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"kind": "determination", "by": "commission", "finding": "rejected"}, "not upheld by y"),
        ({"kind": "declaration", "by": "north", "finding": "accepted"}, "accepted"),
    ],
)
def test_a_suspension_names_the_answer_by_which_it_counts_or_not(answer: dict[str, str], says: str) -> None:
    agreed = text(power("suspend"))
    said_so = fact("y", answer["kind"], "3", by=answer["by"], of="s", finding=answer["finding"])

    found = force(agreed, fact("s", "suspension", "2", by="south", of="halt"), said_so)

    assert says in [one.says.rpartition(": ")[2] for _, one in found.ground.walk()]
    assert found.ground.leaves() >= {"s", "y"}
