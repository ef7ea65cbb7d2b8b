"""Asking witnesses: what a log does with each new head (C2SP tlog-witness, the side of the client).

    found = ask_all({Asked(key, "https://north.example/w"): 2}, note, nodes, seconds=10)

The request, whose bytes are those of `requests`, is sent by POST to the witness's submission prefix and
"/add-checkpoint". What is answered, in the words of tlog-witness, and what it counts for here:

    200             "a sequence of one or more note signature lines"                            Cosigned
    409             "the tree size of the latest cosigned checkpoint in decimal, followed by
                    a newline (U+000A)", with the Content-Type text/x.tlog.size
                      of no more entries than the head: asked once more, from there
                      of more                                                                   Ahead
                      of just where it was asked from: it has another tree of that size,
                      or contradicts itself                                                     Refused
    400 403 404 422 and all else, a redirect too, which nobody follows                          Refused
    nothing, too late, cut off, or no HTTP                                                      Silent

"The client MUST ignore any cosignatures from unknown keys"; of the witness's own key one must be there, and true.
"Clients SHOULD use ... keep-alive HTTP connections": here each request has a connection of its own, as a witness is
asked once for a head and seldom twice. Nothing that a witness does raises an exception or outlasts the time given.
"""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection, IncompleteRead
from io import BufferedReader, RawIOBase
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError, number, shown, text_of
from trucekeeper.ledger.notes import COSIGNS, MOST_BYTES, Note, UntrustedError, Verifier
from trucekeeper.ledger.requests import Request
from trucekeeper.ledger.tree import Nodes, consistency_proof
from trucekeeper.ledger.witness import SIZE_TYPE, cosigned

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from _typeshed import ReadableBuffer, WriteableBuffer

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?)"
    r"(?P<prefix>(?:/[A-Za-z0-9._~%!$&'()*+,;=:@-]*)*)"
)
_LAST_PORT = 65535
_MOST_SAID = 200
"""So much of what a witness says is shown: a line or two."""


# ---- what comes of it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The witness cosigned: the note with its cosignature."""

    note: Note


@dataclass(frozen=True, slots=True)
class Ahead:
    """The witness says that it cosigned a head of more entries than this one has.

    If so, and if the log did not grow so far while it asked, the record was rolled back, and whoever keeps it signs
    nothing more. It is the witness's bare word: no signature of the log comes with it.
    """

    size: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The witness answered, and not with a good cosignature; why."""

    why: str


@dataclass(frozen=True, slots=True)
class Silent:
    """The witness could not be heard; why."""

    why: str


Outcome: TypeAlias = Cosigned | Ahead | Refused | Silent
NO_ADDRESS = Silent("no address of it is known: its answer is carried by hand")
TOO_SLOW = Silent("it did not answer in time")


# ---- asking --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A witness as a log knows it: its key, and its submission prefix if it can be reached."""

    key: Verifier
    url: str = ""

    def __post_init__(self) -> None:
        """Hold that the key cosigns and the address is one of HTTP. Raises MalformedError."""
        if self.key.type != COSIGNS:
            raise MalformedError(f"the key '{self.key.name}'", "it is not one for cosignatures (type 4)")
        found = _ADDRESS.fullmatch(self.url)
        if self.url and (found is None or int(found["port"] or 0) > _LAST_PORT):
            what = f"the address of '{self.key.name}'"
            raise MalformedError(what, f"'{shown(self.url)}' is not written http(s)://HOST[:PORT][/PREFIX], in ASCII")


def request_for(note: Note, old: int, nodes: Nodes) -> bytes:
    """Return the request that brings a witness from its size to the head in a note, to be sent or carried.

    Raises MalformedError if the note is no checkpoint, and ValueError if its tree is smaller than the old one.
    """
    size = Checkpoint.of(note).head.size
    return bytes(Request(old, tuple(consistency_proof(nodes, old, size)), note))


def ask(witness: Asked, note: Note, nodes: Nodes, old: int, *, seconds: float) -> Outcome:
    """Ask one witness for its cosignature, as `ask_all` does."""
    return ask_all({witness: old}, note, nodes, seconds=seconds)[witness]


def ask_all(
    witnesses: Mapping[Asked, int],
    note: Note,
    nodes: Nodes,
    *,
    seconds: float,
    clock: Callable[[], float] = monotonic,
) -> dict[Asked, Outcome]:
    """Ask witnesses at once for their cosignatures under a head, and return what came of it by the deadline for all.

    Each stands with the size up to where it cosigned, as far as the log knows; 0 will do. Proofs are made in the
    caller's thread, and what `nodes` raises is raised. The `clock` measures waiting, and need not tell the time.
    """
    until = clock() + seconds
    asking = _Asking(note, nodes, lambda: until - clock())
    found: dict[Asked, Outcome] = {one: NO_ADDRESS for one in witnesses if not one.url}
    for one, old in witnesses.items():
        if one.url:
            asking.send(one, min(old, asking.size))
    while len(found) < len(witnesses):
        try:
            one, outcome = asking.heard()
        except Empty:
            break
        if outcome is not None:
            found[one] = outcome
    return {one: found.get(one, TOO_SLOW) for one in witnesses}


