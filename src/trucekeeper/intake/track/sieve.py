"""What of a file may count: fixes of mapped devices, at a time and a place that can be true.

Set aside, each row with its line: a time outside the years 1900 to 2199 or after the fix was learned of; 0, 0, which
receivers write without a fix; what is not on earth; what lies far from all zones and would not with its coordinates
exchanged. A fix that merely lies far from all zones is kept, as it is certainly outside them, and noted. A device
that no unit is named for is told by a number of its own: its name is nobody's business here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from trucekeeper.agreement.rows import FAR, FIRST, LAST
from trucekeeper.intake.track.raw import UNSAID, Devices, Raw, Reading
from trucekeeper.terms import Fault
from trucekeeper.terms.faults import Refused
from trucekeeper.terms.moments import write_moment
from trucekeeper.terms.places import E7
from trucekeeper.terms.texts import unfit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from trucekeeper.terms import Moment

Flags: TypeAlias = "NDArray[np.bool_]"
Extent: TypeAlias = tuple[int, int, int, int]

_UNMAPPED = -1
_MOST_TOLD = 1_000  # unmapped devices told one by one; beyond, the wrong column was taken for the device's
_LONGEST_UNIT = 80


@dataclass(frozen=True, slots=True)
class Units:
    """The units of the devices: by device, sorted, so that a device's number hangs on the mapping alone."""

    devices: tuple[str, ...]
    units: tuple[str, ...]

    @staticmethod
    def of(mapping: Mapping[str, str]) -> Units:
        """Return the units of a mapping. Raises Refused, without a device's name, for what names no unit."""
        faults = []
        pairs = sorted((str(device).strip(), str(unit)) for device, unit in mapping.items())
        for row, (device, unit) in enumerate(pairs, start=1):
            if unit != unit.strip() or not 0 < len(unit) <= _LONGEST_UNIT or unfit(unit):
                what = f"the unit of device {row} of {len(pairs)} (in the order of their names) is no name"
                faults.append(Fault("units", 0, 0, what, f"write 1 to {_LONGEST_UNIT} characters that can be seen"))
            elif not device:
                faults.append(Fault("units", 0, 0, "a device has no name", "write what the tracks call it"))
        if faults:
            raise Refused(faults)
        return Units(tuple(device for device, _ in pairs), tuple(unit for _, unit in pairs))


@dataclass(slots=True)
class _Stranger:
    """A device without a unit: how many rows it has, and where the first is."""

    number: int
    first: Fault
    count: int = 0


