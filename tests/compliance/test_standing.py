"""Standing and duties: versions, readings, members, keys, and when a duty binds, for one question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
    pattern,
    said,
    stands,
    watch,
)
from trucekeeper.compliance.duty import Duty, commitment_key, with_reading
from trucekeeper.compliance.force import Due
from trucekeeper.compliance.grounds import Ground, Stand
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.standing import Question, standing
from trucekeeper.terms import DAWN, NEVER, Fact, Interval, Label, Lifecycle, Op, Proof, Span, Tri, Verdict
from trucekeeper.terms.moments import DAY

SURE, DOUBT, NOT = Tri.YES, Tri.MAYBE, Tri.NO
CONTRARY, CONSISTENT, OPEN = Verdict.CONTRARY, Verdict.CONSISTENT, Verdict.OPEN
CANNOT_TELL, NOT_IN_FORCE = Verdict.CANNOT_TELL, Verdict.NOT_IN_FORCE
APPROVED = fact("a", "decision", "1", of="approval")
ALWAYS = Span(DAWN, NEVER)


def shell(name: str, when: Any, **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact(name, "shelling", when, **{"by": "north", **more})


def verdicts(rows: tuple[Stand, ...]) -> list[Verdict]:
    return [one.verdict for one in rows]


# ---- the question --------------------------------------------------------------------------------------------------


def test_a_standing_answers_its_question_clause_by_clause_in_the_order_of_the_text() -> None:
    text = agreement(
        clause("z", "prohibit", act={"fact": "attack"}), clause("a", "prohibit", act={"fact": "movement"})
    )
    question = Question(as_of=at("9"), known_at=at("9"))

    found = standing(text, [], question)

    assert [one.clause for one in found.stands] == ["z", "a"]
    assert [one.clause for one in found.of("a")] == ["a"]
    assert [one.clause for one in standing(text, [], question, only="a").stands] == ["a"]
    assert (found.agreement, found.digest, found.question) == ("valoria-2031", text.digest, question)
    assert (question.proof, question.audience) == (Proof.CORROBORATED, None)


def test_only_what_was_known_then_and_to_this_audience_is_read() -> None:
    text = agreement(halt())
    late = shell("s", "4", learned_at=at("6"), label=Label(owner="north"))

    assert verdicts(stands(text, [late], known_at=at("6"))) == [CONTRARY]
    assert verdicts(stands(text, [late], known_at=at("6") - TICK)) == [CANNOT_TELL]
    assert verdicts(stands(text, [late], audience=Audience("south", at("9")))) == [CANNOT_TELL]


def test_the_reasons_say_which_facts_were_redacted() -> None:
    text = agreement(halt())
    facts = [shell("s", "4"), shell("s", "4", rev=2, op=Op.REDACT), shell("t", "5")]

    (row,) = stands(text, facts)

    assert "s was redacted: it counts as possible" in said(row.ground)
    assert not any("t was redacted" in one for one in said(row.ground))
    assert {one.fact: one.answer for one in row.episodes} == {"s": DOUBT, "t": SURE}


# ---- readings ------------------------------------------------------------------------------------------------------

BY_CLOCK = {"reading": "clock", "a": "approval", "b": "2031-03-20T00:00+02:00"}
BY_SCOPE = {"reading": "scope", "wide": {"fact": "attack"}, "narrow": {"fact": "airstrike"}}
READINGS = {
    "clock": {"a": "from approval", "b": "from the 20th", "adopted": "none"},
    "scope": {"wide": "all attacks", "narrow": "from the air", "adopted": "none"},
}


def test_a_clause_is_judged_under_every_reading_that_matters_to_it_in_order() -> None:
    text = agreement(halt(after=BY_CLOCK, act=BY_SCOPE), halt(id="plain"), readings=READINGS, events=APPROVAL)
    facts = [APPROVED, shell("s", "5")]

    rows = stands(text, facts, "25")

    assert [dict(one.reading) for one in rows] == [
        {"clock": "a", "scope": "wide"},
        {"clock": "a", "scope": "narrow"},
        {"clock": "b", "scope": "wide"},
        {"clock": "b", "scope": "narrow"},
    ]
    assert verdicts(rows) == [CONTRARY, CANNOT_TELL, CANNOT_TELL, CANNOT_TELL]
    assert [one.reading for one in stands(text, facts, "25", of="plain")] == [()]


def test_a_reading_is_written_down_in_the_order_of_its_names() -> None:
    (row,) = stands(agreement(halt()))

    assert with_reading(row, {"z": "1", "a": "2"}).reading == (("a", "2"), ("z", "1"))


# ---- versions ------------------------------------------------------------------------------------------------------


def test_a_prohibition_judges_each_act_by_the_text_of_its_own_time() -> None:
    text = agreement(
        halt(act={"fact": "airstrike"}), amendments=[amendment("later", "10", halt(act={"fact": "shelling"}))]
    )

    def both(*facts: Fact, as_of: str | int = "20") -> list[tuple[str, Verdict]]:
        return [(one.version, one.verdict) for one in stands(text, facts, as_of)]

    assert both(shell("s", at("10") - TICK)) == [("", CANNOT_TELL), ("later", CANNOT_TELL)]
    assert both(shell("s", "10")) == [("", CANNOT_TELL), ("later", CONTRARY)]
    assert both(fact("s", "airstrike", at("10") - TICK)) == [("", CONTRARY), ("later", CANNOT_TELL)]
    assert both(fact("s", "airstrike", "10")) == [("", CANNOT_TELL), ("later", CANNOT_TELL)]
    assert both(as_of=at("10") - TICK) == [("", CANNOT_TELL)]
    assert len(both(as_of="10")) == 2


def test_a_prohibition_that_a_decision_added_binds_from_its_effect_on() -> None:
    text = agreement(halt(id="other"), amendments=[amendment("later", "10", halt())])

    assert stands(text, [shell("s", "11")], at("10") - TICK) == ()
    assert verdicts(stands(text, [shell("s", "11")])) == [CONTRARY]
    assert verdicts(stands(text, [shell("s", at("10") - TICK)])) == [CANNOT_TELL]


def test_a_prohibition_that_a_decision_removed_keeps_what_was_before() -> None:
    text = agreement(halt(), halt(id="other"), amendments=[amendment("later", "10", removes=["halt"])])

    assert verdicts(stands(text, [shell("s", at("10") - TICK)])) == [CONTRARY]
    assert verdicts(stands(text, [shell("s", "10")])) == [CANNOT_TELL]


def test_of_two_decisions_effective_at_one_instant_the_later_is_the_text() -> None:
    first = amendment("first", "10", halt(act={"fact": "movement"}))
    second = amendment("second", "10", halt(act={"fact": "shelling"}))
    text = agreement(halt(act={"fact": "airstrike"}), amendments=[first, second])

    assert [one.version for one in stands(text)] == ["", "second"]


def test_a_text_may_be_in_force_for_one_microsecond() -> None:
    first = amendment("first", "10", halt(act={"fact": "movement"}))
    second = amendment("second", "10", halt(act={"fact": "shelling"}), effective="2031-03-10T00:00:00.000001+02:00")
    text = agreement(halt(act={"fact": "airstrike"}), amendments=[first, second])

    rows = stands(text, [fact("m", "movement", "10"), fact("n", "movement", at("10") + TICK)])

    assert [(one.version, [each.fact for each in one.episodes]) for one in rows] == [
        ("", []),
        ("first", ["m"]),
        ("second", []),
    ]


def test_versions_follow_each_other_as_they_become_effective() -> None:
    first = amendment("first", "10", halt(act={"fact": "movement"}), effective="2031-03-20T00:00+02:00")
    second = amendment("second", "12", halt(act={"fact": "shelling"}))
    text = agreement(halt(act={"fact": "airstrike"}), amendments=[first, second])
    facts = [shell("s", "15"), fact("m", "movement", "21")]

    assert [(one.version, one.verdict) for one in stands(text, facts)] == [
        ("", CANNOT_TELL),
        ("second", CONTRARY),
        ("first", CONTRARY),
    ]


# duties with one deadline


def out(within: str = "96h", **more: object) -> dict[str, Any]:
    return clause(
        "out", "achieve", by="north", after="approval", within=within, shown_by={"fact": "movement"}, **more
    )


WATCHED = watch("w", at("1") - DAY, at("31"), detects=("movement",))
MOVED = fact("m", "movement", "12")


def changed(effect: str, *changes: dict[str, Any], effective: str = "10", **more: object) -> Any:  # noqa: ANN401
    later = amendment("later", effective, *changes, effect_on_past=effect, **more)
    return agreement(out(), halt(), events=APPROVAL, amendments=[later])


LONGER = out("400h")  # to the 17th, 16:00


def outs(text: Any, *facts: Fact, as_of: str | int = "11") -> list[tuple[str, Verdict, Lifecycle]]:  # noqa: ANN401
    rows = stands(text, [APPROVED, WATCHED, *facts], as_of, of="out")
    return [(one.version, one.verdict, one.lifecycle) for one in rows]


def test_a_missed_deadline_is_kept_where_the_decision_preserves_it() -> None:
    assert outs(changed("preserved", LONGER)) == [
        ("", CONTRARY, Lifecycle.UNMET),
        ("later", OPEN, Lifecycle.IN_EFFECT),
    ]
    assert outs(changed("preserved", LONGER), MOVED, as_of="13") == [
        ("", CONTRARY, Lifecycle.MET_LATE),
        ("later", CONSISTENT, Lifecycle.MET),
    ]


def test_a_missed_deadline_is_made_good_where_the_decision_cures_it() -> None:
    assert outs(changed("cured", LONGER)) == [("later", OPEN, Lifecycle.CURED)]
    assert outs(changed("cured", LONGER), MOVED, as_of="13") == [("later", CONSISTENT, Lifecycle.CURED)]
    assert outs(changed("cured", LONGER), as_of="20") == [("later", CONTRARY, Lifecycle.UNMET)]


def test_a_missed_deadline_is_shown_both_ways_where_the_decision_is_silent() -> None:
    rows = stands(changed("unstated", LONGER), [APPROVED, WATCHED], "11", of="out")

    assert [(dict(one.reading), one.version, one.lifecycle) for one in rows] == [
        ({"effect of later on the past": "preserved"}, "", Lifecycle.UNMET),
        ({"effect of later on the past": "preserved"}, "later", Lifecycle.IN_EFFECT),
        ({"effect of later on the past": "cured"}, "later", Lifecycle.CURED),
    ]


def test_a_deadline_that_was_met_or_still_ran_passes_to_the_later_text_alone() -> None:
    in_time = fact("m", "movement", "4")

    assert outs(changed("preserved", LONGER), in_time) == [("later", CONSISTENT, Lifecycle.MET)]
    assert outs(changed("unstated", LONGER), in_time) == [("later", CONSISTENT, Lifecycle.MET)]
    assert outs(changed("unstated", LONGER, effective="4")) == [("later", OPEN, Lifecycle.IN_EFFECT)]


def test_a_deadline_at_the_very_instant_of_the_change_had_not_passed() -> None:
    at_the_deadline = amendment("later", "5", LONGER, effect_on_past="preserved")
    just_after = {**at_the_deadline, "effective": "2031-03-05T00:00:00.000001+02:00"}

    versions = [
        [one[0] for one in outs(agreement(out(), halt(), events=APPROVAL, amendments=[one]))]
        for one in (at_the_deadline, just_after)
    ]

    assert versions == [["later"], ["", "later"]]


def test_a_duty_that_a_decision_removed_before_its_deadline_is_no_longer_in_force() -> None:
    gone = changed("preserved", removes=["out"], effective="4")
    late = changed("preserved", removes=["out"])
    cured = changed("cured", removes=["out"])

    assert outs(gone) == [("", NOT_IN_FORCE, Lifecycle.LAPSED)]
    assert outs(late) == [("", CONTRARY, Lifecycle.UNMET)]
    assert outs(cured) == [("", NOT_IN_FORCE, Lifecycle.CURED)]
    assert outs(late, fact("m", "movement", "4")) == [("", CONSISTENT, Lifecycle.MET)]


def test_a_duty_removed_and_given_again_is_judged_by_what_was_given_last() -> None:
    first = amendment("first", "4", removes=["out"], effect_on_past="preserved")
    second = amendment("second", "8", LONGER, effect_on_past="preserved")
    text = agreement(out(), halt(), events=APPROVAL, amendments=[first, second])

    assert outs(text) == [("second", OPEN, Lifecycle.IN_EFFECT)]


def test_a_duty_of_two_units_removed_keeps_what_was_missed_and_drops_the_rest() -> None:
    each = {"unit": {"of": "north"}}
    removed = amendment("later", "10", removes=["out"], effect_on_past="preserved")
    text = agreement(out(each=each), halt(), events=APPROVAL, amendments=[removed])
    facts = [APPROVED, WATCHED, fact("m", "movement", "4", unit="n1")]

    rows = stands(text, facts, "11", of="out")

    assert sorted((dict(one.binding)["unit"], one.verdict) for one in rows) == [
        ("n1", CONSISTENT),
        ("n2", CONTRARY),
    ]
    assert len({one.key for one in rows}) == 2


# ---- members -------------------------------------------------------------------------------------------------------


def listed(members: object, **more: object) -> Any:  # noqa: ANN401  an agreement
    names = clause("places", "define", list=members)
    inside = halt(each={"area": "places"}, act={"fact": "attack", "in": "area"}, **more)
    return agreement(names, inside, events=APPROVAL)


def areas(text: Any, *facts: Fact, as_of: str | int = "20") -> list[tuple[str, Verdict]]:  # noqa: ANN401  as above
    return [(dict(one.binding).get("area", ""), one.verdict) for one in stands(text, facts, as_of)]


def test_each_member_of_each_set_has_a_commitment_of_its_own() -> None:
    text = agreement(halt(by=["north", "south"], each={"unit": {"of": "north"}, "area": ["valley", "harbour"]}))

    found = [(one.by, one.binding) for one in stands(text)]

    assert len(found) == 8
    assert found[0] == ("north", (("unit", "n1"), ("area", "valley")))
    assert found[7] == ("south", (("unit", "n2"), ("area", "harbour")))


def test_a_named_list_gives_its_members() -> None:
    assert areas(listed(["valley", "harbour"]), shell("s", "5", zone="valley")) == [
        ("valley", CONTRARY),
        ("harbour", CANNOT_TELL),
    ]


@pytest.mark.parametrize("declared", [False, True])
def test_a_set_without_members_is_never_kept_by_having_none(declared: bool) -> None:  # noqa: FBT001
    members: object = {"declared_by": {"fact": "list-entry"}, "field": "code"} if declared else "unstated"

    (row,) = stands(listed(members), [watch("w", "1", "31")], "20")

    assert (row.verdict, row.lifecycle, row.binding, row.due) == (CANNOT_TELL, Lifecycle.IN_EFFECT, (), None)
    assert row.ground.says == "the set of each area is empty or undeclared"


def test_a_set_without_members_is_not_in_force_before_it_binds() -> None:
    (row,) = stands(listed("unstated", after="approval"), as_of="20")

    assert (row.verdict, row.lifecycle) == (NOT_IN_FORCE, Lifecycle.DORMANT)


def test_a_duty_for_which_nobody_was_declared_keeps_its_deadline() -> None:
    text = agreement(clause("units", "define", list="unstated"), out(each={"unit": "units"}), halt(), events=APPROVAL)

    (row,) = stands(text, [APPROVED], of="out")

    assert (row.verdict, row.due) == (CANNOT_TELL, between("5", "5"))


def entry(name: str, code: object, **more: Any) -> Fact:  # noqa: ANN401  the rest of a fact
    return fact(name, "list-entry", "2", **{"of": "places", "code": code, **more})


DECLARED = listed({"declared_by": {"fact": "list-entry"}, "field": "code"})


def test_a_set_has_the_members_that_facts_declare() -> None:
    facts = [entry("e", "valley"), entry("f", ("harbour", "orchards")), entry("g", "x", of="other"), entry("h", 3)]

    assert [area for area, _ in areas(DECLARED, *facts)] == ["harbour", "orchards", "valley"]
    assert areas(DECLARED, *facts, as_of="1") == [("", CANNOT_TELL)]


def test_of_a_member_that_may_be_none_nobody_can_tell() -> None:
    alleged = entry("e", "valley", occurred=Proof.ALLEGED)
    act = shell("s", "5", zone="valley")

    assert areas(DECLARED, alleged, act) == [("valley", CANNOT_TELL)]
    for facts in (
        [alleged, entry("f", "valley")],
        [entry("e", "valley"), entry("f", "valley", occurred=Proof.ALLEGED)],
    ):
        assert areas(DECLARED, *facts, act) == [("valley", CONTRARY)]
    (row,) = stands(DECLARED, [alleged, act])
    assert "not certainly one of those for whom it was promised" in said(row.ground)


def test_a_list_is_the_one_of_the_text_now_in_force() -> None:
    later = amendment("later", "10", clause("places", "define", list=["harbour"]))
    names = clause("places", "define", list=["valley"])
    inside = halt(each={"area": "places"}, act={"fact": "attack", "in": "area"})
    text = agreement(names, inside, amendments=[later])

    assert [area for area, _ in areas(text, as_of=at("10") - TICK)] == ["valley"]
    assert [area for area, _ in areas(text, as_of="10")] == ["harbour"]


@pytest.mark.parametrize("founding", [(), (clause("places", "define", term="the places of the list"),)])
def test_a_list_that_no_text_has_yet_has_no_members(founding: tuple[dict[str, Any], ...]) -> None:
    inside = halt(each={"area": "places"}, act={"fact": "attack", "in": "area"})
    later = amendment("later", "10", clause("places", "define", list=["harbour"]))
    text = agreement(*founding, inside, amendments=[later])

    assert areas(text, as_of=at("10") - TICK) == [("", CANNOT_TELL)]
    assert [area for area, _ in areas(text, as_of="10")] == ["harbour"]


# ---- clauses that bear no verdict, or none that can be computed ----------------------------------------------------


def test_a_definition_stands_nowhere() -> None:
    assert stands(listed(["valley"]), of="places") == ()


def test_a_clause_that_cannot_be_computed_says_so_once_it_binds() -> None:
    text = agreement(
        clause("spirit", "prohibit", by="north", after="approval", text_only="no fact shows it"),
        halt(),
        events=APPROVAL,
    )

    (before,), (after,) = stands(text, of="spirit"), stands(text, [APPROVED], of="spirit")

    assert (before.verdict, before.lifecycle) == (NOT_IN_FORCE, Lifecycle.DORMANT)
    assert (after.verdict, after.lifecycle) == (CANNOT_TELL, Lifecycle.IN_EFFECT)
    assert after.ground.says == "not computable: no fact shows it"


# ---- who is bound --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "actor", "verdict"),
    [
        ("north", "north", CONTRARY),
        ("north", "south", CANNOT_TELL),
        ("anyone", "outsider", CONTRARY),
        ("unstated", "south", CONTRARY),
        ({"anyone_except": ["guarantor"]}, "north", CONTRARY),
        ({"anyone_except": ["guarantor"]}, "guarantor", CANNOT_TELL),
        ("outsider", "outsider", CONTRARY),
    ],
)
def test_a_clause_binds_those_it_names(by: object, actor: str, verdict: Verdict) -> None:
    assert verdicts(stands(agreement(halt(by=by)), [shell("s", "5", by=actor)])) == [verdict]


def test_everybody_but_some_is_one_party_bound() -> None:
    (row,) = stands(agreement(halt(by={"anyone_except": ["guarantor", "commission"]})))

    assert row.by == "anyone except guarantor, commission"


@pytest.mark.parametrize(
    ("by", "status_only"),
    [("north", False), ("outsider", True), ("guarantor", False), ("anyone", False)],
)
def test_who_signed_nothing_broke_nothing(by: str, status_only: bool) -> None:  # noqa: FBT001  what is expected
    (row,) = stands(agreement(halt(by=by)))

    assert row.status_only is status_only


# ---- keys ----------------------------------------------------------------------------------------------------------


def test_the_key_of_a_commitment_never_changes() -> None:
    assert commitment_key("halt", (("by", "north"),), "") == "ee25bb9a2d40"
    assert stands(agreement(halt(by="north")))[0].key == commitment_key("halt", (("by", "north"),), "")


def test_a_key_names_clause_binding_and_occurrence_and_no_order_of_them() -> None:
    keys = {
        commitment_key("halt", (), ""),
        commitment_key("out", (), ""),
        commitment_key("halt", (("unit", "n1"),), ""),
        commitment_key("halt", (("unit", "n2"),), ""),
        commitment_key("halt", (), "f1"),
    }

    assert len(keys) == 5
    assert commitment_key("a", (("x", "1"), ("y", "2")), "") == commitment_key("a", (("y", "2"), ("x", "1")), "")
    assert all(len(key) == 12 for key in keys)


def test_a_key_is_the_same_whatever_is_known_and_asked() -> None:
    text = agreement(halt(by="north"), amendments=[amendment("later", "10", halt(by="north", note="changed"))])

    keys = {one.key for as_of in ("5", "20") for one in stands(text, [shell("s", "4")], as_of, proof=Proof.ALLEGED)}

    assert keys == {commitment_key("halt", (("by", "north"),), "")}


# ---- when a duty binds ---------------------------------------------------------------------------------------------


def duty(
    *facts: Fact,
    as_of: str | int = "9",
    window: Span = ALWAYS,
    declared: Tri = SURE,
    by: str = "north",
    **more: object,
) -> Duty[Any]:
    suspend = clause("may-suspend", "power", by="south", may="suspend", of="halt", stops_clock=True)
    text = agreement(halt(**{"by": "north", "after": "approval", **more}), suspend, events=APPROVAL)
    wording = text.clauses["halt"].latest()
    return Duty(asked(text, facts, as_of), wording, by, (), window, "", declared)


def test_a_duty_that_certainly_does_not_bind_is_not_in_force() -> None:
    due = Due(between("12", "12"), Ground("due some day"))

    row, bare = duty().not_bound(due, "x"), duty().not_bound()

    assert row is not None
    assert bare is not None
    assert (row.verdict, row.lifecycle, row.due, row.occurrence) == (
        NOT_IN_FORCE,
        Lifecycle.DORMANT,
        between("12", "12"),
        "x",
    )
    assert "due some day" in said(row.ground)
    assert (bare.due, bare.waits_for) == (None, ("approval",))
    assert duty(APPROVED).not_bound(due) is None
    assert duty(fact("a", "decision", "1", of="approval", occurred=Proof.ALLEGED)).not_bound() is None


SUSPENDED = fact("s", "suspension", "4", during("4", "8"), by="south", of="halt")
ACCEPTED = fact("y", "declaration", "4", by="north", of="s", finding="accepted")


def test_a_duty_is_suspended_while_a_suspension_runs_and_not_after_it() -> None:
    def stand(as_of: str | int) -> Stand | None:
        return duty(APPROVED, SUSPENDED, ACCEPTED, as_of=as_of).not_bound()

    found = stand(at("8") - TICK)

    assert found is not None
    assert (found.verdict, found.lifecycle) == (NOT_IN_FORCE, Lifecycle.SUSPENDED)
    assert stand("8") is None
    assert stand(at("4") - TICK) is None


def test_a_duty_that_may_be_suspended_may_bind() -> None:
    unsure = replace(SUSPENDED, when=between("4", "6"))

    assert duty(APPROVED, unsure, ACCEPTED, as_of="6").not_bound() is not None
    assert duty(APPROVED, unsure, replace(ACCEPTED, when=between("5", "5")), as_of="5").not_bound() is None


WHILE: dict[str, Any] = {"while": {"happened": {"fact": "access"}, "within": "48h"}}


def test_a_duty_binds_while_its_condition_holds() -> None:
    access = fact("x", "access", "5")

    def held(*facts: Fact, as_of: str | int) -> tuple[Tri, bool]:
        found = duty(APPROVED, *facts, as_of=as_of, **WHILE)
        return found.begun, found.not_bound() is None

    assert held(access, as_of="7") == (SURE, True)
    assert held(access, as_of=at("7") + TICK) == (NOT, False)
    assert held(replace(access, occurred=Proof.ALLEGED), as_of="7") == (DOUBT, True)
    assert held(as_of="7") == (NOT, False)
    assert (duty(APPROVED).begun, duty(APPROVED).held) == (SURE, None)
    stand = duty(APPROVED, **WHILE).not_bound()
    assert stand is not None
    assert (stand.lifecycle, stand.ground.of[-1].says) == (Lifecycle.SUSPENDED, "no access on record")


def test_whether_the_condition_held_is_asked_for_when_something_happened() -> None:
    access = fact("x", "access", "5")

    def then(*when: str | int) -> Tri:
        return duty(APPROVED, access, as_of="9", **WHILE).held_then(between(when[0], when[-1])).tri

    assert [then("5"), then("7"), then(at("7") + TICK), then(at("5") - TICK)] == [SURE, SURE, NOT, NOT]
    assert [then("6", "8"), then("6", "7"), then("8", "9")] == [DOUBT, SURE, NOT]
    assert duty(APPROVED).held_then(between("5", "5")).tri is SURE


def test_a_condition_is_not_asked_for_in_the_time_to_come() -> None:
    access = fact("x", "access", "5")

    assert duty(APPROVED, access, as_of="6", **WHILE).held_then(between("5", "30")).tri is SURE


def test_a_member_that_may_be_none_may_be_bound() -> None:
    assert duty(APPROVED, declared=DOUBT).begun is DOUBT
    assert duty(APPROVED, declared=SURE).begun is SURE
    assert duty(declared=DOUBT).begun is NOT


def test_who_is_bound_is_everybody_where_the_text_says_so_or_is_silent() -> None:
    assert [duty(by=by).bound for by in ("north", "anyone", "unstated")] == [("north",), None, None]
    everybody_else = duty(by="x").bound
    assert everybody_else == ("x",)


def test_ours_means_those_bound_unless_the_pattern_says_who() -> None:
    found = duty(APPROVED, shell("n", "5"), shell("s", "6", by="south"))

    assert [one.fact.id for one in found.find(pattern("attack"), ours=True)] == ["n"]
    assert [one.fact.id for one in found.find(pattern("attack"), ours=False)] == ["n", "s"]
    assert [one.fact.id for one in found.find(pattern("attack", by="south"), ours=True)] == ["s"]
    assert (found.meant(ours=True).by, found.meant(ours=False).by) == (("north",), None)


@pytest.mark.parametrize(
    ("due", "gone"),
    [
        (None, SURE),
        (between("6", "6"), NOT),
        (Interval.at(at("6") + TICK), SURE),
        (Interval(at("6"), at("6") + TICK), DOUBT),
        (between("5", "6"), NOT),
    ],
)
def test_a_duty_that_ended_before_it_was_due_is_gone(due: Interval | None, gone: Tri) -> None:
    assert duty(APPROVED, until="2031-03-06T00:00+02:00").gone(due) is gone


def test_a_duty_that_has_not_ended_is_not_gone() -> None:
    assert duty(APPROVED, until="2031-03-09T00:00+02:00").gone(between("12", "12")) is NOT
    assert duty(APPROVED, until="2031-03-09T00:00+02:00").gone(None) is NOT
    assert duty(APPROVED).over() is Lifecycle.LAPSED


def test_a_duty_whose_end_is_uncertain_may_be_gone() -> None:
    lasting: dict[str, Any] = {"for": "72h"}
    unsure = fact("a", "decision", ("1", "3"), of="approval")

    assert duty(unsure, as_of="5", **lasting).gone(None) is DOUBT
    assert duty(unsure, as_of="9", **lasting).gone(between("5", "5")) is DOUBT
    assert duty(unsure, as_of="9", **lasting).gone(between("4", "4")) is NOT


def test_a_deadline_bites_if_it_certainly_passed_while_the_duty_bound() -> None:
    def bites(*when: str | int, as_of: str | int = "9") -> bool:
        due = Due(between(when[0], when[-1]) if when else None, Ground("due"))
        return duty(APPROVED, SUSPENDED, ACCEPTED, as_of=as_of).bit(due)

    assert bites("3")
    assert not bites("3", as_of="3")
    assert bites("3", as_of=at("3") + TICK)
    assert not bites("5")
    assert not bites("3", "5")
    assert not bites()
    assert not bites(at("1") - TICK)


# ---- what a stand rests on -----------------------------------------------------------------------------------------


def test_a_member_that_facts_declared_names_the_facts_that_declared_it() -> None:
    names = clause("people", "define", list={"declared_by": {"fact": "list-entry"}, "field": "code"})
    text = agreement(halt(each={"code": "people"}), names)
    entries = [
        fact("first", "list-entry", "1", of="people", code="r1"),
        fact("again", "list-entry", "2", of="people", code="r1"),
        fact("other", "list-entry", "2", of="people", code="r2"),
    ]

    rows = {dict(row.binding)["code"]: row.ground.leaves() for row in stands(text, entries, "9")}

    assert rows == {"r1": {"first", "again"}, "r2": {"other"}}


def test_a_set_without_members_names_what_its_deadline_hangs_on() -> None:
    names = clause("people", "define", list={"declared_by": {"fact": "list-entry"}, "field": "code"})
    leave = clause("leave", "achieve", shown_by={"fact": "movement"}, deadline="24h after approval")
    text = agreement({**leave, "each": {"code": "people"}}, names, events=APPROVAL)

    (row,) = stands(text, [APPROVED], "9", of="leave")

    assert row.ground.leaves() == {"a"}


def test_what_met_a_duty_to_begin_that_a_decision_removed_is_named_still() -> None:
    begun = {"within": "24h", "shown_by": {"fact": "order"}}
    no_start = {"id": "out", "start": None}
    removed = amendment("later", "10", no_start, effect_on_past="cured")
    text = agreement(out(start=begun), halt(), events=APPROVAL, amendments=[removed])
    order = fact("o", "order", "1 12:00", by="north", of="out")

    (row,) = stands(text, [APPROVED, WATCHED, order, fact("m", "movement", "3")], "11", of="out")

    assert row.ground.leaves() >= {"a", "o", "m"}
    assert "as it stood when later took effect: nothing missed" in said(row.ground)


def test_a_ruling_on_a_term_that_needs_judgement_is_named() -> None:
    text = agreement(halt(act={"fact": "attack", "judgement": "offensive"}))
    ruling = fact("r", "determination", "3", by="commission", of="s", term="offensive", finding="yes")

    (row,) = stands(text, [shell("s", "2"), ruling], "9")

    assert row.verdict is CONTRARY
    assert row.ground.leaves() == {"s", "r"}
    assert "s: whether it is offensive was determined by commission: yes" in said(row.ground)
