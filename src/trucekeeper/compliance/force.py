"""When a commitment binds, when it is suspended, and when it is due.

Suspensions, waivers, ends and extensions are read from facts by which somebody exercised a power that the text gives,
at a level fixed by rule of meaning 9. A suspension moves deadlines by its length where its power says so; the length
is computed, never counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.phrases import UNSTATED, Anchor, Civil, anchors
from trucekeeper.compliance.grounds import Binding, Ground
from trucekeeper.compliance.inquiry import Found, Inquiry, happened
from trucekeeper.compliance.matching import Meant
from trucekeeper.compliance.timing import ENDLESS, Occurrence, moment_of
from trucekeeper.terms import DAWN, NEVER, Fact, Interval, Lifecycle, Moment, Proof, Span, Tri
from trucekeeper.terms.moments import (
    DAY,
    add_months,
    day_of,
    end_of_day,
    shifted,
)
from trucekeeper.terms.tri import every, some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trucekeeper.agreement.agreement import ClauseHistory, ClauseVersion
    from trucekeeper.agreement.phrases import Unstated, When


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a commitment was suspended; `moves_clock` says whether deadlines move by its length."""

    start: Interval
    end: Interval
    moves_clock: Tri


@dataclass(frozen=True, slots=True)
class Force:
    """When a commitment binds: whether it has begun and ended by now, from when to when, its suspensions.

    `after` is what it is once ended: run out, terminated, or discharged by a waiver.
    """

    begun: Tri
    ended: Tri
    start: Interval
    end: Interval
    pauses: tuple[Pause, ...]
    after: Lifecycle
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
    ends, end_grounds, after = _end(inquiry, clause, binding, began=began, window=window)
    pauses, pause_grounds = _pauses(inquiry, clause)
    over = Tri.of(certain=ends.latest < inquiry.as_of, possible=ends.earliest < inquiry.as_of)
    grounds = (start.ground, *([opened.ground] if opened is not None else []), *end_grounds, *pause_grounds)
    waits = () if begun is Tri.YES else _waits(clause)
    says = {Tri.YES: "in force", Tri.MAYBE: "may be in force", Tri.NO: "not yet in force"}[begun]
    if begun is Tri.YES and began.earliest > DAWN:
        says += f" since {inquiry.local(began.latest)}"
    return Force(begun, over, began, ends, pauses, after, Ground(says, begun, cite=clause.cite, of=grounds), waits)


def _waits(clause: lang.AnyClause) -> tuple[str, ...]:
    from_after = () if isinstance(clause.after, str) else anchors(clause.after)
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
    inquiry: Inquiry, clause: lang.AnyClause, binding: Binding, *, began: Interval, window: Span
) -> tuple[Interval, tuple[Ground, ...], Lifecycle]:
    """Return when the commitment ends, why, and what it then is: run out, or ended or waived by a power."""
    ends = Interval.at(window.end)
    grounds: list[Ground] = []
    lasts = getattr(clause, "for_", None)
    if lasts is not None and lasts != UNSTATED:
        ends = _sooner(ends, after_length(inquiry, began, lasts))
    if clause.until is not None and not isinstance(clause.until, str):
        until = moment_of(inquiry, clause.until, binding)
        grounds.append(until.ground)
        if until.when is not None:
            last = until.when.latest if until.tri is Tri.YES else NEVER
            ends = _sooner(ends, Interval(until.when.earliest, max(last, until.when.earliest)))
    after = Lifecycle.LAPSED
    for power, found in exercised(inquiry, clause, ("terminate", "waive")):
        grounds.append(Ground(f"ended by {found.fact.kind}", found.tri, (found.fact.id,), found.fact.cite))
        last = found.when.latest if found.tri is Tri.YES else NEVER
        ends = _sooner(ends, Interval(found.when.earliest, last))
        if found.tri is Tri.YES:
            after = Lifecycle.TERMINATED if power.may == "terminate" else Lifecycle.DISCHARGED
    return ends, tuple(grounds), after


def _sooner(one: Interval, other: Interval) -> Interval:
    return Interval(min(one.earliest, other.earliest), min(one.latest, other.latest))


def _powers(
    inquiry: Inquiry, clause: lang.AnyClause, may: tuple[str, ...]
) -> Iterator[tuple[lang.Power, ClauseHistory, ClauseVersion]]:
    """Yield the powers over a clause that any version known by now gave, as worded under the readings assumed."""
    given = inquiry.of_text(("powers", may), lambda: _versions_of_powers(inquiry, may))
    amended = any(version.amendment is not None for _, version in given)
    known = {None, *(one.id for one in inquiry.amendments())} if amended else {None}
    for history, version in given:
        if clause.id != history.id and version.amendment in known:
            wording = inquiry.wording(version)
            if isinstance(wording, lang.Power) and ("all" in wording.of or clause.id in wording.of):
                yield wording, history, version


def _versions_of_powers(inquiry: Inquiry, may: tuple[str, ...]) -> list[tuple[ClauseHistory, ClauseVersion]]:
    versions = [(one, version) for one in inquiry.agreement.clauses.values() for version in one.versions]
    firsts = [(pair, pair[1].first()) for pair in versions]
    return [pair for pair, first in firsts if isinstance(first, lang.Power) and first.may in may]


