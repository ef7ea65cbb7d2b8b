"""Evidence: a picture or a text as it is shown, and an original as it was handed in.

Both are for an audience that may see a report that names the original. Whoever may not is told what is told of one
that does not exist. Nothing that is shown can run, load or be taken for a page of ours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from trucekeeper.compliance.knowledge import Audience
from trucekeeper.mission.inspecting import releases
from trucekeeper.opsroom import missions, originals, pictures
from trucekeeper.opsroom.people import viewed
from trucekeeper.opsroom.screens.reader import Reader, for_reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from trucekeeper.opsroom.people.models import Account
    from trucekeeper.terms import Label

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
DIGEST = re.compile("[0-9a-f]{64}")


@require_GET
@for_reader
def view(request: HttpRequest, who: Reader, digest: str) -> HttpResponse:
    """Return an original as it is shown: a picture made anew, small if `small` is asked, or a text."""
    data, labels = _found(who, digest)
    if _restricted(labels, who):
        viewed.seen(_account(request), digest)
    try:
        kind = originals.kind_of(data)
        if kind == originals.TEXT:
            return _text(data, 200)
        if kind not in originals.IMAGES:
            return _text(_("Only photos and texts are shown. The original can be downloaded."), 415)
        side = pictures.SMALL if "small" in request.GET else pictures.LARGE
        return _guarded(HttpResponse(pictures.shown(data, side), content_type=pictures.KIND))
    except (originals.NotTakenError, pictures.NotShownError) as error:
        return _text(str(error), 415)


@require_GET
@for_reader
def original(request: HttpRequest, who: Reader, digest: str) -> HttpResponse:
    """Return an original, byte for byte, to be kept and not opened here; that it was handed out is written down."""
    data, _labels = _found(who, digest)
    viewed.handed_out(_account(request), digest)
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{digest[:16]}.{_ending(data)}"'
    return _guarded(answer)


def _found(who: Reader, digest: str) -> tuple[bytes, Sequence[Label]]:
    """Return an original that its reader may see, and under which labels. Raises Http404."""
    if not DIGEST.fullmatch(digest) or who.sight.coarse:
        raise Http404
    labels = releases(missions.looking(), who.sight, digest)
    data = missions.original(digest) if labels else None
    if data is None:
        raise Http404
    return data, labels


def _restricted(labels: Sequence[Label], who: Reader) -> bool:
    """Return whether no label lets all delegations see."""
    everybody = {Audience(one, who.sight.now) for one in missions.mission().delegations().values()}
    return not any(all(one.may_see(label) for one in everybody) for label in labels)


def _ending(data: bytes) -> str:
    try:
        return originals.ENDINGS[originals.kind_of(data)]
    except originals.NotTakenError:
        return "bin"


def _text(says: str | bytes, status: int) -> HttpResponse:
    return _guarded(HttpResponse(says, content_type="text/plain; charset=utf-8", status=status))


def _guarded(answer: HttpResponse) -> HttpResponse:
    """Return an answer of which a browser does nothing but show it."""
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _account(request: HttpRequest) -> Account:
    return request.user  # type: ignore[return-value]  # the guard let it through
