"""Respond in columns: each call with the answers related to it, and one decision for each distinct case."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from trucekeeper.agreement.phrases import Civil
from trucekeeper.compliance.columns import excuses
from trucekeeper.compliance.columns.block import LIFECYCLES, VERDICTS, Block, Times
from trucekeeper.compliance.columns.hits import Hits, seek
from trucekeeper.compliance.columns.matching import answered, tri_of
from trucekeeper.compliance.columns.relations import related
from trucekeeper.compliance.columns.times import before, binds, shifted
from trucekeeper.compliance.columns.values import Values
from trucekeeper.compliance.columns.watching import watched
from trucekeeper.compliance.force import exercised
from trucekeeper.compliance.grounds import Ground
from trucekeeper.compliance.kinds.respond import Case, decide, due_by, nothing, words
from trucekeeper.compliance.matching import Meant
from trucekeeper.compliance.watching import Sought
from trucekeeper.terms import DAWN, NEVER, Interval, Lifecycle, Tri, Verdict

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucekeeper.agreement.language import Respond
    from trucekeeper.compliance.columns.values import Answers
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.grounds import Stand

    Moments = NDArray[np.int64]

CASES = len(Tri)
"""Each aspect of a case has at most so many answers."""


def stands(duty: Duty[Respond]) -> list[Stand | Block]:
    """Return where the duty stands for each fact that calls for an answer; one row if none does."""
    calls = seek(duty.inquiry, duty.clause.to, duty.meant(ours=False))
    bound = binds(duty.force, calls.earliest, calls.latest)
    calls, bound = calls.chosen(bound > Tri.NO), bound[bound > Tri.NO]
    if not len(calls):
        return [duty.not_bound() or nothing(duty)]
    due = _due(duty, calls)
    answers = _answers(duty, calls, due)
    timed = due.latest < NEVER
    verdict, lifecycle, says = _decided(
        duty,
        {
            "begun": np.minimum(np.minimum(calls.tri, bound), np.int8(duty.begun)),
            "in_time": answers.in_time,
            "ever": answers.ever,
            "late": answers.late.astype(np.int8),
            "passed": before(due.earliest, due.latest, duty.inquiry.as_of),
            "watched": _watched(duty, calls, due).astype(np.int8),
            "gone": np.where(timed, _gone(duty, due), np.int8(duty.force.ended)),
            "excuse": excuses.excused(duty, calls, Values.nothing(len(calls))),
        },
        timed.astype(np.int8),
    )
    shared = duty.stand(Verdict.OPEN, Lifecycle.IN_EFFECT, Ground("an answer was called for", cite=duty.clause.cite))
    return [
        Block(
            shared=shared,
            occurrence=calls.aspect("id"),
            verdict=verdict,
            lifecycle=lifecycle,
            due=Times(earliest=due.earliest, latest=due.latest, known=timed),
            met=answers.ever,
            met_at=answers.first,
            says=says,
        )
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Due:
    """By when an answer to each call is due."""

    earliest: Moments
    latest: Moments


def _due(duty: Duty[Respond], calls: Hits) -> _Due:
    length = duty.clause.within
    moved = duty.force.pauses or exercised(duty.inquiry, duty.clause, ("extend",))
    if not moved and not isinstance(length, Civil):
        if isinstance(length, int):
            return _Due(shifted(calls.earliest, length), shifted(calls.latest, length))
        never = np.full(len(calls), NEVER)
        return _Due(never, never)
    times = list(zip(calls.earliest.tolist(), calls.latest.tolist(), strict=True))
    known = {when: due_by(duty, Interval(*when)) for when in dict.fromkeys(times)}
    each = np.array([(known[when].earliest, known[when].latest) for when in times], np.int64)
    return _Due(each[:, 0], each[:, 1])


def _gone(duty: Duty[Respond], due: _Due) -> Answers:
    """Return whether the duty is over and had ended before each answer was due."""
    end, ended = duty.force.end, duty.force.ended
    if ended is Tri.NO:
        return answered(ended, len(due.earliest))
    sooner = tri_of(end.latest < due.earliest, end.earliest < due.latest)
    return np.minimum(sooner, np.int8(ended))


@dataclass(frozen=True, slots=True, eq=False)
class _Answered:
    """How each call was answered: in time, ever, certainly late, and when first."""

    in_time: Answers
    ever: Answers
    late: NDArray[np.bool_]
    first: Times


def _answers(duty: Duty[Respond], calls: Hits, due: _Due) -> _Answered:
    groups = [
        group
        for pattern in duty.clause.with_
        for group in related(duty.inquiry, pattern, Meant(by=duty.bound, binding=duty.binding), calls)
    ]
    count = len(calls)
    first, sure = np.full(count, NEVER), np.full(count, NEVER)
    last, sure_last = np.full(count, DAWN), np.full(count, DAWN)
    exact = np.array_equal(calls.earliest, calls.latest)
    for one in groups:
        who = one.askers
        start, end = one.any.first_start(one.keys, calls.earliest[who]), one.any.last_end(one.keys)
        first[who], last[who] = np.minimum(first[who], start), np.maximum(last[who], end)
        if one.sure is not None:
            if not (exact and one.exact):
                start, end = one.sure.first_end(one.keys, calls.latest[who]), one.sure.last_start(one.keys)
            sure[who], sure_last[who] = np.minimum(sure[who], start), np.maximum(sure_last[who], end)
    ever = tri_of(sure < NEVER, first < NEVER)
    in_time = tri_of((sure <= due.earliest) & (sure < NEVER), (first <= due.latest) & (first < NEVER))
    late = (sure_last >= calls.latest) & (sure_last > due.latest)
    met = Times(earliest=first, latest=np.where(sure < NEVER, sure, last), known=ever > Tri.NO)
    return _Answered(in_time, ever, late, met)


def _watched(duty: Duty[Respond], calls: Hits, due: _Due) -> NDArray[np.bool_]:
    """Return for which calls somebody was watching for answers until the deadline."""
    end = np.minimum(due.latest, duty.inquiry.as_of)
    asked = (due.latest < NEVER) & (calls.earliest <= end)
    sought = Sought(Sought.of(duty.clause.with_, duty.binding).kinds, (), duty.binding)
    seen = np.zeros(len(calls), bool)
    seen[asked] = watched(duty.inquiry, sought, duty.clause.watched, since=calls.earliest[asked], until=end[asked])
    return seen


def _decided(duty: Duty[Respond], aspects: dict[str, Answers], timed: Answers) -> tuple[Answers, Answers, Values]:
    """Return each row's numbers of verdict and lifecycle, and its reason: the reference decides each case once."""
    names = [one.name for one in fields(Case)]
    code = np.zeros(len(timed), np.int64)
    for answers in (*(aspects[name] for name in names), timed):
        code = code * CASES + answers
    rows = np.bincount(code)
    verdict = np.zeros(len(rows), np.int8)
    lifecycle, says, reasons = np.zeros_like(verdict), np.zeros(len(verdict), np.int32), []
    for number, one in enumerate(np.flatnonzero(rows).tolist()):
        case = _case(one // CASES, names)
        decided = decide(duty, case)
        verdict[one], lifecycle[one] = VERDICTS.index(decided[0]), LIFECYCLES.index(decided[1])
        says[one] = number
        reasons.append(words(case, timed=bool(one % CASES)))
    return verdict[code], lifecycle[code], Values(says[code], tuple(reasons))


def _case(code: int, names: list[str]) -> Case:
    aspects: dict[str, Any] = {}
    for name in reversed(names):
        code, answer = divmod(code, CASES)
        aspects[name] = bool(answer) if name in ("late", "watched") else Tri(answer)
    return Case(**aspects)
