"""What a browser may load and do on our pages: everything comes from here, and nothing is written into a page."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

from django.http import HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase
    from whitenoise.responders import StaticFile

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{name} {sources}" for name, sources in _SOURCES.items())
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class ContentPolicy:
    """Middleware: puts the policy on every answer that has no stricter one, and has no page kept anywhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand before what answers."""
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        response = self._answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2067]")
"""What turns text around, or hides in it; save the marks by which we set words and figures apart (UAX 9)."""


class WrittenOut:
    """Middleware: writes out on every page what turns text around or hides in it, so that it deceives nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand before what answers."""
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        response = self._answer(request)
        if isinstance(response, HttpResponse) and response.headers.get("Content-Type", "").startswith("text/html"):
            response.content = UNSEEN.sub(_said, response.content.decode()).encode()
        return response


def _said(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # it has no types
    """Middleware: answers with the files of our pages, each read whole, for a server that waits for no file."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """Return a file, or that the browser has it."""
        found = static_file.get_response(request.method, request.META)
        if found.file is None:
            return HttpResponse(status=int(found.status), headers=dict(found.headers))
        with closing(found.file) as file:
            return HttpResponse(file.read(), status=int(found.status), headers=dict(found.headers))
