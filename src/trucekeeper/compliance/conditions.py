"""Conditions: what gates, powers, `while` and some excuses ask.

They read determinations or a level that the clause fixes, never the level at which somebody happens to look (rule of
meaning 9).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.phrases import Anchor
from trucekeeper.compliance.grounds import Answer, Binding, Ground
from trucekeeper.compliance.inquiry import Found
from trucekeeper.compliance.matching import Meant
from trucekeeper.compliance.timing import moment_of
from trucekeeper.compliance.watching import Sought, first_watch, watched
from trucekeeper.terms import DAWN, Interval, Moment, Proof, Span, Tri, Verdict
from trucekeeper.terms.moments import day_of, end_of_day, start_of_day
from trucekeeper.terms.tri import every, some

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from trucekeeper.compliance.inquiry import Inquiry

GATE_LEVEL = Proof.CORROBORATED


def answer(  # noqa: PLR0911  one case a sort of condition: a closed set
    inquiry: Inquiry, condition: lang.Condition, binding: Binding, since: Moment = DAWN
) -> Answer:
    """Return whether a condition holds as of the inquiry's moment, and from when. `since` bounds a count of days."""
    match condition:
        case lang.Happened():
            return _happened(inquiry, condition, binding)
        case lang.MetClause():
            return _met(inquiry, condition, binding)
        case lang.StandsClause():
            return _stands(inquiry, condition, binding)
        case lang.Holds():
            return _holds(inquiry, condition)
        case lang.Open(open=name):
            opened = moment_of(inquiry.at_level(GATE_LEVEL), Anchor(name), binding)
            return Answer(opened.begun(inquiry.as_of), opened.when, opened.ground)
        case lang.QuietDays():
            return _quiet(inquiry, condition, binding, since)
        case lang.AllOf(all=several):
            return _joined([answer(inquiry, one, binding, since) for one in several], every=True)
        case lang.AnyOf(any=several):
            return _joined([answer(inquiry, one, binding, since) for one in several], every=False)
        case lang.Not(not_=inner):
            denied = answer(inquiry, inner, binding, since)
            return Answer(denied.tri.negated, None, Ground("not", denied.tri.negated, of=(denied.ground,)))


def _joined(answers: Sequence[Answer], *, every: bool) -> Answer:
    tri = min(one.tri for one in answers) if every else max(one.tri for one in answers)
    times = [one.when for one in answers if one.when is not None and one.tri is not Tri.NO]
    when = None
    if times and tri is not Tri.NO:
        pick = max if every else min
        when = Interval(pick(one.earliest for one in times), pick(one.latest for one in times))
    return Answer(tri, when, Ground("all of" if every else "any of", tri, of=tuple(one.ground for one in answers)))


def _happened(inquiry: Inquiry, condition: lang.Happened, binding: Binding) -> Answer:
    found = inquiry.at_level(GATE_LEVEL).find(condition.happened, Meant(binding=binding))
    recent = [Found(one.fact, min(one.tri, _recent(one, inquiry.as_of, condition.within))) for one in found]
    recent = [one for one in recent if one.tri is not Tri.NO]
    tri = some(one.tri for one in recent)
    says = f"{condition.happened.fact} on record" if recent else f"no {condition.happened.fact} on record"
    when = _first(recent)
    ids = tuple(one.fact.id for one in recent)
    return Answer(tri, when, Ground(says, tri, ids))


def _recent(found: Found, as_of: Moment, length: int | None) -> Tri:
    if length is None:
        return Tri.YES
    return Tri.of(certain=found.when.earliest >= as_of - length, possible=found.when.latest >= as_of - length)


def _first(found: Sequence[Found]) -> Interval | None:
    if not found:
        return None
    sure = [one.when.latest for one in found if one.tri is Tri.YES]
    latest = min(sure) if sure else max(one.when.latest for one in found)
    return Interval(min(*(one.when.earliest for one in found), latest), latest)


