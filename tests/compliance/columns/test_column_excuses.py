"""Excuses in columns: each act is excused as by the reference, at every edge of time, proof and authorship."""

from __future__ import annotations

from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING, Any

import pytest

from tests.compliance_columns import in_columns, same_rows
from tests.compliance_small import agreement, amendment, at, clause, fact, halt, stands
from trucekeeper.compliance.columns.excuses import shown_before
from trucekeeper.compliance.excuses import Deed
from trucekeeper.compliance.standing import Question
from trucekeeper.terms import NEVER, Fact, Interval, Op, Proof, Tri
from trucekeeper.terms.moments import HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.compliance_small import Time
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import AnyClause

QUIET = clause("it", "prohibit", by=["north", "south"], after="2031-03-03T00:00+02:00", act={"fact": "attack"})
NOON = at("5 12:00")
SURE, UNSURE = Proof.CORROBORATED, Proof.ALLEGED
SHOWN = {"shown": {"fact": "permit", "same": "zone"}, "within": "1h", "burden": "accuser"}
ZONES = ("valley", "harbour")


def excused(*excuses: dict[str, Any], more: Sequence[dict[str, Any]] = ()) -> Agreement:
    return agreement({**QUIET, "excuse": [*excuses]}, *more)


def agree(text: Agreement, facts: Sequence[Fact], as_of: str = "9") -> dict[str, Tri]:
    """Return how each of North's acts is judged, which must be as by the reference."""
    question = Question(as_of=at(as_of), known_at=NEVER)
    same_rows(text, facts, question, only="it")
    rows = [row for row in stands(text, facts, as_of, of="it") if row.by == "north"]
    return {one.fact: one.answer for row in rows for one in row.episodes}


def attack(name: str, when: Time = NOON, **more: Any) -> Fact:  # noqa: ANN401  fields of a fact
    return fact(name, "attack", when, **{"by": "north", **more})


# ---- shown by facts ------------------------------------------------------------------------------------------------

EDGES = (NOON - HOUR - 1, NOON - HOUR, NOON - 1, NOON, NOON + 1)


@pytest.mark.parametrize("burden", ["accuser", "pleader"])
@pytest.mark.parametrize("within", ["1h", None])
def test_a_permit_excuses_an_act_that_follows_it_closely_enough(burden: str, within: str | None) -> None:
    said = {**SHOWN, "burden": burden, "within": within}
    text = excused({key: one for key, one in said.items() if one is not None})
    for when, level in product(combinations_with_replacement(EDGES, 2), (SURE, UNSURE)):
        permit = fact("p", "permit", when, zone="valley", occurred=level)
        acts = [attack("sharp", zone="valley"), attack("wide", (NOON - 1, NOON), zone="valley"), attack("unplaced")]
        agree(text, [permit, *acts, attack("elsewhere", zone="harbour")])


@pytest.mark.parametrize(("burden", "judged"), [("accuser", Tri.MAYBE), ("pleader", Tri.YES)])
def test_a_permit_that_is_alleged_leaves_doubt_only_where_the_accuser_must_disprove_it(
    burden: str, judged: Tri
) -> None:
    text = excused({**SHOWN, "burden": burden})
    permits = [fact("p", "permit", NOON, zone="valley", occurred=UNSURE), fact("q", "permit", NOON, zone="harbour")]

    acts = [attack("f1", zone="valley"), attack("f2", zone="harbour"), attack("f3", zone="east-bank")]

    assert agree(text, [*permits, *acts]) == {"f1": judged, "f3": Tri.YES}


def test_an_exception_undoes_an_excuse_as_surely_as_it_is_shown() -> None:
    for burden in ("accuser", "pleader"):
        text = excused({**SHOWN, "burden": burden, "unless": {"fact": "order", "same": "zone"}})
        for levels in product((SURE, UNSURE, None), repeat=2):
            said = [
                fact(kind, kind, NOON, zone="valley", occurred=level)
                for kind, level in zip(("permit", "order"), levels, strict=True)
                if level is not None
            ]
            agree(text, [*said, attack("f1", zone="valley"), attack("f2")])


