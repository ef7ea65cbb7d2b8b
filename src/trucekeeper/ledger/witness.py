"""The witness: a delegation's own small program that checks each head of a log, and countersigns it.

    witness = Witness.open(Path("witness.db"), signer, [key_of_the_log], clock=time.time)
    answer = witness.answer(request)          the bytes of `requests`, in and out

It remembers of each log the last head that it cosigned, on disk before it answers, and never cosigns one that did not
grow from it. What shows that a log was forked, it keeps. It trusts nobody: not the log, not who brings the bytes.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.notes import Note, Signer, UntrustedError, Verifier, lines_of, read_lines
from trucekeeper.ledger.requests import MOST_BYTES, Request
from trucekeeper.ledger.tree import EMPTY_ROOT, Head, ProofRejectedError, check_consistency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS heads (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS refused (
    at INTEGER NOT NULL, origin TEXT NOT NULL, why TEXT NOT NULL, request BLOB NOT NULL
);
"""
MOST_REFUSED = 1000
"""So many requests that a log signed and that do not fit are kept, the first ones: they may show a fork."""
SIZE_TYPE, NOTE_TYPE = "text/x.tlog.size", "text/plain; charset=utf-8"
SECONDS = 10
"""Nobody may take longer to send a request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers: a status of HTTP, and bytes of a type."""

    status: HTTPStatus
    body: bytes
    type: str = NOTE_TYPE


@dataclass(frozen=True, slots=True)
class Seen:
    """The last head of a log that the witness cosigned, and the note that it came in."""

    head: Head
    note: bytes


Refused: TypeAlias = "tuple[int, str, str, bytes]"
"""When a log asked for what does not fit, in seconds since 1970; which log, why not, and the request."""


def seen_in(database: Path) -> tuple[dict[str, Seen], list[Refused]]:
    """Return the last head of each log that a witness cosigned, and what it refused of logs."""
    with closing(sqlite3.connect(database, timeout=SECONDS)) as connection:
        rows = connection.execute("SELECT origin, size, root, note FROM heads ORDER BY origin").fetchall()
        refused = connection.execute("SELECT at, origin, why, request FROM refused ORDER BY rowid").fetchall()
    return {origin: Seen(Head(size, root), note) for origin, size, root, note in rows}, refused


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: its database, its key, the keys of the logs that it watches, and its clock in seconds since 1970."""

    database: Path
    signer: Signer
    logs: tuple[Verifier, ...]
    clock: Callable[[], float]

    @classmethod
    def open(cls, database: Path, signer: Signer, logs: Sequence[Verifier], *, clock: Callable[[], float]) -> Witness:
        """Return the witness that keeps its memory here; a new one has seen nothing."""
        witness = cls(database, signer, tuple(logs), clock)
        with closing(witness._connect()) as connection:
            connection.executescript(SCHEMA)
        return witness

    def answer(self, data: bytes) -> Answer:
        """Return what is answered to a request: cosignatures, where it stands, or why neither."""
        try:
            request = Request.read(data)
            checkpoint = Checkpoint.of(request.note)
        except MalformedError as error:
            return _refusal(HTTPStatus.BAD_REQUEST, str(error))
        keys = [key for key in self.logs if key.name == checkpoint.origin]
        if not keys:
            return _refusal(HTTPStatus.NOT_FOUND, "this log is not watched here")
        try:
            request.note.held_by(keys)
        except UntrustedError as error:
            return _refusal(HTTPStatus.FORBIDDEN, str(error))
        if request.old > checkpoint.head.size:
            return _refusal(HTTPStatus.BAD_REQUEST, "the old size is more than the checkpoint's")
        return self._advance(request, checkpoint)

    def seen(self) -> dict[str, Seen]:
        """Return the last head of each log that was cosigned."""
        return seen_in(self.database)[0]

    def refused(self) -> list[Refused]:
        """Return what logs asked for that does not fit."""
        return seen_in(self.database)[1]

    # ---- memory ----

    def _advance(self, request: Request, checkpoint: Checkpoint) -> Answer:
        """Remember a head that grew from the last one, and return it cosigned; or why not, if it did not."""
        with self._alone() as connection:
            row = connection.execute("SELECT size, root FROM heads WHERE origin = ?", [checkpoint.origin]).fetchone()
            last = Head(*row) if row else Head(0, EMPTY_ROOT)
            if request.old != last.size:
                return Answer(HTTPStatus.CONFLICT, f"{last.size}\n".encode(), SIZE_TYPE)
            try:
                check_consistency(last, checkpoint.head, request.hashes)
            except ProofRejectedError as error:
                self._note_refusal(connection, checkpoint.origin, str(error), request)
                if last.size == checkpoint.head.size and last.root != checkpoint.head.root:
                    return Answer(HTTPStatus.CONFLICT, f"{last.size}\n".encode(), SIZE_TYPE)
                return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
            connection.execute(
                "INSERT OR REPLACE INTO heads VALUES (?, ?, ?, ?)",
                [checkpoint.origin, checkpoint.head.size, checkpoint.head.root, bytes(request.note)],
            )
            # within the change, so that of two cosignatures the later is of the larger tree; sent only after it
            return Answer(HTTPStatus.OK, lines_of([self.signer.sign(request.note.text, time=int(self.clock()))]))

    def _note_refusal(self, connection: sqlite3.Connection, origin: str, why: str, request: Request) -> None:
        count = connection.execute("SELECT count(*) FROM refused").fetchone()[0]
        if count < MOST_REFUSED:
            row = [int(self.clock()), origin, why, bytes(request)]
            connection.execute("INSERT INTO refused VALUES (?, ?, ?, ?)", row)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.database, timeout=SECONDS, isolation_level=None)
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        """Yield the database for one change, on disk when this ends."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _refusal(status: HTTPStatus, why: str) -> Answer:
    return Answer(status, f"{why}\n".encode())


def cosigned(note: Note, answer: bytes, key: Verifier) -> Note:
    """Return a checkpoint with the cosignatures by a witness's key in its answer; other lines are ignored.

    Raises MalformedError, and UntrustedError if the witness did not cosign it.
    """
    mine = [one for one in read_lines(answer, f"the answer of '{key.name}'") if one.is_of(key)]
    both = note.signed(*mine)
    both.held_by([key])
    return both


# ---- by HTTP -------------------------------------------------------------------------------------------------------


class Server(ThreadingHTTPServer):
    """A witness at an address of its own, which answers POST /add-checkpoint and nothing else."""

    daemon_threads = True
    witness: Witness

    @classmethod
    def at(cls, address: tuple[str, int], witness: Witness) -> Server:
        """Return a server that is bound, and not yet serving."""
        server = cls(address, _Handler)
        server.witness = witness
        return server


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "witness", ""
    timeout: ClassVar[float] = SECONDS

    def do_POST(self) -> None:
        """Answer a request."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._send(_refusal(HTTPStatus.NOT_FOUND, "POST /add-checkpoint"), close=True)
        elif not (length.isascii() and length.isdigit()):
            self._send(_refusal(HTTPStatus.LENGTH_REQUIRED, "say how long the request is"), close=True)
        elif len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES:
            why = f"a request has {MOST_BYTES:,} bytes at most"
            self._send(_refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why), close=True)
        else:
            self._send(self.server.witness.answer(self.rfile.read(int(length))), close=False)

    def _send(self, answer: Answer, *, close: bool) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        if close:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Say nothing: who asks is nobody's business."""
