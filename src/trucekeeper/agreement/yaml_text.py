"""YAML as plain values, each with its line and column, and every fault of the text at once.

A small part of YAML 1.2, so that what a lawyer reads is what the machine reads: one document of mappings,
lists and scalars. Anchors, aliases, tags, tabs, directives, a second document and a key given twice are
refused. An unquoted scalar is null (`null`, `~` or nothing), a flag (`true`, `false`), a whole number (`12`,
`-3`; no sign `+`, no leading zero, no `0x`) or else the text as it stands: `yes`, `on`, `2025-10-10`, `12:00`
and `31.5` stay text, so that no time is guessed and nothing signed is ever a float. Keys are always text.

Example, of which a test reads the positions:

    zone: valley            # ("zone",) is at line 1, column 1
    clauses:
      - id: halt            # ("clauses", 0) and ("clauses", 0, "id") are at line 3, column 5
        since: 2025-10-10   # the text "2025-10-10"
        within_km: 1.5      # the text "1.5"
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.texts import unfit

if TYPE_CHECKING:
    from collections.abc import Iterator

Path: TypeAlias = tuple[str | int, ...]
Position: TypeAlias = tuple[int, int]

# Long agreements with their annexes have under 200,000 characters, which take about a second to read.
LARGEST = 5_000_000
# Clauses nest about ten deep. The bound keeps a hostile file from exhausting the stack.
DEEPEST = 64

# More digits than any count, id or microsecond needs; a longer run of digits is a name and wants quotes.
_MOST_DIGITS = 18
_LINE_END = re.compile(r"\r\n|\r|\n")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class Located:
    """What a YAML text says, as plain values, and where it says each of them."""

    file: str
    data: Any
    positions: dict[Path, Position]

    def position(self, path: Path) -> Position:
        """Return line and column, from 1, of a mapping's key or a list's entry, else of its parent."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions[path]

    def fault(self, path: Path, what: str, remedy: str = "") -> Fault:
        """Return a fault of what stands at this path."""
        return Fault(self.file, *self.position(path), what, remedy)


def read_yaml(text: str, file: str) -> Located:
    """Return what a YAML text says. Raises Refused with all its faults, up to the first of syntax."""
    if len(text) > LARGEST:
        what = f"the file has {len(text):,} characters, over the {LARGEST:,} that are read at once"
        raise Refused([Fault(file, 0, 0, what, "split it into several files")])
    reader = _Reader(file, faults=_tabs(text, file))
    reader.read(text)
    if reader.faults:
        raise Refused(reader.faults)
    return Located(file, reader.data, reader.positions)


def _tabs(text: str, file: str) -> list[Fault]:
    what = "a tab: editors show it at different widths, so that what looks aligned need not be"
    return [
        Fault(file, number, line.index("\t") + 1, what, "use spaces")
        for number, line in enumerate(_LINE_END.split(text), start=1)
        if "\t" in line
    ]


class _TooDeepError(Exception):
    """The text nests deeper than we read."""