def test_what_excuses_is_of_the_act_or_of_the_clause() -> None:
    text = excused({"shown": {"fact": "notice"}, "within": "1h", "burden": "accuser"})
    acts = [attack("f1"), attack("f2")]

    assert agree(text, [fact("n", "notice", NOON, of="f1"), *acts]) == {"f2": Tri.YES}
    assert agree(text, [fact("n", "notice", NOON, of="it"), *acts]) == {}
    assert agree(text, [fact("n", "notice", NOON, of=("f2", "else")), *acts]) == {"f1": Tri.YES}
    assert agree(text, [fact("n", "notice", NOON, of="else"), *acts]) == {"f1": Tri.YES, "f2": Tri.YES}
    assert agree(text, [fact("n", "notice", NOON, op=Op.REDACT), *acts]) == {"f1": Tri.MAYBE, "f2": Tri.MAYBE}


def test_any_of_several_excuses_will_do() -> None:
    text = excused(SHOWN, {"shown": {"fact": "notice"}, "within": "1h", "burden": "accuser"})
    said = [fact("p", "permit", NOON, zone="valley"), fact("n", "notice", NOON, of="f2")]
    acts = [attack("f1", zone="valley"), attack("f2", zone="harbour"), attack("f3", zone="harbour")]

    assert agree(text, [*said, *acts]) == {"f3": Tri.YES}


# ---- who may plead -------------------------------------------------------------------------------------------------


def test_an_excuse_serves_only_those_to_whom_it_is_available() -> None:
    text = excused({**SHOWN, "available_to": ["north"]})
    permits = [fact("p", "permit", NOON, zone="valley")]
    acts = [attack(f"by-{by}", zone="valley", by=by) for by in ("north", "south", "north-army", "band", None)]

    assert agree(text, [*permits, *acts]) == {}
    rows = stands(text, [*permits, *acts], of="it")
    assert [{one.fact: one.answer for one in row.episodes} for row in rows] == [
        {},
        {"by-None": Tri.MAYBE, "by-band": Tri.MAYBE, "by-south": Tri.YES},
    ]


# ---- pleas that a case judges --------------------------------------------------------------------------------------

PLEA = {"plea": "self-defence", "judged_by": "commission"}


def ruling(of: str, finding: str = "established", plea: str = "self-defence", **more: Any) -> Fact:  # noqa: ANN401  fields
    return fact(f"r-{of}-{plea}", "determination", "6", by="commission", of=of, plea=plea, finding=finding, **more)


def test_a_plea_excuses_the_act_for_which_it_was_established() -> None:
    text, acts = excused(PLEA), [attack("f1"), attack("f2"), attack("f3", by=None)]

    assert agree(text, acts) == {"f1": Tri.YES, "f2": Tri.YES, "f3": Tri.MAYBE}
    assert agree(text, [ruling("f1"), *acts]) == {"f2": Tri.YES, "f3": Tri.MAYBE}
    assert agree(text, [ruling("it"), *acts]) == {}
    assert agree(text, [ruling("f1", "rejected"), *acts]) == {"f1": Tri.YES, "f2": Tri.YES, "f3": Tri.MAYBE}
    assert agree(text, [ruling("f1", plea="necessity"), *acts]) == {"f1": Tri.YES, "f2": Tri.YES, "f3": Tri.MAYBE}
    both = [ruling("f1", plea="necessity"), ruling("f2"), ruling("it", "rejected")]
    assert agree(text, [*both, *acts]) == {"f1": Tri.YES, "f2": Tri.YES, "f3": Tri.MAYBE}
    assert agree(text, [ruling("f1", occurred=UNSURE), ruling("f2"), *acts])["f1"] is Tri.YES
    assert agree(text, [ruling("f1"), *acts], "6") == {"f2": Tri.YES, "f3": Tri.MAYBE}


# ---- failures, which are no facts ----------------------------------------------------------------------------------

OUT = clause(
    "it",
    "achieve",
    by="north",
    after="2031-03-05T00:00+02:00",
    within="12h",
    each={"unit": {"of": "north"}},
    state={"fact": "position", "in": "valley"},
)


