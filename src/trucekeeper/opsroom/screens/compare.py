"""Compare: two reports beside each other of which it is least clear whether they are of one event."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from trucekeeper.mission import kinds
from trucekeeper.mission.inbox import Inbox, apart
from trucekeeper.mission.listing import link
from trucekeeper.opsroom import acts, missions
from trucekeeper.opsroom.screens import told
from trucekeeper.opsroom.screens.reader import BadAskingError, Reader, for_reader
from trucekeeper.opsroom.screens.triage import ENTRY, NONCE
from trucekeeper.opsroom.screens.words import isolated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from trucekeeper.mission.looking import Row

DOUBTS = {
    "queued": gettext_lazy("two incidents suit the first report about equally, so none was guessed"),
    "fragile": gettext_lazy("the first report is in an incident that it fits by little"),
    "near miss": gettext_lazy("they are of two incidents that fit by little less than enough"),
}
TERMS = {
    "prior": gettext_lazy("how many reports an event has"),
    "distance": gettext_lazy("distance"),
    "time": gettext_lazy("time"),
    "kind": gettext_lazy("kind"),
    "actor": gettext_lazy("actor"),
    "count": gettext_lazy("count"),
    "repeat": gettext_lazy("a repeat on another day"),
    "floor": gettext_lazy("least weight"),
    "distinct": gettext_lazy("their source tells each event once"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def compare(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return a pair that is in doubt, or decide on one."""
    inbox = Inbox(missions.looking())
    if request.method != "POST":
        return _page(request, who, inbox, (request.GET.get("one", ""), request.GET.get("other", "")))
    pair = request.POST.get("one", ""), request.POST.get("other", "")
    if any(inbox.one(who.sight, name) is None for name in pair) or pair[0] == pair[1]:
        raise Http404
    following = _after(inbox.doubts(who.sight), pair)
    try:
        messages.success(request, _decide(request, who, inbox, pair))
    except acts.NotDoneError as error:
        return _page(request, who, inbox, pair, why=str(error))
    return redirect(_where(following))


def _page(request: HttpRequest, who: Reader, inbox: Inbox, pair: tuple[str, str], *, why: str = "") -> HttpResponse:
    """Return the pair that is asked for, if it is in doubt; else the one that is most."""
    doubts = inbox.doubts(who.sight)
    several = [*(one for one in doubts if (one["one"], one["other"]) == pair), *doubts]
    found = next((one for one in several if not inbox.linked(who.sight, one["one"], one["other"])), None)
    shown: dict[str, Any] = {"past": who.past, "why": why, "count": len(doubts), "nonce": secrets.token_hex(16)}
    if found is not None:
        named = str(found["one"]), str(found["other"])
        linked = inbox.linked(who.sight, *named)
        shown |= _beside(who, inbox, found) | {"skip": _where(_after(doubts, named))}
        shown |= {"place": doubts.index(found) + 1, "after": linked[-1][0] if linked else 0}
    return render(request, "screens/compare.html", shown, status=409 if why else 200)


def _beside(who: Reader, inbox: Inbox, found: Row) -> dict[str, Any]:
    """Return two reports side by side, and what speaks for and against their being of one event."""
    one, other = (inbox.one(who.sight, found[name]) for name in ("one", "other"))
    if one is None or other is None:
        return {"gone": True}
    left, right = (told.shown(each, who, inbox) for each in (one, other))
    terms = [(TERMS.get(name, name), value / 1000) for name, value in found["terms"].items() if value]
    return {
        "sides": (left, right),
        "lines": list(_lines(one, other, left, right)),
        "doubt": DOUBTS.get(found["why"], found["why"]),
        "margin": f"{found['margin'] / 1000:.2f}",
        "terms": [(says, isolated(f"{value:+.2f}")) for says, value in terms],
    }


def _lines(one: Row, other: Row, left: dict[str, Any], right: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return line by line what the two say, and whether that is alike."""
    several = [
        (_("What"), left["says"], right["says"], ""),
        (_("When"), left["when"], right["when"], _off_in_time(one, other)),
        (_("Where"), left["where"], right["where"], _off_in_place(one, other)),
        (_("Said to be done by"), _by(one), _by(other), ""),
        (_("Source"), one["source"], other["source"], ""),
        (_("Grade"), left["grade"], right["grade"], ""),
        (_("Numbers"), _numbers(left), _numbers(right), ""),
        (_("Incident"), one["incident"], other["incident"], ""),
    ]
    return [(name, a, b, _differs(a, b, off)) for name, a, b, off in several if a or b]


def _off_in_time(one: Row, other: Row) -> str:
    if "when" not in one or "when" not in other:
        return ""
    minutes = apart(one, other)[1]
    return told.long(minutes) if minutes else _("it may be one time")


def _off_in_place(one: Row, other: Row) -> str:
    if one.get("place") is None or other.get("place") is None:
        return ""
    metres = apart(one, other)[0]
    reach = one["place"][2] + other["place"][2]
    return _("it may be one place") if metres is not None and metres <= reach else told.far(metres)


def _differs(one: str, other: str, off: str) -> str:
    if one == other:
        return _("alike")
    if not one or not other:
        return _("one does not say")
    return _("differs: %(off)s") % {"off": off} if off else _("differs")


def _by(row: Row) -> str:
    return str((row.get("words") or {}).get("by", ""))


def _numbers(shown: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in shown["fields"])


def _after(doubts: Sequence[Row], pair: tuple[str, str]) -> tuple[str, str] | None:
    """Return the pair in doubt after another, the first after the last; None if there is no other."""
    several = [(str(one["one"]), str(one["other"])) for one in doubts]
    at = several.index(pair) if pair in several else -1
    others = [*several[at + 1 :], *several[: max(at, 0)]]
    return others[0] if others else None


def _where(pair: tuple[str, str] | None) -> str:
    return reverse("compare") + ("" if pair is None else f"?{urlencode({'one': pair[0], 'other': pair[1]})}")


def _decide(request: HttpRequest, who: Reader, inbox: Inbox, pair: tuple[str, str]) -> str:
    """Put on record whether two reports are of one event, and return what that says. Raises NotDoneError."""
    act, nonce, after = (request.POST.get(name, "") for name in ("act", "nonce", "after"))
    if act not in {"same", "different"} or not NONCE.fullmatch(nonce) or not ENTRY.fullmatch(after):
        raise BadAskingError(_("The form is not whole: open the page again."))
    account: Any = request.user
    before = [one for one in inbox.linked(who.sight, *pair) if one[0] > int(after)]
    if before and not acts.is_sent(account, nonce):
        raise acts.NotDoneError(_told_of(before[-1]) + " " + _("Nothing was put on record."))
    done = acts.put(account, acts.Act(nonce, kinds.LINK, link(*pair, same=act == "same", why="reviewed"), {}))
    says = _("On record: they are of one event.") if act == "same" else _("On record: they are of two events.")
    between = [one for one in inbox.linked(who.sight, *pair) if int(after) < one[0] < done.seq]
    return f"{_told_of(between[-1])} {_('Yours is the later, and holds.')}" if between else says


def _told_of(said: tuple[int, str, bool]) -> str:
    entry, by, same = said
    words = {"entry": entry, "by": by}
    if same:
        return _("Entry %(entry)s said meanwhile, by %(by)s, that they are of one event.") % words
    return _("Entry %(entry)s said meanwhile, by %(by)s, that they are of two events.") % words
