"""Tallies: what was counted, how it came to that, and rival claims side by side, each with how it was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from trucekeeper.mission.projections import as_json
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.drawing import HEIGHT, WIDTH, Span, band, height_of, percent
from trucekeeper.opsroom.screens.levels import level, levels
from trucekeeper.opsroom.screens.lines import lines
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.opsroom.screens.words import in_order, moment
from trucekeeper.terms import DAWN, NEVER
from trucekeeper.terms.moments import DAY, parse_moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from trucekeeper.terms import Moment

COUNTED = ("tally", "quota")
LAST = 14
"""So many periods of a quota are shown, the newest first."""


@require_GET
@for_reader
def tallies(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    proof = level(request)
    rows = [one for one in missions.standing(who.sight, proof) if one["kind"] in COUNTED]
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["clause"], row["by"]), []).append(row)
    parties = who.parties
    order = sorted(found, key=lambda one: (one[0].removesuffix(one[1]), in_order(parties, one[1])))
    courses = missions.looking().courses(who.sight, only=("tally",), proof=proof).values()
    steps = {as_json(one[-1]["key"]): one for one in courses}
    counts = [_count(who, found[one], steps) for one in order]
    more = {"height": HEIGHT, "levels": levels(request, proof), "past": who.past}
    return render(request, "screens/tallies.html", {"counts": counts, **more})


def _count(
    who: Reader, rows: Sequence[dict[str, Any]], steps: Mapping[str, Sequence[dict[str, Any]]]
) -> dict[str, Any]:
    """Return what one clause counts of one party: the newest periods of a quota, each stand of a tally."""
    at = who.sight.now if who.sight.at is None else who.sight.at
    several = sorted(rows, key=lambda one: -int((one["due"] or [0, 0])[1]))
    quota = several[0]["kind"] == "quota"
    shown = several[:LAST] if quota else several
    clause = several[0]["clause"]
    return {
        "clause": clause,
        "by": several[0]["by"],
        "says": who.agreement.clauses[clause].all()[-1].gloss if clause in who.agreement.clauses else "",
        "quota": quota,
        "periods": _periods(shown) if quota else None,
        "lines": [
            {
                **line,
                "claims": _claims(who, row),
                "pace": _pace(row, at),
                "chart": None if quota else _chart(steps.get(as_json(row["key"]), ()), row, at, who.zone),
            }
            for row, line in zip(shown, lines(shown, who), strict=True)
        ],
        "more": len(several) - len(shown),
    }


# ---- rival claims --------------------------------------------------------------------------------------------------


def _claims(who: Reader, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the claims beside a count as rows, and the range that they span; None if there are none."""
    names = [name for one in row["beside"] if one["sort"] == "claim" for name in one["facts"]]
    rows = [_claim(one, who.zone) for one in missions.looking().facts(who.sight, names)]
    values = [value for one in rows for value in one["values"]]
    says = [one["says"] for one in row["beside"]]
    if not says:
        return None
    return {"rows": rows, "range": _range(min(values), max(values)) if len(set(values)) > 1 else "", "says": says}


def _claim(fact: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """Return a claim as a row: its counter, its figure, how that was counted, and over which time."""
    fields: Mapping[str, Any] = fact.get("fields") or {}
    value = fields.get("value")
    values: list[int] = (
        [value["least"], value["most"]] if isinstance(value, dict) else [] if value is None else [value]
    )
    return {
        "by": fact.get("by") or fact.get("source") or "",
        "figure": _range(min(values), max(values)) if values else _("not disclosed"),
        "values": values,
        "counted_as": fields.get("counted_as") or "",
        "since": _said(fact.get("from"), zone),
        "until": _said(fact.get("until") or fact.get("on"), zone),
        "supported": fields.get("supported") is not False,
    }


def _said(text: object, zone: str) -> str:
    """Return a moment, or a day, as it is read."""
    try:
        return moment(parse_moment(str(text)), zone) if text else ""
    except ValueError:
        return str(text)


def _range(least: int, most: int) -> str:
    if least == most:
        return f"{least:,}"
    return _("%(first)s to %(last)s") % {"first": f"{least:,}", "last": f"{most:,}"}


# ---- pace and chart ------------------------------------------------------------------------------------------------


def _pace(row: Mapping[str, Any], at: Moment) -> str:
    """Return how many a day are still needed by the deadline, from the fewest to the most; "" where none are."""
    counted, due = row["counted"], row["due"]
    if row["kind"] != "tally" or counted is None or counted["floor"] is None or due is None or due[1] >= NEVER:
        return ""
    (least, most), (wanted, wanted_most) = counted["count"], counted["floor"]
    need = ((wanted_most or wanted) - least, wanted - (least if most is None else most))
    left = due[1] - at
    if left <= 0 or need[0] <= 0:
        return ""
    days = max(left / DAY, 1 / 24)
    fewest, most_ = (f"{max(one, 0) / days:.1f}" for one in reversed(need))
    said = fewest if fewest == most_ else _("%(first)s to %(last)s") % {"first": fewest, "last": most_}
    return _("%(n)s a day are needed until the deadline") % {"n": said}


def _chart(
    course: Sequence[Mapping[str, Any]], row: Mapping[str, Any], at: Moment, zone: str
) -> dict[str, Any] | None:
    """Return what was counted over time as a band between its least and its most; None where that was nothing yet."""
    steps = [one for one in course if one["counted"] is not None and one["lifecycle"] != "dormant"]
    if not steps:
        return None
    due = [one for one in row["due"] or () if DAWN < one < NEVER]
    limit = _limit(row["counted"] or steps[-1]["counted"])
    known = [figure for one in steps for figure in one["counted"]["count"] if figure is not None]
    top = max([*known, limit or 0, 1]) * 11 // 10 + 1
    span = Span.of([steps[0]["since"], at, *due])
    return {
        "band": band(steps, span, at, top),
        "limit": None if limit is None else height_of(limit, top),
        "wanted": limit,
        "due": [percent(span.place(one)) for one in dict.fromkeys(due)],
        "now": percent(span.place(at)),
        "marks": span.marks(zone),
        "top": f"{top:,}",
    }


def _periods(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return each period of a quota as a bar from its least to its most, the first first; None without a figure."""
    counted = [one["counted"] for one in reversed(rows)]
    known = [figure for one in counted if one is not None for figure in one["count"] if figure is not None]
    if not known:
        return None
    limit = next((_limit(one) for one in counted if one is not None), None)
    top = max([*known, limit or 0, 1]) * 11 // 10 + 1
    wide = WIDTH // len(counted)
    bars = [
        {"x": percent(place * wide + wide // 5), "width": percent(wide * 3 // 5), **_bar(one["count"], top)}
        for place, one in enumerate(counted)
        if one is not None
    ]
    return {"bars": bars, "limit": None if limit is None else height_of(limit, top), "wanted": limit}


def _bar(count: Sequence[int | None], top: int) -> dict[str, Any]:
    least, most = count[0] or 0, count[1]
    upper = height_of(top if most is None else most, top)
    return {"y": upper, "height": max(height_of(least, top) - upper, 3), "endless": most is None}


def _limit(counted: Mapping[str, Any]) -> int | None:
    """Return the figure that is to be reached, or not to be passed."""
    for name in ("floor", "ceiling"):
        if counted[name] is not None:
            least, most = counted[name]
            return int(least if most is None else most)
    return None
