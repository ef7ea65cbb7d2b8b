"""A log asks its witnesses at once, and nothing that one of them answers or leaves out stops it or misleads it."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer
from typing import TYPE_CHECKING, TypeAlias

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from tests.ledger_logs import LOG, NORTH, ORIGIN, SOUTH, log, note, signer
from trucekeeper.ledger.asking import (
    NO_ADDRESS,
    TOO_SLOW,
    Ahead,
    Asked,
    Cosigned,
    Refused,
    Silent,
    ask,
    ask_all,
    request_for,
)
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.notes import COSIGNS, MOST_BYTES, Note, Signer, lines_of
from trucekeeper.ledger.requests import Request
from trucekeeper.ledger.tree import EMPTY_ROOT, Head, check_consistency
from trucekeeper.ledger.witness import SIZE_TYPE, Server, Witness, cosigned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from trucekeeper.ledger.asking import Outcome

NOON = 1_924_992_000
LONG = 20.0
"""Seconds that no test waits for: each ends by what is answered, not by the clock."""


# ---- who answers ---------------------------------------------------------------------------------------------------


@contextmanager
def serving(server: TCPServer) -> Iterator[str]:
    """Serve, and yield the address."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def witnessing(path: Path, key: Signer = NORTH) -> Iterator[tuple[Witness, Asked]]:
    """Yield a witness that serves, and how a log knows it."""
    witness = Witness.open(path / f"{key.name}.db", key, [LOG.verifier], clock=lambda: NOON)
    with serving(Server.at(("127.0.0.1", 0), witness)) as url:
        yield witness, Asked(key.verifier, url)


Act: TypeAlias = "bytes | Callable[[socket.socket], None]"
"""What is sent to a connection before it is closed, or done with it."""


class Anybody(ThreadingTCPServer):
    """A server that reads requests and answers whatever it was told, one act for each connection."""

    daemon_threads = True
    block_on_close = False
    acts: tuple[Act, ...]
    heard: list[tuple[list[bytes], bytes]]


class _Handler(StreamRequestHandler):
    server: Anybody

    def handle(self) -> None:
        lines = []
        while line := self.rfile.readline().strip():
            lines.append(line)
        (length,) = (int(one.partition(b":")[2]) for one in lines if one.lower().startswith(b"content-length:"))
        self.server.heard.append((lines, self.rfile.read(length)))
        act = self.server.acts[len(self.server.heard) - 1]
        with suppress(OSError):
            if isinstance(act, bytes):
                self.connection.sendall(act)
            else:
                act(self.connection)


@contextmanager
def anybody(*acts: Act, key: Signer = NORTH) -> Iterator[tuple[Anybody, Asked]]:
    """Yield a server that claims to be a witness, and how a log knows it."""
    server = Anybody(("127.0.0.1", 0), _Handler)
    server.acts, server.heard = acts, []
    with serving(server) as url:
        yield server, Asked(key.verifier, url)


def http(status: int, body: bytes, sort: str = "text/plain", **headers: str) -> bytes:
    """Return an answer of HTTP."""
    fields = {"Content_Type": sort, "Content_Length": str(len(body))} | headers
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} x\r\n{lines}\r\n".encode() + body


def size(number: int) -> bytes:
    """Return the answer of a witness that stands at a size."""
    return http(409, f"{number}\n".encode(), SIZE_TYPE)


def signed(number: int, *signers: Signer) -> bytes:
    """Return the lines of those who cosigned the head of so many entries."""
    return lines_of(note(log(number).head, *signers, time=NOON).signatures)


def asked_of(witness: Asked, new: int = 5, old: int = 0, *, seconds: float = LONG, history: str = "") -> Outcome:
    """Return what comes of asking for a cosignature under the head of so many entries."""
    made = log(new, history)
    return ask(witness, note(made.head, LOG), made.nodes, old, seconds=seconds)


def said_to(*acts: Act, new: int = 5, old: int = 0) -> Outcome:
    """Return what comes of asking somebody who answers this."""
    with anybody(*acts) as (_, witness):
        return asked_of(witness, new, old)


# ---- a true witness ------------------------------------------------------------------------------------------------


