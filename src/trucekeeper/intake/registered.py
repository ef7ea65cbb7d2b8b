"""Registered: what a mission's registry says of one of its sources, and the body of the statement that says it.

{"name":"ucdp","reader":"ucdp","says":"UCDP GED 23.1","grade":"B2","bloc":"ucdp","interest":"","bias":"",
 "zone":"Africa/Bangui","within_m":0,"hours":0,"first_hand":false,"owner":"",
 "rulings":{"kind":{"state-based":"ground-attack"},"actor":{"LRA":null}}}

name       by which files are entered and reports are named
reader     how its files are read
grade      the Admiralty code of a report that has none of its own
bloc       sources of one bloc share an interest: together they corroborate nothing. Absent: its own name
interest   whose, in words; and `bias` what it is known to leave out. Contestable: another statement replaces it
zone       the IANA zone of days and times that its files give without one
within_m   how far off its places usually are, where a report does not say; and `hours` its times
rulings    what its words mean: a kind of the vocabulary, an actor of the agreement. `null`: nothing that this
           agreement speaks of, so that a report of such a kind is left aside for good, and such an actor is nobody
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.statements import Body

SORTS = ("kind", "actor")
"""The sorts of words that rulings are for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A source as a mission's registry has it."""

    name: str
    reader: str
    says: str = ""
    grade: str = ""
    bloc: str = ""
    interest: str = ""
    bias: str = ""
    zone: str = ""
    entered_by: str = ""
    within_m: int = 0
    hours: int = 0
    first_hand: bool = False
    distinct: bool = False
    rulings: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)

    def body(self) -> Body:
        """Return what the statement says. What is the default is left out."""
        several: Body = {name: getattr(self, name) for name in _PLAIN if getattr(self, name)}
        rulings: Body = {sort: dict(self.rulings[sort]) for sort in SORTS if self.rulings.get(sort)}
        return {**several, "rulings": rulings}

    @staticmethod
    def read(body: Mapping[str, Json]) -> Registered:
        """Return what a statement, or a source's own folder, says. Raises ValueError, saying what is wrong."""
        unknown = set(body) - {*_PLAIN, "rulings"}
        if unknown:
            raise ValueError(f"a source says {', '.join((*_PLAIN, 'rulings'))}, and not {', '.join(sorted(unknown))}")
        for name, value in body.items():
            wanted = _PLAIN.get(name, dict)
            if type(value) is not wanted:
                raise ValueError(f"'{name}' is {value!r}, and should be of the sort {wanted.__name__}")
        if not body.get("name") or not body.get("reader"):
            raise ValueError("a source says its name and how its files are read")
        rulings = body.get("rulings", {})
        return Registered(**{**body, "rulings": _rulings(rulings)})  # type: ignore[arg-type]  # held above


_PLAIN: Mapping[str, type] = {
    **dict.fromkeys(("name", "reader", "says", "grade", "bloc", "interest", "bias", "zone", "entered_by"), str),
    **dict.fromkeys(("within_m", "hours"), int),
    **dict.fromkeys(("first_hand", "distinct"), bool),
}


def _rulings(said: object) -> dict[str, dict[str, str | None]]:
    """Return rulings by sort and word. Raises ValueError."""
    if not isinstance(said, dict) or set(said) - set(SORTS):
        raise ValueError(f"rulings are of the sorts {', '.join(SORTS)}")
    found: dict[str, dict[str, str | None]] = {}
    for sort, several in said.items():
        if not isinstance(several, dict):
            raise ValueError(  # noqa: TRY004  of what the source says
                f"the rulings of sort '{sort}' are 'word: meaning' pairs"
            )
        for word, means in several.items():
            if means is not None and not isinstance(means, str):
                raise ValueError(f"'{word}' means {means!r}, and should mean a word, or nothing")
        found[str(sort)] = {str(word): means for word, means in several.items()}
    return found
