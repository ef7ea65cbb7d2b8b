"""The four axes of an incident, each by itself: what people did about it, whether it happened, who did it, for whom.

None says anything of another: what nobody has looked at may be well established, and what is verified may have been
done by nobody who is known.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trucekeeper.mission import kinds
from trucekeeper.mission.telling import label_of
from trucekeeper.mission.triaging import ACCEPT
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.told import DONE
from trucekeeper.opsroom.screens.words import PROOFS, alone, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucekeeper.mission.looking import Row
    from trucekeeper.opsroom.screens.reader import Reader
    from trucekeeper.terms import Label


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the four: its name, the word on it, and what that word says and rests on."""

    name: str
    title: str
    word: str
    says: str
    more: tuple[str, ...] = ()
    proof: str = ""


def axes(one: Row, reports: Sequence[Row], decisions: Sequence[Row], who: Reader) -> list[Axis]:
    """Return the four axes of an incident."""
    state = work(decisions, reports)
    word, says = WORK[state]
    return [
        Axis("work", _("Work"), str(word), str(says)),
        _veracity(one, decisions),
        _attribution(one),
        _release(reports, who),
    ]


# ---- work ----------------------------------------------------------------------------------------------------------

UNTOUCHED, EXAMINED, AGREED = "untouched", "examined", "agreed"
ACCEPTED, SET_ASIDE = "accepted", "set aside"
WORK = {
    UNTOUCHED: (gettext_lazy("untouched"), gettext_lazy("Nobody has decided anything about its reports.")),
    EXAMINED: (gettext_lazy("under examination"), gettext_lazy("People joined its reports, or held them apart.")),
    AGREED: (
        gettext_lazy("accepted"),
        gettext_lazy("Somebody looked at each of its reports, and agrees with where it stands."),
    ),
    ACCEPTED: (gettext_lazy("accepted"), gettext_lazy("Somebody looked into it, and holds it to be established.")),
    SET_ASIDE: (gettext_lazy("set aside"), gettext_lazy("Somebody looked into it, and holds it to be refuted.")),
}


def work(decisions: Sequence[Row], reports: Sequence[Row]) -> str:
    """Return what people did about an incident so far: the last who said how far it is established decides.

    If nobody did, it is what they did about its reports.
    """
    judged = [one for one in decisions if one["kind"] == kinds.VERIFY and "occurred" in one]
    if judged:
        return SET_ASIDE if judged[-1]["occurred"] == "refuted" else ACCEPTED
    looked = [_holds(one) for one in reports]
    if looked and all(one == ACCEPT for one in looked):
        return AGREED
    return EXAMINED if decisions or any(looked) else UNTOUCHED


def _holds(report: Row) -> str:
    """Return what the decision does that holds of a report, "" if none does."""
    return next((str(one["does"]) for one in reversed(report["decided"]) if not one["late"]), "")


# ---- veracity and attribution --------------------------------------------------------------------------------------

_OCCURRED = {
    "alleged": gettext_lazy("Somebody says so; nothing independent supports it yet."),
    "corroborated": gettext_lazy(
        "Independent origins support it, or a good first-hand observation: the machine's most."
    ),
    "verified": gettext_lazy("A person looked into it, and signed that it happened."),
    "refuted": gettext_lazy("A person looked into it, and signed that it did not happen so."),
}
_WHO = {
    "alleged": gettext_lazy("That is said, and not established."),
    "corroborated": gettext_lazy(
        "Independent origins name this author, or somebody who was there: the machine's most."
    ),
    "verified": gettext_lazy("A person looked into it, and signed who it was."),
    "refuted": gettext_lazy("A person looked into it, and signed that it was not this one."),
}


def _veracity(one: Row, decisions: Sequence[Row]) -> Axis:
    signed = any(each["kind"] == kinds.VERIFY and each.get("occurred") == one["occurred"] for each in decisions)
    by_people = (_("See the decision below."),) if signed else ()
    word, says = str(PROOFS[one["occurred"]]), str(_OCCURRED[one["occurred"]])
    return Axis("veracity", _("Veracity"), word, says, (counted(one), *by_people), one["occurred"])


def counted(one: Row) -> str:
    """Return how many reports and origins an incident has."""
    begun = ngettext("%(n)s origin", "%(n)s origins", one["origins"]) % {"n": one["origins"]}
    return f"{_reports(one['reports'])} · {begun}"


def _reports(number: int) -> str:
    return ngettext("%(n)s report", "%(n)s reports", number) % {"n": number}


def _attribution(one: Row) -> Axis:
    title = _("Attribution")
    if not one["by"]:
        says = _("Nobody is named as its author, or rivals are. That is normal.")
        return Axis("attribution", title, _("unknown"), says)
    word = f"{alone(one['by'])} ({PROOFS[one['who']]})"
    return Axis("attribution", title, word, str(_WHO[one["who"]]), (), one["who"])


# ---- release -------------------------------------------------------------------------------------------------------


def _release(reports: Sequence[Row], who: Reader) -> Axis:
    """Return for whom its reports are, as far as the reader's delegation may know them."""
    told = Counter(_for_whom(label_of(one), who) for one in reports)
    says = _("So its originators said; it can be widened by an act on record, and never narrowed for who was told.")
    if len(told) == 1:
        return Axis("release", _("Release"), next(iter(told)), says)
    lines = tuple(f"{for_whom}: {_reports(number)}" for for_whom, number in told.items())
    return Axis("release", _("Release"), _("another for each report"), says, lines)


def _for_whom(label: Label, who: Reader) -> str:
    for_whom = _audiences(label, who.sight.audience)
    opens = label.not_before
    if opens is None or opens <= who.sight.now:
        return for_whom
    return _("%(whom)s, and for others not before %(moment)s") % {"whom": for_whom, "moment": moment(opens, who.zone)}


def _audiences(label: Label, mine: str) -> str:
    told = {label.owner, *label.releasable_to} - {""}
    if not told:
        return _("for the public")
    if told >= set(missions.mission().delegations().values()):
        return _("for all delegations")
    if told <= {mine}:
        return _("for yours alone")
    return _("for %(names)s") % {"names": ", ".join(sorted(told))}


def decided(decisions: Sequence[Row], reports: Sequence[Row], who: Reader) -> list[Mapping[str, Any]]:
    """Return what people decided, the first first, each as it is shown: who, when, what and why."""
    triaged = [
        {**one, "kind": kinds.TRIAGE, "report": report["id"], "delegation": one["by"]}
        for report in reports
        for one in report["decided"]
    ]
    return [
        {
            "entry": one["entry"],
            "by": one["delegation"],
            "at": moment(one["at"], who.zone),
            "says": _decision(one),
            "why": one.get("why", ""),
        }
        for one in sorted([*decisions, *triaged], key=lambda one: int(one["entry"]))
    ]


def _decision(one: Row) -> str:
    if one["kind"] == kinds.TRIAGE:
        late = _("it came too late, and has no effect") if one["late"] else ""
        return "; ".join(filter(None, [f"{one['report']}: {DONE[one['does']]}", late]))
    if one["kind"] == kinds.LINK:
        same, apart = _("%(one)s and %(other)s are of one event"), _("%(one)s and %(other)s are of two events")
        return (same if one["same"] else apart) % {"one": one["reports"][0], "other": one["reports"][1]}
    said = [_("that it happened: %(proof)s") % {"proof": PROOFS[one["occurred"]]}] if "occurred" in one else []
    if "who" in one:
        said.append(_("that it was %(by)s: %(proof)s") % {"by": one["by"], "proof": PROOFS[one["who"]]})
    return "; ".join(said)
