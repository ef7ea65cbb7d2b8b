"""Which clauses are judged in columns, and what batch does with those and with the others."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_columns import in_columns
from tests.compliance_small import agreement, asked, at, clause, fact, halt, pattern
from trucekeeper.compliance import batch as in_bulk
from trucekeeper.compliance.batch import batch, log_of, stands
from trucekeeper.compliance.columns.plan import Plan, kernel, plan_of, unfit
from trucekeeper.compliance.matching import Meant
from trucekeeper.compliance.standing import Question
from trucekeeper.terms import NEVER, Fact, Op

if TYPE_CHECKING:
    from tests.compliance_small import Time

WORD = {"fact": "declaration"}
TEXT = agreement(
    halt(),
    clause("gated", "prohibit", by="north", act=WORD, while_={"happened": WORD}),
    clause(
        "pleaded", "prohibit", by="north", act=WORD, excuse={"shown": {"fact": "permit"}, "if": {"happened": WORD}}
    ),
    clause("allowed", "respond", by="north", to={"fact": "attack"}, with_=WORD, within="1d"),
    clause("permit", "power", by="north", may="excuse", of="allowed", exercise={"fact": "attack"}),
    clause("warned", "power", by="north", may="suspend", of="halt", notice="1d"),
    clause("out", "achieve", by="north", shown_by=WORD, within="1d", after="in_force"),
    clause("level", "maintain", by="north", measure={"fact": "strength"}, at_least=3),
    clause("count", "tally", by="north", count={"fact": "release"}, at_least=1, within="1d", after="in_force"),
    clause("trucks", "quota", by="north", count={"fact": "delivery"}, at_least=1, every="day", after="in_force"),
    clause("next", "phase", by="north", opens="stage", when={"happened": WORD}),
    clause("words", "prohibit", by="north", act=WORD, text_only="nobody can count goodwill"),
    clause("units", "define", list=["n1"]),
    in_force="2031-03-01T00:00+02:00",
)


def test_the_plan_says_of_each_clause_how_it_is_judged_and_why() -> None:
    found = {name: one for name in TEXT.clauses if (one := plan_of(TEXT, name)) is not None}

    assert list(found) == [name for name in TEXT.clauses if name not in ("units", "words")]
    assert {name: one.by_reference for name, one in found.items() if not one.in_columns} == {
        "gated": ("it holds only while a condition does",),
        "warned": ("each exercise needs a notice of its own",),
    }
    assert found["halt"] == Plan("halt", "prohibit", ())


def test_what_the_plan_leaves_to_the_reference_has_no_kernel() -> None:
    for name, history in TEXT.clauses.items():
        one = plan_of(TEXT, name)
        if name != "units":
            found = kernel(TEXT, history.latest())

            assert (found is not None) is (one is not None and one.in_columns)


def test_what_cannot_be_computed_is_left_to_the_reference() -> None:
    assert unfit(TEXT, TEXT.clauses["words"].latest()) == "nothing in it can be computed"


# ---- batch ---------------------------------------------------------------------------------------------------------


def facts() -> list[Fact]:
    several = []
    days: tuple[Time, ...] = ("4", ("5", "7"), "9")
    for number, (kind, day) in enumerate(product(("attack", "shelling", "declaration", "permit"), days)):
        more: dict[str, Any] = {"of": ("halt", "f1")[number % 2]} if kind == "declaration" else {}
        several += [
            fact(f"f{number}", kind, day, by="north", zone="valley", unit="n1", **more),
            fact(f"g{number}", kind, day),
            fact(f"h{number}", kind, day, op=Op.REDACT, zone="harbour", by="south"),
        ]
    return several


PATTERNS = (
    pattern("attack"),
    pattern("permit", same=["by", "zone"]),
    pattern("permit", same="unit"),
    pattern("declaration"),
    pattern("declaration", of="halt"),
    pattern("attack", in_="valley"),
)


@pytest.mark.parametrize("one", PATTERNS)
def test_what_is_near_has_all_that_can_matter_and_comes_in_order_of_time(one: object) -> None:
    inquiry, by_one = in_columns(TEXT, facts(), at("31")), asked(TEXT, facts(), "31")
    like = [
        None,
        fact("x", "attack", "5", by="north", zone="valley", unit="n1"),
        fact("x", "attack", "5", zone="harbour"),
    ]
    for each, about, (since, until) in product(
        like, ((), ("halt",), ("f1", "none")), (("1", "31"), ("5", "6"), ("7", "9"), ("8", "8"))
    ):
        near = list(inquiry.near(one, like=each, about=about, since=at(since), until=at(until)))  # type: ignore[arg-type]

        every = by_one.near(one)  # type: ignore[arg-type]
        wanted = [
            other
            for other in every
            if other.when.earliest <= at(until)
            and other.when.latest >= at(since)
            and _agrees(other, each, one.same)  # type: ignore[attr-defined]
            and (not about or not inquiry.matcher.is_linked(one) or other.field("of") in (None, *about))  # type: ignore[arg-type]
        ]
        assert near == wanted


def _agrees(other: Fact, like: Fact | None, names: tuple[str, ...]) -> bool:
    def said(one: Fact, name: str) -> object:
        return getattr(one, name) if name in ("by", "zone") else one.field(name)

    return like is None or all(
        None in (said(like, name), said(other, name)) or said(like, name) == said(other, name) for name in names
    )


@pytest.mark.parametrize("many", [0, 18, 19, 10_000])
@pytest.mark.parametrize("one", PATTERNS)
def test_what_is_found_is_the_same_however_many_there_are(
    one: object, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_bulk, "MANY", many)
    inquiry, by_one = in_columns(TEXT, facts(), at("6")), asked(TEXT, facts(), "6")
    for meant, subject in product(
        (Meant(), Meant(by=("north",), about=("halt",)), Meant(binding=(("unit", "n1"),))), (False, True)
    ):
        assert inquiry.find(one, meant, subject_only=subject) == by_one.find(one, meant, subject_only=subject)  # type: ignore[arg-type]
        some = [by_one.record.by_kind["attack"][0]]
        assert inquiry.find(one, meant, among=some) == by_one.find(one, meant, among=some)  # type: ignore[arg-type]


def test_few_facts_are_looked_at_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(in_bulk, "seek", never)
    attacks = [fact(f"f{number}", "attack", "5") for number in range(in_bulk.MANY)]

    assert len(in_columns(TEXT, attacks[1:], at("6")).find(PATTERNS[0], Meant())) == in_bulk.MANY - 1
    with pytest.raises(AssertionError):
        in_columns(TEXT, attacks, at("6")).find(PATTERNS[0], Meant())


def test_batch_gives_the_clauses_in_the_order_of_the_text_or_one_alone() -> None:
    question = Question(as_of=at("9"), known_at=NEVER)
    log = log_of(TEXT, facts(), question)

    named = [row.clause for row in stands(batch(TEXT, log, question))]

    assert list(dict.fromkeys(named)) == [name for name in TEXT.clauses if name != "units"]
    assert {row.clause for row in stands(batch(TEXT, log, question, only="level"))} == {"level"}


def test_each_row_tells_under_which_reading_it_stands() -> None:
    text = agreement(
        halt(act={"reading": "scope", "wide": {"fact": "military-operation"}, "narrow": {"fact": "attack"}}),
        readings={"scope": {"wide": "all", "narrow": "the core", "adopted": "none"}},
    )
    question = Question(as_of=at("9"), known_at=NEVER)

    rows = list(stands(batch(text, log_of(text, [fact("f1", "movement", "5")], question), question)))

    assert [row.reading for row in rows] == [(("scope", "wide"),), (("scope", "narrow"),)]