def test_a_witness_is_brought_from_head_to_head(tmp_path: Path) -> None:
    with witnessing(tmp_path) as (witness, asked):
        for old, new in ((0, 3), (3, 3), (3, 4), (4, 300)):
            found = asked_of(asked, new, old)

            assert isinstance(found, Cosigned)
            assert found.note.signatures[:1] == note(log(new).head, LOG).signatures
            assert [one.time for one in found.note.by(NORTH.verifier)] == [NOON]
            assert witness.seen()[ORIGIN].head == log(new).head


@pytest.mark.parametrize("old", [0, 1, 2, 4, 5, 6])
def test_a_log_that_does_not_know_where_a_witness_stands_is_told_and_asks_once_more(tmp_path: Path, old: int) -> None:
    with witnessing(tmp_path) as (witness, asked):
        witness.answer(request_for(note(log(3).head, LOG), 0, log(3).nodes))

        assert isinstance(asked_of(asked, 5, old), Cosigned)
        assert witness.refused() == []


def test_a_log_that_was_rolled_back_hears_that_its_witness_has_seen_more(tmp_path: Path) -> None:
    with witnessing(tmp_path) as (_, asked):
        asked_of(asked, 5)

        for old in (0, 3, 4, 5):
            assert asked_of(asked, 4, old) == Ahead(5)


def test_a_log_that_was_rewritten_is_refused_and_hears_why(tmp_path: Path) -> None:
    with witnessing(tmp_path) as (witness, asked):
        asked_of(asked, 3)

        for old in (0, 3):
            assert asked_of(asked, 3, old, history="x") == Refused(
                "it cosigned another tree of 3: one history of the two was rewritten"
            )
            assert asked_of(asked, 5, old, history="x") == Refused("422: the tree of 3 had another root")
        assert len(witness.refused()) == 4


def test_a_witness_that_does_not_watch_the_log_refuses(tmp_path: Path) -> None:
    other = signer("example.com/other")
    text = Checkpoint(other.name, log(3).head).text
    with witnessing(tmp_path) as (_, asked):
        found = ask(asked, Note(text, (other.sign(text),)), log(3).nodes, 0, seconds=LONG)

    assert found == Refused("404: this log is not watched here")


def test_the_empty_log_is_cosigned(tmp_path: Path) -> None:
    with witnessing(tmp_path) as (_, asked):
        assert isinstance(asked_of(asked, 0), Cosigned)


# ---- the request ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (3, 5), (5, 5), (255, 300)])
def test_a_request_that_is_carried_by_hand_is_the_one_that_is_sent(tmp_path: Path, old: int, new: int) -> None:
    mine = note(log(new).head, LOG)
    carried = request_for(mine, old, log(new).nodes)
    witness = Witness.open(tmp_path / "north.db", NORTH, [LOG.verifier], clock=lambda: NOON)
    if old:
        witness.answer(request_for(note(log(old).head, LOG), 0, log(old).nodes))
    with anybody(http(200, signed(new, NORTH))) as (server, asked):
        found = asked_of(asked, new, old)

    read = Request.read(carried)
    assert (read.old, read.note) == (old, mine)
    check_consistency(log(old).head if old else Head(0, EMPTY_ROOT), log(new).head, read.hashes)
    assert [body for _, body in server.heard] == [carried]
    assert found == Cosigned(cosigned(mine, witness.answer(carried).body, NORTH.verifier))


def test_no_request_leads_from_a_larger_tree_to_a_smaller_one() -> None:
    with pytest.raises(ValueError, match="a tree of 3 did not grow from one of 4"):
        request_for(note(log(3).head, LOG), 4, log(4).nodes)
    with pytest.raises(MalformedError, match="the checkpoint"):
        request_for(Note("a\n"), 0, log(4).nodes)


@pytest.mark.parametrize(
    ("prefix", "path"),
    [
        ("", b"/add-checkpoint"),
        ("/", b"/add-checkpoint"),
        ("/w/1", b"/w/1/add-checkpoint"),
        ("/w/1/", b"/w/1/add-checkpoint"),
    ],
)
def test_the_request_goes_to_the_submission_prefix(prefix: str, path: bytes) -> None:
    with anybody(http(200, signed(5, NORTH))) as (server, asked):
        found = asked_of(Asked(asked.key, asked.url + prefix))
        lines = server.heard[0][0]

    assert isinstance(found, Cosigned)
    assert lines[0] == b"POST " + path + b" HTTP/1.1"
    assert b"Host: " + asked.url.removeprefix("http://").encode() in lines
    assert b"Connection: close" in lines


