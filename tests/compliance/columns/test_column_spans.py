"""Stretches of time under keys: each question beside a look at every one of them."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from trucekeeper.compliance.columns.spans import SPARSE, Spans, alike
from trucekeeper.compliance.columns.values import NOTHING, Numerals, Values
from trucekeeper.terms import DAWN, NEVER

Stretch = tuple[int, int, int]


def spans(several: list[Stretch]) -> Spans:
    keys, earliest, latest = zip(*several, strict=True) if several else ((), (), ())
    return Spans(np.array(keys, np.int64), np.array(earliest, np.int64), np.array(latest, np.int64))


def agree(several: list[Stretch], asked: list[tuple[int, int]]) -> None:
    found = spans(several)
    keys, moments = (np.array(column, np.int64) for column in zip(*asked, strict=True))
    ends = [[b for k, a, b in several if k == key and a >= since] for key, since in asked]
    starts = [[a for k, a, b in several if k == key and b >= since] for key, since in asked]
    of_key = [[(a, b) for k, a, b in several if k == key] for key, _ in asked]

    assert found.first_end(keys, moments).tolist() == [min(each, default=NEVER) for each in ends]
    assert found.first_start(keys, moments).tolist() == [min(each, default=NEVER) for each in starts]
    assert found.last_end(keys).tolist() == [max((b for _, b in each), default=DAWN) for each in of_key]
    assert found.last_start(keys).tolist() == [max((a for a, _ in each), default=DAWN) for each in of_key]


TIMES = {
    "days": [*range(1, 9)],
    "before and after the turn of the epoch": [*range(-4, 5)],
    "from dawn to never": [DAWN, DAWN + 1, -3, 0, 2, NEVER - 1, NEVER],
}


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("lasting", [False, True])
def test_the_first_and_last_of_each_key_are_those_that_a_look_at_every_one_finds(
    times: str, *, lasting: bool
) -> None:
    dice, moments = Random(times), TIMES[times]  # noqa: S311  nothing here is a secret
    beyond = sorted({moments[0] - 2, moments[-1] + 2, *moments})
    for _ in range(150):
        starts = [(dice.randrange(4), dice.choice(moments)) for _ in range(dice.randrange(1, 9))]
        several = [(key, start, max(start, dice.choice(moments)) if lasting else start) for key, start in starts]
        agree(several, [(dice.randrange(6), dice.choice(beyond)) for _ in range(6)])


def test_of_no_stretches_there_is_no_first_and_no_last() -> None:
    agree([], [(0, 0), (3, DAWN), (1, NEVER)])


def test_stretches_of_a_moment_are_told_from_those_that_last() -> None:
    assert spans([(0, 1, 1), (1, 5, 5)]).moments
    assert not spans([(0, 1, 1), (1, 5, 6)]).moments


def test_a_key_that_no_stretch_has_finds_nothing_however_large_it_is() -> None:
    """Once such a key, times the years on hand, wrapped round to the times of another."""
    agree([(0, -(1 << 60), 1 << 60), (1, 5, 6)], [(key, 0) for key in (0, 1, 2, 3, 4, 7, 8, 1 << 30)])


# ---- alike ---------------------------------------------------------------------------------------------------------

NAMES = Numerals("f", 1 << 31)
WORDS = (None, "a", "b", "c")


def pairs_of(askers: list[list[str | None]], others: list[list[str | None]]) -> set[tuple[int, int, bool]]:
    found: set[tuple[int, int, bool]] = set()
    columns = [[Values.of(column) for column in side] for side in (askers, others)]
    for one in alike(*columns):
        for at, asker in enumerate(one.askers.tolist()):
            for place, other in enumerate(one.others.tolist()):
                if one.asker_keys[at] == one.other_keys[place]:
                    assert (asker, other) not in {pair[:2] for pair in found}
                    found.add((asker, other, one.certain))
    return found


def wanted(askers: list[list[str | None]], others: list[list[str | None]]) -> set[tuple[int, int, bool]]:
    found = set()
    for asker, mine in enumerate(zip(*askers, strict=True)):
        for other, theirs in enumerate(zip(*others, strict=True)):
            both = [*zip(mine, theirs, strict=True)]
            if all(one is None or another is None or one == another for one, another in both):
                found.add((asker, other, all(None not in pair for pair in both)))
    return found


@pytest.mark.parametrize("aspects", [1, 2, 3])
def test_those_are_alike_that_agree_in_all_that_both_say(aspects: int) -> None:
    dice = Random(aspects)  # noqa: S311  nothing here is a secret
    for _ in range(60):
        sides = [
            [[dice.choice(WORDS) for _ in range(count)] for _ in range(aspects)]
            for count in (dice.randint(1, 6), dice.randint(1, 6))
        ]

        assert pairs_of(*sides) == wanted(*sides)


def test_keys_are_small_even_of_many_values_that_could_be_said() -> None:
    many = Numerals("f", 1_000_000_000)
    askers, others = Values(np.array([999_999_999, 5]), many), Values(np.array([5, 7, NOTHING]), many)

    certain, doubtful = sorted(alike([askers], [others]), key=lambda one: not one.certain)

    assert max(certain.asker_keys.max(), certain.other_keys.max()) <= 3
    assert certain.asker_keys[1] == certain.other_keys[0]
    assert len({*certain.asker_keys.tolist(), *certain.other_keys.tolist()}) == 3
    assert doubtful.others.tolist() == [2]


def test_few_values_keep_their_codes_as_keys() -> None:
    (one,) = alike([Values.of(["a", "b", "a"])], [Values.of(["b", "b", "a"])])

    assert one.asker_keys.tolist() == [0, 1, 0]
    assert one.other_keys.tolist() == [1, 1, 0]


def test_keys_are_numbered_anew_where_more_could_be_said_than_there_are_facts() -> None:
    said = [np.array([1]), np.array([1, 3 * SPARSE - 1])], [np.array([1]), np.array([1, 3 * SPARSE])]

    few, many = (next(alike([Values(ours, NAMES)], [Values(theirs, NAMES)])) for ours, theirs in said)

    assert (few.asker_keys.tolist(), few.other_keys.tolist()) == ([1], [1, 3 * SPARSE - 1])
    assert (many.asker_keys.tolist(), many.other_keys.tolist()) == ([0], [0, 1])
