"""XML of strangers: elements with their lines, in bounded memory, and no entity ever."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from trucekeeper.intake.elements import Element, elements
from trucekeeper.terms import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(*chunks: bytes, inside: tuple[str, ...] = ()) -> tuple[list[Element], list[Fault]]:
    several = list(elements(chunks, "file", inside=inside))
    return [one for one in several if isinstance(one, Element)], [one for one in several if isinstance(one, Fault)]


def test_every_element_knows_its_line_wherever_the_file_is_cut_into_blocks() -> None:
    text = b'<?xml version="1.0"?>\n<a>\n<b x="1">t</b></a>\n<?xml version="1.0"?>\n<a/>'

    for cut in range(len(text)):
        found, faults = read(text[:cut], text[cut:])
        assert faults == []
        assert [one.line for one in found] == [2, 5]
        assert [(one.line, one.text) for one in found[0].children] == [(3, "t")]


def test_a_prefix_is_no_part_of_a_name() -> None:
    found, _ = read(b'<n:a xmlns:n="urn:x" n:id="7"/>')

    assert (found[0].name, found[0].attributes["id"]) == ("a", "7")


def test_what_is_listed_is_given_out_one_by_one() -> None:
    found, _ = read(b"<events><event/><event/></events><event/>", inside=("events",))

    assert [one.name for one in found] == ["event"] * 3


@pytest.mark.parametrize(
    "text",
    [
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<a/><!DOCTYPE a [<!ENTITY x SYSTEM "http://example.org">]><a>&x;</a>',
    ],
)
def test_no_document_type_is_ever_read(text: bytes) -> None:
    _, faults = read(text)

    assert ["DOCTYPE" in fault.remedy for fault in faults] == [True]


def test_what_was_whole_before_the_fault_is_given_out() -> None:
    found, faults = read(b"<a>1</a>\n<a>2</a>\n<a>3")

    assert [one.text for one in found] == ["1", "2"]
    assert len(faults) == 1


def test_an_element_that_is_too_deep_is_left_out_alone() -> None:
    found, faults = read(b"<a/>" + b"<b>" * 1000 + b"</b>" * 1000 + b"<c/>")

    assert [one.name for one in found] == ["a", "c"]
    assert "deeper" in faults[0].what


@pytest.mark.parametrize("opening", [b"<a>", b'<a b="', b"<!--", b"<a><![CDATA["])
def test_what_has_no_end_takes_no_memory(opening: bytes) -> None:
    def endless() -> Iterator[bytes]:
        yield b"<first/>" + opening
        for _ in range(1 << 12):  # a quarter of a gigabyte
            yield b"x" * (1 << 16)

    tracemalloc.start()
    found = list(elements(endless(), "file"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert isinstance(found[0], Element)
    assert isinstance(found[-1], Fault)
    assert peak < 60_000_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_encodings_that_servers_write_are_read(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    found, faults = read(f'<?xml version="1.0" encoding="{name}"?><a>é</a>'.encode(encoding))

    assert faults == []
    assert found[0].text == "é"


@pytest.mark.parametrize("text", [b'<?xml version="1.0" encoding="x-strange"?><a/>', b"<a>\xff\xfe</a>"])
def test_other_encodings_are_refused_with_what_to_do(text: bytes) -> None:
    found, faults = read(text)

    assert found == []
    assert "UTF-8" in faults[0].remedy
