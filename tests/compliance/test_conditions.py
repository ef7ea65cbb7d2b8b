"""Conditions: what gates, powers and `while` ask, at the edges of each."""

from __future__ import annotations

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
    condition,
    fact,
    halt,
    said,
    watch,
)
from trucekeeper.compliance.conditions import answer
from trucekeeper.compliance.inquiry import Fork
from trucekeeper.terms import DAWN, Fact, Interval, Proof, Tri
from trucekeeper.terms.moments import DAY, HOUR

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Answer, Binding

SURE, DOUBT, NOT = Tri.YES, Tri.MAYBE, Tri.NO
OUT = clause("out", "achieve", by="north", within="96h", after="approval", shown_by={"fact": "declaration"})
OUT_BY_UNIT = {**OUT, "each": {"unit": {"of": "north"}}}
GATE = clause("gate", "phase", opens="stage-two", when={"happened": {"fact": "access"}})
PLAIN = agreement(halt(), OUT, GATE, events=APPROVAL)


def holds(
    facts: list[Fact],
    *,
    as_of: str | int = "20",
    text: Agreement = PLAIN,
    binding: Binding = (),
    since: int = DAWN,
    proof: Proof = Proof.CORROBORATED,
    assumed: dict[str, str] | None = None,
    **asking: object,
) -> Answer:
    inquiry = asked(text, facts, as_of, proof, assumed=assumed or {})
    return answer(inquiry, condition(**asking), binding, since)


