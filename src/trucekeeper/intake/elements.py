"""XML of strangers as elements: one after another, each with its line, in memory that the file's size does not move.

A file is one document, or several written one after another as trackers log them. A document type, and with it every
entity of its own, is refused; so is what is nested deeper, or is longer, than any submission, event or map is. What
was whole before a fault is given out.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from trucekeeper.terms import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from xml.sax.xmlreader import AttributesImpl, Locator

DEEPEST = 64  # our own forms nest four deep, a CoT event five; the rest is room
LONGEST = 20_000_000  # characters of one element: a country's form with its choices inside has under a million
MOST_ELEMENTS = 200_000
SILENCE = 2_000_000  # so many characters without one whole mark are one attribute, and no one's answer

_DECLARATION = re.compile(r"<\?xml\b[^>]{0,200}\?>")
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ENCODINGS = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252", "utf-16"}
_TAIL = 300  # a declaration is shorter


@dataclass(slots=True)
class Element:
    """An element without the prefix of its name, and the line on which it begins."""

    name: str
    line: int
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return its own text, without that of its children."""
        return "".join(self.pieces).strip()

    def child(self, name: str) -> Element | None:
        """Return the first child of a name, None if there is none."""
        return next((one for one in self.children if one.name == name), None)

    def each(self, name: str) -> Iterator[Element]:
        """Return every element of a name below this one, in their order."""
        for one in self.children:
            if one.name == name:
                yield one
            yield from one.each(name)


def elements(chunks: Iterable[bytes], file: str, *, inside: Collection[str] = ()) -> Iterator[Element | Fault]:
    """Return the outermost elements of a file, or of those named in `inside` the children, and the file's faults."""
    kept = _Kept(frozenset(inside), file)
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(kept)
    kept.setDocumentLocator(parser)
    try:
        parser.feed("<all>")
        for text in _texts(chunks):
            kept.quiet += len(text)
            kept.doctype = kept.doctype or "<!DOCTYPE" in text
            parser.feed(text)
            yield from kept.taken()
            if kept.quiet > SILENCE:
                yield Fault(file, kept.line(), 0, "one mark that does not end", "it is no XML: cut it out")
                return
        parser.feed("</all>")
        parser.close()
    except (SAXParseException, DefusedXmlException, UnicodeError, LookupError) as error:
        yield from kept.taken()
        yield _broken(error, file, kept)
        return
    yield from kept.taken()


class _Kept(ContentHandler):
    """Builds elements and lets go of those that are whole."""

    def __init__(self, inside: frozenset[str], file: str) -> None:
        super().__init__()
        self.inside, self.file = inside, file
        self.whole: list[Element | Fault] = []
        self.path: list[Element | None] = []
        self.outer = 1
        self.size = self.count = self.quiet = 0
        self.doctype = False
        self.locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802  SAX names it so
        self.locator = locator

    def taken(self) -> list[Element | Fault]:
        """Return what is whole by now, once."""
        found, self.whole = self.whole, []
        return found

    def line(self) -> int:
        return (self.locator.getLineNumber() if self.locator else 0) or 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  SAX names it so
        self.quiet = 0
        plain = name.rpartition(":")[2]
        if len(self.path) == self.outer:
            if self.outer == 1 and plain in self.inside:
                self.outer = 2
            self.size = self.count = 0
        self.size += sum(len(value) for value in attrs.values())
        self.count += 1
        above = self.path[-1] if self.path else None
        if self._too_much(above):
            self.path.append(None)
            return
        one = Element(plain, self.line(), {key.rpartition(":")[2]: value for key, value in attrs.items()})
        if above is not None and len(self.path) > self.outer:
            above.children.append(one)
        self.path.append(one)

    def _too_much(self, above: Element | None) -> bool:
        """Return whether an element is beyond all bounds, or in one that is; the first time it is a fault."""
        if len(self.path) <= self.outer:
            return False
        if above is None:
            return True
        if self.size <= LONGEST and self.count <= MOST_ELEMENTS and len(self.path) <= DEEPEST:
            return False
        top = self.path[self.outer]
        if top is not None:
            what = f"<{top.name[:40]}> is longer or deeper nested than any form, event or map"
            self.whole.append(Fault(self.file, top.line, 0, what, "cut it into smaller ones, or leave it out"))
            top.children.clear()
            self.path[self.outer :] = [None] * (len(self.path) - self.outer)
        return True

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802  SAX names it so, and gives it
        self.quiet = 0
        one = self.path.pop()
        if len(self.path) < self.outer:
            self.outer = 1
        elif len(self.path) == self.outer and one is not None:
            self.whole.append(one)

    def characters(self, content: str) -> None:
        self.quiet = 0
        self.size += len(content)
        here = self.path[-1] if self.path else None
        if len(self.path) > self.outer and here is not None and not self._too_much(here):
            here.pieces.append(content)


def _texts(chunks: Iterable[bytes]) -> Iterator[str]:
    """Return the text of a file piece by piece, with blank lines for its XML declarations."""
    decoder: codecs.IncrementalDecoder | None = None
    tail = ""
    for chunk in chunks:
        if decoder is None:
            decoder = codecs.getincrementaldecoder(_encoding(chunk))()
        text = tail + decoder.decode(chunk)
        cut = text.rfind("<")
        cut = len(text) if cut < 0 or len(text) - cut > _TAIL else cut
        tail = text[cut:]
        yield _DECLARATION.sub(_blank, text[:cut])
    if decoder is not None:
        yield _DECLARATION.sub(_blank, tail + decoder.decode(b"", final=True))


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _encoding(start: bytes) -> str:
    """Return the encoding that a file says it has, UTF-8 if it says none. Raises LookupError for one of the rare."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    found = _ENCODING.match(start)
    name = found[1].decode("ascii").lower() if found else "utf-8"
    if name not in _ENCODINGS:
        raise LookupError(name)
    return "utf-8" if name == "utf-16" else name


def _broken(error: Exception, file: str, kept: _Kept) -> Fault:
    if isinstance(error, UnicodeError):
        return Fault(file, kept.line(), 0, "its bytes are not the text that it says they are", "save it as UTF-8")
    if isinstance(error, LookupError):
        return Fault(file, 1, 0, f"its encoding, {str(error)[:40]}, is not read", "save it as UTF-8")
    line = error.getLineNumber() or 0 if isinstance(error, SAXParseException) else 1
    if kept.doctype or isinstance(error, DefusedXmlException):
        remedy = "take '<!DOCTYPE ...>' out: no form, event or map needs it, and it can hide a bomb"
        return Fault(file, line, 0, "it declares a document type, or entities of its own", remedy)
    said = error.getMessage() if isinstance(error, SAXParseException) else "not XML"
    return Fault(file, line, 0, f"not XML from here on: {said}", "is the file whole? copy or export it again")
