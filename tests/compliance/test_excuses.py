"""Pleas and exceptions: what excuses, shown or established by whom, in which time and at which proof."""

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
    during,
    fact,
    halt,
    stands,
)
from trucekeeper.compliance.excuses import Deed, Excused, excused
from trucekeeper.terms import Fact, Interval, Lifecycle, Op, Proof, Tri, Verdict

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Stand

SURE, DOUBT, NOT = Tri.YES, Tri.MAYBE, Tri.NO
ACT = fact("act", "shelling", "10 12:00", by="north", unit="n1", against="south")


def excuse(
    said: object,
    *facts: Fact,
    act: Fact | None = ACT,
    as_of: str | int = "20",
    more: tuple[dict[str, Any], ...] = (),
    proof: Proof = Proof.CORROBORATED,
    when: Interval | None = None,
    period: Interval | None = None,
) -> Excused:
    text = agreement(halt(by=["north", "south"], excuse=said), *more)
    shown = [*facts, *([act] if act is not None else [])]
    inquiry = asked(text, shown, as_of, proof)
    moment = when or (between("10 12:00", "10 12:00") if act is None else act.when)
    by = "north" if act is None or act.by is None else act.by
    deed = Deed(text.clauses["halt"].latest(), by, (), moment, act, period)
    return excused(inquiry, deed)


def test_without_an_excuse_nothing_is_excused() -> None:
    assert excuse([]) == Excused(NOT, (), ())


# ---- excuses that facts show ---------------------------------------------------------------------------------------

PERMIT = {"shown": {"fact": "permit"}}


