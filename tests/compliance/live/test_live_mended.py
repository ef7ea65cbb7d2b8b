"""Where the live execution once parted from the reference."""

from __future__ import annotations

from tests.compliance_live import Both, Reference
from tests.compliance_small import APPROVAL, agreement, at, between, clause, fact, halt
from trucekeeper.terms import DAWN, NEVER, Tri
from trucekeeper.terms.moments import HOUR

SINCE = "2031-03-02T00:00+02:00"
PAUSE = clause("pause", "power", by=["north", "south"], may="suspend", of="all")


def test_rows_that_a_reading_brings_say_which_fact_brought_them() -> None:
    both = Both(Reference(agreement(halt(by="north", after=SINCE), PAUSE)), at("3"))

    changes = both.step(fact("s1", "suspension", "3", by="south", of="halt"))

    assert {one.facts for one in changes} == {("s1",)}


def test_a_level_that_is_let_fall_short_for_a_time_is_the_figure_from_its_moment_on() -> None:
    terms = {"measure": {"fact": "strength"}, "at_least": 5, "tolerance": "12h", "stale_after": "48h"}
    both = Both(Reference(agreement(clause("floor", "maintain", by="north", after=SINCE, **terms))), at("3"))
    both.step(fact("s1", "strength", "2", by="north", count=6))
    both.step(fact("s2", "strength", "3 06:00", by="north", count=4, learned_at=at("3")))

    (change,) = both.step(at("3 06:00"))

    assert change.row.figure == "4 (at least 5)"


def test_a_ruling_that_settles_a_suspension_settles_the_readings_of_what_waits_for_the_suspended() -> None:
    leave = clause("leave", "achieve", by="north", after=SINCE, within="72h", state={"fact": "access"})
    follow = clause("follow", "prohibit", by="south", after="leave", act={"fact": "movement"})
    both = Both(Reference(agreement(leave, follow, PAUSE)), at("4"))
    both.step(fact("x1", "access", "4", by="north", of="leave"))
    both.step(fact("s1", "suspension", "3", by="south", of="leave"))

    both.step(fact("d1", "determination", "3", by="commission", of="s1", finding="rejected"))

    assert [row.reading for row in both.watch.rows() if row.clause == "follow"] == [()]


def test_rows_of_a_clause_asked_as_a_whole_say_which_fact_made_it_be_asked_so() -> None:
    both = Both(Reference(agreement(halt(by="north", after=SINCE, while_={"holds": "its-word"}))), at("5"))
    both.step(fact("k1", "declaration", "3", by="north", of="its-word", finding="fails"))
    both.step(fact("d1", "determination", "4", by="commission", of="its-word", finding="holds"))

    changes = both.step(fact("a1", "attack", "3 12:00", by="north"))

    assert len(changes) == 3
    assert {one.facts for one in changes} == {("a1",)}


def test_periods_that_a_reading_brings_say_which_fact_brought_them() -> None:
    day = clause("day", "quota", by="north", after=SINCE, count={"fact": "delivery"}, at_least=2)
    both = Both(Reference(agreement(day, PAUSE)), at("3 12:00"))

    changes = both.step(fact("s1", "suspension", "3", by="south", of="day"))

    assert {one.facts for one in changes} == {("s1",)}


def test_an_event_known_ahead_is_counted_when_its_time_comes() -> None:
    release = clause("list", "tally", by="north", after=SINCE, within="240h", count={"fact": "release"}, at_least=2)
    both = Both(Reference(agreement(release)), at("3"))
    both.step(fact("r1", "release", "4 12:00", count=2, learned_at=at("3")))

    (change,) = both.step(at("4 12:00"))

    assert change.row.figure == "2 of 2"


def test_what_stands_beside_an_act_is_told_again_when_its_prohibition_binds_again() -> None:
    noticed = {"shown": {"fact": "notice"}, "within": "6h"}
    going_on = {"happened": {"fact": "access"}, "within": "24h"}
    both = Both(Reference(agreement(halt(by="north", after=SINCE, while_=going_on, excuse=noticed))), at("5"))
    both.step(fact("a1", "attack", "3 12:00", by="north"))
    both.step(fact("n1", "notice", "3 06:00", of="a1"))
    both.step(fact("x1", "access", "3"))

    (change,) = both.step(fact("x2", "access", "5"))

    assert [one.says for one in change.beside] == ["notice: shown"]


def test_a_count_that_ends_before_it_begins_is_touched_by_what_may_have_lasted_from_its_end_to_its_start() -> None:
    count = clause("count", "tally", by="north", after=SINCE, until="d-day", count={"fact": "release"}, at_least=4)
    day = {"d-day": {"planned": True, "shown_by": {"fact": "declaration", "by": "guarantor"}}}
    both = Both(Reference(agreement(count, events=day)), at("3"))
    both.step(fact("d1", "declaration", "1", by="guarantor", of="d-day"))

    both.step(fact("r1", "release", between(DAWN, NEVER), learned_at=at("3")))

    assert [row.met for row in both.watch.rows()] == [Tri.MAYBE]


def test_a_deadline_that_began_now_at_the_latest_moves_on_with_every_moment() -> None:
    gate = clause("gate", "phase", by="north", opens="stage", when={"clause": "calm", "stands": "not contrary"})
    goodwill = clause("goodwill", "phase", opens="better-days", text_only="nobody can count goodwill")
    calm = clause("calm", "power", by="north", may="waive", of="count")
    terms = {"after": "12h after gate", "during": "better-days", "within": "24h", "at_least": 1}
    count = clause("count", "tally", by="north", count={"fact": "release"}, **terms)
    text = agreement(goodwill, gate, calm, count, in_force="approval", events=APPROVAL)
    both = Both(Reference(text), at("3"), moving=True)
    both.step(fact("d1", "decision", "2", by="guarantor", of="approval"))

    for day in ("4", "5", "6 12:00"):
        both.step(at(day))
        due = next(row.due for row in both.watch.rows() if row.clause == "count")

        assert due is not None
        assert due.latest == at(day) + 36 * HOUR
