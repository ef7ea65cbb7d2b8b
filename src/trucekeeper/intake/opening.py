"""Files from the world, opened with suspicion: plain, gz or zip, as blocks, as lines or as one document.

Nothing is unpacked to disk, and no more than a block and a line is held at a time. What is wrong becomes a fault
that says where, and whatever stood before it has been handed out. Refused are archives that expand beyond
`Limits`, archives within archives, encrypted members, and what is no regular file. A line that is too long is left
out, not the file. Members of a zip are called by their number, `tracks.zip[2]`: their names may name people.

Text is UTF-8 or, where it begins with a byte order mark, UTF-16 or UTF-32. A line that is not is read as Latin-1,
and a note says which was the first.

    opening = Opening(Path("tracks.zip"))
    for part in opening.parts():
        for number, text in part.lines(): ...
    opening.faults.all(), opening.notes
"""

from __future__ import annotations

import codecs
import io
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, TypeAlias

from trucekeeper.intake.faulty import FaultList
from trucekeeper.terms import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
BLOCK = 64 * KIB

Given: TypeAlias = "Path | tuple[str, bytes]"
"""A file by its path, or its name and its bytes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is borne with.

    `ratio` is how many bytes may come out of each packed byte, once more than `unjudged` came out: tracks and tables
    pack 5 to 50 times, a bomb a thousand. `total` is for all members of a file together. `line` is the longest line,
    and `document` the most bytes of what can only be read as a whole (JSON, XML's longest tag apart).
    """

    members: int = 1_000
    ratio: int = 200
    unjudged: int = 8 * MIB
    total: int = 64 * GIB
    line: int = MIB
    document: int = 64 * MIB


_GZIP, _ZIP, _ZIP_END = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
_OTHERS = {
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}
_BOMS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TAIL = 66 * KIB  # a zip's end record lies no further from its end
_MOST_DIRECTORY = 4 * MIB  # of a zip: a thousand members need some hundred kilobytes
_LOCAL_HEADER, _ENCRYPTED, _SIZES_FOLLOW, _STORED, _DEFLATED = 30, 1, 8, 0, 8


