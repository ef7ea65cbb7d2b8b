"""Facts that no clause looks at, and names in facts that name nothing: good rows that change no verdict.

They are no faults (a mission records more than its agreement asks for), but a slip of the pen looks just like them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.roles import conditions_of, roles
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.terms import Fact

READ_BY_THE_ENGINE = ("coverage", "denial", "claim", "plea", "determination", "record")
"""Kinds that mean something whatever the clauses say: watching, figures, pleas, rulings, acts on paper."""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody should look at in one fact, and what may have been meant."""

    fact: str
    says: str
    hint: str = ""


def unlinked(agreement: Agreement, facts: Iterable[Fact]) -> tuple[Note, ...]:
    """Return a note for each fact that no clause looks at or that names what is not there."""
    listed = tuple(facts)
    ids = {fact.id for fact in listed}
    return tuple(note for fact in listed for note in _notes(agreement, fact, ids))


def _notes(agreement: Agreement, fact: Fact, ids: set[str]) -> Iterator[Note]:
    if not fact.kind:
        return
    if not _looked_at(agreement, fact.kind):
        yield Note(fact.id, f"no clause looks at facts of kind '{fact.kind}'")
    if agreement.vocabulary.is_a(fact.kind, "record"):
        yield from _about_nothing(agreement, fact, ids)
    pleas = {excuse.plea for clause in _clauses(agreement) for excuse in clause.excuse if excuse.plea is not None}
    units = {unit for party in agreement.head.parties.values() for unit in party.units}
    yield from _unknown(fact, "tally", _tallies(agreement), "no clause counts a tally")
    yield from _unknown(fact, "plea", pleas, "no clause knows a plea")
    if units:
        yield from _unknown(fact, "unit", units, "no party declares a unit")


def _about_nothing(agreement: Agreement, fact: Fact, ids: set[str]) -> Iterator[Note]:
    """Yield that an act on paper does not say what it is about, or names nothing that there is."""
    of = fact.field("of")
    names = _names(agreement)
    if of is None:
        yield Note(fact.id, f"this {fact.kind} does not say of what it is", "add 'of'")
    for word in _words(of):
        if word not in names and word not in ids:
            yield Note(
                fact.id, f"'of: {word}' names no clause, event, phase, condition or fact", suggestion(word, names)
            )


def _unknown(fact: Fact, field: str, known: Collection[str], says: str) -> Iterator[Note]:
    for word in _words(fact.field(field)):
        if word not in known:
            yield Note(fact.id, f"{says} '{word}'", suggestion(word, known))


def _words(value: object) -> tuple[str, ...]:
    return () if value is None else value if isinstance(value, tuple) else (str(value),)


def _clauses(agreement: Agreement) -> tuple[lang.AnyClause, ...]:
    return tuple(clause for history in agreement.clauses.values() for clause in history.all())


def _looked_at(agreement: Agreement, kind: str) -> bool:
    if any(agreement.vocabulary.is_a(kind, one) for one in READ_BY_THE_ENGINE):
        return True
    wanted = {role.pattern.fact for clause in _clauses(agreement) for role in roles(clause)}
    wanted |= {
        pattern.fact
        for event in agreement.events.values()
        for one in event.values.values()
        for pattern in one.shown_by
    }
    return any(agreement.vocabulary.is_a(kind, one) for one in wanted)


def _tallies(agreement: Agreement) -> frozenset[str]:
    counted = [clause for clause in _clauses(agreement) if isinstance(clause, lang.Tally | lang.Quota)]
    return frozenset(name for clause in counted for name in (clause.id, clause.claims) if name is not None)


def _names(agreement: Agreement) -> frozenset[str]:
    """Return everything that an act on paper can be about."""
    held = {
        one.holds for clause in _clauses(agreement) for _, one in conditions_of(clause) if isinstance(one, lang.Holds)
    }
    asked = {
        word
        for clause in _clauses(agreement)
        for role in roles(clause)
        for name, test in role.pattern.fields
        if name == "of"
        for word in (test if isinstance(test, tuple) else (test,))
        if isinstance(word, str)
    }
    of_events = {
        word
        for event in agreement.events.values()
        for one in event.values.values()
        for pattern in one.shown_by
        for name, test in pattern.fields
        if name == "of"
        for word in (test if isinstance(test, tuple) else (test,))
        if isinstance(word, str)
    }
    return frozenset({*agreement.clauses, *agreement.events, *agreement.phases(), *held, *asked, *of_events})
