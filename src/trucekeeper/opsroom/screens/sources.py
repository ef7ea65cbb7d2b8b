"""Sources: who tells, with which grade and interest, and what became of his reports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucekeeper.mission.rates import Rate
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.terms.moments import MINUTE

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
@for_reader
def sources(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    looking, minute = missions.looking(), who.sight.now // MINUTE
    rates = missions.rates(looking.begun(), minute, replace(who.sight, now=minute * MINUTE))
    rows = [{**one, "rate": rates.get(str(one["name"]), Rate())} for one in looking.sources(who.sight)]
    return render(request, "screens/sources.html", {"rows": rows, "past": who.past})
