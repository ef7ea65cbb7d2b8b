"""Quota: a count per period, each whole period by itself."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from trucekeeper.agreement.phrases import UNSTATED, WEEKDAYS, Civil
from trucekeeper.compliance.counting import ENDLESS_COUNT, Count, Window, what_of
from trucekeeper.compliance.excuses import Deed, excused
from trucekeeper.compliance.grounds import Bounds, Counted, Ground, Stand, settle
from trucekeeper.compliance.inquiry import happened
from trucekeeper.terms import DAWN, NEVER, Interval, Lifecycle, Moment, Tri, Verdict
from trucekeeper.terms.moments import (
    add_months,
    at_clock,
    datetime_of,
    day_of,
    end_of_day,
    parse_moment,
    shifted,
    start_of_day,
    write_moment,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.agreement.language import Quota
    from trucekeeper.compliance.duty import Duty

TRIGGER = "trigger"
"""Weeks counted from the first day in force."""
MOST_PERIODS = 40_000
"""A century of days."""


def stands(duty: Duty[Quota]) -> list[Stand]:
    """Return where each period stands that has begun by now; one row that says why, if none has."""
    rows = [judge(duty, period) for period in periods(duty)]
    early = duty.not_bound()
    if not rows:
        return [early or nothing(duty)]
    return [*rows, early] if early is not None else rows


def nothing(duty: Duty[Quota]) -> Stand:
    """Return the stand of a quota before its first whole period."""
    ground = Ground("no whole period has begun", Tri.NO, of=(duty.force.ground,))
    return duty.stand(Verdict.OPEN, Lifecycle.IN_EFFECT, ground)


def judge(duty: Duty[Quota], period: Window) -> Stand:
    """Return where one period of a quota stands."""
    clause, inquiry = duty.clause, duty.inquiry
    counted = duty.counted(what_of(clause), _own(duty, period))
    passed = Tri.of(certain=period.end.latest < inquiry.as_of, possible=period.end.earliest < inquiry.as_of)
    short = (
        Tri.NO
        if clause.at_least is None
        else Tri.of(certain=counted.most < clause.at_least, possible=counted.least < clause.at_least)
    )
    over = Tri.NO if clause.at_most is None else _over(counted, clause.at_most)
    contrary = max(min(passed, short), over)
    kept = short.negated if clause.at_most is None else min(passed, short.negated, _within(counted, clause.at_most))
    whole = period.start.hull(period.end)
    excuse = excused(inquiry, Deed(clause, duty.by, duty.binding, period.end, period=whole))
    cured, longer = _cured(duty, period) if contrary is Tri.YES else (Tri.NO, ())
    settled = min(contrary, excuse.tri.negated, cured.negated)
    if min(contrary, max(excuse.tri, cured)) is Tri.YES:
        kept = Tri.YES
    held = duty.held_then(whole)
    begun = min(duty.force.binds(whole), held.tri)  # a period suspended in part is no whole one
    verdict = settle(begun=begun, contrary=settled, kept=kept, ahead=passed.negated)
    name = _name(duty, period)
    figure = f"{_figure(counted, clause)} of {_limits(clause)}"
    return duty.stand(
        verdict,
        _lifecycle(verdict, cured, excuse.tri),
        Ground(
            f"{name[:10]}: {figure}",
            kept,
            cite=clause.cite,
            of=(duty.force.ground, *held.ground.of, counted.ground, *excuse.grounds, *longer),
        ),
        occurrence=name,
        due=period.end,
        figure=figure,
        counted=Counted(counted.bounds, floor=_exactly(clause.at_least), ceiling=_exactly(clause.at_most)),
        beside=(*excuse.beside, *counted.beside),
    )


def _name(duty: Duty[Quota], period: Window) -> str:
    """Return what a period is called: the moment of its beginning, in the agreement's own zone."""
    start, zone = period.start.earliest, duty.inquiry.agreement.time_zone
    return duty.inquiry.of_text(("period", start), lambda: write_moment(start, zone).replace("T", " "))


def _own(duty: Duty[Quota], period: Window) -> Window:
    """Return what a period has to itself: the instant that ends one exact length does not count for the next."""
    civil = isinstance(duty.clause.every, str)
    return period if civil or period.start == duty.force.start else Window(period.start.later(1), period.end)


def _over(counted: Count, limit: int) -> Tri:
    return Tri.of(certain=counted.least > limit, possible=limit < counted.most)


def _within(counted: Count, limit: int) -> Tri:
    return Tri.of(certain=counted.most <= limit, possible=counted.least <= limit)


def _figure(counted: Count, clause: Quota) -> str:
    """Return how many were counted; of a floor that is reached not that they are at least so many."""
    enough = clause.at_least is not None and clause.at_most is None and counted.least >= clause.at_least
    return f"{counted.least:,}" if enough and counted.most >= ENDLESS_COUNT else counted.words


def _limits(clause: Quota) -> str:
    words = [f"{clause.at_least:,}"] if clause.at_least is not None else []
    return ", ".join([*words, *([f"at most {clause.at_most:,}"] if clause.at_most is not None else [])])


