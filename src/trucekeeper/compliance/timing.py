"""When: the moments of named events, phases and clauses; when a commitment binds; when it is due.

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
    anchors,
    fixed_moment,
)
from trucekeeper.compliance.grounds import Binding, Ground
from trucekeeper.compliance.inquiry import Found, Inquiry, happened
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import DAWN, NEVER, Interval, Moment, Proof, Span, Tri
from trucekeeper.terms.moments import (
    DAY,
    add_months,
    at_clock,
    datetime_of,
    day_of,
    end_of_day,
    shifted,
    write_length,
)
from trucekeeper.terms.tri import every, some

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.agreement.agreement import ClauseHistory, ClauseVersion
    from trucekeeper.agreement.phrases import Unstated, When

ALWAYS = Interval(DAWN, DAWN)
ENDLESS = Interval(NEVER, NEVER)
MOST_RENEWALS = 1_000


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


def _both(when: Interval, move: object) -> Interval:
    return Interval(move(when.earliest), move(when.latest))  # type: ignore[operator]  # a function of one moment


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
        when = Interval(min(min(one.earliest for one in times), latest), latest)
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
    plans = [fact for fact in inquiry.record.by_kind.get("schedule", ()) if fact.field("of") == name]
    plans = [fact for fact in plans if fact.occurred is not Proof.REFUTED]
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
    for _ in range(MOST_RENEWALS):
        if when is None or when.earliest > inquiry.as_of:
            break
        in_time = some(
            min(one.tri, happened(one.when, _before(inquiry, when.earliest, terms.notice))) for one in notices
        )
        following = _both(when, lambda moment: _after(inquiry, moment, terms.every))
        if in_time is Tri.YES:
            break
        if in_time is Tri.MAYBE:
            when = Interval(when.earliest, following.latest)
            break
        when = following
    says = f"{name}: the term that runs ends" + (
        " at no known time" if when is None else f" {inquiry.span_words(when)}"
    )
    return Occurrence(end.tri, when, Ground(says, end.tri, facts, of=(end.ground,)))


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
    """Return when a clause was met, or a phase opened, for the members it shares with the asker."""
    fixed = inquiry.at_level(Proof.CORROBORATED)
    rows = [row for row in fixed.judge(fixed, clause) if _shares(row.binding, binding)]
    grounds = tuple(row.ground for row in rows)
    tri = every(row.met for row in rows) if rows else Tri.MAYBE
    times = [row.met_at for row in rows if row.met_at is not None]
    when = None
    if times and tri is not Tri.NO:
        when = Interval(max(one.earliest for one in times), max(one.latest for one in times))
    word = {Tri.YES: "reached", Tri.MAYBE: "may be reached", Tri.NO: "not reached"}[tri]
    return Occurrence(tri, when, Ground(f"{name}: {word} (judged at corroborated)", tri, of=grounds))


def _shares(theirs: Binding, ours: Binding) -> bool:
    mine = dict(ours)
    return all(mine.get(name, member) == member for name, member in theirs)


# ---- when a commitment binds -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a commitment was suspended; `moves_clock` says whether deadlines move by its length."""

    start: Interval
    end: Interval
    moves_clock: Tri


@dataclass(frozen=True, slots=True)
class Force:
    """When a commitment binds: whether it has begun and ended by now, from when to when, and its suspensions."""

    begun: Tri
    ended: Tri
    start: Interval
    end: Interval
    pauses: tuple[Pause, ...]
    terminated: bool
    ground: Ground
    waits_for: tuple[str, ...]

    def binds(self, when: Interval) -> Tri:
        """Return whether something that happened then happened while the commitment was bound and not suspended."""
        begun = Tri.of(certain=self.start.latest <= when.earliest, possible=self.start.earliest <= when.latest)
        over = Tri.of(certain=self.end.latest < when.earliest, possible=self.end.earliest < when.latest)
        paused = some(_paused(pause, when) for pause in self.pauses)
        return every((self.begun, begun, over.negated, paused.negated))

    def suspended(self, moment: Moment) -> Tri:
        """Return whether the commitment is suspended at a moment."""
        return some(_paused(pause, Interval.at(moment)) for pause in self.pauses)


def _paused(pause: Pause, when: Interval) -> Tri:
    certain = pause.start.latest <= when.earliest and when.latest < pause.end.earliest
    possible = pause.start.earliest <= when.latest and when.earliest < pause.end.latest
    return Tri.of(certain=certain, possible=possible)


