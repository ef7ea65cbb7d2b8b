"""Incident: its reports and where they have it from, what they were handed in with, what it is held to be, and why.

Whoever decides about reports can sign here how far it is established. Nobody else raises anything beyond what the
machine may.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from trucekeeper.mission import inspecting, kinds
from trucekeeper.opsroom import acts, missions
from trucekeeper.opsroom.originals import ENDINGS, IMAGES, TEXT
from trucekeeper.opsroom.rights import Right, rights_of
from trucekeeper.opsroom.screens.axes import axes, counted, decided
from trucekeeper.opsroom.screens.citing import citing
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.opsroom.screens.report import NONCE, room_of
from trucekeeper.opsroom.screens.told import worded
from trucekeeper.opsroom.screens.words import PROOFS, badge, moment, shown_incident

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest, HttpResponse

    from trucekeeper.mission.looking import Row
    from trucekeeper.opsroom.people.models import Account

HOLDS = (("", gettext_lazy("I say nothing of it")), *((one, PROOFS[one]) for one in ("verified", "refuted")))


class Verify(forms.Form):
    """How far a person holds an incident, and its author, to be established; `seen` is what he looked at."""

    nonce = forms.CharField(widget=forms.HiddenInput, min_length=NONCE, max_length=64)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)
    occurred = forms.ChoiceField(label=gettext_lazy("That it happened"), choices=HOLDS, required=False)
    who = forms.ChoiceField(label=gettext_lazy("Who did it"), choices=HOLDS, required=False)
    why = forms.CharField(
        label=gettext_lazy("Why, without names of people"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, row: Row, data: Mapping[str, Any] | None = None) -> None:
        """Ask of an author only where one is named."""
        super().__init__(data, initial={"nonce": secrets.token_hex(NONCE // 2), "seen": str(row["since"])})
        self._row = row
        if row["by"]:
            self.fields["who"].label = _("That it was %(by)s") % {"by": row["by"]}
        else:
            del self.fields["who"]

    def clean(self) -> dict[str, Any]:
        """Hold that something is said."""
        said = super().clean() or {}
        if not said.get("occurred") and not said.get("who"):
            raise forms.ValidationError(_("Say of one of the two how far it is established."))
        return said

    def body(self) -> dict[str, Any]:
        """Return what the statement says."""
        said = {name: self.cleaned_data.get(name, "") for name in ("occurred", "who", "why")}
        author = {"by": self._row["by"]} if said["who"] else {}
        return {"incident": self._row["id"], **{name: one for name, one in said.items() if one}, **author}


@require_GET
@for_reader
def incident(request: HttpRequest, who: Reader, name: str) -> HttpResponse:
    """Return the page, or lead to the incident that took this one in."""
    found = missions.looking().incident(who.sight, name)
    return _taken(request, who, name) if found is None else _page(request, who, found)


@require_POST
@for_reader
def verify(request: HttpRequest, who: Reader, name: str) -> HttpResponse:
    """Put on record how far a person holds an incident to be established."""
    found = missions.looking().incident(who.sight, name)
    if found is None:
        raise Http404
    account: Account = request.user  # type: ignore[assignment]  # the guard let it through
    form = Verify(found, request.POST)
    if not form.is_valid():
        return _page(request, who, found, form=form, status=400)
    if form.cleaned_data["seen"] != str(found["since"]) and not acts.is_sent(account, form.cleaned_data["nonce"]):
        why = _("It changed while you looked, and nothing was put on record: look again, and send it if it holds.")
        return _page(request, who, found, form=form, why=why, status=409)
    try:
        acts.put(account, acts.Act(form.cleaned_data["nonce"], kinds.VERIFY, form.body(), {}))
    except acts.NotDoneError as error:
        return _page(request, who, found, form=form, why=str(error), status=409)
    return redirect("incident", name)


def _taken(request: HttpRequest, who: Reader, name: str) -> HttpResponse:
    """Lead from an incident to the one that took it in. Raises Http404 if there is none to see."""
    into = inspecting.taken_into(missions.looking(), who.sight, name)
    if not into:
        raise Http404
    messages.info(request, _("%(one)s was taken into %(other)s.") % {"one": name, "other": into})
    asked = request.GET.urlencode()
    return redirect(reverse("incident", args=[into]) + (f"?{asked}" if asked else ""))


def _page(
    request: HttpRequest, who: Reader, found: Row, *, form: Verify | None = None, why: str = "", status: int = 200
) -> HttpResponse:
    looking, name = missions.looking(), str(found["id"])
    reports = looking.reports(who.sight, name)
    decisions = inspecting.decisions(looking, who.sight, name)
    rights = frozenset() if who.past else rights_of(_account(request).role)
    if form is not None and why:  # what is looked at from here on is what this page shows
        form.data = {**form.data, **form.cleaned_data, "seen": str(found["since"])}
    shown = {
        "one": shown_incident(found, who.agreement),
        "counted": counted(found),
        "axes": axes(found, reports, decisions, who),
        "reports": [_report(one, who, rights) for one in reports],
        "origins": citing(found["begun"], reports),
        "decisions": decided(decisions, reports, who),
        "moved": [] if found.get("withheld") else list(_moved(who, name)),
        "history": _history(who, name),
        "form": (form or Verify(found)) if Right.TRIAGE in rights else None,
        "why": why,
        "past": who.past,
    }
    return render(request, "screens/incident.html", shown, status=status)


def _account(request: HttpRequest) -> Account:
    return request.user  # type: ignore[return-value]  # the guard let it through


# ---- reports -------------------------------------------------------------------------------------------------------


def _report(row: Row, who: Reader, rights: frozenset[Right]) -> dict[str, Any]:
    at = row.get("at")
    mine = Right.REPORT in rights and not who.sight.coarse and row.get("delegation") == who.sight.audience
    return {
        **row,
        "words": worded(row),
        "at": "" if at is None else moment(at, who.zone),
        "pieces": [] if who.sight.coarse else _pieces(row),
        "retracts": mine,
        "corrects": mine and row.get("source") == room_of(who.sight.audience),
    }


def _pieces(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the originals of a report, each with what it is, where that was written down."""
    said = {one["sha256"]: one for one in row.get("attached") or []}
    several = enumerate(row.get("evidence") or [], start=1)
    return [
        {
            "digest": digest,
            "number": number,
            "bytes": said.get(digest, {}).get("bytes"),
            "ending": ENDINGS.get(said.get(digest, {}).get("kind", ""), ""),
            "picture": said.get(digest, {}).get("kind") in IMAGES,
            "text": said.get(digest, {}).get("kind") == TEXT,
        }
        for number, digest in several
    ]


