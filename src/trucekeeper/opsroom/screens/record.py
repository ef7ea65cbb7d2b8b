"""Record: how much there is, its newest head, and who has witnessed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucekeeper.mission.publishing import head_of
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.reader import BadAskingError, reader

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def record(request: HttpRequest) -> HttpResponse:
    """Return the page."""
    try:
        who = reader(request)
    except BadAskingError as error:
        return error.answer()
    mission = missions.mission()
    return render(
        request,
        "screens/record.html",
        {"head": head_of(mission), "past": who.past, "origin": mission.settings.origin},
    )
