"""For which of many stretches of time somebody was watching throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.compliance.watching import watches
from trucekeeper.terms import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from trucekeeper.agreement.language import Watched
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.compliance.watching import Sought

    Moments = NDArray[np.int64]


def watched(inquiry: Inquiry, sought: Sought, needs: Watched, *, since: Moments, until: Moments) -> NDArray[np.bool_]:
    """Return for each closed stretch whether somebody was certainly watching for all that is sought, as is needed."""
    answers = np.ones(len(since), bool)
    if len(since):
        for spans in watches(inquiry, sought, needs):
            answers &= _enough(spans, since, until, needs)
    return answers


def _enough(spans: Sequence[Span], since: Moments, until: Moments, needs: Watched) -> NDArray[np.bool_]:
    first, last = int(since.min()), int(until.max())
    cut = [Span(max(one.start, first), min(one.end, last)) for one in spans if one.start <= last and one.end >= first]
    whole = until - since + 1
    seen = _covered(cut, until) - _covered(cut, since - 1)
    asked = whole if needs.at_least == "unstated" else _share(int(needs.at_least.removesuffix("%")), whole)
    enough: NDArray[np.bool_] = seen >= asked
    return enough


def _share(percent: int, whole: Moments) -> Moments:
    """Return so much of each length, rounded up; a hundred times a length may be more than a column holds."""
    hundreds, rest = np.divmod(whole, 100)
    share: Moments = percent * hundreds - (-percent * rest) // 100
    return share


def _covered(spans: Sequence[Span], moments: Moments) -> Moments:
    """Return how many microseconds up to and with each moment lie in some of these stretches."""
    if not spans:
        return np.zeros_like(moments)
    starts, ends = _merged(spans)
    begun = np.searchsorted(starts, moments, side="right")
    last = begun - 1
    whole = np.cumsum(ends - starts + 1)[last]
    return np.where(begun > 0, whole - np.maximum(0, ends[last] - moments), 0)


def _merged(spans: Sequence[Span]) -> tuple[Moments, Moments]:
    """Return the stretches without overlaps, in order."""
    starts: list[int] = []
    ends: list[int] = []
    for one in sorted(spans):
        if ends and one.start <= ends[-1]:
            ends[-1] = max(ends[-1], one.end)
        else:
            starts.append(one.start)
            ends.append(one.end)
    return np.array(starts, np.int64), np.array(ends, np.int64)