def _exactly(limit: int | None) -> Bounds | None:
    return None if limit is None else (limit, limit)


def _lifecycle(verdict: Verdict, cured: Tri, excused_: Tri) -> Lifecycle:
    if verdict is Verdict.CONTRARY:
        return Lifecycle.UNMET
    if verdict is Verdict.CONSISTENT:
        return Lifecycle.CURED if cured is Tri.YES else Lifecycle.DISCHARGED if excused_ is Tri.YES else Lifecycle.MET
    return Lifecycle.SUSPENDED if verdict is Verdict.NOT_IN_FORCE else Lifecycle.IN_EFFECT


def _cured(duty: Duty[Quota], period: Window) -> tuple[Tri, tuple[Ground, ...]]:
    """Return whether the longer quota that the clause names makes this period good, and why."""
    if duty.clause.cured_by is None:
        return Tri.NO, ()
    mine = dict(duty.binding)
    rows = duty.inquiry.judge(duty.inquiry, duty.clause.cured_by)
    shared = [row for row in rows if all(mine.get(name, member) == member for name, member in row.binding)]
    of_party = [row for row in shared if row.by == duty.by] or shared
    longer = [row for row in of_party if _holds(row, period)]
    answers = {Verdict.CONSISTENT: Tri.YES, Verdict.CONTRARY: Tri.NO}
    tri = min((answers.get(row.verdict, Tri.MAYBE) for row in longer), default=Tri.NO)
    says = (
        f"{duty.clause.cured_by}: "
        + {
            Tri.YES: "makes it good",
            Tri.MAYBE: "may make it good",
            Tri.NO: "does not make it good",
        }[tri]
    )
    return tri, (Ground(says, tri, of=tuple(row.ground for row in longer)),)


def _holds(row: Stand, period: Window) -> bool:
    """Return whether a period of another quota holds the whole of this one."""
    if row.due is None:
        return False
    return parse_moment(row.occurrence) <= period.start.earliest and period.end.latest <= row.due.latest


# ---- periods -------------------------------------------------------------------------------------------------------


def periods(duty: Duty[Quota]) -> Iterator[Window]:
    """Yield the whole periods that have begun by now, in order."""
    return takewhile(lambda one: happened(one.start, duty.inquiry.as_of) is not Tri.NO, all_periods(duty))


def all_periods(duty: Duty[Quota]) -> Iterator[Window]:
    """Yield the whole periods of the time in which the quota binds, in order, those to come among them."""
    if duty.force.begun is Tri.NO or duty.force.start.earliest <= DAWN:
        return
    every = duty.clause.every
    windows = _civil_periods(duty, every) if isinstance(every, str) else _lengths(duty, every)
    for period in islice(windows, MOST_PERIODS):
        if period.end.latest > duty.force.end.latest:
            return
        yield period


def _civil_periods(duty: Duty[Quota], every: str) -> Iterator[Window]:
    """Yield whole civil days, weeks or months of the agreement's zone, from the first that begins in its time."""
    zone = duty.inquiry.agreement.time_zone
    start = duty.force.start.earliest
    day = day_of(start, zone)
    if start_of_day(day, zone) < start:
        day += timedelta(days=1)
    if every == "week" and (first := _week_starts(duty)) != TRIGGER:
        day += timedelta(days=(WEEKDAYS.index(first) - day.weekday()) % 7)
    if every == "month" and day.day > 1:
        day = add_months(day.replace(day=1), 1)
    while True:
        following = _next(day, every)
        yield Window(
            Interval.at(start_of_day(day, zone)), Interval.at(end_of_day(following - timedelta(days=1), zone))
        )
        day = following


def _week_starts(duty: Duty[Quota]) -> str:
    """Return on which weekday weeks begin; where the text is silent every way of counting is shown."""
    if duty.clause.week_starts != UNSTATED:
        return duty.clause.week_starts
    return duty.inquiry.assume(f"first day of the week of {duty.clause.id}", (TRIGGER, *WEEKDAYS))


def _next(day: date, every: str) -> date:
    return add_months(day, 1) if every == "month" else day + timedelta(days=7 if every == "week" else 1)


def _lengths(duty: Duty[Quota], every: int | Civil) -> Iterator[Window]:
    """Yield the periods counted from the trigger: exact lengths, or civil months and days."""
    start = duty.force.start
    if start.latest >= NEVER:
        start = Interval.at(start.earliest)
    number = 0
    while True:
        yield Window(_moved(duty, start, every, number), _moved(duty, start, every, number + 1))
        number += 1


def _moved(duty: Duty[Quota], start: Interval, every: int | Civil, times: int) -> Interval:
    if isinstance(every, int):
        return Interval(shifted(start.earliest, every * times), shifted(start.latest, every * times))
    zone = duty.inquiry.agreement.time_zone
    return Interval(_civil(start.earliest, every, times, zone), _civil(start.latest, every, times, zone))


def _civil(moment: Moment, every: Civil, times: int, zone: str) -> Moment:
    local = datetime_of(moment, zone)
    later = add_months(local.date(), every.months * times) + timedelta(days=every.days * times)
    return at_clock(later, local.time(), zone)
