"""What stands around every page: where one can go, whose eyes one has, and how fresh what is shown is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from trucekeeper.opsroom import clock, missions
from trucekeeper.opsroom.clock import is_exercise
from trucekeeper.opsroom.rights import PAGES, Right, rights_of
from trucekeeper.opsroom.screens.words import isolated
from trucekeeper.terms.moments import SECOND, parse_moment

if TYPE_CHECKING:
    from django.http import HttpRequest

SCREENS = (
    ("now", _("Now")),
    ("agreement", _("Agreement")),
    ("commitments", _("Commitments")),
    ("tallies", _("Tallies")),
    ("triage", _("Triage")),
    ("sources", _("Sources")),
    ("report", _("New report")),
    ("watch", _("Watch log")),
    ("record", _("Record")),
    ("audit", _("Audit")),
    ("people", _("People")),
)


PAST = frozenset({"now", "agreement", "commitments", "tallies", "sources", "incident", "record"})
"""The pages that can be looked at as they were known."""
THEN = PAST | {"triage", "watch"}
"""Those that keep to the past when one comes from there: on the others people act, or nothing is known."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of a page needs; for whoever is not signed in, nothing."""
    user = request.user
    if not user.is_authenticated:
        return {"exercise": is_exercise()}
    rights = rights_of(user.role)
    here = "" if request.resolver_match is None else request.resolver_match.view_name
    now = clock.now()
    kept = {"at": request.GET["at"]} if request.GET.get("at") else {}
    return {
        "known": _known(request) if here in PAST else None,
        "screens": [(name, says, name == here, name in THEN) for name, says in SCREENS if PAGES[name] in rights],
        "origin": missions.mission().settings.origin,
        "kept": kept,
        "at": kept.get("at", ""),
        "then": isolated(kept.get("at", "")),
        "exercise": is_exercise(),
        "unwitnessed": Right.SEE in rights and missions.witnessed(now // missions.FRESH).waits_too_long(now),
        "waits": missions.waiting(user.delegation) if Right.TRIAGE in rights and not kept else None,
    }


def _known(request: HttpRequest) -> dict[str, Any] | None:
    """Return from when until when a page can be looked at as known, for the slider; None before any agreement."""
    first = next((one.at for one in missions.looking().projections.agreements()), None)
    if first is None:
        return None
    last = max(clock.now(), first)
    try:
        at = min(max(parse_moment(request.GET.get("at", "")), first), last)
    except ValueError:
        at = last
    kept = [(name, several) for name, several in request.GET.lists() if name not in {"at", "below"}]
    others = [(name, value) for name, several in kept for value in several]
    seconds = [-(-one // SECOND) for one in (first, last, at)]  # a second before the first entry has no page
    return {"first": seconds[0], "last": seconds[1], "at": seconds[2], "others": others, "back": urlencode(others)}