@pytest.mark.parametrize(
    "url",
    [
        "http://north.example",
        "https://north.example:443/",
        "https://north_1.example/w/1%20/~a",
        "http://[::1]:65535/w",
        "http://127.0.0.1:8086",
        "",
    ],
)
def test_an_address_of_http_is_taken(url: str) -> None:
    assert Asked(NORTH.verifier, url).url == url


@pytest.mark.parametrize(
    "url",
    [
        "ftp://north.example",
        "file:///etc/passwd",
        "north.example",
        "http://",
        "http:///w",
        "http://north.example:65536",
        "http://north.example:x",
        "http://north.example:",
        "http://user:word@north.example",
        "http://north.example/?a=b",
        "http://north.example/#a",
        "http://north.example/ w",
        "http://north.example/w\r\nX: y",
        "http://north.example/w\n",
        "http://nörth.example",
        "http://[::1",
    ],
)
def test_what_is_no_address_of_http_is_refused(url: str) -> None:
    with pytest.raises(MalformedError, match=r"the address of 'north\.example'"):
        Asked(NORTH.verifier, url)


def test_only_a_key_that_cosigns_is_that_of_a_witness() -> None:
    with pytest.raises(MalformedError, match="it is not one for cosignatures"):
        Asked(LOG.verifier)


# ---- what does not count -------------------------------------------------------------------------------------------

OTHER = signer("north.example/2", COSIGNS)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (signed(5, SOUTH), "it is not signed by north.example"),
        (signed(5, LOG), "it is not signed by north.example"),
        (signed(4, NORTH), "the signature of 'north.example' is not over this text"),
        (
            signed(5, OTHER).replace(OTHER.name.encode(), NORTH.name.encode()),
            "it is not signed by north.example",
        ),
        (b"", "the answer of 'north.example': the last line does not end"),
        (b"5\n", "the answer of 'north.example', line 1: a line of a signature begins with a dash and a space"),
        (b"\xff\n", "the answer of 'north.example': byte 0 is not UTF-8"),
        (signed(5, NORTH)[:-1], "the answer of 'north.example': the last line does not end"),
        (b"<html>\x1b[2J\n", "the answer of 'north.example', line 1: a control character"),
    ],
)
def test_what_is_not_its_cosignature_under_this_head_is_refused(body: bytes, why: str) -> None:
    assert said_to(http(200, body)) == Refused(why)


def test_lines_of_other_keys_are_ignored() -> None:
    found = said_to(http(200, signed(5, SOUTH, NORTH, OTHER)))

    assert isinstance(found, Cosigned)
    assert found.note == note(log(5).head, LOG).signed(NORTH.sign(note(log(5).head).text, time=NOON))


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (400, b"no\n", "400: no"),
        (403, b"", "403: it does not say why"),
        (404, b"\x1b[2Jgone\n", "404: ?[2Jgone"),
        (422, b"\xff" + b"x" * 1000, "422: \ufffd" + "x" * 199),
        (500, b"a\nb\n", "500: a?b"),
        (199, b"", "199: it does not say why"),
        (201, b"no", "201: no"),
        (299, b"no", "299: no"),
        (300, b"no", "300: it sends elsewhere, where nobody follows"),
        (399, b"no", "399: it sends elsewhere, where nobody follows"),
        (999, b"no", "999: no"),
    ],
)
def test_any_other_status_is_a_refusal_that_is_shown(status: int, body: bytes, why: str) -> None:
    assert said_to(http(status, body)) == Refused(why)


def test_a_cosignature_counts_with_no_other_status() -> None:
    for status in (201, 202, 304, 409, 500):
        assert isinstance(said_to(http(status, signed(5, NORTH))), Refused)


def test_nobody_follows_where_an_answer_sends() -> None:
    with anybody(http(200, signed(5, NORTH))) as (elsewhere, there):
        for status in (301, 302, 303, 307, 308):
            found = said_to(http(status, b"", Location=f"{there.url}/add-checkpoint"))

            assert found == Refused(f"{status}: it sends elsewhere, where nobody follows")
        assert elsewhere.heard == []


# ---- where a witness says that it stands ---------------------------------------------------------------------------


