"""Who is named: parties, their components and other actors, each by a name of its own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias, get_args

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.phrases import UNSTATED
from trucekeeper.agreement.waiting import circle
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.yaml_text import Path

Finding: TypeAlias = "tuple[Path, str, str]"

ROLES_OF_ACTORS = frozenset({*get_args(lang.ActorRole), "party"})
_WORDS = ROLES_OF_ACTORS | {"anyone", UNSTATED}
_OWN_NAME = "give each a name of its own"


def check_who(agreement: Agreement, who: lang.Names | lang.AnyoneExcept | None, path: Path) -> Iterator[Finding]:
    """Yield every name of nobody: neither a party, a component of one or another actor, nor a role."""
    names = who.anyone_except if isinstance(who, lang.AnyoneExcept) else who or ()
    known = agreement.actors() | _WORDS
    for name in names:
        if name not in known:
            yield path, f"nobody here is called '{name}'", suggestion(name, known)


def check_actors(agreement: Agreement) -> Iterator[tuple[str, str, Finding]]:
    """Yield, with its section and name, whoever shares a name, and affiliates of nobody or of themselves."""
    head = agreement.head
    borne = Counter([*head.parties, *head.actors])
    borne.update(name for party in head.parties.values() for name in {*party.forces, *party.units})
    named: list[tuple[str, str, Path, str]] = [("parties", owner, (), owner) for owner in head.parties]
    named += [("actors", owner, (), owner) for owner in head.actors]
    for owner, party in head.parties.items():
        named += [("parties", owner, ("forces",), name) for name in party.forces]
        named += [("parties", owner, ("units",), name) for name in party.units]
    for section, owner, path, name in named:
        own_role = section == "actors" and head.actors[owner].role == name
        if name in _WORDS and not own_role:
            yield section, owner, (path, f"'{name}' is a word of the language", "choose another name")
        elif borne[name] > 1:
            yield section, owner, (path, f"{borne[name]} are called '{name}'", _OWN_NAME)
    yield from (("actors", name, finding) for name, finding in _check_affiliates(agreement, borne))


def _check_affiliates(agreement: Agreement, known: Counter[str]) -> Iterator[tuple[str, Finding]]:
    of = {name: {actor.of} for name, actor in agreement.head.actors.items() if actor.of is not None}
    for name, (whose,) in of.items():
        if whose not in known:
            yield name, (("of",), f"nobody here is called '{whose}'", suggestion(whose, known))
        elif circle(of, name):
            yield name, (("of",), f"'{name}' belongs to itself, through '{whose}'", "break the circle")
