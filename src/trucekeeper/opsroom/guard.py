"""The guard before every page: it asks `rights` who may see it, and lets nobody through whom that does not name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404

from trucekeeper.opsroom import acts
from trucekeeper.opsroom.faults import shut_out
from trucekeeper.opsroom.people import sessions
from trucekeeper.opsroom.rights import PAGES, Right, rights_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase


class Guard:
    """Middleware: lets a request to its page, sends it to the door, or says that there is no such page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand before what answers."""
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """Return what stands in the way of a page; None if nothing does."""
        name = "" if request.resolver_match is None else request.resolver_match.view_name
        right = PAGES.get(name)
        if right is None:
            raise Http404
        if right is Right.ANYBODY:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_active or right not in rights_of(request.user.role):
            raise Http404  # whoever may not see a page learns not even that it is there
        if acts.is_shut_out(request.user):
            return shut_out(request)
        sessions.see(request)
        return None
