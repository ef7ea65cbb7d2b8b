"""Which facts a clause looks at, in which role, and whether more of them incriminate or excuse.

The polarity of a role decides which bound a merely possible fact moves (rule of meaning 5): an incriminating one can
only make a verdict worse, an excusing one only better; one that does both moves a deadline, a gate or an exact count.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.agreement.yaml_text import Path


class Polarity(Enum):
    """What one more such fact does to a verdict."""

    INCRIMINATES = "incriminates"
    EXCUSES = "excuses"
    BOTH = "both"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Role:
    """One pattern of a clause: where it stands, what its facts do, and whether it means those bound by default."""

    name: str
    path: Path
    pattern: lang.PatternBody
    polarity: Polarity
    by_those_bound: bool = False


_BAD, _GOOD, _BOTH, _NONE = Polarity.INCRIMINATES, Polarity.EXCUSES, Polarity.BOTH, Polarity.NEITHER


def roles(clause: lang.AnyClause) -> tuple[Role, ...]:
    """Return every pattern of a clause with its role."""
    return (*_own(clause), *_of_excuses(clause), *_of_condition(clause.while_, ("while",)))


def _own(clause: lang.AnyClause) -> Iterator[Role]:  # noqa: C901  one case a kind: the closed set of kinds
    match clause:
        case lang.Prohibit():
            yield from _several("act", clause.act, _BAD, by_those_bound=True)
        case lang.Achieve():
            yield from _one("state", clause.state, _GOOD, by_those_bound=True)
            yield from _several("shown_by", clause.shown_by, _GOOD)
            if clause.start is not None:
                yield from _several("start", clause.start.shown_by, _GOOD, by_those_bound=True)
        case lang.Maintain():
            yield from _one("state", clause.state, _BOTH, by_those_bound=True)
            yield from _one("measure", clause.measure, _BOTH, by_those_bound=True)
        case lang.Tally():
            yield from _several("count", clause.count, _count_polarity(clause))
            yield from _targets(clause)
            for name, pattern in clause.beside.items():
                yield Role("beside", ("beside", name), pattern, _NONE)
        case lang.Quota():
            yield from _several("count", clause.count, _GOOD if clause.at_most is None else _BAD)
        case lang.Respond():
            yield from _several("to", clause.to, _BAD)
            yield from _several("with", clause.with_, _GOOD, by_those_bound=True)
        case lang.Phase():
            yield from _one("confirmed_by", clause.confirmed_by, _BOTH)
            yield from _of_condition(clause.when, ("when",))
        case lang.Power():
            yield from _one("exercise", clause.exercise, _BOTH, by_those_bound=True)
            yield from _of_condition(clause.if_, ("if",))
        case lang.Define() if isinstance(clause.list, lang.DeclaredBy):
            yield Role("list", ("list", "declared_by"), clause.list.declared_by, _BOTH)
        case _:
            return


def _count_polarity(clause: lang.Tally) -> Polarity:
    if clause.exactly is not None or (clause.at_least is not None and clause.at_most is not None):
        return _BOTH
    return _BAD if clause.at_most is not None else _GOOD


def _targets(clause: lang.Tally) -> Iterator[Role]:
    named = [("at_least", clause.at_least), ("at_most", clause.at_most), ("exactly", clause.exactly)]
    named += [("tranches", tranche.at_least) for tranche in clause.tranches]
    for name, quantity in named:
        if isinstance(quantity, lang.Share):
            yield Role("base", (name, "of"), quantity.of, _BOTH)
        elif isinstance(quantity, lang.Ratio):
            yield Role("per", (name, "per"), quantity.per, _BOTH)


def _one(
    name: str, pattern: lang.PatternBody | None, polarity: Polarity, *, by_those_bound: bool = False
) -> Iterator[Role]:
    if pattern is not None:
        yield Role(name, (name,), pattern, polarity, by_those_bound)


def _several(
    name: str, patterns: tuple[lang.PatternBody, ...], polarity: Polarity, *, by_those_bound: bool = False
) -> Iterator[Role]:
    for index, pattern in enumerate(patterns):
        path: Path = (name,) if len(patterns) == 1 else (name, index)
        yield Role(name, path, pattern, polarity, by_those_bound)


def _of_excuses(clause: lang.AnyClause) -> Iterator[Role]:
    for index, excuse in enumerate(clause.excuse):
        path: Path = ("excuse",) if len(clause.excuse) == 1 else ("excuse", index)
        if excuse.shown is not None:
            yield Role("excuse", (*path, "shown"), excuse.shown, _GOOD)
        if excuse.unless is not None:
            yield Role("unless", (*path, "unless"), excuse.unless, _BAD)
        yield from _of_condition(excuse.if_, (*path, "if"))


def _of_condition(condition: lang.Condition | None, path: Path) -> Iterator[Role]:
    for at, one in conditions(condition, path):
        if isinstance(one, lang.Happened):
            yield Role("condition", (*at, "happened"), one.happened, _BOTH)
        elif isinstance(one, lang.QuietDays):
            for pattern in one.without:
                yield Role("quiet", (*at, "without"), pattern, _BOTH)


def conditions(condition: lang.Condition | None, path: Path = ()) -> Iterator[tuple[Path, lang.Condition]]:
    """Yield a condition and every condition inside it, with its path."""
    if condition is None:
        return
    yield path, condition
    if isinstance(condition, lang.Not):
        yield from conditions(condition.not_, (*path, "not"))
    elif isinstance(condition, lang.AllOf | lang.AnyOf):
        inner = condition.all if isinstance(condition, lang.AllOf) else condition.any
        for index, one in enumerate(inner):
            yield from conditions(one, (*path, "all" if isinstance(condition, lang.AllOf) else "any", index))


def conditions_of(clause: lang.AnyClause) -> tuple[tuple[Path, lang.Condition], ...]:
    """Return every condition of a clause with its path."""
    found = [*conditions(clause.while_, ("while",))]
    if isinstance(clause, lang.Phase):
        found += conditions(clause.when, ("when",))
    if isinstance(clause, lang.Power):
        found += conditions(clause.if_, ("if",))
    for excuse in clause.excuse:
        found += conditions(excuse.if_, ("excuse", "if"))
    return tuple(found)