def force_of(inquiry: Inquiry, clause: lang.AnyClause, binding: Binding, window: Span) -> Force:
    """Return when a clause binds for one member of each set, inside the time its wording was the text in force."""
    start = _start(inquiry, clause, binding)
    opened = _during(inquiry, clause, binding)
    began = start.when or Interval(inquiry.as_of, NEVER)
    if opened is not None and opened.when is not None:
        began = Interval(max(began.earliest, opened.when.earliest), max(began.latest, opened.when.latest))
    began = Interval(max(began.earliest, window.start), max(began.latest, window.start))
    tri = every([start.tri, *([opened.tri] if opened is not None else [])])
    begun = Tri.NO if tri is Tri.NO else min(tri, happened(began, inquiry.as_of))
    ends, end_grounds, terminated = _end(inquiry, clause, binding, began, window)
    pauses, pause_grounds = _pauses(inquiry, clause, binding)
    over = Tri.of(certain=ends.latest < inquiry.as_of, possible=ends.earliest < inquiry.as_of)
    grounds = (start.ground, *([opened.ground] if opened is not None else []), *end_grounds, *pause_grounds)
    waits = () if begun is Tri.YES else _waits(clause)
    says = {Tri.YES: "in force", Tri.MAYBE: "may be in force", Tri.NO: "not yet in force"}[begun]
    if begun is Tri.YES and began.latest > DAWN:
        says += f" since {inquiry.local(began.latest)}"
    return Force(
        begun, over, began, ends, pauses, terminated, Ground(says, begun, cite=clause.cite, of=grounds), waits
    )


def _waits(clause: lang.AnyClause) -> tuple[str, ...]:
    from_after = () if clause.after is None or isinstance(clause.after, str) else anchors(clause.after)
    return (*from_after, *((clause.during,) if clause.during is not None else ()))


def _start(inquiry: Inquiry, clause: lang.AnyClause, binding: Binding) -> Occurrence:
    if clause.after == UNSTATED:
        ground = Ground("the text does not say from when", Tri.MAYBE, cite=clause.cite)
        return Occurrence(Tri.MAYBE, Interval(DAWN, NEVER), ground)
    if clause.after is None:
        return moment_of(inquiry, Anchor("in_force"))
    return moment_of(inquiry, clause.after, binding)


def _during(inquiry: Inquiry, clause: lang.AnyClause, binding: Binding) -> Occurrence | None:
    return None if clause.during is None else moment_of(inquiry, Anchor(clause.during), binding)


def _end(
    inquiry: Inquiry, clause: lang.AnyClause, binding: Binding, began: Interval, window: Span
) -> tuple[Interval, tuple[Ground, ...], bool]:
    """Return when the commitment ends, why, and whether a power ended it."""
    ends = Interval.at(window.end)
    grounds: list[Ground] = []
    lasts = getattr(clause, "for_", None)
    if lasts is not None and lasts != UNSTATED:
        ends = _sooner(ends, after_length(inquiry, began, lasts))
    if clause.until is not None and not isinstance(clause.until, str):
        until = moment_of(inquiry, clause.until, binding)
        grounds.append(until.ground)
        if until.when is not None and until.tri is not Tri.NO:
            last = until.when.latest if until.tri is Tri.YES else NEVER
            ends = _sooner(ends, Interval(until.when.earliest, max(last, until.when.earliest)))
    terminated = False
    for _, found in _exercises(inquiry, clause, ("terminate", "waive")):
        grounds.append(Ground(f"ended by {found.fact.kind}", found.tri, (found.fact.id,), found.fact.cite))
        last = found.when.latest if found.tri is Tri.YES else NEVER
        ends = _sooner(ends, Interval(found.when.earliest, last))
        terminated = terminated or found.tri is Tri.YES
    return ends, tuple(grounds), terminated


def _sooner(one: Interval, other: Interval) -> Interval:
    return Interval(min(one.earliest, other.earliest), min(one.latest, other.latest))


def _powers(
    inquiry: Inquiry, clause: lang.AnyClause, may: tuple[str, ...]
) -> Iterator[tuple[lang.Power, ClauseHistory, ClauseVersion]]:
    """Yield the powers over a clause that any version known by now gave, as worded under the readings assumed."""
    known = {None, *(amendment.id for amendment in inquiry.amendments())}
    for history in inquiry.agreement.clauses.values():
        for version in history.versions:
            first = version.first()
            if isinstance(first, lang.Power) and first.may in may and clause.id != history.id:
                wording = inquiry.wording(version) if version.amendment in known else None
                if isinstance(wording, lang.Power) and ("all" in wording.of or clause.id in wording.of):
                    yield wording, history, version


EXERCISED_BY = {"suspend": "suspension", "terminate": "termination", "waive": "waiver", "extend": "extension"}
"""The kind of fact by which each power is exercised, unless the clause names another."""


