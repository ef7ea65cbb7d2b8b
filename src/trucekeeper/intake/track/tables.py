"""Tables of fixes: CSV with a header, separated by comma, semicolon, tab or bar.

    time,device,lat,lon,accuracy_m
    2031-01-04T12:00:00Z,tracker-a,0.1000000,-30.2000000,15

A column is known by its name, in any case. Without one for the device, the whole file is of one device, called as
the file. Lines are read in blocks and turned to columns at once; only a block with a bad row is read row by row.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.intake.track.raw import CHUNK, UNSAID, Raw, Reading
from trucekeeper.intake.track.words import degrees_from, epoch_us, metres_from, moment_from
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_NAMES = {  # the surest first: a table may have both `id`, which numbers its rows, and `tracker`
    "time": ("time", "t", "timestamp", "datetime", "date_time", "time_utc", "utc", "when", "at", "recorded_at"),
    "lat": ("lat", "latitude", "lat_deg", "y"),
    "lon": ("lon", "lng", "long", "longitude", "lon_deg", "x"),
    "device": ("unit", "device", "tracker", "device_id", "tracker_id", "mmsi", "icao24", "imei", "callsign", "id"),
    "accuracy": ("accuracy_m", "accuracy", "within_m", "horizontal_accuracy", "acc"),
}
_NEEDED = ("time", "lat", "lon")
_UNIFORM = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(Z|[+-]\d\d(?::?\d\d)?)", re.ASCII)
_NO_OFFSET = {"Z", "+00", "+00:00", "+0000"}
_DIGITS = re.compile(r"\d{9,16}", re.ASCII)
_ODD = re.compile(r"[_,a-zA-Z]")  # Python's float takes "1_0", "nan" and "inf"


@dataclass(frozen=True, slots=True)
class _Table:
    """Where in a row each column stands; None for one that there is not."""

    delimiter: str
    time: int
    lat: int
    lon: int
    device: int | None
    accuracy: int | None
    width: int


def read_table(reading: Reading) -> Iterator[Raw]:
    """Yield the rows of a table; a bad one is a fault."""
    lines = ((number, text) for number, text in reading.part.lines() if text.strip())
    header = next(lines, None)
    if header is None:
        if not reading.part.cut:
            reading.refuse("holds no row", "is it the right file?")
        return
    table = _table(reading, *header)
    if table is None:
        return
    while block := list(islice(lines, CHUNK)):
        yield _block(reading, table, block)


def _table(reading: Reading, number: int, header: str) -> _Table | None:
    delimiter = max(",;\t|", key=header.count)
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    asked = {key: name.strip().lower() for key, name in reading.settings.columns.items()}
    found = {key: _found(names, (asked[key],) if key in asked else known) for key, known in _NAMES.items()}
    missing = [key for key in _NEEDED if found[key] is None]
    if missing or len(names) < len(_NEEDED):
        what = f"its first line has no column for {' and '.join(missing)}"
        known = "; ".join(f"{key}: {', '.join(_NAMES[key][:4])}" for key in missing)
        remedy = f"name the columns in the first line ({known}), or say which column is which"
        reading.part.opening.fault(reading.part.name, what, remedy, number)
        return None
    time, lat, lon = (found[key] or 0 for key in _NEEDED)
    return _Table(delimiter, time, lat, lon, found["device"], found["accuracy"], len(names))


def _found(names: list[str], known: Sequence[str]) -> int | None:
    return next((names.index(name) for name in known if name in names), None)


def _block(reading: Reading, table: _Table, block: list[tuple[int, str]]) -> Raw:
    texts = [text for _, text in block]
    lines = np.fromiter((number for number, _ in block), dtype=np.int64, count=len(block))
    try:
        rows = list(csv.reader(texts, delimiter=table.delimiter))
        if len(rows) == len(texts):
            return _at_once(reading, table, rows, lines)
    except (ValueError, IndexError, csv.Error):
        pass
    return _one_by_one(reading, table, block)


def _at_once(reading: Reading, table: _Table, rows: list[list[str]], lines: NDArray[np.int64]) -> Raw:
    """Return a block whose every row is good; else raise ValueError or IndexError."""
    if any(len(row) != table.width for row in rows):
        raise ValueError
    count = len(rows)
    accuracy = np.full(count, UNSAID, dtype=np.int64)
    if table.accuracy is not None:
        texts = [row[table.accuracy] for row in rows]
        metres = {text: metres_from(text) if text.strip() else UNSAID for text in set(texts)}  # of few values
        accuracy = np.fromiter(map(metres.__getitem__, texts), dtype=np.int64, count=count)
    return Raw(
        _device_numbers(reading, table, rows),
        _moments([row[table.time] for row in rows], reading.settings.time_zone),
        _degrees([row[table.lat] for row in rows]),
        _degrees([row[table.lon] for row in rows]),
        accuracy,
        lines,
    )


def _device_numbers(reading: Reading, table: _Table, rows: list[list[str]]) -> NDArray[np.int64]:
    number = reading.devices.number
    if table.device is None:
        return np.full(len(rows), number(file_name(reading)), dtype=np.int64)
    names = [row[table.device] for row in rows]
    numbers = {name: number(name.strip()) for name in set(names)}
    return np.fromiter(map(numbers.__getitem__, names), dtype=np.int64, count=len(rows))


def _degrees(texts: list[str]) -> NDArray[np.int64]:
    if any(map(_ODD.search, texts)):
        raise ValueError
    values = np.fromiter(map(float, texts), dtype=np.float64, count=len(texts))
    return np.rint(np.clip(values, -1e6, 1e6) * E7).astype(np.int64)


def _moments(texts: list[str], time_zone: str | None) -> NDArray[np.int64]:
    """Return the moments of texts that are all written alike, or one by one."""
    first = texts[0]
    if (found := _UNIFORM.fullmatch(first)) and found[1] in _NO_OFFSET:
        end, length = found[1], len(first)
        if all(len(text) == length and text.endswith(end) for text in texts):
            cut = length - len(end)
            return np.array([text[:cut] for text in texts], dtype="datetime64[us]").astype(np.int64)
    if all(map(_DIGITS.fullmatch, texts)):
        return np.fromiter((epoch_us(int(text)) for text in texts), dtype=np.int64, count=len(texts))
    return np.fromiter((moment_from(text, time_zone) for text in texts), dtype=np.int64, count=len(texts))


def _one_by_one(reading: Reading, table: _Table, block: list[tuple[int, str]]) -> Raw:
    good = []
    for number, text in block:
        try:
            good.append(_row(reading, table, text, number))
        except (ValueError, csv.Error) as error:
            reading.fault(number, error)
    return Raw.of(good)


def _row(reading: Reading, table: _Table, text: str, number: int) -> tuple[int, int, int, int, int, int]:
    try:
        values = next(csv.reader([text], delimiter=table.delimiter, strict=True))
    except csv.Error:
        raise ValueError("the quotes of the row do not match: close or remove them") from None
    if len(values) != table.width:
        raise ValueError(f"it has {len(values)} columns, and the first line {table.width}: set the row right")
    name = file_name(reading) if table.device is None else values[table.device]
    said = "" if table.accuracy is None else values[table.accuracy].strip()
    return (
        reading.devices.number(name.strip()),
        moment_from(values[table.time], reading.settings.time_zone),
        degrees_from(values[table.lat]),
        degrees_from(values[table.lon]),
        metres_from(said) if said else UNSAID,
        number,
    )


def file_name(reading: Reading) -> str:
    """Return what a device is called that a file does not name: as the file itself, without its folders."""
    return PurePosixPath(reading.part.name.replace("\\", "/")).name
