"""Tally: a count is to be reached, or not passed, by a deadline."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang
from trucekeeper.compliance.counting import ENDLESS_COUNT, Count, What, Window, bounds, what_of
from trucekeeper.compliance.excuses import Deed, excused
from trucekeeper.compliance.grounds import Beside, Counted, Ground, Stand, resting_on, settle
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import DAWN, NEVER, Interval, Lifecycle, Tri, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.force import Due
    from trucekeeper.terms import Fact, Moment


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached: its sort, the least and the most it may be, in words, and why."""

    sort: str
    least: int
    most: int
    words: str
    ground: Ground


def stands(duty: Duty[lang.Tally]) -> list[Stand]:
    """Return where the tally stands, and each tranche of it."""
    clause = duty.clause
    rows = [
        _stand(
            duty,
            "at_least",
            tranche.at_least,
            due=duty.due(tranche.within, tranche.deadline),
            occurrence=f"tranche {number}",
        )
        for number, tranche in enumerate(clause.tranches, 1)
    ]
    named = [("at_least", clause.at_least), ("at_most", clause.at_most), ("exactly", clause.exactly)]
    due = duty.due(clause.within, clause.deadline)
    rows += [
        _stand(duty, sort, quantity, due=due, occurrence="" if sort != "at_most" else sort)
        for sort, quantity in named
        if quantity is not None
    ]
    return rows


def _stand(duty: Duty[lang.Tally], sort: str, quantity: lang.Quantity, *, due: Due, occurrence: str) -> Stand:
    early = duty.not_bound(due, occurrence)
    if early is not None and duty.force.begun is Tri.NO:
        return early
    now = Interval.at(duty.inquiry.as_of)
    so_far = _count(duty, now)
    at_due = so_far if due.when is None or due.when.earliest >= duty.inquiry.as_of else _count(duty, due.when)
    whole = (
        so_far if sort == "at_least" else at_due
    )  # a floor may be reached late; what is capped is capped in its time
    target = _target(duty, sort, quantity, now)
    in_time, reached = _reached(target, at_due), _reached(target, whole)
    shown = _reached(target, replace(whole, most=min(whole.most, whole.shown)))
    if early is not None and not duty.bit(due) and _kept(sort, in_time, Tri.NO) is not Tri.YES:
        return resting_on(early, target.ground, so_far.ground, *((at_due.ground,) if at_due is not so_far else ()))
    passed, gone = due.passed(duty.inquiry.as_of), duty.gone(due.when)
    missed = min(passed, in_time.negated, gone.negated)
    contrary = _over(target, at_due) if sort == "at_most" else max(missed, _exceeded(target, at_due))
    excuse = excused(duty.inquiry, Deed(duty.clause, duty.by, duty.binding, due.when or Interval(DAWN, now.latest)))
    settled = min(contrary, excuse.tri.negated)
    kept = Tri.YES if min(contrary, excuse.tri) is Tri.YES else _kept(sort, in_time, passed)
    verdict = settle(begun=duty.begun, contrary=settled, kept=kept, ahead=passed.negated)
    ended = gone is Tri.YES and verdict not in (Verdict.CONSISTENT, Verdict.CONTRARY)
    if ended:
        verdict = Verdict.NOT_IN_FORCE
    known = due.when is not None and due.when.latest < NEVER
    doubtful = known and verdict is Verdict.CANNOT_TELL and reached is Tri.YES and at_due is not so_far
    more = whole is at_due and at_due.words != so_far.words  # that came after its time
    claimed = Ground("claims that may say when it was reached", None, tuple(one.id for one in _claims(duty, now)))
    grounds = (
        duty.force.ground,
        due.ground,
        target.ground,
        so_far.ground,
        *((at_due.ground,) if at_due is not so_far else ()),
        *((claimed,) if claimed.facts else ()),
        *excuse.grounds,
    )
    return duty.stand(
        verdict,
        duty.over() if ended else _lifecycle(verdict, sort, in_time=in_time, reached=reached),
        Ground(f"{so_far.words} of {target.words}", kept, cite=duty.clause.cite, of=grounds),
        occurrence=occurrence,
        due=due.when,
        met=shown if sort != "at_most" else Tri.NO,
        met_at=_when_reached(duty, target, now) if shown is not Tri.NO else None,
        figure=_figure(so_far, target) + (_then(at_due) if doubtful or more else ""),
        counted=_counted(so_far, target),
        beside=(*excuse.beside, *so_far.beside, *_beside(duty)),
    )


