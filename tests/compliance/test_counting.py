"""How many: the least and the most of a count, from events, from counters' claims, and from both."""

from __future__ import annotations

import pytest

from tests.compliance_cases import (
    ALLEGED,
    REFUTED,
    START,
    Promise,
    agreed,
    beside,
    between,
    claim,
    day,
    end_of,
    fact,
    reasons,
    some,
    watch,
)
from trucekeeper.terms import DAWN, NEVER, Fact, Moment

COUNT = agreed("kind: tally, within: 72h, count: {fact: release}, at_least: 1000")
CODES = agreed("kind: tally, within: 72h, count: {fact: release}, distinct: code, at_least: 1000")
VISITS = agreed("kind: tally, within: 72h, count: {fact: inspection}, at_least: 1000")
TRUCKS = agreed("kind: quota, every: day, count: {fact: delivery}, at_least: 1000")
CROSSED = agreed("kind: tally, within: 72h, count: {fact: release}, at_least: 1000, counted_as: crossed")
PRINTED = agreed(
    "kind: tally, within: 72h, count: {fact: release}, at_least: 1000, claims: printed",
    vocabulary="{printed-claim: {says: as printed, is: claim, fields: {as_printed: word}}}",
)
ALL_DAY = watch("release")


def counted(*facts: Fact, as_of: Moment = day(13), promise: Promise = COUNT) -> str:
    """Return how many were counted by now, in the words of the reasons."""
    said = [one for one in reasons(promise.stand(*facts, as_of=as_of)) if one.endswith("counted of it")]
    return said[0].removesuffix(" counted of it")


def freed(count: object, at: Moment = day(11), **more: object) -> Fact:
    return fact("release", at, count=count, **more)  # type: ignore[arg-type]  # the fields of a release


# ---- events --------------------------------------------------------------------------------------------------------


def test_events_give_the_least_and_no_most_while_the_record_is_open() -> None:
    assert counted(freed(5), freed(3)) == "at least 8"


def test_events_give_the_most_too_where_somebody_was_watching_throughout() -> None:
    assert counted(freed(5), freed(3), ALL_DAY) == "8"


def test_of_nothing_on_a_complete_record_there_are_none() -> None:
    assert counted(ALL_DAY) == "0"


def test_a_doubtful_event_counts_for_the_most_only() -> None:
    assert counted(freed(5), freed(3, proof=ALLEGED), ALL_DAY) == "5 to 8"


def test_an_uncertain_number_counts_by_its_extremes() -> None:
    assert counted(freed(some(2, 4)), freed(some(10, 20)), ALL_DAY) == "12 to 24"


def test_a_refuted_event_is_none() -> None:
    assert counted(freed(5, proof=REFUTED), ALL_DAY) == "0"


def test_a_release_that_does_not_say_how_many_is_one_or_more() -> None:
    assert counted(fact("release", day(11)), ALL_DAY) == "at least 1"


def test_a_thing_that_has_no_number_is_one() -> None:
    assert counted(fact("inspection", day(11)), watch("inspection"), promise=VISITS) == "1"


def test_a_release_whose_content_was_destroyed_may_be_any_number_or_none() -> None:
    assert counted(freed(5), fact("release", day(11), redacted=True), ALL_DAY) == "at least 5"


def test_an_event_at_the_first_instant_counts_and_one_before_it_does_not() -> None:
    assert counted(freed(5, START), freed(3, START - 1), ALL_DAY) == "5"


def test_an_event_that_may_have_come_before_the_beginning_may_count() -> None:
    assert counted(freed(5, between(START - 1, START)), ALL_DAY) == "0 to 5"  # type: ignore[arg-type]  # a doubtful time


def test_an_event_at_the_moment_asked_counts_and_one_after_it_does_not() -> None:
    assert counted(freed(5, day(12)), freed(3, day(12) + 1), ALL_DAY, as_of=day(12)) == "5"


