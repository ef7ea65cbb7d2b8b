"""People: who may come in. An administrator makes accounts and closes them, and sees nothing that is on record."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trucekeeper.opsroom import acts, missions
from trucekeeper.opsroom.clock import is_exercise
from trucekeeper.opsroom.people import invitations, keys, sessions, viewed
from trucekeeper.opsroom.people.models import ADMINISTRATOR, NAME, ROLE_NAMES, Account, Invitation

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

BACKEND = "django.contrib.auth.backends.ModelBackend"
LANGUAGE = "django_language"


class Invite(forms.Form):
    """Who is invited."""

    name = forms.CharField(label=_("Name"), max_length=40, validators=[NAME])
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLE_NAMES.items()))
    delegation = forms.ChoiceField(label=_("Delegation"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django calls it
        """Offer the delegations that the mission has."""
        super().__init__(*args, **kwargs)
        names = sorted(set(missions.mission().delegations().values()))
        self.fields["delegation"].choices = [("", "-"), *((one, one) for one in names)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Hold that an administrator, and nobody else, is of no delegation, and that a name is new."""
        said = super().clean() or {}
        if (said.get("role") == ADMINISTRATOR) == bool(said.get("delegation")):
            raise ValidationError(_("An administrator is of no delegation, and everybody else is of one."))
        if Account.objects.filter(username=said.get("name")).exists():
            raise ValidationError(_("There is an account of this name: choose another."))
        return said


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Return the list of accounts."""
    return _page(request, Invite(), "")


@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account, and show its link once."""
    form = Invite(request.POST)
    if not form.is_valid():
        return _page(request, form, "", status=400)
    said = form.cleaned_data
    return _linked(request, invitations.invite(said["name"], said["role"], said["delegation"]))


@require_POST
def again(request: HttpRequest, name: str) -> HttpResponse:
    """Give somebody who lost his password a new link: he begins anew, with another key."""
    account = _other(request, name)
    if not account.is_active:
        raise Http404
    _let_out(request, account)
    return _linked(request, invitations.again(account))


@require_POST
def close(request: HttpRequest, name: str) -> HttpResponse:
    """Close an account: its sessions end at once, and its key is revoked."""
    account = _other(request, name)
    account.is_active = False
    account.set_unusable_password()
    account.save()
    sessions.end(account)
    _let_out(request, account)
    return redirect("people")


@require_POST
def end_all(request: HttpRequest, name: str) -> HttpResponse:
    """End all sessions of an account."""
    sessions.end(_other(request, name))
    return redirect("people")


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Return who of one's delegation was handed originals, and who looked at what is not for all."""
    return render(request, "people/audit.html", {"rows": viewed.latest(_account(request).delegation)})


@require_safe
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Return one's own sessions."""
    mine, this = sessions.open_sessions(_account(request)), sessions.name_of(request.session.session_key)
    return render(request, "people/sessions.html", {"rows": [(one, one.name == this) for one in mine]})


@require_POST
def end_session(request: HttpRequest, name: str) -> HttpResponse:
    """End one of one's own sessions."""
    sessions.end(_account(request), name)
    return redirect("sessions")


def _linked(request: HttpRequest, token: str) -> HttpResponse:
    return _page(request, Invite(), request.build_absolute_uri(reverse("invited", args=[token])))


def _page(request: HttpRequest, form: Invite, link: str, status: int = 200) -> HttpResponse:
    accounts = Account.objects.order_by("delegation", "username")
    waiting = set(Invitation.objects.values_list("account_id", flat=True))
    several = defaultdict(list)
    for one in sessions.open_sessions():
        several[one.account].append(one)
    silent = [name for name in sorted(set(missions.mission().delegations().values())) if not acts.may_sign(name)]
    shown = {
        "accounts": [(one, one.pk in waiting, several[one.pk]) for one in accounts],
        "silent": [(name, keys.registrar_said(name)["key"]) for name in silent],
        "form": form,
        "link": link,
    }
    return render(request, "people/people.html", shown, status=status)


def _account(request: HttpRequest) -> Account:
    return request.user  # type: ignore[return-value]  # the guard let it through


def _other(request: HttpRequest, name: str) -> Account:
    """Return the account of a name; nobody does this to himself."""
    account = Account.objects.filter(username=name).first()
    if account is None or account == request.user:
        raise Http404
    return account


def _let_out(request: HttpRequest, account: Account) -> None:
    """Have the key of an account revoked; if that cannot be, it is let in nowhere, and the administrator is told."""
    try:
        acts.let_out(account)
    except acts.NotDoneError as error:
        says = _("%(name)s can no longer come in. That its key is revoked is not on record yet: %(why)s")
        messages.warning(request, says % {"name": account.username, "why": error})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Have whoever opens a link set a password, and let him in."""
    found = invitations.found(token)
    if found is None:
        return render(request, "people/invited.html", {}, status=404)
    form = None if is_exercise() else SetPasswordForm(found.account, request.POST or None)
    why = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return _let_in(request, found, form)
        except acts.NotDoneError as error:
            why = str(error)
    shown = {"account": found.account, "form": form, "why": why}
    return render(request, "people/invited.html", shown, status=409 if why else 200)


def _let_in(request: HttpRequest, found: Invitation, form: SetPasswordForm[Account] | None) -> HttpResponse:
    """Sign somebody in by his invitation, which is used up by that. Raises NotDoneError, and then it is not."""
    if found.account.role != ADMINISTRATOR:
        acts.let_in(found.account)
    if form is not None:
        form.save()
    found.delete()
    login(request, found.account, backend=BACKEND)
    return redirect("people" if found.account.role == ADMINISTRATOR else "now")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Have pages written in another language."""
    wanted, to = request.POST.get("language", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure()):
        to = "/"
    answer = HttpResponseRedirect(to)
    if check_for_language(wanted):
        answer.set_cookie(
            LANGUAGE, wanted, max_age=31_536_000, secure=request.is_secure(), httponly=True, samesite="Strict"
        )
    return answer
