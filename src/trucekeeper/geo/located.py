"""JSON whose every value knows where it stands in the text, so that a fault can say so.

Stricter than `json.loads`: a key twice in one object, NaN, Infinity, characters that no text holds (see
`terms.texts`) and deep nesting are faults. Numbers stay exact decimals.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from trucekeeper.terms import Fault
from trucekeeper.terms.texts import unfit

Value: TypeAlias = "dict[str, Node] | list[Node] | str | Decimal | bool | None"

DEEPEST = 32  # a collection of multipolygons needs 9; the rest is room for strangers' members

_SHOWN = 40  # characters of a number that a fault repeats
_SPACE = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value and the offset in the text where it begins."""

    value: Value
    at: int


def members_of(node: Node | None) -> dict[str, Node]:
    """Return the members of an object; of anything else, none."""
    return node.value if node and isinstance(node.value, dict) else {}


@dataclass(slots=True)
class Faults:
    """The faults found so far in one file, placed by their offset in its text."""

    file: str
    text: str
    found: list[Fault] = field(default_factory=list)
    _lines: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Find where the lines begin."""
        self._lines = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def add(self, at: int, what: str, remedy: str) -> None:
        """Add a fault at an offset of the text."""
        line = bisect_right(self._lines, at)
        self.found.append(Fault(self.file, line, at - self._lines[line - 1] + 1, what, remedy))

    def line_of(self, at: int) -> int:
        """Return the line, from 1, in which an offset lies."""
        return bisect_right(self._lines, at)


def _number(text: str) -> Decimal:
    """Return a number exactly; one whose exponent no decimal can hold is infinite."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("Infinity")


def parse(faults: Faults) -> Node | None:
    """Return the JSON value of the text, None if it is none; every fault is added to `faults`."""
    if not faults.text.strip():
        faults.add(0, "the file is empty", 'write {"type": "FeatureCollection", "features": []} if there is no zone')
        return None
    try:
        return _Parser(faults).document()
    except json.JSONDecodeError as error:
        faults.add(error.pos, f"not JSON: {error.msg}", "mend the text here, or export the file again")
        return None


class _Parser:
    """Walks objects and lists itself and leaves strings, numbers and words to `json`."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.text = faults.text
        self.scalars = json.JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=Decimal)

    def document(self) -> Node:
        node, end = self._node(self._skip(0), 0)
        if self._skip(end) < len(self.text):
            raise json.JSONDecodeError("something follows the end", self.text, self._skip(end))
        return node

    def _skip(self, at: int) -> int:
        """Return where the white space ends."""
        return len(_SPACE.match(self.text, at)[0]) + at  # type: ignore[index]  # it always matches

    def _node(self, at: int, depth: int) -> tuple[Node, int]:
        if depth > DEEPEST:
            raise json.JSONDecodeError(f"nested deeper than {DEEPEST} levels", self.text, at)
        opening = self.text[at : at + 1]
        if opening == "{":
            return self._object(at, depth)
        if opening == "[":
            return self._list(at, depth)
        return self._scalar(at)

    def _scalar(self, at: int) -> tuple[Node, int]:
        value, end = self.scalars.raw_decode(self.text, at)
        if isinstance(value, Decimal) and not value.is_finite():
            what = f"{self.text[at:end][:_SHOWN]} is no number"
            self.faults.add(at, what, "write the number, or leave it out")
            value = Decimal(0)
        if isinstance(value, str) and (wrong := unfit(value)):
            self.faults.add(at, f"a character that no text holds, {wrong}", "remove it")
        return Node(value, at), end

    def _object(self, at: int, depth: int) -> tuple[Node, int]:
        members: dict[str, Node] = {}
        end = self._skip(at + 1)
        if self.text[end : end + 1] == "}":
            return Node(members, at), end + 1
        while True:
            end = self._member(members, end, depth)
            if self.text[end : end + 1] == "}":
                return Node(members, at), end + 1
            end = self._skip(self._expect(",", end))

    def _member(self, members: dict[str, Node], at: int, depth: int) -> int:
        """Read one `"key": value` into the members and return where what follows begins."""
        if self.text[at : at + 1] != '"':
            raise json.JSONDecodeError("a key in double quotes was expected", self.text, at)
        key, end = self._scalar(at)
        if key.value in members:
            self.faults.add(at, f"'{key.value}' is here twice", "keep one: which of the two counts, nobody can tell")
        node, end = self._node(self._skip(self._expect(":", self._skip(end))), depth + 1)
        members[str(key.value)] = node
        return self._skip(end)

    def _list(self, at: int, depth: int) -> tuple[Node, int]:
        nodes: list[Node] = []
        end = self._skip(at + 1)
        if self.text[end : end + 1] == "]":
            return Node(nodes, at), end + 1
        while True:
            node, end = self._node(end, depth + 1)
            nodes.append(node)
            end = self._skip(end)
            if self.text[end : end + 1] == "]":
                return Node(nodes, at), end + 1
            end = self._skip(self._expect(",", end))

    def _expect(self, sign: str, at: int) -> int:
        if self.text[at : at + 1] != sign:
            raise json.JSONDecodeError(f"'{sign}' was expected", self.text, at)
        return at + 1
