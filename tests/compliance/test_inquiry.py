"""One question put to the record: which facts answer, which text was in force, and how ambiguities are read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance_small import APPROVAL, TICK, agreement, amendment, asked, at, between, fact, halt, pattern
from trucekeeper.agreement.phrases import Anchor, parse_when
from trucekeeper.compliance.inquiry import Fork, Found, Inquiry, Record, happened, strongest, within
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import DAWN, NEVER, Fact, Interval, Op, Proof, Tri

SURE, DOUBT, NOT = Tri.YES, Tri.MAYBE, Tri.NO
PLAIN = agreement(halt())
CLOCK = {"clock": {"a": "from approval", "b": "from signature", "adopted": "none"}}


def shell(name: str = "s", when: Any = "5", **more: Any) -> Fact:  # noqa: ANN401  a time, and the rest of a fact
    return fact(name, "shelling", when, **more)


# ---- the record ----------------------------------------------------------------------------------------------------


def test_a_record_is_in_order_of_time_and_then_of_names() -> None:
    facts = [shell("b", "5"), shell("a", "6"), shell("c", ("5", "7")), shell("a2", "5")]

    record = Record.of(facts, PLAIN, NEVER)

    assert [one.id for one in record.facts] == ["a2", "b", "c", "a"]


def test_a_record_has_each_fact_under_its_kind_and_all_that_this_is_a_sort_of() -> None:
    record = Record.of([shell()], PLAIN, NEVER)

    assert sorted(record.by_kind) == ["attack", "military-operation", "shelling"]


def test_a_fact_whose_kind_was_redacted_may_be_of_any_kind() -> None:
    unknown = fact("x", "", "5", op=Op.REDACT)
    known_kind = fact("y", "movement", "5", op=Op.REDACT)

    record = Record.of([unknown, known_kind], PLAIN, NEVER)

    assert {one.id for one in record.by_kind["movement"]} == {"x", "y"}
    assert [one.id for one in record.by_kind["shelling"]] == ["x"]
    assert set(record.by_kind) == set(PLAIN.vocabulary.kinds)


# ---- the same question otherwise -----------------------------------------------------------------------------------


def test_the_same_question_is_the_same_inquiry() -> None:
    inquiry = asked(PLAIN)

    assert inquiry.at_level(Proof.CORROBORATED) is inquiry
    assert inquiry.at(inquiry.as_of) is inquiry
    assert inquiry.at_level(Proof.ALLEGED).proof is Proof.ALLEGED
    assert inquiry.at(at("9")).as_of == at("9")
    assert inquiry.at_level(Proof.ALLEGED).matcher.proof is Proof.ALLEGED


def test_an_answer_is_worked_out_once_for_each_moment_and_level() -> None:
    inquiry, calls = asked(PLAIN), []

    def work() -> int:
        calls.append(1)
        return len(calls)

    def ask(of: Inquiry) -> int:
        return of.once("key", work)

    assert [ask(inquiry), ask(inquiry), ask(inquiry.at(at("9"))), ask(inquiry.at_level(Proof.ALLEGED))] == [
        1,
        1,
        2,
        3,
    ]
    assert ask(inquiry.at(at("9"))) == 2


# ---- readings ------------------------------------------------------------------------------------------------------


def read(adopted: str = "none", **more: Any) -> Any:  # noqa: ANN401  an agreement
    clock = {"clock": {**CLOCK["clock"], "adopted": adopted}}
    return agreement(
        halt(after={"reading": "clock", "a": "approval", "b": "2031-03-05T00:00+02:00"}),
        readings=clock,
        events=APPROVAL,
        **more,
    )


def test_an_ambiguity_that_nobody_settled_is_asked_for() -> None:
    inquiry = asked(read())

    with pytest.raises(Fork) as fork:
        inquiry.assume("clock", ("a", "b"))

    assert (fork.value.axis, fork.value.options, str(fork.value)) == ("clock", ("a", "b"), "clock")


def test_an_ambiguity_is_read_as_assumed() -> None:
    assert asked(read(), assumed={"clock": "b"}).assume("clock", ("a", "b")) == "b"
    assert asked(PLAIN, assumed={"s": "holds"}).assume("s", ("holds", "fails")) == "holds"


def test_an_adopted_reading_is_no_longer_asked_for() -> None:
    assert asked(read("b")).assume("clock", ("a", "b")) == "b"


def test_a_reading_is_adopted_from_the_instant_of_the_decision() -> None:
    text = read(amendments=[amendment("later", "10", adopts={"clock": "a"})])

    assert asked(text, as_of="10").assume("clock", ("a", "b")) == "a"
    with pytest.raises(Fork):
        asked(text, as_of=at("10") - TICK).assume("clock", ("a", "b"))


def test_the_latest_decision_on_a_reading_counts() -> None:
    text = read(
        "a",
        amendments=[
            amendment("later", "10", adopts={"clock": "b"}),
            amendment("latest", "12", adopts={"clock": "a"}),
            amendment("silent", "14", halt(note="said again", after="approval")),
        ],
    )

    assert [asked(text, as_of=day).assume("clock", ("a", "b")) for day in ("9", "11", "13", "15")] == list("abaa")


def test_a_wording_is_read_under_the_readings_it_hangs_on() -> None:
    text = read()
    (version,) = text.clauses["halt"].versions

    wordings = [asked(text, assumed={"clock": one}).wording(version) for one in ("a", "b")]

    assert [one.after for one in wordings if one is not None] == [
        Anchor("approval"),
        parse_when("2031-03-05T00:00+02:00"),
    ]
    with pytest.raises(Fork) as fork:
        asked(text).wording(version)
    assert fork.value.options == ("a", "b")


def test_a_clause_worded_for_each_party_is_read_for_the_party_bound() -> None:
    text = agreement(halt(by=["north", "south"], note={"obligor": {"north": "to north", "south": "to south"}}))
    (version,) = text.clauses["halt"].versions
    inquiry = asked(text)

    notes = [getattr(inquiry.wording(version, by), "note", None) for by in ("north", "south", "")]

    assert notes == ["to north", "to south", "to north"]


# ---- decisions and versions ----------------------------------------------------------------------------------------

CHANGED = agreement(
    halt(),
    amendments=[
        amendment("first", "10", halt(note="changed")),
        amendment("second", "12", effective="2031-03-14T00:00+02:00", removes=["halt"]),
    ],
)


def test_a_decision_exists_from_its_adoption_on_if_it_was_known_by_then() -> None:
    def adopted(as_of: str | int, known_at: str | int = NEVER) -> list[str]:
        inquiry = Inquiry(CHANGED, Record.of([], CHANGED, at(known_at)), at(as_of), Proof.ALLEGED, lambda *_: ())
        return [one.id for one in inquiry.amendments()]

    assert [adopted(one) for one in (at("10") - TICK, "10", at("12") - TICK, "12")] == [
        [],
        ["first"],
        ["first"],
        ["first", "second"],
    ]
    assert [adopted("20", one) for one in (at("10") - TICK, "10")] == [[], ["first"]]


def test_a_version_is_the_text_from_the_instant_it_becomes_effective() -> None:
    history = CHANGED.clauses["halt"]

    def in_force(moment: str | int, as_of: str | int = "20") -> str | None:
        found = asked(CHANGED, as_of=as_of).version(history, at(moment))
        return None if found is None else found.amendment

    assert [in_force(one) for one in (at("10") - TICK, "10", at("14") - TICK, "14")] == [
        None,
        "first",
        "first",
        "second",
    ]
    assert in_force("14", as_of=at("12") - TICK) == "first"


def test_of_two_decisions_the_one_that_becomes_effective_later_is_the_later_text() -> None:
    first = amendment("first", "10", halt(note="for later"), effective="2031-03-20T00:00+02:00")
    second = amendment("second", "12", halt(note="until then"))
    together = amendment("third", "13", halt(note="from then"), effective="2031-03-20T00:00+02:00")
    text = agreement(halt(), amendments=[first, second])
    more = agreement(halt(), amendments=[first, second, together])

    def in_force(of: Any, moment: str | int) -> str:  # noqa: ANN401  an agreement
        found = asked(of, as_of="30").version(of.clauses["halt"], at(moment))
        return "" if found is None else str(found.amendment)

    assert [in_force(text, one) for one in ("12", at("20") - TICK, "20")] == ["second", "second", "first"]
    assert in_force(more, "20") == "third"


def test_a_version_that_removed_a_clause_has_no_wording() -> None:
    removed = CHANGED.clauses["halt"].versions[-1]

    assert asked(CHANGED).wording(removed) is None


def test_a_clause_that_a_decision_added_had_no_version_before() -> None:
    text = agreement(halt(), amendments=[amendment("first", "10", {**halt(), "id": "new"})])
    history = text.clauses["new"]

    assert asked(text).version(history, at("10") - TICK) is None
    assert asked(text).version(history, at("10")) is not None


def test_a_date_that_hangs_on_an_event_is_our_own_mistake() -> None:
    with pytest.raises(RuntimeError, match=r"bug: .* names an event"):
        asked(PLAIN).fixed(Anchor("approval"))
    assert asked(PLAIN).fixed(parse_when("2031-03-05T00:00+02:00")) == at("5")


# ---- facts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "tri"),
    [
        ((at("5"), at("5")), SURE),
        ((at("5"), at("5") + TICK), DOUBT),
        ((at("5") + TICK, at("5") + TICK), None),
        ((at("4"), at("5")), SURE),
    ],
)
def test_only_what_has_or_may_have_happened_by_now_is_found(when: tuple[int, int], tri: Tri | None) -> None:
    found = asked(PLAIN, [shell(when=when)], "5").find(pattern("attack"), Meant())

    assert [one.tri for one in found] == ([] if tri is None else [tri])


def test_what_is_found_is_no_surer_than_the_match_and_in_order_of_time() -> None:
    facts = [shell("a", "6"), shell("b", "5", occurred=Proof.ALLEGED), shell("c", "4", occurred=Proof.REFUTED)]

    found = asked(PLAIN, facts).find(pattern("attack"), Meant())

    assert [(one.fact.id, one.tri) for one in found] == [("b", DOUBT), ("a", SURE)]
    assert found[0].when == between("5", "5")


def test_a_fact_may_speak_of_the_subject_and_not_as_wanted() -> None:
    inquiry, wanted = asked(PLAIN, [shell(weapon="rifle")]), pattern("attack", weapon="mortar")

    assert inquiry.find(wanted, Meant()) == ()
    assert [one.tri for one in inquiry.find(wanted, Meant(), subject_only=True)] == [SURE]


# terms that need judgement


def ruling(name: str = "r", when: Any = "6", **more: Any) -> Fact:  # noqa: ANN401  as above
    said = {"of": "s", "term": "offensive", "finding": "yes", "by": "commission"}
    return fact(name, "determination", when, **{**said, **more})


def judged(*rulings: Fact, as_of: str | int = "20", act: Fact | None = None, **more: Any) -> list[Tri]:  # noqa: ANN401
    wanted = pattern("attack", judgement="offensive")
    return [one.tri for one in asked(PLAIN, [act or shell(), *rulings], as_of).find(wanted, Meant(), **more)]


def test_whether_a_term_that_needs_judgement_fits_nobody_can_tell_until_it_is_found() -> None:
    assert judged() == [DOUBT]
    assert judged(ruling()) == [SURE]
    assert judged(ruling(finding="no")) == []
    assert judged(ruling(finding="adjourned")) == [DOUBT]


@pytest.mark.parametrize(
    "other",
    [
        ruling(of="another"),
        ruling(term="defensive"),
        ruling(occurred=Proof.ALLEGED),
        ruling(by="north"),
        ruling(by="band"),
        ruling(when=at("20") + TICK),
    ],
)
def test_what_is_no_finding_on_this_fact_settles_nothing(other: Fact) -> None:
    assert judged(other) == [DOUBT]


@pytest.mark.parametrize(
    ("body", "by", "who", "decides"),
    [
        (None, "commission", Proof.ALLEGED, True),
        (None, None, Proof.ALLEGED, True),
        (None, "north", Proof.VERIFIED, False),
        (None, "north", Proof.REFUTED, True),
        ("case", "commission", Proof.ALLEGED, True),
        ("unstated", "guarantor", Proof.ALLEGED, True),
        (("unstated",), "south", Proof.VERIFIED, False),
        ("commission", "commission", Proof.CORROBORATED, True),
        ("commission", "commission", Proof.ALLEGED, False),
        ("commission", "commission", Proof.REFUTED, False),
        ("commission", "guarantor", Proof.VERIFIED, False),
        ("commission", None, Proof.VERIFIED, False),
        ("south", "band", Proof.VERIFIED, False),
        (("commission", "guarantor"), "guarantor", Proof.CORROBORATED, True),
        (pattern("attack", by={"anyone_except": ["south"]}).by, "commission", Proof.CORROBORATED, True),
        (pattern("attack", by={"anyone_except": ["south"]}).by, "south", Proof.CORROBORATED, False),
    ],
)
def test_a_ruling_is_of_the_body_that_the_text_names_else_of_nobody_who_may_be_of_a_party(
    body: Any,  # noqa: ANN401  whom the text names
    by: str | None,
    who: Proof,
    decides: bool,  # noqa: FBT001  what is expected
) -> None:
    assert asked(PLAIN).decides(ruling(by=by, who=who), body) is decides


@pytest.mark.parametrize("body", [None, "commission"])
def test_a_ruling_counts_from_the_level_asked_on(body: str | None) -> None:
    inquiry, corroborated = asked(PLAIN), ruling(who=Proof.VERIFIED)

    found = [
        inquiry.decides(corroborated, body, at=level) for level in (Proof.ALLEGED, Proof.CORROBORATED, Proof.VERIFIED)
    ]

    assert found == [True, True, False]
    assert inquiry.decides(ruling(occurred=Proof.ALLEGED, who=Proof.VERIFIED), body) is False


def test_the_latest_finding_by_now_counts() -> None:
    findings = [ruling(), ruling("q", "7", finding="no")]

    assert judged(*findings) == []
    assert judged(*findings, as_of=at("7") - TICK) == [SURE]
    assert judged(ruling(when="20")) == [SURE]


def test_a_finding_makes_no_fact_surer_than_it_is() -> None:
    assert judged(ruling(), act=shell(occurred=Proof.ALLEGED)) == [DOUBT]


def test_the_subject_of_a_fact_needs_no_judgement() -> None:
    assert judged(subject_only=True) == [SURE]
    assert judged(ruling(finding="no"), subject_only=True) == [SURE]


def test_who_looks_back_reads_the_findings_made_since() -> None:
    inquiry = asked(PLAIN, [shell(), ruling(when="8")], "9")
    wanted = pattern("attack", judgement="offensive")

    def back(*moments: str) -> list[Tri]:
        looking = inquiry
        for moment in moments:
            looking = looking.at(at(moment))
        return [one.tri for one in looking.find(wanted, Meant())]

    assert (back("6"), back("7", "6")) == ([SURE], [SURE])
    assert [one.tri for one in asked(PLAIN, [shell(), ruling(when="8")], "6").find(wanted, Meant())] == [DOUBT]


def test_of_several_patterns_the_surest_answer_counts_once() -> None:
    sure, doubt = Found(shell("a"), SURE), Found(shell("a"), DOUBT)
    other = Found(shell("b"), DOUBT)

    assert strongest([doubt, sure, other]) == strongest([sure, doubt, other]) == {"a": sure, "b": other}
    again = Found(shell("a", weapon="mortar"), SURE)
    assert strongest([sure, again])["a"] is sure


# ---- time and words ------------------------------------------------------------------------------------------------


def test_something_had_happened_by_a_moment_from_its_latest_time_on() -> None:
    when = Interval(5, 7)

    assert [happened(when, moment) for moment in (4, 5, 6, 7)] == [NOT, DOUBT, DOUBT, SURE]


@pytest.mark.parametrize(
    ("when", "tri"),
    [
        ((1, 9), NOT),
        ((9, 10), DOUBT),
        ((10, 10), DOUBT),
        ((11, 20), DOUBT),
        ((12, 20), SURE),
        ((12, 21), DOUBT),
        ((21, 22), DOUBT),
        ((22, 22), DOUBT),
        ((23, 30), NOT),
    ],
)
def test_a_window_of_uncertain_ends_is_closed_at_both(when: tuple[int, int], tri: Tri) -> None:
    assert within(Interval(*when), Interval(10, 12), Interval(20, 22)) is tri


def test_times_are_said_in_the_zone_of_the_agreement() -> None:
    inquiry = asked(PLAIN)

    assert inquiry.local(at("31 12:00")) == "2031-03-31 13:00+03:00"
    assert inquiry.span_words(between("5", "5")) == "2031-03-05 00:00+02:00"
    assert inquiry.span_words(between("5", "6")) == "between 2031-03-05 00:00+02:00 and 2031-03-06 00:00+02:00"
    assert inquiry.span_words(Interval(DAWN, NEVER)) == "at no known time"
    assert inquiry.span_words(Interval(DAWN, at("5"))) == "between always and 2031-03-05 00:00+02:00"
    assert inquiry.span_words(Interval(at("5"), NEVER)) == "between 2031-03-05 00:00+02:00 and never"
