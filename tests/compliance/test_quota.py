"""Quota: so many in each period, each whole period by itself."""

from __future__ import annotations

import pytest

from tests.compliance_cases import (
    ALLEGED,
    PAUSE,
    START,
    STOP,
    Promise,
    agreed,
    beside,
    between,
    claim,
    day,
    end_of,
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
from trucekeeper.terms import NEVER, Fact, Interval, Moment
from trucekeeper.terms.moments import HOUR, SECOND

QUOTA = "kind: quota, count: {fact: delivery}"
DAILY = agreed(f"{QUOTA}, every: day, at_least: 600", PAUSE, STOP)
CAPPED = agreed(f"{QUOTA}, every: day, at_most: 600")
BETWEEN = agreed(f"{QUOTA}, every: day, at_least: 500, at_most: 600")
HOURS = agreed(f"{QUOTA}, every: 24h, at_least: 600")
TENTH, ELEVENTH = "2031-01-10", "2031-01-11"
CLOSED = watch("delivery")


def trucks(count: object, at: Moment | Interval, **more: object) -> Fact:
    return fact("delivery", at, count=count, **more)  # type: ignore[arg-type]  # the fields of a delivery


def periods(promise: Promise, *facts: Fact, as_of: Moment) -> list[str]:
    """Return the beginning of each period that is judged."""
    return [row.occurrence.removesuffix("+02:00") for row in promise.stands(*facts, as_of=as_of)]


def test_a_periods_figure_is_there_as_numbers_besides() -> None:
    for promise, limits in (
        (DAILY, ((600, 600), None)),
        (CAPPED, (None, (600, 600))),
        (BETWEEN, ((500, 500), (600, 600))),
    ):
        row = promise.stands(trucks(550, day(10, 12)), CLOSED, as_of=day(11))[0]

        assert row.counted == Counted((550, 550), *limits)


# ---- a day's number ------------------------------------------------------------------------------------------------


def test_a_truck_in_the_first_and_one_in_the_last_microsecond_of_a_day_are_of_that_day() -> None:
    facts = trucks(300, day(11)), trucks(300, end_of(11)), CLOSED

    assert outcome(DAILY.stand(*facts, as_of=day(20), occurrence=ELEVENTH)) == "consistent, met"
    assert outcome(DAILY.stand(*facts, as_of=day(20), occurrence=TENTH)) == "contrary, unmet"
    assert outcome(DAILY.stand(*facts, as_of=day(20), occurrence="2031-01-12")) == "contrary, unmet"


def test_a_day_is_due_at_its_last_microsecond_and_named_by_its_first() -> None:
    stand = DAILY.stand(trucks(600, day(10)), as_of=day(10, 12))

    assert stand.due == Interval.at(end_of(10))
    assert stand.occurrence == "2031-01-10 00:00+02:00"
    assert stand.ground.says == "2031-01-10: 600 of 600"
    assert stand.ground.cite == "art. 1"


def test_a_day_one_truck_short_is_open_until_it_is_over() -> None:
    facts = trucks(599, day(10)), CLOSED

    assert outcome(DAILY.stand(*facts, as_of=end_of(10))) == "open, in effect"
    assert outcome(DAILY.stand(*facts, as_of=end_of(10) + 1, occurrence=TENTH)) == "contrary, unmet"


def test_a_day_that_has_reached_its_number_is_consistent_before_it_ends() -> None:
    stand = DAILY.stand(trucks(600, day(10)), as_of=day(10))

    assert outcome(stand) == "consistent, met"
    assert stand.figure == "600 of 600"


def test_nobody_can_tell_of_a_short_day_on_an_open_record() -> None:
    stand = DAILY.stand(trucks(599, day(10)), as_of=day(11), occurrence=TENTH)

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.figure == "at least 599 of 600"


def test_a_number_on_both_sides_of_the_floor_cannot_be_told() -> None:
    stand = DAILY.stand(trucks(some(599, 600), day(10)), CLOSED, as_of=day(11), occurrence=TENTH)

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.figure == "599 to 600 of 600"


def test_a_day_without_trucks_is_short() -> None:
    stand = DAILY.stand(CLOSED, as_of=day(11), occurrence=TENTH)

    assert outcome(stand) == "contrary, unmet"
    assert stand.figure == "0 of 600"


# ---- a ceiling -----------------------------------------------------------------------------------------------------


def test_a_ceiling_is_passed_before_the_day_ends_and_kept_only_after() -> None:
    at, over = trucks(600, day(10)), trucks(601, day(10))

    assert outcome(CAPPED.stand(over, as_of=day(10))) == "contrary, unmet"
    assert outcome(CAPPED.stand(at, CLOSED, as_of=end_of(10))) == "open, in effect"
    assert outcome(CAPPED.stand(at, CLOSED, as_of=end_of(10) + 1, occurrence=TENTH)) == "consistent, met"
    assert outcome(CAPPED.stand(at, as_of=end_of(10) + 1, occurrence=TENTH)) == "cannot tell, in effect"


def test_a_ceiling_that_may_be_passed_is_in_doubt() -> None:
    stand = CAPPED.stand(trucks(some(600, 601), day(10)), CLOSED, as_of=day(11), occurrence=TENTH)

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.figure == "600 to 601 of at most 600"
    assert stand.ground.answer is not None
    assert stand.ground.answer.name == "MAYBE"


@pytest.mark.parametrize(
    ("count", "became"),
    [
        (499, "contrary, unmet"),
        (500, "consistent, met"),
        (600, "consistent, met"),
        (601, "contrary, unmet"),
    ],
)
def test_a_floor_and_a_ceiling_both_bind(count: int, became: str) -> None:
    stand = BETWEEN.stand(trucks(count, day(10)), CLOSED, as_of=day(11), occurrence=TENTH)

    assert outcome(stand) == became
    assert stand.figure == f"{count} of 500, at most 600"


def test_a_floor_reached_under_a_ceiling_on_an_open_record_is_told_as_at_least_so_many() -> None:
    stand = BETWEEN.stand(trucks(550, day(10)), as_of=day(11), occurrence=TENTH)

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.figure == "at least 550 of 500, at most 600"


# ---- which periods -------------------------------------------------------------------------------------------------


def test_only_whole_days_that_have_begun_are_judged() -> None:
    assert periods(DAILY, as_of=day(12)) == ["2031-01-10 00:00", "2031-01-11 00:00", "2031-01-12 00:00"]
    assert periods(DAILY, as_of=day(12) - 1) == ["2031-01-10 00:00", "2031-01-11 00:00"]


def test_the_day_in_which_the_clock_starts_is_no_whole_one() -> None:
    late = agreed(f"{QUOTA}, every: day, at_least: 600, after: 2031-01-10T00:00:00.000001+02:00")

    assert periods(late, as_of=day(11)) == ["2031-01-11 00:00"]

    (stand,) = late.stands(as_of=day(10, 12))
    assert outcome(stand) == "open, in effect"
    assert stand.ground.says == "no whole period has begun"
    assert stand.occurrence == ""


def test_the_day_in_which_it_ends_is_no_whole_one_unless_it_ends_with_it() -> None:
    def days(until: str) -> list[str]:
        return periods(agreed(f"{QUOTA}, every: day, at_least: 600, until: {until}"), as_of=day(20))

    assert days("2031-01-11T23:59:59.999999+02:00") == ["2031-01-10 00:00", "2031-01-11 00:00"]
    assert days("2031-01-11T23:59:59.999998+02:00") == ["2031-01-10 00:00"]


def test_weeks_begin_on_the_day_that_the_text_names() -> None:
    weekly = {
        first: periods(agreed(f"{QUOTA}, every: week, week_starts: {first}, at_least: 1"), as_of=day(27))
        for first in ("monday", "friday", "thursday", "trigger")
    }

    assert weekly == {
        "monday": ["2031-01-13 00:00", "2031-01-20 00:00", "2031-01-27 00:00"],
        "friday": ["2031-01-10 00:00", "2031-01-17 00:00", "2031-01-24 00:00"],
        "thursday": ["2031-01-16 00:00", "2031-01-23 00:00"],
        "trigger": ["2031-01-10 00:00", "2031-01-17 00:00", "2031-01-24 00:00"],
    }


def test_a_week_is_due_with_the_last_microsecond_of_its_seventh_day() -> None:
    weekly = agreed(f"{QUOTA}, every: week, week_starts: monday, at_least: 1")

    assert weekly.stand(as_of=day(13)).due == Interval.at(end_of(19))


def test_where_the_text_does_not_say_when_weeks_begin_every_way_is_shown() -> None:
    rows = agreed(f"{QUOTA}, every: week, at_least: 1").stands(as_of=day(14))

    assert [dict(row.reading)["first day of the week of it"] for row in rows if row.occurrence] == [
        "trigger",
        "monday",
        "tuesday",
        "friday",
        "saturday",
        "sunday",
    ]
    assert len(rows) == 8


def test_months_are_whole_and_civil() -> None:
    monthly = agreed(f"{QUOTA}, every: month, at_least: 1")
    from_the_first = agreed(f"{QUOTA}, every: month, at_least: 1, after: 2031-01-01T00:00+02:00")

    assert periods(monthly, as_of=day(32)) == ["2031-02-01 00:00"]
    assert periods(from_the_first, as_of=day(32)) == ["2031-01-01 00:00", "2031-02-01 00:00"]
    assert from_the_first.stand(as_of=day(2)).due == Interval.at(end_of(31))


def test_a_month_that_begins_on_its_second_day_is_no_whole_one() -> None:
    second = agreed(f"{QUOTA}, every: month, at_least: 1, after: 2031-01-02T00:00+02:00")

    assert periods(second, as_of=day(32)) == ["2031-02-01 00:00"]


def test_the_instant_that_ends_one_exact_length_does_not_count_for_the_next() -> None:
    on_the_edge = trucks(600, day(11)), CLOSED

    assert outcome(HOURS.stand(*on_the_edge, as_of=day(20), occurrence=TENTH)) == "consistent, met"
    assert outcome(HOURS.stand(*on_the_edge, as_of=day(20), occurrence=ELEVENTH)) == "contrary, unmet"
    just_after = trucks(600, day(11) + 1), CLOSED
    assert outcome(HOURS.stand(*just_after, as_of=day(20), occurrence=ELEVENTH)) == "consistent, met"


def test_the_instant_that_starts_the_clock_counts_for_the_first_length() -> None:
    assert outcome(HOURS.stand(trucks(600, START), as_of=day(10))) == "consistent, met"


def test_exact_lengths_run_from_the_trigger() -> None:
    noon = agreed(f"{QUOTA}, every: 36h, at_least: 1, after: 2031-01-10T12:00+02:00")

    assert periods(noon, as_of=day(13, 12)) == ["2031-01-10 12:00", "2031-01-12 00:00", "2031-01-13 12:00"]
    assert noon.stand(as_of=day(11)).due == Interval.at(day(12))


def test_civil_months_run_from_the_trigger_at_its_time_of_day() -> None:
    monthly = agreed(
        f"{QUOTA}, every: {{months: 1, first_day: excluded}}, at_least: 1, after: 2031-01-31T12:00+02:00"
    )

    rows = monthly.stands(as_of=day(31 + 28 + 31, 12))

    assert [row.occurrence for row in rows] == [
        "2031-01-31 12:00+02:00",
        "2031-02-28 12:00+02:00",
        "2031-03-31 12:00+03:00",
    ][: len(rows)]
    assert len(rows) == 3


def test_civil_days_run_from_the_trigger() -> None:
    every_two = agreed(
        f"{QUOTA}, every: {{days: 2, first_day: excluded}}, at_least: 1, after: 2031-01-10T06:00+02:00"
    )

    assert periods(every_two, as_of=day(14, 6)) == ["2031-01-10 06:00", "2031-01-12 06:00", "2031-01-14 06:00"]


def test_a_period_from_an_uncertain_trigger_has_uncertain_ends() -> None:
    promise = agreed(f"{QUOTA}, every: 24h, at_least: 600, after: approval")
    approval = fact("decision", between(day(10), day(10, 1)), of="approval")

    rows = promise.stands(approval, trucks(600, day(10, 2)), trucks(600, day(11, 2)), CLOSED, as_of=day(11, 3))

    assert [(row.due, outcome(row)) for row in rows] == [
        (between(day(11), day(11, 1)), "cannot tell, in effect"),  # it may not have bound from its first instant
        (between(day(12), day(12, 1)), "consistent, met"),
    ]


def test_an_uncertain_period_is_past_after_its_latest_end_only() -> None:
    promise = agreed(f"{QUOTA}, every: 24h, at_least: 600, after: approval")
    approval = fact("decision", between(day(10), day(10, 1)), of="approval")

    def at(moment: Moment) -> str:
        return outcome(promise.stand(approval, CLOSED, as_of=moment, occurrence=ELEVENTH))

    assert at(day(12)) == "open, in effect"
    assert at(day(12) + 1) == "cannot tell, in effect"
    assert at(day(12, 1)) == "cannot tell, in effect"
    assert at(day(12, 1) + 1) == "contrary, unmet"


def test_periods_from_a_trigger_that_may_still_be_ahead_run_from_its_earliest_moment() -> None:
    promise = agreed(
        f"{QUOTA}, every: 24h, at_least: 600, after: {{last_of: [approval, word]}}",
        events="{approval: {shown_by: {fact: decision}}, word: {shown_by: {fact: signature}, at: unstated}}",
    )
    approval = fact("decision", day(10), of="approval")

    rows = promise.stands(approval, CLOSED, as_of=day(11, 12))

    assert [row.due for row in rows] == [Interval.at(day(11)), Interval.at(day(12))]
    assert {outcome(row) for row in rows} == {"cannot tell, in effect"}


def test_no_periods_are_counted_from_no_known_beginning() -> None:
    unknown = agreed(f"{QUOTA}, every: 24h, at_least: 600, after: unstated")

    (stand,) = unknown.stands(as_of=day(20))

    assert stand.ground.says == "no whole period has begun"


def test_a_period_that_begins_with_the_last_instant_of_a_day_is_named_by_that_moment() -> None:
    promise = agreed(f"{QUOTA}, every: 24h, at_least: 600, after: end of 2031-01-09")

    stand = promise.stand(as_of=day(10))

    assert stand.occurrence == "2031-01-09 23:59:59.999999+02:00"
    assert stand.ground.says == "2031-01-09: at least 0 of 600"


# ---- before, suspended, ended --------------------------------------------------------------------------------------


def test_a_quota_whose_clock_has_not_started_is_dormant() -> None:
    promise = agreed(f"{QUOTA}, every: day, at_least: 600, after: approval")

    stand = promise.stand(as_of=day(20))

    assert outcome(stand) == "not in force, dormant"
    assert stand.waits_for == ("approval",)


def test_a_day_wholly_suspended_is_not_in_force_and_one_suspended_in_part_cannot_be_told() -> None:
    facts = *suspended(day(11, 12), day(13, 12)), CLOSED

    rows = {row.occurrence[:10]: outcome(row) for row in DAILY.stands(*facts, as_of=day(15))}

    assert rows["2031-01-10"] == rows["2031-01-14"] == "contrary, unmet"
    assert rows["2031-01-11"] == rows["2031-01-13"] == "cannot tell, in effect"
    assert rows["2031-01-12"] == "not in force, suspended"


def test_while_it_is_suspended_one_row_more_says_so() -> None:
    rows = DAILY.stands(*suspended(day(11), day(13)), CLOSED, as_of=day(12))

    assert [outcome(row) for row in rows] == [
        "contrary, unmet",
        "not in force, suspended",
        "not in force, suspended",
        "not in force, suspended",
    ]
    assert rows[-1].occurrence == ""


def test_a_quota_suspended_before_its_first_period_says_only_that() -> None:
    promise = agreed(f"{QUOTA}, every: day, at_least: 600, after: 2031-01-10T12:00+02:00", PAUSE)

    (stand,) = promise.stands(*suspended(day(10, 12), day(13)), as_of=day(10, 18))

    assert outcome(stand) == "not in force, suspended"


def test_days_before_the_end_stay_judged_after_it() -> None:
    rows = DAILY.stands(stopped(day(12)), CLOSED, as_of=day(20))

    assert [(row.occurrence[:10], outcome(row)) for row in rows] == [
        ("2031-01-10", "contrary, unmet"),
        ("2031-01-11", "contrary, unmet"),
    ]


def test_a_day_on_which_its_condition_did_not_hold_is_not_in_force() -> None:
    promise = agreed(f"{QUOTA}, every: day, at_least: 600, while: {{happened: {{fact: access}}, within: 48h}}")
    opened = fact("access", day(10), of="crossing")

    rows = {row.occurrence[:10]: outcome(row) for row in promise.stands(opened, CLOSED, as_of=day(14))}

    assert rows["2031-01-10"] == rows["2031-01-11"] == "contrary, unmet"
    assert rows["2031-01-12"] == "cannot tell, in effect"  # it held for an instant
    assert rows["2031-01-13"] == "not in force, suspended"


# ---- excused, or made good -----------------------------------------------------------------------------------------


def test_a_plea_established_for_a_day_discharges_that_day_alone() -> None:
    promise = agreed(f"{QUOTA}, every: day, at_least: 600, excuse: {{plea: flood}}")
    ruling = found("flood", "it", day(13))
    of_the_tenth = fact(
        "determination",
        day(13),
        by="commission",
        of="it",
        plea="flood",
        finding="established",
        span=claim(1, day(10), end_of(10)).span,
    )

    for one, eleventh in ((of_the_tenth, "contrary, unmet"), (ruling, "consistent, discharged")):
        facts = one, CLOSED
        assert outcome(promise.stand(*facts, as_of=day(14), occurrence=TENTH)) == "consistent, discharged"
        assert outcome(promise.stand(*facts, as_of=day(14), occurrence=ELEVENTH)) == eleventh
    stand = promise.stand(fact("plea", day(12), of="it", plea="flood"), CLOSED, as_of=day(14), occurrence=TENTH)
    assert outcome(stand) == "contrary, unmet"
    assert beside(stand) == ("flood: raised, unproven",)


def test_a_plea_established_is_not_needed_by_a_day_that_reached_its_number() -> None:
    promise = agreed(f"{QUOTA}, every: day, at_least: 600, excuse: {{plea: flood}}")

    stand = promise.stand(found("flood", "it", day(10)), trucks(600, day(10)), as_of=day(10))

    assert "plea 'flood': established" in reasons(stand)
    assert stand.verdict.value == "consistent"


WEEK = "id: week, kind: quota, every: week, week_starts: friday, count: {fact: delivery}"
CURED = agreed(f"{QUOTA}, every: day, at_least: 600, cured_by: week", f"{WEEK}, at_least: 4200")


def test_a_short_day_is_made_good_by_the_week_that_holds_it() -> None:
    facts = trucks(599, day(10)), trucks(3601, day(11)), CLOSED

    stand = CURED.stand(*facts, as_of=day(20), occurrence=TENTH)

    assert outcome(stand) == "consistent, cured"
    assert outcome(CURED.stand(*facts, as_of=day(20), occurrence=ELEVENTH)) == "consistent, met"
    assert outcome(CURED.stand(*facts, as_of=day(20), occurrence="2031-01-16")) == "consistent, cured"
    assert outcome(CURED.stand(*facts, as_of=day(20), occurrence="2031-01-17")) == "cannot tell, in effect"


def test_a_short_day_waits_for_its_week_and_is_not_made_good_by_a_short_one() -> None:
    facts = trucks(4199, day(11)), CLOSED

    assert outcome(CURED.stand(*facts, as_of=end_of(16), occurrence=TENTH)) == "cannot tell, in effect"
    assert outcome(CURED.stand(*facts, as_of=end_of(16) + 1, occurrence=TENTH)) == "contrary, unmet"


def test_a_day_that_no_week_wholly_holds_is_not_made_good() -> None:
    monday = agreed(
        f"{QUOTA}, every: day, at_least: 600, cured_by: week",
        f"{WEEK.replace('friday', 'monday')}, at_least: 1",
    )
    facts = trucks(10, day(12)), trucks(10, day(13)), trucks(10, day(19)), trucks(10, day(20)), CLOSED

    rows = {row.occurrence[:10]: outcome(row) for row in monday.stands(*facts, as_of=day(25))}

    assert rows["2031-01-12"] == "contrary, unmet"  # the Sunday before the first whole week
    assert rows["2031-01-13"] == rows["2031-01-19"] == rows["2031-01-20"] == "consistent, cured"


@pytest.mark.parametrize(
    ("after", "became"),
    [("2031-01-10T00:00+02:00", "consistent, cured"), ("2031-01-10T00:00:01+02:00", "contrary, unmet")],
)
def test_the_longer_period_must_hold_the_day_from_its_first_instant(after: str, became: str) -> None:
    promise = agreed(
        f"{QUOTA}, every: day, at_least: 600, cured_by: longer",
        f"id: longer, kind: quota, every: 48h, count: {{fact: delivery}}, at_least: 1, after: {after}",
    )

    stand = promise.stand(trucks(1, day(10) + 2 * SECOND), CLOSED, as_of=day(20), occurrence=TENTH)

    assert outcome(stand) == became


@pytest.mark.parametrize(("length", "became"), [("24h", "consistent, cured"), ("86399s", "contrary, unmet")])
def test_the_longer_period_must_hold_the_day_to_its_last_instant(length: str, became: str) -> None:
    promise = agreed(
        f"{QUOTA}, every: 24h, at_least: 600, cured_by: longer",
        f"id: longer, kind: quota, every: {length}, count: {{fact: delivery}}, at_least: 1",
    )

    stand = promise.stand(trucks(1, day(10)), CLOSED, as_of=day(20), occurrence=TENTH)

    assert outcome(stand) == became


def test_a_longer_period_named_by_the_end_of_a_day_makes_good_too() -> None:
    promise = agreed(
        f"{QUOTA}, every: day, at_least: 600, cured_by: longer",
        "id: longer, kind: quota, every: 72h, count: {fact: delivery}, at_least: 1, after: end of 2031-01-09",
    )

    stand = promise.stand(trucks(1, day(10, 5)), CLOSED, as_of=day(20), occurrence=TENTH)

    assert outcome(stand) == "consistent, cured"


def test_a_quota_that_has_no_whole_period_makes_nothing_good() -> None:
    promise = agreed(
        f"{QUOTA}, every: day, at_least: 600, cured_by: longer",
        "id: longer, kind: quota, every: month, count: {fact: delivery}, at_least: 1",
    )

    assert outcome(promise.stand(trucks(1, day(10)), CLOSED, as_of=day(20), occurrence=TENTH)) == "contrary, unmet"


def test_a_short_day_of_one_crossing_is_not_made_good_by_the_week_of_another() -> None:
    crossings = "each: {crossing: [east-gate, west-gate]}"
    promise = agreed(
        f"{QUOTA}, every: day, at_least: 600, cured_by: week, {crossings}",
        f"{WEEK}, at_least: 4200, {crossings}",
    )
    facts = trucks(4200, day(11), crossing="east-gate"), CLOSED

    rows = promise.stands(*facts, as_of=day(20))

    tenth = {dict(row.binding)["crossing"]: outcome(row) for row in rows if row.occurrence.startswith(TENTH)}
    assert tenth == {"east-gate": "consistent, cured", "west-gate": "contrary, unmet"}


def test_a_short_day_of_one_party_is_not_made_good_by_the_week_of_the_other() -> None:
    promise = agreed(
        f"{QUOTA}, every: day, at_least: 600, cured_by: week, by: [north, south]",
        f"{WEEK}, at_least: {{obligor: {{north: 4200, south: 1}}}}, by: [south, north]",
    )

    rows = promise.stands(trucks(1, day(11)), CLOSED, as_of=day(20))

    tenth = {row.by: outcome(row) for row in rows if row.occurrence.startswith(TENTH)}
    assert tenth == {"north": "contrary, unmet", "south": "consistent, cured"}


def test_a_short_day_is_made_good_by_the_week_of_whoever_owes_that() -> None:
    promise = agreed(f"{QUOTA}, every: day, at_least: 600, cured_by: week", f"{WEEK}, at_least: 1, by: south")

    stand = promise.stand(trucks(1, day(11)), CLOSED, as_of=day(20), occurrence=TENTH)

    assert outcome(stand) == "consistent, cured"


def test_a_day_in_doubt_is_in_doubt_though_its_week_is_kept() -> None:
    facts = trucks(599, day(10)), trucks(1, day(10), proof=ALLEGED), trucks(4200, day(11)), CLOSED

    assert outcome(CURED.stand(*facts, as_of=day(20), occurrence=TENTH)) == "cannot tell, in effect"


def test_claims_stand_beside_the_day_they_touch() -> None:
    stand = DAILY.stand(claim(620, day(10), end_of(10)), as_of=day(20), occurrence=TENTH)

    assert outcome(stand) == "consistent, met"
    assert beside(stand) == ("620 claimed by guarantor, from 2031-01-10 00:00+02:00 to the end of 2031-01-10",)


def test_a_watch_without_end_closes_every_day() -> None:
    endless = fact("coverage", START, span=claim(1, START, NEVER).span, detects=["delivery"])

    assert outcome(DAILY.stand(endless, as_of=day(10) + 24 * HOUR, occurrence=TENTH)) == "contrary, unmet"


def test_a_day_that_the_week_makes_good_names_what_was_counted_in_the_week() -> None:
    weekly = f"id: weekly, {QUOTA}, every: week, week_starts: monday, at_least: 600"
    promise = agreed(f"{QUOTA}, every: day, at_least: 100, cured_by: weekly", weekly)
    monday, friday = trucks(50, day(13, 6), name="few"), trucks(600, day(17, 6), name="many")

    short = promise.stand(monday, friday, CLOSED, as_of=day(21), occurrence="2031-01-13")

    assert outcome(short) == "consistent, cured"
    assert short.ground.leaves() >= {"few", "many"}
    assert "weekly: makes it good" in reasons(short)
