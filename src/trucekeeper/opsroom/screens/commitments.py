"""Commitments: clocks, due next, overdue, waiting for what; and phases and deadlines along time.

Parties are in the order in which the agreement names them, wherever there is no other order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.drawing import Span, lane, percent
from trucekeeper.opsroom.screens.levels import level, levels
from trucekeeper.opsroom.screens.lines import lines
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.opsroom.screens.words import badge, due, in_order, moment
from trucekeeper.terms import DAWN, NEVER, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from trucekeeper.terms import Moment, Proof

ALONG_TIME = ("phase", "achieve", "tally")
"""The kinds of clause that are drawn along time: those that open, or end, once."""
MOST_LANES = 60


@require_GET
@for_reader
def commitments(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    at = who.sight.now if who.sight.at is None else who.sight.at
    parties, wanted = who.parties, request.GET.get("by", "")
    proof = level(request)
    rows = missions.looking().standing(who.sight, proof=proof)
    bound = sorted({one["by"] for one in rows}, key=lambda one: in_order(parties, one))
    mine = [one for one in rows if wanted in {"", one["by"]}]
    return render(
        request,
        "screens/commitments.html",
        {
            "columns": _board(who, mine, at, parties),
            "past": who.past,
            "parties": [(one, one == wanted) for one in bound],
            "along": _along(who, at, proof, wanted),
            "levels": levels(request, proof),
        },
    )


def _board(
    who: Reader, rows: Sequence[dict[str, Any]], at: Moment, parties: Sequence[str]
) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Return the columns of the board, each with its name, its title and its cards."""
    cites = {name: history.all()[-1].cite for name, history in who.agreement.clauses.items()}
    columns: dict[str, list[dict[str, Any]]] = {name: [] for name in _COLUMNS}
    for row, line in zip(rows, lines(rows, who), strict=True):
        more = {"clause": row["clause"], "cite": cites.get(row["clause"], ""), "left": _left(row, at)}
        columns[_column(row, at)].append({**line, **more, "order": _ends(row)})
    for several in columns.values():
        several.sort(key=lambda one: (one["order"], in_order(parties, one["by"]), one["clause"]))
    return [(name, _COLUMNS[name](), _gathered(several, SAME[name])) for name, several in columns.items()]


def _gathered(several: Sequence[dict[str, Any]], same: Sequence[str]) -> list[dict[str, Any]]:
    """Return cards, each of what is the same: its parts stand in it."""
    found: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for one in several:
        found.setdefault((one["badge"]["verdict"], *(one[name] for name in same)), []).append(one)
    return [{**parts[0], "parts": parts} for parts in found.values()]


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
        "by": last["by"],
        "bound": ", ".join(f"{name} {value}" for name, value in last["binding"]),
        "readings": ", ".join(f"{name}: {value}" for name, value in last["key"][2]),
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
    "overdue": lambda: _("Deadline passed, not shown to be kept"),
    "next": lambda: _("Due next"),
    "lasting": lambda: _("Lasting"),
    "waiting": lambda: _("Waiting"),
    "settled": lambda: _("Settled"),
}

_ALIKE = ("clause", "by", "lifecycle", "readings")
SAME = dict.fromkeys(_COLUMNS, (*_ALIKE, "due")) | {"settled": _ALIKE}
"""What the commitments of one card have in common: until one is settled, it is due on a day of its own."""


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
