"""Record: how much there is, its newest head, and who has witnessed it."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucekeeper.compliance.knowledge import Audience
from trucekeeper.journal.sealing import write_salt
from trucekeeper.mission.publishing import head_of, open_to, prove
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.terms import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest

    from trucekeeper.mission.mission import Mission
    from trucekeeper.mission.publishing import Proven


@require_GET
@for_reader
def record(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    mission = missions.mission()
    return render(
        request,
        "screens/record.html",
        {"head": head_of(mission), "past": who.past, "origin": mission.settings.origin},
    )


@require_GET
@for_reader
def proof(request: HttpRequest, who: Reader, entry: int) -> HttpResponse:  # noqa: ARG001  as Django calls it
    """Return the proof that an entry is in the log, for `truce verify`, with its words if the reader may see them."""
    mission = missions.mission()
    try:
        proven, head = _proven(mission, who, entry), head_of(mission)
    except Refused as refused:
        raise Http404 from refused
    files = {f"{entry}.tlog-proof": proven.proof, f"{entry}.entry": proven.leaf}
    if proven.statement is not None and proven.salt is not None:
        files |= {f"{entry}.statement": proven.statement, f"{entry}.salt": write_salt(proven.salt)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    answer = HttpResponse(packed.getvalue(), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="entry-{entry}-of-{head.checkpoint.head.size}.zip"'
    return answer


def _proven(mission: Mission, who: Reader, entry: int) -> Proven:
    """Return the proof of an entry, with its words if they are for the reader. Raises Refused if there is none."""
    if not who.sight.coarse:
        with suppress(Refused):
            return open_to(mission, Audience(who.sight.audience, who.sight.now), entry)
    return prove(mission, entry)
