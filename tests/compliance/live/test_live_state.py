"""The state of a watch as bytes: every field of a revision goes out and comes back; nothing else is taken for one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.compliance_small import agreement, at, between, clause, during, fact, halt
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.watch import Watch
from trucekeeper.terms import Amount, Fact, Label, Op, Place, Proof

HALT = agreement(halt(by="north", after="2031-03-02T00:00+02:00"))
FULL = Fact(
    id="a1",
    rev=3,
    kind="attack",
    by="north",
    fields=(
        ("count", Amount(5, 9)),
        ("weapon", "mortar"),
        ("permitted", False),
        ("target", ("mill", "bridge")),
    ),
    place=Place(1_000_000, -302_000_000, 40),
    zone="valley",
    when=between("3", "3 12:00"),
    span=during("3", "4"),
    learned_at=at("3 12:00"),
    recorded_at=at("4"),
    occurred=Proof.VERIFIED,
    who=Proof.ALLEGED,
    source="post 7",
    grade="B2",
    origin="radio",
    cite="form 12",
    note="heard twice",
    label=Label(owner="north", releasable_to=("south", "guarantor"), not_before=at("2"), precision="1 km"),
)
BARE = fact("b1", "movement", "3", learned_at=at("5"))


def dumped(*facts: Fact, audience: Audience | None = None, proof: Proof = Proof.CORROBORATED) -> list[Any]:
    """Return the lines of a state, as plain values."""
    watching = Watch(HALT, clock=at("5"), audience=audience, proof=proof)
    watching.observe(facts)
    return [json.loads(line) for line in watching.dump().decode().splitlines()]


def test_the_head_says_what_is_asked_and_how_many_lines_follow() -> None:
    head, *lines = dumped(FULL, BARE, audience=Audience("south", at("4")), proof=Proof.VERIFIED)

    assert head == {
        "v": 1,
        "agreement": HALT.digest,
        "clock": at("5"),
        "proof": "verified",
        "audience": ["south", at("4")],
        "facts": 2,
        "rows": 1,
    }
    assert len(lines) == 3


def test_a_revision_is_written_field_by_field_in_their_order() -> None:
    _, full, bare, _ = dumped(FULL, BARE)

    assert full == [
        *("a1", 3, "assert", "attack", "north"),
        [["count", [5, 9]], ["weapon", "mortar"], ["permitted", False], ["target", {"words": ["mill", "bridge"]}]],
        [1_000_000, -302_000_000, 40],
        "valley",
        [at("3"), at("3 12:00")],
        [at("3"), at("4")],
        *(at("3 12:00"), at("4"), 3, 1, "post 7", "B2", "radio", "form 12", "heard twice"),
        ["north", ["south", "guarantor"], at("2"), "1 km"],
    ]
    assert bare == [
        *("b1", 1, "assert", "movement", None, [], None, None, [at("3"), at("3")], None),
        *(at("5"), None, 2, 2, "", "", "", "", "", None),
    ]


def test_a_row_is_written_with_its_occasions() -> None:
    *_, row = dumped(fact("a1", "attack", ("3", "3 12:00"), by="north"))

    assert isinstance(row[0], str)
    assert row[1:] == [
        *("halt", "north", [], "", "", [], "contrary", "in_effect", "corroborated", None, "no", None),
        *("1 on record", None, "", [], False),
        [["a1", "yes", [at("3"), at("3 12:00")]]],
    ]


def test_every_revision_comes_back_as_it_was() -> None:
    several = (
        FULL,
        BARE,
        replace(FULL, id="a2", op=Op.REDACT, fields=(), label=Label(), span=None, place=None),
        replace(FULL, id="a2", rev=4, op=Op.RETRACT),
        replace(BARE, id="b2", fields=(("permitted", True), ("count", Amount(0, 0)), ("detects", ()))),
        replace(BARE, id="é-1", note="a line\nand another, “quoted”"),
    )
    watching = Watch(HALT, clock=at("5"), audience=Audience("south", at("4")), proof=Proof.ALLEGED)
    watching.observe(several)

    again = Watch.load(watching.dump(), HALT)

    assert set(again.facts) == set(several)
    assert again.question == watching.question
    assert again.clock == at("5")
    assert again.rows() == watching.rows()
    assert again.dump() == watching.dump()


def test_revisions_stand_by_name_and_then_by_number_whatever_their_order() -> None:
    several = [replace(BARE, id=name, rev=rev) for name in ("c", "a", "b") for rev in (2, 1)]
    watching = Watch(HALT, clock=at("5"))
    watching.observe(several)

    assert [(one.id, one.rev) for one in watching.facts] == [(name, rev) for name in "abc" for rev in (1, 2)]


@pytest.mark.parametrize(
    "content",
    [b"", b"{}\n", b"[]\n", b"1\n", b'{"v":1}\n', b"not json\n", b'{"v":2,"agreement":"x"}\n'],
)
def test_what_is_no_state_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"no state of a watch|version 2|Expecting value"):
        Watch.load(content, HALT)


def test_a_state_of_another_version_is_refused_as_such() -> None:
    watching = Watch(HALT, clock=at("5"))
    watching.observe([FULL])

    with pytest.raises(ValueError, match="a state of version 2, not 1: rebuild it from the facts"):
        Watch.load(watching.dump().replace(b'{"v":1,', b'{"v":2,', 1), HALT)


def test_a_state_of_another_agreement_is_refused() -> None:
    state = Watch(HALT, clock=at("5")).dump()

    with pytest.raises(ValueError, match="the state of another agreement: rebuild it from the facts"):
        Watch.load(state, agreement(halt(by="south")))


def test_a_state_cut_short_is_refused() -> None:
    watching = Watch(HALT, clock=at("5"))
    watching.observe([FULL])
    lines = watching.dump().splitlines()
    short = json.dumps(json.loads(lines[1])[:-1]).encode()

    with pytest.raises(ValueError, match=r"unpack|no state of a watch"):
        Watch.load(b"\n".join([lines[0], short, *lines[2:]]), HALT)


def test_rows_of_parts_and_of_deadlines_are_written_whole() -> None:
    terms = {"by": "north", "after": "2031-03-02T00:00+02:00", "within": "72h", "each": {"unit": {"of": "north"}}}
    what = agreement(clause("leave", "achieve", state={"fact": "deployment"}, **terms))
    watching = Watch(what, clock=at("3"))
    watching.observe([fact("p1", "deployment", "2 12:00", by="north", unit="n2")])

    *_, row = [json.loads(line) for line in watching.dump().decode().splitlines()]

    assert row[1:] == [
        *("leave", "north", [["unit", "n2"]], "", "", [], "consistent", "met", "corroborated"),
        [at("5"), at("5")],
        "yes",
        [at("2 12:00"), at("2 12:00")],
        *("", None, "deployment", [], False, []),
    ]
