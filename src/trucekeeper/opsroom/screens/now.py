"""Now: the map, the feed and the timeline of incidents, bound by one filter and one URL."""

from __future__ import annotations

import gzip
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import shapely
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from shapely.geometry import mapping

from trucekeeper.mission.looking import Filter
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.drawn import DRAWINGS
from trucekeeper.opsroom.screens.reader import BadAskingError, Reader, for_reader
from trucekeeper.opsroom.screens.watching import observed, window
from trucekeeper.opsroom.screens.words import PROOFS, moment, shown_incident
from trucekeeper.terms import Proof
from trucekeeper.terms.moments import parse_moment
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.terms import Moment

FEED = 60
"""So many incidents are listed at once; the map has all."""
_CORNERS = 4


@require_GET
@for_reader
def now(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    wanted, agreement = asked(request), who.agreement
    known = agreement.vocabulary.kinds
    clause = request.GET.get("clause", "")
    return render(
        request,
        "screens/now.html",
        {
            **_listed(request, who, wanted),
            **_watched(who, wanted),
            "kinds": [(name, one.says, name in wanted.kinds) for name, one in sorted(known.items())],
            "proofs": [(one.word, PROOFS[one.word], one.word in wanted.proofs) for one in Proof],
            "actors": [(name, name == wanted.by) for name in sorted(agreement.actors())],
            "clauses": [(name, name == clause) for name in agreement.clauses if zones_of(agreement, name)],
            "bound_zones": zones_of(agreement, clause),
            "asked": request.GET,
            "past": who.past,
            "late": who.sight.coarse,
            "bounds": _bounds(who),
        },
    )


@require_GET
@for_reader
def incidents(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the feed alone, for a filter that changed, or the next page of it."""
    return render(request, "screens/feed.html", {**_listed(request, who, asked(request)), "past": who.past})


@require_GET
@for_reader
def watched(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return who was watching alone, for a filter that changed."""
    return render(request, "screens/watching.html", {**_watched(who, asked(request)), "past": who.past})


@require_GET
@for_reader
def points(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return every incident as columns: what the map and the timeline draw.

    It is compressed: it holds nothing secret, and nothing of what was asked comes back in it (BREACH).
    """
    packed = DRAWINGS.drawn(who.sight, asked(request))
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(gzip.decompress(packed), content_type="application/json")
    return HttpResponse(packed, content_type="application/json", headers={"Content-Encoding": "gzip"})


@require_GET
@for_reader
def zones(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the agreed zones and lines that hold now, or at the moment that is looked at, as GeoJSON.

    Each says whether it was observed in the time that is asked about, and whether the clause speaks of it.
    """
    at = who.sight.now if who.sight.at is None else who.sight.at
    states = {one.zone: one.state for one in observed(who, asked(request))}
    bound = zones_of(who.agreement, request.GET.get("clause", ""))
    features = [
        {
            "type": "Feature",
            "properties": {
                "id": one.id,
                "sort": type(one).__name__.lower(),
                "watch": states.get(one.id, ""),
                "bound": one.id in bound,
            },
            "geometry": mapping(shapely.transform(one.geometry, _degrees)),
        }
        for one in who.agreement.atlas.features
        if one.geometry is not None and one.since <= at < one.until
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def zones_of(agreement: Agreement, clause: str) -> list[str]:
    """Return the zones and lines of which a clause speaks, in any of its versions; none of a clause that is not."""
    history, known = agreement.clauses.get(clause), set(agreement.atlas.ids())
    if history is None:
        return []
    said = {word for one in history.all() for word in _words(asdict(one))}
    return sorted({zone for word in said for zone in agreement.zones_of(word)} & known)


def _words(said: object) -> Iterator[str]:
    """Yield every word that a clause holds, however deep."""
    match said:
        case str():
            yield said
        case dict():
            for one in said.values():
                yield from _words(one)
        case list() | tuple() | frozenset():
            for one in said:
                yield from _words(one)
        case _:
            pass


def _degrees(corners: Any) -> Any:  # noqa: ANN401  an array
    return corners / E7


def _bounds(who: Reader) -> list[float] | None:
    """Return the west, south, east and north of what the agreement speaks of."""
    several = [one.geometry.bounds for one in who.agreement.atlas.features if one.geometry is not None]
    if not several:
        return None
    least, most = zip(*several, strict=True), list(zip(*several, strict=True))
    west, south = (min(values) for values in list(least)[:2])
    east, north = (max(values) for values in most[2:])
    return [one / E7 for one in (west, south, east, north)]


def _listed(request: HttpRequest, who: Reader, wanted: Filter) -> dict[str, Any]:
    """Return a page of the feed, and what asks for the next one."""
    rows = missions.looking().incidents(who.sight, wanted, most=FEED + 1)
    more = request.GET.copy()
    if len(rows) > FEED:
        last = rows[FEED - 1]
        more["below"] = f"{last['latest']}:{last['id']}"
    shown = [shown_incident(one, who.agreement) for one in rows[:FEED]]
    return {"rows": shown, "more": more.urlencode() if len(rows) > FEED else "", "begins": wanted.below is None}


def _watched(who: Reader, wanted: Filter) -> dict[str, Any]:
    """Return who was watching, in sentences, with the time that is asked about."""
    start, end = window(who, wanted)
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in observed(who, wanted):
        alike.setdefault((one.state, one.says), []).append(one.zone)
    told = [{"zones": ", ".join(zones), "state": state, "says": says} for (state, says), zones in alike.items()]
    return {"watched": told, "start": moment(start, who.zone), "end": moment(end, who.zone)}


# ---- the filter ----------------------------------------------------------------------------------------------------


def asked(request: HttpRequest) -> Filter:
    """Return the filter that a URL says. Raises BadAskingError."""
    said = request.GET
    return Filter(
        kinds=tuple(filter(None, said.getlist("kind"))),
        proofs=tuple(filter(None, said.getlist("proof"))),
        by=said.get("by") or None,
        since=_moment(said.get("since", "")),
        until=_moment(said.get("until", "")),
        box=_box(said.get("box", "")),
        below=_below(said.get("below", "")),
    )


def _moment(text: str) -> Moment | None:
    if not text:
        return None
    try:
        return parse_moment(text)
    except ValueError as error:
        raise BadAskingError(_("“%(text)s” is no moment: %(why)s") % {"text": text[:80], "why": error}) from None


def _box(text: str) -> tuple[int, int, int, int] | None:
    if not text:
        return None
    try:
        west, south, east, north = (round(float(one) * E7) for one in text.split(",")[:_CORNERS])
    except (ValueError, OverflowError):
        raise BadAskingError(_("“box” is west, south, east and north in degrees")) from None
    return west, south, east, north


def _below(text: str) -> tuple[Moment, str] | None:
    if not text:
        return None
    latest, _colon, name = text.partition(":")
    if not (latest.removeprefix("-").isdecimal() and latest.isascii() and len(latest) < MOST_DIGITS):
        raise BadAskingError(_("“below” is where a page of the list begins: take it from its link"))
    return int(latest), name


MOST_DIGITS = 19
"""What a database holds as a whole number."""