def exercises(inquiry: Inquiry, power: lang.Power, about: tuple[str, ...]) -> tuple[Found, ...]:
    """Return the facts by which a power was exercised, judged at a fixed level (rule 9)."""
    pattern = power.exercise or lang.PatternBody(fact=EXERCISED_BY.get(power.may, "declaration"))
    return inquiry.at_level(Proof.CORROBORATED).find(pattern, Meant(by=power.by, about=(*about, *power.of, power.id)))


def _exercises(inquiry: Inquiry, clause: lang.AnyClause, may: tuple[str, ...]) -> list[tuple[lang.Power, Found]]:
    """Return each exercise of a power over a clause, by the version of the power in force when it was exercised."""
    found: list[tuple[lang.Power, Found]] = []
    for power, history, version in _powers(inquiry, clause, may):
        for one in exercises(inquiry, power, (clause.id,)):
            then = [inquiry.version(history, end) is version for end in (one.when.earliest, one.when.latest)]
            tri = min(one.tri, Tri.of(certain=all(then), possible=any(then)))
            if tri is not Tri.NO:
                found.append((power, Found(one.fact, tri)))
    return found


def _pauses(
    inquiry: Inquiry, clause: lang.AnyClause, binding: Binding
) -> tuple[tuple[Pause, ...], tuple[Ground, ...]]:
    pauses: list[Pause] = []
    grounds: list[Ground] = []
    for power, found in _exercises(inquiry, clause, ("suspend",)):
        stops = power.stops_clock
        moves = Tri.MAYBE if isinstance(stops, str) else Tri.of(certain=stops, possible=stops)
        effect, why = _takes_effect(inquiry, found)
        says = f"suspension {found.fact.id} by {found.fact.by}: {why}"
        grounds.append(Ground(says, effect, (found.fact.id,), power.cite))
        if effect is not Tri.NO:
            end, ended = _resumed(inquiry, found)
            pauses.append(Pause(found.when, end, moves))
            grounds += ended
    return tuple(pauses), tuple(grounds)


def _takes_effect(inquiry: Inquiry, found: Found) -> tuple[Tri, str]:
    """Return whether a suspension counts: as determined, as accepted by another, else both ways side by side.

    Only what is corroborated determines or accepts; any contest that is not refuted is one.
    """
    about = [fact for fact in inquiry.record.by_kind.get("record", ()) if fact.field("of") == found.fact.id]
    about = [fact for fact in about if fact.when.latest <= inquiry.as_of and fact.occurred is not Proof.REFUTED]
    settled = [fact for fact in about if fact.occurred >= Proof.CORROBORATED]
    for fact in reversed(settled):
        if fact.kind == "determination" and inquiry.decides(fact, None):
            upheld = fact.field("finding") == "upheld"
            return (Tri.YES, f"upheld by {fact.id}") if upheld else (Tri.NO, f"not upheld by {fact.id}")
    contested = any(fact.field("finding") == "contested" for fact in about)
    others = [fact for fact in settled if fact.by != found.fact.by and fact.who >= Proof.CORROBORATED]
    if not contested and any(fact.field("finding") == "accepted" for fact in others):
        return Tri.YES, "accepted"
    word = "contested" if contested else "invoked, not answered"
    option = inquiry.assume(f"suspension {found.fact.id}", ("takes effect", "has no effect"))
    return (Tri.YES if option == "takes effect" else Tri.NO), f"{word}; read here as: {option}"


def _resumed(inquiry: Inquiry, found: Found) -> tuple[Interval, list[Ground]]:
    """Return when a suspension ended: as it said itself, or by a resumption; never, while neither is on record."""
    ends = Interval.at(found.fact.span.end) if found.fact.span is not None else ENDLESS
    grounds: list[Ground] = []
    for fact in inquiry.record.by_kind.get("resumption", ()):
        if (
            fact.field("of") in (found.fact.id, None)
            and fact.occurred >= Proof.CORROBORATED
            and fact.when.latest <= inquiry.as_of
            and fact.when >= found.when
        ):
            ends = _sooner(ends, fact.when)
            grounds.append(Ground(f"resumed {inquiry.span_words(fact.when)}", Tri.YES, (fact.id,), fact.cite))
            break
    return ends, grounds


# ---- when it is due ------------------------------------------------------------------------------------------------