def _met(inquiry: Inquiry, condition: lang.MetClause, binding: Binding) -> Answer:
    fixed = inquiry.at_level(condition.at)
    mine = dict(binding)
    rows = [row for row in fixed.judge(fixed, condition.met) if all(mine.get(k, v) == v for k, v in row.binding)]
    tri = every(row.met for row in rows) if rows else Tri.MAYBE
    times = [row.met_at for row in rows if row.met_at is not None]
    when = (
        Interval(max(t.earliest for t in times), max(t.latest for t in times))
        if times and tri is not Tri.NO
        else None
    )
    says = f"{condition.met} " + {Tri.YES: "was met", Tri.MAYBE: "may have been met", Tri.NO: "was not met"}[tri]
    return Answer(tri, when, Ground(says, tri, of=tuple(row.ground for row in rows)))


def _stands(inquiry: Inquiry, condition: lang.StandsClause, binding: Binding) -> Answer:
    fixed = inquiry.at_level(condition.at)
    mine = dict(binding)
    rows = [row for row in fixed.judge(fixed, condition.clause) if all(mine.get(k, v) == v for k, v in row.binding)]
    contrary = some(_contrary(row.verdict) for row in rows)
    match condition.stands:
        case "contrary":
            tri = contrary
        case "not contrary":
            tri = contrary.negated
        case "consistent":
            tri = every(_consistent(row.verdict) for row in rows) if rows else Tri.MAYBE
    says = f"{condition.clause} stands {condition.stands} at {condition.at.word}"
    return Answer(tri, None, Ground(says, tri, of=tuple(row.ground for row in rows)))


def _contrary(verdict: Verdict) -> Tri:
    return {Verdict.CONTRARY: Tri.YES, Verdict.CANNOT_TELL: Tri.MAYBE}.get(verdict, Tri.NO)


def _consistent(verdict: Verdict) -> Tri:
    return {Verdict.CONSISTENT: Tri.YES, Verdict.CONTRARY: Tri.NO}.get(verdict, Tri.MAYBE)


def _holds(inquiry: Inquiry, condition: lang.Holds) -> Answer:
    """Return whether something still counts as holding: until determined otherwise; both ways while contested."""
    named = inquiry.naming("record", "of", condition.holds)
    about = [fact for fact in named if fact.when.latest <= inquiry.as_of and fact.occurred is not Proof.REFUTED]
    for fact in reversed(about):
        if fact.kind == "determination" and inquiry.decides(fact, condition.determined_by, at=GATE_LEVEL):
            tri = Tri.NO if fact.field("finding") == "fails" else Tri.YES
            says = f"{condition.holds}: determined by {fact.by}: {fact.field('finding')}"
            return Answer(tri, fact.when, Ground(says, tri, (fact.id,), fact.cite))
    contests = [fact for fact in about if fact.field("finding") == "fails"]
    if not contests:
        return Answer(Tri.YES, None, Ground(f"{condition.holds}: nobody determined otherwise", Tri.YES))
    option = inquiry.assume(condition.holds, ("holds", "fails"))
    tri = Tri.YES if option == "holds" else Tri.NO
    says = f"{condition.holds}: contested by {contests[0].by}, not determined; read here as: {option}"
    ids = tuple(fact.id for fact in contests)
    return Answer(tri, contests[0].when, Ground(says, tri, ids, contests[0].cite))


# ---- quiet days ----------------------------------------------------------------------------------------------------


def _quiet(inquiry: Inquiry, condition: lang.QuietDays, binding: Binding, since: Moment) -> Answer:
    """Return whether so many consecutive civil days were quiet, each watched; the count starts anew after any."""
    first, why = _first_day(inquiry, condition, binding, since)
    if first is None:
        return Answer(Tri.MAYBE, None, Ground("no day was watched", Tri.MAYBE))
    days = _days(first, inquiry.as_of, inquiry.agreement.time_zone)
    each = inquiry.quiet(condition, binding, days, lambda day: _kept_day(inquiry, condition, binding, day))
    quiet = [(day, *one) for day, one in zip(days, each, strict=True)]
    sure = _run([(day, tri is Tri.YES) for day, tri, _ in quiet], condition.consecutive_days)
    maybe = _run([(day, tri is not Tri.NO) for day, tri, _ in quiet], condition.consecutive_days)
    least, most = _trailing(quiet, Tri.YES), _trailing(quiet, Tri.MAYBE)
    tri = Tri.of(certain=sure is not None, possible=maybe is not None)
    when = None
    if maybe is not None:
        zone = inquiry.agreement.time_zone
        earliest = end_of_day(maybe, zone)
        when = Interval(earliest, end_of_day(sure, zone) if sure is not None else max(earliest, inquiry.as_of))
    counted = f"{least}" if least == most else f"{least} to {most}"
    says = f"{counted} quiet days in a row up to now; {condition.consecutive_days} wanted" + (
        ", reached" if tri is Tri.YES else ""
    )
    return Answer(tri, when, Ground(says, tri, of=(*why, *(ground for _, _, ground in quiet))))


