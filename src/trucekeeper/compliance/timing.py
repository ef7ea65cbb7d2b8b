"""When: the moments of named events, phases and clauses.

Every moment is an interval. A deadline that hangs on an uncertain trigger is an uncertain deadline (rule 5). Clauses
and phases are read at a level fixed by the text, never at the viewer's (rule 9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.phrases import (
    UNSTATED,
    Among,
    Anchor,
    Civil,
    CivilDay,
    Fixed,
    NextWeekday,
    Offset,
    fixed_moment,
)
from trucekeeper.compliance.grounds import Binding, Ground
from trucekeeper.compliance.inquiry import Found, Inquiry, happened
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import DAWN, NEVER, Interval, Moment, Proof, Tri
from trucekeeper.terms.moments import (
    add_months,
    at_clock,
    datetime_of,
    day_of,
    write_length,
)
from trucekeeper.terms.tri import every, some

if TYPE_CHECKING:
    from collections.abc import Callable

    from trucekeeper.agreement.phrases import Unstated, When

ALWAYS = Interval(DAWN, DAWN)
ENDLESS = Interval(NEVER, NEVER)
MOST_RENEWALS = 110_000
"""A term of one day, renewed through all the years that a date may have."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A moment that a clause hangs on: whether it is known to come or have come, when, and why."""

    tri: Tri
    when: Interval | None
    ground: Ground

    def begun(self, by: Moment) -> Tri:
        """Return whether it had happened by a moment."""
        return Tri.NO if self.when is None else min(self.tri, happened(self.when, by))


def moment_of(inquiry: Inquiry, when: When, binding: Binding = ()) -> Occurrence:
    """Return the moment that a phrase names, for one member of each set."""
    fixed = fixed_moment(when, inquiry.agreement.time_zone)
    if fixed is not None:
        return Occurrence(Tri.YES, Interval.at(fixed), Ground(f"the text gives {inquiry.local(fixed)}"))
    match when:
        case Anchor(name):
            return inquiry.once(("occurrence", name, binding), lambda: _named(inquiry, name, binding))
        case Offset(length, of):
            base = moment_of(inquiry, of, binding)
            way = "after" if length >= 0 else "before"
            says = f"{write_length(abs(length))} {way}"
            moved = None if base.when is None else base.when.later(length)
            return Occurrence(base.tri, moved, Ground(says, base.tri, of=(base.ground,)))
        case Among(last, several):
            return _among(tuple(moment_of(inquiry, one, binding) for one in several), last=last)
        case NextWeekday():
            base = moment_of(inquiry, when.after, binding)
            zone = inquiry.agreement.time_zone
            moved = None if base.when is None else _both(base.when, lambda moment: _next_weekday(moment, when, zone))
            return Occurrence(base.tri, moved, Ground("the next such weekday after", base.tri, of=(base.ground,)))
        case Fixed() | CivilDay():
            raise RuntimeError("bug: a fixed moment is resolved above")


def _both(when: Interval, move: Callable[[Moment], Moment]) -> Interval:
    return Interval(move(when.earliest), move(when.latest))


def _next_weekday(moment: Moment, phrase: NextWeekday, zone: str) -> Moment:
    if moment in (DAWN, NEVER):
        return moment
    day = day_of(moment, zone)
    day += timedelta(days=(phrase.weekday - day.weekday()) % 7)
    clock = time(phrase.hour, phrase.minute)
    found = at_clock(day, clock, zone)
    return found if found >= moment else at_clock(day + timedelta(days=7), clock, zone)


def _among(several: tuple[Occurrence, ...], *, last: bool) -> Occurrence:
    grounds = tuple(one.ground for one in several)
    times = [one.when for one in several if one.when is not None]
    says = "the last of these" if last else "the first of these"
    if last:
        tri = every(one.tri for one in several)
        when = None
        if tri is not Tri.NO and times:
            when = Interval(max(one.earliest for one in times), max(one.latest for one in times))
        return Occurrence(tri, when, Ground(says, tri, of=grounds))
    tri = some(one.tri for one in several)
    sure = [one.when.latest for one in several if one.when is not None and one.tri is Tri.YES]
    when = None
    if times:
        latest = min(sure) if sure else max(one.latest for one in times)
        when = Interval(min(*(one.earliest for one in times), latest), latest)
    return Occurrence(tri, when, Ground(says, tri, of=grounds))


