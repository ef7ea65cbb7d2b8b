"""What fusion has learnt, frozen: every number that a pair's weight hangs on besides the two reports.

A model goes on record, so it is whole numbers and strings only: logarithms are thousandths of a nat, shifts quarters
of an octave. Categories are called by their names, and a name that the model has not met has a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np

from trucekeeper.fusion.columns import UNSTATED
from trucekeeper.fusion.density import LAYERS, NOWHERE, Density, Layer
from trucekeeper.fusion.kernels import MILLI, REPEAT_DAYS
from trucekeeper.fusion.scales import PLACES, TIMES
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucekeeper.fusion.columns import Smalls, Wholes

FORMAT = 1
LARGEST = 1 << 32
"""No number of a model is beyond this, so that sums of many are exact."""
MOST_LOG = 100 * MILLI
"""Nor is a logarithm, so that it has a number."""
COUNTS = (0, 1, 2, 3, 4, 5, 7, 10, 20, 50)
"""Casualties are compared by the last of these that they reach."""

KIND_ALIKE, KIND_OTHER = 1200, -500
ACTOR_ALIKE, ACTOR_OTHER = 500, -1200
COUNT_ALIKE, COUNT_NEXT, COUNT_OTHER = 800, 200, -700
"""What agreeing and differing weigh before anything is learnt."""


@dataclass(frozen=True, slots=True)
class Table:
    """How much oftener than by chance two names stand together, by the order of `names`: symmetric."""

    names: tuple[str, ...]
    logs: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Habit:
    """By how many quarters of an octave a source's errors exceed what it declares."""

    source: str
    point: int = 0
    area: int = 0
    time: int = 0
    day: int = 0


