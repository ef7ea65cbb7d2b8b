"""Watch log: what a delegation's officers did and noted in a watch, and the watches before it.

It is read by the officers of that delegation, and by nobody else.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from trucekeeper.mission import kinds
from trucekeeper.mission.sheet import LONGEST_TEXT
from trucekeeper.mission.watch_log import FIRST, WatchLog
from trucekeeper.opsroom import acts, missions
from trucekeeper.opsroom.people.models import ROLE_NAMES, Account, Handing
from trucekeeper.opsroom.rights import Right, rights_of
from trucekeeper.opsroom.screens.reader import BadAskingError, Reader, for_reader
from trucekeeper.opsroom.screens.sheets import KINDS, counted, shown_sheet
from trucekeeper.opsroom.screens.told import DONE
from trucekeeper.opsroom.screens.words import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

    from trucekeeper.mission.watch_log import Act, Watch

AT_ONCE = 50
"""So many acts stand on one page of a watch, and so many watches in the list."""
TOGETHER = 3
"""More than so many acts of one signer that came on record at once are one line: a file was read in."""
_NONCE = 32
_INCIDENT, _ENTRY = re.compile(r"i-\d{1,15}"), re.compile(r"\d{1,15}")


class Note(forms.Form):
    """A line of the watch log."""

    nonce = forms.CharField(widget=forms.HiddenInput, min_length=_NONCE, max_length=64)
    text = forms.CharField(
        label=gettext_lazy("Note, without names of people"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    about = forms.CharField(
        label=gettext_lazy("About"),
        max_length=16,
        required=False,
        help_text=gettext_lazy("an incident (i-412) or the number of an entry"),
    )

    def __init__(self, who: Reader, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django calls it
        """Take notes for one reader, about what he may see."""
        super().__init__(*args, **kwargs)
        self._who = who

    def clean_about(self) -> str:
        """Return what it is about."""
        said = str(self.cleaned_data["about"]).strip()
        if _INCIDENT.fullmatch(said) and missions.looking().incident(self._who.sight, said) is None:
            raise forms.ValidationError(
                _("There is no incident of this name: leave it out, or look it up under Now.")
            )
        if said and not _INCIDENT.fullmatch(said) and not _ENTRY.fullmatch(said):
            raise forms.ValidationError(_("Write an incident as i-412, or an entry by its number."))
        return said


class HandOver(forms.Form):
    """To whom a watch is handed over, and what he must know besides the sheet."""

    nonce = forms.CharField(widget=forms.HiddenInput, min_length=_NONCE, max_length=64)
    to = forms.ModelChoiceField(
        Account.objects.none(),
        label=gettext_lazy("To"),
        to_field_name="username",
        empty_label=None,
    )
    remarks = forms.CharField(
        label=gettext_lazy("Remarks, without names of people"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django calls it
        """Offer the other officers of a delegation."""
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = reliefs(account)  # type: ignore[attr-defined]


def reliefs(account: Account) -> Any:  # noqa: ANN401  a query set of accounts
    """Return the accounts that may take over a watch from an account."""
    roles = [role for role in ROLE_NAMES if Right.LOG in rights_of(role)]
    several = Account.objects.filter(delegation=account.delegation, role__in=roles, is_active=True)
    return several.exclude(pk=account.pk).order_by("username")


@require_GET
@for_reader
def watch(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page of the watch that is kept, or of an earlier one."""
    forms_ = {
        "note": Note(who, initial={"nonce": _nonce(), "about": request.GET.get("about", "")[:16]}),
        "hand_over": HandOver(request.user, initial={"nonce": _nonce()}),  # type: ignore[arg-type]  # signed in
    }
    return page(request, who, forms_)


@require_POST
@for_reader
def note(request: HttpRequest, who: Reader) -> HttpResponse:
    """Put a note on record."""
    account: Account = request.user  # type: ignore[assignment]  # the guard let it through
    form, hand_over = Note(who, request.POST), HandOver(account, initial={"nonce": _nonce()})
    if not form.is_valid():
        return page(request, who, {"note": form, "hand_over": hand_over}, status=400)
    said = form.cleaned_data
    body = {"watch": _watch(who, None).name, "text": said["text"]} | (
        {"about": said["about"]} if said["about"] else {}
    )
    try:
        acts.put(account, acts.Act(said["nonce"], kinds.NOTE, body, {"owner": account.delegation}))
    except acts.NotDoneError as error:
        return page(request, who, {"note": form, "hand_over": hand_over}, why=str(error), status=409)
    return redirect("watch")


@require_GET
@for_reader
def handed_over(request: HttpRequest, who: Reader, entry: int) -> HttpResponse:
    """Return the sheet of a hand-over that is on record."""
    log = WatchLog(missions.mission().projections)
    found = list(log.acts(who.sight, only=(kinds.HANDOVER,), first=entry, before=entry + 1, most=1))
    if not found:
        messages.warning(request, _("Entry %(entry)s is no hand-over in this log.") % {"entry": entry})
        return redirect("watch")
    return render(
        request,
        "screens/handed_over.html",
        {"sheet": shown_sheet(found[0].said, who.zone), "entry": entry, "past": who.past},
    )