EXERCISED_BY = {"suspend": "suspension", "terminate": "termination", "waive": "waiver", "extend": "extension"}
"""The kind of fact by which each power is exercised, unless the clause names another."""


def exercises(
    inquiry: Inquiry, power: lang.Power, about: tuple[str, ...], *, among: Iterable[Fact] | None = None
) -> tuple[Found, ...]:
    """Return the facts (of some, or of all) by which a power was exercised, judged at a fixed level (rule 9)."""
    pattern, meant = exercise_of(power, about)
    return inquiry.at_level(Proof.CORROBORATED).find(pattern, meant, among=among)


def exercise_of(power: lang.Power, about: tuple[str, ...]) -> tuple[lang.PatternBody, Meant]:
    """Return what a power is exercised by: by whom, and about what."""
    return power.exercise or _usual(power.may), Meant(by=power.by, about=(*about, *power.of, power.id))


@cache
def _usual(may: str) -> lang.PatternBody:
    """Return the pattern of what a power is exercised by, where the clause does not say."""
    return lang.PatternBody(fact=EXERCISED_BY.get(may, "declaration"))


def exercised(inquiry: Inquiry, clause: lang.AnyClause, may: tuple[str, ...]) -> list[tuple[lang.Power, Found]]:
    """Return each exercise of a power over a clause, by the version of the power in force when it was exercised."""
    found: list[tuple[lang.Power, Found]] = []
    for power, history, version in _powers(inquiry, clause, may):
        for one in exercises(inquiry, power, (clause.id,)):
            then = [inquiry.version(history, end) is version for end in (one.when.earliest, one.when.latest)]
            tri = min(one.tri, Tri.of(certain=all(then), possible=any(then)))
            if tri is not Tri.NO:
                found.append((power, Found(one.fact, tri)))
    return found


def _pauses(inquiry: Inquiry, clause: lang.AnyClause) -> tuple[tuple[Pause, ...], tuple[Ground, ...]]:
    pauses: list[Pause] = []
    grounds: list[Ground] = []
    for power, found in exercised(inquiry, clause, ("suspend",)):
        stops = power.stops_clock
        moves = Tri.MAYBE if isinstance(stops, str) else Tri.of(certain=stops, possible=stops)
        effect, why, answers = _takes_effect(inquiry, found)
        says = f"suspension {found.fact.id} by {found.fact.by}: {why}"
        grounds.append(Ground(says, effect, (found.fact.id, *(fact.id for fact in answers)), power.cite))
        if effect is not Tri.NO:
            end, ended = _resumed(inquiry, found)
            pauses.append(Pause(found.when, end, moves))
            grounds += ended
    return tuple(pauses), tuple(grounds)


def _takes_effect(inquiry: Inquiry, found: Found) -> tuple[Tri, str, list[Fact]]:
    """Return whether a suspension counts, why, and who says so: as determined, as accepted, else both ways.

    Another side than his who invoked it accepts. Only what is corroborated determines or accepts; any contest that is
    not refuted is one.
    """
    named = inquiry.naming("record", "of", found.fact.id)
    about = [fact for fact in named if fact.when.latest <= inquiry.as_of and fact.occurred is not Proof.REFUTED]
    settled = [fact for fact in about if fact.occurred >= Proof.CORROBORATED]
    for fact in reversed(settled):
        if fact.kind == "determination" and inquiry.decides(fact, None):
            upheld = fact.field("finding") == "upheld"
            return (Tri.YES if upheld else Tri.NO), f"{'upheld' if upheld else 'not upheld'} by {fact.id}", [fact]
    contests = [fact for fact in about if fact.field("finding") == "contested"]
    others = [fact for fact in settled if fact.who >= Proof.CORROBORATED and _other_side(inquiry, fact, found.fact)]
    accepting = [fact for fact in others if fact.field("finding") == "accepted"]
    if accepting and not contests:
        return Tri.YES, "accepted", accepting
    word = "contested" if contests else "invoked, not answered"
    option = inquiry.assume(f"suspension {found.fact.id}", ("takes effect", "has no effect"))
    return (Tri.YES if option == "takes effect" else Tri.NO), f"{word}; read here as: {option}", contests


def _other_side(inquiry: Inquiry, answer: Fact, invoked: Fact) -> bool:
    """Return whether an answer certainly comes from another side: nobody accepts his own suspension."""
    if answer.by is None or invoked.by is None:
        return False
    belongs = inquiry.agreement.belongs
    parties = [party for party in inquiry.agreement.head.parties if belongs(invoked.by, (party,)) is not Tri.NO]
    return belongs(answer.by, (invoked.by, *parties)) is Tri.NO


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
    return due_after(inquiry, clause, force, start=force.start, length=length)


def due_after(
    inquiry: Inquiry, clause: lang.AnyClause, force: Force, *, start: Interval, length: int | Civil | Unstated
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
    for _, found in exercised(inquiry, clause, ("extend",)):
        days = found.fact.amount("days")
        if found.fact.span is not None:
            to = Interval.at(found.fact.span.end)
        elif days is not None:
            to = Interval(shifted(moved.earliest, days.least * DAY), shifted(moved.latest, days.most * DAY))
        else:
            continue
        moved = to if found.tri is Tri.YES else moved.hull(to)
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
