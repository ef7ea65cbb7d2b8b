"""A ladder of amounts says what adding them up one by one says."""

from __future__ import annotations

from bisect import bisect_right
from random import Random

import pytest

from trucekeeper.compliance.live import ladder
from trucekeeper.compliance.live.ladder import Ladder


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "MOST_RUNGS", 4)


def _filled(draw: Random, number: int) -> tuple[Ladder, list[tuple[int, int]]]:
    """Return a ladder into which amounts were put and out of which some were taken, and those that are left."""
    found = Ladder()
    left: list[tuple[int, int]] = []
    for _ in range(number):
        if left and draw.random() < 0.4:
            moment, amount = left.pop(draw.randrange(len(left)))
            found.add(moment, amount, -1)
        else:
            moment, amount = draw.randrange(60), draw.randrange(9)
            found.add(moment, amount)
            left.append((moment, amount))
    return found, left


@pytest.mark.parametrize("seed", range(40))
def test_the_sum_up_to_a_moment_is_that_of_all_amounts_up_to_it(seed: int) -> None:
    found, left = _filled(Random(seed), 150)  # noqa: S311  nothing here is a secret

    for moment in range(-1, 62):
        assert found.up_to(moment) == sum(amount for at, amount in left if at <= moment)


@pytest.mark.parametrize("seed", range(40))
def test_its_moments_are_those_at_which_something_stands(seed: int) -> None:
    found, left = _filled(Random(seed), 150)  # noqa: S311  nothing here is a secret
    moments = sorted({at for at, _ in left})

    assert list(found) == moments
    assert list(found[2:5]) == moments[2:5]
    assert list(found[1:][1:-1]) == moments[1:][1:-1]
    assert len(found) == len(moments)
    assert [found[number] for number in range(-len(moments), 0)] == moments
    for moment in range(-1, 62):
        later = bisect_right(moments, moment)
        assert found.after(moment) == (moments[later] if later < len(moments) else None)


def test_a_ladder_from_which_all_was_taken_is_empty() -> None:
    found = Ladder()
    for moment in range(50):
        found.add(moment, 1)
    for moment in range(50):
        found.add(moment, 1, -1)

    assert list(found) == []
    assert found.up_to(100) == 0
    assert found.after(-1) is None
    with pytest.raises(IndexError):
        _ = found[0]


def test_a_ladder_has_no_rung_before_its_first_or_beyond_its_last() -> None:
    found = Ladder()
    for moment in range(9):
        found.add(moment, 1)

    assert (found[-9], found[8], found[2:5][-3]) == (0, 8, 2)
    for beyond in (-10, -14, 9):
        with pytest.raises(IndexError):
            _ = found[beyond]
    with pytest.raises(IndexError):
        _ = found[2:5][3]


def test_a_rung_that_two_amounts_share_stands_until_both_are_taken() -> None:
    found = Ladder()
    found.add(5, 2)
    found.add(5, 3)

    found.add(5, 2, -1)

    assert (list(found), found.up_to(4), found.up_to(5)) == ([5], 0, 3)