def _window(duty: Duty[lang.Tally], end: Interval) -> Window:
    over = duty.force.end if duty.force.ended is Tri.YES else end
    return Window(duty.force.start, Interval(min(end.earliest, over.earliest), min(end.latest, over.latest)))


def _count(duty: Duty[lang.Tally], end: Interval) -> Count:
    return duty.counted(what_of(duty.clause), _window(duty, end))


def _kept(sort: str, in_time: Tri, passed: Tri) -> Tri:
    """Return whether it is kept: a floor once reached, an exact count or a ceiling only at the deadline."""
    return in_time if sort == "at_least" else min(in_time, passed)


def _reached(target: Target, counted: Count) -> Tri:
    if target.sort == "at_most":
        return Tri.of(certain=counted.most <= target.least, possible=counted.least <= target.most)
    floor = Tri.of(certain=counted.least >= target.most, possible=counted.most >= target.least)
    if target.sort == "at_least":
        return floor
    return min(floor, Tri.of(certain=counted.most <= target.least, possible=counted.least <= target.most))


def _over(target: Target, counted: Count) -> Tri:
    return Tri.of(
        certain=counted.least > target.most,
        possible=counted.most > target.least,
    )


def _exceeded(target: Target, counted: Count) -> Tri:
    """Return whether an exact count is passed: as soon as more is certain, though its time is not over."""
    return Tri.YES if target.sort == "exactly" and counted.least > target.most else Tri.NO


def _lifecycle(verdict: Verdict, sort: str, *, in_time: Tri, reached: Tri) -> Lifecycle:
    if verdict is Verdict.CONTRARY:
        return Lifecycle.MET_LATE if reached is Tri.YES and sort == "at_least" else Lifecycle.UNMET
    if verdict is Verdict.CONSISTENT:
        return Lifecycle.MET if in_time is Tri.YES else Lifecycle.DISCHARGED
    return Lifecycle.IN_EFFECT


def _target(duty: Duty[lang.Tally], sort: str, quantity: lang.Quantity, now: Interval) -> Target:
    if isinstance(quantity, int):
        words = {"at_least": "", "at_most": "at most ", "exactly": "exactly "}[sort] + f"{quantity:,}"
        return Target(sort, quantity, quantity, words, Ground(f"target {words}", cite=duty.clause.cite))
    if isinstance(quantity, lang.Ratio):
        return _ratio(duty, sort, quantity, now)
    return _share(duty, sort, quantity)


def _ratio(duty: Duty[lang.Tally], sort: str, quantity: lang.Ratio, now: Interval) -> Target:
    what = What((quantity.per,), "count", None, f"{duty.clause.id}/per", None, duty.clause.watched)
    base = duty.counted(what, _window(duty, now))
    most = min(base.most * quantity.ratio, ENDLESS_COUNT)
    unknown = base.least == 0 and base.most >= ENDLESS_COUNT
    words = f"{quantity.ratio:,} for each of {'an unknown number' if unknown else base.words}"
    return Target(sort, base.least * quantity.ratio, most, words, Ground(f"target {words}", of=(base.ground,)))


