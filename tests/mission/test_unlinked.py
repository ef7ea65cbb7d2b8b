"""Good rows that change no verdict are pointed out: a slip of the pen looks just like them."""

from __future__ import annotations

import pytest

from trucekeeper.agreement.load import load_agreement
from trucekeeper.mission.unlinked import unlinked
from trucekeeper.terms import Fact, Field, Interval

AGREEMENT = load_agreement(
    """
agreement: valoria
title: Valoria
time_zone: Asia/Beirut
parties: {north: {units: [n1]}, south: {}}
events: {truce: {shown_by: {fact: declaration}}}
clauses:
  - {id: halt, kind: prohibit, cite: "1", gloss: no attacks, by: north, after: truce, act: {fact: attack},
     excuse: {plea: distress}}
  - {id: fuel, kind: quota, cite: "2", gloss: fuel, by: south, after: truce, count: {fact: delivery}, at_least: 3}
""",
    "agreement.yaml",
)


def fact(kind: str, **fields: Field) -> Fact:
    return Fact(id="f", kind=kind, when=Interval.at(0), learned_at=0, fields=tuple(fields.items()))


@pytest.mark.parametrize(
    "good",
    [
        fact("shelling", unit="n1"),
        fact("delivery"),
        fact("declaration", of="truce"),
        fact("plea", of="halt", plea="distress"),
        fact("claim", tally="fuel"),
        fact("determination", of="f"),
        fact("coverage"),
    ],
    ids=lambda one: one.kind,
)
def test_a_fact_that_a_clause_looks_at_is_not_pointed_out(good: Fact) -> None:
    assert unlinked(AGREEMENT, [good]) == ()


@pytest.mark.parametrize(
    ("odd", "says", "hint"),
    [
        (fact("release"), "no clause looks at facts of kind 'release'", ""),
        (fact("shelling", unit="n11"), "no party declares a unit 'n11'", "did you mean 'n1'?"),
        (fact("declaration"), "this declaration does not say of what it is", "add 'of'"),
        (fact("declaration", of="truse"), "'of: truse' names no clause", "did you mean 'truce'?"),
        (fact("claim", tally="fule"), "no clause counts a tally 'fule'", "did you mean 'fuel'?"),
        (fact("plea", of="halt", plea="distres"), "no clause knows a plea 'distres'", "did you mean 'distress'?"),
    ],
    ids=lambda one: one.kind if isinstance(one, Fact) else None,
)
def test_a_slip_of_the_pen_is_pointed_out_with_what_may_have_been_meant(odd: Fact, says: str, hint: str) -> None:
    (note,) = unlinked(AGREEMENT, [odd])

    assert says in note.says
    assert note.hint == hint


ASKED = load_agreement(
    """
agreement: valoria
title: Valoria
time_zone: Asia/Beirut
parties: {north: {}, south: {}}
events:
  truce: {shown_by: {fact: declaration, of: armistice}}
  rout: {shown_by: {fact: attack, weapon: rocket}}
clauses:
  - {id: halt, kind: prohibit, cite: "1", gloss: no orders, by: north, after: truce,
     act: [{fact: order, of: [advance, siege]}, {fact: attack, weapon: mortar}]}
""",
    "agreement.yaml",
)


@pytest.mark.parametrize("of", ["armistice", "advance", "siege", "halt", "truce"])
def test_what_a_clause_or_an_event_asks_a_paper_to_name_may_be_named(of: str) -> None:
    assert unlinked(ASKED, [fact("order", of=of)]) == ()


@pytest.mark.parametrize("word", ["mortar", "rocket"])
def test_what_a_clause_or_an_event_asks_in_another_field_is_no_name(word: str) -> None:
    (note,) = unlinked(ASKED, [fact("order", of=word)])

    assert f"'of: {word}' names no clause" in note.says


def test_what_an_event_is_shown_by_may_be_of_any_name_that_it_lists() -> None:
    several = load_agreement(
        """
agreement: valoria
title: Valoria
time_zone: Asia/Beirut
parties: {north: {}}
events: {truce: {shown_by: {fact: declaration, of: [ceasefire, armistice]}}}
clauses:
  - {id: halt, kind: prohibit, cite: "1", gloss: no attacks, by: north, after: truce, act: {fact: attack}}
""",
        "agreement.yaml",
    )

    assert unlinked(several, [fact("declaration", of="armistice")]) == ()
    assert unlinked(several, [fact("declaration", of="parole")]) != ()
