"""What of a clause can be computed, what only in part, and why: said for each, so that nothing is oversold.

A clause is `text-only` if nothing in it can be computed, `procedural` if it says who does what in which steps,
`partly computable` if the text is silent on something that the answer needs, or leaves it to people to judge.
All wordings count: what holds for some readings, parties or versions only is said to hold "in some wordings".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.phrases import UNSTATED, Civil, anchors
from trucekeeper.agreement.roles import conditions_of, roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.agreement.agreement import Agreement

NO_UNDERTAKING = "a definition; no undertaking"
STEPS = "steps for people to take; other clauses may read how it ended, but nothing in it is judged"


class Sort(Enum):
    """How much of a clause the machine can answer."""

    COMPUTABLE = "computable"
    PARTLY = "partly computable"
    PROCEDURAL = "procedural"
    TEXT_ONLY = "text-only"


@dataclass(frozen=True, slots=True)
class Computability:
    """The sort of a clause and, unless it is computable, a reason for it in each sentence."""

    sort: Sort
    reasons: tuple[str, ...] = ()


def computability(agreement: Agreement, clause_id: str) -> Computability:
    """Return what of a clause can be computed, in all its wordings, and why not all of it.

    Raises KeyError for an id that the agreement does not have.
    """
    found = [_of_wording(agreement, clause) for clause in agreement.clauses[clause_id].all()]
    sorts = {one.sort for one in found}
    sort = sorts.pop() if len(sorts) == 1 else Sort.PARTLY
    reasons = dict.fromkeys(reason for one in found for reason in one.reasons)
    return Computability(sort, tuple(_qualified(reason, found) for reason in reasons))


def _qualified(reason: str, found: list[Computability]) -> str:
    return reason if all(reason in one.reasons for one in found) else f"in some wordings: {reason}"


def _of_wording(agreement: Agreement, clause: lang.AnyClause) -> Computability:
    said = (clause.partly,) if clause.partly is not None else ()
    if clause.text_only is not None:
        return Computability(Sort.TEXT_ONLY, (clause.text_only, *said))
    if isinstance(clause, lang.Procedure):
        return Computability(Sort.PROCEDURAL, (STEPS, *said))
    if isinstance(clause, lang.Define) and not _serves(agreement, clause):
        return Computability(Sort.TEXT_ONLY, (NO_UNDERTAKING, *said))
    reasons = tuple(dict.fromkeys((*said, *_reasons(agreement, clause))))
    return Computability(Sort.PARTLY if reasons else Sort.COMPUTABLE, reasons)


def _serves(agreement: Agreement, clause: lang.Define) -> bool:
    """Return whether others use the list, the zones or the date that a definition declares."""
    declares = clause.list is not None or bool(clause.zones) or clause.date is not None
    return declares and clause.id in set(_used(agreement, clause.id))


def _used(agreement: Agreement, but: str) -> Iterator[str]:
    """Yield every name that an event, or a clause other than `but`, uses for a set, a place or a moment."""
    for event in (wording for one in agreement.events.values() for wording in one.values.values()):
        yield from (event.per,) if event.per is not None else ()
        yield from () if isinstance(event.at, str) else anchors(event.at)
    for history in agreement.clauses.values():
        for clause in history.all() if history.id != but else ():
            for members in clause.each.values():
                yield from members if not isinstance(members, lang.UnitsOf) else ()
            for role in roles(clause):
                yield from (*role.pattern.in_, *role.pattern.outside)
            for name in ("after", "until", "deadline"):
                yield from anchors(getattr(clause, name, None))


# ---- why only partly ------------------------------------------------------------------------------------------


def _reasons(agreement: Agreement, clause: lang.AnyClause) -> Iterator[str]:
    yield from _left_to_people(clause)
    yield from _silences(clause)
    yield from _silences_of_kind(clause)
    yield from _silent_sets(agreement, clause)
    for zone in _undrawn(agreement, clause):
        yield f"no map of '{zone}' is drawn: what happened near it may be inside or outside"


def _left_to_people(clause: lang.AnyClause) -> Iterator[str]:
    for role in roles(clause):
        if role.pattern.judgement is not None:
            yield f"whether something is '{role.pattern.judgement}' is a judgement, for a case to make"
    for excuse in clause.excuse:
        if excuse.shown is None:
            judge = {None: "a case", "case": "a case", UNSTATED: "somebody whom the text does not name"}
            yield f"the plea '{excuse.plea}' is for {judge.get(excuse.judged_by, excuse.judged_by)} to judge"
    for _, condition in conditions_of(clause):
        if isinstance(condition, lang.Holds):
            yield f"whether '{condition.holds}' holds needs a determination if it is contested"
    if isinstance(clause, lang.Power) and clause.may == "suspend":
        yield "a suspension may be contested: until it is accepted or determined, both answers are shown"


def _silences(clause: lang.AnyClause) -> Iterator[str]:
    """Yield what the text leaves unstated in the keys that every kind has."""
    if clause.bears_verdict and not isinstance(clause, lang.Phase) and UNSTATED in _names(clause.by):
        yield "the text does not say who is bound"
    if clause.after == UNSTATED:
        yield "the text does not say from when it binds"
    if clause.until == UNSTATED:
        yield "the text does not say until when it binds"
    if clause.watched.at_least == UNSTATED:
        yield "the text does not say how much watching is enough"
    for _, condition in conditions_of(clause):
        if isinstance(condition, lang.QuietDays) and condition.watched.at_least == UNSTATED:
            yield "the text does not say how much watching makes a day quiet"


def _names(who: lang.Who) -> tuple[str, ...]:
    return who.anyone_except if isinstance(who, lang.AnyoneExcept) else who


def _silences_of_kind(clause: lang.AnyClause) -> Iterator[str]:
    match clause:
        case lang.Prohibit(for_=length):
            yield from _of_length(length, "how long it binds")
        case lang.Achieve():
            yield from _of_deadline(clause.within, clause.deadline)
            if clause.start is not None:
                yield from _of_length(clause.start.within, "by when it is to begin")
        case lang.Tally():
            yield from _of_tally(clause)
        case lang.Quota():
            yield from _of_length(clause.every, "the length of the period")
            if clause.every == "week" and clause.week_starts == UNSTATED:
                yield "the text does not say on which day a week starts"
        case lang.Respond():
            yield from () if clause.result_alone else _of_deadline(clause.within, None)
        case lang.Power(may="suspend", stops_clock="unstated"):
            yield "the text does not say whether a suspension stops the clock"
        case lang.Define(list=members) if members in (UNSTATED, (UNSTATED,)):
            yield "the text does not say who or what is on the list"
        case _:
            return


def _silent_sets(agreement: Agreement, clause: lang.AnyClause) -> Iterator[str]:
    for name, members in clause.each.items():
        if isinstance(members, lang.UnitsOf):
            if not agreement.units_of(members.of):
                yield f"the units of '{members.of}' are not declared"
            continue
        if UNSTATED in members or _list_of(agreement, members) == (UNSTATED,):
            yield f"the text does not say for which {name} it binds"


def _of_tally(clause: lang.Tally) -> Iterator[str]:
    if clause.at_least is not None or clause.exactly is not None:
        yield from _of_deadline(clause.within, clause.deadline)
    for tranche in clause.tranches:
        yield from _of_deadline(tranche.within, tranche.deadline)


def _of_deadline(within: int | Civil | str | None, deadline: object) -> Iterator[str]:
    """Yield why a deadline is none, or not sure: without one it can be shown met, but never late."""
    if deadline is not None and deadline != UNSTATED:
        return
    if within is None or within == UNSTATED:
        yield "the text gives no deadline: it can be shown as done, but never as late"
    else:
        yield from _of_length(within, "the deadline")


def _of_length(length: int | Civil | str | None, what: str) -> Iterator[str]:
    if length == UNSTATED:
        yield f"the text does not say {what}"
    if isinstance(length, Civil) and length.days and length.first_day_counts is None:
        yield "the text does not say whether the first day counts"


def _undrawn(agreement: Agreement, clause: lang.AnyClause) -> list[str]:
    """Return the zones and lines that a clause uses, some version of which nobody drew."""
    drawn = {one.id: True for one in agreement.atlas.features}
    drawn |= {one.id: False for one in agreement.atlas.features if one.geometry is None}
    return sorted(name for name in set(_places(agreement, clause)) if not drawn.get(name, True))


def _places(agreement: Agreement, clause: lang.AnyClause) -> Iterator[str]:
    yield from clause.zones if isinstance(clause, lang.Define) else ()
    for pattern in (role.pattern for role in roles(clause)):
        for name in (*pattern.in_, *pattern.outside):
            yield from _drawn_as(agreement, clause, name)
        yield from (pattern.side.line,) if pattern.side is not None else ()
        yield from (pattern.distance.line,) if pattern.distance is not None else ()


def _drawn_as(agreement: Agreement, clause: lang.AnyClause, name: str) -> tuple[str, ...]:
    """Return the zones that a name in a pattern stands for: members of a set, zones of a definition, or itself."""
    members = clause.each.get(name)
    if isinstance(members, tuple):
        return _list_of(agreement, members) or members
    return agreement.zones_of(name)


def _list_of(agreement: Agreement, members: tuple[str, ...]) -> tuple[str, ...]:
    """Return the list that members name, where they are the name of a definition that gives one; else nothing."""
    history = agreement.clauses.get(members[0])
    defined = None if history is None else history.latest()
    return defined.list if isinstance(defined, lang.Define) and isinstance(defined.list, tuple) else ()
