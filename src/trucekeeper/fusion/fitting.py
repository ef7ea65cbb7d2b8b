"""Learning a model from reports nobody has sorted, and from reviewers' decisions where there are some.

Expectation and maximisation over pairs: each pair is shared out between the three accounts that `weights` sets beside
each other, and every table, share and habit is then what the pairs of its account say. Nothing is drawn at random,
and no order of reports changes anything: sums are of whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import log
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from trucekeeper.fusion import kernels
from trucekeeper.fusion.columns import HOUR_US, Codes
from trucekeeper.fusion.density import density_of
from trucekeeper.fusion.kernels import MILLI, REPEAT_DAYS
from trucekeeper.fusion.model import (
    ACTOR_ALIKE,
    ACTOR_OTHER,
    KIND_ALIKE,
    KIND_OTHER,
    Habit,
    Happening,
    Model,
    Table,
    count_classes,
    in_order,
)
from trucekeeper.fusion.scales import place_classes, time_classes
from trucekeeper.fusion.weights import Lookup, Weigher, metres, numbered, softplus
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trucekeeper.fusion.columns import Columns, Flags, Reals, Wholes
    from trucekeeper.fusion.decisions import Decision
    from trucekeeper.fusion.kernels import Row
    from trucekeeper.fusion.weights import Odds

ROUNDS = 15
ENOUGH = 200
"""Reports with a place; from fewer only the density is learnt."""

MOST_REPORTS = 15_000
"""Learnt from at most so many, in whole stretches of place and time so that neighbours stay together."""

MOST_PAIRS = 1_500_000
WITHIN_M = 12_000.0
WITHIN_H = 72.0
"""Pairs are learnt from if they are no further apart than this: three days, so that repeats are among them."""

REVIEWED = 3
"""A reviewed pair counts as so many that are not."""

_PART_E7 = E7 // 2
_PART_US = 10 * 24 * HOUR_US
_SPREAD = 0x9E3779B97F4A7C15
_UNIT = 1 << 20  # a pair's share in an account is a whole number of these parts, so that sums do not hang on order
_FEW = {"kind": 1.0, "actor": 5.0, "count": 3.0}  # pairs that what is held beforehand counts as, in each cell
_WELL = MILLI
_STEPS = (-2, -1, 1, 2)
_HELD = 0.5  # nats by which a habit of one quarter of an octave must be the better account; of two, four times that
_DOUBTED = 0.004  # and as many of each pair, so that some loose talk about events makes no habit
_MOST_SHIFT = 14
_LEAST_MOVED, _MOST_MOVED = 12, 32  # 80 m to 2.6 km
_LEAST_LATE, _MOST_LATE = 26, 37  # 1.5 to 10 hours
_LEAST_SHARE = _UNIT // 100
_TABLE_BOUND = 6 * MILLI


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Pairs of rows, how many each counts as, and what a reviewer said of it: 1, 0, or -1 for nothing."""

    one: Wholes
    two: Wholes
    counts: Wholes
    said: Wholes

    def some(self, which: Flags | Wholes) -> _Pairs:
        return _Pairs(self.one[which], self.two[which], self.counts[which], self.said[which])


def fit(columns: Columns, codes: Codes, decisions: Sequence[Decision] = ()) -> Model:
    """Return the model that reports, and decisions on pairs of them, teach."""
    columns = columns.by_key()
    model = replace(Model.default(), density=density_of(columns))
    placed = columns.some(columns.located)
    if len(placed) < ENOUGH:
        return model
    reviewed = np.array([key for one, two, _ in decisions for key in (one, two)], dtype=np.int64)
    sample = placed.some(_sampled(placed, reviewed))
    pairs = _reviewed(sample, _near(sample), decisions)
    if not len(pairs.one):
        return model
    model = replace(model, habits=tuple(Habit(name) for name in codes.sources))
    for _ in range(ROUNDS):
        model = _better(model, sample, codes, pairs)
    return replace(model, habits=tuple(sorted(model.habits, key=lambda one: one.source)))


