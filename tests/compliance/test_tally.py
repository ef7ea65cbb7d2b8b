"""Tally: so many by a deadline, no more than so many, or exactly so many."""

from __future__ import annotations

import pytest

from tests.compliance_cases import (
    ALLEGED,
    PAUSE,
    START,
    STOP,
    WAIVE,
    Promise,
    agreed,
    beside,
    between,
    claim,
    day,
    fact,
    found,
    outcome,
    reasons,
    some,
    stopped,
    suspended,
    watch,
)
from trucekeeper.compliance.grounds import Counted
from trucekeeper.terms import DAWN, Fact, Interval, Moment, Tri

TALLY = "kind: tally, within: 72h, count: {fact: release}"
FLOOR = agreed(f"{TALLY}, at_least: 20", PAUSE, STOP, WAIVE)
CAP = agreed(f"{TALLY}, at_most: 20")
EXACTLY = agreed(f"{TALLY}, exactly: 20")
ENDLESS = agreed("kind: tally, count: {fact: release}, at_least: 20")
PLEA = agreed(f"{TALLY}, at_least: 20, excuse: {{plea: flood}}")
AFTER_APPROVAL = agreed(f"{TALLY}, at_least: 20, after: approval")
SHARE = agreed(f"{TALLY}, at_least: {{percent: 30, of: {{fact: base}}}}")
RATIO = agreed(f"{TALLY}, at_least: {{ratio: 2, per: {{fact: remains-returned}}}}")
DUE = day(13)
CLOSED = watch("release")


def freed(count: object, at: Moment | Interval = day(11), **more: object) -> Fact:
    return fact("release", at, count=count, **more)  # type: ignore[arg-type]  # the fields of a release


# ---- a floor -------------------------------------------------------------------------------------------------------


def test_a_count_reached_at_the_last_microsecond_is_in_time() -> None:
    stand = FLOOR.stand(freed(20, DUE), CLOSED, as_of=day(20))

    assert outcome(stand) == "consistent, met"
    assert stand.due == Interval.at(DUE)
    assert stand.met is Tri.YES
    assert stand.met_at == Interval.at(DUE)
    assert stand.figure == "20 of 20"


@pytest.mark.parametrize(
    ("promise", "facts", "counted"),
    [
        (FLOOR, (freed(7), CLOSED), Counted((7, 7), floor=(20, 20))),
        (FLOOR, (freed(7),), Counted((7, None), floor=(20, 20))),
        (FLOOR, (freed(some(5, 9)), CLOSED), Counted((5, 9), floor=(20, 20))),
        (CAP, (freed(7), CLOSED), Counted((7, 7), ceiling=(20, 20))),
        (EXACTLY, (freed(7), CLOSED), Counted((7, 7), floor=(20, 20), ceiling=(20, 20))),
        (SHARE, (freed(7), CLOSED), Counted((7, 7), floor=(0, None))),
    ],
)
def test_a_figure_is_there_as_numbers_besides(promise: Promise, facts: tuple[Fact, ...], counted: Counted) -> None:
    assert promise.stand(*facts, as_of=day(20)).counted == counted


def test_a_count_reached_a_microsecond_later_is_late() -> None:
    stand = FLOOR.stand(freed(19), freed(1, DUE + 1), CLOSED, as_of=day(20))

    assert outcome(stand) == "contrary, met late"
    assert stand.met is Tri.YES
    assert stand.met_at == Interval.at(DUE + 1)
    assert stand.figure == "20 of 20"


def test_one_less_than_was_promised_is_not_enough_once_the_record_is_closed() -> None:
    stand = FLOOR.stand(freed(19), CLOSED, as_of=DUE + 1)

    assert outcome(stand) == "contrary, unmet"
    assert stand.met is Tri.NO
    assert stand.met_at is None
    assert stand.figure == "19 of 20"


def test_one_more_than_was_promised_is_enough() -> None:
    assert outcome(FLOOR.stand(freed(21), as_of=DUE + 1)) == "consistent, met"


def test_a_missing_count_is_open_up_to_the_deadline_itself() -> None:
    assert outcome(FLOOR.stand(freed(19), CLOSED, as_of=DUE)) == "open, in effect"
    assert outcome(FLOOR.stand(freed(19), CLOSED, as_of=DUE + 1)) == "contrary, unmet"