def _share(duty: Duty[lang.Tally], sort: str, quantity: lang.Share) -> Target:
    """Return a share of the base that was declared last; none declared, nothing can be said."""
    declared = duty.inquiry.find(quantity.of, Meant(binding=duty.binding, about=(duty.clause.id,)))
    ids = tuple(one.fact.id for one in declared)
    latest = declared[-1] if declared else None
    amount = None if latest is None else latest.fact.amount("count")
    if latest is None or amount is None:
        words = f"{quantity.percent} % of a base that nobody declared"
        return Target(sort, 0, ENDLESS_COUNT, words, Ground(f"target {words}", Tri.MAYBE, ids))
    least, most = (-(-one * quantity.percent // 100) for one in (amount.least, amount.most))
    if latest.tri is not Tri.YES:
        least, most = 0, ENDLESS_COUNT
    words = f"{quantity.percent} % of {amount.most:,}"
    return Target(
        sort,
        least,
        most,
        words,
        Ground(f"target {words}, as declared last", latest.tri, ids, latest.fact.cite),
    )


def _when_reached(duty: Duty[lang.Tally], target: Target, now: Interval) -> Interval | None:
    """Return when the target was reached: the first time by which it possibly, and by which it certainly, was."""

    def reached(moment: Moment) -> Tri:
        return _reached(target, _count(duty, Interval.at(moment)))

    events, claims = _moments(duty, now)
    floor, grows = target.sort == "at_least", duty.clause.watched.at_least in ("unstated", "100%")
    first = _turning if floor and grows else _looked_for
    maybe = first((events, claims), lambda moment: reached(moment) is not Tri.NO)
    if maybe is None:
        return None
    first = _turning if floor and (grows or not claims) else _looked_for
    later = [one[bisect_left(one, maybe) :] for one in (events, claims)]
    sure = first(later, lambda moment: reached(moment) is Tri.YES)
    return Interval(maybe, now.latest if sure is None else sure)


def _turning(several: Sequence[Sequence[Moment]], true: Callable[[Moment], bool]) -> Moment | None:
    """Return the first of the moments by which a floor is reached, once reached for good; None if it never is.

    Both the least and the most counted by a moment only grow with it: events do; a claim that lies in the window goes
    on doing so, one that spans it does so no longer some time, and a record with a gap is never complete again. Only
    where part of the time may go unwatched can a record become complete later, which cuts down what could have been
    counted, and claims that say more.
    """
    found = [moment for one in several if (moment := _turns(one, true)) is not None]
    return min(found, default=None)


def _turns(moments: Sequence[Moment], true: Callable[[Moment], bool]) -> Moment | None:
    """Return where what stays true turns so; looks first where that is seen at once, at both ends."""
    if not moments or true(moments[0]):
        return moments[0] if moments else None
    if not true(moments[-1]):
        return None
    return moments[bisect_left(moments, True, lo=1, hi=len(moments) - 1, key=true)]  # noqa: FBT003  by a yes or no


def _looked_for(several: Sequence[Sequence[Moment]], true: Callable[[Moment], bool]) -> Moment | None:
    """Return the first of the moments by which something is true, None if it is by none."""
    return next((moment for moment in sorted({*chain(*several)}) if true(moment)), None)


def _moments(duty: Duty[lang.Tally], now: Interval) -> tuple[Sequence[Moment], Sequence[Moment]]:
    """Return the moments in the time of this tally at which its count may have changed: by events, and by claims.

    What came after its end reached nothing.
    """
    start, end = duty.force.start.earliest, _window(duty, now).end.latest
    events = duty.moments(duty.inquiry, what_of(duty.clause), duty.binding)
    first, last = bisect_left(events, start), bisect_right(events, end)
    claims = sorted({one.span.end for one in _claims(duty, now) if one.span is not None})
    return events[first:last], claims


def _claims(duty: Duty[lang.Tally], now: Interval) -> list[Fact]:
    """Return the claims that count up to a moment in the time of this tally, whether they bind or not."""
    claims = duty.inquiry.naming("claim", "tally", duty.clause.claims or duty.clause.id)
    start, end = duty.force.start.earliest, _window(duty, now).end.latest
    return [one for one in claims if one.span is not None and start <= one.span.end <= end]


def _figure(so_far: Count, target: Target) -> str:
    """Return the figure as people read it, "" where the record bounds the count on neither side."""
    if so_far.least == 0 and so_far.most >= ENDLESS_COUNT:
        return ""
    reached = target.sort != "at_most" and so_far.most >= ENDLESS_COUNT and so_far.least >= target.most
    return f"{so_far.least:,} of {target.words}" if reached else f"{so_far.words} of {target.words}"


def _counted(so_far: Count, target: Target) -> Counted:
    limit = bounds(target.least, target.most)
    return Counted(
        so_far.bounds,
        floor=None if target.sort == "at_most" else limit,
        ceiling=None if target.sort == "at_least" else limit,
    )


def _then(at_due: Count) -> str:
    return f", {at_due.words} by the deadline"


def _beside(duty: Duty[lang.Tally]) -> tuple[Beside, ...]:
    found: list[Beside] = []
    for name, pattern in duty.clause.beside.items():
        what = What((pattern,), duty.clause.field, None, f"{duty.clause.id}/{name}", None, duty.clause.watched)
        counted = duty.counted(what, _window(duty, Interval.at(duty.inquiry.as_of)))
        found.append(Beside("count", f"{name}: {counted.words}", counted.ground.facts))
    return tuple(found)