@dataclass(frozen=True, slots=True)
class Happening:
    """What reports of one incident have in common, or of an incident and its repeat.

    `company` is the logarithm of how many more such reports one report has.
    """

    company: int
    kinds: Table
    actors: Table
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A frozen model; `moved` and `late` are the classes of position and time by which repeats differ."""

    same: Happening
    repeat: Happening
    moved: int
    late: int
    days: tuple[int, ...]
    habits: tuple[Habit, ...]
    density: Density
    threshold: int

    @staticmethod
    def default() -> Model:
        """Return the model for a handful of reports, from which nothing can be learnt."""
        empty = Table((), ())
        alike = tuple(tuple(_count_log(abs(a - b)) for b in range(len(COUNTS))) for a in range(len(COUNTS)))
        chance = tuple((0,) * len(COUNTS) for _ in COUNTS)
        return Model(
            same=Happening(_nat(1.6), empty, empty, alike),
            repeat=Happening(_nat(0.5), empty, empty, chance),
            moved=DEFAULT_MOVED,
            late=DEFAULT_LATE,
            days=DEFAULT_DAYS,
            habits=(),
            density=NOWHERE,
            threshold=THRESHOLD,
        )


DEFAULT_MOVED = 23  # 540 m
DEFAULT_LATE = 33  # five hours
DEFAULT_DAYS = (500, 250, 120, 60, 30, 20, 20)
THRESHOLD = -350
"""What a merge must weigh. Below nought, as a pair is joined rightly if that is better for precision and recall
together than leaving it: at odds of seven to ten."""


def _nat(value: float) -> int:
    return round(log(value) * MILLI)


def _count_log(steps: int) -> int:
    return (COUNT_ALIKE, COUNT_NEXT)[steps] if steps < 2 else COUNT_OTHER  # noqa: PLR2004  the next but one is another


def count_classes(counts: Smalls) -> Wholes:
    """Return which of `COUNTS` casualties reach; -1 where none are stated."""
    return np.where(counts < 0, UNSTATED, np.searchsorted(COUNTS, counts, side="right") - 1).astype(np.int64)


def in_order(table: Table, names: tuple[str, ...], alike: int, other: int) -> Wholes:
    """Return a table by one more than the codes of `names`; the first row and column, of noughts, are the unstated's.

    Where the model knows one name of two not, they weigh `alike` if they are one name, else `other`.
    """
    size = len(names)
    logs = np.zeros((size + 1, size + 1), dtype=np.int64)
    logs[1:, 1:] = other
    np.fill_diagonal(logs[1:, 1:], alike)
    place = {name: at for at, name in enumerate(table.names)}
    known = [(code + 1, place[name]) for code, name in enumerate(names) if name in place]
    if known:
        codes, at = np.array(known).T
        logs[np.ix_(codes, codes)] = np.array(table.logs, dtype=np.int64)[np.ix_(at, at)]
    return logs


def to_json(model: Model) -> dict[str, Any]:
    """Return a model as whole numbers, strings, lists and objects."""
    return {
        "v": FORMAT,
        "same": _happening_to_json(model.same),
        "repeat": _happening_to_json(model.repeat),
        "moved": model.moved,
        "late": model.late,
        "days": list(model.days),
        "habits": {one.source: [one.point, one.area, one.time, one.day] for one in model.habits},
        "density": {
            "lat_e7": model.density.lat_e7,
            "hours": model.density.hours,
            "base": model.density.base,
            "whole": model.density.whole,
            "layers": [
                {"rows": list(one.rows), "columns": list(one.columns), "counts": list(one.counts), "each": one.each}
                for one in model.density.layers
            ],
        },
        "threshold": model.threshold,
    }


def from_json(text: Mapping[str, Any]) -> Model:
    """Return the model that `to_json` wrote. Raises ValueError for a format that is not known, and for no model.

    A model on record is used for as long as the record lasts, so what is none must not get there.
    """
    if text.get("v") != FORMAT:
        raise ValueError(f"the model is of format {text.get('v')}, this program reads {FORMAT}: update the program")
    try:
        model = _read(text)
        written = to_json(model)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"it is not laid out as a model: {error}") from None
    if written != text or not _are_whole(written):
        raise ValueError("a model is whole numbers and names, as it was written, and nothing else")
    try:
        _hold(model)
    except TypeError as error:
        raise ValueError(f"it is not laid out as a model: {error}") from None
    return model


def _are_whole(value: object) -> bool:
    """Return whether there is nothing in a model but names and whole numbers, of a size that they may have."""
    match value:
        case dict():
            return all(isinstance(name, str) and _are_whole(one) for name, one in value.items())
        case list():
            return all(map(_are_whole, value))
        case _:
            return isinstance(value, str) or (type(value) is int and abs(value) <= LARGEST)


def _hold(model: Model) -> None:
    """Hold that the tables of a model are as large as they are looked up. Raises ValueError."""
    classes = len(COUNTS)
    tables = [table for one in (model.same, model.repeat) for table in (one.kinds, one.actors)]
    numbers = [table.logs for table in tables] + [model.same.counts, model.repeat.counts]
    sizes = [len(table.names) for table in tables] + [classes, classes]
    if any([*map(len, logs)] != [size] * size for logs, size in zip(numbers, sizes, strict=True)):
        raise ValueError("a table of a model has a row and a column for each of its names")
    if not (-1 <= model.moved < PLACES and 0 <= model.late < TIMES and len(model.days) == REPEAT_DAYS):
        raise ValueError("a model says by which class of place, by which of time and on which days repeats differ")
    layers = model.density.layers
    if model.density.hours < 1 or len(layers) not in (0, LAYERS):
        raise ValueError(f"a map is of an hour or more, and has {LAYERS} layers or none")
    if any(not len(one.rows) == len(one.columns) == len(one.counts) or one.each < 1 for one in layers):
        raise ValueError("a layer of a map has a row, a column and a count for each cell")
    density = model.density
    stated: list[object] = [
        *(number for logs in numbers for row in logs for number in row),
        *(*model.days, model.threshold, model.same.company, model.repeat.company, density.base, density.whole),
        *(number for one in model.habits for number in (one.point, one.area, one.time, one.day)),
    ]
    if not all(isinstance(one, int) and abs(one) <= MOST_LOG for one in stated):
        raise ValueError(f"a number of a model lies between {-MOST_LOG:,} and {MOST_LOG:,}")
    if abs(density.lat_e7) > 90 * E7:
        raise ValueError("a map lies on the earth")


def _read(text: Mapping[str, Any]) -> Model:
    density = text["density"]
    return Model(
        same=_happening_from_json(text["same"]),
        repeat=_happening_from_json(text["repeat"]),
        moved=text["moved"],
        late=text["late"],
        days=tuple(text["days"]),
        habits=tuple(Habit(source, *shifts) for source, shifts in sorted(text["habits"].items())),
        density=Density(
            density["lat_e7"],
            density["hours"],
            density["base"],
            density["whole"],
            tuple(
                Layer(tuple(one["rows"]), tuple(one["columns"]), tuple(one["counts"]), one["each"])
                for one in density["layers"]
            ),
        ),
        threshold=text["threshold"],
    )


def _happening_to_json(one: Happening) -> dict[str, Any]:
    return {
        "company": one.company,
        "kinds": {"names": list(one.kinds.names), "logs": [list(row) for row in one.kinds.logs]},
        "actors": {"names": list(one.actors.names), "logs": [list(row) for row in one.actors.logs]},
        "counts": [list(row) for row in one.counts],
    }


def _happening_from_json(text: Mapping[str, Any]) -> Happening:
    kinds, actors = (
        Table(tuple(text[name]["names"]), tuple(tuple(row) for row in text[name]["logs"]))
        for name in ("kinds", "actors")
    )
    return Happening(text["company"], kinds, actors, tuple(tuple(row) for row in text["counts"]))


assert len(DEFAULT_DAYS) == REPEAT_DAYS  # noqa: S101
