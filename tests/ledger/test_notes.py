"""Notes and checkpoints are those of C2SP, and only what a known key signed counts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger_logs import LOG, NORTH, ORIGIN, SOUTH, log, note, signer
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.notes import (
    COSIGNS,
    MOST_SIGNATURES,
    SIGNS,
    Note,
    Signature,
    UntrustedError,
    Verifier,
    cosigned,
    is_signed,
    lines_of,
    read_lines,
)
from trucekeeper.ledger.tree import Head

if TYPE_CHECKING:
    from pathlib import Path

# The example in the documentation of the Go package golang.org/x/mod/sumdb/note.
NEUMANN = Verifier.read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
SAID = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_that_others_published_verifies() -> None:
    read = Note.read(SAID.encode())

    assert read.held_by([NEUMANN]) is NEUMANN
    assert bytes(read) == SAID.encode()
    assert read.text.endswith("your problem is.\n")


@pytest.mark.parametrize("at", range(len(SAID.partition("\n\n")[0])))
def test_no_letter_of_it_can_be_changed(at: int) -> None:
    changed = SAID[:at] + ("x" if SAID[at] != "x" else "y") + SAID[at + 1 :]

    with pytest.raises(UntrustedError, match="the signature of 'PeterNeumann' is not over this text"):
        Note.read(changed.encode()).held_by([NEUMANN])


def test_published_ed25519_vectors_agree(shared: Path) -> None:
    groups = json.loads((shared / "data" / "standards" / "wycheproof_ed25519_test.json").read_text("utf-8"))
    wrong, checked = [], 0
    for group in groups["testGroups"]:
        key = bytes.fromhex(group["publicKey"]["pk"])
        for one in group["tests"]:
            checked += 1
            if is_signed(key, bytes.fromhex(one["msg"]), bytes.fromhex(one["sig"])) is not (one["result"] == "valid"):
                wrong.append(one["tcId"])

    assert (wrong, checked) == ([], groups["numberOfTests"])


# ---- whom a note is by ---------------------------------------------------------------------------------------------


def test_a_line_of_an_unknown_key_says_nothing_and_is_kept() -> None:
    both = note(log(3).head, LOG, signer("stranger"))

    assert both.held_by([LOG.verifier]) == LOG.verifier
    assert Note.read(bytes(both)) == both
    with pytest.raises(UntrustedError, match="it is not signed by friend or foe"):
        both.held_by([signer("friend").verifier, signer("foe").verifier])


def test_a_name_is_no_key() -> None:
    other = Verifier(ORIGIN, SIGNS, signer("stranger").verifier.key)

    with pytest.raises(UntrustedError, match="it is not signed by"):
        note(log(3).head, LOG).held_by([other])


def test_a_wrong_line_of_a_known_key_spoils_the_note() -> None:
    good, bad = note(log(3).head, LOG), note(log(2).head, LOG)
    both = Note(good.text, (*good.signatures, *bad.signatures))

    with pytest.raises(UntrustedError):
        both.held_by([LOG.verifier])


def test_the_newest_signature_of_a_key_takes_the_place_of_the_last() -> None:
    first = note(log(3).head, LOG, NORTH)
    later = first.signed(NORTH.sign(first.text, time=9))

    assert [one.name for one in later.signatures] == [ORIGIN, "north.example"]
    assert [one.time for one in later.by(NORTH.verifier)] == [9]


def test_a_cosignature_says_when_it_was_made_and_stands_for_nothing_else() -> None:
    text = note(log(3).head, LOG).text
    one = NORTH.sign(text, time=1_679_315_147)

    assert one.time == 1_679_315_147
    assert cosigned(one.time, text).decode() == f"cosignature/v1\ntime 1679315147\n{text}"
    assert NORTH.verifier.verifies(text, one.data)
    assert not NORTH.verifier.verifies(text, (2).to_bytes(8) + one.data[8:])
    assert not NORTH.verifier.verifies(text, one.data[8:])
    assert not NORTH.verifier.verifies(text, (1 << 63).to_bytes(8) + one.data[8:])
    assert not Verifier(NORTH.name, SIGNS, NORTH.verifier.key).verifies(text, one.data)
    assert Verifier(NORTH.name, SIGNS, NORTH.verifier.key).id != NORTH.verifier.id
    last = NORTH.sign(text, time=(1 << 63) - 1)
    assert NORTH.verifier.verifies(text, last.data)
    later = NORTH.key.sign(cosigned(1 << 63, text))
    assert not NORTH.verifier.verifies(text, (1 << 63).to_bytes(8) + later)
    with pytest.raises(ValueError, match="a cosignature says when"):
        NORTH.sign(text)


# ---- keys ----------------------------------------------------------------------------------------------------------


def test_a_key_is_one_word_that_is_read_back() -> None:
    for one in (LOG.verifier, NORTH.verifier, NEUMANN):
        assert Verifier.read(one.vkey) == one


@pytest.mark.parametrize(
    ("vkey", "wrong"),
    [
        ("PeterNeumann", "a key is written NAME"),
        ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "a key's name is not empty"),
        ("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "no space"),
        ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "is c74f20a3, not c74f20a4"),
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T", "is not canonical base64"),
        ("PeterNeumann+c74f20a3+ARpc", "it is not an Ed25519 key"),
        ("PeterNeumann+c74f20a3+BRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "it is not an Ed25519 key"),
    ],
)
def test_a_word_that_is_no_key_is_refused(vkey: str, wrong: str) -> None:
    with pytest.raises(MalformedError, match=wrong):
        Verifier.read(vkey)


# ---- what is no note -----------------------------------------------------------------------------------------------

LINE = SAID.split("\n")[3]


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"", "the last line does not end"),
        (b"a\n", "no empty line parts"),
        (b"\n\n", "no empty line parts"),
        (b"a\n\n", "it has 0 signatures"),
        (b"a\n\n" + LINE.encode(), "the last line does not end"),
        (b"a\r\n\n" + LINE.encode() + b"\n", "line 1: a control character"),
        (b"a\x00\n\n" + LINE.encode() + b"\n", "line 1: a control character"),
        (b"a\xff\n\n" + LINE.encode() + b"\n", "byte 1 is not UTF-8"),
        (b"a\n\n" + LINE.encode() + b"\nmore\n", "line 4: a line of a signature begins with a dash"),
        ("a\n\n— x\n".encode(), "line 3: '' is not canonical base64"),
        ("a\n\n— x AAAA\n".encode(), "line 3: the signature is missing"),
        ("a\n\n— x AAAAAA==\n".encode(), "line 3: the signature is missing"),
        ("a\n\n— x AAAAAAA=\n— \n".encode(), "line 4: a key's name is not empty"),
        ("a\n\n— x+y AAAAAAA=\n".encode(), "line 3: a key's name"),
        ("a\n\n— x AAAAAAB=\n".encode(), "line 3: 'AAAAAAB=' is not canonical base64"),
        ("a\n\n— x AAAA AAA=\n".encode(), "is not canonical base64"),
        (b"a" * (1 << 16) + b"\n\n" + LINE.encode() + b"\n", "and may have 65,536"),
    ],
)
def test_what_is_no_note_is_refused_with_where_and_why(data: bytes, wrong: str) -> None:
    with pytest.raises(MalformedError, match=wrong.replace("(", r"\(")):
        Note.read(data)


def test_sixteen_signatures_are_taken_and_thousands_refused() -> None:
    many = [LINE.replace("PeterNeumann", f"w{at}") for at in range(1000)]
    for count in (1, 16, MOST_SIGNATURES):
        read = Note.read(("a\n\n" + "".join(f"{line}\n" for line in many[:count])).encode())

        assert len(read.signatures) == count
    with pytest.raises(MalformedError, match="and may have 1 to 64"):
        Note.read(("a\n\n" + "".join(f"{line[:12]} AAAAAAA=\n" for line in many[: MOST_SIGNATURES + 1])).encode())
    with pytest.raises(MalformedError):
        Note.read(("a\n\n" + "".join(f"{line}\n" for line in many)).encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_note_or_refused(data: bytes) -> None:
    try:
        read = Note.read(data)
    except MalformedError:
        return
    assert bytes(read) == data


def test_lines_of_signatures_are_read_back() -> None:
    two = note(log(3).head, NORTH, SOUTH).signatures

    assert read_lines(lines_of(two), "the answer") == two
    assert len(read_lines(lines_of(two[:1] * MOST_SIGNATURES), "the answer")) == MOST_SIGNATURES
    with pytest.raises(MalformedError, match="the answer, line 1"):
        read_lines(b"no\n", "the answer")
    with pytest.raises(MalformedError, match="and may have 64"):
        read_lines(lines_of(two[:1] * 65), "the answer")
    assert Signature.read(two[0].line.rstrip("\n"), "x", 1) == two[0]


# ---- checkpoints ---------------------------------------------------------------------------------------------------


def test_a_checkpoint_is_read_back() -> None:
    one = Checkpoint(ORIGIN, log(3).head, ("more",))

    assert Checkpoint.of(Note(one.text)) == one
    read, whole = Checkpoint.read(bytes(note(log(3).head, LOG, NORTH)))
    assert (read, len(whole.signatures)) == (Checkpoint(ORIGIN, log(3).head), 2)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a\n3\n", "at least three lines"),
        ("a\n\n3\nx\n", "none of them empty"),
        ("a\n03\nx\n", "line 2: '03' is no number"),
        ("a\n-3\nx\n", "line 2"),
        ("a\n+3\nx\n", "line 2"),
        ("a\n3 \nx\n", "line 2"),
        ("a\n٣\nx\n", "line 2"),
        ("a\n9223372036854775808\nx\n", "line 2"),
        ("a\n3\nAAAA\n", "line 3: a hash has 32 bytes, not 3"),
        ("a\n3\n" + "A" * 43 + "\n", "line 3"),
        ("a\n3\n" + "A" * 42 + "B=\n", "line 3"),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str, wrong: str) -> None:
    with pytest.raises(MalformedError, match=wrong):
        Checkpoint.of(Note(text))


def test_a_log_may_have_as_many_entries_as_63_bits_count() -> None:
    most = (1 << 63) - 1

    assert Checkpoint.of(Note(Checkpoint(ORIGIN, Head(most, bytes(32))).text)).head.size == most


def test_types_have_their_numbers() -> None:
    assert (SIGNS, COSIGNS) == (1, 4)
