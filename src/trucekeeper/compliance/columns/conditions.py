"""Conditions at many moments: what powers and excuses ask of the moment at which each act began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.agreement import language as lang
from trucekeeper.compliance.columns.hits import seek
from trucekeeper.compliance.columns.matching import every, negated, some
from trucekeeper.compliance.columns.relations import Windows, any_within, unrelated
from trucekeeper.compliance.columns.times import shifted
from trucekeeper.compliance.conditions import GATE_LEVEL, answer
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import DAWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucekeeper.compliance.columns.values import Answers
    from trucekeeper.compliance.grounds import Binding
    from trucekeeper.compliance.inquiry import Inquiry

    Moments = NDArray[np.int64]


def held(inquiry: Inquiry, condition: lang.Condition, binding: Binding, moments: Moments) -> Answers:
    """Return whether a condition held as of each moment, none of which is later than the inquiry's.

    What is not about facts that happened is asked of the reference, once for each moment.
    """
    count = len(moments)
    match condition:
        case lang.Happened():
            return _happened(inquiry, condition, binding, moments)
        case lang.AllOf(all=several):
            return every([held(inquiry, one, binding, moments) for one in several], count)
        case lang.AnyOf(any=several):
            return some([held(inquiry, one, binding, moments) for one in several], count)
        case lang.Not(not_=inner):
            return negated(held(inquiry, inner, binding, moments))
        case _:
            asked, which = np.unique(moments, return_inverse=True)
            answers = [answer(inquiry.at(moment), condition, binding).tri for moment in asked.tolist()]
            return np.array(answers, np.int8)[which]


def _happened(inquiry: Inquiry, condition: lang.Happened, binding: Binding, moments: Moments) -> Answers:
    found = seek(inquiry.at_level(GATE_LEVEL), [condition.happened], Meant(binding=binding))
    length = condition.within
    since = np.full(len(moments), DAWN) if length is None else shifted(moments, -length)
    windows = Windows(since, since, moments, moments)
    return any_within([unrelated(len(moments), found)], windows, len(moments))
