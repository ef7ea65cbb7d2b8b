"""Respond: to each such fact an answer in time."""

from __future__ import annotations

from tests.compliance_cases import (
    ALLEGED,
    PAUSE,
    START,
    STOP,
    Promise,
    agreed,
    beside,
    between,
    day,
    fact,
    found,
    outcome,
    reasons,
    stopped,
    suspended,
    watch,
)
from trucekeeper.terms import Fact, Interval, Moment, Span, Tri

RESPOND = "kind: respond, to: {fact: shelling}, with: {fact: inspection}"
PROMISE = agreed(f"{RESPOND}, within: 24h", PAUSE, STOP)
TIMELESS = agreed(RESPOND, STOP)
CALLED = day(12)
DUE = day(13)
WATCHED = watch("inspection")


def call(at: Moment | Interval = CALLED, **more: object) -> Fact:
    return fact("shelling", at, by="south", name="s1", **more)  # type: ignore[arg-type]  # the fields of a shelling


def answer(at: Moment | Interval, of: str = "s1", **more: object) -> Fact:
    return fact("inspection", at, by="north", of=of, **more)  # type: ignore[arg-type]  # the fields of an inspection


# ---- in time, late, or never ---------------------------------------------------------------------------------------


def test_an_answer_at_the_last_microsecond_is_in_time() -> None:
    stand = PROMISE.stand(call(), answer(DUE), as_of=day(20))

    assert outcome(stand) == "consistent, met"
    assert stand.occurrence == "s1"
    assert stand.due == Interval.at(DUE)
    assert stand.met is Tri.YES
    assert stand.met_at == Interval.at(DUE)
    assert stand.ground.says == "shelling s1, 2031-01-12 00:00+02:00: answered in time"
    assert stand.ground.facts == ("s1", "f2")


def test_an_answer_a_microsecond_later_is_late_though_nobody_was_watching() -> None:
    stand = PROMISE.stand(call(), answer(DUE + 1), as_of=day(20))

    assert outcome(stand) == "contrary, met late"
    assert stand.met is Tri.YES
    assert stand.met_at == Interval.at(DUE + 1)
    assert stand.ground.says.endswith("answered late")


def test_an_answer_at_the_instant_of_the_call_is_one_and_before_it_is_none() -> None:
    assert outcome(PROMISE.stand(call(), answer(CALLED), as_of=day(20))) == "consistent, met"
    assert outcome(PROMISE.stand(call(), answer(CALLED - 1), WATCHED, as_of=day(20))) == "contrary, unmet"


def test_no_answer_is_contrary_only_where_somebody_was_watching_for_answers() -> None:
    missed = PROMISE.stand(call(), WATCHED, as_of=DUE + 1)

    assert outcome(missed) == "contrary, unmet"
    assert missed.met is Tri.NO
    assert missed.met_at is None
    assert missed.ground.says.endswith("no answer on record")
    assert outcome(PROMISE.stand(call(), as_of=DUE + 1)) == "cannot tell, in effect"


def test_no_answer_is_open_up_to_the_deadline_itself() -> None:
    assert outcome(PROMISE.stand(call(), WATCHED, as_of=DUE)) == "open, in effect"
    assert outcome(PROMISE.stand(call(), WATCHED, as_of=DUE + 1)) == "contrary, unmet"


def test_a_watch_must_reach_from_the_call_to_the_deadline() -> None:
    def seen(since: Moment, until: Moment) -> str:
        return outcome(PROMISE.stand(call(), watch("inspection", since=since, until=until), as_of=day(20)))

    assert seen(CALLED, DUE) == "contrary, unmet"
    assert seen(CALLED + 1, DUE) == "cannot tell, in effect"
    assert seen(CALLED, DUE - 1) == "cannot tell, in effect"


def test_of_the_very_moment_of_a_call_it_is_said_whether_somebody_was_watching() -> None:
    assert any(
        one.startswith("the record of every inspection") for one in reasons(PROMISE.stand(call(), as_of=CALLED))
    )


