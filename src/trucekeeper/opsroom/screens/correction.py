"""Correction: what a delegation's room said, said anew under the same name, or taken back.

Nothing is overwritten: a correction is the next revision, with the label and the originals of the one before, so that
whoever was told the one is told the other. Of two officers who correct at once the second is told.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from trucekeeper.mission import kinds
from trucekeeper.mission.inspecting import own_report
from trucekeeper.opsroom import acts, clock, missions, uploads
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.opsroom.screens.report import GIVE, HOW, NONCE, NewReport, room_of
from trucekeeper.terms import Op
from trucekeeper.terms.moments import MINUTE, parse_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from trucekeeper.mission.looking import Row
    from trucekeeper.opsroom.people.models import Account

OUTDATED = gettext_lazy(
    "This is not what your delegation said last of a report: somebody may have been first. Look at it again."
)


class Correction(NewReport):
    """The report as it should have been; for whom it is stays as it was."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django calls it
        """Ask for no label: whoever was told the one is told the other."""
        super().__init__(*args, **kwargs)
        for name in ("consent", "danger"):
            del self.fields[name]


class Retraction(forms.Form):
    """Why a report is taken back."""

    nonce = forms.CharField(widget=forms.HiddenInput, min_length=NONCE, max_length=64)
    why = forms.CharField(
        label=gettext_lazy("Why it is taken back, without names of people"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def correct(request: HttpRequest, who: Reader, entry: int) -> HttpResponse:
    """Return the form with what the report says, or put on record what it should have said."""
    row = _mine(who, entry)
    if row is None:
        return _outdated(request)
    if not row["counts"]:
        return _sent_before(request, who, row)
    if row["source"] != room_of(who.sight.audience):  # its source corrects it, where its files are entered
        return _page(request, row, forms.Form(), "", status=200)
    said = {**_said(row), "nonce": _new_nonce()}
    form = Correction(who.agreement, request.POST or None, request.FILES or None, initial=said)
    if request.method != "POST" or not form.is_valid():
        return _page(request, row, form, "", status=400 if request.method == "POST" else 200)
    body = form.said().body(str(row["source"]))
    body |= {"id": row["id"], "rev": _next(row), **uploads.kept(form.cleaned_data["evidence"], row)}
    return _put(request, who, _Next(row, form, body))


@require_POST
@for_reader
def retract(request: HttpRequest, who: Reader, entry: int) -> HttpResponse:
    """Put on record that a delegation takes its report back."""
    row = _mine(who, entry)
    if row is None:
        return _outdated(request)
    if not row["counts"]:
        return _sent_before(request, who, row)
    form = Retraction(request.POST)
    if not form.is_valid():
        return _page(request, row, form, "", status=400)
    body = {
        "id": row["id"],
        "source": row["source"],
        "op": Op.RETRACT.value,
        "rev": _next(row),
        "learned_at": write_moment(clock.now()),
        "note": form.cleaned_data["why"],
    }
    return _put(request, who, _Next(row, form, body))


@dataclass(frozen=True, slots=True)
class _Next:
    """What a report says so far, the form that says otherwise, and the next revision."""

    row: Row
    form: forms.Form
    body: Mapping[str, Any]


def _put(request: HttpRequest, who: Reader, following: _Next) -> HttpResponse:
    """Put the next revision on record, and go to the incident that it is in by now."""
    looking, row, form = missions.looking(), following.row, following.form
    before = looking.holding(who.sight, str(row["id"]))
    act = acts.Act(form.cleaned_data["nonce"], kinds.REPORT, following.body, kinds.parted(row)[1])
    try:
        done = acts.put(_account(request), act)
    except acts.NotDoneError as error:
        return _page(request, row, form, str(error), status=409)
    said = own_report(looking, who.sight, done.seq)
    if said is not None and not said["counts"]:
        messages.warning(request, _("Somebody was first: what counts is what was put on record before. Look at it."))
    return _gone_to(who, row, before)


def _gone_to(who: Reader, row: Row, before: str) -> HttpResponse:
    """Go to the incident that a report is in by now, or to the one that it was in, if that is there still."""
    looking = missions.looking()
    name = looking.holding(who.sight, str(row["id"])) or before
    return redirect("incident", name) if looking.incident(who.sight, name) else redirect("now")


def _mine(who: Reader, entry: int) -> Row | None:
    """Return what the reader's delegation says of a report in an entry, None if nothing that he may correct."""
    row = None if who.sight.coarse or who.past else own_report(missions.looking(), who.sight, entry)
    return None if row is None or row.get("op") is not None else row


def _sent_before(request: HttpRequest, who: Reader, row: Row) -> HttpResponse:
    """Say that another revision counts, unless it is the one that this very form made."""
    if acts.is_sent(_account(request), request.POST.get("nonce", "")):
        return _gone_to(who, row, "")
    return _outdated(request)


def _outdated(request: HttpRequest) -> HttpResponse:
    return render(request, "screens/correction.html", {"why": OUTDATED}, status=409)


def _page(request: HttpRequest, row: Row, form: forms.Form, why: str, *, status: int) -> HttpResponse:
    correcting = form if isinstance(form, Correction) else None
    retracting = form if isinstance(form, Retraction) else Retraction(initial={"nonce": _new_nonce()})
    shown = {"form": correcting, "retraction": retracting, "why": why, "report": row["id"], "entry": _entry(request)}
    return render(request, "screens/correction.html", shown, status=status)


def _entry(request: HttpRequest) -> int:
    return 0 if request.resolver_match is None else int(request.resolver_match.kwargs["entry"])


def _next(row: Row) -> int:
    return int(row.get("rev", 1)) + 1


def _new_nonce() -> str:
    return secrets.token_hex(NONCE // 2)


def _account(request: HttpRequest) -> Account:
    return request.user  # type: ignore[return-value]  # the guard let it through


# ---- a report as its form ------------------------------------------------------------------------------------------


def _said(row: Row) -> dict[str, Any]:
    """Return what a report of the room says, as its form had it."""
    words, observed, text = row.get("words", {}), *_parted(str(row.get("text", "")))
    chains = row.get("chains") or [[""]]
    place = {"place": row["zone"]} if row.get("zone") else {"place": f"{row.get('lat')}, {row.get('lon')}"}
    within = {"within_m": row["within_m"]} if row.get("within_m") else {}
    numbers = {**observed, **row.get("fields", {})}
    told = {"kind": words.get("kind", ""), "by": words.get("by", ""), "told_by": chains[0][0], "text": text}
    return {**told, **place, **within, **numbers, **_when(row)}


def _parted(text: str) -> tuple[dict[str, Any], str]:
    """Return what the first line of a report's text says was observed, and the rest."""
    first, _sep, rest = text.partition("\n")
    how, *more = first.split(", ")
    if how not in dict(HOW):
        return {}, text
    numbers = (one.partition(" ") for one in more)
    return {"how": how, **{name: int(number) for name, _blank, number in numbers if number.isdigit()}}, rest


def _when(row: Row) -> dict[str, Any]:
    """Return when it was, and how exactly that is known."""
    if "at" in row and "earliest" not in row:
        return {"at": row["at"], "give": 0}
    first, last = parse_moment(str(row["earliest"])), parse_moment(str(row["latest"]))
    give = next((one for one, _says in GIVE if 2 * one * MINUTE >= last - first), GIVE[-1][0])
    return {"at": write_moment(first + give * MINUTE), "give": give}