def _sampled(placed: Columns, reviewed: Wholes) -> Flags:
    """Return which reports are learnt from: all, or stretches of place and time in an order that is no pattern."""
    if len(placed) <= MOST_REPORTS:
        return np.ones(len(placed), dtype=np.bool_)
    part = (placed.lat_e7 // _PART_E7) * 1_000_003 + (placed.lon_e7 // _PART_E7) * 10_007 + placed.time_us // _PART_US
    mixed = part.astype(np.uint64) * np.uint64(_SPREAD)
    _, back, sizes = np.unique(mixed, return_inverse=True, return_counts=True)
    taken = np.cumsum(sizes) <= max(MOST_REPORTS, int(sizes[0]))
    return taken[back] | np.isin(placed.key, reviewed)


def _near(sample: Columns) -> _Pairs:
    """Return the pairs near enough to learn from, by earlier stretches of time if they are too many."""
    metres = np.pi * 6_371_009 / 180 / E7
    shrink = np.cos(np.radians(float(np.median(sample.lat_e7)) / E7))
    hours = (sample.time_us - sample.time_us.min()) / HOUR_US
    points = np.stack(
        [sample.lat_e7 * metres / WITHIN_M, sample.lon_e7 * metres * shrink / WITHIN_M, hours / WITHIN_H], axis=1
    )
    order = np.argsort(hours, kind="stable")
    while True:
        tree = cKDTree(points[order])
        if tree.count_neighbors(tree, 1.0, p=np.inf) <= 2 * MOST_PAIRS or len(order) <= ENOUGH:
            break
        order = order[: len(order) * 3 // 4]
    found = order[tree.query_pairs(1.0, p=np.inf, output_type="ndarray").astype(np.int64)]
    one, two = found.min(axis=1), found.max(axis=1)
    sorted_pairs = np.lexsort((two, one))
    once = np.ones(len(one), dtype=np.int64)
    return _Pairs(one[sorted_pairs], two[sorted_pairs], once, -once)


def _reviewed(sample: Columns, pairs: _Pairs, decisions: Sequence[Decision]) -> _Pairs:
    """Return the pairs with those that were reviewed among them; of several decisions the latest counts."""
    row = {key: at for at, key in enumerate(sample.key.tolist())}
    said = {
        (min(row[one], row[two]), max(row[one], row[two])): same
        for one, two, same in decisions
        if one in row and two in row and one != two
    }
    if not said:
        return pairs
    rows = np.array(sorted(said), dtype=np.int64)
    answers = np.array([said[one, two] for one, two in rows.tolist()], dtype=np.int64)
    size = len(sample)
    rest = pairs.some(~np.isin(pairs.one * size + pairs.two, rows[:, 0] * size + rows[:, 1]))
    return _Pairs(
        np.concatenate([rest.one, rows[:, 0]]),
        np.concatenate([rest.two, rows[:, 1]]),
        np.concatenate([rest.counts, np.full(len(rows), REVIEWED)]),
        np.concatenate([rest.said, answers]),
    )


# ---- one round -----------------------------------------------------------------------------------------------------


def _better(model: Model, sample: Columns, codes: Codes, pairs: _Pairs) -> Model:
    """Return the model after one round."""
    weigher = Weigher(replace(model, threshold=0), codes)
    read = weigher.read(sample)
    same, again = _shares(weigher.odds(read, pairs.one, pairs.two), pairs)
    learnt = _Learning(sample, codes, pairs)
    days = _days(sample, pairs, again)
    classes = place_classes(sample, weigher.place_shift), time_classes(sample, weigher.time_shift)
    moved, late = _repeats(model, sample, classes, learnt.told(again))
    return replace(
        model,
        same=learnt.happening(same, Model.default().same, chance=False),
        repeat=learnt.happening(again, Model.default().repeat, chance=True),
        habits=_habits(model, sample, codes, learnt.told(same)),
        days=days,
        moved=moved,
        late=late,
    )


def _shares(odds: Odds, pairs: _Pairs) -> tuple[Wholes, Wholes]:
    """Return in parts of `_UNIT` how far each pair tells one incident, and an incident and its repeat."""
    one = odds.distance + odds.time + odds.kind + odds.actor + odds.casualties + odds.prior
    other = softplus(odds.repeat)
    same = 1 / (1 + np.exp(-np.clip(one - other, -30 * MILLI, 30 * MILLI) / MILLI))
    same = np.where(pairs.said >= 0, pairs.said, same)
    again = (1 - same) / (1 + np.exp(-np.clip(odds.repeat, -30 * MILLI, 30 * MILLI) / MILLI))
    return tuple(np.rint(share * _UNIT * pairs.counts).astype(np.int64) for share in (same, again))  # type: ignore[return-value]  # of two


def _days(sample: Columns, pairs: _Pairs, again: Wholes) -> tuple[int, ...]:
    """Return the share of each day on which a repeat may follow, in thousandths; days not looked at as held."""
    apart = np.abs(sample.time_us[pairs.one] - sample.time_us[pairs.two])
    day = np.rint(apart / (24 * HOUR_US)).astype(np.int64)
    held = Model.default().days
    sums = [int(again[day == n].sum()) / _UNIT + 0.02 * held[n - 1] for n in range(1, REPEAT_DAYS + 1)]
    seen = [n * 24 <= WITHIN_H for n in range(1, REPEAT_DAYS + 1)]
    ratio = sum(sum_ for sum_, here in zip(sums, seen, strict=True) if here) / sum(
        share for share, here in zip(held, seen, strict=True) if here
    )
    filled = [sum_ if here else share * ratio for sum_, here, share in zip(sums, seen, held, strict=True)]
    return tuple(round(1000 * value / sum(filled)) for value in filled)


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """The pairs that have a share worth counting in an account, and that share."""

    one: Wholes
    two: Wholes
    share: Wholes

    def some(self, which: Wholes) -> _Told:
        return _Told(self.one[which], self.two[which], self.share[which])


@dataclass(frozen=True, slots=True, eq=False)
class _Learning:
    """What pairs are learnt from."""

    sample: Columns
    codes: Codes
    pairs: _Pairs

    def told(self, share: Wholes) -> _Told:
        which = share > _LEAST_SHARE
        return _Told(self.pairs.one[which], self.pairs.two[which], share[which])

    def happening(self, share: Wholes, held: Happening, *, chance: bool) -> Happening:
        """Return what the pairs of an account have in common."""
        whole = int(share.sum()) / _UNIT
        company = round(log((2 * whole + 10) / (len(self.sample) + 10)) * MILLI)
        kinds, actors = ((0, 0), (0, 0)) if chance else ((KIND_ALIKE, KIND_OTHER), (ACTOR_ALIKE, ACTOR_OTHER))
        names = self.codes
        counts = np.array(held.counts, dtype=np.int64)
        return Happening(
            company,
            Table(names.kinds, self._table("kind", share, in_order(held.kinds, names.kinds, *kinds)[1:, 1:])),
            Table(names.actors, self._table("actor", share, in_order(held.actors, names.actors, *actors)[1:, 1:])),
            self._table("count", share, counts),
        )

    def _codes(self, name: str) -> Wholes:
        if name == "count":
            return count_classes(self.sample.count)
        return (self.sample.kind if name == "kind" else self.sample.actor).astype(np.int64)

    def _table(self, name: str, share: Wholes, held: Wholes) -> tuple[tuple[int, ...], ...]:
        """Return how much oftener than by chance two categories stand together, given their sources."""
        code = self._codes(name)
        one, two, size = code[self.pairs.one], code[self.pairs.two], len(held)
        both = (one >= 0) & (two >= 0)
        together = _summed(one[both], two[both], share[both], size)
        sources = len(self.codes.sources)
        source = self.sample.source.astype(np.int64)
        of_sources = _summed(source[self.pairs.one][both], source[self.pairs.two][both], share[both], sources)
        stated = code >= 0
        each: Reals = np.zeros((sources, size))
        np.add.at(each, (source[stated], code[stated]), 1.0)
        each = (each + 0.01) / (each + 0.01).sum(axis=1, keepdims=True)
        expected = each.T @ of_sources @ each
        if not expected.any():
            return tuple(tuple(row) for row in held.tolist())
        few = _FEW[name]
        chance = expected / expected.sum() * few * size * size
        ratio = (together + chance * np.exp(held / MILLI)) / (expected + chance)
        logs = np.clip(np.rint(np.log(ratio) * MILLI), -_TABLE_BOUND, _TABLE_BOUND).astype(np.int64)
        return tuple(tuple(row) for row in logs.tolist())


def _summed(one: Wholes, two: Wholes, share: Wholes, size: int) -> Reals:
    """Return the shares of pairs by what their two reports are, as much one way round as the other."""
    sums = np.zeros(size * size, dtype=np.int64)
    np.add.at(sums, one * size + two, share)
    square = sums.reshape(size, size)
    return (square + square.T) / _UNIT


# ---- habits --------------------------------------------------------------------------------------------------------


def _habits(model: Model, sample: Columns, codes: Codes, told: _Told) -> tuple[Habit, ...]:
    """Return the habits after one step each, one source after the other, to what explains the pairs best."""
    places = np.array([(one.point, one.area) for one in model.habits], dtype=np.int64).reshape(-1, 2)
    times = np.array([(one.time, one.day) for one in model.habits], dtype=np.int64).reshape(-1, 2)
    far, late = _apart(sample, told)
    near = _is_near(partial(kernels.apart, moved=-1), place_classes(sample, places), told, far)
    soon = _is_near(kernels.later, time_classes(sample, times), told, late)
    by_place = _Habits(place_classes, partial(kernels.apart, moved=-1), sample.area, told.some(soon), far[soon])
    by_time = _Habits(time_classes, kernels.later, sample.day, told.some(near), late[near])
    for source in range(len(codes.sources)):
        for rough in (0, 1):
            by_place.step(places, (source, rough), sample)
            by_time.step(times, (source, rough), sample)
    shifts = zip(codes.sources, places.tolist(), times.tolist(), strict=True)
    return tuple(Habit(name, *place, *time) for name, place, time in shifts)


def _is_near(row: Callable[[int, int], Row], classes: Wholes, told: _Told, apart: Reals) -> Wholes:
    """Return which pairs are well within what their classes allow in one respect.

    Errors of place and of time have nothing to do with each other, so that these pairs show the other respect as it
    is; and who only talks about something near and about that time is seldom among them.
    """
    lookup = Lookup(row)
    numbers = numbered(classes, lookup)
    one, two = numbers[told.one], numbers[told.two]
    most = lookup.at(one, two, np.zeros(len(apart)))
    return np.flatnonzero(lookup.at(one, two, apart) > most - _WELL)


def _apart(sample: Columns, told: _Told) -> tuple[Reals, Reals]:
    apart_us = np.abs(sample.time_us[told.one] - sample.time_us[told.two])
    return metres(sample, told.one, told.two), apart_us.astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Habits:
    """Where pairs lie, apart in one respect, and how a class and a pair of classes are found for it."""

    classes: Callable[[Columns, Wholes], Wholes]
    row: Callable[[int, int], Row]
    rough: Flags
    told: _Told
    apart: Reals

    def step(self, shifts: Wholes, at: tuple[int, int], sample: Columns) -> None:
        """Set one shift to the best of itself and its neighbours."""
        mine = (sample.source == at[0]) & (self.rough == bool(at[1]))
        touched = np.flatnonzero(mine[self.told.one] | mine[self.told.two])
        if not len(touched):
            return
        told, held = self.told.some(touched), int(shifts[at])
        cost = _HELD + _DOUBTED * int(told.share.sum()) / _UNIT
        scores = {}
        for step in (0, *_STEPS):
            shifts[at] = min(max(held + step, -_MOST_SHIFT), _MOST_SHIFT)
            tried = int(shifts[at])
            classes = self.classes(sample, shifts)
            scores[tried] = _score(self.row, classes, told, self.apart[touched]) - cost * tried * tried
        shifts[at] = max(scores, key=lambda shift: (scores[shift], -abs(shift), shift))


def _score(row: Callable[[int, int], Row], classes: Wholes, told: _Told, apart: Reals) -> float:
    """Return how well pairs of classes explain how far apart pairs are, in nats."""
    lookup = Lookup(row)
    numbers = numbered(classes, lookup)
    logs = lookup.at(numbers[told.one], numbers[told.two], apart)
    return float(int((logs * told.share).sum()) / (MILLI * _UNIT))


def _repeats(model: Model, sample: Columns, places_times: tuple[Wholes, Wholes], told: _Told) -> tuple[int, int]:
    """Return the classes by which repeats move and are late, after one step each."""
    places, times = places_times
    far, late = _apart(sample, told)
    moves = range(max(model.moved - 1, _LEAST_MOVED), min(model.moved + 1, _MOST_MOVED) + 1)
    lates = range(max(model.late - 1, _LEAST_LATE), min(model.late + 1, _MOST_LATE) + 1)
    moved = {n: _score(partial(kernels.apart, moved=n), places, told, far) for n in moves}
    spread = {n: _score(partial(kernels.again, spread=n, days=model.days), times, told, late) for n in lates}
    return max(moved, key=lambda n: (moved[n], n)), max(spread, key=lambda n: (spread[n], n))