def _named(inquiry: Inquiry, name: str, binding: Binding) -> Occurrence:
    if name == "in_force":
        when = inquiry.read(inquiry.agreement.in_force)
        return Occurrence(Tri.YES, ALWAYS, Ground("in force always")) if when is None else moment_of(inquiry, when)
    defined = inquiry.agreement.clauses.get(name)
    if defined is not None and isinstance(date := defined.latest(), lang.Define) and date.date is not None:
        return moment_of(inquiry, date.date, binding)
    if name in inquiry.agreement.events:
        return _event(inquiry, name, binding)
    clause = inquiry.agreement.phases().get(name, name)
    return _clause_met(inquiry, clause, name, binding)


def _event(inquiry: Inquiry, name: str, binding: Binding) -> Occurrence:
    event = inquiry.read(inquiry.agreement.events[name])
    if event.at is not None and not isinstance(event.at, str):
        base = moment_of(inquiry, event.at, binding)
        return Occurrence(base.tri, base.when, Ground(f"{name}", base.tri, cite=event.cite or "", of=(base.ground,)))
    if event.renews is not None:
        return _renewal(inquiry, name, event.renews)
    meant = Meant(binding=binding if event.per is not None else (), about=(name,))
    found = [one for pattern in event.shown_by for one in inquiry.find(pattern, meant)]
    shown = _time_of(inquiry, name, found)
    if event.planned and shown.tri is not Tri.YES:
        return _planned(inquiry, name, shown)
    if event.at == UNSTATED and shown.tri is Tri.NO:
        says = f"{name}: known to have happened, but no fact on record says when"
        return Occurrence(Tri.MAYBE, Interval(DAWN, NEVER), Ground(says, Tri.MAYBE, cite=event.cite or ""))
    return shown


def _time_of(inquiry: Inquiry, name: str, found: list[Found]) -> Occurrence:
    """Return the one time that rival facts give: the hull of the certain ones, else of the possible ones."""
    certain = [one for one in found if one.tri is Tri.YES]
    used = certain or found
    if not used:
        return Occurrence(Tri.NO, None, Ground(f"{name}: no fact on record says that or when it happened", Tri.NO))
    when = used[0].when
    for one in used[1:]:
        when = when.hull(one.when)
    tri = Tri.YES if certain else Tri.MAYBE
    rivals = " (rival times on record)" if len({one.when for one in used}) > 1 else ""
    sure = "" if certain else ", below the asked proof or not certainly this"
    says = f"{name}: {inquiry.span_words(when)}{rivals}{sure}"
    return Occurrence(tri, when, Ground(says, tri, tuple(one.fact.id for one in found), used[0].fact.cite))


def _planned(inquiry: Inquiry, name: str, shown: Occurrence) -> Occurrence:
    """Return the planned time of an event that is not certainly past, as the plans known give it.

    A plan that is moved is a later revision of the same fact; two plans are rivals. One whose date is past is no
    proof that the event happened then.
    """
    plans = [fact for fact in inquiry.naming("schedule", "of", name) if fact.occurred is not Proof.REFUTED]
    certain = [fact for fact in plans if fact.occurred >= inquiry.proof and not fact.redacted]
    used = certain or plans
    if not used:
        return shown
    when = Interval(min(fact.when.earliest for fact in used), max(fact.when.latest for fact in used))
    tri = Tri.YES if certain and when.latest > inquiry.as_of else Tri.MAYBE
    says = f"{name}: planned for {inquiry.span_words(when)}"
    when = when if shown.when is None else when.hull(shown.when)
    ids = tuple(fact.id for fact in plans)
    return Occurrence(tri, when, Ground(says, tri, ids, used[0].cite, of=(shown.ground,)))