class _Stopped(Exception):  # noqa: N818  the name says what happened
    """Reading ended before its time: what, and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


@dataclass(slots=True)
class _Meter:
    """How much went in and came out of one file so far."""

    limits: Limits
    packed: int = 0
    out: int = 0

    def judged(self, block: bytes) -> bytes:
        """Return what came out. Raises _Stopped if it is more than is borne with."""
        self.out += len(block)
        if self.out > self.limits.total:
            said = f"it expands to more than {self.limits.total:,} bytes"
            raise _Stopped(said, "split it, and enter the parts one by one")
        if self.out > self.limits.unjudged and self.out > self.limits.ratio * self.packed:
            said = f"it expands to more than {self.limits.ratio} times its size, as no table or track does"
            raise _Stopped(said, "unpack it yourself, look at what it holds, and enter that")
        return block


class Opening:
    """One file to be read: its parts, and what was found wrong with them and is worth a note."""

    def __init__(self, given: Given, limits: Limits = Limits()) -> None:
        self.given, self.limits = given, limits
        self.name = given[0] if isinstance(given, tuple) else str(given)
        self.faults = FaultList()
        self.notes: list[str] = []

    def parts(self) -> Iterator[Part]:
        """Yield the file itself, or what it holds if it is packed; each part is to be read before the next."""
        if isinstance(self.given, Path) and not self.given.is_file():
            what = "is no regular file" if self.given.exists() else "there is no such file"
            self.fault(self.name, what, "name a file that can be read to its end")
            return
        try:
            with self._stream() as stream:
                yield from self._parts(stream)
        except OSError as error:
            self.fault(self.name, f"cannot be read: {error.strerror}", "is it there, and may you read it?")

    def fault(self, name: str, what: str, remedy: str, line: int = 0) -> None:
        """Add a fault of the file, or of a line of it."""
        self.faults.add(Fault(name, line, 0, what, remedy))

    def _stream(self) -> IO[bytes]:
        return io.BytesIO(self.given[1]) if isinstance(self.given, tuple) else self.given.open("rb")

    def _parts(self, stream: IO[bytes]) -> Iterator[Part]:
        head, meter = stream.read(BLOCK), _Meter(self.limits)
        stream.seek(0)
        ending = PurePosixPath(self.name.lower())
        if head.startswith((_ZIP, _ZIP_END)):
            yield from _members(self, stream, meter)
        elif head.startswith(_GZIP):
            inner = ending.with_suffix("") if ending.suffix == ".gz" else ending
            yield Part(self, self.name, inner.suffix, _gunzipped(_read(stream, meter), meter), packed=True)
        else:
            yield Part(self, self.name, ending.suffix, _plain(stream, meter))


@dataclass(slots=True)
class Part:
    """What can be read of one file or one member of an archive, once: as blocks, as lines or as a document.

    `ending` is the end of its name, such as `.csv`. `cut` says, once it was read, whether it ended before its time
    or could not be read at all; then there is a fault.
    """

    opening: Opening
    name: str
    ending: str
    _source: Iterator[bytes]
    packed: bool = False
    cut: bool = False
    _ahead: bytes | None = field(default=None)
    _safe: Iterator[bytes] = field(init=False)

    def __post_init__(self) -> None:
        """Guard the source."""
        self._safe = self._safely()

    def head(self) -> bytes:
        """Return its first bytes, at most a block, without reading past them."""
        if self._ahead is None:
            self._ahead = next(self._safe, b"")
        return self._ahead

    def blocks(self) -> Iterator[bytes]:
        """Yield its bytes, block by block; what an archive may not hold is a fault, and yields nothing."""
        head = self.head()
        other = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), "")
        if self.packed and head.startswith((_ZIP, _GZIP)):
            other = "an archive within an archive"
        if other:
            what = f"is packed as {other}" if not self.packed else f"holds {other}"
            self.fault(f"{what}, which is not read here", "unpack it, and enter what it holds")
            self.cut = True
            return
        yield head
        yield from self._safe

    def text_blocks(self) -> Iterator[bytes]:
        """Yield its text as UTF-8 without a byte order mark; of another encoding without a mark, as it is."""
        head = self.head()
        encoding = next((name for mark, name in _BOMS if head.startswith(mark)), "")
        if encoding:
            decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
            for block in self.blocks():
                yield decoder.decode(block).encode(errors="replace")
            yield decoder.decode(b"", final=True).encode(errors="replace")
            return
        first = True
        for block in self.blocks():
            yield block.removeprefix(codecs.BOM_UTF8) if first else block
            first = False

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield its lines without their ends, each with its number from 1. An archive cut off loses its last line."""
        read = _Lines(self)
        for number, line in read.raw():
            try:
                yield number, line.decode()
            except UnicodeDecodeError:
                read.note_latin(number)
                yield number, line.decode("latin-1")

    def document(self) -> bytes | None:
        """Return its whole text as UTF-8; None, with a fault, if it is longer than a document may be, or cut off."""
        kept = bytearray()
        for block in self.text_blocks():
            kept += block
            if len(kept) > self.opening.limits.document:
                most = self.opening.limits.document
                self.fault(f"it is longer than {most:,} bytes, and can only be read as a whole", "split it")
                return None
        if self.cut:
            return None
        try:
            kept.decode()
        except UnicodeDecodeError:
            self.opening.notes.append(f"{self.name}: not UTF-8; it was read as Latin-1")
            return kept.decode("latin-1").encode()
        return bytes(kept)

    def fault(self, what: str, remedy: str, line: int = 0) -> None:
        """Add a fault of this part."""
        self.opening.fault(self.name, what, remedy, line)

    def _safely(self) -> Iterator[bytes]:
        """Yield blocks until the source ends or fails; how it failed is a fault."""
        try:
            yield from self._source
        except _Stopped as stopped:
            self._cut_off(stopped.what, stopped.remedy)
        except (EOFError, zlib.error, zipfile.BadZipFile, UnicodeDecodeError) as error:
            said = str(error) if isinstance(error, zipfile.BadZipFile) else "it ends, or is spoilt, in the middle"
            self._cut_off(f"the archive is damaged: {said.split(' for file')[0]}", "fetch it again")
        except NotImplementedError:
            self._cut_off("is packed in a way that is not read here", "pack it as an ordinary zip or gz")
        except RuntimeError:  # zipfile's word for a member that needs a password
            self._cut_off("is encrypted", "decrypt it first")
        except OSError as error:
            self._cut_off(f"cannot be read: {error.strerror}", "fetch it again")

    def _cut_off(self, what: str, remedy: str) -> None:
        self.cut = True
        self.fault(what, f"{remedy}; what stood before was read")


class _Lines:
    """Splits a part into lines."""

    def __init__(self, part: Part) -> None:
        self.part, self.number = part, 0
        self.most = part.opening.limits.line
        self.latin = 0

    def raw(self) -> Iterator[tuple[int, bytes]]:
        """Yield lines as bytes; of one that is too long nothing, but a fault."""
        tail, skipping, end = b"", False, b""
        for block in self.part.text_blocks():
            end = end or (b"\r" if b"\r" in block and b"\n" not in block else b"\n")
            *whole, tail = (tail + block).split(end)
            for line in whole:
                self.number += 1
                if skipping or len(line) > self.most:
                    self._too_long(told=skipping)
                    skipping = False
                else:
                    yield self.number, line.removesuffix(b"\r")
            if len(tail) > self.most:
                self._tell_long(self.number + 1, told=skipping)
                tail, skipping = b"", True
        if tail and not skipping and not self.part.cut:
            yield self.number + 1, tail.removesuffix(b"\r")

    def _too_long(self, *, told: bool) -> None:
        self._tell_long(self.number, told=told)

    def _tell_long(self, number: int, *, told: bool) -> None:
        if not told:
            what = f"a line of more than {self.most:,} bytes"
            self.part.fault(f"{what} was left out", "is it a table at all? Break the line, or enter it apart", number)

    def note_latin(self, number: int) -> None:
        """Note the first line that is not UTF-8."""
        if not self.latin:
            self.latin = number
            said = f"{self.part.name}:{number}: not UTF-8; this line, and any other that is not, was read as Latin-1"
            self.part.opening.notes.append(said)