def test_an_event_after_the_deadline_is_not_counted_by_the_deadline() -> None:
    stand = COUNT.stand(freed(5, day(13)), freed(3, day(13) + 1), ALL_DAY, as_of=day(14))

    assert {"8 counted of it", "5 counted of it"} <= set(reasons(stand))


def test_the_facts_counted_are_named() -> None:
    stand = COUNT.stand(freed(5), freed(3), claim(4, START, day(11)), as_of=day(12))

    (ground,) = [one for _, one in stand.ground.walk() if one.says == "at least 8 counted of it"]
    assert ground.facts == ("f1", "f2", "f3")


# ---- different names -----------------------------------------------------------------------------------------------


def test_one_person_named_twice_counts_once() -> None:
    assert counted(freed(1, code="a"), freed(1, code="a"), freed(1, code="b"), ALL_DAY, promise=CODES) == "2"


def test_a_person_named_in_doubt_counts_for_the_most_unless_named_for_certain_elsewhere() -> None:
    named = freed(1, code="a"), freed(1, code="a", proof=ALLEGED), freed(1, code="b", proof=ALLEGED)

    assert counted(*named, ALL_DAY, promise=CODES) == "1 to 2"


def test_a_list_of_names_counts_each_of_them_once() -> None:
    several = freed(2, code=["a", "b"]), freed(2, code=["b", "c"])

    assert counted(*several, ALL_DAY, promise=CODES) == "3"


def test_persons_whom_nobody_named_may_be_those_named_or_others() -> None:
    assert counted(freed(1, code="a"), freed(2), freed(some(3, 4)), ALL_DAY, promise=CODES) == "1 to 7"


def test_a_fact_that_gives_neither_name_nor_number_is_one_more_at_most() -> None:
    assert counted(freed(1, code="a"), fact("release", day(11)), ALL_DAY, promise=CODES) == "1 to 2"


def test_a_fact_whose_names_were_destroyed_leaves_the_most_open() -> None:
    destroyed = fact("release", day(11), redacted=True)

    assert counted(freed(1, code="a"), destroyed, ALL_DAY, promise=CODES) == "at least 1"


def test_a_person_named_after_a_running_total_may_be_one_of_it() -> None:
    total = claim(5, DAWN, day(11))

    assert counted(total, freed(1, day(12), code="a"), freed(1, day(12), code="a"), promise=CODES) == "at least 5"


# ---- a complete record ---------------------------------------------------------------------------------------------


def test_a_watch_that_began_an_instant_late_leaves_the_count_open() -> None:
    assert counted(freed(5), watch("release", since=START + 1)) == "at least 5"


def test_a_watch_that_ended_an_instant_early_leaves_the_count_open() -> None:
    assert counted(freed(5), watch("release", until=day(13) - 1)) == "at least 5"


def test_a_watch_up_to_the_moment_asked_is_enough() -> None:
    assert counted(freed(5), watch("release", until=day(13))) == "5"


def test_the_record_of_the_first_instant_can_be_complete() -> None:
    assert counted(ALL_DAY, as_of=START) == "0"


def test_a_watch_up_to_the_deadline_is_enough_for_the_count_by_the_deadline() -> None:
    stand = COUNT.stand(freed(5), watch("release", until=day(13)), as_of=day(14))

    assert {"at least 5 counted of it", "5 counted of it"} <= set(reasons(stand))


def test_the_record_of_all_time_is_never_complete() -> None:
    always = agreed("kind: tally, after: null, count: {fact: release}, at_least: 1000")

    assert counted(freed(5), watch("release", since=DAWN), promise=always) == "at least 5"


def test_no_record_is_complete_of_a_time_that_ends_before_it_begins() -> None:
    early = agreed("kind: tally, deadline: 2031-01-05T00:00+02:00, count: {fact: release}, at_least: 1000")

    stand = early.stand(watch("release", since=day(1)), as_of=day(12))

    assert "the record of this time is not known to be complete" in reasons(stand)


