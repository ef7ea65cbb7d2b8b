"""Reads the active fires of NASA FIRMS, CSV, of MODIS and of VIIRS.

    latitude, longitude   the middle of the pixel, whose sides `scan` and `track` are, in kilometres: the heat was
                          within half its diagonal
    acq_date, acq_time    when the satellite passed, UTC; `0042` may stand as `42`. It knew then
    satellite             with time and place the name, for FIRMS gives none
    frp, confidence       in the note, as they stand. A detection of low confidence is a report like others

Fast products (`NRT`) are replaced by standard ones some months later, whose pixels lie a little elsewhere: they are
other detections, and two witnesses if both are entered. Enter one of the two.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING

from trucekeeper.intake.expects import Expects
from trucekeeper.intake.records import Record, kept, tabled
from trucekeeper.intake.said import Said
from trucekeeper.terms.moments import moment_of, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.intake.said import Row
    from trucekeeper.intake.setting import Setting
    from trucekeeper.terms import Fault

METRES = 1_000
_KILOMETRES = re.compile(r"\d{1,2}(\.\d{1,6})?")
_NOTED = ("satellite", "instrument", "version", "confidence", "frp", "daynight")


def read(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
    """Yield the detections of files, and what is wrong with them."""
    yield from tabled(paths, setting, Expects.of(__package__, setting).columns, said)


def said(record: Record) -> Said:
    """Return the report that a row makes. Raises ValueError, saying what is wrong with it."""
    cells = record.cells
    at = write_moment(moment_of(_acquired(cells)))
    lat, lon = cells.get("latitude", ""), cells.get("longitude", "")
    if not lat or not lon:
        raise ValueError("a detection without its place")
    named = " ".join((cells.get("satellite", ""), at, lat, lon))
    return Said(
        where=record.where,
        name=sha256(named.encode()).hexdigest()[:16],
        columns={
            "at": at,
            "lat": lat,
            "lon": lon,
            "within_m": _within(cells),
            "learned_at": at,
            "note": ", ".join(f"{name} {cells[name]}" for name in _NOTED if name in cells),
        },
        words={"kind": "heat"},
        first_hand=True,
        **kept(record.original),
    )


def _acquired(cells: Mapping[str, str]) -> datetime:
    day, clock = cells.get("acq_date", ""), cells.get("acq_time", "").replace(":", "").zfill(4)
    try:
        return datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H%M").replace(tzinfo=UTC)
    except ValueError:
        said_ = f"acq_date and acq_time are '{day[:20]}' and '{clock[:20]}'"
        raise ValueError(f"{said_}: FIRMS writes 2031-03-04 and 0042") from None


def _within(cells: Mapping[str, str]) -> int:
    """Return half the diagonal of the pixel, in whole metres."""
    sides = []
    for name in ("scan", "track"):
        text = cells.get(name, "")
        if not _KILOMETRES.fullmatch(text):
            raise ValueError(f"{name} is '{text[:40]}', and no number of kilometres")
        sides.append(Decimal(text))
    diagonal = (sides[0] ** 2 + sides[1] ** 2).sqrt()
    return int((diagonal / 2 * METRES).to_integral_value()) + 1
