"""What stands around every page: where one can go, whose eyes one has, and how fresh what is shown is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from trucekeeper.mission.inbox import Inbox
from trucekeeper.mission.looking import Sight
from trucekeeper.opsroom import clock, missions
from trucekeeper.opsroom.clock import is_exercise
from trucekeeper.opsroom.rights import PAGES, Right, rights_of

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
    ("people", _("People")),
)


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
        "screens": [(name, says, name == here) for name, says in SCREENS if PAGES[name] in rights],
        "origin": missions.mission().settings.origin,
        "kept": kept,
        "at": kept.get("at", ""),
        "exercise": is_exercise(),
        "unwitnessed": Right.SEE in rights and missions.witnessed(now // missions.FRESH).waits_too_long(now),
        "waits": _waits(Sight(user.delegation, now)) if Right.TRIAGE in rights and not kept else None,
    }


def _waits(sight: Sight) -> int:
    """Return how many reports wait for a look, of those that may be released to an audience."""
    return Inbox(missions.looking()).count(sight)
