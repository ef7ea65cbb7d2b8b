"""Pictures and other files for tests, some of them hostile, each made as it is needed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from PIL.Image import Exif

PLACE = (31.0, 30.0, 15.0)
"""Degrees, minutes and seconds that a photo says of where it was taken."""
DEVICE = "Recorder of post 9"
_PNG = b"\x89PNG\r\n\x1a\n"


def photo(*, width: int = 60, height: int = 40, upright: int = 1) -> bytes:
    """Return a JPEG, blue above and brown below, that says where it was taken, with what, and which way up it is."""
    picture = Image.new("RGB", (width, height), "steelblue")
    picture.paste("saddlebrown", (0, height // 2, width, height))
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=_said(upright))
    return written.getvalue()


def _said(upright: int) -> Exif:
    exif = Image.Exif()
    exif[0x0112] = upright
    exif[0x010F] = DEVICE
    exif.get_ifd(0x8825).update({1: "N", 2: PLACE, 3: "E", 4: PLACE})
    return exif


def picture(form: str, *, mode: str = "RGB") -> bytes:
    """Return a small picture in a format."""
    written = io.BytesIO()
    Image.new(mode, (8, 8)).save(written, form)
    return written.getvalue()


def flood(*, width: int = 60_000, height: int = 60_000) -> bytes:
    """Return a PNG of a hundred bytes whose header says that it has billions of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return _PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(100))) + _chunk(b"IEND", b"")


def bomb() -> bytes:
    """Return a PNG with a text of many megabytes, packed into some thousand bytes."""
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    text = b"comment\0\0" + zlib.compress(bytes(80 << 20), 9)
    pixels = _chunk(b"IDAT", zlib.compress(bytes(8 * 25)))
    return _PNG + _chunk(b"IHDR", header) + _chunk(b"zTXt", text) + pixels + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def archive() -> bytes:
    """Return a zip whose one file is ten megabytes of nothing."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("photo.jpg", bytes(10 << 20))
    return written.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(64)
DOCUMENT = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
