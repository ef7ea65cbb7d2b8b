"""Tallies: rival claims side by side, each with how and over which period it was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.agreement import lines
from trucekeeper.opsroom.screens.reader import Reader, for_reader

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COUNTED = ("tally", "quota")
LAST = 14
"""So many periods of a quota are shown, the newest first."""


@require_GET
@for_reader
def tallies(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    rows = [one for one in missions.looking().standing(who.sight) if one["kind"] in COUNTED]
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row, line in zip(rows, lines(rows, who.zone), strict=True):
        found.setdefault((row["clause"], row["by"]), []).append({**line, "order": (row["due"] or [0, 0])[1]})
    counts = [
        {
            "clause": clause,
            "by": by,
            "says": who.agreement.clauses[clause].all()[-1].gloss if clause in who.agreement.clauses else "",
            "lines": sorted(several, key=lambda one: -int(one["order"]))[:LAST],
            "more": max(len(several) - LAST, 0),
        }
        for (clause, by), several in sorted(found.items())
    ]
    return render(request, "screens/tallies.html", {"counts": counts, "past": who.past})
