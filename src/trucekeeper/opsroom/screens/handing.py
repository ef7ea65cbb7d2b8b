"""Handing over: who goes out draws the sheet and signs it, who comes in reads the same words and signs them too.

Until then it waits in `accounts.db`, and either of them can withdraw it. What came after it was drawn is not in it,
and it says as of when that was; another one takes its place.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from trucekeeper.journal.envelopes import Envelope
from trucekeeper.mission import kinds
from trucekeeper.mission.sheet import Drawing
from trucekeeper.mission.watch_log import WatchLog
from trucekeeper.opsroom import acts, missions
from trucekeeper.opsroom.people.models import Account, Handing, Sent
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.opsroom.screens.sheets import shown_sheet
from trucekeeper.opsroom.screens.watch import HandOver, Note, page
from trucekeeper.terms.moments import write_moment

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from trucekeeper.journal.statements import Body

GONE = gettext_lazy("This sheet was signed, withdrawn or drawn anew: look at what waits below.")


@require_POST
@for_reader
def hand_over(request: HttpRequest, who: Reader) -> HttpResponse:
    """Draw the sheet and sign it; the one that the same officer drew before gives way."""
    account: Account = request.user  # type: ignore[assignment]  # the guard let it through
    form = HandOver(account, request.POST)
    if not form.is_valid():
        return page(request, who, {"note": Note(who), "hand_over": form}, status=400)
    said = form.cleaned_data
    act = acts.Act(said["nonce"], kinds.HANDOVER, _drawn(who, account, said), {"owner": account.delegation})
    try:
        envelope = acts.said(account, act)
    except acts.NotDoneError as error:
        return page(request, who, {"note": Note(who), "hand_over": form}, why=str(error), status=409)
    found, _new = Handing.objects.update_or_create(
        out=account, defaults={"to": said["to"], "nonce": said["nonce"], "envelope": envelope}
    )
    return redirect("handing", found.pk)


def _drawn(who: Reader, account: Account, said: dict[str, Any]) -> Body:
    """Return what a hand-over says by now."""
    mission = missions.mission()
    watch = WatchLog(mission.projections).watch(who.sight)
    if watch is None:
        raise RuntimeError("bug: there is always a watch that is kept")
    return {
        "since": write_moment(watch.since),
        "until": write_moment(who.sight.now),
        "out": account.username,
        "in": said["to"].username,
        "sheet": Drawing(mission, missions.looking(), who.agreement, who.sight).sheet(watch),
        "remarks": said["remarks"],
    }


@require_GET
@for_reader
def handing(request: HttpRequest, who: Reader, pk: int) -> HttpResponse:
    """Return the sheet that waits to be signed."""
    account: Account = request.user  # type: ignore[assignment]  # the guard let it through
    found = Handing.objects.filter(pk=pk, out__delegation=account.delegation).select_related("out", "to").first()
    if found is None:
        messages.warning(request, GONE)
        return redirect("watch")
    return _page(request, who, found)


def _page(request: HttpRequest, who: Reader, found: Handing, *, why: str = "", status: int = 200) -> HttpResponse:
    body = json.loads(Envelope.read(bytes(found.envelope)).payload)["body"]
    mine = request.user in (found.out, found.to)
    said = {
        "sheet": shown_sheet(body, who.zone),
        "handing": found,
        "may_sign": request.user == found.to,
        "mine": mine,
        "why": why,
    }
    return render(request, "screens/handing.html", said, status=status)


@require_POST
@for_reader
def take_over(request: HttpRequest, who: Reader, pk: int) -> HttpResponse:
    """Sign what the other officer signed, and put it on record."""
    account: Account = request.user  # type: ignore[assignment]  # the guard let it through
    found = Handing.objects.filter(pk=pk, to=account, out__is_active=True).select_related("out").first()
    if found is None or request.POST.get("nonce") != found.nonce:
        messages.warning(request, GONE)
        return redirect("watch")
    try:
        envelope = acts.signed_too(account, found.out, bytes(found.envelope))
        if not _held(account, found, envelope):
            messages.warning(request, _("The sheet was withdrawn before you signed it."))
            return redirect("watch")
        acts.put_kept(account, found.nonce)
    except acts.NotDoneError as error:
        return _page(request, who, found, why=str(error), status=409)
    Handing.objects.filter(pk=pk, nonce=found.nonce).delete()
    return redirect("watch")


@transaction.atomic
def _held(account: Account, found: Handing, envelope: bytes) -> bool:
    """Keep a statement that both signed, unless it was withdrawn or drawn anew meanwhile."""
    there = Handing.objects.filter(pk=found.pk, nonce=found.nonce).exists()
    if there:
        acts.keep(account, found.nonce, envelope)
    return there


@require_POST
@for_reader
def withdraw(request: HttpRequest, who: Reader, pk: int) -> HttpResponse:  # noqa: ARG001  as Django calls it
    """Withdraw a sheet that is not on record, as either of the two."""
    account: Account = request.user  # type: ignore[assignment]  # the guard let it through
    with transaction.atomic():
        found = Handing.objects.filter(Q(out=account) | Q(to=account), pk=pk).first()
        signed = found is not None and Sent.objects.filter(account=found.to, nonce=found.nonce).exists()
        if found is not None:
            found.delete()
    if found is None or signed:
        messages.warning(request, _("It was signed or withdrawn already."))
    return redirect("watch")