class _Asking:
    """Requests for one head that are under way: each is sent from a thread of its own, and judged in the caller's."""

    def __init__(self, note: Note, nodes: Nodes, left: Callable[[], float]) -> None:
        self._note, self._nodes, self._left = note, nodes, left
        self.size = Checkpoint.of(note).head.size
        self._replies: SimpleQueue[tuple[Asked, int, _Reply | Refused | Silent]] = SimpleQueue()
        self._again: set[Asked] = set()

    def send(self, one: Asked, old: int) -> None:
        """Send a witness the request from a size on."""
        data = request_for(self._note, old, self._nodes)
        # a daemon: the look-up of a name cannot be broken off, and no program waits for it to end
        Thread(target=lambda: self._replies.put((one, old, _posted(one, data, self._left))), daemon=True).start()

    def heard(self) -> tuple[Asked, Outcome | None]:
        """Return what a witness answered, or None if it is asked once more. Raises Empty if time is up."""
        one, old, reply = self._replies.get(timeout=max(0.0, self._left()))
        if not isinstance(reply, _Reply):
            return one, reply
        found = _outcome(one, self._note, old, reply)
        if not isinstance(found, _Elsewhere):
            return one, found
        if one in self._again:
            return one, Refused(f"it stood at {old}, and then at {found.size}")
        self._again.add(one)
        self.send(one, found.size)
        return one, None


# ---- what an answer counts for -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer of HTTP: its status, the type of its body, and the body."""

    status: int
    type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """The witness stands at another size, and may be asked from there."""

    size: int


def _outcome(asked: Asked, note: Note, old: int, reply: _Reply) -> Outcome | _Elsewhere:
    """Return what the answer to a request from the size `old` counts for."""
    try:
        match reply.status:
            case HTTPStatus.OK:
                return Cosigned(cosigned(note, reply.body, asked.key))
            case HTTPStatus.CONFLICT:
                return _conflict(Checkpoint.of(note).head.size, old, reply)
            case status if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
                return Refused(f"{status}: it sends elsewhere, where nobody follows")
            case status:
                why = _plain(reply.body.decode("utf-8", "replace").strip())
                return Refused(f"{status}: {why or 'it does not say why'}")
    except (MalformedError, UntrustedError) as error:
        return Refused(_plain(str(error)))


def _conflict(size: int, old: int, reply: _Reply) -> Outcome | _Elsewhere:
    """Return what a 409 means for a head of so many entries. Raises MalformedError."""
    if reply.type == SIZE_TYPE:
        what = "the size that it answered"
        stands = number(text_of(reply.body, what, most=MOST_BYTES).removesuffix("\n"), what)
        if stands > size:
            return Ahead(stands)
        if stands != old:
            return _Elsewhere(stands)
    if old == size:
        return Refused(f"it cosigned another tree of {size}: one history of the two was rewritten")
    return Refused(f"409 to a request from {old}, and no other size that it would take")


def _plain(text: str) -> str:
    """Return as much of what others say as is shown, without what a terminal would obey."""
    return "".join(one if one.isprintable() else "?" for one in text[:_MOST_SAID])


# ---- by HTTP -------------------------------------------------------------------------------------------------------


def _posted(asked: Asked, data: bytes, left: Callable[[], float]) -> _Reply | Refused | Silent:
    """Return what a witness answers to a request while there are seconds left."""
    try:
        return _exchanged(asked, data, left)
    except TimeoutError:
        return TOO_SLOW
    except (OSError, HTTPException, UnicodeError) as error:  # UnicodeError: of a name that cannot be one of a host
        return Silent(_plain(str(error)) or type(error).__name__)


def _exchanged(asked: Asked, data: bytes, left: Callable[[], float]) -> _Reply | Refused:
    found = _ADDRESS.fullmatch(asked.url)
    assert found is not None  # noqa: S101  an address was held to be one
    sort = HTTPSConnection if found["scheme"] == "https" else HTTPConnection
    with closing(sort(found["host"], timeout=_some(left()))) as connection:
        connection.connect()
        with closing(connection.sock) as sock:
            connection.sock = _Timed(sock, left)
            path = found["prefix"].removesuffix("/") + "/add-checkpoint"
            connection.request("POST", path, data, {"Connection": "close"})
            answer = connection.getresponse()
            body = answer.read(MOST_BYTES + 1)
            if len(body) > MOST_BYTES:
                return Refused(f"it answered more than {MOST_BYTES:,} bytes")
            if answer.length:
                raise IncompleteRead(body, answer.length)
            return _Reply(answer.status, answer.headers.get_content_type(), body)


class _Timed(RawIOBase):
    """A socket as http.client needs it, of which each step ends by the deadline, which no byte now and then moves.

    http.client closes it before it reads the answer, which closes nothing here: who opened the socket closes it.
    """

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._sock, self._left = sock, left

    def sendall(self, data: ReadableBuffer) -> None:
        """Send it all. Raises TimeoutError."""
        self._sock.settimeout(_some(self._left()))
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> BufferedReader:
        """Return what comes in as a file."""
        return BufferedReader(self)

    def readable(self) -> bool:
        """Return that it is."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer with what came in. Raises TimeoutError."""
        self._sock.settimeout(_some(self._left()))
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        """Close nothing."""


def _some(seconds: float) -> float:
    """Return the seconds that are left. Raises TimeoutError if none are."""
    if seconds <= 0:
        raise TimeoutError
    return seconds