@dataclass(slots=True)
class Sieve:
    """Lets through what may count, file after file; remembers whom it did not know."""

    units: Units
    devices: Devices
    extent: Extent | None
    learned_at: Moment
    accuracy_m: int
    aircraft: set[int] = field(default_factory=set)
    aside: int = 0
    unsaid: int = 0
    _codes: list[int] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=dict)
    _strangers: dict[tuple[str, int], _Stranger] = field(default_factory=dict)
    _numbered: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the units by device."""
        self._known = {device: code for code, device in enumerate(self.units.devices)}

    def sifted(self, reading: Reading, raw: Raw) -> Raw:
        """Return the rows that may count, with their devices as numbers of `units` and an accuracy each."""
        code = self._coded(raw.device)
        self._tell_strangers(reading, raw, code == _UNMAPPED)
        for wrong, what in (
            ((raw.time_us < FIRST) | (raw.time_us > LAST), "its time is not in the years 1900 to 2199: set it right"),
            (raw.time_us > self.learned_at, f"its time is after it was learned of, {self._learned}: set it right"),
            ((raw.lat_e7 == 0) & (raw.lon_e7 == 0), "0, 0 is what a receiver writes that has no fix: leave it out"),
            (_off(raw.lat_e7, 90) | _off(raw.lon_e7, 180), "it lies nowhere on earth: are lat and lon swapped?"),
            (
                self._swapped(raw),
                "it lies far from every zone, and would not with lat and lon exchanged: exchange them",
            ),
        ):
            self._set_aside(reading, raw, (code != _UNMAPPED) & wrong, what)
            code[wrong] = _UNMAPPED
        kept = code != _UNMAPPED
        self._note_far(reading, raw.some(kept))
        found = raw.some(kept)
        if reading.aircraft:
            self.aircraft.update(np.unique(code[kept]).tolist())
        accuracy = np.where(found.accuracy_m == UNSAID, self.accuracy_m, found.accuracy_m)
        return Raw(code[kept], found.time_us, found.lat_e7, found.lon_e7, accuracy, found.line)

    @property
    def _learned(self) -> str:
        return write_moment(self.learned_at)

    def _coded(self, device: NDArray[np.int64]) -> NDArray[np.int64]:
        for name in list(self.devices.numbers)[len(self._codes) :]:
            self._codes.append(self._known.get(name, _UNMAPPED))
        return np.array(self._codes, dtype=np.int64)[device] if len(device) else np.empty(0, dtype=np.int64)

    def _set_aside(self, reading: Reading, raw: Raw, wrong: Flags, what: str) -> None:
        for line in raw.line[wrong].tolist():
            reading.fault(line, what, sort=what)

    # ---- places -------------------------------------------------------------------------------------------------

    def _swapped(self, raw: Raw) -> Flags:
        return ~self._near(raw.lat_e7, raw.lon_e7) & self._near(raw.lon_e7, raw.lat_e7)

    def _near(self, lat: NDArray[np.int64], lon: NDArray[np.int64]) -> Flags:
        if self.extent is None:
            return np.ones(len(lat), dtype=np.bool_)
        south, west, north, east = self.extent
        near: Flags = (south - FAR <= lat) & (lat <= north + FAR) & (west - FAR <= lon) & (lon <= east + FAR)
        return near

    def _note_far(self, reading: Reading, kept: Raw) -> None:
        far = ~self._near(kept.lat_e7, kept.lon_e7)
        if far.any():
            line = int(kept.line[far][0])
            where = f"line {line}" if reading.lines else f"row {line}"
            said = f"fixes more than 3 degrees from every zone: {int(far.sum()):,}, the first in {where}"
            reading.note(f"{said}; they count as outside, and if they should not be there, set them right")

    # ---- devices ------------------------------------------------------------------------------------------------

    def _tell_strangers(self, reading: Reading, raw: Raw, strange: Flags) -> None:
        if not strange.any():
            return
        devices, first, counts = np.unique(raw.device[strange], return_index=True, return_counts=True)
        lines = raw.line[strange][first]
        for row in np.argsort(first, kind="stable").tolist():
            device = int(devices[row])
            known = (reading.part.name, device) in self._strangers
            if not known and len(self._strangers) >= _MOST_TOLD:
                device, known = _UNMAPPED, (reading.part.name, _UNMAPPED) in self._strangers
            key = reading.part.name, device
            if not known:
                number = self._numbered.setdefault(device, len(self._numbered) + 1)
                self._strangers[key] = _Stranger(number, reading.located(int(lines[row]), "", ""))
            self._strangers[key].count += int(counts[row])

    def strangers(self) -> list[tuple[Fault, int]]:
        """Return a fault for each device without a unit in each file, with how many rows were set aside for it."""
        found = []
        for (_, device), one in self._strangers.items():
            who = "more devices" if device == _UNMAPPED else f"device {one.number}"
            row = f"{one.first.what}no unit is named for the device of this row"
            what = f"{row} ('{who}'); rows set aside: {one.count:,}"
            remedy = "add it to the units, under the name that this row gives it, if it belongs to one"
            found.append((Fault(one.first.file, one.first.line, 0, what, remedy), one.count))
        return found


def _off(degrees_e7: NDArray[np.int64], most: int) -> Flags:
    off: Flags = np.abs(degrees_e7) > most * E7
    return off
