"""Which versions of a zone or line were valid while things happened, for many intervals at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np

from trucekeeper.terms import DAWN, NEVER, Tri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from trucekeeper.geo.many import Places, Some, Times
    from trucekeeper.geo.zones import Line, Zone
    from trucekeeper.terms import Moment

Wholes: TypeAlias = "NDArray[np.int64]"
Answers: TypeAlias = "NDArray[np.int8]"

ALL = slice(None)

CHUNK = 1 << 18
"""So many places are asked about in one go: their columns take some tens of megabytes."""

_UNASKED = -1
_Version = TypeVar("_Version", "Zone", "Line", "Zone | Line")


def chunks(places: Places, at: Times) -> Iterator[tuple[Places, Times]]:
    """Yield places and their times in parts that memory can hold, in order, and at least one part."""
    if len(places) != len(at):
        raise ValueError(f"there are {len(places)} places and {len(at)} times: give each place one")
    for begin in range(0, max(len(places), 1), CHUNK):
        rows = slice(begin, begin + CHUNK)
        yield places.some(rows), at.some(rows)


def span(at: Times) -> tuple[Moment, Moment]:
    """Return the first and last moments of all the intervals; of none, of all time."""
    return int(at.earliest.min(initial=NEVER)), int(at.latest.max(initial=DAWN))


def settled(versions: Sequence[_Version], start: Moment, end: Moment) -> _Version | None:
    """Return the one version that was valid from the start to the end, if there is one."""
    for one in versions:
        if one.since <= start and (end < one.until or one.until == NEVER):
            return one
    return None


def during(versions: Sequence[_Version], at: Times) -> tuple[list[tuple[_Version, Some]], Wholes]:
    """Return each version with the rows of the intervals it touches, and the rows in which for a part none was valid.

    The versions come in the order of their times.
    """
    alone = settled(versions, *span(at))
    if alone is not None:
        return [(alone, ALL)], np.empty(0, dtype=np.int64)
    found: list[tuple[_Version, Some]] = []
    so_far, gap = at.earliest.copy(), np.zeros(len(at), dtype=np.bool_)
    met = np.zeros(len(at), dtype=np.bool_)
    for one in versions:
        touched = (one.since <= at.latest) & ((at.earliest < one.until) | (one.until == NEVER))
        gap |= touched & (one.since > so_far)
        so_far[touched] = one.until
        met |= touched
        if touched.any():
            found.append((one, np.flatnonzero(touched)))
    gap |= ~met | ((so_far <= at.latest) & (so_far != NEVER))
    return found, np.flatnonzero(gap)


def agreed_during(versions: Sequence[_Version], at: Times, ask: Callable[[_Version, Some], Answers]) -> Answers:
    """Return row by row what all versions that the interval touches answer; maybe where they disagree or lack."""
    parts, gap = during(versions, at)
    answers = np.full(len(at), _UNASKED, dtype=np.int8)
    for one, rows in parts:
        before, found = answers[rows], ask(one, rows)
        answers[rows] = np.where((before == _UNASKED) | (before == found), found, Tri.MAYBE)
    answers[gap] = Tri.MAYBE
    return answers
