"""A witness cosigns what grew from what it saw last, remembers it before it answers, and no more (tlog-witness)."""

from __future__ import annotations

import http.client
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.ledger_logs import LOG, NORTH, ORIGIN, SOUTH, log, note, signer
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.notes import MOST_SIGNATURES, Note, Signer, UntrustedError, lines_of
from trucekeeper.ledger.requests import MOST_BYTES, Request
from trucekeeper.ledger.tree import consistency_proof
from trucekeeper.ledger.witness import Answer, Server, Witness, cosigned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = 1_924_992_000


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness.open(tmp_path / "witness.db", NORTH, [LOG.verifier], clock=lambda: NOON + 0.9)


def request(old: int, new: int, history: str = "", *, by: Signer = LOG) -> bytes:
    made = log(new, history)
    hashes = consistency_proof(made.nodes, min(old, new), new)
    return bytes(Request(old, tuple(hashes), note(made.head, by)))


def said(answer: Answer) -> tuple[int, str, str]:
    return int(answer.status), answer.type, answer.body.decode()


def test_a_log_that_grows_is_cosigned_each_time(witness: Witness) -> None:
    for old, new in ((0, 3), (3, 3), (3, 4), (4, 300), (300, 300)):
        answer = witness.answer(request(old, new))
        whole = cosigned(note(log(new).head, LOG), answer.body, NORTH.verifier)

        assert answer.status == 200
        assert [one.time for one in whole.by(NORTH.verifier)] == [NOON]
        assert witness.seen()[ORIGIN].head == log(new).head
        assert Note.read(witness.seen()[ORIGIN].note) == note(log(new).head, LOG)


def test_a_witness_remembers_when_it_starts_again(witness: Witness) -> None:
    witness.answer(request(0, 3))
    again = Witness.open(witness.database, NORTH, [LOG.verifier], clock=witness.clock)

    assert said(again.answer(request(0, 4))) == (409, "text/x.tlog.size", "3\n")
    assert again.answer(request(3, 4)).status == 200


def test_who_asks_from_elsewhere_hears_where_the_witness_stands(witness: Witness) -> None:
    assert said(witness.answer(request(2, 3))) == (409, "text/x.tlog.size", "0\n")
    witness.answer(request(0, 3))
    for old in (0, 1, 2, 4):
        assert said(witness.answer(request(old, 5))) == (409, "text/x.tlog.size", "3\n")
    assert witness.refused() == []


def test_a_rewritten_history_is_refused_and_kept_as_evidence(witness: Witness) -> None:
    witness.answer(request(0, 3))
    rewritten = request(3, 5, "x")

    status, _, why = said(witness.answer(rewritten))

    assert (status, why) == (422, "the tree of 3 had another root\n")
    assert witness.refused() == [(NOON, ORIGIN, "the tree of 3 had another root", rewritten)]
    assert said(witness.answer(request(3, 3, "x"))) == (409, "text/x.tlog.size", "3\n")
    assert len(witness.refused()) == 2
    assert witness.seen()[ORIGIN].head == log(3).head


def test_evidence_is_kept_but_not_without_end(witness: Witness) -> None:
    witness.answer(request(0, 3))
    with sqlite3.connect(witness.database) as connection:
        connection.executemany("INSERT INTO refused VALUES (0, '', '', ?)", [[b""]] * 999)
    for _ in range(3):
        witness.answer(request(3, 5, "x"))

    assert len(witness.refused()) == 1000


@pytest.mark.parametrize(
    ("data", "status", "why"),
    [
        (request(0, 3, by=signer("example.com/other")), 403, "it is not signed by example.com/truce\n"),
        (bytes(Request(4, (), note(log(3).head, LOG))), 400, "the old size is more than the checkpoint's\n"),
        (bytes(Request(0, (), note(log(3).head, LOG))).replace(b"old 0", b"old 00"), 400, "the request, line 1"),
        (
            bytes(Request(0, (), note(log(3).head, LOG))).replace(b"old 0", b"new 0"),
            400,
            "the request, line 1: the first",
        ),
        (b"old 0\nx\n\n", 400, "the request, line 2: 'x' is not canonical base64"),
        (b"old 0\n" + b"A" * 43 + b"=\nx\n\n", 400, "the request, line 3: 'x' is not canonical base64"),
        (bytes(Request(0, (bytes(32),) * 64, note(log(3).head, LOG))), 400, "the request: it has 64 hashes"),
        (b"old 0\n\xd9\xa1\n\nx", 400, "the request: a byte before the checkpoint is not ASCII"),
        (b"old 0\n", 400, "the request: no empty line"),
        (b"old 0\n\na\n\nb\n", 400, "the note, line 3"),
        (b"x" * 69_632, 400, "the request: no empty line"),
        (b"x" * 69_633, 400, "the request: it has 69,633 bytes, and may have 69,632"),
        (bytes(Request(0, (bytes(32),), note(log(3).head, LOG))), 422, "a proof of 0 hashes is due, and 1 are there"),
    ],
)
def test_what_does_not_fit_is_refused_with_why(witness: Witness, data: bytes, status: int, why: str) -> None:
    answer = witness.answer(data)

    assert answer.status == status
    assert answer.body.decode().startswith(why)
    assert witness.seen() == {}