def test_a_witness_that_stands_further_on_than_the_log_is_told_apart() -> None:
    assert said_to(size(6)) == Ahead(6)
    assert said_to(size((1 << 63) - 1)) == Ahead((1 << 63) - 1)
    assert said_to(size(3), size(6)) == Ahead(6)
    assert said_to(size(1), new=0) == Ahead(1)


def test_the_type_of_a_size_may_be_written_in_any_case_and_with_more() -> None:
    assert said_to(http(409, b"6\n", "Text/X.tlog.size; charset=utf-8")) == Ahead(6)


def test_a_witness_is_asked_twice_and_no_more() -> None:
    with anybody(size(3), size(4), http(200, signed(5, NORTH))) as (server, asked):
        found = asked_of(asked)

    assert found == Refused("it stood at 3, and then at 4")
    assert [Request.read(body).old for _, body in server.heard] == [0, 3]


@pytest.mark.parametrize("stands", [0, 4, 5])
def test_a_witness_is_asked_again_from_any_size_up_to_that_of_the_head(stands: int) -> None:
    with anybody(size(stands), http(200, signed(5, NORTH))) as (server, asked):
        found = asked_of(asked, old=2)

    assert isinstance(found, Cosigned)
    assert [Request.read(body).old for _, body in server.heard] == [2, stands]


def test_a_size_that_the_log_remembers_wrongly_is_corrected_by_the_witness() -> None:
    with anybody(size(6)) as (server, asked):
        found = asked_of(asked, new=5, old=9)

    assert found == Ahead(6)
    assert [Request.read(body).old for _, body in server.heard] == [5]


@pytest.mark.parametrize(
    ("answer", "old", "why"),
    [
        (size(2), 2, "409 to a request from 2, and no other size that it would take"),
        (http(409, b"6\n"), 2, "409 to a request from 2, and no other size that it would take"),
        (http(409, b""), 5, "it cosigned another tree of 5: one history of the two was rewritten"),
        (size(5), 5, "it cosigned another tree of 5: one history of the two was rewritten"),
        (http(409, b"06\n", SIZE_TYPE), 2, "the size that it answered: '06' is no number of this sort"),
        (http(409, b"-6\n", SIZE_TYPE), 2, "the size that it answered: '-6' is no number of this sort"),
        (http(409, b"6", SIZE_TYPE), 2, "the size that it answered: the last line does not end"),
        (http(409, b"6\n\n", SIZE_TYPE), 2, "the size that it answered: '6?' is no number of this sort"),
        (http(409, b"", SIZE_TYPE), 2, "the size that it answered: the last line does not end"),
        (
            http(409, b"9223372036854775808\n", SIZE_TYPE),
            2,
            "the size that it answered: '9223372036854775808' is no number of this sort",
        ),
        (http(409, b"9" * 60_000 + b"\n", SIZE_TYPE), 2, "the size that it answered: '" + "9" * 40 + "...' is"),
    ],
)
def test_a_conflict_without_a_size_to_go_on_from_is_a_refusal(answer: bytes, old: int, why: str) -> None:
    found = said_to(answer, old=old)

    assert isinstance(found, Refused)
    assert found.why.startswith(why)


# ---- what is no answer ---------------------------------------------------------------------------------------------

GOOD = http(200, signed(5, NORTH))


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (b"", "Remote end closed connection without response"),
        (b"garbage\x1b[2J\n", "garbage?[2J"),
        (b"\0" * 100, "?"),
        (b"HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 abc"),
        (b"HTTP/9.9 200 x\r\n\r\n", "HTTP/9.9"),
        (b"HTTP/1.1 200 x\r\n" + b"A: b\r\n" * 1000 + b"\r\n", "got more than 100 headers"),
        (b"HTTP/1.1 200 " + b"x" * 100_000, "got more than 65536 bytes"),
        (GOOD[:-1], "IncompleteRead"),
        (http(409, b"6\n", SIZE_TYPE, Content_Length="3"), "IncompleteRead"),
        (b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "IncompleteRead"),
        (b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc", "IncompleteRead"),
    ],
)
def test_who_answers_nothing_whole_is_silent(act: bytes, why: str) -> None:
    found = said_to(act)

    assert isinstance(found, Silent)
    assert why in found.why
    assert found.why.isprintable()
    assert len(found.why) <= 200