def gave_access(name: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact(name, "access", when, **more)


# ---- happened ------------------------------------------------------------------------------------------------------

ACCESS = {"fact": "access"}


def test_what_is_on_record_happened() -> None:
    found = holds([gave_access("a", "5")], happened=ACCESS)

    assert (found.tri, found.when) == (SURE, between("5", "5"))
    assert (found.ground.says, found.ground.facts) == ("access on record", ("a",))


def test_what_is_not_on_record_did_not_happen() -> None:
    found = holds([], happened=ACCESS)

    assert (found.tri, found.when, found.ground.says) == (NOT, None, "no access on record")


def test_what_happened_is_read_at_corroborated_whoever_asks() -> None:
    alleged = gave_access("a", "5", occurred=Proof.ALLEGED)

    assert holds([alleged], happened=ACCESS, proof=Proof.ALLEGED).tri is DOUBT
    assert holds([gave_access("a", "5")], happened=ACCESS, proof=Proof.VERIFIED).tri is SURE


def test_of_several_the_first_counts() -> None:
    certain = [gave_access("a", ("5", "8")), gave_access("b", "7")]
    possible = [gave_access("c", "3", occurred=Proof.ALLEGED)]

    assert holds(certain, happened=ACCESS).when == between("5", "7")
    assert holds([*certain, *possible], happened=ACCESS).when == between("3", "7")
    assert holds(possible, happened=ACCESS).when == between("3", "3")


@pytest.mark.parametrize(
    ("when", "tri"),
    [
        ((at("18") - 2, at("18") - TICK), NOT),
        ((at("18") - TICK, at("18")), DOUBT),
        ((at("18"), at("18")), SURE),
        ((at("20"), at("20")), SURE),
        ((at("20"), at("20") + TICK), DOUBT),
        ((at("20") + TICK, at("20") + TICK), NOT),
    ],
)
def test_what_must_be_recent_counts_from_exactly_so_long_ago_until_now(when: tuple[int, int], tri: Tri) -> None:
    assert holds([gave_access("a", when)], happened=ACCESS, within="48h").tri is tri


def test_only_what_is_recent_is_named_in_the_reasons() -> None:
    found = holds([gave_access("a", "5"), gave_access("b", "19")], happened=ACCESS, within="48h")

    assert (found.ground.facts, found.when) == (("b",), between("19", "19"))


def test_what_happened_long_ago_is_enough_where_no_length_is_given() -> None:
    assert holds([gave_access("a", at("1") - 400 * DAY)], happened=ACCESS).tri is SURE


# ---- met, stands, open ---------------------------------------------------------------------------------------------


def approved(when: Any = "1") -> Fact:  # noqa: ANN401  a time
    return fact("a", "decision", when, of="approval")


def declared(name: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact(name, "declaration", when, of="out", **more)


def test_a_clause_was_met_once_all_its_members_were() -> None:
    text = agreement(halt(), OUT_BY_UNIT, events=APPROVAL)
    facts = [approved(), declared("d", ("2", "3"), unit="n1"), declared("e", ("1 12:00", "4"), unit="n2")]

    both, one = holds(facts, text=text, met="out"), holds(facts[:2], text=text, met="out")

    assert (both.tri, both.when, both.ground.says) == (SURE, between("2", "4"), "out was met")
    assert (one.tri, one.when, one.ground.says) == (NOT, None, "out was not met")


def test_a_clause_was_met_for_the_member_asked_about() -> None:
    text = agreement(halt(), OUT_BY_UNIT, events=APPROVAL)
    facts = [approved(), declared("d", "2", unit="n1")]

    met = [holds(facts, text=text, met="out", binding=(("unit", unit),)).tri for unit in ("n1", "n2")]

    assert met == [SURE, NOT]
    assert holds(facts, text=text, met="out", binding=(("sector", "east"),)).tri is NOT


def test_a_clause_is_met_at_the_level_that_the_condition_fixes() -> None:
    facts = [approved(), declared("d", "2", occurred=Proof.ALLEGED)]

    found = holds(facts, met="out")

    assert (found.tri, found.when, found.ground.says) == (DOUBT, between("2", "2"), "out may have been met")
    assert holds(facts, met="out", at="alleged").tri is SURE


def test_a_clause_that_is_not_yet_text_may_have_been_met() -> None:
    text = agreement(halt(), events=APPROVAL, amendments=[amendment("later", "20", OUT)])
    found = holds([approved()], text=text, as_of="10", met="out")

    assert (found.tri, found.when) == (DOUBT, None)


SHELLED = fact("s", "shelling", "3", by="north")
WATCHED = watch("w", at("1") - DAY, "30")
WATCHED_HALT = agreement(halt(after="approval"), OUT_BY_UNIT, events=APPROVAL)


@pytest.mark.parametrize(
    ("facts", "contrary", "not_contrary", "consistent"),
    [
        ([approved(), SHELLED], SURE, NOT, NOT),
        ([approved(), fact("s", "shelling", "3", occurred=Proof.ALLEGED)], DOUBT, DOUBT, DOUBT),
        ([approved(), WATCHED], NOT, SURE, SURE),
        ([], NOT, SURE, DOUBT),
    ],
)
def test_a_condition_may_ask_how_a_clause_stands(
    facts: list[Fact], contrary: Tri, not_contrary: Tri, consistent: Tri
) -> None:
    def stands(word: str) -> Tri:
        return holds(facts, text=WATCHED_HALT, clause="halt", stands=word).tri

    assert [stands(word) for word in ("contrary", "not contrary", "consistent")] == [
        contrary,
        not_contrary,
        consistent,
    ]


def test_a_clause_stands_as_it_does_at_the_level_that_the_condition_fixes() -> None:
    facts = [approved(), fact("s", "shelling", "3", occurred=Proof.ALLEGED)]
    found = holds(facts, text=WATCHED_HALT, clause="halt", stands="contrary", at="alleged")

    assert (found.tri, found.when, found.ground.says) == (SURE, None, "halt stands contrary at alleged")


def test_of_several_members_one_contrary_is_enough_and_consistent_needs_all() -> None:
    facts = [approved(), declared("d", "2", unit="n1"), fact("w", "coverage", "1", WATCHED.span, detects=("record",))]

    def stands(word: str, unit: str = "") -> Tri:
        binding = (("unit", unit),) if unit else ()
        return holds(facts, text=WATCHED_HALT, clause="out", stands=word, binding=binding).tri

    assert (stands("contrary"), stands("consistent")) == (SURE, NOT)
    assert [stands("contrary", unit) for unit in ("n1", "n2")] == [NOT, SURE]
    assert [stands("consistent", unit) for unit in ("n1", "n2")] == [SURE, NOT]


def test_how_a_clause_stands_that_is_not_yet_text_nobody_can_tell() -> None:
    text = agreement(halt(), events=APPROVAL, amendments=[amendment("later", "20", OUT)])

    assert holds([approved()], text=text, as_of="10", clause="out", stands="consistent").tri is DOUBT
    assert holds([approved()], text=text, as_of="10", clause="out", stands="contrary").tri is NOT


def test_a_phase_is_open_once_its_condition_holds() -> None:
    opened = holds([gave_access("x", "5")], open="stage-two")

    assert (opened.tri, opened.when) == (SURE, between("5", "5"))
    assert holds([], open="stage-two").tri is NOT


def test_a_phase_that_is_open_since_nobody_knows_when_is_open() -> None:
    gate = clause("gate", "phase", opens="stage-two", when={"holds": "the-truce"})

    assert holds([], text=agreement(halt(), gate), open="stage-two").tri is SURE


def test_an_event_is_open_once_it_happened_and_is_read_at_corroborated() -> None:
    alleged = fact("a", "decision", "5", of="approval", occurred=Proof.ALLEGED)

    assert [holds([approved("5")], open="approval", as_of=at("5") + late).tri for late in (-TICK, 0)] == [NOT, SURE]
    assert holds([alleged], open="approval", proof=Proof.ALLEGED).tri is DOUBT
    assert holds([approved("5")], open="approval", proof=Proof.VERIFIED).tri is SURE


# ---- all, any, not -------------------------------------------------------------------------------------------------

A, B = {"happened": {"fact": "access"}}, {"happened": {"fact": "talks"}}


def talked(when: Any, **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact("t", "talks", when, **more)


def test_all_hold_from_the_last_and_any_from_the_first() -> None:
    facts = [gave_access("a", ("5", "8")), talked(("6", "7"))]

    both, either = holds(facts, all=[A, B]), holds(facts, any=[A, B])

    assert (both.tri, both.when, both.ground.says) == (SURE, between("6", "8"), "all of")
    assert (either.tri, either.when, either.ground.says) == (SURE, between("5", "7"), "any of")


def test_all_need_every_one_and_any_needs_one() -> None:
    facts = [gave_access("a", "5")]

    both, either = holds(facts, all=[A, B]), holds(facts, any=[A, B])

    assert (both.tri, both.when) == (NOT, None)
    assert (either.tri, either.when) == (SURE, between("5", "5"))
    assert (holds([], any=[A, B]).tri, holds([], any=[A, B]).when) == (NOT, None)


def test_one_in_doubt_leaves_all_in_doubt() -> None:
    facts = [gave_access("a", "5"), talked("6", occurred=Proof.ALLEGED)]

    assert (holds(facts, all=[A, B]).tri, holds(facts, all=[A, B]).when) == (DOUBT, between("6", "6"))
    assert holds(facts[1:], any=[A, B]).tri is DOUBT


def test_a_denied_condition_holds_when_the_other_does_not() -> None:
    shown, alleged = gave_access("a", "5"), gave_access("a", "5", occurred=Proof.ALLEGED)

    answers = [holds(facts, not_=A) for facts in ([shown], [alleged], [])]

    assert [one.tri for one in answers] == [NOT, DOUBT, SURE]
    assert (answers[0].when, answers[0].ground.says) == (None, "not")


def test_what_has_no_time_says_nothing_of_when_all_hold() -> None:
    found = holds([gave_access("a", "5")], all=[A, {"not": B}])

    assert (found.tri, found.when) == (SURE, between("5", "5"))


def test_what_does_not_hold_says_nothing_of_when_any_holds() -> None:
    ruled = fact("r", "determination", "2", by="commission", of="the-truce", finding="fails")

    found = holds([ruled, gave_access("a", "5")], any=[A, {"holds": "the-truce"}])

    assert (found.tri, found.when) == (SURE, between("5", "5"))


# ---- holds ---------------------------------------------------------------------------------------------------------


def spoke(name: str, kind: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact(name, kind, when, **{"of": "the-truce", "finding": "fails", "by": "south", **more})


def ruled(name: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  as above
    return spoke(name, "determination", when, **{"by": "commission", **more})


def test_what_nobody_contests_holds() -> None:
    found = holds([], holds="the-truce")

    assert (found.tri, found.when, found.ground.says) == (SURE, None, "the-truce: nobody determined otherwise")


def test_what_was_determined_to_fail_fails_from_that_instant_on() -> None:
    ruling = ruled("r", "5")

    found = holds([ruling], holds="the-truce", as_of="5")

    assert (found.tri, found.when, found.ground.facts) == (NOT, between("5", "5"), ("r",))
    assert found.ground.says == "the-truce: determined by commission: fails"
    assert holds([ruling], holds="the-truce", as_of=at("5") - TICK).tri is SURE


def test_the_later_determination_counts() -> None:
    assert holds([ruled("r", "5"), ruled("q", "6", finding="holds")], holds="the-truce").tri is SURE
    assert holds([ruled("q", "5", finding="holds"), ruled("r", "6")], holds="the-truce").tri is NOT


def test_only_the_body_that_the_text_names_determines() -> None:
    by_guarantor = ruled("r", "5", by="guarantor")
    by_nobody = ruled("q", "5", by=None)

    for contest in (by_guarantor, by_nobody):
        with pytest.raises(Fork):
            holds([contest], holds="the-truce", determined_by="commission")
    assert holds([by_guarantor], holds="the-truce", determined_by=["commission", "guarantor"]).tri is NOT
    assert holds([ruled("r", "5")], holds="the-truce", determined_by="commission").tri is NOT


def test_no_party_determines_where_the_text_names_nobody() -> None:
    for contest in (ruled("r", "5", by="north"), ruled("r", "5", by="s1"), ruled("r", "5", by="band")):
        with pytest.raises(Fork):
            holds([contest], holds="the-truce")
        with pytest.raises(Fork):
            holds([contest], holds="the-truce", determined_by="unstated")
    assert holds([ruled("r", "5", by="guarantor")], holds="the-truce", determined_by="unstated").tri is NOT


def test_a_determination_must_be_known_to_be_of_the_body_that_the_text_names() -> None:
    with pytest.raises(Fork):
        holds([ruled("r", "5", who=Proof.ALLEGED)], holds="the-truce", determined_by="commission")
    assert holds([ruled("r", "5", who=Proof.ALLEGED)], holds="the-truce").tri is NOT


def test_everybody_but_some_may_determine() -> None:
    nobody_of_south = {"anyone_except": ["south"]}

    assert holds([ruled("r", "5")], holds="the-truce", determined_by=nobody_of_south).tri is NOT
    with pytest.raises(Fork):
        holds([ruled("r", "5", by="south")], holds="the-truce", determined_by=nobody_of_south)


@pytest.mark.parametrize(("proof", "decides"), [(Proof.ALLEGED, False), (Proof.CORROBORATED, True)])
def test_a_determination_counts_from_corroborated_on(proof: Proof, decides: bool) -> None:  # noqa: FBT001
    ruling = ruled("r", "5", occurred=proof)

    if decides:
        assert holds([ruling], holds="the-truce").tri is NOT
    else:
        with pytest.raises(Fork):
            holds([ruling], holds="the-truce")


def test_a_contest_is_read_both_ways_until_the_body_finds() -> None:
    contest = spoke("c", "declaration", "5")

    with pytest.raises(Fork) as fork:
        holds([contest], holds="the-truce")
    kept = holds([contest], holds="the-truce", assumed={"the-truce": "holds"})
    failed = holds([contest], holds="the-truce", assumed={"the-truce": "fails"})

    assert (fork.value.axis, fork.value.options) == ("the-truce", ("holds", "fails"))
    assert (kept.tri, kept.when) == (SURE, between("5", "5"))
    assert (failed.tri, failed.ground.facts) == (NOT, ("c",))
    assert failed.ground.says == "the-truce: contested by south, not determined; read here as: fails"
    assert holds([contest, ruled("r", "6", finding="holds")], holds="the-truce").tri is SURE


@pytest.mark.parametrize(
    "spoken",
    [
        spoke("c", "declaration", "5", finding="holds"),
        spoke("c", "declaration", "5", of="something-else"),
        spoke("c", "declaration", at("20") + TICK),
        spoke("c", "declaration", "5", occurred=Proof.REFUTED),
    ],
)
def test_what_does_not_contest_it_leaves_it_holding(spoken: Fact) -> None:
    assert holds([spoken], holds="the-truce").tri is SURE


def test_a_contest_at_the_moment_asked_is_one() -> None:
    with pytest.raises(Fork):
        holds([spoke("c", "declaration", "20")], holds="the-truce")


# ---- quiet days ----------------------------------------------------------------------------------------------------


def quiet(*facts: Fact, as_of: str | int = "6", since: str | int = "2", days: int = 3, **more: Any) -> Answer:  # noqa: ANN401  more
    return holds(list(facts), as_of=as_of, since=at(since), consecutive_days=days, without={"fact": "attack"}, **more)


ALL_MONTH = watch("w", at("1") - DAY, at("31") + 30 * DAY)


def shell(when: Any, **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact("s", "shelling", when, **more)


def test_so_many_quiet_days_are_complete_with_the_last_microsecond_of_the_last() -> None:
    end = at("5") - TICK

    answers = [quiet(ALL_MONTH, as_of=end + late) for late in (-TICK, 0)]

    assert [one.tri for one in answers] == [NOT, SURE]
    assert (answers[0].when, answers[1].when) == (None, Interval.at(end))
    assert answers[0].ground.says == "2 quiet days in a row up to now; 3 wanted"
    assert answers[1].ground.says == "3 quiet days in a row up to now; 3 wanted, reached"


def test_quiet_days_once_complete_stay_complete() -> None:
    found = quiet(ALL_MONTH, shell("5 12:00"), as_of="7")

    assert (found.tri, found.when) == (SURE, Interval.at(at("5") - TICK))
    assert found.ground.says == "1 quiet days in a row up to now; 3 wanted, reached"


def test_a_loud_day_begins_the_count_anew() -> None:
    found = [quiet(ALL_MONTH, shell("3 12:00"), as_of=day) for day in ("6", "7")]

    assert [one.tri for one in found] == [NOT, SURE]
    assert found[1].when == Interval.at(at("7") - TICK)
    assert "2031-03-03: not quiet" in said(found[0].ground)
    assert found[0].ground.says == "2 quiet days in a row up to now; 3 wanted"


@pytest.mark.parametrize(
    ("when", "tri"),
    [
        (at("2") - TICK, SURE),
        (at("2"), NOT),
        (at("5") - TICK, NOT),
        (at("5"), SURE),
        ((at("2") - TICK, at("2")), DOUBT),
        ((at("5") - TICK, at("5")), DOUBT),
    ],
)
def test_an_act_breaks_the_civil_day_on_which_it_happened(when: int | tuple[int, int], tri: Tri) -> None:
    assert quiet(ALL_MONTH, shell(when), as_of="5").tri is tri


def test_an_alleged_act_leaves_its_day_in_doubt() -> None:
    found = quiet(ALL_MONTH, shell("3 12:00", occurred=Proof.ALLEGED), as_of="6")

    assert (found.tri, found.when) == (DOUBT, between(at("5") - TICK, "6"))
    assert "2031-03-03: possibly not quiet" in said(found.ground)
    assert found.ground.says == "2 to 4 quiet days in a row up to now; 3 wanted"


def test_an_alleged_act_is_read_at_corroborated_whoever_asks() -> None:
    alleged = shell("3 12:00", occurred=Proof.ALLEGED)

    assert quiet(ALL_MONTH, alleged, proof=Proof.ALLEGED).tri is DOUBT
    assert quiet(ALL_MONTH, shell("3 12:00"), as_of="5", proof=Proof.VERIFIED).tri is NOT
    assert quiet(ALL_MONTH, proof=Proof.VERIFIED).tri is SURE


def test_a_day_that_nobody_watched_throughout_is_neither_quiet_nor_loud() -> None:
    watches = [watch("w", at("1"), at("3") - TICK), watch("v", at("3") + TICK, at("31"))]

    found = quiet(*watches)
    enough = quiet(*watches, watched={"at_least": "99%"})

    assert (found.tri, found.when) == (DOUBT, between(at("5") - TICK, "6"))
    assert "2031-03-03: not observed throughout" in said(found.ground)
    assert enough.tri is SURE


def test_quiet_is_certain_later_though_it_may_have_been_so_sooner() -> None:
    found = quiet(watch("w", at("3"), at("31")), as_of="8")

    assert (found.tri, found.when) == (SURE, between(at("5") - TICK, at("6") - TICK))
    assert found.ground.says == "5 to 6 quiet days in a row up to now; 3 wanted, reached"


def test_the_first_day_is_the_first_whole_one() -> None:
    assert quiet(ALL_MONTH, since="2", as_of=at("5") - TICK).tri is SURE
    assert quiet(ALL_MONTH, since=at("2") + TICK, as_of=at("5") - TICK).tri is NOT
    assert quiet(ALL_MONTH, since=at("2") + TICK, as_of=at("6") - TICK).tri is SURE


def test_before_the_count_begins_there_is_none() -> None:
    found = quiet(ALL_MONTH, since="6", as_of=at("6") - TICK)

    assert (found.tri, found.when, found.ground.says) == (DOUBT, None, "no day was watched")
    assert quiet(ALL_MONTH, since="6", as_of="6").tri is NOT


def test_without_a_beginning_the_count_begins_with_the_first_watch() -> None:
    first, second = watch("w", at("3"), at("31")), watch("v", at("4"), at("31"))

    assert quiet(first, second, since="always", as_of=at("6") - TICK).tri is SURE
    assert quiet(first, second, since="always", as_of=at("6") - 2).tri is NOT
    assert quiet(since="always").ground.says == "no day was watched"
    assert quiet(watch("w", "6", "31"), since="always", as_of="6").ground.says.startswith("0 quiet days")
    assert quiet(watch("w", at("6") + TICK, "31"), since="always", as_of="6").ground.says == "no day was watched"


def test_a_watch_for_something_else_begins_no_count_and_the_first_for_what_is_sought_is_named() -> None:
    other = fact("o", "coverage", "1", watch("x", "1", "31").span, detects=("movement",))
    first = watch("w", at("3"), at("31"))

    found = quiet(other, first, since="always", as_of=at("4") - 2)

    assert quiet(other, since="always").ground.says == "no day was watched"
    assert found.ground.says == "0 quiet days in a row up to now; 3 wanted"
    assert found.ground.leaves() == {"w"}


def test_a_watch_without_a_beginning_begins_no_count() -> None:
    endless = fact("w", "coverage", "1", watch("x", "always", "31").span, detects=("attack",))
    spanless = fact("v", "coverage", "1", detects=("attack",))

    assert quiet(endless, spanless, since="always").ground.says == "no day was watched"


def test_the_days_on_which_the_clocks_change_are_whole_days() -> None:
    until = at("31") - HOUR - TICK

    assert quiet(ALL_MONTH, since="28", as_of=until).tri is SURE
    assert quiet(ALL_MONTH, since="28", as_of=until - TICK).tri is NOT


def test_every_kind_of_act_must_be_absent_and_watched_for() -> None:
    both = [{"fact": "attack"}, {"fact": "movement"}]
    watched_for_both = fact("w", "coverage", "1", ALL_MONTH.span, detects=("attack", "movement"))

    def days(*facts: Fact) -> Tri:
        return holds(list(facts), as_of="6", since=at("2"), consecutive_days=3, without=both).tri

    assert days(watched_for_both) is SURE
    assert days(ALL_MONTH) is DOUBT
    assert days(watched_for_both, fact("m", "movement", "4")) is NOT


def test_no_quiet_day_lies_in_the_time_to_come() -> None:
    assert quiet(ALL_MONTH, since="2", as_of="2 12:00").ground.says == "0 quiet days in a row up to now; 3 wanted"
