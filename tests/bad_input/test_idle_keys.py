"""A key that no rule of meaning reads where it stands is said so, at its own place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bad_input.valoria import clause

if TYPE_CHECKING:
    from tests.bad_input.conftest import Run

ACHIEVED = ("by: north", "after: approval", "within: 24h", "state: {fact: position, in: valley}")
HALTED = ("by: north", "after: approval", "act: {fact: attack}")


@pytest.mark.parametrize("extra", ["in: valley", "outside: valley", "by: north", "unit: first", "judgement: visible"])
def test_evidence_of_the_states_own_kind_says_nothing_more(check: Run, extra: str) -> None:
    shown = f"shown_by: {{fact: position, {extra}}}"

    (fault,) = check(clause("achieve", *ACHIEVED, shown)).faults
    assert fault.startswith("agreement.yaml:27:5: evidence of the kind 'position' means the state itself")


def test_of_several_sorts_of_evidence_the_one_meant_is_named(check: Run) -> None:
    shown = ["shown_by:", "  - {fact: declaration, by: envoy}", "  - {fact: position, in: valley}"]

    (fault,) = check(clause("achieve", *ACHIEVED, *shown)).faults
    assert fault.startswith("agreement.yaml:29:9: evidence of the kind 'position' means the state itself")


def test_evidence_of_the_states_own_kind_alone_is_fine(check: Run) -> None:
    shown = ["shown_by:", "  - {fact: declaration, by: envoy}", "  - {fact: position, stale_after: 6h}"]

    assert check(clause("achieve", *ACHIEVED, *shown)).faults == []


@pytest.mark.parametrize("key", ["within: 1h", "unless: {fact: order}", "if: {happened: {fact: order}}"])
def test_a_plea_that_a_case_judges_has_no_conditions_of_its_own(check: Run, key: str) -> None:
    one = f"excuse: {{plea: self-defence, {key}}}"
    several = ["excuse:", "  - {shown: {fact: permit}, within: 1h}", f"  - {{plea: self-defence, {key}}}"]
    says = "means nothing beside a plea that a case judges"

    (alone,) = check(clause("prohibit", *HALTED, one)).faults
    (second,) = check(clause("prohibit", *HALTED, *several)).faults
    assert alone.startswith("agreement.yaml:26:")
    assert says in alone
    assert second.startswith("agreement.yaml:28:")
    assert says in second


def test_an_excuse_that_facts_show_may_have_conditions(check: Run) -> None:
    excuse = "excuse: {shown: {fact: permit}, within: 1h, unless: {fact: order}}"

    assert check(clause("prohibit", *HALTED, excuse)).faults == []


def test_only_what_shows_an_achieved_state_grows_stale(check: Run) -> None:
    (fault,) = check(
        clause("prohibit", "by: north", "after: approval", "act: {fact: attack, stale_after: 6h}")
    ).faults
    assert "'stale_after: 6h' means nothing here" in fault
    start = "start: {within: 1h, shown_by: {fact: order, stale_after: 6h}}"
    assert check(clause("achieve", *ACHIEVED[:3], ACHIEVED[3], start)).faults == []


@pytest.mark.parametrize(
    ("field", "says"),
    [("killed", ""), ("weapon", "no counted fact has a number 'weapon'"), ("age", "no counted fact has a number")],
)
def test_what_is_summed_is_a_number_of_a_counted_kind(check: Run, field: str, says: str) -> None:
    faults = check(
        clause(
            "tally",
            "by: north",
            "after: approval",
            "within: 24h",
            "count: {fact: attack}",
            f"field: {field}",
            "at_most: 3",
        )
    ).faults

    assert [says in fault for fault in faults] == ([True] if says else [])
