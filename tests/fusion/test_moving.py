"""Single moves: each report goes to the incident it fits best, until none would go."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucekeeper.fusion.merging import pairs_within
from trucekeeper.fusion.moving import moved

if TYPE_CHECKING:
    from collections.abc import Sequence

Weights = dict[tuple[int, int], int]
Board = tuple[list[int], list[int], Weights]


def after(label: Sequence[int], weights: Weights, begun: Sequence[int] | None = None) -> list[list[int]]:
    """Return the clusters after moving in one component, each as its sorted rows."""
    rows = list(range(len(label)))
    found = _moved(label, [0] * len(label), weights, rows if begun is None else begun)
    return sorted([row for row in rows if found[row] == name] for name in sorted(set(found)))


def _moved(label: Sequence[int], component: Sequence[int], weights: Weights, begun: Sequence[int]) -> list[int]:
    where = np.array(component, dtype=np.int64)
    one, two = pairs_within(where)
    given_ = np.array([weights[pair] for pair in zip(one.tolist(), two.tolist(), strict=True)], dtype=np.int64)
    begins, labels = np.array(begun, dtype=np.int64), np.array(label, dtype=np.int64)
    found: list[int] = moved(begins, labels, where, (one, two, given_)).tolist()
    return found


def total(label: Sequence[int], weights: Weights) -> int:
    """Return the sum of the weights of pairs that are together."""
    return sum(weight for (one, two), weight in weights.items() if label[one] == label[two])


def drawn(row: int, name: int, label: Sequence[int], weights: Weights) -> int:
    """Return what a row weighs with the other rows of a cluster."""
    mates = [other for other in range(len(label)) if other != row and label[other] == name]
    return sum(weights.get((min(row, other), max(row, other)), 0) for other in mates)


@st.composite
def boards(draw: st.DrawFn) -> Board:
    """Return labels, components that hold them, and all weights inside."""
    size = draw(st.integers(1, 9))
    component = [draw(st.integers(0, 1)) for _ in range(size)]
    label: list[int] = []
    for row in range(size):
        mates = [other for other in range(row) if component[other] == component[row] and label[other] == other]
        label.append(draw(st.sampled_from([row, *mates])))
    pairs = [(a, b) for a, b in combinations(range(size), 2) if component[a] == component[b]]
    return label, component, {pair: draw(st.integers(-5, 5)) for pair in pairs}


def test_a_report_leaves_a_bad_match_for_the_incident_that_more_speaks_for() -> None:
    weights = {(0, 1): 900, (0, 2): 500, (0, 3): 500, (1, 2): -3000, (1, 3): -3000, (2, 3): 400}
    assert after([0, 0, 2, 2], weights) == [[0, 2, 3], [1]]


def test_a_report_that_the_others_are_against_goes_alone() -> None:
    weights = {(0, 1): 900, (0, 2): 100, (1, 2): -300}
    assert after([0, 0, 0], weights) == [[0, 1], [2]]


def test_what_is_best_as_it_is_stays() -> None:
    weights = {(0, 1): 10, (0, 2): 10, (1, 2): -10}
    assert after([0, 0, 2], weights) == [[0, 1], [2]]
    assert after([0, 1, 0], weights) == [[0, 2], [1]]


def test_a_move_that_gains_nothing_is_not_made() -> None:
    assert after([0, 1], {(0, 1): 0}) == [[0], [1]]
    assert after([0, 0], {(0, 1): 0}) == [[0, 1]]


def test_what_people_joined_moves_as_one() -> None:
    weights = {(0, 1): -900, (0, 2): 500, (0, 3): -900, (1, 2): -200, (1, 3): 800, (2, 3): -50}
    assert after([0, 0, 2, 3], weights) == [[0, 2], [1, 3]]
    assert after([0, 0, 2, 3], weights, begun=[0, 0, 2, 3]) == [[0, 1, 2], [3]]


def test_between_equal_incidents_the_smaller_key_comes_first() -> None:
    weights = {(0, 1): -9, (0, 2): 5, (1, 2): 5}
    assert after([0, 1, 2], weights) == [[0, 2], [1]]


@given(boards())
@settings(max_examples=300)
def test_no_report_would_rather_be_elsewhere_and_the_whole_is_no_worse(
    board: Board,
) -> None:
    label, component, weights = board
    found = _moved(label, component, weights, range(len(label)))
    assert total(found, weights) >= total(label, weights)
    for row in range(len(label)):
        here = drawn(row, found[row], found, weights)
        assert here >= 0  # else it would be alone
        assert all(drawn(row, name, found, weights) <= here for name in set(found) - {found[row]})


@given(boards())
def test_components_do_not_matter_to_one_another(
    board: Board,
) -> None:
    label, component, weights = board
    found = _moved(label, component, weights, range(len(label)))
    for part in set(component):
        rows = [row for row in range(len(label)) if component[row] == part]
        own = {(rows.index(a), rows.index(b)): weight for (a, b), weight in weights.items() if a in rows}
        alone = _moved([rows.index(label[row]) for row in rows], [0] * len(rows), own, range(len(rows)))
        assert [rows[name] for name in alone] == [found[row] for row in rows]


@pytest.mark.parametrize("size", [0, 1])
def test_nothing_and_one_report_stay_as_they_are(size: int) -> None:
    assert after([0] * size, {}) == [[0]] * size  # of none, none
