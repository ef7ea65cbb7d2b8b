"""Sources: who tells, with which grade and interest, and what became of his reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.opsroom.screens.words import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse


@require_GET
@for_reader
def sources(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    rows = [_shown(one) for one in missions.looking().sources(who.sight)]
    return render(request, "screens/sources.html", {"rows": rows, "past": who.past})


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: visible(value) if isinstance(value, str) else value for name, value in row.items()}
