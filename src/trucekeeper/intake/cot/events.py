"""Events: what one CoT message says, as XML or as protobuf, and nothing of who sent it.

Of a message are kept its type, times, point and words. Its uid, call signs, rooms, addresses and devices are not: the
uid is held while a file is read, to find the unit that the mapping gives it, and leaves nothing but a hash in a name.

A file of protobuf holds messages of TAK's protocol 1: `bf 01 bf` and one message (mesh), or again and again `bf`, the
length as a varint and the message (stream); or lengths and messages without the `bf`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trucekeeper.agreement.rows import Where
from trucekeeper.intake.elements import Element, elements
from trucekeeper.terms import Fault
from trucekeeper.terms.moments import SECOND, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.intake.opening import Part

MESH, STREAM = b"\xbf\x01\xbf", b"\xbf"
LONGEST = 1_000_000  # bytes of one message: TAK's own limit for a datagram is a fifteenth of it
UNKNOWN_M = 999_999  # CoT writes this, or more nines, for an error that nobody knows
_MILLISECOND = SECOND // 1000
_VARINT = 10  # bytes at most
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,18})?([eE][+-]?\d{1,2})?", re.ASCII)

NOT_EVENTS = {
    "types": ("it is a table of CoT types, and holds nothing that happened", "leave it out"),
    "html": ("it is the definition of a form (an XForm), and no message of a tracker", "enter what was filled in"),
    "data": ("it is a filled form, and no message of a tracker", "enter it with the source 'odk'"),
    "kml": ("it is a map (KML), and no message of a tracker", "enter it with the source 'zones'"),
    "gpx": ("it is a track (GPX), and no message of a tracker", "enter it with the source 'track'"),
}
_PASSED_OVER = {"MissionPackageManifest", "preferences", "auth"}
"""What else a package of TAK holds, and no message."""

_OF_DEVICE = {"takv", "__group"}
"""Details that a device sends with its own position alone: its make, and the team that it is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One message. Times are as it gives them; `error_m` None for an error unknown, `place` None for no place.

    `of_device` says that the device speaks of itself, however its place came about.
    """

    where: Where
    uid: str
    type: str
    how: str
    time: str
    start: str
    stale: str
    place: tuple[str, str] | None
    error_m: float | None
    words: str
    of_device: bool

    def original(self) -> str:
        """Return what is kept of it, as canonical text."""
        point = {"lat": self.place[0], "lon": self.place[1]} if self.place else {}
        kept = {name: getattr(self, name) for name in ("type", "how", "time", "start", "stale", "words")}
        error = {"ce": f"{self.error_m:g}"} if self.error_m is not None else {}
        said = {**{name: text for name, text in kept.items() if text}, **point, **error}
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def events(part: Part) -> Iterator[Event | Fault]:
    """Yield the messages of a file, and what is wrong with others."""
    head = part.head()
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from _of_xml(part)
    elif head.startswith(STREAM) or part.ending in {".pb", ".tak", ".proto"}:
        yield from _of_protobuf(part)
    elif not part.packed:
        remedy = "a log of CoT is XML, or TAK protobuf that begins with 0xbf"
        yield Fault(part.name, 0, 0, "it is neither XML nor protobuf of TAK", remedy)


# ---- XML -----------------------------------------------------------------------------------------------------------


def _of_xml(part: Part) -> Iterator[Event | Fault]:
    for one in elements(part.text_blocks(), part.name, inside={"events"}):
        if isinstance(one, Fault):
            if not part.cut:  # how the archive was cut off is told elsewhere
                yield one
        elif one.name == "event":
            yield _event(one, part.name)
        elif one.name not in _PASSED_OVER and (one.name in NOT_EVENTS or not part.packed):
            other = (f"<{one.name[:40]}> is no message of a tracker", "a log of CoT holds <event> elements")
            yield Fault(part.name, one.line, 0, *NOT_EVENTS.get(one.name, other))


def _event(one: Element, file: str) -> Event | Fault:
    point, detail = one.child("point"), one.child("detail")
    said = one.attributes
    where = Where(file, one.line)
    if not said.get("uid") or not said.get("type"):
        return where.fault("", "a message without uid or type", "it cannot be told from others: export the log again")
    lat, lon, error = (point.attributes.get(name, "") for name in ("lat", "lon", "ce")) if point else ("", "", "")
    if any(text and not _NUMBER.fullmatch(text) for text in (lat, lon, error)):
        return where.fault("", "its point is no point: lat, lon and ce are numbers", "export the log again")
    place, error_m = _place(lat, lon, error)
    return Event(
        where=where,
        uid=said["uid"],
        type=said["type"],
        how=said.get("how", ""),
        time=said.get("time", ""),
        start=said.get("start", ""),
        stale=said.get("stale", ""),
        place=place,
        error_m=error_m,
        words=_words(detail),
        of_device=detail is not None
        and any(one.name in _OF_DEVICE or "endpoint" in one.attributes for one in detail.children),
    )


def _place(lat: str, lon: str, error: str) -> tuple[tuple[str, str] | None, float | None]:
    """Return place and error of a point: 0, 0 with an error unknown is what a tracker without a fix sends."""
    error_m = float(error) if error and float(error) < UNKNOWN_M else None
    if not lat or not lon or (float(lat) == float(lon) == 0 and error_m is None):
        return None, None
    return (lat, lon), error_m


def _words(detail: Element | None) -> str:
    """Return what somebody wrote: remarks, or the text of a chat. Never who, to whom or in which room."""
    if detail is None:
        return ""
    remarks = detail.child("remarks")
    chat = detail.child("__chat")
    return (remarks.text if remarks else "") or (chat.attributes.get("message", "") if chat else "")


# ---- protobuf ------------------------------------------------------------------------------------------------------


def _of_protobuf(part: Part) -> Iterator[Event | Fault]:
    try:
        from google.protobuf.message import DecodeError  # noqa: PLC0415  an extra: only who reads TAK needs it
        from takproto.proto import TakMessage  # noqa: PLC0415
    except ImportError:
        yield Fault(part.name, 0, 0, "protobuf of TAK is read with takproto", "pip install 'trucekeeper[field]'")
        return
    for number, raw in _messages(part):
        where = Where(part.name, number)
        if isinstance(raw, Fault):
            yield raw
            return
        message = TakMessage()
        try:
            message.ParseFromString(raw)
        except DecodeError:
            yield where.fault("", f"message {number} is no message of TAK", "the others were read; export it again")
            continue
        if message.HasField("cotEvent"):
            yield _decoded(message.cotEvent, where)


def _messages(part: Part) -> Iterator[tuple[int, bytes | Fault]]:
    """Yield the messages of a file, numbered from 1, holding no more than one and a block at a time."""
    ahead, number = bytearray(), 0
    if part.head().startswith(MESH):
        data = b"".join(_bounded(part))
        yield 1, data[len(MESH) :] if len(data) <= LONGEST else _too_long(part, 1)
        return
    marked = part.head().startswith(STREAM)
    for block in part.blocks():
        ahead += block
        while (found := _length(ahead, marked=marked)) is not None:
            begin, length = found
            if length > LONGEST:
                yield number + 1, _too_long(part, number + 1)
                return
            if len(ahead) < begin + length:
                break
            number += 1
            yield number, bytes(ahead[begin : begin + length])
            del ahead[: begin + length]
    if ahead and not part.cut:
        what, remedy = "it ends in the middle of a message, or is not TAK's protobuf", "what stood before was read"
        yield number + 1, Fault(part.name, number + 1, 0, what, remedy)


def _bounded(part: Part) -> Iterator[bytes]:
    size = 0
    for block in part.blocks():
        size += len(block)
        yield block
        if size > LONGEST:
            return


def _too_long(part: Part, number: int) -> Fault:
    return Fault(
        part.name, number, 0, f"a message of more than {LONGEST:,} bytes", "it is no message of TAK: cut it out"
    )


def _length(ahead: bytearray, *, marked: bool) -> tuple[int, int] | None:
    """Return where the next message begins and how long it is; None if too little is there to tell.

    Where each message must begin with a mark and does not, the length is beyond all bounds.
    """
    at = 1 if marked else 0
    if len(ahead) <= at:
        return None
    if marked and ahead[0] != STREAM[0]:
        return at, LONGEST + 1
    value = 0
    for step, byte in enumerate(ahead[at : at + _VARINT]):
        value |= (byte & 0x7F) << (7 * step)
        if byte < 0x80:  # noqa: PLR2004  the bit that says that more follows
            return at + step + 1, value
    return None if len(ahead) < at + _VARINT else (at, LONGEST + 1)


def _decoded(said: Any, where: Where) -> Event | Fault:  # noqa: ANN401  protobuf has no types
    if not said.uid or not said.type:
        return where.fault("", "a message without uid or type", "it cannot be told from others: export the log again")
    detail = f"<detail>{said.detail.xmlDetail}</detail>".encode()
    read = next(iter(elements([detail], where.file)), None)
    place, error_m = _place(repr(said.lat), repr(said.lon), repr(said.ce))
    return Event(
        where=where,
        uid=said.uid,
        type=said.type,
        how=said.how,
        time=_written(said.sendTime),
        start=_written(said.startTime),
        stale=_written(said.staleTime),
        place=place,
        error_m=error_m,
        words=_words(read) if isinstance(read, Element) else "",
        of_device=said.detail.HasField("takv") or said.detail.HasField("group") or bool(said.detail.contact.endpoint),
    )


def _written(milliseconds: int) -> str:
    return write_moment(milliseconds * _MILLISECOND) if 0 < milliseconds < 1 << 43 else ""