def test_an_answer_that_only_the_end_of_the_connection_ends_is_whole() -> None:
    for head in (b"HTTP/1.1 200 x\r\n\r\n", b"HTTP/1.0 200\r\n\r\n", b"HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 x\r\n\r\n"):
        assert isinstance(said_to(head + signed(5, NORTH)), Cosigned)
    for spoilt in ("x", "-1", "9" * 5000):
        assert isinstance(said_to(http(200, signed(5, NORTH), Content_Length=spoilt)), (Cosigned, Silent))


def test_an_answer_longer_than_a_note_is_not_read_to_its_end() -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 x\r\n\r\n")
        while True:
            connection.sendall(signed(5, NORTH) * 100)

    def chunks(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")

    too_much = Refused("it answered more than 65,536 bytes")
    assert said_to(endless) == said_to(chunks) == too_much
    assert said_to(http(404, b"x" * (MOST_BYTES + 1))) == too_much
    assert said_to(http(404, b"x" * MOST_BYTES)) == Refused("404: " + "x" * 200)
    assert said_to(http(409, b"6\n" + b"x" * MOST_BYTES, SIZE_TYPE, Content_Length="9" * 30)) == too_much


def test_who_lets_nobody_in_is_silent() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        found = asked_of(Asked(NORTH.verifier, f"http://127.0.0.1:{bound.getsockname()[1]}"))

    assert isinstance(found, Silent)
    assert "refused" in found.why


def test_a_name_that_cannot_be_one_is_silent() -> None:
    for host in ("a..b", "a" * 64 + ".example"):
        found = asked_of(Asked(NORTH.verifier, f"http://{host}"))

        assert isinstance(found, Silent)
        assert found != TOO_SLOW


def test_a_witness_without_an_address_is_not_asked() -> None:
    assert asked_of(Asked(NORTH.verifier)) == NO_ADDRESS


# ---- time ----------------------------------------------------------------------------------------------------------


def waits(connection: socket.socket) -> None:
    """Answer nothing until the other end is gone."""
    connection.recv(1)


def test_who_never_answers_is_silent_when_time_is_up() -> None:
    with anybody(waits) as (_, asked):
        assert asked_of(asked, seconds=0.1) == TOO_SLOW


def test_time_that_is_up_before_it_began_asks_nobody() -> None:
    made = log(5)
    with anybody(GOOD) as (server, asked):
        for seconds in (0, -1):
            found = ask_all({asked: 0}, note(made.head, LOG), made.nodes, seconds=seconds, clock=lambda: 7)

            assert found == {asked: TOO_SLOW}
        assert server.heard == []


def test_a_name_that_is_looked_up_too_long_holds_up_neither_the_log_nor_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over, outlive = threading.Event(), []

    def looked_up(*_: object) -> list[object]:
        outlive.append(not threading.current_thread().daemon)
        over.wait(2)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    found = asked_of(Asked(NORTH.verifier, "http://north.example"), seconds=0.1)
    over.set()

    assert found == TOO_SLOW
    assert outlive == [False]


def test_nobody_is_dialled_for_longer_than_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []

    def dialled(_: object, timeout: float, *__: object) -> socket.socket:
        limits.append(timeout)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", dialled)
    found = asked_of(Asked(NORTH.verifier, "http://north.example"), seconds=LONG)

    assert found == TOO_SLOW
    assert [0 < limit <= LONG for limit in limits] == [True]


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 x\r\n", b"HTTP/1.1 200 x\r\n\r\n"])
def test_a_byte_now_and_then_does_not_win_time(head: bytes) -> None:
    sent = []

    def drips(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(1000):
            connection.sendall(b"x")
            sent.append(b"x")
            threading.Event().wait(0.002)

    ticks = count()
    with anybody(drips) as (_, asked):
        found = ask_all({asked: 0}, note(log(5).head, LOG), log(5).nodes, seconds=LONG, clock=lambda: next(ticks))

    assert found == {asked: TOO_SLOW}
    assert 0 < len(sent) < 1000


def test_the_second_request_has_the_time_that_the_first_left() -> None:
    ticks = count()
    with anybody(size(3), waits) as (_, asked):
        found = ask_all(
            {asked: 0}, note(log(5).head, LOG), log(5).nodes, seconds=0.5, clock=lambda: next(ticks) / 100
        )

    assert found == {asked: TOO_SLOW}


# ---- several at once -----------------------------------------------------------------------------------------------


def test_all_are_asked_at_once_and_each_has_its_own_outcome(tmp_path: Path) -> None:
    made, names = log(5), ("north", "south", "east", "west")
    north, south, east, west = (signer(f"{name}.example", COSIGNS) for name in names)
    both = threading.Barrier(2)

    def together(connection: socket.socket) -> None:
        both.wait(LONG)
        connection.sendall(http(200, signed(5, east)))

    def too(connection: socket.socket) -> None:
        both.wait(LONG)
        connection.sendall(size(7))

    with (
        witnessing(tmp_path, north) as (witness, first),
        anybody(together, key=east) as (_, third),
        anybody(too, key=west) as (_, fourth),
    ):
        witness.answer(request_for(note(log(3).head, LOG), 0, log(3).nodes))
        second = Asked(south.verifier)
        found = ask_all({first: 0, second: 0, third: 4, fourth: 5}, note(made.head, LOG), made.nodes, seconds=LONG)

    assert list(found) == [first, second, third, fourth]
    assert isinstance(found[first], Cosigned)
    assert found[second] == NO_ADDRESS
    assert isinstance(found[third], Cosigned)
    assert found[fourth] == Ahead(7)


def test_who_is_slow_holds_up_nobody_else() -> None:
    made, asked_again = log(5), threading.Event()

    def slowly(connection: socket.socket) -> None:
        asked_again.wait(LONG)
        connection.sendall(http(200, signed(5, SOUTH)))

    def quickly(connection: socket.socket) -> None:
        asked_again.set()
        connection.sendall(GOOD)

    with anybody(slowly, key=SOUTH) as (_, slow), anybody(size(3), quickly) as (_, quick):
        found = ask_all({slow: 0, quick: 0}, note(made.head, LOG), made.nodes, seconds=LONG)

    assert isinstance(found[slow], Cosigned)
    assert isinstance(found[quick], Cosigned)


def test_two_keys_of_one_name_are_two_witnesses() -> None:
    again = Signer(NORTH.name, COSIGNS, OTHER.key)
    made = log(5)
    with anybody(GOOD) as (_, first), anybody(size(6), key=again) as (_, second):
        found = ask_all({first: 0, second: 0}, note(made.head, LOG), made.nodes, seconds=LONG)

    assert isinstance(found[first], Cosigned)
    assert found[second] == Ahead(6)


def test_nobody_asked_is_nobody_heard() -> None:
    assert ask_all({}, note(log(5).head, LOG), log(5).nodes, seconds=LONG) == {}


class Watched:
    """Nodes that tell from which thread they were asked."""

    def __init__(self, *, broken: bool = False) -> None:
        self.threads: set[int] = set()
        self.broken = broken

    def node(self, height: int, index: int) -> bytes:
        self.threads.add(threading.get_ident())
        if self.broken:
            raise LookupError("tile/0/000.p/5")
        return log(5).nodes.node(height, index)


def test_the_record_is_read_by_who_asks_alone() -> None:
    nodes = Watched()
    with anybody(size(3), GOOD) as (_, asked):
        found = ask(asked, note(log(5).head, LOG), nodes, 2, seconds=LONG)

    assert isinstance(found, Cosigned)
    assert nodes.threads == {threading.get_ident()}


def test_a_record_that_cannot_be_read_is_no_fault_of_the_witness() -> None:
    with anybody(size(3), GOOD) as (_, asked), pytest.raises(LookupError):
        ask(asked, note(log(5).head, LOG), Watched(broken=True), 0, seconds=LONG)


# ---- https ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "north.example")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, None)
    )
    path = tmp_path / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_a_witness_behind_https_is_heard_if_its_certificate_is_good(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Anybody(("127.0.0.1", 0), _Handler)
    server.acts, server.heard = (GOOD, GOOD), []
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setattr(server, "handle_error", lambda *_: None)
    with serving(server) as url:
        asked = Asked(NORTH.verifier, url.replace("http:", "https:"))
        stranger = asked_of(asked)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        known = asked_of(asked)

    assert isinstance(stranger, Silent)
    assert "certificate verify failed" in stranger.why
    assert isinstance(known, Cosigned)
    assert len(server.heard) == 1