def page(
    request: HttpRequest, who: Reader, forms_: dict[str, forms.Form], *, why: str = "", status: int = 200
) -> HttpResponse:
    """Return the page of the watch that a request asks for, with forms where it is the one that is kept."""
    log, looked_at = WatchLog(missions.mission().projections), _watch(who, _number(request, "watch"))
    before = _number(request, "before")
    kept = looked_at.ended is None
    after = log.acts(who.sight, first=_first(looked_at), before=_before(looked_at, before), most=AT_ONCE + 1)
    account: Account = request.user  # type: ignore[assignment]  # the guard let it through
    said = {
        **forms_,
        "reliefs": kept and reliefs(account).exists(),
        "watch": looked_at,
        "since": moment(looked_at.since, who.zone),
        "until": "" if looked_at.ended is None else moment(looked_at.ended.at, who.zone),
        "done": counted(log.counts(who.sight, looked_at)),
        "lines": _lines(after[:AT_ONCE], who),
        "older": after[AT_ONCE - 1].seq if len(after) > AT_ONCE else None,
        "watches": [_handover(one, who) for one in log.handovers(who.sight, most=AT_ONCE)],
        "handings": _handings(account) if kept else (),
        "kept": kept and not who.past,
        "why": why,
        "past": who.past,
    }
    return render(request, "screens/watch.html", said, status=status)


def _watch(who: Reader, began: int | None) -> Watch:
    found = WatchLog(missions.mission().projections).watch(who.sight, began)
    if found is None:
        raise Http404
    return found


def _first(looked_at: Watch) -> int:
    return 0 if looked_at.began == FIRST else looked_at.began + 1


def _before(looked_at: Watch, before: int | None) -> int | None:
    """Return before which entry acts are listed: a watch goes up to the hand-over that ended it."""
    ended = None if looked_at.ended is None else looked_at.ended.seq + 1
    return min((one for one in (before, ended) if one is not None), default=None)


def _number(request: HttpRequest, name: str) -> int | None:
    said = request.GET.get(name, "")
    if not said:
        return None
    if not _ENTRY.fullmatch(said):
        raise BadAskingError(_("“%(name)s” is the number of an entry") % {"name": name})
    return int(said)


def _handings(account: Account) -> list[Handing]:
    """Return the hand-overs of a delegation that wait to be signed."""
    return list(Handing.objects.filter(out__delegation=account.delegation).select_related("out", "to"))


def _handover(act: Act, who: Reader) -> dict[str, Any]:
    return {"entry": act.seq, "at": moment(act.at, who.zone), "out": act.said.get("out"), "in": act.said.get("in")}


def _lines(several: list[Act], who: Reader) -> list[dict[str, Any]]:
    """Return acts as lines of the timeline: what came on record together, by one signer, as one line."""
    lines: list[dict[str, Any]] = []
    for (_at, _signers), found in groupby(several, key=lambda one: (one.at, one.signers)):
        group = list(found)
        lines += [_line(one, who) for one in group] if len(group) <= TOGETHER else [_folded(group, who)]
    return lines


def _folded(group: list[Act], who: Reader) -> dict[str, Any]:
    counts = counted(Counter(one.kind for one in group))
    says = " · ".join(f"{kind}: {count}" for kind, count in counts)
    several = _("entries %(first)s to %(last)s") % {"first": group[-1].seq, "last": group[0].seq}
    return {**_line(group[0], who), "kind": says, "says": several, "incident": "", "sheet": False}


def _line(act: Act, who: Reader) -> dict[str, Any]:
    """Return an act as a line of the timeline."""
    says = _SAYS.get(act.kind, _of_name)(act)
    return {
        "entry": act.seq,
        "at": moment(act.at, who.zone),
        "kind": KINDS.get(act.kind, act.kind),
        "by": [(ROLE_NAMES.get(role, role), name) for role, name in act.signers],
        "says": says,
        "incident": _incident(act, who),
        "sheet": act.kind == kinds.HANDOVER,
    }


def _incident(act: Act, who: Reader) -> str:
    """Return the incident that an act is about, "" for none."""
    if act.kind == kinds.REPORT and act.said:
        return missions.looking().holding(who.sight, str(act.said.get("id")))
    named = str(act.said.get("about" if act.kind == kinds.NOTE else "incident", ""))
    return named if _INCIDENT.fullmatch(named) else ""


def _of_name(act: Act) -> str:
    return str(act.said.get("name") or act.said.get("id") or "")


def _of_note(act: Act) -> str:
    about = str(act.said.get("about", ""))
    entry = _("about entry %(entry)s") % {"entry": about} if _ENTRY.fullmatch(about) else ""
    return " · ".join(filter(None, [str(act.said.get("text", "")), entry]))


def _of_link(act: Act) -> str:
    same = _("one event") if act.said.get("same") else _("not one event")
    return f"{', '.join(map(str, act.said.get('reports', ())))}: {same}"


def _of_triage(act: Act) -> str:
    """Return what was decided about which report; nothing of what is not shown any more."""
    return f"{act.said['report']}: {DONE[str(act.said['does'])]}" if act.said else ""


_SAYS: Mapping[str, Callable[[Act], str]] = {
    kinds.NOTE: _of_note,
    kinds.LINK: _of_link,
    kinds.TRIAGE: _of_triage,
    kinds.RULING: lambda act: f"{act.said.get('source')}: {act.said.get('word')} → {act.said.get('means') or '-'}",
    kinds.VERIFY: lambda act: f"{act.said.get('incident')}: {act.said.get('occurred')}",
    kinds.HANDOVER: lambda act: f"{act.said.get('out')} → {act.said.get('in')}",
    kinds.MODEL: lambda act: str(act.said.get("sha256", ""))[:16],
}


def _nonce() -> str:
    return secrets.token_hex(_NONCE // 2)
