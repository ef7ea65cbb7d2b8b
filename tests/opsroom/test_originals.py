"""What a file is its bytes say; what is shown of a picture is made anew, and nothing beside its pixels is left."""

from __future__ import annotations

import io
import random
import tracemalloc
from contextlib import suppress

import pytest
from PIL import Image

from tests import opsroom_pictures as made
from trucekeeper.opsroom.originals import ENDINGS, IMAGES, NotTakenError, kind_of
from trucekeeper.opsroom.pictures import LARGE, SMALL, NotShownError, shown


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (made.photo(), "image/jpeg"),
        (made.picture("PNG"), "image/png"),
        (made.picture("GIF", mode="P"), "image/gif"),
        (made.picture("WEBP"), "image/webp"),
        (made.DOCUMENT, "application/pdf"),
        (made.FILM, "video/mp4"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "image/heic"),
        (b"\0\0\0\x18ftypM4A " + bytes(40), "audio/mp4"),
        (b"\0\0\0\x18ftypqt  " + bytes(40), "video/quicktime"),
        (b"\x1a\x45\xdf\xa3" + bytes(8) + b"webm", "video/webm"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"ID3\x04" + bytes(40), "audio/mpeg"),
        (b"OggS" + bytes(40), "audio/ogg"),
        (b"fLaC" + bytes(40), "audio/flac"),
        (b"#!AMR\n" + bytes(40), "audio/amr"),
        ("ثماني قذائف شرق المخاضة\n".encode(), "text/plain"),
    ],
)
def test_what_a_phone_a_recorder_or_an_office_makes_is_taken(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind
    assert kind in ENDINGS


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (made.SVG, "Scalable Vector Graphics"),
        (b"<!doctype html><p>a page", "no photo"),
        (b"\n  <html>", "no photo"),
        (b"#!/bin/sh\nrm -rf /\n", "no photo"),
        (b"MZ" + bytes(90), "Windows"),
        (b"\x7fELF" + bytes(90), "ELF"),
        (made.archive(), "it looks like"),
        (b"\x1f\x8b\x08" + bytes(40), "it looks like"),
        (b"a letter \0 that is none", "nothing that is known"),
        (b"   \n", "nothing that is known"),
        (b"RIFF\x24\0\0\0AVI LIST", "no photo"),
        (made.photo() + made.archive(), "two things at once"),
        (made.photo()[:2] + b"\xff\xfe\0\x24<script>alert(1)</script>" + made.photo()[2:], "two things at once"),
        (made.photo() + b"<html><body onload=alert(1)>", "two things at once"),
        (made.photo()[:20] + made.DOCUMENT, "two things at once"),
        (made.DOCUMENT + made.archive(), "two things at once"),
        (b"GIF89a/*<svg onload=alert(1)>*/", "two things at once"),
        (b"a note, and then <script>alert(1)</script>", "two things at once"),
    ],
)
def test_what_a_browser_would_run_and_what_is_two_things_at_once_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(NotTakenError, match=why):
        kind_of(data)


def test_a_picture_is_shown_upright_and_says_nothing_of_where_it_was_taken() -> None:
    original = made.photo(upright=6)  # taken with the camera turned: a quarter to the right makes it upright
    with Image.open(io.BytesIO(original)) as before:
        assert before.getexif().get_ifd(0x8825)[2] == made.PLACE

    with Image.open(io.BytesIO(shown(original, LARGE))) as after:
        assert after.size == (40, 60)
        assert dict(after.getexif()) == {}
        assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert made.DEVICE.encode() not in shown(original, LARGE)


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP"])
def test_every_kind_of_picture_is_shown_as_one_kind(form: str) -> None:
    assert shown(made.picture(form, mode="P" if form == "GIF" else "RGBA"), SMALL)[:3] == b"\xff\xd8\xff"


def test_a_large_picture_is_made_smaller_and_a_small_one_is_left() -> None:
    with Image.open(io.BytesIO(shown(made.photo(width=3000, height=1500), LARGE))) as large:
        assert large.size == (LARGE, LARGE // 2)
    with Image.open(io.BytesIO(shown(made.photo(), LARGE))) as small:
        assert small.size == (60, 40)


@pytest.mark.parametrize("side", [(60_000, 60_000), (8_000, 8_000), (1, 2_000_000_000)])
def test_a_flood_of_pixels_is_refused_by_its_header_before_anything_is_decoded(side: tuple[int, int]) -> None:
    tracemalloc.start()
    with pytest.raises(NotShownError, match="more than 50,000,000 pixels"):
        shown(made.flood(width=side[0], height=side[1]), LARGE)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 4 << 20


def test_a_text_that_unpacks_to_megabytes_is_not_unpacked() -> None:
    with pytest.raises(NotShownError, match="cut off, or spoilt"):
        shown(made.bomb(), LARGE)


@pytest.mark.parametrize("left", [0, 3, 30, 300, -40])
def test_a_picture_that_is_cut_off_is_said_to_be(left: int) -> None:
    with pytest.raises(NotShownError, match="The original can be downloaded"):
        shown(made.photo()[:left], LARGE)


@pytest.mark.parametrize("original", [made.photo(), *(made.picture(one) for one in ("PNG", "GIF", "WEBP"))])
def test_whatever_bytes_are_spoilt_there_is_a_picture_or_a_sentence(original: bytes) -> None:
    dice = random.Random(7)  # noqa: S311  which bytes are spoilt is no secret
    for _ in range(60):
        spoilt = bytearray(original)
        for _again in range(4):
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
        with suppress(NotShownError):
            assert shown(bytes(spoilt), SMALL)


def test_only_what_is_taken_is_shown() -> None:
    assert set(ENDINGS) > IMAGES
