"""Agreement: the text left, each clause's standing right."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucekeeper.agreement.plain import read_back
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.opsroom.screens.words import badge, due, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse


@require_GET
@for_reader
def agreement(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    stands = defaultdict(list)
    for row in missions.looking().standing(who.sight):
        stands[row["clause"]].append(row)
    said: defaultdict[str, list[str]] = defaultdict(list)
    for line in read_back(who.agreement):
        said[line.clause] += line.sentences
    clauses = [
        {
            "id": name,
            "cite": history.all()[-1].cite,
            "gloss": history.all()[-1].gloss,
            "sentences": said[name],
            "lines": lines(stands[name], who.zone),
        }
        for name, history in who.agreement.clauses.items()
    ]
    head = who.agreement.head
    return render(request, "screens/agreement.html", {"clauses": clauses, "title": head.title, "past": who.past})


def lines(rows: Sequence[Mapping[str, Any]], zone: str) -> list[dict[str, Any]]:
    """Return the commitments of a clause as lines, each with its badge."""
    return [
        {
            "by": row["by"],
            "bound": ", ".join(f"{name} {value}" for name, value in row["binding"]),
            "readings": ", ".join(f"{name}: {value}" for name, value in row["key"][2]),
            "badge": badge(row),
            "lifecycle": row["lifecycle"],
            "due": due(row, zone),
            "figure": row["figure"],
            "waits_for": ", ".join(row["waits_for"]),
            "since": moment(row["since"], zone),
            "beside": row["beside"],
        }
        for row in rows
    ]
