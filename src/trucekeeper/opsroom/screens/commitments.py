"""Commitments: clocks, due next, overdue, waiting for what; and phases and deadlines along time.

Parties are in the order in which the agreement names them, wherever there is no other order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.drawing import Span, lane, percent
from trucekeeper.opsroom.screens.levels import level, levels
from trucekeeper.opsroom.screens.lines import lines, readings
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.opsroom.screens.words import badge, due, in_order, moment, whom
from trucekeeper.terms import DAWN, NEVER, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from trucekeeper.terms import Moment, Proof

ALONG_TIME = ("phase", "achieve", "tally")
"""The kinds of clause that are drawn along time: those that open, or end, once."""
MOST_LANES = 60
AT_ONCE = 20
"""So many parts of a card are shown at once, the newest: a quota has one for each day of a year."""


@require_GET
@for_reader
def commitments(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    at = who.sight.now if who.sight.at is None else who.sight.at
    parties, wanted = who.parties, request.GET.get("by", "")
    proof = level(request)
    rows = missions.standing(who.sight, proof)
    bound = sorted({one["by"] for one in rows}, key=lambda one: in_order(parties, one))
    mine = [one for one in rows if wanted in {"", one["by"]}]
    return render(
        request,
        "screens/commitments.html",
        {
            "columns": _board(who, mine, at, request.GET.get("whole", "")),
            "past": who.past,
            "parties": [(one, one == wanted) for one in bound],
            "along": _along(who, at, proof, wanted),
            "levels": levels(request, proof),
        },
    )


def _board(who: Reader, rows: Sequence[Mapping[str, Any]], at: Moment, whole: str) -> list[dict[str, Any]]:
    """Return the columns of the board, each with its name, its title and its cards."""
    columns: dict[str, list[Mapping[str, Any]]] = {name: [] for name in _COLUMNS}
    for row in rows:
        columns[_column(row, at)].append(row)
    return [
        {
            "name": name,
            "says": says,
            "cards": [_card(one, who, at, whole) for one in _gathered(columns[name], name, who)],
        }
        for name, says in _COLUMNS.items()
    ]


def _gathered(rows: Sequence[Mapping[str, Any]], column: str, who: Reader) -> list[list[Mapping[str, Any]]]:
    """Return which commitments share a card: those of one clause and party of which the same is to be said."""
    found: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    parties = who.parties
    for one in sorted(rows, key=lambda one: (_ends(one), in_order(parties, one["by"]), one["clause"])):
        alike = (one["clause"], one["by"], one["verdict"], one["lifecycle"], readings(one["key"][2]))
        found.setdefault((*alike, str(one["due"]) if column == "next" else None), []).append(one)
    return list(found.values())


def _card(several: Sequence[Mapping[str, Any]], who: Reader, at: Moment, whole: str) -> dict[str, Any]:
    """Return a card with its newest parts, or with all."""
    name = f"{several[0]['clause']}-{several[0]['by']}"
    newest = list(reversed(several))
    shown = lines(newest if whole == name else newest[:AT_ONCE], who)
    first = {"clause": several[0]["clause"], "left": _left(newest[0], at), "all": len(several), "name": name}
    return {**shown[0], **first, "parts": shown}


# ---- along time ----------------------------------------------------------------------------------------------------


def _along(who: Reader, at: Moment, proof: Proof, wanted: str) -> dict[str, Any] | None:
    """Return phases and deadlines along time; None if there are none to draw."""
    several = missions.looking().courses(who.sight, only=ALONG_TIME, proof=proof).values()
    mine = [one for one in several if _is_open(one[-1], at) and wanted in {"", one[-1]["by"]}]
    courses = sorted((one for one in mine if any(map(_begun, one))), key=lambda one: _rank(one[-1], who.parties))
    if not courses:
        return None
    span = Span.of([at, *(moment for one in courses for moment in _moments(one, _begins(who, one[-1])))])
    return {
        "lanes": [_lane(one, span, at, who) for one in courses[:MOST_LANES]],
        "more": max(len(courses) - MOST_LANES, 0),
        "marks": span.marks(who.zone),
        "now": percent(span.place(at)),
    }


def _rank(row: Mapping[str, Any], parties: Sequence[str]) -> tuple[object, ...]:
    return (ALONG_TIME.index(row["kind"]), _ends(row), in_order(parties, row["by"]), row["binding"])


def _is_open(row: Mapping[str, Any], at: Moment) -> bool:
    """Return whether a row is one that still stood at a moment."""
    return row["until"] is None or bool(row["until"] > at)


def _begun(row: Mapping[str, Any]) -> bool:
    return bool(row["lifecycle"] != "dormant")


def _moments(course: Sequence[Mapping[str, Any]], begins: Moment | None) -> list[Moment]:
    """Return the moments that a lane has to show."""
    last = course[-1]
    ends = [one for pair in (last["due"], last["met_at"]) for one in pair or () if DAWN < one < NEVER]
    return [next(one["since"] for one in course if _begun(one)), *ends, *([] if begins is None else [begins])]


def _begins(who: Reader, row: Mapping[str, Any]) -> Moment | None:
    """Return when what has to be done within so long began; None where no exact length says that."""
    clause = who.agreement.clauses.get(row["clause"])
    within = None if clause is None else getattr(clause.all()[-1], "within", None)
    return row["due"][0] - within if isinstance(within, int) and row["due"] and row["due"][0] > DAWN else None


def _lane(course: Sequence[Mapping[str, Any]], span: Span, at: Moment, who: Reader) -> dict[str, Any]:
    last, zone = course[-1], who.zone
    begins = _begins(who, last)
    met = last["met_at"]
    known = met is not None and all(DAWN < one < NEVER for one in met)
    limits = [one for one in last["due"] or () if DAWN < one < NEVER]
    return {
        "clause": last["clause"],
        "by": whom(last["by"]),
        "bound": ", ".join(f"{name} {value}" for name, value in last["binding"]),
        "readings": readings(last["key"][2]),
        "badge": badge(last),
        "parts": lane(course, span, at),
        "limits": [percent(span.place(one)) for one in dict.fromkeys(limits)],
        "met": [percent(span.place(one)) for one in dict.fromkeys(met)] if known else [],
        "begins": "" if begins is None else moment(begins, zone),
        "window": None if begins is None else span.part(begins, last["due"][1]),
        "since": moment(next(one["since"] for one in course if _begun(one)), zone),
        "due": due(last, zone),
        "met_at": moment(met[1], zone) if known else "",
    }


# ---- the board -----------------------------------------------------------------------------------------------------

_COLUMNS = {
    "overdue": gettext_lazy("Deadline passed, not shown to be kept"),
    "next": gettext_lazy("Due next"),
    "lasting": gettext_lazy("Lasting"),
    "waiting": gettext_lazy("Waiting"),
    "settled": gettext_lazy("Settled"),
}


def _ends(row: Mapping[str, Any]) -> Moment:
    return NEVER if row["due"] is None else int(row["due"][1])


def _column(row: Mapping[str, Any], at: Moment) -> str:
    """Return where a commitment stands on the board."""
    if row["verdict"] == Verdict.NOT_IN_FORCE.value:
        return "waiting" if row["lifecycle"] == "dormant" else "settled"
    if row["lifecycle"] in {"met", "met late", "cured", "discharged", "lapsed", "terminated"}:
        return "settled"
    if row["due"] is None:
        return "lasting"
    return "next" if _ends(row) >= at else "overdue"


def _left(row: Mapping[str, Any], at: Moment) -> int | None:
    """Return the seconds until a deadline, below nought once it has passed; None without one."""
    return None if row["due"] is None or _ends(row) >= NEVER else (_ends(row) - at) // 1_000_000