# ---- claims and the time counted -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        (START, day(13), "50"),  # the very time
        (START - 1, day(13), "at least 0"),  # longer at its beginning: no more than 50
        (START, day(12), "at least 50"),  # a part of it
        (START + 1, day(13), "at least 50"),
        (START + 1, day(13) - 1, "at least 50"),
    ],
)
def test_a_claim_bounds_the_count_by_how_its_time_lies_to_the_time_counted(
    since: Moment, until: Moment, says: str
) -> None:
    if says == "at least 0":
        says = "0 to 50"

    assert counted(claim(50, since, until)) == says


def test_a_claim_not_yet_made_is_none() -> None:
    assert counted(claim(50, START, day(12) + 1), as_of=day(12)) == "at least 0"


def test_a_claim_of_the_moment_asked_counts() -> None:
    assert counted(claim(50, START, day(12)), as_of=day(12)) == "50"


def test_a_claim_that_reaches_past_the_deadline_bounds_it_from_above() -> None:
    stand = COUNT.stand(claim(50, START, day(13) + 1), as_of=day(13) + 1)

    assert "0 to 50 counted of it" in reasons(stand)


def test_a_claim_that_begins_before_the_time_counted_and_ends_in_it_bounds_nothing() -> None:
    assert counted(claim(50, START - 1, day(12))) == "at least 0"


def test_a_claim_of_nothing_for_longer_leaves_nothing() -> None:
    assert counted(claim(0, START - 1, day(13))) == "0"


def test_a_claim_that_is_a_range_bounds_by_its_extremes() -> None:
    assert counted(claim(some(40, 60), START, day(13))) == "40 to 60"


def test_a_claim_for_an_uncertain_beginning_must_fit_the_latest_and_span_the_earliest() -> None:
    promise = agreed("kind: tally, within: 72h, after: approval, count: {fact: release}, at_least: 1000")
    approval = fact("decision", between(START, START + 10), of="approval")

    def says(since: Moment) -> str:
        return counted(approval, claim(50, since, day(13)), promise=promise)

    assert says(START + 10) == "at least 50"  # certainly in it
    assert says(START + 9) == "at least 0"  # neither
    assert says(START) == "0 to 50"  # certainly all of it


def test_what_came_certainly_after_a_claim_is_added_to_its_figure() -> None:
    total = claim(50, START, day(11))
    later = freed(3, day(11) + 1), freed(some(2, 4), day(12)), freed(9, day(12), proof=ALLEGED)

    assert counted(total, *later) == "at least 55"


def test_what_came_at_the_end_of_a_claim_is_in_its_figure() -> None:
    assert counted(claim(50, START, day(11)), freed(3, day(11))) == "at least 50"


def test_what_may_have_come_before_the_end_of_a_claim_is_not_added() -> None:
    assert counted(claim(50, START, day(11)), fact("release", between(day(11), day(12)), count=3)) == "at least 50"


def test_a_thing_without_a_number_adds_one_to_a_claim_before_it() -> None:
    assert counted(claim(50, START, day(11)), fact("inspection", day(12)), promise=VISITS) == "at least 51"


def test_events_beyond_a_claim_of_part_are_not_lost() -> None:
    assert counted(claim(2, START, day(11)), freed(7, day(11))) == "at least 7"


# ---- running totals ------------------------------------------------------------------------------------------------


def test_a_running_total_counts_from_the_beginning_of_the_count() -> None:
    assert counted(claim(50, DAWN, day(12))) == "at least 50"


def test_a_running_total_up_to_now_is_all_there_is() -> None:
    assert counted(claim(50, DAWN, day(13))) == "50"


def test_a_running_total_decides_no_day_of_a_quota() -> None:
    stand = TRUCKS.stand(claim(5000, DAWN, end_of(10)), as_of=day(11), occurrence="2031-01-10")

    assert stand.figure == "at least 0 of 1,000"


