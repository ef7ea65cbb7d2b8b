"""Sources: who tells, with which grade and interest, and what became of his reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.reader import BadAskingError, reader

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Return the page."""
    try:
        who = reader(request)
    except BadAskingError as error:
        return error.answer()
    rows = missions.looking().sources(who.sight)
    return render(request, "screens/sources.html", {"rows": rows, "past": who.past})
