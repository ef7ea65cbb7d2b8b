"""Intervals of time in columns: the comparisons of `inquiry` and `force`, for many facts at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.compliance.columns.matching import answered, every, negated, some, tri_of
from trucekeeper.terms import DAWN, NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucekeeper.compliance.columns.values import Answers
    from trucekeeper.compliance.force import Force, Pause
    from trucekeeper.terms import Interval, Moment

    Moments = NDArray[np.int64]


def shifted(moments: Moments, length: int) -> Moments:
    """Return the moments moved by a length; dawn and never stay what they are."""
    fixed = (moments == DAWN) | (moments == NEVER)
    return np.where(fixed, moments, moments + length) if fixed.any() else moments + length


def before(earliest: Moments, latest: Moments, by: Moment) -> Answers:
    """Return for each whether it was over before a moment."""
    return tri_of(latest < by, earliest < by)


def within(earliest: Moments, latest: Moments, start: Interval, end: Interval) -> Answers:
    """Return for each whether it happened in the closed window from `start` to `end`."""
    certain = (start.latest <= earliest) & (latest <= end.earliest)
    return tri_of(certain, (start.earliest <= latest) & (earliest <= end.latest))


def binds(force: Force, earliest: Moments, latest: Moments) -> Answers:
    """Return for each whether it happened while a commitment was bound and not suspended."""
    count = len(earliest)
    begun = tri_of(force.start.latest <= earliest, force.start.earliest <= latest)
    over = tri_of(force.end.latest < earliest, force.end.earliest < latest)
    paused = some([_paused(pause, earliest, latest) for pause in force.pauses], count)
    return every([answered(force.begun, count), begun, negated(over), negated(paused)], count)


def _paused(pause: Pause, earliest: Moments, latest: Moments) -> Answers:
    certain = (pause.start.latest <= earliest) & (latest < pause.end.earliest)
    return tri_of(certain, (pause.start.earliest <= latest) & (earliest < pause.end.latest))
