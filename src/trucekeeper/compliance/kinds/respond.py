"""Respond: to each such fact, an answer within a time. Each fact answered is a commitment of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.compliance.excuses import Deed, excused
from trucekeeper.compliance.force import Due, due_after
from trucekeeper.compliance.grounds import Ground, Stand, settle
from trucekeeper.compliance.inquiry import Found, strongest, within
from trucekeeper.compliance.matching import same
from trucekeeper.compliance.timing import ENDLESS
from trucekeeper.compliance.watching import Sought, watched
from trucekeeper.terms import NEVER, Interval, Lifecycle, Span, Tri, Verdict
from trucekeeper.terms.tri import some

if TYPE_CHECKING:
    from trucekeeper.agreement.language import PatternBody, Respond
    from trucekeeper.compliance.duty import Duty


def stands(duty: Duty[Respond]) -> list[Stand]:
    """Return where the duty stands for each fact that calls for an answer; one row if none does."""
    rows = [judge(duty, call) for call in calls(duty)]
    return rows or [duty.not_bound() or nothing(duty)]


def calls(duty: Duty[Respond]) -> list[Found]:
    """Return the facts that call, or may call, for an answer while the duty binds."""
    found = strongest(one for pattern in duty.clause.to for one in duty.find(pattern, ours=False))
    return [call for call in found.values() if duty.force.binds(call.when) is not Tri.NO]


def nothing(duty: Duty[Respond]) -> Stand:
    """Return the stand where nothing on record calls for an answer: kept, if somebody was watching."""
    start, end = duty.force.start.earliest, min(duty.force.end.latest, duty.inquiry.as_of)
    seen = watched(
        duty.inquiry, Sought.of(duty.clause.to, duty.binding), Span(min(start, end), end), duty.clause.watched
    )
    verdict = settle(begun=duty.begun, contrary=Tri.NO, kept=seen.tri, ahead=Tri.NO)
    ended = duty.force.ended is Tri.YES
    ground = Ground(
        "nothing on record calls for an answer",
        None,
        cite=duty.clause.cite,
        of=(duty.force.ground, seen.ground),
    )
    return duty.stand(verdict, duty.over() if ended else Lifecycle.IN_EFFECT, ground)


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one call: whether it binds, how it was answered, and what else decides.

    `late`: an answer certainly came, and certainly late. `watched`: nothing but silence came while somebody watched.
    """

    begun: Tri
    in_time: Tri
    ever: Tri
    late: bool
    passed: Tri
    watched: bool
    gone: Tri
    excuse: Tri


def decide(duty: Duty[Respond], case: Case) -> tuple[Verdict, Lifecycle, Tri]:
    """Return the verdict, what has become of the commitment, and whether it is kept."""
    unanswered = (
        case.in_time.negated if case.in_time is not Tri.NO or case.late else (Tri.YES if case.watched else Tri.MAYBE)
    )
    contrary = Tri.YES if duty.clause.result_alone else min(case.passed, unanswered, case.gone.negated)
    settled = min(contrary, case.excuse.negated)
    kept = Tri.YES if min(contrary, case.excuse) is Tri.YES else case.in_time
    verdict = settle(begun=case.begun, contrary=settled, kept=kept, ahead=case.passed.negated)
    lifecycle = _lifecycle(verdict, case.in_time, case.ever)
    if case.gone is Tri.YES and verdict not in (Verdict.CONSISTENT, Verdict.CONTRARY):
        verdict, lifecycle = Verdict.NOT_IN_FORCE, duty.over()
    elif verdict is Verdict.OPEN and duty.force.suspended(duty.inquiry.as_of) is Tri.YES:
        verdict, lifecycle = Verdict.NOT_IN_FORCE, Lifecycle.SUSPENDED
    return verdict, lifecycle, kept


