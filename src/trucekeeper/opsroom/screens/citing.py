"""Citing: the origins of an incident as an indented list, below each the chain by which each report has it.

patrols                      an origin
patrols/17                 a report that is its own
field radio
village council            who has it from there
bulletin/4               the report that has it from the council
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from trucekeeper.fusion.copies import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trucekeeper.mission.looking import Row

DEEPEST = 6
"""So far in are lines moved; what is deeper stands below it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: how far in it stands, what it says, and the entry of its report, if it is one."""

    level: int
    says: str
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """One origin: its name, why all that rests on it counts once, if there is more than one, and its lines."""

    name: str
    why: str
    lines: tuple[Line, ...]


def citing(begun: Sequence[tuple[str, Sequence[str]]], reports: Sequence[Row]) -> list[Begun]:
    """Return the origins of an incident with the reports that are shown of it."""
    by_name = {str(one["id"]): one for one in reports}
    found = []
    for name, ids in begun:
        resting = [by_name[one] for one in ids if one in by_name]
        found.append(Begun(name, _why(name, resting), tuple(_lines(name, resting))))
    return found


def _lines(origin: str, reports: Sequence[Row]) -> Iterator[Line]:
    """Yield what stands below an origin, what two have in common once."""
    before: tuple[str, ...] = ()
    for path, row in sorted(_paths(origin, reports), key=lambda one: one[0]):
        common = next((at for at, (a, b) in enumerate(zip(path, before, strict=False)) if a != b), len(before))
        for level, says in enumerate(path):
            if level >= min(common, len(path) - 1):
                entry = row["entry"] if level == len(path) - 1 else None
                yield Line(min(level + 1, DEEPEST), says, entry)
        before = path


def _paths(origin: str, reports: Sequence[Row]) -> Iterator[tuple[tuple[str, ...], Row]]:
    """Yield by which steps each report has it from the origin, the report last."""
    for row in reports:
        chains: Sequence[Sequence[str]] = row.get("chains") or [[]]
        begin_here = [one for one in chains if one and plain(one[-1]) == plain(origin)]
        for chain in begin_here or chains:
            steps = [str(one) for one in reversed(chain)]
            above = steps[1:] if chain in begin_here else steps
            yield (*above, str(row["id"])), row


def _why(origin: str, reports: Sequence[Mapping[str, object]]) -> str:
    if len(reports) < 2:  # noqa: PLR2004  one counts once without any reason
        return ""
    if all(not one.get("chains") and one.get("source") == origin for one in reports):
        return _("They count once: all are of this source.")
    if all(one.get("chains") for one in reports):
        return _("They count once: all have it from here, or say the same words.")
    return _("They count once: some have it from the others, or say the same words.")