# ---- what it moved, and what it was known to be --------------------------------------------------------------------


def _moved(who: Reader, name: str) -> Iterator[dict[str, Any]]:
    """Yield what an incident did to where promises stand, the last first; what moved a figure alone is left out."""
    for one in inspecting.moved(missions.looking(), who.sight, name):
        before, after = one["before"], one["after"]
        if _stand(before) == _stand(after):
            continue
        row = after or before or {}
        bound = "" if who.sight.coarse else ", ".join(f"{named} {value}" for named, value in row.get("binding", ()))
        history = who.agreement.clauses.get(one["clause"])
        yield {
            "clause": one["clause"],
            "cite": "" if history is None else history.all()[-1].cite,
            "by": row.get("by", ""),
            "bound": bound,
            "before": None if before is None else badge(before),
            "after": None if after is None else badge(after),
            "at": moment(one["at"], who.zone),
        }


def _stand(row: Row | None) -> tuple[object, ...]:
    return () if row is None else (row["verdict"], row["proof"], row["lifecycle"])


_COMPARED = {
    "says": gettext_lazy("What"),
    "when": gettext_lazy("When"),
    "where": gettext_lazy("Where"),
    "by": gettext_lazy("Said to be done by"),
    "proof": gettext_lazy("That it happened"),
    "who_proof": gettext_lazy("Who did it"),
    "reports": gettext_lazy("Reports"),
    "origins": gettext_lazy("Origins"),
    "figures": gettext_lazy("Figures"),
}


def _history(who: Reader, name: str) -> list[dict[str, Any]]:
    """Return what an incident was known to be, the first first, each as what is different from the one before."""
    several = [shown_incident(one, who.agreement) for one in missions.looking().history(who.sight, name)]
    return [
        {"since": moment(one["since"], who.zone), "differences": _differences(before, one)}
        for before, one in zip([None, *several], several, strict=False)
    ]


def _differences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return what is different, each as its name, what it was, and what it is."""
    told = [
        (str(says), "" if before is None else _plainly(before[name]), _plainly(after[name]))
        for name, says in _COMPARED.items()
    ]
    return [one for one in told if one[1] != one[2] and one[2]]


def _plainly(value: object) -> str:
    """Return a value as text, figures as a list of words."""
    if isinstance(value, list):
        return ", ".join(f"{name} {says}" for name, says in value)
    return str(value)
