"""GPX: the points of its tracks, read as they come.

    <gpx version="1.1"><trk><name>tracker-a</name><trkseg>
      <trkpt lat="0.1" lon="-30.2"><time>2031-01-04T12:00:00Z</time><hdop>1.5</hdop></trkpt>
    </trkseg></trk></gpx>

A track's device is its name; without one, the file's. Times are UTC, as the format has it. A dilution of precision
is taken as 5 m each: what a receiver in the open errs by. Declarations of types and entities are refused.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax import SAXException  # what goes wrong; the parser is defusedxml's
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from trucekeeper.intake.track.raw import UNSAID, Raw, Reading
from trucekeeper.intake.track.tables import file_name
from trucekeeper.intake.track.words import degrees_from, metres_from, moment_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.sax.xmlreader import AttributesImpl, Locator

METRES_OF_DILUTION = 5
_LONGEST = 1_000
"""More text than this no time, name or number has."""


@dataclass(slots=True)
class _Point:
    line: int
    lat: str
    lon: str
    said: dict[str, str] = field(default_factory=dict)


class _Handler(ContentHandler):
    """Gathers points as their elements end."""

    def __init__(self, where: Locator) -> None:
        super().__init__()
        self.points: deque[tuple[str, _Point]] = deque()
        self.events = 0
        self.is_gpx = False
        self._line = 0
        self._where = where
        self._name = ""
        self._point: _Point | None = None
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  SAX's name
        self.events += 1
        tag = name.rpartition(":")[2]
        self.is_gpx = self.is_gpx or (tag == "gpx" and not self._path)
        self._path.append(tag)
        self._text, self._length = [], 0
        if tag == "trk":
            self._name = ""
        if tag in {"trkpt", "rtept"}:
            self._point = _Point(self._where.getLineNumber() or 0, attrs.get("lat", ""), attrs.get("lon", ""))

    def characters(self, content: str) -> None:
        if self._length < _LONGEST:
            self._text.append(content)
            self._length += len(content)

    def endElement(self, name: str) -> None:  # noqa: N802, ARG002  SAX's name and form
        self.events += 1
        tag = self._path.pop()
        text = "".join(self._text).strip()[:_LONGEST]
        self._text, self._length = [], 0
        above = self._path[-1] if self._path else ""
        if self._point is not None and above in {"trkpt", "rtept"}:
            self._point.said[tag] = text
        elif tag == "name" and above == "trk":
            self._name = text
        elif self._point is not None and tag in {"trkpt", "rtept"}:
            self.points.append((self._name, self._point))
            self._point = None


def read_gpx(reading: Reading) -> Iterator[Raw]:
    """Yield the points of a GPX file; of one that breaks off, those before."""
    parser = create_parser(forbid_dtd=True)
    handler = _Handler(parser)
    parser.setContentHandler(handler)
    silent, before = 0, 0
    try:
        for block in reading.part.blocks():
            parser.feed(block)
            silent = silent + len(block) if handler.events == before else 0
            before = handler.events
            if silent > reading.part.opening.limits.line:
                reading.refuse("it holds a single tag or text longer than any line", "is it GPX at all?")
                return
            yield from _gathered(reading, handler)
        if not reading.part.cut:
            parser.close()
    except DefusedXmlException:
        reading.refuse("it declares a document type or entities, which no track needs", "export it again without")
    except SAXException as error:
        line = getattr(error, "getLineNumber", lambda: 0)() or 0
        reading.part.fault("from here on it is no XML", "export it again; what stood before was read", line)
    yield from _gathered(reading, handler)
    yield reading.gathered()
    if not handler.is_gpx and not reading.part.cut:
        reading.refuse("it is XML, but no GPX", "export the track as GPX")


def _gathered(reading: Reading, handler: _Handler) -> Iterator[Raw]:
    while handler.points:
        name, point = handler.points.popleft()
        try:
            row = _row(reading, name, point)
        except ValueError as error:
            reading.fault(point.line, error)
            continue
        yield from reading.take(row)


def _row(reading: Reading, name: str, point: _Point) -> tuple[int, int, int, int, int, int]:
    dilution = point.said.get("hdop") or point.said.get("pdop")
    accuracy = UNSAID if dilution is None else metres_from(str(float(metres_from_dilution(dilution))))
    return (
        reading.devices.number(name or file_name(reading)),
        moment_from(point.said.get("time", ""), "UTC"),
        degrees_from(point.lat),
        degrees_from(point.lon),
        accuracy,
        point.line,
    )


def metres_from_dilution(text: str) -> float:
    """Return the metres that a dilution of precision stands for. Raises ValueError for no number."""
    try:
        return float(text) * METRES_OF_DILUTION
    except ValueError:
        raise ValueError("no dilution of precision stands where it should: write a number, or leave it out") from None
