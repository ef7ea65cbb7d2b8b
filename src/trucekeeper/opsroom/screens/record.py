"""Record: how much there is, its newest head, who has witnessed it and when, each entry, and what proves it."""

from __future__ import annotations

import io
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from trucekeeper.compliance.knowledge import Audience
from trucekeeper.journal.sealing import write_salt
from trucekeeper.mission import kinds, naming
from trucekeeper.mission.exporting import export
from trucekeeper.mission.publishing import Line, Shown, head_of, lines, open_to, prove
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.people.models import ROLE_NAMES
from trucekeeper.opsroom.screens.reader import BadAskingError, Reader, for_reader
from trucekeeper.opsroom.screens.sheets import KINDS
from trucekeeper.opsroom.screens.words import moment
from trucekeeper.terms import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest

    from trucekeeper.mission.mission import Mission
    from trucekeeper.mission.publishing import Proven

AT_ONCE = 50
"""So many entries are listed at once."""
HEADS_EVERY = 1000
"""A bundle holds a head of each so many entries, so that whoever has an old one finds his way to the newest."""
SHOWN = {
    Shown.NOT_TO_YOU: gettext_lazy("not for you"),
    Shown.SEALED: gettext_lazy("sealed"),
    Shown.REDACTED: gettext_lazy("redacted"),
    Shown.LOST: gettext_lazy("cannot be opened: its secret is not in the vault"),
}
KEYS = {
    "root": gettext_lazy("root"),
    "registrar": gettext_lazy("registrar"),
    "delegate": gettext_lazy("delegate"),
}
"""What people call the roles that keys have and accounts do not."""
LAST = (1 << 53) - 1
"""No entry has a greater number: no statement could name it."""


@require_GET
@for_reader
def record(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    mission = missions.mission()
    size = mission.journal.store.size() if who.sight.at is None else mission.journal.store.size_at(who.sight.at)
    wanted = _number(request.GET.get("entry", ""))
    if wanted is not None and wanted >= size:
        raise BadAskingError(_("There is no entry %(n)s: the record has %(size)s.") % {"n": wanted, "size": size})
    end = size if wanted is None else min(wanted + 1, size)
    start = max(end - AT_ONCE, 0)
    found = lines(mission, Audience(who.sight.audience, who.sight.now), start, end, known=naming.laid_out)
    seen = missions.witnessed(who.sight.now // missions.FRESH)
    return render(
        request,
        "screens/record.html",
        {
            "head": head_of(mission),
            "size": size,
            "lines": [_line(one, who) for one in reversed(found)],
            "wanted": wanted,
            "older": start - 1 if start else None,
            "newer": min(end - 1 + AT_ONCE, size - 1) if end < size else None,
            "witnesses": [(one, "" if one.at is None else moment(one.at, who.zone)) for one in seen.seen],
            "waits_since": "" if seen.waits_since is None else moment(seen.waits_since, who.zone),
            "past": who.past,
        },
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12):  # noqa: PLR2004  no record is so long
        raise BadAskingError(_("“%(text)s” is no entry: entries are counted from 0.") % {"text": text[:80]})
    return int(text)


def _line(line: Line, who: Reader) -> dict[str, Any]:
    """Return a line of the log with its words; to who sees coarsely no name of anything: it may be a place's."""
    return {
        "seq": line.seq,
        "at": moment(line.at, who.zone),
        "kind": KINDS.get(line.kind, line.kind),
        "named": line.kind in KINDS,
        "signers": [
            (one.delegation, ROLE_NAMES.get(one.role, KEYS.get(one.role, one.role)), one.held) for one in line.signers
        ],
        "names": "" if who.sight.coarse and line.kind not in kinds.KINDS.lasting else line.names,
        "about": line.about,
        "shown": SHOWN.get(line.shown, ""),
    }


@require_GET
@for_reader
def proof(request: HttpRequest, who: Reader, entry: int) -> HttpResponse:  # noqa: ARG001  as Django calls it
    """Return the proof that an entry is in the log, for `truce verify`, with its words if the reader may see them."""
    if entry > LAST:
        raise Http404
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
            return open_to(mission, Audience(who.sight.audience, who.sight.now), entry, known=naming.laid_out)
    return prove(mission, entry)


@require_GET
@for_reader
def bundle(request: HttpRequest, who: Reader) -> FileResponse:  # noqa: ARG001  as Django calls it
    """Return the whole log as a folder in a zip, without a word of it, for `truce verify`; some entries proven."""
    mission = missions.mission()
    asked = [one.strip() for one in request.GET.get("entry", "").split(",")]
    several = [one for one in map(_number, asked) if one is not None]
    packed = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    with tempfile.TemporaryDirectory(prefix="trucekeeper-log-") as folder:
        try:
            done = export(mission, Path(folder), every=HEADS_EVERY, entries=several)
        except Refused as refused:
            raise BadAskingError("; ".join(fault.what for fault in refused.faults)) from None
        _pack(Path(folder), packed)
    packed.seek(0)
    size = done.head.checkpoint.head.size
    return FileResponse(packed, as_attachment=True, filename=f"log-of-{size}.zip", content_type="application/zip")


def _pack(folder: Path, into: Any) -> None:  # noqa: ANN401  a file of bytes, whatever its class
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            archive.write(file, file.relative_to(folder).as_posix())