def test_a_claim_for_longer_than_a_day_decides_no_day_of_a_quota() -> None:
    stand = TRUCKS.stand(claim(7, START, end_of(11)), as_of=day(12), occurrence="2031-01-10")

    assert stand.figure == "at least 0 of 1,000"
    assert beside(stand)[0].endswith("(an average of 3 a day); corroborated, bounds nothing here")


@pytest.mark.parametrize(
    ("since", "until", "says"), [(START, end_of(10), "7"), (START + 1, end_of(10), "at least 7")]
)
def test_a_claim_in_a_day_of_a_quota_decides_it(since: Moment, until: Moment, says: str) -> None:
    stand = TRUCKS.stand(claim(7, since, until), as_of=day(11), occurrence="2031-01-10")

    assert stand.figure == f"{says} of 1,000"


def test_a_later_total_of_a_counter_takes_the_place_of_its_earlier_one() -> None:
    stand = COUNT.stand(claim(40, DAWN, day(11)), claim(50, DAWN, day(12)), as_of=day(13))

    assert beside(stand) == ("50 claimed by guarantor, to 2031-01-12 00:00+02:00",)


def test_two_totals_of_a_counter_for_one_moment_stand_beside_each_other() -> None:
    stand = COUNT.stand(claim(40, DAWN, day(12)), claim(50, DAWN, day(12)), as_of=day(13))

    assert len(beside(stand)) == 2


@pytest.mark.parametrize(
    "later",
    [
        claim(50, DAWN, day(12), by="south"),
        claim(50, DAWN, day(12), counted_as="crossed"),
        claim(50, START, day(12)),
    ],
)
def test_a_total_of_another_counter_or_counted_otherwise_or_for_a_stretch_takes_no_place(later: Fact) -> None:
    stand = COUNT.stand(claim(40, DAWN, day(11)), later, as_of=day(13))

    assert len(beside(stand)) == 2


def test_a_stretch_counted_before_a_total_keeps_its_place() -> None:
    stand = COUNT.stand(claim(40, START, day(11)), claim(50, DAWN, day(12)), as_of=day(13))

    assert len(beside(stand)) == 2


def test_totals_that_name_no_counter_are_never_taken_for_one_counters() -> None:
    stand = COUNT.stand(claim(40, DAWN, day(11), by=None), claim(50, DAWN, day(12), by=None), as_of=day(13))

    assert len(beside(stand)) == 2


# ---- rivals, and claims that bind nothing --------------------------------------------------------------------------


def test_rival_claims_give_the_range_between_them() -> None:
    assert counted(claim(50, START, day(13)), claim(30, START, day(13), by="south")) == "30 to 50"


def test_a_claim_of_less_than_the_events_on_record_gives_the_range_between_them() -> None:
    assert counted(claim(3, START, day(13)), freed(5)) == "3 to 5"


def test_a_claim_to_another_tally_is_none_of_it() -> None:
    stand = COUNT.stand(claim(50, START, day(13), tally="dead"), as_of=day(13))

    assert stand.figure == ""
    assert beside(stand) == ()


def test_a_refuted_claim_is_none() -> None:
    assert beside(COUNT.stand(claim(50, START, day(13), proof=REFUTED), as_of=day(13))) == ()


def test_a_claim_for_no_stretch_of_time_is_none() -> None:
    timeless = fact("claim", day(11), by="guarantor", tally="it", value=50)

    assert beside(COUNT.stand(timeless, as_of=day(13))) == ()


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (claim(50, START, day(13), proof=ALLEGED), "alleged"),
        (claim(50, START, day(13), supported=False), "no data supplied; corroborated"),
        (claim(None, START, day(13)), "corroborated"),
        (
            fact("claim", day(13), span=claim(1, START, day(13)).span, redacted=True, tally="it", value=5),
            "corroborated",
        ),
    ],
)
def test_a_claim_in_doubt_without_data_or_destroyed_stands_beside(one: Fact, says: str) -> None:
    stand = COUNT.stand(one, as_of=day(13))

    assert stand.figure == ""
    assert beside(stand)[0].endswith(f"{says}, bounds nothing here")


