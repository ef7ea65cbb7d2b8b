"""Fixes in any disorder come out in order, whatever fits in memory."""

from __future__ import annotations

import functools
import itertools
import operator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucekeeper.intake.track.fixes import Fixes, in_order, once
from trucekeeper.intake.track.putting import Store

if TYPE_CHECKING:
    from pathlib import Path

FIX = st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(-2, 2), st.integers(-2, 2), st.integers(0, 2))


def rows(fixes: Fixes) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in fixes.columns()), strict=True))


@given(parts=st.lists(st.lists(FIX, max_size=12), max_size=12), chunk=st.integers(1, 9))
def test_a_store_gives_in_order_what_it_was_given(parts: list[list[tuple[int, ...]]], chunk: int) -> None:
    with Store(chunk) as store:
        for part in parts:
            store.add(Fixes.of(part))  # type: ignore[arg-type]  # five each
        first, again = ([rows(one) for one in store.chunks()] for _ in range(2))

    assert first == again or functools.reduce(operator.iadd, first, []) == functools.reduce(operator.iadd, again, [])
    assert functools.reduce(operator.iadd, first, []) == sorted(one for part in parts for one in part)
    assert store.count == sum(map(len, parts))


def test_many_runs_are_merged_and_none_is_held_longer_than_a_few_chunks() -> None:
    rng = np.random.default_rng(1)
    columns = [rng.integers(0, most, 50_000) for most in (20, 10**6, 9, 9, 9)]
    fixes = Fixes.narrowed(*columns)
    with Store(1_000) as store:
        for begin in range(0, len(fixes), 700):
            store.add(fixes.some(slice(begin, begin + 700)))
        chunks = list(store.chunks())

    assert [len(one) for one in chunks] == [1_000] * 50
    assert rows(Fixes.joined(chunks)) == sorted(rows(fixes))


def test_nothing_is_left_on_disk(tmp_path: Path) -> None:
    with Store(1, tmp_path) as store:
        for _ in range(9):
            store.add(Fixes.of([(0, 0, 0, 0, 0)]))
        assert sum(len(one) for one in store.chunks()) == 9
        assert list(tmp_path.iterdir()) != []

    assert list(tmp_path.iterdir()) == []


def test_an_empty_store_gives_nothing() -> None:
    with Store(5) as store:
        store.add(Fixes.of(()))

        assert list(store.chunks()) == []


def test_a_store_that_was_merged_takes_no_more() -> None:
    with Store(1) as store:
        for _ in range(5):
            store.add(Fixes.of([(0, 0, 0, 0, 0)]))
        list(store.chunks())

        with pytest.raises(RuntimeError, match="bug"):
            store.add(Fixes.of([(0, 0, 0, 0, 0)]))


def test_fixes_far_apart_in_time_are_ordered_too() -> None:
    fixes = Fixes.of([(2, 1 << 61, 0, 0, 0), (1, -(1 << 61), 0, 0, 0), (1, -(1 << 61), -1, 0, 0)])

    assert rows(fixes.sorted()) == sorted(rows(fixes))


def test_what_is_in_order_is_not_moved() -> None:
    assert in_order(Fixes.of([(0, 0, 0, 0, 0), (0, 0, 0, 0, 0), (0, 0, 0, 0, 1), (0, 1, -5, 0, 0)])) is None


@given(some=st.lists(FIX, max_size=20), sizes=st.lists(st.integers(0, 4), max_size=10))
def test_a_row_that_repeats_another_is_given_once_across_chunks(
    some: list[tuple[int, ...]], sizes: list[int]
) -> None:
    fixes = Fixes.of(some).sorted()  # type: ignore[arg-type]  # five each
    ends = [0, *np.minimum(np.cumsum(np.array(sizes, dtype=np.int64)), len(fixes)).tolist(), len(fixes)]
    chunks = [fixes.some(slice(begin, end)) for begin, end in itertools.pairwise(ends)]

    assert [row for one in once(chunks) for row in rows(one)] == sorted(set(some))
