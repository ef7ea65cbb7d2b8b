"""What of allauth is ours: nobody signs up by himself, and who was let in is an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  as allauth calls it
        """Return that nobody signs up."""
        return False