# ---- packed files --------------------------------------------------------------------------------------------------


def _read(stream: IO[bytes], meter: _Meter) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        meter.packed += len(block)
        yield block


def _plain(stream: IO[bytes], meter: _Meter) -> Iterator[bytes]:
    for block in _read(stream, meter):
        yield meter.judged(block)


def _gunzipped(packed: Iterator[bytes], meter: _Meter) -> Iterator[bytes]:
    """Yield what a gz holds. Raises EOFError if it is cut off, zlib.error if it is spoilt, _Stopped for a bomb."""
    worker, begun = zlib.decompressobj(31), False
    for block in packed:
        data, full = block, False
        while data or full:
            if worker.eof:
                if not data.strip(b"\0"):  # tapes fill up with zeros
                    break
                worker = zlib.decompressobj(31)
            begun = True
            out = worker.decompress(data, BLOCK)
            yield meter.judged(out)
            data = worker.unused_data if worker.eof else worker.unconsumed_tail
            full = len(out) == BLOCK and not worker.eof  # then there may be more without more going in
    if begun and not worker.eof:
        raise EOFError


def _members(opening: Opening, stream: IO[bytes], meter: _Meter) -> Iterator[Part]:
    """Yield the members of a zip, in their order."""
    meter.packed = stream.seek(0, io.SEEK_END)
    entries, directory = _zip_end(stream)
    most = opening.limits.members
    if entries > most or directory > _MOST_DIRECTORY:
        opening.fault(opening.name, f"it holds more than {most:,} files", "unpack it, and enter some at a time")
        return
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError):
        what, remedy = "the archive has no end: it was cut off", "fetch it again; what could be read of it was read"
        opening.fault(opening.name, what, remedy)
        yield from _salvaged(opening, stream, meter)
        return
    with archive:
        for number, member in enumerate(archive.infolist(), start=1):
            if not member.filename.endswith("/"):  # `is_dir` stumbles over a name that is empty
                ending = PurePosixPath(member.filename.lower()).suffix
                blocks = _unzipped(partial(archive.open, member), meter)
                yield Part(opening, f"{opening.name}[{number}]", ending, blocks, packed=True)


def _zip_end(stream: IO[bytes]) -> tuple[int, int]:
    """Return how many entries a zip says it has and how long its directory is; 0 if it has no end."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(size - _TAIL, 0))
    tail = stream.read()
    at = tail.rfind(_ZIP_END)
    if at < 0 or len(tail) < at + 20:
        return 0, 0
    return int.from_bytes(tail[at + 10 : at + 12], "little"), int.from_bytes(tail[at + 12 : at + 16], "little")


def _unzipped(opened: Callable[[], IO[bytes]], meter: _Meter) -> Iterator[bytes]:
    with opened() as stream:
        while block := stream.read(BLOCK):
            yield meter.judged(block)


def _salvaged(opening: Opening, stream: IO[bytes], meter: _Meter) -> Iterator[Part]:
    """Yield what can be read of a zip without its directory: its members one after the other, until one is cut."""
    stream.seek(0)
    number = 0
    while number < opening.limits.members:
        header = stream.read(_LOCAL_HEADER)
        if len(header) < _LOCAL_HEADER or not header.startswith(_ZIP):
            return
        flags, method = (int.from_bytes(header[at : at + 2], "little") for at in (6, 8))
        size, named, extra = (int.from_bytes(header[at:to], "little") for at, to in ((18, 22), (26, 28), (28, 30)))
        ending = PurePosixPath(stream.read(named).decode(errors="replace").lower()).suffix
        stream.read(extra)
        number += 1
        if flags & _ENCRYPTED or (flags & _SIZES_FOLLOW and method == _STORED) or method not in (_STORED, _DEFLATED):
            return
        begin = stream.tell()
        blocks = _inflated(stream, meter) if method == _DEFLATED else _stored(stream, size, meter)
        yield Part(opening, f"{opening.name}[{number}]", ending, blocks, packed=True)
        if flags & _SIZES_FOLLOW:
            return  # where the next begins, nobody knows
        stream.seek(begin + size)


def _inflated(stream: IO[bytes], meter: _Meter) -> Iterator[bytes]:
    worker = zlib.decompressobj(-15)
    full = False
    while not worker.eof:
        data = worker.unconsumed_tail or (b"" if full else stream.read(BLOCK))
        if not data and not full:
            raise EOFError
        out = worker.decompress(data, BLOCK)
        full = len(out) == BLOCK
        yield meter.judged(out)


def _stored(stream: IO[bytes], size: int, meter: _Meter) -> Iterator[bytes]:
    while size:
        block = stream.read(min(size, BLOCK))
        if not block:
            raise EOFError
        size -= len(block)
        yield meter.judged(block)
