"""Hand-over sheets as a person reads them, drawn or on record: the same words for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trucekeeper.mission import kinds
from trucekeeper.opsroom.screens.words import alone, badge, moment
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = {
    kinds.REPORT: gettext_lazy("Report"),
    kinds.FACT: gettext_lazy("Fact"),
    kinds.LINK: gettext_lazy("Whether reports are of one event"),
    kinds.RULING: gettext_lazy("Ruling on a word"),
    kinds.VERIFY: gettext_lazy("Verification"),
    kinds.TRIAGE: gettext_lazy("Triage"),
    kinds.SOURCE: gettext_lazy("Source"),
    kinds.MODEL: gettext_lazy("Model of fusion"),
    kinds.TEXT: gettext_lazy("Text of the deal"),
    kinds.NOTE: gettext_lazy("Note"),
    kinds.HANDOVER: gettext_lazy("Hand-over"),
}
"""What people call what officers put on record."""
STATES = {"waits": gettext_lazy("waits for a ruling, or for another report"), "faulty": gettext_lazy("faulty")}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def shown_sheet(body: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """Return a hand-over as its page says it."""
    sheet = body["sheet"]
    return {
        "since": moment(parse_moment(body["since"]), zone),
        "until": moment(parse_moment(body["until"]), zone),
        "out": body["out"],
        "into": body["in"],
        "remarks": body["remarks"],
        "done": counted(sheet["done"]),
        "waiting": {**sheet["waiting"], "lines": [_waiting(one) for one in sheet["waiting"]["lines"]]},
        "due": {**sheet["due"], "lines": [_stands(one, "due", zone) for one in sheet["due"]["lines"]]},
        "contrary": {
            **sheet["contrary"],
            "lines": [_stands(one, "since", zone) for one in sheet["contrary"]["lines"]],
        },
        "silent": {
            **sheet["silent"],
            "lines": [
                {"source": one["source"], "silent": length(one["silent_s"]), "usual": length(one["usual_s"])}
                for one in sheet["silent"]["lines"]
            ],
        },
        "refused": {**sheet["refused"], "lines": [_refused(one, zone) for one in sheet["refused"]["lines"]]},
        "record": sheet["record"],
    }


def counted(done: Mapping[str, int]) -> list[tuple[Any, int]]:
    """Return how much was done, by what people call it."""
    return [(KINDS.get(kind, kind), count) for kind, count in done.items()]


def length(seconds: int) -> str:
    """Return a length of time as it is said: in days and hours, hours, or minutes."""
    if seconds >= _DAY:
        said = _("%(days)s d %(hours)s h") % {"days": seconds // _DAY, "hours": seconds % _DAY // _HOUR}
    elif seconds >= _HOUR:
        said = _("%(hours)s h") % {"hours": seconds // _HOUR}
    else:
        said = _("%(minutes)s min") % {"minutes": max(seconds // _MINUTE, 1)}
    return alone(said)


def _refused(line: Mapping[str, Any], zone: str) -> dict[str, Any]:
    return {**line, **{name: _moment(line[name], zone) for name in ("from", "until")}}


def _moment(said: str, zone: str) -> str:
    """Return a moment to the minute; a day, or none, as it is."""
    try:
        return moment(parse_moment(said), zone)
    except ValueError:
        return said


def _waiting(line: Mapping[str, Any]) -> dict[str, Any]:
    return {**line, "state": STATES.get(line["state"], line["state"])}


def _stands(line: Mapping[str, Any], when: str, zone: str) -> dict[str, Any]:
    return {**line, "badge": badge(line), "when": moment(parse_moment(line[when]), zone)}