@pytest.mark.parametrize("within", [None, "1h"])
@pytest.mark.parametrize("same", [(), ("zone",)])
def test_what_was_shown_before_a_failure_excuses_it(within: str | None, same: tuple[str, ...]) -> None:
    shown = {"fact": "permit", **({"same": [*same]} if same else {})}
    excuse = {"shown": shown, "burden": "accuser", **({"within": within} if within else {})}
    text = agreement({**OUT, "excuse": excuse})
    (asked,) = text.clauses["it"].latest().excuse
    assert asked.shown is not None
    late = fact("late", "position", "6", by="north", unit="n1", zone="harbour")
    for when, level in product(combinations_with_replacement(EDGES, 2), (SURE, UNSURE)):
        permit = fact("p", "permit", when, of="it", unit="n1", occurred=level)
        same_rows(text, [permit, late], Question(as_of=at("9"), known_at=NEVER), only="it")
    permits = [fact("p", "permit", NOON - HOUR, of="it"), fact("q", "permit", NOON - HOUR - 1, of="else")]
    inquiry = in_columns(text, permits, at("9"))
    for shift, found in ((-1, Tri.YES), (0, Tri.YES), (1, Tri.NO if within else Tri.YES)):
        deed = Deed(_worded(text), "north", (("unit", "n1"),), Interval.at(NOON + shift))

        assert shown_before(inquiry, asked, asked.shown, deed) == (found, ())
    nobody = in_columns(text, [], at("9"))
    assert shown_before(nobody, asked, asked.shown, Deed(_worded(text), "north", (), Interval.at(NOON))) == (
        Tri.NO,
        (),
    )


def _worded(text: Agreement) -> AnyClause:
    return text.clauses["it"].latest()


# ---- on conditions, and by powers ----------------------------------------------------------------------------------

MAY = clause("may", "power", by=["north", "south"], may="excuse", of="it", exercise={"fact": "attack"})
ORDERED = {"happened": {"fact": "order"}, "within": "1h"}


def test_an_excuse_on_a_condition_counts_where_it_held_when_the_act_began() -> None:
    shown = excused({**SHOWN, "if": ORDERED})
    permitted = agreement(QUIET, {**MAY, "if": ORDERED})
    acts = [attack("sharp", zone="valley"), attack("wide", (NOON - 1, NOON + 1), zone="valley")]
    permit = fact("p", "permit", NOON - 1, zone="valley")
    for when, level in product(combinations_with_replacement(EDGES, 2), (SURE, UNSURE)):
        order = fact("o", "order", when, occurred=level)
        for text in (shown, permitted):
            agree(text, [permit, order, *acts])


@pytest.mark.parametrize("burden", ["accuser", "pleader"])
def test_a_power_permits_acts_as_surely_as_it_was_in_force_when_they_happened(burden: str) -> None:
    said = {**MAY, "burden": burden}
    withdrawn = agreement(QUIET, said, amendments=[amendment("d1", "5 12:00", removes=["may"])])
    granted = agreement(QUIET, amendments=[amendment("d1", "5 12:00", said)])
    acts = [attack(f"f{shift}", NOON + shift) for shift in (-1, 0, 1)] + [attack("wide", (NOON - 1, NOON))]

    later = {"f0": Tri.YES, "f1": Tri.YES, "wide": Tri.YES}
    assert agree(withdrawn, acts) == later
    early = {"f-1": Tri.YES, "wide": Tri.MAYBE if burden == "accuser" else Tri.YES}
    assert agree(granted, acts) == early


def test_a_power_permits_acts_under_the_clauses_that_it_then_was_over() -> None:
    later = amendment("d1", "5 12:00", {"id": "may", "of": "halt"})
    acts = [attack(f"f{shift}", NOON + shift) for shift in (-1, 0, 1)]

    assert agree(agreement(QUIET, halt(), MAY, amendments=[later]), acts) == {"f0": Tri.YES, "f1": Tri.YES}


def test_a_power_permits_what_exercises_it_by_those_who_have_it() -> None:
    text = agreement(QUIET, {**MAY, "by": "north", "exercise": {"fact": "attack", "in": "valley"}})
    acts = [
        attack(f"{by}-{zone}-{level.name}", zone=zone, by=by, occurred=level)
        for by, zone, level in product(("north", "south", None), ("valley", "harbour", None), (SURE, UNSURE))
    ]

    found = agree(text, acts)

    assert "north-valley-CORROBORATED" not in found
    assert found["north-harbour-CORROBORATED"] is Tri.YES
    assert agree(agreement(QUIET, {**MAY, "of": "halt"}, halt()), acts[:1]) == {"north-valley-CORROBORATED": Tri.YES}
