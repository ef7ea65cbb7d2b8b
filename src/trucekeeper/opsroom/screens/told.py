"""Reports as a person reads them: what one says, what became of it, who decided what, and how far two are apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trucekeeper.mission.incident_rows import COUNTS, FAULTY, RULED_OUT, SET_ASIDE, WAITS
from trucekeeper.mission.triaging import ACCEPT, DUPLICATE, TAKE_BACK
from trucekeeper.mission.triaging import SET_ASIDE as SETS_ASIDE
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.words import isolated, moment, point
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucekeeper.mission.inbox import Inbox
    from trucekeeper.mission.looking import Row
    from trucekeeper.opsroom.screens.reader import Reader

STATES = {
    COUNTS: gettext_lazy("counts"),
    WAITS: gettext_lazy("waits"),
    FAULTY: gettext_lazy("faulty"),
    RULED_OUT: gettext_lazy("ruled out"),
    SET_ASIDE: gettext_lazy("set aside"),
}
DONE = {
    ACCEPT: gettext_lazy("accepted it"),
    SETS_ASIDE: gettext_lazy("set it aside"),
    DUPLICATE: gettext_lazy("called it a duplicate"),
    TAKE_BACK: gettext_lazy("took back what was decided"),
}
ROLES = {
    "kind": gettext_lazy("What"),
    "by": gettext_lazy("Said to be done by"),
    "against": gettext_lazy("Against"),
    "involves": gettext_lazy("Involved"),
}
_KILOMETRE = 1000
_LONG_MINUTES = 120
_DAY_MINUTES = 48 * 60


def listed(row: Row, who: Reader) -> dict[str, Any]:
    """Return a report in the few words of a list."""
    words = row.get("words") or {}
    kind = _kind(row, who) or " ".join(_several(words.get("kind"))) or _("it does not say what")
    return {**row, "says": kind, "when": when(row, who.zone), "what": STATES[row["state"]]}


def shown(row: Row, who: Reader, inbox: Inbox) -> dict[str, Any]:
    """Return all that a report says, and what became of it."""
    source = inbox.source(who.sight, str(row.get("source", "")))
    return {
        **listed(row, who),
        "where": where(row),
        "words": worded(row),
        "grade": row.get("grade") or source.get("grade") or "-",
        "first_hand": bool(row.get("first_hand") or source.get("first_hand")),
        "speaks": source.get("says", ""),
        "chains": [" ← ".join(one) for one in row.get("chains") or []],
        "on_record": moment(row["at"], who.zone) if isinstance(row.get("at"), int) else "",
        "decided": [decided(one, who.zone) for one in row["decided"]],
        "fields": sorted((row.get("fields") or {}).items()),
    }


def worded(row: Row) -> list[tuple[str, str]]:
    """Return for what the source of a report has words, and its words."""
    words = row.get("words") or {}
    return [(str(says), ", ".join(_several(words[role]))) for role, says in ROLES.items() if words.get(role)]


def decided(one: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """Return what somebody decided about a report, in words."""
    return {**one, "did": DONE[one["does"]], "at": moment(one["at"], zone)}


def _kind(row: Row, who: Reader) -> str:
    known = who.agreement.vocabulary.kinds.get(row.get("kind", ""))
    return "" if known is None else known.says


def _several(said: Any) -> list[str]:  # noqa: ANN401  as its source gave it
    return [str(one) for one in said] if isinstance(said, list) else [] if said is None else [str(said)]


def when(row: Row, zone: str) -> str:
    """Return when a report says that it was; in its source's own figures, if it makes nothing yet."""
    if "when" in row:
        first, last = (moment(one, zone) for one in row["when"])
    else:
        several = [row.get(name) for name in ("said_at", "earliest", "latest")]
        read = [_read(one, zone) for one in several if isinstance(one, str)]
        first, last = (read[0], read[-1]) if read else ("", "")
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def _read(text: str, zone: str) -> str:
    try:
        return moment(parse_moment(text), zone)
    except ValueError:
        return text


def where(row: Row) -> str:
    """Return where a report says that it was, with its doubt."""
    place = row.get("place")
    if place is not None:
        return point(*place[:3])
    return str(row.get("zone") or "") or " ".join(filter(None, (_text(row, "lat"), _text(row, "lon"))))


def _text(row: Row, name: str) -> str:
    return str(row.get(name) or "")


# ---- how far apart -------------------------------------------------------------------------------------------------


def apart(metres: int | None, minutes: int) -> str:
    """Return how far two are apart, in words."""
    return _("%(far)s and %(long)s apart") % {"far": far(metres), "long": long(minutes)}


def far(metres: int | None) -> str:
    """Return a distance in words."""
    if metres is None:
        return _("an unknown way")
    if metres < _KILOMETRE:
        return _("%(n)s m") % {"n": metres}
    return _("%(n)s km") % {"n": isolated(f"{metres / _KILOMETRE:.1f}")}


def long(minutes: int) -> str:
    """Return a length of time in words."""
    if minutes < _LONG_MINUTES:
        return _("%(n)s min") % {"n": minutes}
    if minutes < _DAY_MINUTES:
        return _("%(n)s h") % {"n": round(minutes / 60)}
    return _("%(n)s days") % {"n": round(minutes / 60 / 24)}


def beside(inbox: Inbox, row: Row, who: Reader) -> list[dict[str, Any]]:
    """Return the incidents near a report, each with why it is suggested."""
    return [
        {
            "id": one.incident,
            "key": number,
            "says": _called(one.kind, who),
            "why": _("%(apart)s, %(kind)s, %(source)s")
            % {
                "apart": apart(one.metres, one.minutes),
                "kind": _("same kind") if one.same_kind else _("another kind"),
                "source": _("another source") if row["source"] not in one.sources else _("the same source"),
            },
        }
        for number, one in enumerate(inbox.near(who.sight, row), start=1)
    ]


def _called(kind: str, who: Reader) -> str:
    known = who.agreement.vocabulary.kinds.get(kind)
    return kind if known is None else known.says


def own(inbox: Inbox, row: Row, who: Reader) -> dict[str, Any] | None:
    """Return the incident that a report stands in, with the claims beside it; None if it stands in none."""
    if not row["incident"]:
        return None
    others = inbox.others(who.sight, row)
    found = missions.looking().incident(who.sight, row["incident"])
    says = "" if found is None else _called(found["kind"], who)
    if not others:
        return {"id": row["incident"], "says": says, "others": [], "why": _("alone in it")}
    more = ngettext("beside %(n)s other claim", "beside %(n)s other claims", len(others)) % {"n": len(others)}
    return {"id": row["incident"], "says": says, "others": others, "why": more}
