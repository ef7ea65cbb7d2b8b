"""Small tracks for tests: Valoria, its zones, and a file in a word."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.geo import Atlas, read_geojson
from trucekeeper.intake.track import Ground, Settings, Tracked, presence, read_track
from trucekeeper.intake.track.fixes import Fixes
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trucekeeper.geo import Zone
    from trucekeeper.intake.opening import Given
    from trucekeeper.intake.track import Presence
    from trucekeeper.terms import Moment

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "src" / "trucekeeper" / "intake" / "track" / "sample"
NOON = parse_moment("2031-01-04T12:00:00Z")
LATER = parse_moment("2031-01-05T00:00:00Z")
E7 = 10**7
UNITS = {"tracker-a": "n1", "tracker-b": "n2", "tracker-c": "s1", "tracker-d": "s2"}


@cache
def valoria() -> Atlas:
    return read_geojson((ROOT / "scenarios" / "valoria.geojson").read_text(encoding="utf-8"), "valoria.geojson")


def tracked(
    *given: Given,
    units: Mapping[str, str] = UNITS,
    zones: Sequence[str] = ("valley", "harbour", "agreed-line"),
    base_time: Moment | None = None,
    settings: Settings | None = None,
) -> Tracked:
    """Return what files become in Valoria, learned of the day after."""
    return read_track(
        given,
        units=units,
        atlas=valoria(),
        zone_names=zones,
        learned_at=LATER,
        base_time=base_time,
        settings=settings,
    )


def table(*rows: str, header: str = "time,device,lat,lon,accuracy_m", name: str = "tracks.csv") -> tuple[str, bytes]:
    """Return a table as a file."""
    return name, "\n".join([header, *rows, ""]).encode()


def cut(fixes: Fixes, sizes: Iterable[int]) -> Iterator[Fixes]:
    """Yield fixes in chunks of these sizes, and whatever is left in one."""
    begin = 0
    for size in sizes:
        yield fixes.some(slice(begin, begin + size))
        begin += size
    yield fixes.some(slice(begin, len(fixes)))


def present(
    rows: Iterable[tuple[int, int, int, int, int]],
    zones: Sequence[Zone],
    *,
    sizes: Sequence[int] = (),
    kmh: int = 200,
    gap: int | None = None,
) -> Presence:
    """Return the presence of fixes given as device, microsecond, latitude, longitude, accuracy; in any order."""
    fixes = Fixes.of(rows).sorted()
    devices = int(fixes.device.max()) + 1 if len(fixes) else 1
    ground = Ground(Atlas(tuple(zones)), [one.id for one in zones])
    return presence(lambda: cut(fixes, sizes), ground, max_kmh=np.full(devices, kmh), gap=gap)


def faults(tracks: Tracked) -> list[str]:
    """Return the faults as `line: what`."""
    return [f"{fault.line}: {fault.what}" for fault in tracks.faults]
