"""What a model may hold, what it says before anything is learnt, and how its tables are looked up."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import pytest

from tests.fusion_small import CODES, columns, report, weigher
from trucekeeper.fusion.columns import HOUR_US
from trucekeeper.fusion.model import (
    DEFAULT_DAYS,
    DEFAULT_LATE,
    DEFAULT_MOVED,
    Model,
    Table,
    count_classes,
    from_json,
    in_order,
    to_json,
)
from trucekeeper.fusion.scales import PLACE_M, TIME_US

# ---- what goes on record -------------------------------------------------------------------------------------------


def with_said(path: list[str | int], value: object) -> dict[str, Any]:
    """Return a model with a habit and a map of six cells, but with this value there."""
    said = to_json(Model.default())
    cell = {"rows": [1], "columns": [1], "counts": [2], "each": 1000}
    said["density"]["layers"] = [dict(cell) for _ in range(6)]
    said["habits"] = {"radio": [0, 0, 0, 0]}
    place: Any = said
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return said


@pytest.mark.parametrize(
    ("path", "last", "beyond"),
    [
        (["threshold"], 100_000, 100_001),
        (["threshold"], -100_000, -100_001),
        (["same", "company"], 100_000, 100_001),
        (["repeat", "company"], -100_000, -100_001),
        (["days", 6], 100_000, 100_001),
        (["repeat", "counts", 9, 9], 100_000, 100_001),
        (["habits", "radio", 3], -100_000, -100_001),
        (["density", "base"], -100_000, -100_001),
        (["density", "whole"], 100_000, 100_001),
        (["moved"], -1, -2),
        (["moved"], 51, 52),
        (["late"], 0, -1),
        (["late"], 55, 56),
        (["density", "hours"], 1, 0),
        (["density", "hours"], 2**32, 2**32 + 1),
        (["density", "lat_e7"], 900_000_000, 900_000_001),
        (["density", "lat_e7"], -900_000_000, -900_000_001),
        (["density", "layers", 5, "each"], 1, 0),
        (["density", "layers", 0, "counts", 0], 2**32, 2**32 + 1),
    ],
)
def test_a_number_of_a_model_may_go_to_its_end_and_not_beyond(path: list[str | int], last: int, beyond: int) -> None:
    good = with_said(path, last)

    assert to_json(from_json(good)) == good
    with pytest.raises(ValueError, match=r"model|map"):
        from_json(with_said(path, beyond))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["days"], [100] * 6),
        (["days"], [100] * 8),
        (["density", "layers"], [{"rows": [], "columns": [], "counts": [], "each": 1}] * 5),
        (["density", "layers", 2, "rows"], [1, 2]),
        (["density", "layers", 2, "columns"], []),
        (["density", "layers", 2, "counts"], [1, 2]),
        (["same", "counts"], [[0] * 10] * 9),
        (["repeat", "counts", 3], [0] * 11),
        (["same", "kinds"], {"names": ["shelling", "gunfire"], "logs": [[1, 2], [3]]}),
        (["repeat", "actors"], {"names": ["north"], "logs": [[1], [2]]}),
        (["same", "more"], 1),
        (["threshold"], 0.5),
        (["density", "layers", 0, "counts"], [True]),
    ],
)
def test_a_model_of_another_shape_is_refused(path: list[str | int], value: object) -> None:
    with pytest.raises(ValueError, match=r"model|map"):
        from_json(with_said(path, value))


def test_a_model_without_a_map_is_one() -> None:
    said = with_said(["density", "layers"], [])

    assert from_json(said).density.layers == ()


# ---- before anything is learnt -------------------------------------------------------------------------------------


def test_before_anything_is_learnt_a_report_has_more_than_one_other_of_its_incident_and_half_a_repeat() -> None:
    model = Model.default()

    assert exp(model.same.company / 1000) == pytest.approx(1.6, rel=0.001)
    assert exp(model.repeat.company / 1000) == pytest.approx(0.5, rel=0.001)


def test_before_anything_is_learnt_a_repeat_is_half_a_kilometre_and_five_hours_off_on_some_day_of_the_week() -> None:
    assert PLACE_M[DEFAULT_MOVED] == pytest.approx(540, rel=0.01)
    assert TIME_US[DEFAULT_LATE] == pytest.approx(5 * HOUR_US, rel=0.02)
    assert sum(DEFAULT_DAYS) == 1000
    assert sorted(DEFAULT_DAYS, reverse=True) == list(DEFAULT_DAYS)


@pytest.mark.parametrize(
    ("term", "one", "other", "weight"),
    [
        ("kind", {"kind": 0}, {"kind": 0}, 1200),
        ("kind", {"kind": 0}, {"kind": 1}, -500),
        ("kind", {"kind": 0}, {}, 0),
        ("actor", {"actor": 1}, {"actor": 1}, 500),
        ("actor", {"actor": 0}, {"actor": 1}, -1200),
        ("actor", {}, {"actor": 1}, 0),
        ("count", {"count": 3}, {"count": 3}, 800),
        ("count", {"count": 5}, {"count": 9}, 200),
        ("count", {"count": 0}, {"count": 2}, -700),
        ("count", {"count": 0}, {"count": 60}, -700),
        ("count", {}, {"count": 60}, 0),
        ("prior", {}, {}, 470 + 350),
    ],
)
def test_before_anything_is_learnt_agreeing_and_differing_weigh_what_they_always_weighed(
    term: str, one: dict[str, Any], other: dict[str, Any], weight: int
) -> None:
    # Facts of missions whose model is none on record rest on these numbers: to change one is to change the facts.
    ready = weigher()
    terms = ready.terms(ready.read(columns(report(1, **one), report(2, **other))), np.array([0]), np.array([1]))

    assert terms[term].tolist() == [weight]


# ---- looking up ----------------------------------------------------------------------------------------------------


def test_casualties_are_compared_by_the_last_step_they_reach() -> None:
    reached = {-1: -1, 0: 0, 1: 1, 4: 4, 5: 5, 6: 5, 7: 6, 9: 6, 10: 7, 19: 7, 20: 8, 49: 8, 50: 9, 10**6: 9}

    assert count_classes(np.array(list(reached), dtype=np.int32)).tolist() == list(reached.values())


def test_a_table_is_looked_up_by_name_and_what_it_knows_not_is_alike_or_other() -> None:
    table = Table(("gunfire", "shelling", "siege"), ((11, 12, 13), (12, 22, 23), (13, 23, 33)))

    assert in_order(table, ("shelling", "raid", "gunfire"), 7, -7).tolist() == [
        [0, 0, 0, 0],
        [0, 22, -7, 12],
        [0, -7, 7, -7],
        [0, 12, -7, 11],
    ]
    assert in_order(Table((), ()), CODES.actors, 7, -7).tolist() == [[0, 0, 0], [0, 7, -7], [0, -7, 7]]