def _renewal(inquiry: Inquiry, name: str, terms: lang.Renewal) -> Occurrence:
    """Return the end of the term that runs: it moves on by tacit renewal unless notice came in time."""
    end = moment_of(inquiry, terms.first_ends)
    notices = inquiry.find(terms.unless, Meant(about=(name,)))
    facts = tuple(one.fact.id for one in notices)
    when = end.when
    perhaps: list[Moment] = []
    for _ in range(MOST_RENEWALS):
        if when is None or when.earliest > inquiry.as_of:
            break
        in_time = some(_in_time(inquiry, one, when, terms.notice) for one in notices)
        if in_time is Tri.YES:
            break
        if in_time is Tri.MAYBE or when.latest > inquiry.as_of:
            perhaps.append(when.earliest)
        when = _both(when, lambda moment: _after(inquiry, moment, terms.every))
    else:
        if when is not None and when.earliest <= inquiry.as_of:
            when = Interval(when.earliest, NEVER)
    if when is not None:
        when = Interval(min([when.earliest, *perhaps]), when.latest)
    says = f"{name}: the term that runs ends" + (
        " at no known time" if when is None else f" {inquiry.span_words(when)}"
    )
    return Occurrence(end.tri, when, Ground(says, end.tri, facts, of=(end.ground,)))


def _in_time(inquiry: Inquiry, notice: Found, end: Interval, length: int | Civil | Unstated) -> Tri:
    """Return whether a notice came at least so long before the end of a term."""
    limit = _both(end, lambda moment: _before(inquiry, moment, length))
    certain, possible = notice.when.latest <= limit.earliest, notice.when.earliest <= limit.latest
    return min(notice.tri, Tri.of(certain=certain, possible=possible))


def _after(inquiry: Inquiry, moment: Moment, length: int | Civil | Unstated) -> Moment:
    """Return the same local time of day so many civil months or days later, or an exact length later."""
    if isinstance(length, str) or moment in (DAWN, NEVER):
        return moment
    if isinstance(length, int):
        return moment + length
    zone = inquiry.agreement.time_zone
    local = datetime_of(moment, zone)
    later = add_months(local.date(), length.months) + timedelta(days=length.days)
    return at_clock(later, local.time(), zone)


def _before(inquiry: Inquiry, moment: Moment, length: int | Civil | Unstated) -> Moment:
    if isinstance(length, Civil):
        return _after(inquiry, moment, Civil(-length.days, -length.months, first_day_counts=False))
    return _after(inquiry, moment, -length if isinstance(length, int) else length)


def _clause_met(inquiry: Inquiry, clause: str, name: str, binding: Binding) -> Occurrence:
    """Return when a clause was met, or a phase opened, for the members it shares with the asker.

    One that is met at no known time was met by now; one that may be met, at any time.
    """
    fixed = inquiry.at_level(Proof.CORROBORATED)
    rows = [row for row in fixed.judge(fixed, clause) if _shares(row.binding, binding)]
    grounds = tuple(row.ground for row in rows)
    tri = every(row.met for row in rows) if rows else Tri.MAYBE
    when = None
    if tri is not Tri.NO:
        unknown = Interval(DAWN, inquiry.as_of if tri is Tri.YES else NEVER)
        times = [row.met_at or unknown for row in rows] or [unknown]
        when = Interval(max(one.earliest for one in times), max(one.latest for one in times))
    word = {Tri.YES: "reached", Tri.MAYBE: "may be reached", Tri.NO: "not reached"}[tri]
    return Occurrence(tri, when, Ground(f"{name}: {word} (judged at corroborated)", tri, of=grounds))


def _shares(theirs: Binding, ours: Binding) -> bool:
    mine = dict(ours)
    return all(mine.get(name, member) == member for name, member in theirs)
