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

_MOST = np.iinfo(np.int64).max


def watched(inquiry: Inquiry, sought: Sought, needs: Watched, *, since: Moments, until: Moments) -> NDArray[np.bool_]:
    """Return for each closed stretch whether somebody was certainly watching for all that is sought, as is needed."""
    answers = np.ones(len(since), bool)
    for spans in watches(inquiry, sought, needs):
        answers &= _enough(spans, since, until, needs)
    return answers


def _enough(spans: Sequence[Span], since: Moments, until: Moments, needs: Watched) -> NDArray[np.bool_]:
    if not len(since):
        return np.ones(0, bool)
    first, last = int(since.min()), int(until.max())
    cut = [Span(max(one.start, first), min(one.end, last)) for one in spans if one.start <= last and one.end >= first]
    whole = until - since + 1
    seen = _covered(cut, until) - _covered(cut, since - 1)
    if needs.at_least == "unstated":
        throughout: NDArray[np.bool_] = seen == whole
        return throughout
    share = int(needs.at_least.removesuffix("%"))
    if int(whole.max()) > _MOST // 100:  # a stretch from the dawn of time
        seen, whole = seen.astype(object), whole.astype(object)
    enough: NDArray[np.bool_] = np.greater_equal(seen * 100, share * whole).astype(bool)
    return enough


def _covered(spans: Sequence[Span], moments: Moments) -> Moments:
    """Return how many microseconds up to and with each moment lie in some of these stretches."""
    starts, ends = _merged(spans)
    lengths = np.concatenate([[0], np.cumsum(ends - starts + 1)])
    begun = np.searchsorted(starts, moments, side="right")
    whole = lengths[begun]
    last = np.append(ends, 0)[begun - 1]
    return np.where(begun > 0, whole - np.maximum(0, last - moments), 0)


def _merged(spans: Sequence[Span]) -> tuple[Moments, Moments]:
    """Return the stretches without overlaps and without gaps of less than a microsecond, in order."""
    starts: list[int] = []
    ends: list[int] = []
    for one in sorted(spans):
        if ends and one.start <= ends[-1] + 1:
            ends[-1] = max(ends[-1], one.end)
        else:
            starts.append(one.start)
            ends.append(one.end)
    return np.array(starts, np.int64), np.array(ends, np.int64)
