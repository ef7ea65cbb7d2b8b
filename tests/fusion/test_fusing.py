"""Fusing: whatever the order in which reports come and go, the same incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports_small import report
from trucekeeper.fusion.fusing import Fusing
from trucekeeper.fusion.model import Model

if TYPE_CHECKING:
    from trucekeeper.terms import Report


def standing(fusing: Fusing, reports: list[Report]) -> dict[int, tuple[int, ...]]:
    names = {fusing.holding(one.key) for one in reports} - {None}
    found = {name: fusing.incident(name) for name in names if name is not None}
    return {
        name: tuple(one.key for one in incident.reports) for name, incident in found.items() if incident is not None
    }


def begun(*reports: Report) -> Fusing:
    fusing = Fusing(Model.default())
    fusing.change(added=reports)
    return fusing


def test_what_adds_to_a_report_goes_with_it_and_waits_until_it_is_there() -> None:
    event, mention = report(2, "gdelt", name="e"), report(1, "gdelt", name="m", about="gdelt/e", hours=90)
    fusing = begun(mention)

    assert [one.key for one in fusing.waiting] == [1]
    assert fusing.holding(1) is None
    assert fusing.change(added=[event]) == {2}
    assert standing(fusing, [event, mention]) == {2: (1, 2)}
    assert fusing.holding(1) == 2
    assert fusing.waiting == ()
    assert fusing.change(removed=[mention]) == {2}
    assert standing(fusing, [event]) == {2: (2,)}
    assert len(fusing) == 1


@pytest.mark.parametrize("killed", [10**15, -(10**15), 2**31])
def test_a_number_that_nobody_counts_stops_nobody(killed: int) -> None:
    reports = [report(1, "radio", fields={"killed": killed}), report(2, "paper", fields={"killed": 3})]

    assert standing(begun(*reports), reports) == {1: (1, 2)}


def test_people_join_what_is_far_apart_and_part_what_is_near() -> None:
    near, same, far = report(1, "radio"), report(2, "paper", hours=0.5), report(3, "wire", hours=70)
    fusing = begun(near, same, far)
    assert standing(fusing, [near, same, far]) == {1: (1, 2), 3: (3,)}

    fusing.link("radio/1", "paper/2", same=False)
    fusing.link("radio/1", "wire/3", same=True)
    assert standing(fusing, [near, same, far]) == {1: (1, 3), 2: (2,)}
    fusing.link("paper/2", "radio/1", same=None)
    fusing.link("wire/3", "radio/1", same=None)
    assert standing(fusing, [near, same, far]) == {1: (1, 2), 3: (3,)}


def test_a_decision_on_a_report_that_comes_later_holds_when_it_comes() -> None:
    fusing = Fusing(Model.default())
    fusing.link("radio/1", "paper/2", same=False)
    fusing.change(added=[report(1, "radio"), report(2, "paper")])

    assert fusing.holding(2) == 2


def test_a_split_off_part_is_named_after_its_own_first_report() -> None:
    one, other, third = report(1, "radio"), report(2, "paper"), report(3, "wire")
    fusing = begun(one, other, third)
    fusing.link("radio/1", "paper/2", same=False)
    fusing.link("radio/1", "wire/3", same=False)

    assert standing(fusing, [one, other, third]) == {1: (1,), 2: (2, 3)}


def test_each_pair_says_term_by_term_why_it_is_one() -> None:
    fusing = begun(report(1, "radio"), report(2, "paper", by="north"), report(3, "paper", name="3", hours=0.2))
    incident = fusing.incident(1)
    assert incident is not None
    joints = fusing.joints(incident)

    assert [(one.one, one.other) for one in joints] == [("radio/1", "paper/2"), ("radio/1", "paper/3")]
    assert all(sum(one.terms.values()) == one.weight for one in joints)


@st.composite
def _reports(draw: st.DrawFn) -> list[Report]:
    return [
        report(
            key,
            draw(st.sampled_from(["radio", "paper", "wire"])),
            draw(st.sampled_from(["shelling", "gunfire", "unstated"])),
            draw(st.sampled_from([0, 1, 12, 24, 25])),
            draw(st.sampled_from([0, 200, 3000, 6000])),
            placed=draw(st.integers(0, 5)) > 0,
            day=draw(st.booleans()),
            about=draw(st.sampled_from(["", "", "", "radio/0"])) if key else "",
            text=draw(st.sampled_from(["", "", "shells at Dolna"])),
        )
        for key in range(draw(st.integers(1, 8)))
    ]


@settings(max_examples=60)
@given(_reports(), st.data())
def test_the_incidents_are_the_same_in_any_order_and_after_any_coming_and_going(
    reports: list[Report], data: st.DataObject
) -> None:
    together = begun(*reports)
    shuffled = data.draw(st.permutations(reports))
    one_by_one = Fusing(Model.default())
    for one in shuffled:
        one_by_one.change(added=[one])
    assert standing(one_by_one, reports) == standing(together, reports)

    gone = data.draw(st.lists(st.sampled_from(reports), unique_by=lambda one: one.key))
    for one in gone:
        one_by_one.change(removed=[one])
    left = [one for one in reports if one not in gone]
    assert standing(one_by_one, left) == standing(begun(*left), left)


@settings(max_examples=60)
@given(_reports(), st.data())
def test_every_incident_that_is_not_what_it_was_is_named(reports: list[Report], data: st.DataObject) -> None:
    fusing = Fusing(Model.default())
    there: list[Report] = []
    for one in reports:
        before = standing(fusing, there)
        leaving = data.draw(st.sampled_from([None, *there]))
        touched = fusing.change(added=[one], removed=[] if leaving is None else [leaving])
        there = [*(other for other in there if other is not leaving), one]
        after = standing(fusing, there)
        assert {name for name in {*before, *after} if before.get(name) != after.get(name)} <= touched


def test_a_dataset_that_tells_of_each_event_once_never_tells_twice_of_one() -> None:
    one, other = report(1, "ucdp", distinct=True), report(2, "ucdp", distinct=True, hours=0.1)
    witness = report(3, "radio", hours=0.05)

    assert standing(begun(one, other), [one, other]) == {1: (1,), 2: (2,)}
    assert len(standing(begun(one, other, witness), [one, other, witness])) == 2


def test_a_decision_waits_for_the_second_of_its_reports() -> None:
    fusing = begun(report(1, "radio"))
    fusing.link("radio/1", "paper/2", same=False)
    assert (len(fusing), fusing.holding(1)) == (1, 1)

    fusing.change(added=[report(2, "paper"), report(3, "paper", name="3", about="radio/1")])

    assert (len(fusing), fusing.holding(2), fusing.holding(3)) == (3, 2, 1)


def test_a_repeated_claim_is_told_among_the_copies_of_its_incident() -> None:
    fusing = begun(report(1, "radio"), report(2, "radio"), report(3, "paper"))
    incident = fusing.incident(1)

    assert incident is not None
    assert (incident.copies, [one.key for one in fusing._speaking()]) == (((1, 2),), [1, 3])  # noqa: SLF001


def test_of_two_decisions_on_one_pair_the_later_counts() -> None:
    near, other = report(1, "radio"), report(2, "paper", hours=0.5)
    fusing = begun(near, other)
    for same in (False, True, False):
        fusing.link("radio/1", "paper/2", same=same)

    assert standing(fusing, [near, other]) == {1: (1,), 2: (2,)}
    fusing.link("paper/2", "radio/1", same=True)
    assert standing(fusing, [near, other]) == {1: (1, 2)}


@pytest.mark.parametrize("again", ["radio/1", "agency/9"], ids=["of the same reports", "of a copy of one"])
def test_what_is_decided_again_is_as_late_as_it_was_last_said(again: str) -> None:
    text = "shells fell on the mill at Dolna, and two men were hurt"
    first, copy = report(1, "radio", text=text), report(9, "agency", text=text)
    paper, wire = report(2, "paper", hours=40), report(3, "wire", hours=80)
    several = [first, paper, wire, copy]
    fusing = begun(*several)
    fusing.link("radio/1", "paper/2", same=True)
    fusing.link("radio/1", "wire/3", same=False)
    fusing.link("paper/2", "wire/3", same=True)
    assert standing(fusing, several) == {1: (1, 9), 2: (2, 3)}
    fusing.link(again, "paper/2", same=True)
    fusing.link("paper/2", "wire/3", same=True)

    assert standing(fusing, several) == {1: (1, 2, 3, 9)}
    fusing.link(again, "wire/3", same=False)
    fusing.link(again, "paper/2", same=True)
    assert standing(fusing, several) == {1: (1, 2, 9), 3: (3,)}
    afresh = Fusing(Model.default())
    for (one, other), same in fusing.links.items():
        afresh.link(one, other, same=same)
    afresh.change(added=several)
    assert standing(afresh, several) == standing(fusing, several)
