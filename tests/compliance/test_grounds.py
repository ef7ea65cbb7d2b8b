"""Reasons and verdicts: the tree of why, and the verdict that follows from the bounds."""

from __future__ import annotations

from itertools import product

import pytest

from trucekeeper.compliance.grounds import Ground, settle
from trucekeeper.terms import Tri, Verdict

SURE, DOUBT, NOT = Tri.YES, Tri.MAYBE, Tri.NO
TREE = Ground("a", facts=("f1", "f2"), of=(Ground("b", of=(Ground("c", facts=("f3",)),)), Ground("d", facts=("f1",))))


def test_a_tree_of_reasons_names_every_fact_it_rests_on_once() -> None:
    assert TREE.leaves() == {"f1", "f2", "f3"}
    assert Ground("bare").leaves() == frozenset()


def test_reasons_are_told_outermost_first_each_with_its_depth() -> None:
    assert [(depth, one.says) for depth, one in TREE.walk()] == [(0, "a"), (1, "b"), (2, "c"), (1, "d")]
    assert [depth for depth, _ in TREE.walk(3)] == [3, 4, 5, 4]


@pytest.mark.parametrize(
    ("bounds", "verdict"),
    [
        ((NOT, SURE, SURE, SURE), Verdict.NOT_IN_FORCE),
        ((SURE, SURE, SURE, SURE), Verdict.CONTRARY),
        ((DOUBT, SURE, NOT, NOT), Verdict.CANNOT_TELL),
        ((DOUBT, NOT, SURE, SURE), Verdict.CANNOT_TELL),
        ((SURE, DOUBT, SURE, SURE), Verdict.CANNOT_TELL),
        ((SURE, NOT, SURE, NOT), Verdict.CONSISTENT),
        ((SURE, NOT, SURE, SURE), Verdict.CONSISTENT),
        ((SURE, NOT, DOUBT, SURE), Verdict.OPEN),
        ((SURE, NOT, NOT, SURE), Verdict.OPEN),
        ((SURE, NOT, DOUBT, DOUBT), Verdict.CANNOT_TELL),
        ((SURE, NOT, NOT, NOT), Verdict.CANNOT_TELL),
    ],
)
def test_the_verdict_follows_from_both_bounds_of_each_answer(
    bounds: tuple[Tri, Tri, Tri, Tri], verdict: Verdict
) -> None:
    begun, contrary, kept, ahead = bounds

    assert settle(begun=begun, contrary=contrary, kept=kept, ahead=ahead) is verdict


def test_no_doubt_is_ever_contrary_and_no_possible_act_consistent() -> None:
    for begun, contrary, kept, ahead in product(Tri, repeat=4):
        verdict = settle(begun=begun, contrary=contrary, kept=kept, ahead=ahead)

        assert (verdict is Verdict.CONTRARY) == (begun is contrary is SURE)
        assert verdict is not Verdict.CONSISTENT or contrary is NOT