@dataclass
class _Reader:
    """Turns the events of one text into plain values, noting positions and faults as it goes."""

    file: str
    faults: list[Fault]
    data: Any = None
    positions: dict[Path, Position] = field(default_factory=dict)

    def read(self, text: str) -> None:
        tabbed = bool(self.faults)
        try:
            # A tab is one fault, already named; as a space it lets the rest of the text be read.
            self._stream(YAML(typ="safe", pure=True).parse(text.replace("\t", " ")))
        except _TooDeepError:
            pass
        except ReaderError as error:
            self._unreadable(text, error)
        except MarkedYAMLError as error:
            if not tabbed:
                self._syntax(error)

    def _stream(self, events: Iterator[Any]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, StreamEndEvent) and not documents:
                self._fault(None, "the file is empty", "write it, or remove it")
            if isinstance(event, DocumentStartEvent):
                documents += 1
                self._directives(event)
                if documents > 1:
                    self._fault(event, "a second document in one file", "keep one document; remove the '---'")
                    return
                self.data = self._value(events, next(events), ())
                if self.data is None and not self.faults:
                    self._fault(None, "the file is empty", "write it, or remove it")

    def _directives(self, event: Any) -> None:  # noqa: ANN401  ruamel's events have no common type
        if event.version or event.tags:
            self._fault(event, "a directive (a line that starts with '%')", "remove it: files are YAML 1.2")

    def _value(self, events: Iterator[Any], event: Any, path: Path) -> Any:  # noqa: ANN401
        self.positions.setdefault(path, _position(event))
        self._refuse_indirection(event)
        if isinstance(event, AliasEvent):
            return None
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if len(path) >= DEEPEST:
            self._fault(event, f"nested deeper than {DEEPEST} levels", "say it with fewer levels")
            raise _TooDeepError
        if isinstance(event, SequenceStartEvent):
            return self._list(events, path)
        return self._mapping(events, path)

    def _list(self, events: Iterator[Any], path: Path) -> list[Any]:
        found: list[Any] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            found.append(self._value(events, event, (*path, len(found))))
        return found

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            key = self._key(events, event, path)
            if key is None:
                self._value(events, next(events), (*path, "?"))
                continue
            twice = key in found
            if twice:
                before = self.positions[*path, key][0]
                what = f"'{key}' is given twice, first in line {before}: nobody can tell which is meant"
                self._fault(event, what, "keep one")
            self.positions.setdefault((*path, key), _position(event))
            value = self._value(events, next(events), (*path, key))
            if not twice:
                found[key] = value
        return found

    def _key(self, events: Iterator[Any], event: Any, path: Path) -> str | None:  # noqa: ANN401
        if isinstance(event, ScalarEvent):
            self._refuse_indirection(event)
            self._refuse_unfit(event)
            return str(event.value)
        if not isinstance(event, AliasEvent):
            self._fault(event, "a key that is a list or a mapping", "write the key as one word")
        self._value(events, event, (*path, "?"))
        return None

    def _scalar(self, event: Any) -> Any:  # noqa: ANN401
        text = str(event.value)
        self._refuse_unfit(event)
        plain = event.style is None
        if plain and text in _CONSTANTS:
            return _CONSTANTS[text]
        if not plain or not _WHOLE.fullmatch(text):
            return text
        if len(text) > _MOST_DIGITS:
            what = f"a whole number of {len(text)} digits, over the {_MOST_DIGITS} that are read"
            self._fault(event, what, "if it is a name and not a number, put it in quotes")
            return None
        return int(text)

    def _refuse_unfit(self, event: Any) -> None:  # noqa: ANN401
        if wrong := unfit(str(event.value)):
            self._fault(event, f"a character that no text holds, {wrong}", "remove it")

    def _refuse_indirection(self, event: Any) -> None:  # noqa: ANN401
        if isinstance(event, AliasEvent):
            what = f"an alias, *{event.anchor}: a reader would have to look elsewhere for what it says"
            self._fault(event, what, "write out what it stands for")
            return
        if event.anchor is not None:
            self._fault(event, f"an anchor, &{event.anchor}: each thing is said where it holds", "remove it")
        if event.tag is not None:
            self._fault(event, f"a tag, {_tag(event.tag)}: types come from the format", "remove it")

    def _fault(self, event: Any, what: str, remedy: str) -> None:  # noqa: ANN401
        place = (0, 0) if event is None else _position(event)
        self.faults.append(Fault(self.file, *place, what, remedy))

    def _unreadable(self, text: str, error: ReaderError) -> None:
        before = _LINE_END.split(text[: error.position])
        what = f"a character that no text holds, U+{ord(text[error.position]):04X}"
        self.faults.append(Fault(self.file, len(before), len(before[-1]) + 1, what, "remove it"))

    def _syntax(self, error: MarkedYAMLError) -> None:
        line, col = error.problem_mark.line + 1, error.problem_mark.column + 1
        opened = error.context_mark
        where = f" ({error.context}, opened in line {opened.line + 1})" if opened and error.context else ""
        what = f"not YAML: {error.problem}{where}"
        self.faults.append(Fault(self.file, line, col, what, _SYNTAX_REMEDIES.get(str(error.problem), _MEND)))


_MEND = "mend the brackets, the quotes or the indentation here or just above"
_SYNTAX_REMEDIES = {
    "mapping values are not allowed here": "put quotes round a text that holds ': ', or mend the indentation",
    "found unexpected end of stream": "close the quotes",
}


def _position(event: Any) -> Position:  # noqa: ANN401
    return (event.start_mark.line + 1, event.start_mark.column + 1)


def _tag(tag: object) -> str:
    return str(tag).replace("tag:yaml.org,2002:", "!!")
