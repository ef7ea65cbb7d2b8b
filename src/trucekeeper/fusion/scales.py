"""The classes that declared precision is sorted into, a quarter of an octave wide.

A source's habit is a whole number of such quarters by which its errors are larger than it declares (`shift`). So all
densities are those of pairs of classes, which are tabled once and looked up ever after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.fusion.columns import HOUR_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.fusion.columns import Columns, Reals, Wholes

PLACES = 52
"""Classes of position: from 10 m to 69 km. An area's class stands so many further on."""

TIMES = 56
"""Classes of time: from a minute to ten days. A day-rounded report's class stands so many further on."""

_QUARTERS = 4
PLACE_M: Reals = 10.0 * 2.0 ** (np.arange(PLACES) / _QUARTERS)
TIME_US: Reals = HOUR_US / 60 * 2.0 ** (np.arange(TIMES) / _QUARTERS)
_PLACE_EDGES = PLACE_M[:-1] * 2.0 ** (0.5 / _QUARTERS)
_TIME_EDGES = TIME_US[:-1] * 2.0 ** (0.5 / _QUARTERS)


def place_classes(columns: Columns, shifts: Sequence[tuple[int, int]] | Wholes) -> Wholes:
    """Return each report's class of position; `shifts` says by source what is added for a point and for an area."""
    least = np.searchsorted(_PLACE_EDGES, columns.sd_m)
    shifted = least + _shift(shifts, columns, columns.area)
    classes: Wholes = np.clip(shifted, 0, PLACES - 1) + PLACES * columns.area
    return classes


def time_classes(columns: Columns, shifts: Sequence[tuple[int, int]] | Wholes) -> Wholes:
    """Return each report's class of time; `shifts` says by source what is added for a time and for a day."""
    least = np.searchsorted(_TIME_EDGES, columns.sd_us.astype(np.float64))
    shifted = least + _shift(shifts, columns, columns.day)
    classes: Wholes = np.clip(shifted, 0, TIMES - 1) + TIMES * columns.day
    return classes


def _shift(shifts: Sequence[tuple[int, int]] | Wholes, columns: Columns, second: object) -> Wholes:
    by_source = np.asarray(shifts, dtype=np.int64)
    return by_source[columns.source, np.asarray(second, dtype=np.int64)]
