"""What waits for what: an event, a clause or the agreement's own beginning that waits for itself never comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.phrases import anchors
from trucekeeper.agreement.roles import conditions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.phrases import When

IN_FORCE = "in_force"


def circles(agreement: Agreement) -> Iterator[list[str]]:
    """Yield each chain of names of which every one waits for the next, and the last for the first, once.

    Through triggers they can never begin; through verdicts at one instant they have no answer. Reciprocal clauses
    over time, which read facts and not verdicts, are no circle.
    """
    edges = {name: set(_waits(agreement, name)) for name in (*agreement.events, *agreement.clauses, IN_FORCE)}
    told: set[frozenset[str]] = set()
    for start in edges:
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


def _waits(agreement: Agreement, name: str) -> Iterator[str]:
    """Yield what a name waits for; of a phase, the clause that opens it."""
    phases = agreement.phases()
    yield from (phases.get(one, one) for one in _named(agreement, name))


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
    if clause.after is None:
        yield IN_FORCE
    for when in (clause.after, clause.until, getattr(clause, "deadline", None)):
        yield from _anchors(when)
    if clause.during is not None:
        yield clause.during
    if isinstance(clause, lang.Achieve) and clause.paired_with is not None:
        yield clause.paired_with.clause
    for _, condition in conditions_of(clause):
        match condition:
            case lang.MetClause(met=other) | lang.StandsClause(clause=other) | lang.Open(open=other):
                yield other
            case _:
                pass


def _anchors(when: When | str | None) -> tuple[str, ...]:
    return () if when is None or isinstance(when, str) else anchors(when)