def permit(when: Any = "9", **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact("p", "permit", when, **{"of": "act", **more})


def test_an_act_with_a_permit_is_excused() -> None:
    found = excuse(PERMIT, permit())

    assert found.tri is SURE
    assert [(one.says, one.facts) for one in found.grounds] == [("excuse 'permit': shown", ("p",))]
    assert [(one.sort, one.says, one.facts) for one in found.beside] == [("plea", "permit: shown", ("p",))]


def test_an_excuse_that_nothing_shows_is_not_printed_beside() -> None:
    found = excuse({**PERMIT, "plea": "permitted", "cite": "art. 7"})

    assert (found.tri, found.beside) == (NOT, ())
    assert [(one.says, one.cite) for one in found.grounds] == [("excuse 'permitted': not shown", "art. 7")]


@pytest.mark.parametrize(
    ("burden", "tri"),
    [("pleader", NOT), ("accuser", DOUBT)],
)
def test_who_bears_the_burden_decides_what_a_possible_permit_is_worth(burden: str, tri: Tri) -> None:
    found = excuse({**PERMIT, "burden": burden}, permit(occurred=Proof.ALLEGED))

    assert found.tri is tri
    assert found.grounds[0].answer is DOUBT
    assert [one.says for one in found.beside] == ["permit: possible, not shown"]


def test_a_certain_excuse_counts_whoever_bears_the_burden() -> None:
    assert [excuse({**PERMIT, "burden": one}, permit()).tri for one in ("pleader", "accuser")] == [SURE, SURE]


@pytest.mark.parametrize(
    ("when", "tri"),
    [
        (at("9 12:00") - TICK, NOT),
        (at("9 12:00"), SURE),
        (at("10 12:00"), SURE),
        (at("10 12:00") + TICK, NOT),
        ((at("9 12:00") - TICK, at("9 12:00")), DOUBT),
        ((at("10 12:00"), at("10 12:00") + TICK), DOUBT),
    ],
)
def test_a_permit_excuses_if_it_came_in_the_closed_time_before_the_act(when: int | tuple[int, int], tri: Tri) -> None:
    assert excuse({**PERMIT, "within": "24h", "burden": "accuser"}, permit(when)).tri is tri


def test_a_permit_of_long_ago_excuses_where_no_length_is_given() -> None:
    assert excuse(PERMIT, permit(at("1"))).tri is SURE
    assert excuse(PERMIT, permit(at("10 12:00") + TICK)).tri is NOT


def test_a_permit_for_something_else_excuses_nothing() -> None:
    assert excuse(PERMIT, permit(of="halt")).tri is SURE
    assert excuse(PERMIT, permit(of="another-act")).tri is NOT


def test_a_permit_of_which_the_text_asks_more_must_still_be_for_the_act() -> None:
    said = {"shown": {"fact": "permit", "finding": "granted"}}

    assert excuse(said, permit(finding="granted")).tri is SURE
    assert excuse(said, permit(finding="granted", of="another-act")).tri is NOT


def test_a_permit_may_be_for_what_the_text_names() -> None:
    named = {"shown": {"fact": "permit", "of": "patrol"}}

    assert excuse(named, permit(of="patrol")).tri is SURE
    assert excuse(named, permit()).tri is NOT


@pytest.mark.parametrize(("unit", "tri"), [("n1", SURE), ("n2", NOT), (None, DOUBT)])
def test_a_permit_for_the_same_unit_need_not_name_the_act(unit: str | None, tri: Tri) -> None:
    same = {"shown": {"fact": "permit", "same": ["unit"]}, "burden": "accuser"}
    fields: dict[str, Any] = {"unit": unit} if unit else {}
    shown = fact("p", "permit", "9", **fields)

    assert excuse(same, shown).tri is tri


def test_what_must_be_the_same_is_not_asked_of_a_failure() -> None:
    same = {"shown": {"fact": "permit", "same": ["unit"]}}

    assert excuse(same, fact("p", "permit", "9", unit="n2"), act=None).tri is SURE


def test_an_event_that_excuses_need_not_name_the_act() -> None:
    provoked = {"shown": {"fact": "attack", "by": "south"}, "within": "1h"}

    assert excuse(provoked, fact("q", "gunfire", "10 11:00", by="south")).tri is SURE
    assert excuse(provoked, fact("q", "gunfire", at("10 11:00") - TICK, by="south")).tri is NOT


def test_of_several_permits_the_best_counts_and_all_that_may_count_are_named() -> None:
    found = excuse(
        PERMIT, permit(), fact("q", "permit", "9", of="act", occurred=Proof.ALLEGED), fact("r", "permit", "9", of="x")
    )

    assert (found.tri, found.grounds[0].facts) == (SURE, ("p", "q"))


def test_the_one_nested_exception_takes_an_excuse_away() -> None:
    unless = {**PERMIT, "unless": {"fact": "order", "finding": "revoked"}, "burden": "accuser"}

    def revoked(**more: Any) -> Fact:  # noqa: ANN401  the rest of a fact
        return fact("o", "order", "9 18:00", of="act", finding="revoked", **more)

    assert excuse(unless, permit()).tri is SURE
    assert excuse(unless, permit(), revoked()).tri is NOT
    assert excuse(unless, permit(), revoked(occurred=Proof.ALLEGED)).tri is DOUBT
    assert excuse(unless, permit(), revoked()).grounds[0].facts == ("p", "o")


def test_an_excuse_may_hang_on_a_condition_at_the_time_of_the_act() -> None:
    said = {**PERMIT, "if": {"happened": {"fact": "access"}}, "burden": "accuser"}

    assert excuse(said, permit()).tri is NOT
    assert excuse(said, permit(), fact("x", "access", "10 12:00")).tri is SURE
    assert excuse(said, permit(), fact("x", "access", at("10 12:00") + TICK)).tri is NOT
    assert excuse(said, permit(), fact("x", "access", "10", occurred=Proof.ALLEGED)).tri is DOUBT


def test_a_condition_is_asked_at_the_earliest_time_of_the_act() -> None:
    said = {**PERMIT, "if": {"happened": {"fact": "access"}}}
    act = fact("act", "shelling", ("10", "11"), by="north")

    assert excuse(said, permit("9"), fact("x", "access", "10 12:00"), act=act).tri is NOT


def test_of_two_excuses_one_is_enough() -> None:
    found = excuse([PERMIT, {"plea": "self-defence"}], permit())

    assert (found.tri, len(found.grounds)) == (SURE, 1)


# ---- for whom ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "tri"),
    [("north", SURE), ("n1", SURE), ("south", NOT), ("band", NOT), (None, SURE)],
)
def test_an_excuse_is_for_those_to_whom_the_text_gives_it(by: str | None, tri: Tri) -> None:
    act = fact("act", "shelling", "10 12:00", by=by)

    assert excuse({**PERMIT, "available_to": "north"}, permit(), act=act).tri is tri


def test_a_disputed_affiliate_of_a_party_may_use_its_excuse() -> None:
    act = fact("act", "shelling", "10 12:00", by="band")

    assert excuse({**PERMIT, "available_to": "south"}, permit(), act=act).tri is SURE


def test_an_excuse_for_one_party_excuses_no_failure_of_the_other() -> None:
    assert excuse({**PERMIT, "available_to": "north"}, permit(of="halt"), act=None).tri is SURE
    assert excuse({**PERMIT, "available_to": "south"}, permit(of="halt"), act=None).tri is NOT


