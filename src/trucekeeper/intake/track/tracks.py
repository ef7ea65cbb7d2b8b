"""Tracks from files to facts: read, sifted, put in order, and made presence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.intake.opening import Opening
from trucekeeper.intake.track.facts import rows_of
from trucekeeper.intake.track.fixes import Fixes
from trucekeeper.intake.track.presence import Ground, presence
from trucekeeper.intake.track.putting import Store
from trucekeeper.intake.track.raw import UNSAID, Devices, Reading
from trucekeeper.intake.track.read import read
from trucekeeper.intake.track.settings import AIRCRAFT_KMH, OTHER_KMH, Settings
from trucekeeper.intake.track.sieve import Sieve, Units
from trucekeeper.terms import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucekeeper.geo import Atlas
    from trucekeeper.intake.opening import Given
    from trucekeeper.intake.track.facts import Row
    from trucekeeper.intake.track.presence import Presence
    from trucekeeper.terms import Moment


@dataclass(frozen=True, slots=True)
class Tracked:
    """What tracks became: facts as rows, what is wrong with the files, and how many positions count.

    `positions` are those of mapped devices, repeated ones left out; `doubtful` of them show nothing for certain.
    `aside` is how many rows, or whole files, were not entered, each with a fault or counted with others in one.
    `presence` has the intervals themselves; `units` names the unit of each device's number in it.
    """

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    positions: int
    doubtful: int
    notes: tuple[str, ...]
    aside: int
    presence: Presence
    units: tuple[str, ...]


def read_track(
    paths: Iterable[Given],
    *,
    units: Mapping[str, str],
    atlas: Atlas,
    zone_names: Sequence[str],
    learned_at: Moment,
    base_time: Moment | None = None,
    settings: Settings | None = None,
) -> Tracked:
    """Return what files of tracks become.

    `units` maps each device, as the files call it, to the unit that it is of. `zone_names` are the zones and lines to
    ask about. `learned_at` is when whoever gives the files had them; no fix is later. `base_time` is when a log
    without times began. Raises Refused for a unit that is none, and KeyError for a zone that the atlas has not.
    """
    settings = settings or Settings()
    ground, known = Ground(atlas, zone_names), Units.of(units)
    sieve = Sieve(known, Devices(), atlas.extent(), learned_at, settings.accuracy_m)
    faults, notes = list[Fault](), list[str]()
    with Store(settings.chunk, settings.scratch) as store:
        for given in paths:
            opening = Opening(given, settings.limits)
            _read(opening, sieve, store, base_time=base_time, settings=settings)
            faults += opening.faults.all()
            notes += opening.notes
            sieve.aside += opening.faults.count
        found = presence(store.chunks, ground, max_kmh=_speeds(sieve, settings), gap=settings.gap)
        rows = rows_of(store.chunks, found, known.units, settings=settings, learned_at=learned_at)
        repeated = store.count - found.fixes
    for fault, count in sieve.strangers():
        faults.append(fault)
        sieve.aside += count
    notes += _notes(sieve, settings, repeated)
    return Tracked(
        rows, tuple(sorted(faults)), found.fixes, found.doubtful, tuple(notes), sieve.aside, found, known.units
    )


def _read(opening: Opening, sieve: Sieve, store: Store, *, base_time: Moment | None, settings: Settings) -> None:
    for part in opening.parts():
        reading = Reading(part, settings, sieve.devices, base_time)
        for raw in read(reading):
            sieve.unsaid += int((raw.accuracy_m == UNSAID).sum())
            kept = sieve.sifted(reading, raw)
            store.add(Fixes.narrowed(kept.device, kept.time_us, kept.lat_e7, kept.lon_e7, kept.accuracy_m))


def _speeds(sieve: Sieve, settings: Settings) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the greatest speed of each device: as said of its unit, or of all, or by its sort."""
    speeds = [
        settings.speeds.get(unit)
        or settings.max_speed_kmh
        or (AIRCRAFT_KMH if device in sieve.aircraft else OTHER_KMH)
        for device, unit in enumerate(sieve.units.units)
    ]
    return np.array(speeds, dtype=np.int64)


def _notes(sieve: Sieve, settings: Settings, repeated: int) -> list[str]:
    notes = []
    if sieve.unsaid:
        notes.append(
            f"rows that do not say how accurate they are: {sieve.unsaid:,}, each taken as {settings.accuracy_m} m"
        )
    if repeated:
        notes.append(f"rows that repeat another word for word, and count once: {repeated:,}")
    return notes