def _first_day(
    inquiry: Inquiry, condition: lang.QuietDays, binding: Binding, since: Moment
) -> tuple[date | None, tuple[Ground, ...]]:
    """Return the first day that counts, and why: that in which somebody may first have watched for what is sought."""
    zone = inquiry.agreement.time_zone
    if since > inquiry.as_of:
        return None, ()
    if since > DAWN:
        day = day_of(since, zone)
        return (day if start_of_day(day, zone) >= since else day + timedelta(days=1)), ()
    fixed = inquiry.at_level(GATE_LEVEL)
    first = first_watch(fixed, Sought.of(condition.without, binding), condition.watched)
    if first is None:
        return None, ()
    start, watching = first
    says = f"watched from {inquiry.local(start)} on at the earliest"
    return day_of(start, zone), (Ground(says, None, (watching.id,), watching.cite),)


def _days(first: date, as_of: Moment, zone: str) -> list[date]:
    """Return the whole days from the first to the last that had ended by now."""
    days: list[date] = []
    day = first
    while end_of_day(day, zone) <= as_of:
        days.append(day)
        day += timedelta(days=1)
    return days


def _kept_day(inquiry: Inquiry, condition: lang.QuietDays, binding: Binding, day: date) -> tuple[Tri, Ground]:
    key = ("quiet day", id(condition), binding, day)
    return inquiry.kept(key, lambda one: _quiet_day(one, condition, binding, day))


def _quiet_day(inquiry: Inquiry, condition: lang.QuietDays, binding: Binding, day: date) -> tuple[Tri, Ground]:
    zone = inquiry.agreement.time_zone
    span = Span(start_of_day(day, zone), end_of_day(day, zone))
    fixed = inquiry.at_level(GATE_LEVEL)
    heard = [
        one
        for pattern in condition.without
        for one in fixed.find(
            pattern, Meant(binding=binding), among=fixed.near(pattern, since=span.start, until=span.end)
        )
    ]
    on_day = [Found(one.fact, min(one.tri, _on(one.when, span))) for one in heard]
    on_day = [one for one in on_day if one.tri is not Tri.NO]
    loud = some(one.tri for one in on_day)
    ids = tuple(one.fact.id for one in on_day)
    if loud is Tri.YES:
        return Tri.NO, Ground(f"{day}: not quiet", Tri.NO, ids, span=span)
    seen = watched(fixed, Sought.of(condition.without, binding), span, condition.watched)
    tri = Tri.YES if loud is Tri.NO and seen.tri is Tri.YES else Tri.MAYBE
    word = "quiet" if tri is Tri.YES else "not observed throughout" if loud is Tri.NO else "possibly not quiet"
    return tri, Ground(f"{day}: {word}", tri, ids, span=span, of=(seen.ground,))


def _on(when: Interval, span: Span) -> Tri:
    certain = span.start <= when.earliest and when.latest <= span.end
    return Tri.of(certain=certain, possible=when.earliest <= span.end and span.start <= when.latest)


def _run(days: Sequence[tuple[date, bool]], wanted: int) -> date | None:
    """Return the day on which a run of so many quiet days was first complete."""
    length = 0
    for day, good in days:
        length = length + 1 if good else 0
        if length >= wanted:
            return day
    return None


def _trailing(days: Sequence[tuple[date, Tri, Ground]], at_least: Tri) -> int:
    length = 0
    for _, tri, _ in reversed(days):
        if tri < at_least:
            break
        length += 1
    return length
