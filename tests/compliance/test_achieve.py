"""Achieve: a state by a deadline, shown by events, by acts on paper, or by snapshots."""

from __future__ import annotations

import pytest

from tests.compliance_cases import (
    ALLEGED,
    EAST,
    PAUSE,
    START,
    STOP,
    WAIVE,
    WEST,
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
from trucekeeper.terms import Fact, Interval, Moment, Place, Tri
from trucekeeper.terms.moments import HOUR

PAPER = agreed(
    "kind: achieve, within: 72h, shown_by: {fact: declaration, by: guarantor}, excuse: {plea: flood}",
    PAUSE,
    STOP,
    WAIVE,
)
AWAY = agreed("kind: achieve, within: 72h, state: {fact: position, side: west of agreed-line}", PAUSE)
FRESH = agreed("kind: achieve, within: 72h, state: {fact: position, side: west of agreed-line, stale_after: 6h}")
TIMELESS = agreed("kind: achieve, state: {fact: position, side: west of agreed-line}", STOP)
SOMEWHERE = Place.of(lat="0.1", lon="-30.0", within_m=9_000)
DUE = day(13)


def said(at: Moment | Interval, *, by: str = "guarantor", of: str = "it", **more: object) -> Fact:
    return fact("declaration", at, by=by, of=of, **more)  # type: ignore[arg-type]  # the fields of a declaration


def seen(place: Place, at: Moment | Interval, *, by: str = "north", **more: object) -> Fact:
    return fact("position", at, by=by, place=place, **more)  # type: ignore[arg-type]  # the fields of a position


# ---- by an event or an act on paper --------------------------------------------------------------------------------


def test_a_declaration_at_the_last_microsecond_is_in_time() -> None:
    stand = PAPER.stand(said(DUE), as_of=day(20))

    assert outcome(stand) == "consistent, met"
    assert stand.due == Interval.at(DUE)
    assert stand.met is Tri.YES
    assert stand.met_at == Interval.at(DUE)
    assert stand.rests_on == "declaration by guarantor"
    assert stand.ground.says == "rests on declaration by guarantor"
    assert stand.ground.cite == "art. 1"
    assert "declaration by guarantor: shows it in time" in reasons(stand)


def test_a_declaration_a_microsecond_later_is_late_though_nobody_was_watching() -> None:
    stand = PAPER.stand(said(DUE + 1), as_of=day(20))

    assert outcome(stand) == "contrary, met late"
    assert stand.met is Tri.YES
    assert stand.met_at == Interval.at(DUE + 1)
    assert "declaration by guarantor: shows that it was not so in time" in reasons(stand)


def test_no_declaration_is_contrary_only_where_the_record_is_complete() -> None:
    missed = PAPER.stand(watch("declaration"), as_of=DUE + 1)

    assert outcome(missed) == "contrary, unmet"
    assert missed.met is Tri.NO
    assert missed.met_at is None
    assert missed.rests_on == ""
    assert missed.ground.says == "not shown"
    assert outcome(PAPER.stand(as_of=DUE + 1)) == "cannot tell, in effect"


def test_no_declaration_is_open_up_to_the_deadline_itself() -> None:
    assert outcome(PAPER.stand(watch("declaration"), as_of=DUE)) == "open, in effect"
    assert "absence proves nothing before the deadline has passed" in reasons(PAPER.stand(as_of=DUE - 1))


def test_a_watch_must_reach_from_the_beginning_to_the_deadline() -> None:
    def missed(since: Moment, until: Moment) -> str:
        return outcome(PAPER.stand(watch("declaration", since=since, until=until), as_of=day(20)))

    assert missed(START, DUE) == "contrary, unmet"
    assert missed(START + 1, DUE) == "cannot tell, in effect"
    assert missed(START, DUE - 1) == "cannot tell, in effect"


def test_what_is_due_at_once_can_be_missed_at_once() -> None:
    at_once = agreed(
        "kind: achieve, deadline: 2031-01-10T00:00+02:00, shown_by: {fact: declaration, by: guarantor}",
    )

    assert outcome(at_once.stand(watch("declaration"), as_of=START)) == "open, in effect"
    assert outcome(at_once.stand(watch("declaration"), as_of=START + 1)) == "contrary, unmet"
    assert "the record of every declaration is complete, from 2031-01-10 00:00+02:00 to 2031-01-10 00:00+02:00" in (
        reasons(at_once.stand(watch("declaration"), as_of=START))
    )


def test_what_is_due_before_it_begins_was_never_watched_for() -> None:
    promise = agreed("kind: achieve, deadline: 2031-01-05T00:00+02:00, shown_by: {fact: declaration, by: guarantor}")

    assert outcome(promise.stand(watch("declaration", since=day(1)), as_of=day(20))) == "cannot tell, in effect"


def test_what_may_have_begun_at_any_time_was_never_watched_for() -> None:
    promise = agreed(
        "kind: achieve, after: null, deadline: 2031-01-13T00:00+02:00, shown_by: {fact: declaration, by: guarantor}"
    )

    assert "absence proves nothing before the deadline has passed" in reasons(promise.stand(as_of=day(20)))


def test_a_declaration_before_the_beginning_shows_nothing_and_one_at_its_first_instant_does() -> None:
    assert outcome(PAPER.stand(said(START), as_of=day(20))) == "consistent, met"
    assert outcome(PAPER.stand(said(START - 1), watch("declaration"), as_of=day(20))) == "contrary, unmet"


def test_a_declaration_of_something_else_or_by_another_shows_nothing() -> None:
    assert outcome(PAPER.stand(said(DUE, of="peace"), as_of=day(20))) == "cannot tell, in effect"
    assert outcome(PAPER.stand(said(DUE, by="south"), as_of=day(20))) == "cannot tell, in effect"


def test_a_declaration_at_an_uncertain_time_may_have_been_late() -> None:
    stand = PAPER.stand(said(between(DUE, DUE + 1)), as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.met is Tri.YES
    assert stand.met_at == between(DUE, DUE + 1)


def test_a_doubtful_declaration_leaves_doubt_before_and_after_the_deadline() -> None:
    for at in (DUE, DUE + 1):
        stand = PAPER.stand(said(at, proof=ALLEGED), watch("declaration"), as_of=day(20))

        assert outcome(stand) == "cannot tell, in effect"
        assert stand.met is Tri.MAYBE
        assert stand.rests_on == "declaration by guarantor"
        assert "declaration by guarantor: does not settle it" in reasons(stand)


def test_a_doubtful_one_in_time_and_a_certain_one_late_leave_doubt_when_it_was_reached() -> None:
    stand = PAPER.stand(said(day(12), proof=ALLEGED), said(day(14)), as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.met_at == between(day(12), day(14))


def test_of_two_doubtful_ones_either_may_be_the_first() -> None:
    assert PAPER.stand(said(day(12), proof=ALLEGED), said(day(14), proof=ALLEGED), as_of=day(20)).met_at == (
        between(day(12), day(14))
    )


def test_an_uncertain_deadline_is_met_for_certain_by_its_earliest_and_missed_after_its_latest_moment() -> None:
    promise = agreed("kind: achieve, within: 72h, shown_by: {fact: declaration, by: guarantor}, after: approval")
    approval = fact("decision", between(START, START + 10), of="approval")

    def shown(at: Moment) -> str:
        return outcome(promise.stand(approval, said(at), as_of=day(20)))

    assert shown(DUE) == "consistent, met"
    assert shown(DUE + 1) == shown(DUE + 10) == "cannot tell, in effect"
    assert shown(DUE + 11) == "contrary, met late"


@pytest.mark.parametrize(
    ("by", "name"),
    [
        ("", "declaration"),
        (", by: [guarantor, commission]", "declaration by guarantor, commission"),
        (", by: {anyone_except: [north]}", "declaration by anyone except north"),
    ],
)
def test_what_it_rests_on_is_named(by: str, name: str) -> None:
    promise = agreed(f"kind: achieve, within: 72h, shown_by: {{fact: declaration{by}}}")

    assert promise.stand(said(DUE), as_of=day(20)).rests_on == name


# ---- by snapshots --------------------------------------------------------------------------------------------------


def test_who_is_seen_where_it_should_be_at_the_deadline_was_there() -> None:
    stand = AWAY.stand(seen(WEST, DUE), as_of=day(20))

    assert outcome(stand) == "consistent, met"
    assert stand.met_at == Interval.at(DUE)
    assert stand.rests_on == "position"


def test_who_was_there_before_the_beginning_is_there_from_the_beginning() -> None:
    stand = AWAY.stand(seen(WEST, day(9)), as_of=day(20))

    assert outcome(stand) == "consistent, met"
    assert stand.met_at == Interval.at(day(9))


def test_who_is_first_seen_there_after_the_deadline_may_have_come_in_time() -> None:
    stand = AWAY.stand(seen(WEST, DUE + 1), as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"
    assert stand.met is Tri.YES


def test_who_left_again_before_the_deadline_was_not_there() -> None:
    gone = AWAY.stand(seen(WEST, day(12)), seen(EAST, DUE), as_of=day(20))
    before = AWAY.stand(seen(WEST, day(12)), seen(EAST, DUE - 1), as_of=day(20))
    after = AWAY.stand(seen(WEST, day(12)), seen(EAST, DUE + 1), as_of=day(20))

    assert outcome(gone) == "contrary, unmet"
    assert outcome(before) == "cannot tell, in effect"  # nobody says how long a look stays fresh
    assert outcome(after) == "consistent, met"


def test_who_is_seen_elsewhere_in_doubt_is_not_shown_to_have_stayed() -> None:
    assert outcome(AWAY.stand(seen(WEST, day(12)), seen(EAST, DUE - 1, proof=ALLEGED), as_of=day(20))) == (
        "cannot tell, in effect"
    )


def test_who_is_seen_in_both_places_at_one_instant_is_not_shown_to_have_left() -> None:
    assert outcome(AWAY.stand(seen(WEST, day(12)), seen(EAST, day(12)), as_of=day(20))) == "consistent, met"


def test_who_may_have_been_seen_elsewhere_later_is_not_shown_to_have_stayed() -> None:
    stand = AWAY.stand(seen(WEST, day(12)), seen(EAST, between(day(12), day(12) + 1)), as_of=day(20))

    assert outcome(stand) == "cannot tell, in effect"


def test_who_is_seen_elsewhere_at_or_after_the_deadline_and_never_there_before_was_not_there() -> None:
    assert outcome(AWAY.stand(seen(EAST, DUE), as_of=day(20))) == "contrary, unmet"
    assert outcome(AWAY.stand(seen(EAST, day(15)), as_of=day(20))) == "contrary, unmet"
    assert outcome(AWAY.stand(seen(EAST, DUE - 1), as_of=day(20))) == "cannot tell, in effect"
    assert outcome(AWAY.stand(seen(EAST, DUE, proof=ALLEGED), as_of=day(20))) == "cannot tell, in effect"


def test_who_may_have_been_there_before_and_was_elsewhere_after_cannot_be_told() -> None:
    perhaps = seen(SOMEWHERE, day(12))

    assert outcome(AWAY.stand(perhaps, seen(EAST, day(15)), as_of=day(20))) == "cannot tell, in effect"
    at_the_deadline = seen(SOMEWHERE, DUE)
    assert outcome(AWAY.stand(at_the_deadline, seen(EAST, day(15)), as_of=day(20))) == "cannot tell, in effect"
    later = seen(SOMEWHERE, DUE + 1)
    assert outcome(AWAY.stand(later, seen(EAST, day(15)), as_of=day(20))) == "contrary, unmet"


def test_who_was_elsewhere_after_the_deadline_and_came_later_met_it_late() -> None:
    stand = AWAY.stand(seen(EAST, DUE), seen(WEST, day(15)), as_of=day(20))

    assert outcome(stand) == "contrary, met late"
    assert stand.met is Tri.YES
    assert stand.met_at == Interval.at(day(15))


def test_who_was_there_left_and_never_came_back_has_not_met_it() -> None:
    stand = FRESH.stand(seen(WEST, day(11)), seen(EAST, DUE - HOUR), as_of=day(20))

    assert outcome(stand) == "contrary, unmet"
    assert stand.met is Tri.NO
    assert stand.ground.says == "not shown"


def test_of_who_left_and_was_there_again_at_the_deadline_only_the_later_counts() -> None:
    promise = agreed(
        "kind: achieve, within: 72h, after: approval,"
        " state: {fact: position, side: west of agreed-line, stale_after: 6h}"
    )
    approval = fact("decision", between(START, START + 10), of="approval")

    stand = promise.stand(
        approval, seen(WEST, day(11)), seen(EAST, DUE - HOUR), seen(WEST, between(DUE - 2 * HOUR, DUE)), as_of=day(20)
    )

    assert outcome(stand) == "cannot tell, in effect"


def test_a_look_as_old_as_it_may_be_shows_it_and_one_a_microsecond_older_does_not() -> None:
    assert outcome(FRESH.stand(seen(WEST, DUE - 6 * HOUR), as_of=day(20))) == "consistent, met"
    assert outcome(FRESH.stand(seen(WEST, DUE - 6 * HOUR - 1), as_of=day(20))) == "cannot tell, in effect"
    assert outcome(FRESH.stand(seen(EAST, DUE - 6 * HOUR), as_of=day(20))) == "contrary, unmet"
    assert outcome(FRESH.stand(seen(EAST, DUE - 6 * HOUR - 1), as_of=day(20))) == "cannot tell, in effect"


def test_a_look_that_will_be_stale_at_the_deadline_leaves_it_open() -> None:
    assert outcome(FRESH.stand(seen(WEST, day(12)), as_of=DUE)) == "open, met"
    assert outcome(FRESH.stand(seen(WEST, DUE - 6 * HOUR), as_of=DUE - HOUR)) == "consistent, met"


def test_who_was_seen_elsewhere_at_the_deadline_may_have_been_there_at_that_instant_too() -> None:
    stand = AWAY.stand(seen(SOMEWHERE, DUE), seen(EAST, DUE), as_of=day(20))

    assert outcome(stand) == "contrary, unmet"
    assert stand.met is Tri.MAYBE


def test_a_look_at_an_uncertain_time_is_as_old_as_it_may_be_and_in_time_if_it_surely_was() -> None:
    def there(place: Place, earliest: Moment, latest: Moment) -> str:
        return outcome(FRESH.stand(seen(place, between(earliest, latest)), as_of=day(20)))

    assert there(WEST, DUE - 6 * HOUR, DUE) == "consistent, met"
    assert there(WEST, DUE - 6 * HOUR - 1, DUE) == there(WEST, DUE - 1, DUE + 1) == "cannot tell, in effect"
    assert there(EAST, DUE - 6 * HOUR, DUE) == "contrary, unmet"
    assert there(EAST, DUE - 6 * HOUR - 1, DUE) == there(EAST, DUE - 1, DUE + 1) == "cannot tell, in effect"
    assert there(EAST, DUE, DUE + 1) == "contrary, unmet"


def test_a_fresh_look_elsewhere_does_not_outweigh_a_later_one_that_may_be_there() -> None:
    def seen_then(at: Moment) -> str:
        return outcome(FRESH.stand(seen(EAST, DUE - HOUR), seen(SOMEWHERE, at), as_of=day(20)))

    assert seen_then(DUE - HOUR) == "contrary, unmet"
    assert seen_then(DUE - HOUR + 1) == "cannot tell, in effect"


def test_a_stale_look_of_the_evidence_counts_before_that_of_the_state() -> None:
    promise = agreed(
        "kind: achieve, within: 72h, state: {fact: position, side: west of agreed-line, stale_after: 1h},"
        " shown_by: {fact: position, stale_after: 6h}"
    )

    assert outcome(promise.stand(seen(WEST, DUE - 6 * HOUR), as_of=day(20))) == "consistent, met"


def test_a_look_from_somebody_else_shows_nothing() -> None:
    assert outcome(AWAY.stand(seen(WEST, DUE, by="south"), as_of=day(20))) == "cannot tell, in effect"


def test_silence_shows_that_it_was_not_so_where_somebody_was_watching() -> None:
    assert outcome(AWAY.stand(watch("position"), as_of=DUE + 1)) == "contrary, unmet"
    assert outcome(AWAY.stand(watch("position"), seen(WEST, DUE + 1), as_of=DUE + 1)) == "cannot tell, in effect"


EACH = agreed(
    "kind: achieve, within: 72h, each: {unit: {of: north}}, state: {fact: position, side: west of agreed-line}"
)


def test_each_unit_is_judged_by_itself() -> None:
    rows = EACH.stands(seen(WEST, DUE, unit="n1"), seen(EAST, DUE, unit="n2"), as_of=day(20))

    assert {dict(row.binding)["unit"]: outcome(row) for row in rows} == {
        "n1": "consistent, met",
        "n2": "contrary, unmet",
    }


def test_where_one_unit_was_does_not_show_where_all_were() -> None:
    assert outcome(AWAY.stand(seen(WEST, DUE, unit="n1"), as_of=day(20))) == "cannot tell, in effect"
    assert outcome(AWAY.stand(seen(EAST, DUE, unit="n1"), as_of=day(20))) == "contrary, unmet"


# ---- several sources -----------------------------------------------------------------------------------------------

SOURCES = agreed(
    "kind: achieve, within: 72h, state: {fact: position, side: west of agreed-line},"
    " shown_by: [{fact: position}, {fact: declaration, by: guarantor}, {fact: notice, by: commission}]"
)


def noticed(at: Moment, **more: object) -> Fact:
    return fact("notice", at, by="commission", of="it", **more)  # type: ignore[arg-type]  # the fields of a notice


def test_the_strongest_source_that_settles_it_is_the_one_it_rests_on() -> None:
    shown = SOURCES.stand(seen(WEST, DUE), said(DUE + 1), as_of=day(20))
    denied = SOURCES.stand(seen(EAST, DUE), said(DUE), as_of=day(20))
    declared = SOURCES.stand(seen(SOMEWHERE, DUE), said(DUE), noticed(DUE + 1), as_of=day(20))

    assert (outcome(shown), shown.rests_on) == ("consistent, met", "position")
    assert beside(shown) == ("declaration by guarantor shows it",)
    assert (outcome(denied), denied.rests_on) == ("contrary, unmet", "")
    assert beside(denied) == ("declaration by guarantor shows it",)
    assert (outcome(declared), declared.rests_on) == ("consistent, met", "declaration by guarantor")
    assert beside(declared) == ("position may show it", "notice by commission shows it")


def test_a_source_that_came_late_decides_before_one_that_may_show_it() -> None:
    stand = SOURCES.stand(seen(SOMEWHERE, DUE), said(DUE + 1), as_of=day(20))

    assert outcome(stand) == "contrary, met late"
    assert stand.rests_on == "declaration by guarantor"


def test_a_weaker_source_in_time_is_asked_before_a_stronger_one_that_came_late() -> None:
    stand = SOURCES.stand(said(DUE + 1), noticed(DUE), as_of=day(20))

    assert (outcome(stand), stand.rests_on) == ("consistent, met", "notice by commission")


def test_of_doubtful_sources_the_one_that_shows_most_is_named() -> None:
    stand = SOURCES.stand(seen(SOMEWHERE, DUE), said(between(DUE, DUE + 1)), as_of=day(20))

    assert (outcome(stand), stand.rests_on) == ("cannot tell, in effect", "declaration by guarantor")
    assert beside(stand) == ("position may show it",)


def test_silence_of_one_source_does_not_show_that_no_other_shows_it() -> None:
    partly = SOURCES.stand(watch("position", "notice"), as_of=day(20))
    wholly = SOURCES.stand(watch("position", "declaration", "notice"), as_of=day(20))

    assert outcome(partly) == "cannot tell, in effect"
    assert outcome(wholly) == "contrary, unmet"


def test_a_source_with_nothing_to_say_does_not_stand_beside() -> None:
    assert beside(SOURCES.stand(noticed(DUE), as_of=day(20))) == ()


def test_a_source_that_denies_stands_beside_as_not_showing_it() -> None:
    promise = agreed(
        "kind: achieve, within: 72h, state: {fact: position, side: west of agreed-line},"
        " shown_by: [{fact: declaration, by: guarantor}, {fact: position}]"
    )

    stand = promise.stand(said(DUE), seen(EAST, DUE), as_of=day(20))

    assert outcome(stand) == "consistent, met"
    assert beside(stand) == ("position does not show it",)


# ---- without a deadline --------------------------------------------------------------------------------------------


def test_without_a_deadline_it_is_open_until_it_is_reached_and_never_late() -> None:
    assert outcome(TIMELESS.stand(watch("position"), as_of=day(31))) == "open, in effect"
    reached = TIMELESS.stand(seen(EAST, day(11)), seen(WEST, day(30)), as_of=day(31))
    assert outcome(reached) == "consistent, met"
    assert reached.due is None
    assert reached.met_at == Interval.at(day(30))
    assert outcome(TIMELESS.stand(seen(SOMEWHERE, day(30)), as_of=day(31))) == "open, in effect"


def test_without_a_deadline_it_is_over_with_its_end() -> None:
    assert outcome(TIMELESS.stand(stopped(day(14)), as_of=day(20))) == "not in force, terminated"
    assert outcome(TIMELESS.stand(stopped(day(14)), seen(WEST, day(11)), as_of=day(20))) == "consistent, met"


# ---- the duty to begin ---------------------------------------------------------------------------------------------

BEGIN = agreed(
    "kind: achieve, within: 72h, shown_by: {fact: declaration, by: guarantor},"
    " start: {within: 24h, shown_by: {fact: movement}}"
)


def test_the_duty_to_begin_stands_apart_and_first() -> None:
    moved = fact("movement", day(11) + 1, by="north")

    rows = BEGIN.stands(moved, said(DUE), as_of=day(20))

    assert [(row.occurrence, outcome(row), row.due) for row in rows] == [
        ("start", "contrary, met late", Interval.at(day(11))),
        ("", "consistent, met", Interval.at(DUE)),
    ]


def test_somebody_elses_movement_begins_nothing() -> None:
    moved = fact("movement", day(11), by="south")

    assert BEGIN.stand(moved, watch("movement"), as_of=day(20), occurrence="start").met is Tri.NO


# ---- before, suspended, ended, excused -----------------------------------------------------------------------------


def test_a_duty_whose_clock_has_not_started_is_dormant_though_the_state_is_shown() -> None:
    promise = agreed("kind: achieve, within: 72h, shown_by: {fact: declaration, by: guarantor}, after: approval")

    stand = promise.stand(said(DUE), as_of=day(20))

    assert outcome(stand) == "not in force, dormant"
    assert stand.due is None
    assert stand.waits_for == ("approval",)


def test_a_duty_is_suspended_unless_it_was_reached_or_missed_before() -> None:
    pause = suspended(day(12), day(20))

    assert outcome(PAPER.stand(*pause, watch("declaration"), as_of=day(14))) == "not in force, suspended"
    assert outcome(PAPER.stand(*pause, said(day(11)), as_of=day(14))) == "consistent, met"
    assert outcome(PAPER.stand(*pause, said(day(11), proof=ALLEGED), as_of=day(14))) == "not in force, suspended"
    missed = *suspended(DUE + 1, day(20)), watch("declaration")
    assert outcome(PAPER.stand(*missed, as_of=day(14))) == "contrary, unmet"


@pytest.mark.parametrize(
    ("end", "became"),
    [
        (stopped(DUE - 1), "not in force, terminated"),
        (fact("waiver", DUE - 1, by="south", of="it", name="waiver"), "not in force, discharged"),
        (stopped(DUE), "contrary, unmet"),
        (stopped(between(DUE - 1, DUE)), "cannot tell, in effect"),
    ],
)
def test_a_duty_ended_before_its_deadline_was_never_missed(end: Fact, became: str) -> None:
    assert outcome(PAPER.stand(end, watch("declaration"), as_of=day(20))) == became


def test_a_duty_met_before_its_end_was_met() -> None:
    assert outcome(PAPER.stand(stopped(DUE - 1), said(day(11)), as_of=day(20))) == "consistent, met"


def test_a_plea_established_discharges_what_was_missed_and_not_what_is_still_open() -> None:
    ruling, watched = found("flood", "it", day(12)), watch("declaration")

    assert outcome(PAPER.stand(ruling, watched, as_of=DUE)) == "open, in effect"
    discharged = PAPER.stand(ruling, watched, as_of=DUE + 1)
    assert outcome(discharged) == "consistent, discharged"
    assert beside(discharged) == ("flood: established",)
    assert "plea 'flood': established" in reasons(discharged)
    assert outcome(PAPER.stand(ruling, as_of=DUE + 1)) == "cannot tell, in effect"
    assert outcome(PAPER.stand(ruling, said(DUE), as_of=DUE + 1)) == "consistent, met"


def test_an_excuse_counts_if_it_was_shown_by_the_deadline() -> None:
    promise = agreed(
        "kind: achieve, within: 72h, shown_by: {fact: declaration, by: guarantor}, excuse: {shown: {fact: notice}}"
    )

    def excused(at: Moment) -> str:
        return outcome(promise.stand(fact("notice", at, of="it"), watch("declaration"), as_of=day(20)))

    assert excused(DUE) == "consistent, discharged"
    assert excused(DUE + 1) == "contrary, unmet"


# ---- paired with the other side's part -----------------------------------------------------------------------------

ENTER = "id: enter, kind: achieve, by: south, shown_by: {fact: signature, by: guarantor}"


def paired(undetermined: str = "ask", more: str = "") -> Promise:
    return agreed(
        "kind: achieve, within: 72h, shown_by: {fact: declaration, by: guarantor},"
        f" paired_with: {{clause: enter, if_undetermined: {undetermined}}}{more}",
        ENTER + more,
    )


def entered(at: Moment | Interval, **more: object) -> Fact:
    return fact("signature", at, by="guarantor", of="enter", **more)  # type: ignore[arg-type]  # the fields of a signature


def test_a_deadline_does_not_bite_before_the_other_sides_part_is_done() -> None:
    stand = paired().stand(watch("declaration"), as_of=day(20))

    assert outcome(stand) == "open, in effect"
    assert "paired with enter: waits for the counterpart's part" in reasons(stand)


def test_who_goes_first_has_met_it() -> None:
    assert outcome(paired().stand(said(day(15)), as_of=day(20))) == "consistent, met"


def test_a_deadline_bites_as_usual_if_the_other_side_was_done_by_then() -> None:
    stand = paired().stand(entered(DUE), watch("declaration"), as_of=DUE + 1)

    assert outcome(stand) == "contrary, unmet"
    assert stand.due == Interval.at(DUE)
    assert "paired with enter: counterpart's part counts as done" in reasons(stand)
    assert "due no sooner than the counterpart's part is done" not in reasons(stand)


def test_a_deadline_bites_when_the_other_side_is_done_if_that_is_later() -> None:
    facts = entered(day(15)), watch("declaration")

    stand = paired().stand(*facts, as_of=day(15))
    assert outcome(stand) == "open, in effect"
    assert stand.due == Interval.at(day(15))
    assert "due no sooner than the counterpart's part is done" in reasons(stand)
    assert outcome(paired().stand(*facts, as_of=day(15) + 1)) == "contrary, unmet"
    assert outcome(paired().stand(*facts, said(day(15)), as_of=day(20))) == "consistent, met"


def test_an_uncertain_time_at_which_the_other_side_was_done_gives_an_uncertain_deadline() -> None:
    stand = paired().stand(entered(between(day(12), day(15))), as_of=day(20))

    assert stand.due == between(DUE, day(15))


@pytest.mark.parametrize(
    ("undetermined", "became", "says"),
    [
        ("closed", "open, in effect", "waits for the counterpart's part"),
        ("open", "contrary, unmet", "counterpart's part counts as done"),
        ("ask", "cannot tell, in effect", "whether the counterpart's part is done must be asked"),
    ],
)
def test_where_nobody_can_tell_of_the_other_sides_part_the_text_says_what_counts(
    undetermined: str, became: str, says: str
) -> None:
    stand = paired(undetermined).stand(entered(day(11), proof=ALLEGED), watch("declaration"), as_of=day(20))

    assert outcome(stand) == became
    assert stand.due == Interval.at(DUE)
    assert f"paired with enter: {says}" in reasons(stand)


def test_each_sector_is_paired_with_its_own_counterpart() -> None:
    promise = paired(more=", each: {sector: [coast, hill]}")

    rows = promise.stands(entered(day(11), sector="coast"), watch("declaration"), as_of=day(20))

    assert {dict(row.binding)["sector"]: outcome(row) for row in rows} == {
        "coast": "contrary, unmet",
        "hill": "open, in effect",
    }


def test_what_is_paired_with_a_part_of_several_waits_for_the_last_of_them() -> None:
    promise = agreed(
        "kind: achieve, within: 72h, shown_by: {fact: declaration, by: guarantor},"
        " paired_with: {clause: enter, if_undetermined: ask}",
        ENTER + ", each: {sector: [coast, hill]}",
    )
    coast, hill = entered(day(14), sector="coast"), entered(day(15), sector="hill")

    assert outcome(promise.stand(coast, watch("declaration"), as_of=day(20))) == "open, in effect"
    assert promise.stand(coast, hill, as_of=day(20)).due == Interval.at(day(15))


def test_a_paired_duty_that_was_suspended_names_by_what_its_deadline_bites_later() -> None:
    theirs = "id: theirs, kind: achieve, by: south, shown_by: {fact: declaration, by: guarantor}"
    pair = "paired_with: {clause: theirs, if_undetermined: ask}"
    promise = agreed(f"kind: achieve, within: 24h, shown_by: {{fact: notice}}, {pair}", theirs, PAUSE)
    done = fact("declaration", day(14), by="guarantor", of="theirs", name="done")
    paused = fact("suspension", day(10), by="south", of="it", name="paused")
    accepted = fact("declaration", day(10), by="north", of="paused", finding="accepted", name="accepted")

    stand = promise.stand(done, paused, accepted, as_of=day(16))

    assert (outcome(stand), stand.due) == ("not in force, suspended", Interval.at(day(14)))
    assert "done" in stand.ground.leaves()
