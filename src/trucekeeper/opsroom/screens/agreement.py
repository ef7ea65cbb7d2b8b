"""Agreement: the text left, each clause's standing right, and what amendments made of it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.amending import decisions, versions
from trucekeeper.opsroom.screens.levels import level, levels
from trucekeeper.opsroom.screens.lines import gathered
from trucekeeper.opsroom.screens.reader import Reader, for_reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from trucekeeper.terms import Moment


@require_GET
@for_reader
def agreement(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    proof = level(request)
    stands = defaultdict(list)
    for row in missions.standing(who.sight, proof):
        stands[row["clause"]].append(row)
    clauses = [
        {**clause(who, name), "lines": gathered(stands[name], who), "decisions": decisions(who, name)}
        for name in who.agreement.clauses
    ]
    more = {
        "title": who.agreement.head.title,
        "texts": _texts(who.sight.at),
        "versions": versions(who),
        "levels": levels(request, proof),
        "past": who.past,
    }
    return render(request, "screens/agreement.html", {"clauses": clauses, **more})


def clause(who: Reader, name: str) -> dict[str, Any]:
    """Return a clause as it is read: its citation, its words in each language, our paraphrase, plain sentences."""
    latest = who.agreement.clauses[name].latest()
    return {
        "id": name,
        "cite": latest.cite,
        "gloss": latest.gloss,
        "text": sorted(latest.text.items()),
        "sentences": missions.plain(who.digest).get(name, ()),
    }


@require_GET
@for_reader
def text(request: HttpRequest, who: Reader, entry: int) -> HttpResponse:
    """Return a text of the deal as it was entered, word for word."""
    said = next((one for seq, one in _texts(who.sight.at) if seq == entry), None)
    if said is None:
        raise Http404
    shown = {"one": said, "entry": entry, "words": _words(missions.original(str(said["sha256"]))), "past": who.past}
    return render(request, "screens/text.html", shown)


def _texts(at: Moment | None) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the texts of the deal that were on record by then: they are everybody's, and bear no label."""
    mission = missions.mission()
    found = mission.projections.texts()
    if at is None:
        return [*found]
    return [
        (seq, said) for seq, said in found if all(one.at <= at for one in mission.journal.store.entries(seq, seq + 1))
    ]


def _words(original: bytes | None) -> str | None:
    """Return the words of an original, None if it has none that can be shown here: a scan, for example."""
    if original is None or b"\0" in original:
        return None
    try:
        return original.decode()
    except UnicodeDecodeError:
        return None
