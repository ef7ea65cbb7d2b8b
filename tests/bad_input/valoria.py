"""A small good mission in Valoria, which each test spoils in one place."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# Line 11 is `clauses:`, lines 12 to 18 the first clause; a clause added after it begins in line 19.
HEAD = """\
agreement: valoria
title: The Valley Ceasefire
time_zone: Asia/Beirut
parties:
  north: {units: [first, second]}
  south: {}
actors:
  envoy: {role: guarantor}
events:
  approval: {shown_by: {fact: declaration, by: envoy}}
clauses:
"""
HALT = """\
  - id: halt
    kind: prohibit
    cite: art. 1
    gloss: neither side attacks
    by: [north, south]
    after: approval
    act: {fact: attack}
"""
GOOD = HEAD + HALT
READINGS = "readings:\n  clock: {a: from approval, b: from signature, adopted: none}\n"
"""Two lines that go before `events:`; what follows them moves down by two."""

ZONES: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"id": "valley", "author": "map 1", "accuracy_m": 50},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[35, 33], [36, 33], [36, 34], [35, 34], [35, 33]]],
            },
        },
        {
            "type": "Feature",
            "properties": {
                "id": "agreed-line",
                "author": "map 1",
                "accuracy_m": 50,
                "sides": {"left": "west", "right": "east"},
            },
            "geometry": {"type": "LineString", "coordinates": [[35.5, 32], [35.5, 35]]},
        },
    ],
}
LEARNED = '"learned_at": "2025-10-14T09:00+03:00"'
AT = '"at": "2025-10-13T09:00+03:00"'
GOOD_ROW = '{"id": "r-0", "kind": "attack", "by": "north", %s, %s}' % (AT, LEARNED)  # noqa: UP031  braces are JSON's


def clause(kind: str, *lines: str) -> str:
    """Return the agreement with a second clause: its kind is in line 20, the first of these lines is line 23."""
    own = "".join(f"    {line}\n" for line in lines)
    return f"{GOOD}  - id: one\n    kind: {kind}\n    cite: art. 2\n    gloss: a promise\n{own}"


def with_readings(agreement: str) -> str:
    """Return an agreement that declares the reading `clock`, in lines 9 and 10."""
    return agreement.replace("events:\n", READINGS + "events:\n")


def instead(old: str, new: str) -> str:
    """Return the good agreement with one text in place of another."""
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def zones(spoil: Callable[[list[Any]], object]) -> str:
    """Return the zones file, its features spoilt, with one coordinate or key a line."""
    collection = deepcopy(ZONES)
    spoil(collection["features"])
    return json.dumps(collection, indent=1)


def row(more: str) -> str:
    """Return a row of facts with these members, and when it was learned."""
    return "{" + f"{more}, {LEARNED}" + "}"


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    code: object
    out: str
    err: str

    @property
    def faults(self) -> list[str]:
        """Return each fault with its remedy; the closing count is left out."""
        found: list[str] = []
        for line in self.err.splitlines():
            if line.startswith("    "):
                found[-1] += "\n" + line
            elif not line.endswith((" fault", " faults", " was used")):
                found.append(line)
        return found
