"""Which of many acts are excused: the rules of `trucekeeper.compliance.excuses`, for all acts at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from trucekeeper.compliance.columns.matching import answered, negated, some
from trucekeeper.compliance.columns.members import seek_member
from trucekeeper.compliance.columns.relations import Windows, any_within, related
from trucekeeper.compliance.columns.times import shifted, within
from trucekeeper.compliance.excuses import Deed, available, may_excuse, plea
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import DAWN, Interval, Tri

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import Clause, Excuse, PatternBody
    from trucekeeper.compliance.columns.hits import Hits
    from trucekeeper.compliance.columns.values import Answers
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.terms import Field


def unfit(agreement: Agreement, clause: Clause) -> str:
    """Return why the excuses of a clause cannot be judged in columns, "" if they can."""
    if any(excuse.if_ is not None for excuse in clause.excuse):
        return "an excuse has a condition"
    if any(may_excuse(history, clause.id) for history in agreement.clauses.values()):
        return "a power may permit such acts"
    return ""


def excused(duty: Duty[Any], acts: Hits) -> Answers:
    """Return for each act whether any excuse of the clause excuses it."""
    return some([_one(duty, excuse, acts) for excuse in duty.clause.excuse], len(acts))


def _one(duty: Duty[Any], excuse: Excuse, acts: Hits) -> Answers:
    answers = _pleaded(duty, excuse, acts) if excuse.shown is None else _by_facts(duty, excuse, acts)
    if not excuse.available_to:
        return answers

    def ask(by: Field | None) -> int:
        actor = duty.by if by is None else str(by)
        return int(available(duty.inquiry.agreement, excuse, actor))

    return np.where(acts.aspect("by").asked(ask) > 0, answers, np.int8(Tri.NO))


def _by_facts(duty: Duty[Any], excuse: Excuse, acts: Hits) -> Answers:
    assert excuse.shown is not None  # noqa: S101  whoever asks has looked
    tri = _shown(duty, excuse, excuse.shown, acts)
    if excuse.unless is not None:
        tri = np.minimum(tri, negated(_shown(duty, excuse, excuse.unless, acts)))
    if excuse.burden == "accuser":
        return tri
    return np.where(tri == Tri.YES, tri, np.int8(Tri.NO))


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
