"""Which of many acts are excused: the rules of `trucekeeper.compliance.excuses`, for all acts at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from trucekeeper.compliance.columns.conditions import held
from trucekeeper.compliance.columns.hits import log_of
from trucekeeper.compliance.columns.matching import InBulk, answered, negated, some
from trucekeeper.compliance.columns.members import seek_member
from trucekeeper.compliance.columns.relations import Windows, any_within, related
from trucekeeper.compliance.columns.times import shifted, within
from trucekeeper.compliance.columns.values import NOTHING
from trucekeeper.compliance.excuses import Deed, available, excuses, excusing, plea, power_then
from trucekeeper.compliance.force import exercise_of
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import DAWN, Interval, Proof, Tri

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucekeeper.agreement.agreement import ClauseHistory
    from trucekeeper.agreement.language import Excuse, PatternBody, Power
    from trucekeeper.compliance.columns.hits import Hits
    from trucekeeper.compliance.columns.values import Answers, Integers, Values
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.terms import Field, Moment


def excused(duty: Duty[Any], acts: Hits, doers: Values) -> Answers:
    """Return for each act whether any excuse of the clause, or any power that permits it, excuses it.

    `doers` are those who answer for the acts; where it says nothing, it is who is bound.
    """
    parts = [_one(duty, excuse, acts) for excuse in duty.clause.excuse]
    parts += [_permitted(duty, history, acts, doers) for history in excusing(duty.inquiry, duty.clause.id)]
    return some(parts, len(acts))


def _one(duty: Duty[Any], excuse: Excuse, acts: Hits) -> Answers:
    judge = _pleaded if excuse.shown is None else _by_facts
    if not excuse.available_to:
        return judge(duty, excuse, acts)

    def ask(by: Field | None) -> int:
        actor = duty.by if by is None else str(by)
        return int(available(duty.inquiry.agreement, excuse, actor))

    answers = np.full(len(acts), np.int8(Tri.NO))
    mine = np.flatnonzero(acts.aspect("by").asked(ask) > 0)
    if len(mine):
        answers[mine] = judge(duty, excuse, acts.chosen(mine))
    return answers


def _by_facts(duty: Duty[Any], excuse: Excuse, acts: Hits) -> Answers:
    assert excuse.shown is not None  # noqa: S101  whoever asks has looked
    tri = _shown(duty, excuse, excuse.shown, acts)
    if excuse.if_ is not None:
        tri = np.minimum(tri, held(duty.inquiry, excuse.if_, duty.binding, acts.earliest))
    if excuse.unless is not None:
        tri = np.minimum(tri, negated(_shown(duty, excuse, excuse.unless, acts)))
    return _borne(excuse.burden, tri)


def _borne(burden: str, tri: Answers) -> Answers:
    """Return what counts of an excuse: a doubtful one only against an accuser."""
    return tri if burden == "accuser" else np.where(tri == Tri.YES, tri, np.int8(Tri.NO))


def _shown(duty: Duty[Any], excuse: Excuse, pattern: PatternBody, acts: Hits) -> Answers:
    """Return for each act whether facts show an excuse in the closed time before it."""
    meant = Meant(binding=duty.binding, about=(duty.clause.id,))
    groups = related(duty.inquiry, pattern, meant, acts)
    if excuse.within is None:
        since = np.full(len(acts), DAWN)
        windows = Windows(since, since, acts.earliest, acts.latest)
    else:
        since = shifted(acts.earliest, -excuse.within)
        windows = Windows(since, shifted(acts.latest, -excuse.within), acts.earliest, acts.latest)
    return any_within(groups, windows, len(acts))


def shown_before(inquiry: Inquiry, excuse: Excuse, pattern: PatternBody, deed: Deed) -> tuple[Tri, tuple[str, ...]]:
    """Return whether facts show an excuse in the closed time before a failure, which itself is no fact."""
    found = seek_member(inquiry, pattern, Meant(binding=deed.binding, about=() if pattern.same else deed.names))
    since = deed.when.later(-excuse.within) if excuse.within is not None else Interval(DAWN, DAWN)
    tri = np.minimum(found.tri, within(found.earliest, found.latest, since, deed.when))
    return Tri(int(tri.max(initial=Tri.NO))), ()


def _pleaded(duty: Duty[Any], excuse: Excuse, acts: Hits) -> Answers:
    """Return for each act whether a plea that a case judges is established: only those that somebody named can be."""
    record = duty.inquiry.record.by_kind
    rulings = [fact for fact in record.get("determination", ()) if fact.field("plea") == excuse.plea]
    named = {fact.field("of") for fact in rulings}
    answers = answered(Tri.NO, len(acts)).copy()
    everybody = duty.clause.id in named
    asked = acts.aspect("id").asked(lambda name: int(everybody or name in named)) if named else answers
    for at in np.flatnonzero(asked).tolist():
        act = acts.found_at(at)
        answers[at] = plea(duty.inquiry, excuse, Deed(duty.clause, duty.by, duty.binding, act.when, act.fact)).tri
    return answers


# ---- powers that permit --------------------------------------------------------------------------------------------


def _permitted(duty: Duty[Any], history: ClauseHistory, acts: Hits, doers: Values) -> Answers:
    """Return for each act whether a power permits it, as worded when it happened for whoever did it."""
    inquiry, clause = duty.inquiry, duty.clause.id
    answers = np.full(len(acts), np.int8(Tri.NO))
    epochs = _Epochs.of(inquiry)
    first, last = epochs.at(acts.earliest), epochs.at(acts.latest)
    cases = np.stack([doers.codes, first, last])
    for case in np.unique(cases, axis=1).T:
        doer = duty.by if case[0] == NOTHING else str(doers.distinct[case[0]])
        before, power = (power_then(inquiry, history, doer, epochs.begun[one]) for one in case[1:])
        if power is not None and excuses(power, clause):
            rows = np.flatnonzero((cases == case[:, None]).all(axis=0))
            in_force = Tri.MAYBE if before is None else Tri.YES
            answers[rows] = _by_power(duty, power, acts.chosen(rows), in_force)
    return answers


@dataclass(frozen=True, slots=True)
class _Epochs:
    """The stretches of time between decisions, in each of which one text is in force."""

    begun: tuple[Moment, ...]

    @staticmethod
    def of(inquiry: Inquiry) -> _Epochs:
        return _Epochs((DAWN, *sorted({inquiry.fixed(one.effective) for one in inquiry.amendments()})))

    def at(self, moments: NDArray[np.int64]) -> Integers:
        """Return in which of them each moment lies."""
        return np.maximum(np.searchsorted(self.begun, moments, side="right") - 1, 0)


def _by_power(duty: Duty[Any], power: Power, acts: Hits, in_force: Tri) -> Answers:
    """Return for each act whether it exercises a power, and the power's condition held when it began."""
    tri = np.where(_exercise(duty.inquiry, power, acts), np.int8(in_force), np.int8(Tri.NO))
    if power.if_ is not None and tri.any():
        asked = np.flatnonzero(tri)
        tri[asked] = np.minimum(tri[asked], held(duty.inquiry, power.if_, duty.binding, acts.earliest[asked]))
    return _borne(power.burden, tri)


def _exercise(inquiry: Inquiry, power: Power, acts: Hits) -> NDArray[np.bool_]:
    """Return which acts are, or may be, exercises of a power."""
    fixed = inquiry.at_level(Proof.CORROBORATED)
    pattern, meant = exercise_of(power, ())
    found = np.zeros(len(acts), bool)
    for number, table in enumerate(acts.tables):
        if table in log_of(inquiry).of_kind(pattern.fact):
            mine = np.flatnonzero(acts.which == number)
            found[mine] = InBulk(fixed.matcher, table, pattern, meant).match()[acts.rows[mine]] > Tri.NO
    if pattern.judgement is not None:
        for at in np.flatnonzero(found).tolist():
            found[at] = fixed.judged(acts.fact(at), pattern.judgement) > Tri.NO
    return found
