"""What waits for what: an event, a clause or the agreement's own beginning that waits for itself never comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.phrases import anchors
from trucekeeper.agreement.roles import conditions, conditions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.phrases import When
    from trucekeeper.agreement.yaml_text import Path

IN_FORCE = "in_force"
JUDGED_BY_ACTS = (lang.Prohibit, lang.Maintain, lang.Respond)
"""Kinds that judge facts one by one, of which each may be an act that somebody was permitted."""


def circles(agreement: Agreement) -> Iterator[list[str]]:
    """Yield each chain of names of which every one waits for the next, and the last for the first, once.

    Through triggers they can never begin; through verdicts at one instant they have no answer. Reciprocal clauses
    over time, which read facts and not verdicts, are no circle. Nor is a clause whose suspension or waiver waits for
    it: that somebody used such a power is a fact, and whether he might is a verdict on the power alone.
    """
    names = (*agreement.events, *agreement.clauses, IN_FORCE)
    edges = {name: set(_waits(agreement, name)) for name in names}
    edges |= {_condition(power): set(_asked(agreement, power)) for power in agreement.clauses}
    told: set[frozenset[str]] = set()
    for start in names:
        chain = circle(edges, start)
        if chain and frozenset(chain) not in told:
            told.add(frozenset(chain))
            yield chain


def circle(edges: Mapping[str, set[str]], start: str) -> list[str]:
    """Return a chain of names from `start` that leads back to it, empty if there is none."""
    trail: list[tuple[str, list[str]]] = [(start, [start])]
    seen: set[str] = set()
    while trail:
        name, chain = trail.pop()
        for following in sorted(edges.get(name, ())):
            if following == start:
                return chain
            if following not in seen:
                seen.add(following)
                trail.append((following, [*chain, following]))
    return []


def _condition(power: str) -> str:
    """Return what the condition of a power is called in a chain, which no clause can be called."""
    return f"the condition of {power}"


def _asked(agreement: Agreement, power: str) -> Iterator[str]:
    """Yield what the condition of a power asks, and not what the power itself waits for."""
    phases = agreement.phases()
    for clause in agreement.clauses[power].all():
        if isinstance(clause, lang.Power):
            yield from (phases.get(one, one) for one in _of_conditions(conditions(clause.if_)))


def _waits(agreement: Agreement, name: str) -> Iterator[str]:
    """Yield what a name waits for; of a phase, the clause that opens it."""
    phases = agreement.phases()
    yield from (phases.get(one, one) for one in _named(agreement, name))
    if name in agreement.clauses:
        yield from _excused_by(agreement, name)


def _excused_by(agreement: Agreement, name: str) -> Iterator[str]:
    """Yield the conditions of the powers that excuse acts under a clause: each act asks them as of its own moment.

    The clause itself, as of that moment, has the act before it already, so that asking it would ask them again.
    """
    if any(isinstance(clause, JUDGED_BY_ACTS) for clause in agreement.clauses[name].all()):
        for history in agreement.clauses.values():
            powers = (one for one in history.all() if isinstance(one, lang.Power) and one.may == "excuse")
            if any("all" in one.of or name in one.of for one in powers):
                yield _condition(history.id)


def _named(agreement: Agreement, name: str) -> Iterator[str]:
    if name == IN_FORCE:
        for when in agreement.in_force.values.values():
            yield from anchors(when)
    elif name in agreement.events:
        for event in agreement.events[name].values.values():
            yield from _anchors(event.at)
            yield from () if event.renews is None else anchors(event.renews.first_ends)
    else:
        for clause in agreement.clauses[name].all():
            yield from _named_by(clause)


def _named_by(clause: lang.AnyClause) -> Iterator[str]:
    if isinstance(clause, lang.Define):
        yield from _anchors(clause.date)
        return
    if clause.after is None:
        yield IN_FORCE
    for when in (clause.after, clause.until, getattr(clause, "deadline", None)):
        yield from _anchors(when)
    if clause.during is not None:
        yield clause.during
    if isinstance(clause, lang.Achieve) and clause.paired_with is not None:
        yield clause.paired_with.clause
    if isinstance(clause, lang.Quota) and clause.cured_by not in (None, clause.id):  # itself is no other quota
        yield clause.cured_by
    if isinstance(clause, lang.Tally):
        for tranche in clause.tranches:
            yield from _anchors(tranche.deadline)
    yield from _of_conditions(conditions_of(clause))


def _of_conditions(several: Iterable[tuple[Path, lang.Condition]]) -> Iterator[str]:
    for _, condition in several:
        match condition:
            case lang.MetClause(met=other) | lang.StandsClause(clause=other) | lang.Open(open=other):
                yield other
            case _:
                pass


def _anchors(when: When | str | None) -> tuple[str, ...]:
    return () if when is None or isinstance(when, str) else anchors(when)
