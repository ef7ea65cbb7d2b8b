"""Triage: what people decided about single reports, one after the other, and which of it counts.

    {"report":"patrols/17","does":"set_aside","why":"the wrong valley","after":411}

    accept       somebody looked at it, and agrees with where it stands
    set_aside    it counts for nothing, for the reason that is given
    duplicate    it says what the report `of` says, and counts for nothing beside it
    take_back    it is as if nobody had decided

`after` is the entry of the last decision on the report that whoever decides has seen, 0 if he saw none. A decision
counts unless another that counts came on record in between: then it came too late, and stays on record as said and
without effect. So of two officers who act on one report the second is told, and nobody undoes what he never saw.

A decision that names a report which an audience does not know is none for this audience.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from trucekeeper.terms import Moment

ACCEPT, SET_ASIDE, DUPLICATE, TAKE_BACK = "accept", "set_aside", "duplicate", "take_back"
DOES = (ACCEPT, SET_ASIDE, DUPLICATE, TAKE_BACK)


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about a report: the entry that says it, whose it is, and what he had seen."""

    entry: int
    report: str
    does: str
    of: str
    why: str
    after: int
    by: str = ""
    at: Moment = 0

    @property
    def aside(self) -> bool:
        """Return whether the report counts no longer for it."""
        return self.does in {SET_ASIDE, DUPLICATE}


@dataclass(frozen=True, slots=True)
class Triaged:
    """What was decided about a report, the first first, each with whether it counts; and what holds of it."""

    told: tuple[tuple[Decision, bool], ...] = ()
    holds: Decision | None = None

    @property
    def entry(self) -> int:
        """Return the entry of the decision that holds, 0 if there is none: what the next one says that it saw."""
        return 0 if self.holds is None else self.holds.entry

    @property
    def aside(self) -> bool:
        """Return whether the report counts no longer."""
        return self.holds is not None and self.holds.aside

    def waits(self, entry: int) -> bool:
        """Return whether somebody still has to look at what an entry says of the report."""
        return self.holds is None or self.holds.does == TAKE_BACK or self.holds.entry < entry


def triaged(several: Iterable[Decision], known: Container[str]) -> Triaged:
    """Return what holds of a report by the decisions about it, for whoever knows some reports by their names."""
    told: list[tuple[Decision, bool]] = []
    holds: Decision | None = None
    for one in sorted(several, key=lambda one: one.entry):
        if one.of and one.of not in known:
            continue
        counts = (0 if holds is None else holds.entry) <= one.after < one.entry
        holds = one if counts else holds
        told.append((one, counts))
    return Triaged(tuple(told), holds)


def decision_of(row: Mapping[str, object], entry: int = 0, by: str = "", at: Moment = 0) -> Decision:
    """Return what a triage, of an entry, says. Raises ValueError."""
    report, does, of = row.get("report"), row.get("does"), row.get("of", "")
    why, after = row.get("why", ""), row.get("after")
    if not isinstance(report, str) or not report or does not in DOES or not isinstance(why, str):
        raise ValueError(f"a triage says a report, and what it does: {', '.join(DOES)}")
    if isinstance(after, bool) or not isinstance(after, int) or after < 0:
        raise ValueError("a triage says after which decision on the report it comes: 'after', 0 for none")
    if not isinstance(of, str) or bool(of) != (does == DUPLICATE) or normalize("NFC", of) == normalize("NFC", report):
        raise ValueError("a duplicate says of which other report it is one: 'of'; nothing else does")
    if does == SET_ASIDE and not why.strip():
        raise ValueError("who sets a report aside says why")
    return Decision(entry, normalize("NFC", report), str(does), normalize("NFC", of), why, after, by, at)