def test_a_claim_that_says_its_data_were_supplied_binds() -> None:
    assert counted(claim(50, START, day(13), supported=True)) == "50"


def test_a_claim_counted_as_the_text_counts_binds_and_one_counted_otherwise_does_not() -> None:
    assert counted(claim(50, START, day(13), counted_as="crossed"), promise=CROSSED) == "50"
    assert counted(claim(50, START, day(13), counted_as="offloaded"), promise=CROSSED) == "at least 0"
    assert counted(claim(50, START, day(13)), promise=CROSSED) == "at least 0"


@pytest.mark.parametrize(
    ("until", "shown"),
    [
        (START, 1),
        (START - 1, 0),
    ],
)
def test_a_claim_stands_beside_if_its_time_touches_the_time_counted(until: Moment, shown: int) -> None:
    assert len(beside(COUNT.stand(claim(50, day(1), until), as_of=day(13)))) == shown


@pytest.mark.parametrize(("since", "shown"), [(day(12), 1), (day(12) + 1, 0)])
def test_a_claim_made_before_its_own_time_touches_up_to_the_moment_asked(since: Moment, shown: int) -> None:
    ahead = fact("claim", day(11), span=claim(1, since, day(14)).span, by="guarantor", tally="it", value=50)

    assert len(beside(COUNT.stand(ahead, as_of=day(12)))) == shown


# ---- the words of a claim ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (
            claim(5000, START, day(12)),
            (
                "5,000 claimed by guarantor, from 2031-01-10 00:00+02:00 to 2031-01-12 00:00+02:00"
                " (an average of 1,666 a day)"
            ),
        ),
        (
            claim(50, START, end_of(10)),
            "50 claimed by guarantor, from 2031-01-10 00:00+02:00 to the end of 2031-01-10",
        ),
        (
            claim(50, START, day(11)),
            "50 claimed by guarantor, from 2031-01-10 00:00+02:00 to 2031-01-11 00:00+02:00 (an average of 25 a day)",
        ),
        (
            claim(some(40, 60), START, day(12)),
            "40 to 60 claimed by guarantor, from 2031-01-10 00:00+02:00 to 2031-01-12 00:00+02:00",
        ),
        (claim(50, DAWN, day(12)), "50 claimed by guarantor, to 2031-01-12 00:00+02:00"),
        (
            claim(50, DAWN, day(12), by=None, counted_as="crossed"),
            "50 claimed by an unnamed counter, counted as crossed, to 2031-01-12 00:00+02:00",
        ),
        (
            claim(None, DAWN, day(12)),
            (
                "an undisclosed figure claimed by guarantor, to 2031-01-12 00:00+02:00;"
                " corroborated, bounds nothing here"
            ),
        ),
    ],
)
def test_a_claim_is_told_with_its_figure_its_counter_its_time_and_its_average(one: Fact, says: str) -> None:
    assert beside(COUNT.stand(one, as_of=day(13))) == (says,)


def test_a_claim_without_end_has_no_average() -> None:
    endless = fact("claim", day(11), span=claim(1, START, NEVER).span, by="south", tally="it", value=50)

    assert beside(COUNT.stand(endless, as_of=day(13))) == (
        "50 claimed by south, from 2031-01-10 00:00+02:00 to never",
    )


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (5000, "5,000 claimed by south, to 2031-01-12 00:00+02:00 (300 a day, as printed)"),
        (None, "300 a day claimed by south, to 2031-01-12 00:00+02:00; corroborated, bounds nothing here"),
    ],
)
def test_a_claim_is_told_as_it_was_printed(value: object, says: str) -> None:
    said = {"tally": "printed", "as_printed": "300 a day", **({} if value is None else {"value": value})}
    one = fact("printed-claim", day(12), span=claim(1, DAWN, day(12)).span, by="south", **said)  # type: ignore[arg-type]  # the fields of a claim

    assert beside(PRINTED.stand(one, as_of=day(13))) == (says,)
