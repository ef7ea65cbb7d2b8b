"""Incident: its reports and where they have it from, what it was known to be, and its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.opsroom.screens.words import moment, shown_incident

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse


@require_GET
@for_reader
def incident(request: HttpRequest, who: Reader, name: str) -> HttpResponse:
    """Return the page."""
    looking = missions.looking()
    found = looking.incident(who.sight, name)
    if found is None:
        raise Http404
    history = [shown_incident(one, who.agreement) for one in looking.history(who.sight, name)]
    return render(
        request,
        "screens/incident.html",
        {
            "one": shown_incident(found, who.agreement),
            "reports": [_report(one, who.zone) for one in looking.reports(who.sight, name)],
            "history": [
                {"since": moment(one["since"], who.zone), "differences": _differences(before, one)}
                for before, one in zip([None, *history], history, strict=False)
            ],
            "past": who.past,
        },
    )


def _report(row: Mapping[str, Any], zone: str) -> dict[str, Any]:
    words = row.get("words") or {}
    chains = [" ← ".join(one) for one in row.get("chains") or []]
    at = row.get("at")
    return {**row, "words": sorted(words.items()), "chains": chains, "at": "" if at is None else moment(at, zone)}


_COMPARED = ("says", "when", "where", "by", "proof", "who_proof", "reports", "origins", "figures")


def _differences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return what is different, each as its name, what it was, and what it is."""
    told = [(name, "" if before is None else str(before[name]), str(after[name])) for name in _COMPARED]
    return [one for one in told if one[1] != one[2] and one[2] not in {"", "[]"}]