def judge(duty: Duty[Respond], call: Found) -> Stand:
    """Return where the duty stands for one fact that calls for an answer."""
    clause, as_of = duty.clause, duty.inquiry.as_of
    deadline = _due(duty, call.when)
    due = deadline.when or ENDLESS
    timed = due.latest < NEVER
    answers = _answers(duty, call, due)
    seen = _watched(duty, call, due)
    excuse = excused(duty.inquiry, Deed(clause, duty.by, duty.binding, call.when, call.fact))
    case = Case(
        begun=min(call.tri, duty.force.binds(call.when), duty.begun),
        in_time=some(tri for _, tri, _ in answers),
        ever=some(tri for _, _, tri in answers),
        late=_late(answers),
        passed=Tri.of(certain=due.latest < as_of, possible=due.earliest < as_of),
        watched=seen.answer is Tri.YES,
        gone=duty.gone(due if timed else None),
        excuse=excuse.tri,
    )
    verdict, lifecycle, kept = decide(duty, case)
    ids = (call.fact.id, *(one.fact.id for one, _, _ in answers))
    says = f"{call.fact.kind} {call.fact.id}, {duty.inquiry.span_words(call.when)}: " + words(case, timed=timed)
    return duty.stand(
        verdict,
        lifecycle,
        Ground(says, kept, ids, clause.cite, of=(duty.force.ground, deadline.ground, seen, *excuse.grounds)),
        occurrence=call.fact.id,
        due=due if timed else None,
        met=case.ever,
        met_at=_first(answers),
        beside=excuse.beside,
    )


def due_by(duty: Duty[Respond], called: Interval) -> Interval:
    """Return by when an answer is due, moved by what moves deadlines; never, where the text gives no time."""
    return _due(duty, called).when or ENDLESS


def _due(duty: Duty[Respond], called: Interval) -> Due:
    clause = duty.clause
    if clause.within is None:
        return Due(None, Ground("the text gives no deadline", cite=clause.cite))
    return due_after(duty.inquiry, clause, duty.force, start=called, length=clause.within)


def _answers(duty: Duty[Respond], call: Found, due: Interval) -> list[tuple[Found, Tri, Tri]]:
    """Return each possible answer with whether it came in time and whether it came at all."""
    found: list[tuple[Found, Tri, Tri]] = []
    for pattern in duty.clause.with_:
        about = () if pattern.same else (call.fact.id,)
        near = duty.inquiry.near(pattern, like=call.fact, about=about, since=call.when.earliest)
        for one in duty.find(pattern, ours=True, about=about, among=near):
            tri = min(one.tri, same(one.fact, call.fact, pattern.same))
            in_time = min(tri, within(one.when, call.when, due))
            ever = min(tri, within(one.when, call.when, ENDLESS))
            if ever is not Tri.NO:
                found.append((one, in_time, ever))
    return found


def _late(answers: list[tuple[Found, Tri, Tri]]) -> bool:
    """Return whether an answer certainly came, and certainly late: then none came before."""
    return any(ever is Tri.YES and in_time is Tri.NO for _, in_time, ever in answers)


def _first(answers: list[tuple[Found, Tri, Tri]]) -> Interval | None:
    """Return when the first answer came: a doubtful one may be it, a certain one is the latest that it can be."""
    if not answers:
        return None
    sure = [one.when.latest for one, _, ever in answers if ever is Tri.YES]
    latest = min(sure) if sure else max(one.when.latest for one, _, _ in answers)
    return Interval(min(one.when.earliest for one, _, _ in answers), latest)


def words(case: Case, *, timed: bool) -> str:
    """Return how a call was answered, as people read it."""
    if case.in_time is Tri.YES:
        return "answered" + (" in time" if timed else "")
    if case.ever is Tri.YES:
        return "answered late" if case.in_time is Tri.NO else "answered, perhaps late"
    return "perhaps answered" if case.ever is Tri.MAYBE else "no answer on record"


def _lifecycle(verdict: Verdict, in_time: Tri, ever: Tri) -> Lifecycle:
    if in_time is Tri.YES:
        return Lifecycle.MET
    if verdict is Verdict.CONTRARY:
        return Lifecycle.MET_LATE if ever is Tri.YES else Lifecycle.UNMET
    return Lifecycle.DISCHARGED if verdict is Verdict.CONSISTENT else Lifecycle.IN_EFFECT


def _watched(duty: Duty[Respond], call: Found, due: Interval) -> Ground:
    """Return whether somebody was watching for answers until the deadline."""
    patterns: tuple[PatternBody, ...] = duty.clause.with_
    end = min(due.latest, duty.inquiry.as_of)
    if not patterns or due.latest >= NEVER or call.when.earliest > end:
        return Ground("no deadline by which an answer would be missed", Tri.NO)
    sought = Sought(Sought.of(patterns, duty.binding).kinds, (), duty.binding)
    return watched(duty.inquiry, sought, Span(call.when.earliest, end), duty.clause.watched).ground