def after_length(inquiry: Inquiry, start: Interval, length: int | Civil | Unstated) -> Interval:
    """Return when a length after `start` has run out; for civil days the end of the last one (rule 4)."""
    if isinstance(length, str):
        return ENDLESS
    if isinstance(length, int):
        return start.later(length)
    counts = (True, False) if length.first_day_counts is None else (length.first_day_counts,)
    zone = inquiry.agreement.time_zone
    ends = [
        _civil_end(moment, length, zone, counted=one) for moment in (start.earliest, start.latest) for one in counts
    ]
    return Interval(min(ends), max(ends))


def _civil_end(moment: Moment, length: Civil, zone: str, *, counted: bool) -> Moment:
    if moment in (DAWN, NEVER):
        return moment
    day = add_months(day_of(moment, zone), length.months)
    return end_of_day(day + timedelta(days=length.days - (1 if counted and length.days else 0)), zone)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: its interval (None where the text gives none), why, and what it waits for."""

    when: Interval | None
    ground: Ground
    waits_for: tuple[str, ...] = ()

    def passed(self, by: Moment) -> Tri:
        """Return whether it had passed by a moment; the deadline itself is still in time (rule 1)."""
        if self.when is None:
            return Tri.NO
        return Tri.of(certain=self.when.latest < by, possible=self.when.earliest < by)


def due_of(
    inquiry: Inquiry,
    clause: lang.AnyClause,
    force: Force,
    binding: Binding,
    *,
    length: int | Civil | Unstated | None,
    deadline: When | Unstated | None,
) -> Due:
    """Return when a commitment is due, moved by suspensions that stop the clock and by extensions."""
    if deadline is not None and not isinstance(deadline, str):
        fixed = moment_of(inquiry, deadline, binding)
        if fixed.when is None:
            return Due(
                None,
                Ground("the deadline hangs on what has not happened", Tri.NO, of=(fixed.ground,)),
                anchors(deadline),
            )
        when = fixed.when if fixed.tri is Tri.YES else Interval(fixed.when.earliest, NEVER)
        return _moved(inquiry, clause, force, when, start=force.start, grounds=(fixed.ground,))
    if length is None or isinstance(length, str):
        return Due(None, Ground("the text gives no deadline", cite=clause.cite))
    if force.begun is Tri.NO and force.start.latest >= NEVER:
        return Due(None, Ground("the clock has not started", Tri.NO), force.waits_for)
    return due_after(inquiry, clause, force, force.start, length)


def due_after(
    inquiry: Inquiry, clause: lang.AnyClause, force: Force, start: Interval, length: int | Civil | Unstated
) -> Due:
    """Return when a length that runs from `start` is over, moved by suspensions and extensions."""
    return _moved(inquiry, clause, force, after_length(inquiry, start, length), start=start)


def _moved(
    inquiry: Inquiry,
    clause: lang.AnyClause,
    force: Force,
    when: Interval,
    *,
    start: Interval,
    grounds: tuple[Ground, ...] = (),
) -> Due:
    moved = _paused_by(force.pauses, when, start, inquiry.as_of)
    for _, found in _exercises(inquiry, clause, ("extend",)):
        until = None if found.fact.span is None else found.fact.span.end
        days = found.fact.amount("days")
        if until is not None or days is not None:
            latest = until if until is not None else shifted(moved.latest, (days.most if days else 0) * DAY)
            earliest = until if until is not None else shifted(moved.earliest, (days.least if days else 0) * DAY)
            moved = Interval(
                earliest if found.tri is Tri.YES else min(moved.earliest, earliest), max(latest, earliest)
            )
            grounds = (*grounds, Ground("extended", found.tri, (found.fact.id,), found.fact.cite))
    says = f"due {inquiry.span_words(moved)}"
    if moved != when:
        says += f", moved from {inquiry.span_words(when)}"
    return Due(moved, Ground(says, cite=clause.cite, of=grounds))


def _paused_by(pauses: tuple[Pause, ...], when: Interval, start: Interval, as_of: Moment) -> Interval:
    """Return a deadline moved by as long as the clock that ran from `start` stood still by now.

    Time in which two suspensions overlap stops the clock once.
    """
    moved, least_to, most_to = when, start.latest, start.earliest
    for pause in sorted(pauses, key=lambda one: one.start):
        if pause.moves_clock is Tri.NO or pause.start.earliest > moved.latest:
            continue
        end = _sooner(pause.end, Interval.at(as_of))
        most = max(0, end.latest - max(pause.start.earliest, most_to))
        most_to = max(most_to, end.latest)
        least = 0
        if pause.moves_clock is Tri.YES and pause.start.latest <= moved.earliest:
            least = max(0, end.earliest - max(pause.start.latest, least_to))
            least_to = max(least_to, end.earliest)
        moved = Interval(shifted(moved.earliest, least), shifted(moved.latest, most))
    return moved