def test_a_late_answer_shows_lateness_though_it_may_have_been_the_second() -> None:
    assert outcome(PROMISE.stand(call(), answer(day(14)), answer(day(15)), as_of=day(20))) == "contrary, met late"


def test_an_answer_at_an_uncertain_time_may_have_been_late() -> None:
    stand = PROMISE.stand(call(), answer(between(DUE, DUE + 1)), as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.met is Tri.YES
    assert stand.ground.says.endswith("answered, perhaps late")


def test_an_answer_that_may_have_come_before_the_call_is_a_doubtful_one() -> None:
    stand = PROMISE.stand(call(), answer(between(CALLED - 1, CALLED)), WATCHED, as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.met is Tri.MAYBE
    assert stand.ground.says.endswith("perhaps answered")


def test_a_doubtful_answer_is_no_answer_and_leaves_doubt() -> None:
    stand = PROMISE.stand(call(), answer(DUE, proof=ALLEGED), WATCHED, as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.met is Tri.MAYBE
    assert stand.met_at == Interval.at(DUE)


def test_a_doubtful_late_answer_does_not_show_that_none_came_before() -> None:
    assert outcome(PROMISE.stand(call(), answer(DUE + 1, proof=ALLEGED), as_of=day(20))) == "cannot tell, in effect"


def test_a_doubtful_answer_before_a_certain_late_one_leaves_doubt_when_it_was_answered() -> None:
    stand = PROMISE.stand(call(), answer(day(12, 6), proof=ALLEGED), answer(day(14)), as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.met is Tri.YES
    assert stand.met_at == between(day(12, 6), day(14))


def test_of_two_doubtful_answers_either_may_be_the_first() -> None:
    doubtful = answer(day(12, 6), proof=ALLEGED), answer(day(14), proof=ALLEGED)

    assert PROMISE.stand(call(), *doubtful, as_of=day(20)).met_at == between(day(12, 6), day(14))


def test_of_two_answers_the_first_counts() -> None:
    stand = PROMISE.stand(call(), answer(day(12, 6)), answer(day(14)), as_of=day(20))

    assert outcome(stand) == "consistent, met"
    assert stand.met_at == Interval.at(day(12, 6))


def test_an_uncertain_call_gives_an_uncertain_deadline() -> None:
    doubtful = call(between(CALLED, CALLED + 10))

    def answered(at: Moment) -> str:
        return outcome(PROMISE.stand(doubtful, answer(at), as_of=day(20)))

    assert PROMISE.stand(doubtful, as_of=day(20)).due == between(DUE, DUE + 10)
    assert answered(DUE) == "consistent, met"
    assert answered(DUE + 1) == answered(DUE + 10) == "cannot tell, in effect"
    assert answered(DUE + 11) == "contrary, met late"
    assert outcome(PROMISE.stand(doubtful, WATCHED, as_of=DUE)) == "open, in effect"
    assert outcome(PROMISE.stand(doubtful, WATCHED, as_of=DUE + 1)) == "cannot tell, in effect"
    assert outcome(PROMISE.stand(doubtful, WATCHED, as_of=DUE + 10)) == "cannot tell, in effect"
    assert outcome(PROMISE.stand(doubtful, WATCHED, as_of=DUE + 11)) == "contrary, unmet"


def test_a_doubtful_call_obliges_nobody_for_certain() -> None:
    assert outcome(PROMISE.stand(call(proof=ALLEGED), WATCHED, as_of=day(20))) == "cannot tell, in effect"


# ---- which answer to which call ------------------------------------------------------------------------------------


def test_an_answer_to_another_call_is_none() -> None:
    other = fact("shelling", CALLED, by="south", name="s2")

    rows = PROMISE.stands(call(), other, answer(DUE, of="s2"), WATCHED, as_of=day(20))

    assert {row.occurrence: outcome(row) for row in rows} == {"s1": "contrary, unmet", "s2": "consistent, met"}


def test_an_answer_that_shares_what_it_must_share_is_one() -> None:
    promise = agreed(
        "kind: respond, to: {fact: shelling}, with: {fact: measure, same: [unit]}, within: 24h",
    )
    watched = watch("measure")

    def answered(**said: object) -> str:
        measure = fact("measure", DUE, by="north", **said)  # type: ignore[arg-type]  # the fields of a measure
        return outcome(promise.stand(call(unit="n1"), measure, watched, as_of=day(20)))

    assert answered(unit="n1") == "consistent, met"
    assert answered(unit="n2") == "contrary, unmet"
    assert answered() == "cannot tell, in effect"


def test_any_of_several_kinds_of_call_and_of_answer_will_do_and_one_fact_is_one_call() -> None:
    promise = agreed(
        "kind: respond, within: 24h, to: [{fact: attack}, {fact: shelling}],"
        " with: [{fact: inspection}, {fact: measure}]"
    )

    (stand,) = promise.stands(call(), fact("measure", DUE, by="north", of="s1"), as_of=day(20))

    assert outcome(stand) == "consistent, met"


# ---- without a deadline, or without an answer that would do --------------------------------------------------------


def test_an_answer_without_a_deadline_is_never_late() -> None:
    unanswered = TIMELESS.stand(call(), WATCHED, as_of=day(31))

    assert outcome(unanswered) == "open, in effect"
    assert unanswered.due is None
    assert "no deadline by which an answer would be missed" in reasons(unanswered)
    answered = TIMELESS.stand(call(), answer(day(30)), as_of=day(31))
    assert outcome(answered) == "consistent, met"
    assert answered.ground.says.endswith(": answered")


def test_a_call_without_a_deadline_is_over_with_the_promise() -> None:
    assert outcome(TIMELESS.stand(call(), stopped(day(14)), as_of=day(20))) == "not in force, terminated"


def test_what_is_to_be_prevented_is_contrary_by_itself() -> None:
    promise = agreed("kind: respond, to: {fact: shelling}, result_alone: true")

    stand = promise.stand(call(), as_of=CALLED)

    assert outcome(stand) == "contrary, unmet"
    assert outcome(promise.stand(call(proof=ALLEGED), as_of=CALLED)) == "cannot tell, in effect"


def test_a_deadline_set_before_the_call_is_one_that_nobody_could_be_watched_for() -> None:
    promise = agreed(f"{RESPOND}, within: 24h", "id: more, kind: power, by: south, may: extend, of: it")
    until = fact("extension", day(11), by="south", of="it", span=Span(day(10), day(11)), name="x")

    stand = promise.stand(call(), until, WATCHED, as_of=day(20))

    assert "no deadline by which an answer would be missed" in reasons(stand)


# ---- nothing to answer ---------------------------------------------------------------------------------------------


def test_where_nothing_calls_for_an_answer_it_is_kept_if_somebody_was_watching_for_what_would() -> None:
    stand = PROMISE.stand(watch("shelling"), as_of=day(20))

    assert outcome(stand) == "consistent, in effect"
    assert stand.ground.says == "nothing on record calls for an answer"
    assert stand.ground.cite == "art. 1"
    assert outcome(PROMISE.stand(watch("shelling", since=START + 1), as_of=day(20))) == "cannot tell, in effect"
    assert outcome(PROMISE.stand(watch("shelling"), as_of=START)) == "consistent, in effect"


def test_after_its_end_a_promise_that_nothing_called_on_keeps_its_verdict() -> None:
    ended = stopped(day(14))

    assert outcome(PROMISE.stand(ended, watch("shelling", until=day(14)), as_of=day(20))) == "consistent, terminated"
    assert outcome(PROMISE.stand(ended, watch("shelling", until=day(14) - 1), as_of=day(20))) == (
        "cannot tell, terminated"
    )


def test_what_ends_before_it_begins_was_never_called_on() -> None:
    promise = agreed(f"{RESPOND}, within: 24h, until: 2031-01-05T00:00+02:00")

    assert outcome(promise.stand(watch("shelling", since=day(1)), as_of=day(20))) == "consistent, lapsed"


# ---- before, suspended, ended --------------------------------------------------------------------------------------


def test_a_promise_whose_clock_has_not_started_is_dormant() -> None:
    promise = agreed(f"{RESPOND}, within: 24h, after: approval")

    assert outcome(promise.stand(call(), WATCHED, as_of=day(20))) == "not in force, dormant"


def test_a_call_before_the_beginning_is_none_and_one_at_its_first_instant_is_one() -> None:
    assert PROMISE.stand(call(START - 1), WATCHED, as_of=day(20)).occurrence == ""
    assert outcome(PROMISE.stand(call(START), WATCHED, as_of=day(20))) == "contrary, unmet"
    assert outcome(PROMISE.stand(call(between(START - 1, START)), WATCHED, as_of=day(20))) == "cannot tell, in effect"


def test_a_call_while_suspended_is_none() -> None:
    pause = suspended(day(11), day(14))

    assert outcome(PROMISE.stand(call(), *pause, WATCHED, as_of=day(13, 12))) == "not in force, suspended"


def test_a_call_still_open_is_suspended_with_the_promise_and_one_missed_stays_missed() -> None:
    pause = suspended(day(12, 6), day(20))

    def asked(at: Moment) -> str:
        return outcome(PROMISE.stand(call(), *pause, WATCHED, as_of=at))

    assert asked(day(12, 5)) == "open, in effect"
    assert asked(day(12, 6)) == "not in force, suspended"
    assert asked(DUE + 1) == "contrary, unmet"


def test_a_call_whose_promise_ended_before_the_deadline_was_never_missed() -> None:
    def ended(at: Moment | Interval, *more: Fact) -> str:
        return outcome(PROMISE.stand(call(), stopped(at), WATCHED, *more, as_of=day(20)))

    assert ended(DUE - 1) == "not in force, terminated"
    assert ended(DUE) == "contrary, unmet"
    assert ended(between(DUE - 1, DUE)) == "cannot tell, in effect"
    assert ended(DUE - 1, answer(day(12, 6))) == "consistent, met"


def test_a_promise_whose_condition_does_not_hold_now_obliges_nobody_now() -> None:
    promise: Promise = agreed(f"{RESPOND}, within: 24h, while: {{happened: {{fact: access}}, within: 48h}}")
    opened = fact("access", day(11, 12), of="site")

    assert outcome(promise.stand(call(), opened, WATCHED, as_of=day(13, 6))) == "contrary, unmet"
    assert promise.stand(call(), opened, WATCHED, as_of=day(20)).verdict.value == "not in force"


# ---- excuses -------------------------------------------------------------------------------------------------------


def test_a_plea_established_discharges_a_call_that_nobody_answered() -> None:
    promise = agreed(f"{RESPOND}, within: 24h, excuse: {{plea: flood}}")

    discharged = promise.stand(call(), found("flood", "s1", day(14)), WATCHED, as_of=day(20))
    assert outcome(discharged) == "consistent, discharged"
    pleaded = promise.stand(call(), fact("plea", day(14), of="s1", plea="flood"), WATCHED, as_of=day(20))
    assert outcome(pleaded) == "contrary, unmet"
    assert beside(pleaded) == ("flood: raised, unproven",)
    assert "plea 'flood': raised, unproven" in reasons(pleaded)


def test_a_plea_established_does_not_answer_a_call_that_is_still_open() -> None:
    promise = agreed(f"{RESPOND}, within: 24h, excuse: {{plea: flood}}")

    assert outcome(promise.stand(call(), found("flood", "s1", CALLED), WATCHED, as_of=DUE)) == "open, in effect"


def test_an_answer_names_the_extension_that_moved_its_deadline() -> None:
    extend = "id: extend, kind: power, by: south, may: extend, of: it"
    longer = fact("extension", day(12), by="south", of="it", days=3, name="longer")

    stand = agreed(f"{RESPOND}, within: 24h", extend).stand(call(), longer, WATCHED, as_of=day(15))

    assert outcome(stand) == "open, in effect"
    assert "longer" in stand.ground.leaves()