def test_a_request_may_have_as_many_hashes_as_the_largest_tree_needs() -> None:
    most = Request(1, (bytes(32),) * 63, note(log(3).head, LOG))

    assert Request.read(bytes(most)) == most


def test_a_witness_whose_clock_fails_has_cosigned_nothing_and_says_so(witness: Witness) -> None:
    def broken() -> float:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Witness.open(witness.database, NORTH, [LOG.verifier], clock=broken).answer(request(0, 3))
    assert witness.seen() == {}
    assert witness.answer(request(0, 4)).status == 200


def test_a_log_that_nobody_asked_to_watch_is_not_found(witness: Witness) -> None:
    other = signer("example.com/other")
    text = Checkpoint("example.com/other", log(3).head).text
    asked = bytes(Request(0, (), Note(text, (other.sign(text), LOG.sign(text)))))

    assert said(witness.answer(asked)) == (404, "text/plain; charset=utf-8", "this log is not watched here\n")


def test_of_requests_at_once_one_is_cosigned_and_the_others_hear_where_it_stands(witness: Witness) -> None:
    witness.answer(request(0, 3))
    asked = [request(3, size) for size in range(4, 12)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(witness.answer, asked))

    assert sorted(int(one.status) for one in answers) == [200, *[409] * 7]
    (size,) = {int(one.body) for one in answers if one.status == 409}
    assert witness.seen()[ORIGIN].head.size == size


def test_an_answer_counts_only_with_the_cosignature_of_its_witness() -> None:
    mine, other = note(log(3).head, LOG), signer("other.example", 4)
    line = other.sign(mine.text, time=NOON).line.encode()

    with pytest.raises(UntrustedError, match=r"it is not signed by north\.example"):
        cosigned(mine, line, NORTH.verifier)
    with pytest.raises(UntrustedError, match="is not over this text"):
        cosigned(mine, NORTH.sign("x\n", time=NOON).line.encode(), NORTH.verifier)
    with pytest.raises(MalformedError, match=r"the answer of 'north\.example'"):
        cosigned(mine, b"3\n", NORTH.verifier)
    both = cosigned(mine, line + NORTH.sign(mine.text, time=NOON).line.encode(), NORTH.verifier)
    assert [one.name for one in both.signatures] == [ORIGIN, "north.example"]


def test_a_witness_that_answers_in_many_lines_takes_up_one_line_of_the_note() -> None:
    mine = note(log(3).head, LOG, SOUTH)
    many = lines_of(NORTH.sign(mine.text, time=NOON + at) for at in range(MOST_SIGNATURES))
    whole = cosigned(mine, many, NORTH.verifier)

    assert Note.read(bytes(whole)) == whole
    assert [one.name for one in whole.signatures] == [ORIGIN, "south.example", "north.example"]
    assert [one.time for one in whole.by(NORTH.verifier)] == [NOON + MOST_SIGNATURES - 1]


# ---- by HTTP -------------------------------------------------------------------------------------------------------


@contextmanager
def served(witness: Witness) -> Iterator[http.client.HTTPConnection]:
    server = Server.at(("127.0.0.1", 0), witness)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
    try:
        yield connection
    finally:
        connection.close()
        server.shutdown()
        server.server_close()


def test_the_same_bytes_go_by_http(witness: Witness) -> None:
    with served(witness) as connection:
        for old, new, status in ((0, 3, 200), (0, 4, 409), (3, 4, 200)):
            connection.request("POST", "/add-checkpoint", request(old, new))
            answer = connection.getresponse()
            body = answer.read()

            assert answer.status == status
            if status == 200:
                cosigned(note(log(new).head, LOG), body, NORTH.verifier)
            else:
                assert (answer.getheader("Content-Type"), body) == ("text/x.tlog.size", b"3\n")


def test_the_longest_request_is_read_by_http(witness: Witness) -> None:
    with served(witness) as connection:
        connection.request("POST", "/add-checkpoint", b"x" * MOST_BYTES)

        assert connection.getresponse().read() == b"the request: no empty line parts the hashes from the checkpoint\n"


def test_nothing_else_is_answered_by_http(witness: Witness) -> None:
    for method, path, headers, status in (
        ("GET", "/add-checkpoint", {}, 501),
        ("POST", "/", {"Content-Length": "3"}, 404),
        ("POST", "/add-checkpoint", {"Content-Length": "x"}, 411),
        ("POST", "/add-checkpoint", {"Content-Length": "-1"}, 411),
        ("POST", "/add-checkpoint", {"Content-Length": str(MOST_BYTES + 1)}, 413),
        ("POST", "/add-checkpoint", {"Content-Length": "9" * 5000}, 413),
        ("POST", "/add-checkpoint", {"Transfer-Encoding": "chunked"}, 411),
    ):
        with served(witness) as connection:
            connection.putrequest(method, path)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()

            assert connection.getresponse().status == status
    assert witness.seen() == {}
