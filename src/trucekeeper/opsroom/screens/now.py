"""Now: the map, the feed and the timeline of incidents, bound by one filter and one URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from shapely.geometry import mapping

from trucekeeper.mission.looking import Filter
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.reader import BadAskingError, Reader, for_reader
from trucekeeper.opsroom.screens.words import shown_incident
from trucekeeper.terms import Proof
from trucekeeper.terms.moments import parse_moment
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from django.http import HttpRequest

    from trucekeeper.terms import Moment

FEED = 200
"""So many incidents are listed at once; the map has all."""
_CORNERS = 4


@require_GET
@for_reader
def now(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    wanted = asked(request)
    kinds = who.agreement.vocabulary.kinds
    return render(
        request,
        "screens/now.html",
        {
            "rows": _listed(who, wanted),
            "kinds": [(name, one.says, name in wanted.kinds) for name, one in sorted(kinds.items())],
            "proofs": [(one.word, one.word in wanted.proofs) for one in Proof],
            "asked": request.GET,
            "last": missions.looking().last_change(who.sight),
            "past": who.past,
            "bounds": _bounds(who),
        },
    )


@require_GET
@for_reader
def incidents(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the feed alone, for a filter that changed."""
    rows = _listed(who, asked(request))
    return render(request, "screens/feed.html", {"rows": rows, "past": who.past})


@require_GET
@for_reader
def points(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return every incident with a place as columns: what the map and the timeline draw."""
    rows = missions.looking().incidents(who.sight, asked(request))
    placed = [one for one in rows if one["lat_e7"] is not None]
    columns = {
        name: [one[name] for one in placed] for name in ("id", "kind", "occurred", "within_m", "latest", "reports")
    }
    columns |= {name: [one[f"{name}_e7"] / E7 for one in placed] for name in ("lat", "lon")}
    times = [one["latest"] // 1_000_000 for one in rows]
    return JsonResponse({"points": columns, "times": times, "all": len(rows)})


@require_GET
@for_reader
def zones(request: HttpRequest, who: Reader) -> HttpResponse:  # noqa: ARG001  as Django calls it
    """Return the agreed zones and lines that hold now, or at the moment that is looked at, as GeoJSON."""
    at = who.sight.now if who.sight.at is None else who.sight.at
    features = [
        {
            "type": "Feature",
            "properties": {"id": one.id, "sort": type(one).__name__.lower()},
            "geometry": mapping(shapely.transform(one.geometry, _degrees)),
        }
        for one in who.agreement.atlas.features
        if one.geometry is not None and one.since <= at < one.until
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


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


def _listed(who: Reader, wanted: Filter) -> list[dict[str, Any]]:
    rows = missions.looking().incidents(who.sight, wanted, most=FEED)
    return [shown_incident(one, who.agreement) for one in rows]


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
