"""Commitments: clocks, due next, overdue, waiting for what; parties in the order of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.agreement import lines
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.terms import NEVER, Verdict

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from trucekeeper.terms import Moment


@require_GET
@for_reader
def commitments(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    at = who.sight.now if who.sight.at is None else who.sight.at
    rows = missions.looking().standing(who.sight)
    cites = {name: history.all()[-1] for name, history in who.agreement.clauses.items()}
    columns: dict[str, list[dict[str, Any]]] = {name: [] for name in _COLUMNS}
    for row, line in zip(rows, lines(rows, who.zone), strict=True):
        clause = cites.get(row["clause"])
        line |= {"clause": row["clause"], "cite": "" if clause is None else clause.cite, "left": _left(row, at)}
        line["order"] = _ends(row)
        columns[_column(row, at)].append(line)
    for several in columns.values():
        several.sort(key=lambda one: (one["order"], one["by"], one["clause"]))
    shown = [(name, _COLUMNS[name](), several) for name, several in columns.items()]
    return render(request, "screens/commitments.html", {"columns": shown, "past": who.past})


_COLUMNS = {
    "overdue": lambda: _("Deadline passed, not shown to be kept"),
    "next": lambda: _("Due next"),
    "lasting": lambda: _("Lasting"),
    "waiting": lambda: _("Waiting"),
    "settled": lambda: _("Settled"),
}


def _ends(row: dict[str, Any]) -> Moment:
    return NEVER if row["due"] is None else int(row["due"][1])


def _column(row: dict[str, Any], at: Moment) -> str:
    """Return where a commitment stands on the board."""
    if row["verdict"] == Verdict.NOT_IN_FORCE.value:
        return "waiting" if row["lifecycle"] == "dormant" else "settled"
    if row["lifecycle"] in {"met", "met late", "cured", "discharged", "lapsed", "terminated"}:
        return "settled"
    if row["due"] is None:
        return "lasting"
    return "next" if _ends(row) >= at else "overdue"


def _left(row: dict[str, Any], at: Moment) -> int | None:
    """Return the seconds until a deadline, below nought once it has passed; None without one."""
    return None if row["due"] is None or _ends(row) >= NEVER else (_ends(row) - at) // 1_000_000
