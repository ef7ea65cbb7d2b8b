"""Looking only within reach finds every pair that weighs more than nought."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fusion_small import CODES, columns, report, small_worlds, valoria, weigher
from trucekeeper.fusion.candidates import FEW, Edges, every_pair, pairs_by_grid, positive_pairs, reach, weigh_many
from trucekeeper.fusion.columns import HOUR_US, Columns
from trucekeeper.fusion.fitting import fit
from trucekeeper.fusion.weights import Weigher


def same(one: Edges, two: Edges) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def scattered(size: int, seed: int, side_km: float = 30.0) -> Columns:
    random = np.random.default_rng(seed)
    return columns(
        *(
            report(
                key,
                north_km=random.uniform(0, side_km),
                east_km=random.uniform(0, side_km),
                at_h=random.uniform(0, 24 * 20),
                located=random.random() > 0.1,
                sd_m=random.choice([50.0, 400.0, 2000.0, 5000.0]),
                sd_us=random.choice([HOUR_US // 4, 2 * HOUR_US, 10 * HOUR_US]),
                area=random.random() < 0.1,
                day=random.random() < 0.1,
                kind=random.integers(-1, 3),
                actor=random.integers(-1, 2),
                count=random.integers(-1, 6),
                source=random.integers(0, 3),
            )
            for key in range(size)
        )
    )


@settings(max_examples=40)
@given(small_worlds())
def test_the_grid_finds_what_weighing_every_pair_does(rows: Columns) -> None:
    ready = weigher()
    read = ready.read(rows.by_key())

    assert same(pairs_by_grid(ready, read), every_pair(ready, read))


@pytest.mark.parametrize("learnt", [False, True])
def test_the_grid_finds_every_pair_among_many(learnt: bool) -> None:  # noqa: FBT001  pytest's parameter
    rows = valoria(400, seed=1)[0] if learnt else scattered(900, seed=1)
    ready = Weigher(fit(rows, CODES), CODES) if learnt else weigher()
    read = ready.read(rows)
    found = pairs_by_grid(ready, read)

    assert len(found[0]) > 50
    assert same(found, every_pair(ready, read))
    assert same(found, positive_pairs(ready, read))
    assert len(rows) > FEW


def test_one_thread_finds_what_several_do() -> None:
    ready = weigher()
    read = ready.read(scattered(500, seed=2))

    assert same(pairs_by_grid(ready, read, threads=1), pairs_by_grid(ready, read, threads=3))


def test_the_grid_finds_pairs_across_the_date_line() -> None:
    half = 1_800_000_000
    rows = columns(report(1) | {"lon_e7": half - 20_000}, report(2) | {"lon_e7": -half + 20_000})
    ready = weigher()

    assert [side.tolist() for side in pairs_by_grid(ready, ready.read(rows))[:2]] == [[0], [1]]


@given(st.sampled_from((-899_999_000, -600_000_000, 0, 700_000_000, 899_999_000)))
def test_the_grid_finds_pairs_at_any_latitude(lat_e7: int) -> None:
    ready = weigher()
    rows = columns(*(report(key) | {"lat_e7": lat_e7, "lon_e7": key * 30_000} for key in range(8)))
    read = ready.read(rows)

    assert same(pairs_by_grid(ready, read), every_pair(ready, read))


def test_no_reports_have_no_pairs() -> None:
    ready = weigher()

    assert [len(side) for side in pairs_by_grid(ready, ready.read(columns()))] == [0, 0, 0]


def test_reports_without_a_place_are_in_no_pair() -> None:
    ready = weigher()
    rows = columns(report(1, located=False), report(2, located=False), report(3))
    read = ready.read(rows)

    assert len(pairs_by_grid(ready, read)[0]) == len(every_pair(ready, read)[0]) == 0


EDGES = st.integers(0, 254).flatmap(lambda part: st.sampled_from([(part, 0), (0, part)]))


@given(*[st.integers(0, 2)] * 2, EDGES, st.integers(-1, 0))
def test_the_reach_is_as_far_as_a_pair_may_weigh_more_than_is_needed_and_no_further(
    one: int, other: int, parts: tuple[int, int], less: int
) -> None:
    ready = weigher()
    sure, hour, vague = (60_000_000, HOUR_US, 20 * HOUR_US)  # within a minute the density of time is above one
    read = ready.read(
        columns(report(1, sd_us=sure, sd_m=25.0), report(2, sd_us=hour), report(3, sd_us=vague, sd_m=4000.0))
    )
    first, second = ((int(read.place[at]), int(read.time[at])) for at in (one, other))
    near, soon = ready.apart.row(first[0], second[0]), ready.later.row(first[1], second[1])
    need = int(near.logs[parts[0]] + soon.logs[parts[1]]) + less  # just enough at that distance and time, or not
    good = near.logs[:, None] + soon.logs[None, :] > need
    bins, late = (int(np.flatnonzero(good.any(axis=side)).max(initial=-1)) + 1 for side in (1, 0))

    assert reach(ready, first, second, need) == (bins * near.width, late * soon.width)
    assert (bins > 0) == (late > 0)


def test_the_grid_finds_what_is_told_to_the_minute() -> None:
    ready = weigher()
    rows = columns(*(report(key, at_h=key * 0.0001, north_km=key * 0.05, sd_us=60_000_000) for key in range(60)))
    read = ready.read(rows)

    assert same(pairs_by_grid(ready, read), every_pair(ready, read))


def test_the_grid_finds_every_pair_of_a_crowd() -> None:
    ready, size = weigher(), 420
    read = ready.read(columns(*(report(key, at_h=key / 1000) for key in range(size))))
    found = pairs_by_grid(ready, read)

    assert len(found[0]) == size * (size - 1) // 2
    assert same(found, every_pair(ready, read))


def test_many_pairs_weigh_in_parts_what_they_weigh_at_once() -> None:
    ready = weigher()
    read = ready.read(scattered(40, seed=4))
    one, two = (np.resize(side, 150_000) for side in np.divmod(np.arange(1600), 40))

    assert np.array_equal(weigh_many(ready, read, one, two), ready.weigh(read, one, two))
    assert np.array_equal(weigh_many(ready, read, one[:7], two[:7]), ready.weigh(read, one[:7], two[:7]))