# ---- pleas ---------------------------------------------------------------------------------------------------------

PLEA = {"plea": "self-defence", "cite": "art. 7"}


def pleaded(when: Any = "11", **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact("plea", "plea", when, **{"of": "act", "plea": "self-defence", "by": "north", **more})


def ruled(name: str = "r", when: Any = "12", **more: Any) -> Fact:  # noqa: ANN401  as above
    said = {"of": "act", "plea": "self-defence", "by": "commission", "finding": "established"}
    return fact(name, "determination", when, **{**said, **more})


def test_a_plea_that_nobody_raised_is_not_mentioned() -> None:
    assert excuse(PLEA) == Excused(NOT, (), ())


def test_a_plea_that_was_only_raised_stands_beside_and_excuses_nothing() -> None:
    found = excuse(PLEA, pleaded())

    assert found.tri is NOT
    assert [(one.sort, one.says, one.facts) for one in found.beside] == [
        ("plea", "self-defence: raised, unproven", ("plea",))
    ]
    assert [(one.says, one.cite) for one in found.grounds] == [("plea 'self-defence': raised, unproven", "art. 7")]


@pytest.mark.parametrize(
    ("finding", "tri", "word"),
    [
        ("established", SURE, "established"),
        ("rejected", NOT, "rejected"),
        ("adjourned", NOT, "raised, unproven"),
    ],
)
def test_a_plea_excuses_once_it_is_found_established(finding: str, tri: Tri, word: str) -> None:
    found = excuse(PLEA, pleaded(), ruled(finding=finding))

    assert (found.tri, found.beside[0].says) == (tri, f"self-defence: {word}")
    assert found.beside[0].facts == ("plea", "r")


def test_a_plea_may_be_established_though_nobody_raised_it() -> None:
    assert excuse(PLEA, ruled()).tri is SURE


def test_the_latest_ruling_on_a_plea_counts() -> None:
    assert excuse(PLEA, ruled(), ruled("q", "13", finding="rejected")).tri is NOT
    assert excuse(PLEA, ruled(finding="rejected"), ruled("q", "13")).tri is SURE


@pytest.mark.parametrize("level", [Proof.ALLEGED, Proof.CORROBORATED, Proof.VERIFIED])
@pytest.mark.parametrize("proof", [Proof.REFUTED, Proof.ALLEGED, Proof.CORROBORATED, Proof.VERIFIED])
def test_a_plea_is_established_at_the_level_that_the_clause_asks(level: Proof, proof: Proof) -> None:
    found = excuse({**PLEA, "established_at": level.word}, ruled(occurred=proof))

    assert (found.tri is SURE) is (proof >= level)


def test_a_plea_is_established_at_corroborated_where_the_clause_does_not_say() -> None:
    assert excuse(PLEA, ruled(), proof=Proof.VERIFIED).tri is SURE
    assert excuse(PLEA, ruled(occurred=Proof.ALLEGED), proof=Proof.ALLEGED).tri is NOT


@pytest.mark.parametrize(
    ("judged_by", "by", "decides"),
    [
        (None, "commission", True),
        (None, "guarantor", True),
        (None, None, True),
        (None, "north", False),
        (None, "s1", False),
        (None, "band", False),
        ("case", "commission", True),
        ("case", "south", False),
        ("unstated", "commission", True),
        ("commission", "commission", True),
        ("commission", "guarantor", False),
        ("commission", None, False),
        ("mechanism", "commission", True),
    ],
)
def test_a_plea_is_judged_by_the_body_that_the_text_names_and_never_by_a_party(
    judged_by: str | None,
    by: str | None,
    decides: bool,  # noqa: FBT001  what is expected
) -> None:
    said = {**PLEA, **({"judged_by": judged_by} if judged_by else {})}

    assert (excuse(said, ruled(by=by)).tri is SURE) is decides


@pytest.mark.parametrize(
    ("judged_by", "by", "who", "decides"),
    [
        ("commission", "commission", Proof.ALLEGED, False),
        ("commission", "commission", Proof.REFUTED, False),
        (None, "commission", Proof.ALLEGED, True),
        (None, "commission", Proof.REFUTED, True),
        (None, "north", Proof.ALLEGED, False),
        (None, "north", Proof.REFUTED, True),
    ],
)
def test_whose_ruling_it_is_must_be_established_where_the_text_names_who_judges(
    judged_by: str | None,
    by: str,
    who: Proof,
    decides: bool,  # noqa: FBT001  what is expected
) -> None:
    said = {**PLEA, **({"judged_by": judged_by} if judged_by else {})}

    assert (excuse(said, ruled(by=by, who=who)).tri is SURE) is decides


def test_a_ruling_of_a_party_is_not_even_mentioned() -> None:
    assert excuse(PLEA, ruled(by="north")) == Excused(NOT, (), ())


@pytest.mark.parametrize(
    "ruling",
    [
        ruled(plea="necessity"),
        ruled(of="another-act"),
        ruled(occurred=Proof.REFUTED),
        ruled(op=Op.REDACT),
        ruled(when=at("20") + TICK),
    ],
)
def test_what_is_no_ruling_on_this_plea_by_now_excuses_nothing(ruling: Fact) -> None:
    assert excuse(PLEA, ruling) == Excused(NOT, (), ())


def test_a_ruling_counts_from_its_own_instant_on() -> None:
    assert excuse(PLEA, ruled(when="12"), as_of="12").tri is SURE
    assert excuse(PLEA, ruled(when="12"), as_of=at("12") - TICK).tri is NOT


def test_a_ruling_on_the_clause_covers_every_act_under_it() -> None:
    assert excuse(PLEA, ruled(of="halt")).tri is SURE


def test_a_ruling_on_an_act_covers_no_failure_of_the_clause() -> None:
    assert excuse(PLEA, ruled(), act=None).tri is NOT
    assert excuse(PLEA, ruled(of="halt"), act=None).tri is SURE


@pytest.mark.parametrize(
    ("start", "end", "covers"),
    [
        (at("10"), at("11"), True),
        (at("10") + TICK, at("11"), False),
        (at("10"), at("11") - TICK, False),
        (at("9"), at("12"), True),
    ],
)
def test_a_ruling_on_a_stretch_of_time_covers_what_lies_in_it(start: int, end: int, covers: bool) -> None:  # noqa: FBT001
    ruling = ruled(of="halt", span=during(start, end))

    assert (excuse(PLEA, ruling, act=fact("act", "shelling", ("10", "11"), by="north")).tri is SURE) is covers
    assert (excuse(PLEA, ruling, act=None, when=between("5", "5"), period=between("10", "11")).tri is SURE) is covers
    assert (excuse(PLEA, ruling, act=None, when=between("10", "11")).tri is SURE) is covers


def test_a_plea_for_others_is_no_plea_of_this_party() -> None:
    assert excuse({**PLEA, "available_to": "south"}, ruled()) == Excused(NOT, (), ())


# ---- powers that permit --------------------------------------------------------------------------------------------


def allowance(**more: object) -> dict[str, Any]:
    return clause(
        "may-answer",
        "power",
        **{"by": "north", "may": "excuse", "of": "halt", "exercise": {"fact": "attack"}, **more},
    )


def permitted(power: dict[str, Any], *facts: Fact, act: Fact | None = ACT, as_of: str | int = "20") -> Excused:
    return excuse([], *facts, act=act, as_of=as_of, more=(power,))


def test_an_act_by_leave_of_a_power_is_excused() -> None:
    found = permitted(allowance())

    assert found.tri is SURE
    assert [one.says for one in found.beside] == ["permission may-answer: its conditions are shown"]
    assert [(one.facts, one.cite) for one in found.grounds] == [(("act",), "art. may-answer")]


@pytest.mark.parametrize(
    ("power", "tri"),
    [
        (allowance(of="all"), SURE),
        (allowance(of="other"), NOT),
        (allowance(may="suspend"), NOT),
        (allowance(by="south"), NOT),
        (allowance(by=["south", "north"]), SURE),
        (allowance(exercise={"fact": "movement"}), NOT),
        (allowance(exercise={"fact": "shelling", "against": "south"}), SURE),
        (allowance(exercise={"fact": "shelling", "against": "north"}), NOT),
    ],
)
def test_a_power_permits_its_holder_what_it_names(power: dict[str, Any], tri: Tri) -> None:
    other = clause("other", "prohibit", act={"fact": "movement"})

    assert excuse([], act=ACT, more=(power, other)).tri is tri


def test_a_power_of_everybody_but_some_permits_no_act() -> None:
    assert permitted(allowance(by={"anyone_except": ["south"]})).tri is NOT


def test_a_power_permits_acts_and_no_failure() -> None:
    assert permitted(allowance(), act=None) == Excused(NOT, (), ())


@pytest.mark.parametrize(
    ("provoked", "burden", "tri", "word"),
    [
        (Proof.CORROBORATED, "pleader", SURE, "its conditions are shown"),
        (Proof.ALLEGED, "pleader", NOT, "its conditions are not shown"),
        (Proof.ALLEGED, "accuser", DOUBT, "its conditions are not shown"),
        (Proof.REFUTED, "accuser", NOT, "its conditions are not met"),
        (Proof.REFUTED, "pleader", NOT, "its conditions are not met"),
        (Proof.CORROBORATED, "accuser", SURE, "its conditions are shown"),
    ],
)
def test_a_permission_hangs_on_its_condition_and_its_burden(
    provoked: Proof, burden: str, tri: Tri, word: str
) -> None:
    power = allowance(if_={"happened": {"fact": "order"}, "within": "24h"}, burden=burden)

    found = permitted(power, fact("o", "order", "10", occurred=provoked))

    assert (found.tri, found.beside[0].says) == (tri, f"permission may-answer: {word}")
    assert len(found.grounds[0].of) == 1


def test_the_condition_of_a_permission_is_asked_at_the_time_of_the_act() -> None:
    power = allowance(if_={"happened": {"fact": "order"}, "within": "24h"})

    assert permitted(power, fact("o", "order", "9 12:00")).tri is SURE
    assert permitted(power, fact("o", "order", at("9 12:00") - TICK)).tri is NOT
    assert permitted(power, fact("o", "order", at("10 12:00") + TICK)).tri is NOT


def test_a_power_worded_for_each_party_permits_each_by_its_own_words() -> None:
    power = allowance(
        by=["south", "north"],
        if_={"happened": {"fact": "order"}},
        burden={"obligor": {"south": "pleader", "north": "accuser"}},
    )
    alleged = fact("o", "order", "9", occurred=Proof.ALLEGED)

    def of(by: str) -> Tri:
        return permitted(power, alleged, act=fact("act", "shelling", "10 12:00", by=by)).tri

    assert [of(by) for by in ("north", "n1", "south", "s1")] == [DOUBT, DOUBT, NOT, NOT]


def given_later(act: Fact, *, burden: str = "accuser") -> Tri:
    power = allowance(burden=burden)
    text = agreement(halt(by=["north", "south"]), amendments=[amendment("later", "10", power)])
    deed = Deed(text.clauses["halt"].latest(), "north", (), act.when, act)
    return excused(asked(text, [act], "20"), deed).tri


def test_a_permission_given_by_a_decision_covers_acts_from_its_effect_on() -> None:
    def act(*when: int) -> Fact:
        return fact("act", "shelling", (when[0], when[-1]), by="north")

    assert given_later(act(at("10") - TICK)) is NOT
    assert given_later(act(at("10"))) is SURE
    assert given_later(act(at("10") - TICK, at("10"))) is DOUBT
    assert given_later(act(at("10") - TICK, at("10")), burden="pleader") is NOT


# ---- as a standing shows it ----------------------------------------------------------------------------------------


def stand(text: Agreement, *facts: Fact) -> Stand:
    return next(one for one in stands(text, facts, "20") if one.by == "north")


def test_an_act_that_is_excused_is_no_act_against_the_clause() -> None:
    text = agreement(halt(by=["north", "south"], excuse=PLEA))

    assert stand(text, ACT).verdict is Verdict.CONTRARY
    assert stand(text, ACT, pleaded()).verdict is Verdict.CONTRARY
    assert stand(text, ACT, pleaded(), ruled()).episodes == ()


def test_a_failure_that_is_excused_is_discharged() -> None:
    out = clause(
        "out", "achieve", by="north", after="approval", within="96h", shown_by={"fact": "movement"}, excuse=PLEA
    )
    text = agreement(halt(), out, events=APPROVAL)
    watched = fact("w", "coverage", "1", during("1", "20"), detects=("movement",))
    facts = [fact("a", "decision", "1", of="approval"), watched, ruled(of="out")]

    plain, excused_ = (stands(text, some, "20", of="out")[0] for some in (facts[:2], facts))

    assert (plain.verdict, plain.lifecycle) == (Verdict.CONTRARY, Lifecycle.UNMET)
    assert (excused_.verdict, excused_.lifecycle) == (Verdict.CONSISTENT, Lifecycle.DISCHARGED)


def test_an_excuse_names_what_its_condition_rests_on() -> None:
    opened = fact("o", "access", "9", by="south")
    shown = {"shown": {"fact": "permit", "same": ["by"]}, "if": {"happened": {"fact": "access"}}}
    text = agreement(halt(excuse=shown))

    (row,) = stands(text, [ACT, fact("p", "permit", "9", by="north"), opened], "20")

    assert row.verdict is not Verdict.CONTRARY
    assert row.ground.leaves() == {"act", "p", "o"}
