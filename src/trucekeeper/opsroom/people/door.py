"""The door: the form by which somebody comes in with a name and a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.forms import LoginForm

from trucekeeper.opsroom.people import sessions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class SignIn(LoginForm):  # type: ignore[misc]  # allauth has no types
    """Name and password; the session that follows lasts a shift, whatever allauth would have it last."""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Let somebody in, or ask for his second factor."""
        answer: HttpResponse = super().login(request, redirect_url)
        sessions.limit(request)
        return answer
