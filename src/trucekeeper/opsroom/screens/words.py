"""Rows as a person reads them: moments in the agreement's zone, verdicts never without their proof level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trucekeeper.terms import DAWN, NEVER, UNSTATED, Lifecycle, Verdict
from trucekeeper.terms.moments import write_moment
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.terms import Moment

VERDICTS = {
    Verdict.CONSISTENT.value: gettext_lazy("consistent"),
    Verdict.CONTRARY.value: gettext_lazy("contrary"),
    Verdict.OPEN.value: gettext_lazy("open"),
    Verdict.CANNOT_TELL.value: gettext_lazy("cannot tell"),
    Verdict.NOT_IN_FORCE.value: gettext_lazy("not in force"),
}
PROOFS = {
    "alleged": gettext_lazy("alleged"),
    "corroborated": gettext_lazy("corroborated"),
    "verified": gettext_lazy("verified"),
    "refuted": gettext_lazy("refuted"),
}
LIFECYCLES = {
    Lifecycle.DORMANT.value: gettext_lazy("dormant"),
    Lifecycle.IN_EFFECT.value: gettext_lazy("in effect"),
    Lifecycle.SUSPENDED.value: gettext_lazy("suspended"),
    Lifecycle.MET.value: gettext_lazy("met"),
    Lifecycle.MET_LATE.value: gettext_lazy("met late"),
    Lifecycle.UNMET.value: gettext_lazy("unmet"),
    Lifecycle.CURED.value: gettext_lazy("cured"),
    Lifecycle.LAPSED.value: gettext_lazy("lapsed"),
    Lifecycle.DISCHARGED.value: gettext_lazy("discharged"),
    Lifecycle.TERMINATED.value: gettext_lazy("terminated"),
}
ICONS = {"consistent": "=", "contrary": "≠", "open": "…", "cannot tell": "?", "not in force": "-"}


def moment(when: Moment, zone: str) -> str:
    """Return a moment to the minute, with its offset."""
    said = write_moment(when, zone)
    return isolated(f"{said[:10]} {said[11:16]} {said[-6:]}")


def isolated(text: str) -> str:
    """Return figures that stay in their order inside a sentence that is read from right to left (UAX 9)."""
    return f"\N{LEFT-TO-RIGHT ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def alone(text: str) -> str:
    """Return words that read in their own direction inside a sentence, whichever that is (UAX 9)."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def shown_incident(row: Mapping[str, Any], agreement: Agreement) -> dict[str, Any]:
    """Return an incident with its words."""
    zone, kinds = agreement.time_zone, agreement.vocabulary.kinds
    first, last = moment(row["earliest"], zone), moment(row["latest"], zone)
    kind = kinds.get(row["kind"])
    return {
        **row,
        "says": row["kind"] if kind is None else kind.says,
        "when": first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last},
        "where": where(row),
        "inside": ", ".join(row.get("inside", ())),
        "borders": ", ".join(row["borders"].split()),
        "proof": PROOFS.get(row["occurred"], row["occurred"]),
        "who_proof": PROOFS.get(row["who"], row["who"]),
        "figures": [
            (name, str(a) if a == b else _("%(first)s to %(last)s") % {"first": a, "last": b})
            for name, (a, b) in sorted(row["amounts"].items())
        ],
    }


def where(row: Mapping[str, Any]) -> str:
    """Return a place with its doubt."""
    if row.get("withheld"):
        return _("withheld for six hours")
    if row["lat_e7"] is None:
        return row["zone"] or _("nowhere that is known")
    return point(row["lat_e7"], row["lon_e7"], row["within_m"])


def point(lat_e7: int, lon_e7: int, within_m: int) -> str:
    """Return a point with its doubt: latitude first in every script, for the two look alike."""
    said = isolated(f"{lat_e7 / E7:.4f}, {lon_e7 / E7:.4f}")
    return _("%(point)s within %(within)s m") % {"point": said, "within": f"{within_m:,}"}


def due(row: Mapping[str, Any], zone: str) -> str:
    """Return when a commitment is due, an interval where its beginning is in doubt; "" where it has no deadline."""
    if row["due"] is None:
        return ""
    first, last = (moment(one, zone) if DAWN < one < NEVER else "?" for one in row["due"])
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def whom(name: str) -> str:
    """Return who is bound, as a person reads it: a text may name nobody."""
    return _("unstated") if name == UNSTATED else name


def in_order(parties: Sequence[str], name: str) -> tuple[int, str]:
    """Return where a party stands among the parties as the agreement names them; whoever else, after them."""
    return (parties.index(name) if name in parties else len(parties), name)


def badge(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a verdict's badge says: the verdict, its level of proof, its sign."""
    verdict = row["verdict"]
    return {
        "verdict": verdict,
        "says": VERDICTS[verdict],
        "proof": PROOFS.get(row["proof"], row["proof"]),
        "icon": ICONS[verdict],
    }
