"""What the map and the timeline draw: every incident as columns of whole numbers, worked out once for many readers.

    {"number":812,"kinds":["shelling"],"proofs":["alleged"],"key":[412],"kind":[0],"proof":[0],"lat":[315100000],
     "lon":[345100000],"within":[300],"latest":[1930000000],"reports":[2],"border":[1]}

`key` is the number in an incident's name, `latest` in seconds since 1970; who has no place has null for it. It may be
some changes behind: `number` is the change up to which it is told, and the live stream goes on from there.
"""

from __future__ import annotations

import gzip
import json
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from trucekeeper.mission.looking import DRAWN, Filter, Sight
from trucekeeper.opsroom import missions
from trucekeeper.terms.moments import MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

BEHIND = 200
"""So many changes may a drawing be behind: the stream tells them faster than all is drawn again."""
KEPT = 16
"""So many drawings are kept by each worker: of a hundred thousand incidents one is a megabyte."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    number: int
    packed: bytes


@dataclass
class Drawings:
    """The drawings that a worker keeps, each for one sight and one filter: none is ever given to another sight."""

    _kept: OrderedDict[object, _Drawing] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def drawn(self, sight: Sight, wanted: Filter) -> bytes:
        """Return the drawing, packed with gzip."""
        looking, seen = missions.looking(), _still(sight)
        key = looking.begun(), seen, wanted  # begun anew means that something was hidden since
        with self._lock:  # or each of many readers would work out the same
            found, newest = self._kept.get(key), looking.last_change(sight)
            if found is None or not found.number <= newest <= found.number + (0 if sight.at else BEHIND):
                found = _Drawing(newest, _packed(newest, looking.drawn(seen, wanted)))
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found.packed


DRAWINGS = Drawings()


def _still(sight: Sight) -> Sight:
    """Return a sight that is the same for a while: coarse ones see what is late up to a minute later."""
    return replace(sight, now=sight.now // MINUTE * MINUTE if sight.coarse else 0)


def _packed(number: int, rows: Sequence[Sequence[Any]]) -> bytes:
    said = {"number": number, **columns(rows)}
    return gzip.compress(json.dumps(said, separators=(",", ":")).encode(), 1)


def columns(rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """Return rows of `DRAWN` as columns of numbers."""
    several = zip(*rows, strict=True) if rows else [()] * len(DRAWN)
    names, kinds, proofs, lat, lon, within, latest, reports, borders = several
    known, levels = ({name: at for at, name in enumerate(sorted(set(one)))} for one in (kinds, proofs))
    return {
        "kinds": list(known),
        "proofs": list(levels),
        "key": [int(name[2:]) for name in names],
        "kind": [known[one] for one in kinds],
        "proof": [levels[one] for one in proofs],
        "lat": list(lat),
        "lon": list(lon),
        "within": list(within),
        "latest": [one // SECOND for one in latest],
        "reports": list(reports),
        "border": [int(bool(one)) for one in borders],
    }
