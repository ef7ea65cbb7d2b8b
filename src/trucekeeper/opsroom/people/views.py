"""People: who may come in. An administrator makes accounts and closes them, and sees nothing that is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
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

from trucekeeper.opsroom import missions
from trucekeeper.opsroom.clock import is_exercise
from trucekeeper.opsroom.people import invitations
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
    token = invitations.invite(said["name"], said["role"], said["delegation"])
    return _page(request, Invite(), request.build_absolute_uri(reverse("invited", args=[token])))


def _page(request: HttpRequest, form: Invite, link: str, status: int = 200) -> HttpResponse:
    accounts = Account.objects.order_by("delegation", "username")
    waiting = set(Invitation.objects.values_list("account_id", flat=True))
    rows = [(one, one.pk in waiting) for one in accounts]
    return render(request, "people/people.html", {"accounts": rows, "form": form, "link": link}, status=status)


@require_POST
def close(request: HttpRequest, name: str) -> HttpResponse:
    """Close an account: its sessions end at once."""
    account = Account.objects.filter(username=name).first()
    if account is None or account == request.user:
        raise Http404
    account.is_active = False
    account.set_unusable_password()  # and no session of it is good any more
    account.save()
    return redirect("people")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Have whoever opens a link set a password, and let him in."""
    found = invitations.found(token)
    if found is None:
        return render(request, "people/invited.html", {"form": None}, status=404)
    if is_exercise() and request.method == "POST":
        return _let_in(request, found)
    form = SetPasswordForm(found.account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        return _let_in(request, found)
    return render(request, "people/invited.html", {"form": form, "account": found.account, "exercise": is_exercise()})


def _let_in(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Sign somebody in by his invitation, which is used up by that."""
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
