"""The room as an ASGI application, for uvicorn. Behind it Django; before it a bound on what anybody may send.

Django writes all that is sent to a disk before it looks at who sends it, so what is too much is refused before.
"""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.asgi import get_asgi_application
from django.urls import get_resolver

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Message = Mapping[str, Any]
    App = Callable[..., Awaitable[None]]

MOST, MOST_WITH_FILES = 3 << 20, 64 << 20
"""Bytes that may be sent: a filled form; one with evidence (`originals.MOST_TOGETHER`, and the form around it)."""
WITH_FILES = "/report/"
DRAINED = 512 << 20
"""Of what is refused so much is read and forgotten, for a browser shows no answer before it has sent all."""
BETWEEN = 50_000
"""New objects between two collections of the youngest; a page that lists thousands of rows makes as many."""
TOO_MUCH = (
    "That is more than is taken at once, and nothing of it was kept. Go back, and choose fewer or smaller files.\n"
    "هذا أكثر مما يُقبل دفعة واحدة، ولم يُحفظ منه شيء. ارجع واختر ملفات أقل أو أصغر.\n"
)


@dataclass(frozen=True, slots=True)
class Bounded:
    """Lets through what says that it is no longer than may be."""

    app: App

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Answer a request, or refuse it with a sentence."""
        if scope["type"] == "http" and _too_much(scope):
            await _drained(receive)
            await _refused(send)
        else:
            await self.app(scope, receive, send)


def _too_much(scope: Message) -> bool:
    """Return whether a request says that it is too long, or does not say how long it is."""
    said = dict(scope["headers"])
    if b"transfer-encoding" in said:
        return True
    length = said.get(b"content-length", b"0")
    most = MOST_WITH_FILES if scope["path"].startswith(WITH_FILES) else MOST
    return not length.isdigit() or int(length) > most


async def _drained(receive: Callable[[], Awaitable[Message]]) -> None:
    left = DRAINED
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if not message.get("more_body", False):
            return


async def _refused(send: Callable[[Message], Awaitable[None]]) -> None:
    body = TOO_MUCH.encode()
    headers = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(body)), "connection": "close"}
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 413, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


def _settle() -> None:
    """Have no collection go through what stays for good, nor come in the middle of most pages: one takes 150 ms."""
    _ = get_resolver().url_patterns  # which reads all screens
    gc.collect()
    gc.freeze()
    gc.set_threshold(BETWEEN, 10, 10)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trucekeeper.opsroom.settings")
application = Bounded(get_asgi_application())
_settle()
