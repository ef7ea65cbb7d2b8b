"""Quiet days in columns: which of many civil days passed without any of some facts, each of them watched."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.compliance.columns.matching import some
from trucekeeper.compliance.columns.members import seek_member
from trucekeeper.compliance.columns.relations import Group, Windows, any_within
from trucekeeper.compliance.columns.spans import Spans
from trucekeeper.compliance.columns.watching import watched
from trucekeeper.compliance.grounds import Ground
from trucekeeper.compliance.kinds import phase as phases
from trucekeeper.compliance.matching import Meant
from trucekeeper.compliance.watching import Sought
from trucekeeper.terms import NEVER, Tri
from trucekeeper.terms.moments import end_of_day, start_of_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import PatternBody, Phase, QuietDays
    from trucekeeper.compliance.columns.block import Block
    from trucekeeper.compliance.columns.hits import Hits
    from trucekeeper.compliance.columns.values import Answers
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.grounds import Binding, Stand
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.terms import Moment

_SAYS = {
    Tri.NO: Ground("not quiet", Tri.NO),
    Tri.MAYBE: Ground("possibly not quiet, or not observed throughout", Tri.MAYBE),
    Tri.YES: Ground("quiet", Tri.YES),
}


def unfit(_agreement: Agreement, _clause: Phase) -> str:
    """Return why a gate cannot be judged in columns: every one can."""
    return ""


def gate(duty: Duty[Phase]) -> list[Stand | Block]:
    """Return where a gate stands: the reference's own answer, whose quiet days are looked at all at once."""
    return [*phases.stands(duty)]


def quiet(inquiry: Inquiry, condition: QuietDays, binding: Binding, days: Sequence[date]) -> list[tuple[Tri, Ground]]:
    """Return whether each of some days that are over was quiet; of the reasons it keeps the answer alone."""
    if not days:
        return []
    zone = inquiry.agreement.time_zone
    bounds = np.array([_bounds(day, zone) for day in days], np.int64)
    since, until = bounds[:, 0], bounds[:, 1]
    windows = Windows(since, since, until, until)
    loud = some([_loud(inquiry, pattern, binding, windows) for pattern in condition.without], len(days))
    sought = Sought.of(condition.without, binding)
    seen = watched(inquiry, sought, condition.watched, since=since, until=until)
    answers = np.where(loud == Tri.YES, Tri.NO, np.where((loud == Tri.NO) & seen, Tri.YES, Tri.MAYBE))
    return [(Tri(answer), _SAYS[Tri(answer)]) for answer in answers.tolist()]


@cache
def _bounds(day: date, zone: str) -> tuple[Moment, Moment]:
    """Return the first and the last moment of a day; the same days are asked for again and again."""
    return start_of_day(day, zone), end_of_day(day, zone)


def _loud(inquiry: Inquiry, pattern: PatternBody, binding: Binding, windows: Windows) -> Answers:
    """Return whether something that a pattern means happened on each day.

    A day that is over is loud whenever one asks: what may have happened on it and has not for certain is possible at
    most. So it is looked up once, as of the end of time.
    """
    ever = inquiry.at(NEVER)
    sure, possible = ever.once(("loud in columns", id(pattern), binding), lambda: _noise(ever, pattern, binding))
    everyone = np.arange(len(windows.start_latest))
    group = Group(everyone, np.zeros_like(everyone), sure, possible)
    return any_within([group], windows, len(everyone))


def _noise(inquiry: Inquiry, pattern: PatternBody, binding: Binding) -> tuple[Spans, Spans]:
    """Return when what a pattern means certainly happened, and when it may have."""
    found = seek_member(inquiry, pattern, Meant(binding=binding))
    return _spans(found.chosen(found.tri == Tri.YES)), _spans(found)


def _spans(hits: Hits) -> Spans:
    return Spans(np.zeros(len(hits), np.intp), hits.earliest, hits.latest)