def test_nobody_can_tell_of_a_floor_missed_on_an_open_record() -> None:
    stand = FLOOR.stand(freed(19), as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.figure == "at least 19 of 20"


def test_a_floor_reached_on_an_open_record_is_not_said_to_be_at_least_reached() -> None:
    assert FLOOR.stand(freed(20), as_of=day(20)).figure == "20 of 20"
    assert FLOOR.stand(freed(some(20, 21)), CLOSED, as_of=day(20)).figure == "20 to 21 of 20"


def test_of_a_count_bounded_on_neither_side_no_figure_is_given() -> None:
    assert FLOOR.stand(as_of=day(20)).figure == ""
    assert FLOOR.stand(CLOSED, as_of=day(20)).figure == "0 of 20"
    assert FLOOR.stand(claim(5, START - 1, DUE), as_of=DUE).figure == "0 to 5 of 20"


def test_what_came_late_beside_a_doubt_by_the_deadline_is_told_apart() -> None:
    stand = FLOOR.stand(freed(15), freed(5, day(14)), as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.figure == "20 of 20, at least 15 by the deadline"


def test_what_came_in_time_is_told_once() -> None:
    stand = FLOOR.stand(freed(20), CLOSED, as_of=DUE)

    assert stand.figure == "20 of 20"
    assert reasons(stand).count("20 counted of it") == 1


def test_a_floor_without_a_deadline_is_never_missed() -> None:
    stand = ENDLESS.stand(freed(19), CLOSED, as_of=day(31))

    assert outcome(stand) == "open, in effect"
    assert stand.due is None
    assert outcome(ENDLESS.stand(freed(20), as_of=day(31))) == "consistent, met"


def test_a_doubtful_release_leaves_the_floor_in_doubt() -> None:
    stand = FLOOR.stand(freed(19), freed(1, proof=ALLEGED), CLOSED, as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.met is Tri.MAYBE
    assert stand.met_at == between(day(11), day(20))
    assert stand.figure == "19 to 20 of 20"


def test_a_doubtful_release_before_a_late_certain_one_leaves_the_time_in_doubt() -> None:
    stand = FLOOR.stand(freed(20, proof=ALLEGED), freed(20, day(14)), CLOSED, as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.met is Tri.YES
    assert stand.met_at == between(day(11), day(14))


def test_nothing_on_record_is_no_sign_that_a_floor_may_have_been_reached() -> None:
    stand = FLOOR.stand(freed(19), as_of=day(20))

    assert stand.met is Tri.NO
    assert stand.met_at is None


def test_a_count_reached_in_the_first_instant_was_reached_then() -> None:
    assert FLOOR.stand(freed(20, START), as_of=day(11)).met_at == Interval.at(START)


def test_a_count_that_a_claim_shows_was_reached_by_the_end_of_its_time() -> None:
    stand = FLOOR.stand(claim(20, START, day(12)), as_of=day(20))

    assert outcome(stand) == "consistent, met"
    assert stand.met_at == Interval.at(day(12))


def test_a_claim_to_a_named_tally_shows_when_it_was_reached() -> None:
    named = agreed(f"{TALLY}, at_least: 20, claims: freed")

    assert named.stand(claim(20, START, day(12), tally="freed"), as_of=day(20)).met_at == Interval.at(day(12))


def test_a_release_at_an_uncertain_time_may_have_been_late() -> None:
    stand = FLOOR.stand(freed(20, between(DUE, DUE + 1)), CLOSED, as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.met_at == between(DUE, DUE + 1)


def test_an_uncertain_deadline_is_met_for_certain_by_its_earliest_moment_and_missed_after_its_latest() -> None:
    approval = fact("decision", between(START, START + 10), of="approval")

    def at(moment: Moment) -> str:
        return outcome(AFTER_APPROVAL.stand(approval, freed(20, moment), CLOSED, as_of=day(20)))

    assert at(DUE) == "consistent, met"
    assert at(DUE + 1) == "cannot tell, in effect"
    assert at(DUE + 10) == "cannot tell, in effect"
    assert at(DUE + 11) == "contrary, met late"


# ---- a ceiling, and an exact count ---------------------------------------------------------------------------------


def test_a_ceiling_reached_exactly_is_kept_once_its_time_is_over_and_the_record_closed() -> None:
    assert outcome(CAP.stand(freed(20), CLOSED, as_of=DUE)) == "open, in effect"
    assert outcome(CAP.stand(freed(20), CLOSED, as_of=DUE + 1)) == "consistent, met"
    assert outcome(CAP.stand(freed(20), as_of=DUE + 1)) == "cannot tell, in effect"


def test_a_ceiling_is_passed_as_soon_as_one_more_is_certain() -> None:
    stand = CAP.stand(freed(21), as_of=day(12))

    assert outcome(stand) == "contrary, unmet"
    assert stand.occurrence == "at_most"
    assert stand.met is Tri.NO
    assert stand.figure == "at least 21 of at most 20"
    assert CAP.stand(freed(20), as_of=day(12)).figure == "at least 20 of at most 20"


def test_a_ceiling_that_one_doubtful_more_would_pass_is_in_doubt() -> None:
    doubtful = freed(20), freed(1, proof=ALLEGED)

    assert outcome(CAP.stand(*doubtful, CLOSED, as_of=day(12))) == "cannot tell, in effect"
    stand = CAP.stand(*doubtful, CLOSED, as_of=day(20))
    assert outcome(stand) == "cannot tell, in effect"
    assert stand.ground.answer is Tri.MAYBE


def test_what_came_after_its_time_passes_no_ceiling() -> None:
    stand = CAP.stand(freed(20), freed(1, DUE + 1), CLOSED, as_of=day(20))

    assert outcome(stand) == "consistent, met"
    assert stand.figure == "21 of at most 20, 20 by the deadline"


def test_an_exact_count_is_kept_once_its_time_is_over() -> None:
    assert outcome(EXACTLY.stand(freed(20), CLOSED, as_of=DUE)) == "open, in effect"

    stand = EXACTLY.stand(freed(20), CLOSED, as_of=DUE + 1)
    assert outcome(stand) == "consistent, met"
    assert stand.occurrence == ""
    assert stand.met is Tri.YES
    assert stand.met_at == Interval.at(day(11))
    assert stand.figure == "20 of exactly 20"


def test_an_exact_count_is_passed_as_soon_as_one_more_is_certain() -> None:
    stand = EXACTLY.stand(freed(21), as_of=day(12))

    assert outcome(stand) == "contrary, unmet"
    assert stand.met is Tri.NO


def test_an_exact_count_missed_by_one_is_contrary_once_its_time_is_over() -> None:
    assert outcome(EXACTLY.stand(freed(19), CLOSED, as_of=DUE + 1)) == "contrary, unmet"
    assert outcome(EXACTLY.stand(freed(some(19, 20)), CLOSED, as_of=DUE + 1)) == "cannot tell, in effect"
    assert outcome(EXACTLY.stand(freed(some(20, 21)), CLOSED, as_of=DUE + 1)) == "cannot tell, in effect"


def test_what_came_after_its_time_neither_passes_nor_completes_an_exact_count() -> None:
    more = EXACTLY.stand(freed(20), freed(1, DUE + 1), CLOSED, as_of=day(20))
    completed = EXACTLY.stand(freed(19), freed(1, DUE + 1), CLOSED, as_of=day(20))

    assert outcome(more) == "consistent, met"
    assert more.met is Tri.YES
    assert more.figure == "21 of exactly 20, 20 by the deadline"
    assert outcome(completed) == "contrary, unmet"
    assert completed.met is Tri.NO


def test_a_floor_and_a_ceiling_in_one_clause_stand_apart() -> None:
    both = agreed(f"{TALLY}, at_least: 10, at_most: 20")

    rows = both.stands(freed(21), CLOSED, as_of=day(20))

    assert [(row.occurrence, outcome(row)) for row in rows] == [
        ("", "consistent, met"),
        ("at_most", "contrary, unmet"),
    ]


def test_each_tranche_has_its_own_deadline_and_number() -> None:
    tranches = agreed(
        "kind: tally, count: {fact: release}, within: 72h, at_least: 20,"
        " tranches: [{at_least: 5, within: 24h}, {at_least: 10, deadline: 2031-01-12T00:00+02:00}]"
    )

    rows = tranches.stands(freed(5, day(11)), freed(15, day(13)), CLOSED, as_of=day(20))

    assert [(row.occurrence, outcome(row), row.figure) for row in rows] == [
        ("tranche 1", "consistent, met", "20 of 5"),
        ("tranche 2", "contrary, met late", "20 of 10"),
        ("", "consistent, met", "20 of 20"),
    ]


# ---- before it begins, while suspended, after it ended -------------------------------------------------------------


def test_a_count_whose_clock_has_not_started_is_dormant() -> None:
    stand = AFTER_APPROVAL.stand(freed(20), as_of=day(20))

    assert outcome(stand) == "not in force, dormant"
    assert stand.due is None
    assert stand.waits_for == ("approval",)


def test_a_count_that_only_may_have_begun_leaves_its_verdict_in_doubt() -> None:
    doubtful = fact("decision", START, of="approval", proof=ALLEGED)

    assert outcome(AFTER_APPROVAL.stand(doubtful, freed(19), CLOSED, as_of=day(20))) == "cannot tell, in effect"


def test_a_count_is_suspended_while_its_suspension_lasts() -> None:
    stand = FLOOR.stand(*suspended(day(12), day(15)), freed(19), CLOSED, as_of=day(14))

    assert outcome(stand) == "not in force, suspended"
    assert stand.due == Interval.at(DUE)


def test_a_floor_reached_in_time_stays_reached_while_suspended() -> None:
    assert outcome(FLOOR.stand(*suspended(day(12), day(15)), freed(20), as_of=day(14))) == "consistent, met"


def test_a_ceiling_is_not_said_to_be_kept_while_suspended() -> None:
    cap = agreed(f"{TALLY}, at_most: 20", PAUSE)

    assert (
        outcome(cap.stand(*suspended(day(12), day(15)), freed(20), CLOSED, as_of=day(14)))
        == "not in force, suspended"
    )


def test_a_deadline_missed_before_a_suspension_stays_missed() -> None:
    stand = FLOOR.stand(*suspended(day(14), day(20)), freed(19), CLOSED, as_of=day(15))

    assert outcome(stand) == "contrary, unmet"


@pytest.mark.parametrize(
    ("end", "became"),
    [
        (stopped(DUE - 1), "not in force, terminated"),
        (fact("waiver", DUE - 1, by="south", of="it", name="waiver"), "not in force, discharged"),
        (stopped(DUE), "contrary, unmet"),
    ],
)
def test_a_count_ended_before_its_deadline_was_never_missed(end: Fact, became: str) -> None:
    assert outcome(FLOOR.stand(end, freed(19), CLOSED, as_of=day(20))) == became


def test_a_count_that_may_have_ended_before_its_deadline_is_in_doubt() -> None:
    doubtful = stopped(between(DUE - 1, DUE))

    assert outcome(FLOOR.stand(doubtful, freed(19), CLOSED, as_of=day(20))) == "cannot tell, in effect"


def test_a_floor_reached_before_it_ended_was_reached_and_what_came_after_the_end_does_not_count() -> None:
    ended = stopped(day(11))

    assert outcome(FLOOR.stand(ended, freed(20, day(11)), CLOSED, as_of=day(20))) == "consistent, met"
    assert outcome(FLOOR.stand(ended, freed(20, day(11) + 1), CLOSED, as_of=day(20))) == "not in force, terminated"


def test_a_count_that_runs_out_before_its_deadline_lapses() -> None:
    short = agreed(f"{TALLY}, at_least: 20, until: 2031-01-12T00:00+02:00")

    assert outcome(short.stand(freed(19), CLOSED, as_of=day(12))) == "open, in effect"
    assert outcome(short.stand(freed(19), CLOSED, as_of=day(12) + 1)) == "not in force, lapsed"


# ---- excuses -------------------------------------------------------------------------------------------------------


def test_a_plea_stands_beside_until_it_is_established() -> None:
    pleaded = fact("plea", day(14), by="north", of="it", plea="flood")

    stand = PLEA.stand(pleaded, freed(19), CLOSED, as_of=day(20))

    assert outcome(stand) == "contrary, unmet"
    assert beside(stand) == ("flood: raised, unproven",)


def test_a_plea_established_discharges_a_count_that_was_missed() -> None:
    stand = PLEA.stand(found("flood", "it", day(14)), freed(19), CLOSED, as_of=day(20))

    assert outcome(stand) == "consistent, discharged"
    assert "plea 'flood': established" in reasons(stand)


def test_a_count_reached_in_time_needs_no_plea() -> None:
    assert outcome(PLEA.stand(found("flood", "it", day(14)), freed(20), as_of=day(20))) == "consistent, met"


def test_an_excuse_that_may_be_shown_leaves_a_missed_count_in_doubt_where_the_accuser_must_disprove_it() -> None:
    promise = agreed(f"{TALLY}, at_least: 20, excuse: {{shown: {{fact: notice}}, burden: accuser}}")
    notice = fact("notice", day(12), of="it", proof=ALLEGED)

    assert outcome(promise.stand(notice, freed(19), CLOSED, as_of=day(20))) == "cannot tell, in effect"


# ---- a share of a base, and so many for each -----------------------------------------------------------------------


def base(count: object, at: Moment = START, **more: object) -> Fact:
    return fact("base", at, of="it", count=count, **more)  # type: ignore[arg-type]  # the fields of a base


def test_a_share_is_rounded_up() -> None:
    assert outcome(SHARE.stand(base(1001), freed(301), as_of=day(20))) == "consistent, met"

    stand = SHARE.stand(base(1001), freed(300), CLOSED, as_of=day(20))
    assert outcome(stand) == "contrary, unmet"
    assert stand.figure == "300 of 30 % of 1,001"
    assert "target 30 % of 1,001, as declared last" in reasons(stand)


def test_a_share_without_a_rest_is_exact() -> None:
    assert outcome(SHARE.stand(base(1000), freed(300), as_of=day(20))) == "consistent, met"
    assert outcome(SHARE.stand(base(1000), freed(299), CLOSED, as_of=day(20))) == "contrary, unmet"


def test_of_several_declarations_the_last_is_the_base() -> None:
    declared = base(10, day(10)), base(1000, day(12)), base(10, day(11))

    assert SHARE.stand(*declared, freed(3), as_of=day(20)).figure == "at least 3 of 30 % of 1,000"


def test_a_base_known_as_a_range_gives_a_target_that_is_one() -> None:
    def with_(count: int) -> str:
        return outcome(SHARE.stand(base(some(100, 200)), freed(count), CLOSED, as_of=day(20)))

    assert (with_(29), with_(30), with_(59)) == (
        "contrary, unmet",
        "cannot tell, in effect",
        "cannot tell, in effect",
    )
    assert with_(60) == "consistent, met"


def test_a_base_in_doubt_or_without_a_number_or_never_declared_gives_no_target() -> None:
    doubtful = SHARE.stand(base(100, proof=ALLEGED), freed(5000), CLOSED, as_of=day(20))
    unnumbered = SHARE.stand(fact("base", START, of="it"), freed(5000), CLOSED, as_of=day(20))
    undeclared = SHARE.stand(freed(5000), CLOSED, as_of=day(20))

    for stand in (doubtful, unnumbered, undeclared):
        assert outcome(stand) == "cannot tell, in effect"
    assert unnumbered.figure == undeclared.figure == "5,000 of 30 % of a base that nobody declared"
    assert doubtful.figure == "5,000 of 30 % of 100"


def test_of_nothing_freed_and_no_base_nobody_can_tell() -> None:
    assert outcome(SHARE.stand(CLOSED, as_of=day(20))) == "cannot tell, in effect"
    assert outcome(SHARE.stand(base(100, proof=ALLEGED), CLOSED, as_of=day(20))) == "cannot tell, in effect"


def returned(count: object, at: Moment = day(11)) -> Fact:
    return fact("remains-returned", at, count=count)


def test_so_many_are_due_for_each_one_returned() -> None:
    both = watch("release", "remains-returned")

    assert outcome(RATIO.stand(returned(10), freed(20), both, as_of=day(20))) == "consistent, met"
    short = RATIO.stand(returned(10), freed(19), both, as_of=day(20))
    assert outcome(short) == "contrary, unmet"
    assert short.figure == "19 of 2 for each of 10"


def test_for_an_unknown_number_an_unknown_number_is_due() -> None:
    stand = RATIO.stand(freed(19), CLOSED, as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.figure == "19 of 2 for each of an unknown number"
    assert RATIO.stand(freed(19), CLOSED, returned(1), as_of=day(20)).figure == "19 of 2 for each of at least 1"


def test_for_none_none_are_due() -> None:
    stand = RATIO.stand(watch("release", "remains-returned"), as_of=day(20))

    assert outcome(stand) == "consistent, met"
    assert stand.figure == "0 of 2 for each of 0"


def test_for_each_of_too_few_shown_more_may_be_due() -> None:
    stand = RATIO.stand(returned(10), freed(19), CLOSED, as_of=day(20))

    assert outcome(stand) == "contrary, unmet"


# ---- counts beside -------------------------------------------------------------------------------------------------


def test_other_counts_stand_beside_and_decide_nothing() -> None:
    promise = agreed(f"{TALLY}, at_least: 20, beside: {{dead: {{fact: remains-returned}}}}")

    stand = promise.stand(freed(20), returned(3), returned(4), as_of=day(20))

    assert outcome(stand) == "consistent, met"
    assert beside(stand) == ("dead: at least 7",)
    assert stand.beside[0].facts == ("f2", "f3")


def test_claims_stand_beside() -> None:
    stand = FLOOR.stand(freed(20), claim(15, DAWN, day(12)), as_of=day(20))

    assert beside(stand) == ("15 claimed by guarantor, to 2031-01-12 00:00+02:00",)


def test_a_promise_of_none_is_kept() -> None:
    none: Promise = agreed(f"{TALLY}, at_least: 0")

    assert outcome(none.stand(as_of=day(11))) == "consistent, met"


def test_a_promise_of_none_is_dormant_like_any_other_before_it_begins() -> None:
    none = agreed(f"{TALLY}, at_least: 0, after: approval")

    assert outcome(none.stand(as_of=day(11))) == "not in force, dormant"


def test_an_excuse_must_be_shown_by_the_deadline() -> None:
    promise = agreed(f"{TALLY}, at_least: 20, excuse: {{shown: {{fact: notice}}}}")

    def noticed(at: Moment) -> str:
        return outcome(promise.stand(fact("notice", at, of="it"), freed(19), CLOSED, as_of=day(20)))

    assert noticed(DUE) == "consistent, discharged"
    assert noticed(DUE + 1) == "contrary, unmet"


def test_a_ceiling_without_a_deadline_may_be_passed_with_an_excuse() -> None:
    promise = agreed("kind: tally, count: {fact: release}, at_most: 20, excuse: {plea: flood}")

    assert outcome(promise.stand(freed(21), as_of=day(20))) == "contrary, unmet"
    assert outcome(promise.stand(found("flood", "it", day(14)), freed(21), as_of=day(20))) == "consistent, discharged"


def test_a_notice_excuses_a_ceiling_passed_at_no_known_time_if_it_may_have_come_before() -> None:
    promise = agreed(
        "kind: tally, count: {fact: release}, at_most: 20, excuse: {shown: {fact: notice}, burden: accuser}"
    )

    stand = promise.stand(fact("notice", day(12), of="it"), freed(21), as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"


def test_a_suspended_tally_names_what_was_counted_so_far() -> None:
    stand = FLOOR.stand(freed(3, name="three"), *suspended(day(11), day(20)), as_of=day(12))

    assert outcome(stand) == "not in force, suspended"
    assert "three" in stand.ground.leaves()


def test_a_tally_names_the_claims_that_say_when_it_was_reached() -> None:
    weak = claim(20, START, day(12), proof=ALLEGED, name="weak")

    stand = FLOOR.stand(freed(20), weak, as_of=day(14))

    assert "weak" in stand.ground.leaves()
