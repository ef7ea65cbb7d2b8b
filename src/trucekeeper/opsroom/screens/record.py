"""Record: how much there is, its newest head, and who has witnessed it."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucekeeper.compliance.knowledge import Audience
from trucekeeper.journal.sealing import write_salt
from trucekeeper.mission.publishing import head_of, open_to, prove
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.reader import BadAskingError, reader
from trucekeeper.terms import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest


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


@require_GET
def proof(request: HttpRequest, entry: int) -> HttpResponse:
    """Return the proof that an entry is in the log, for `truce verify`, with its words if the reader may see them."""
    try:
        who = reader(request)
    except BadAskingError as error:
        return error.answer()
    mission = missions.mission()
    try:
        proven = prove(mission, entry)
        head = head_of(mission)
    except Refused as refused:
        raise Http404 from refused
    files = {f"{entry}.tlog-proof": proven.proof, f"{entry}.entry": proven.leaf}
    try:
        opened = open_to(mission, Audience(who.sight.audience, who.sight.now), entry)
    except Refused:
        opened = proven  # its words are not for this reader
    if not who.sight.coarse and opened.statement is not None and opened.salt is not None:
        files |= {f"{entry}.statement": opened.statement, f"{entry}.salt": write_salt(opened.salt)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    answer = HttpResponse(packed.getvalue(), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="entry-{entry}-of-{head.checkpoint.head.size}.zip"'
    return answer
