"""Files from the world: what is good in them is handed out, and what is wrong is said, in bounded memory."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pytest

from trucekeeper.intake.opening import BLOCK, Limits, Opening

if TYPE_CHECKING:
    from pathlib import Path

TEXT = b"first\nsecond\nthird\n"


def opened(data: bytes, name: str = "given.csv", **limits: int) -> tuple[Opening, dict[str, list[tuple[int, str]]]]:
    """Return an opening of some bytes, and the lines of its parts."""
    opening = Opening((name, data), Limits(**limits))
    return opening, {part.name: list(part.lines()) for part in opening.parts()}


def lines(data: bytes, name: str = "given.csv", **limits: int) -> list[str]:
    return [text for _, text in next(iter(opened(data, name, **limits)[1].values()), [])]


def said(opening: Opening) -> list[str]:
    return [str(fault) for fault in opening.faults.all()]


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("data", [TEXT, TEXT.replace(b"\n", b"\r\n"), TEXT.replace(b"\n", b"\r"), TEXT[:-1]])
def test_lines_end_as_any_system_ends_them(data: bytes) -> None:
    assert opened(data)[1] == {"given.csv": [(1, "first"), (2, "second"), (3, "third")]}


def test_a_line_that_lies_across_two_blocks_is_one() -> None:
    long = "a" * (BLOCK - 3)

    assert lines(f"{long}\nbbbbbb\nc".encode()) == [long, "bbbbbb", "c"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_how_text_is_written(encoding: str) -> None:
    assert lines("Brücke\nUfer\n".encode(encoding)) == ["Brücke", "Ufer"]


def test_a_line_that_is_not_utf_8_is_read_as_latin_1_with_one_note() -> None:
    opening, parts = opened("eins\nBrücke\nGröße\n".encode("latin-1"))

    assert [text for _, text in parts["given.csv"]] == ["eins", "Brücke", "Größe"]
    assert [note.split(",")[0] for note in opening.notes] == ["given.csv:2: not UTF-8; this line"]


def test_a_line_that_is_too_long_is_left_out_and_the_rest_read() -> None:
    opening, parts = opened(b"one\n" + b"x" * 50 + b"\ntwo\n", line=20)

    assert parts["given.csv"] == [(1, "one"), (3, "two")]
    assert said(opening)[0].startswith("given.csv:2: a line of more than 20 bytes was left out")


def test_a_line_as_long_as_may_be_is_read() -> None:
    assert lines(b"x" * 20 + b"\ny\n", line=20) == ["x" * 20, "y"]


def test_a_line_of_many_blocks_takes_no_more_memory_than_a_line_may(tmp_path: Path) -> None:
    path = tmp_path / "one-line.csv"
    with path.open("wb") as file:
        file.truncate(64 << 20)
        file.seek(0, os.SEEK_END)
        file.write(b"\nlast\n")
    opening = Opening(path, Limits(line=1 << 16))
    tracemalloc.start()
    found = [line for part in opening.parts() for line in part.lines()]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert found == [(2, "last")]
    assert opening.faults.count == 1
    assert peak < 4 << 20


def test_a_gz_is_read_as_what_it_holds() -> None:
    opening = Opening(("given.csv.gz", gzip.compress(TEXT)))
    parts = opening.parts()
    part = next(parts)

    assert part.ending == ".csv"
    assert [text for _, text in part.lines()] == ["first", "second", "third"]


def test_a_gz_of_several_pieces_is_read_to_its_end() -> None:
    assert lines(gzip.compress(b"one\n") + gzip.compress(b"two\n") + b"\0" * 8) == ["one", "two"]


def test_a_gz_cut_off_gives_the_whole_lines_before_and_says_so() -> None:
    whole = b"".join(b"%d,%s\n" % (one, os.urandom(20).hex().encode()) for one in range(20_000))
    packed = gzip.compress(whole)
    opening, parts = opened(packed[: len(packed) // 2])
    found = [text.encode() for _, text in parts["given.csv"]]

    assert 5_000 < len(found) < 15_000
    assert found == whole.splitlines()[: len(found)]
    assert said(opening)[0].startswith("given.csv: the archive is damaged: it ends, or is spoilt, in the middle")


def test_a_gz_with_a_spoilt_block_says_so() -> None:
    packed = bytearray(gzip.compress(os.urandom(200_000)))
    packed[100_000] ^= 0xFF
    opening, _ = opened(bytes(packed))

    assert opening.faults.count >= 1


def test_a_bomb_is_left_before_it_goes_off() -> None:
    opening, parts = opened(gzip.compress((b"0" * 99 + b"\n") * 400_000), unjudged=1 << 20)

    assert len(parts["given.csv"]) < 140_000
    assert "expands to more than 200 times its size" in said(opening)[0]


def test_what_expands_beyond_the_total_is_left_there() -> None:
    opening, _ = opened(gzip.compress(os.urandom(300_000)), total=100_000)

    assert "expands to more than 100,000 bytes" in said(opening)[0]


def test_a_plain_file_longer_than_the_total_is_left_there() -> None:
    opening, parts = opened(b"line\n" * 40_000, total=BLOCK)

    assert len(parts["given.csv"]) in (BLOCK // 5, BLOCK // 5 - 1)
    assert opening.faults.count == 1


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_the_members_of_a_zip_are_called_by_their_numbers(method: int) -> None:
    data = zipped(("of-a-person.csv", b"one\n"), ("folder/", b""), ("b.csv", b"two\n"), method=method)

    assert opened(data, "given.zip")[1] == {"given.zip[1]": [(1, "one")], "given.zip[3]": [(1, "two")]}


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_zip_cut_off_gives_the_members_before(method: int) -> None:
    noise = "\n".join(os.urandom(20).hex() for _ in range(5_000)).encode()
    data = zipped(("a.csv", b"one\n"), ("b.csv", noise), method=method)
    opening, parts = opened(data[: len(data) // 2], "given.zip")

    assert parts["given.zip[1]"] == [(1, "one")]
    assert 1_000 < len(parts["given.zip[2]"]) < 4_000
    assert "the archive has no end" in said(opening)[0]


def test_a_zip_of_too_many_members_is_refused() -> None:
    opening, parts = opened(zipped(*((f"{one}.csv", b"") for one in range(5))), "given.zip", members=4)

    assert parts == {}
    assert "it holds more than 4 files" in said(opening)[0]


def test_a_zip_of_as_many_members_as_may_be_is_read() -> None:
    assert len(opened(zipped(*((f"{one}.csv", b"") for one in range(4))), "given.zip", members=4)[1]) == 4


def test_a_zip_bomb_is_left_before_it_goes_off() -> None:
    opening, _ = opened(zipped(("a.csv", b"0" * (40 << 20))), "given.zip", line=1 << 16)

    assert any("expands to more than 200 times its size" in one for one in said(opening))


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(zipped(("a.csv", b"one\n")))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    opening, parts = opened(bytes(data), "given.zip")

    assert parts == {"given.zip[1]": []}
    assert "is encrypted" in said(opening)[0]


def test_a_member_with_a_wrong_checksum_is_told() -> None:
    data = bytearray(zipped(("a.csv", b"one\ntwo\n"), method=zipfile.ZIP_STORED))
    data[data.index(b"two")] ^= 1
    opening, _ = opened(bytes(data), "given.zip")

    assert "the archive is damaged" in said(opening)[0]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (gzip.compress(gzip.compress(TEXT)), "holds an archive within an archive"),
        (gzip.compress(zipped(("a.csv", TEXT))), "holds an archive within an archive"),
        (zipped(("a.gz", gzip.compress(TEXT))), "holds an archive within an archive"),
        (b"BZh91AY", "is packed as bzip2"),
        (b"7z\xbc\xaf\x27\x1c", "is packed as 7-Zip"),
    ],
    ids=range(5),  # archives hold the time at which they were made
)
def test_what_is_packed_otherwise_or_twice_is_refused(data: bytes, says: str) -> None:
    opening, parts = opened(data)

    assert list(parts.values()) == [[]]
    assert says in said(opening)[0]


def test_an_empty_zip_has_no_parts() -> None:
    assert opened(zipped(), "given.zip")[1] == {}


def test_a_directory_longer_than_its_members_need_is_not_read() -> None:
    data = bytearray(zipped(("a.csv", b"one\n")))
    at = data.rindex(b"PK\x05\x06")
    data[at + 12 : at + 16] = struct.pack("<I", 1 << 30)
    opening, parts = opened(bytes(data), "given.zip")

    assert parts == {}
    assert opening.faults.count == 1


def test_what_is_not_there_or_no_file_is_told(tmp_path: Path) -> None:
    absent, folder = Opening(tmp_path / "absent.csv"), Opening(tmp_path)

    assert [*absent.parts(), *folder.parts()] == []
    assert "there is no such file" in said(absent)[0]
    assert "is no regular file" in said(folder)[0]


def test_a_document_is_whole_or_nothing() -> None:
    short, long = (Opening(("a.json", data), Limits(document=3)) for data in (b"\xef\xbb\xbf[1]", b"[12]"))

    assert [part.document() for part in short.parts()] == [b"[1]"]
    assert [part.document() for part in long.parts()] == [None]
    assert "longer than 3 bytes" in said(long)[0]


def test_a_document_that_is_not_utf_8_is_read_as_latin_1_with_a_note() -> None:
    opening = Opening(("a.json", '["Brücke"]'.encode("latin-1")))

    assert [part.document() for part in opening.parts()] == ['["Brücke"]'.encode()]
    assert opening.notes == ["a.json: not UTF-8; it was read as Latin-1"]


def test_a_document_cut_off_is_none() -> None:
    opening = Opening(("a.json", gzip.compress(os.urandom(100_000))[:50_000]))

    assert [part.document() for part in opening.parts()] == [None]


def test_the_head_of_a_part_is_not_lost() -> None:
    parts = Opening(("given.csv", TEXT)).parts()
    part = next(parts)

    assert part.head() == TEXT
    assert part.head() == TEXT
    assert b"".join(part.blocks()) == TEXT
