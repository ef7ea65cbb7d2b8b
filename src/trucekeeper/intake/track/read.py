"""Which reader a file is for, by what it holds rather than by its name.

reader       begins with
gpx          <  (XML)
document     { or [, as one JSON value: ADS-B, lists of fixes, GeoJSON
lines        { on every line
sentences    AIS sentences among its first lines
table        anything else that is text
"""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING

from trucekeeper.intake.track.documents import read_document, read_lines
from trucekeeper.intake.track.gpx import read_gpx
from trucekeeper.intake.track.sentences import read_sentences
from trucekeeper.intake.track.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trucekeeper.intake.track.raw import Raw, Reading

_AIS = re.compile(rb"![A-Z]{2}VD[MO],")
_WIDE = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(reading: Reading) -> Iterator[Raw]:
    """Yield the fixes of a part of a file, in blocks of rows; what is wrong with it or with a row is a fault."""
    head = _text(reading.part.head())
    if not head.strip():
        if not reading.part.cut:
            reading.refuse("is empty", "is it the right file?")
        return
    if b"\0" in head:
        next(reading.part.blocks(), b"")
        if not reading.part.cut:  # an archive within an archive says so itself
            reading.refuse("is no text", "export the fixes as CSV, GPX or JSON")
        return
    yield from reader_for(head)(reading)
    if reading.without_place:
        reading.note(f"rows that report no position: {reading.without_place:,}")


def reader_for(head: bytes) -> Callable[[Reading], Iterator[Raw]]:
    """Return who reads a text that begins so."""
    begin = head.lstrip()
    if begin.startswith(b"<"):
        return read_gpx
    if begin.startswith((b"{", b"[")):
        return read_lines if _one_a_line(begin) else read_document
    return read_sentences if _AIS.search(begin) else read_table


def _one_a_line(begin: bytes) -> bool:
    first, _, rest = begin.partition(b"\n")
    if not rest.lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _text(head: bytes) -> bytes:
    """Return the beginning of a file as UTF-8, without a byte order mark."""
    wide = next((name for mark, name in _WIDE if head.startswith(mark)), "")
    return head.decode(wide, errors="ignore").encode() if wide else head.removeprefix(codecs.BOM_UTF8)
