"""Fixes as JSON: ADS-B logs in several shapes, other lists of objects, lines of objects, and GeoJSON.

    {"timestamp": {"0": 1925380800000}, "icao24": {"0": "abc123"}, "latitude": {"0": 0.1}, "longitude": {"0": -30.2}}
    [{"time": "2031-01-04T12:00:00Z", "device": "tracker-a", "lat": 0.1, "lon": -30.2, "accuracy_m": 15}]
    {"now": 1925380800, "aircraft": [{"hex": "abc123", "lat": 0.1, "lon": -30.2, "seen_pos": 2.5}]}
    {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", ...}, ...}]}

Columns (as pandas writes them), a list of objects, or one object a line; readsb's `aircraft.json`; GeoJSON points
with a time each, and lines with `times` or `coordTimes`. Where a log says when the position itself was last heard
(`last_position`, `seen_pos`), that is the time of the fix: the row's own only repeats an old place at a new time.
What can only be read as a whole is no longer than `Limits.document`; its rows are counted, as they have no lines.
"""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from trucekeeper.intake.track.raw import UNSAID, Raw, Reading
from trucekeeper.intake.track.tables import file_name
from trucekeeper.intake.track.words import degrees_from, e7, epoch_us, metres_from, moment_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TIME = ("last_position", "time", "timestamp", "t", "time_position", "datetime", "when", "at")
_LAT, _LON = ("lat", "latitude", "y"), ("lon", "lng", "longitude", "x")
_DEVICE = ("unit", "device", "tracker", "device_id", "tracker_id", "icao24", "hex", "mmsi", "imei", "callsign", "id")
_ACCURACY = ("accuracy_m", "accuracy", "within_m", "rc")  # readsb's `rc` is a radius of containment in metres
_FLYING = {"icao24", "hex"}
_SHAPES = "a list of objects, one object a line, columns, readsb's aircraft.json or GeoJSON"


def read_document(reading: Reading) -> Iterator[Raw]:
    """Yield the rows of one JSON document."""
    reading.lines = False
    text = reading.part.document()
    if text is None:
        return
    try:
        said = json.loads(text, parse_constant=lambda _: None)
    except RecursionError:
        reading.refuse("it is nested deeper than any list of fixes", "export it again")
        return
    except ValueError as error:  # JSONDecodeError, broken UTF-8, and numbers of thousands of digits
        at = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        reading.refuse(f"it is no JSON{at}", "export it again, or mend it there")
        return
    del text
    yield from _rows(reading, _objects(reading, said))


def read_lines(reading: Reading) -> Iterator[Raw]:
    """Yield the rows of a file with one JSON object in each line."""
    yield from _rows(reading, _each_line(reading))


def _each_line(reading: Reading) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, text in reading.part.lines():
        if text.strip():
            try:
                said = json.loads(text, parse_constant=lambda _: None)
            except (ValueError, RecursionError):
                said = None
            if isinstance(said, dict):
                yield number, said
            else:
                reading.fault(number, "the line is no JSON object: set it right, or leave it out")


def _objects(reading: Reading, said: Any) -> Iterable[tuple[int, dict[str, Any]]]:  # noqa: ANN401  outside data
    """Return the objects that a document holds, each with its number from 1."""
    match said:
        case list():
            return _each(reading, said)
        case {"type": "FeatureCollection", "features": list(features)}:
            return _features(reading, features)
        case {"now": int() | float() as now, "aircraft": list(aircraft)}:
            reading.aircraft = True
            return ((number, _heard(now, one)) for number, one in _each(reading, aircraft))
        case dict() if said and all(isinstance(column, (list, dict)) for column in said.values()):
            return _columns(reading, said)
        case dict() if any(key in said for key in _LAT):
            return ((1, said),)
    reading.refuse("it is JSON, but nothing that holds fixes", f"give {_SHAPES}")
    return ()


def _each(reading: Reading, several: list[Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, one in enumerate(several, start=1):
        if isinstance(one, dict):
            yield number, one
        else:
            reading.fault(number, "it is no JSON object: set it right, or leave it out")


def _heard(now: float, one: dict[str, Any]) -> dict[str, Any]:
    """Return an aircraft of readsb with the time at which its position was heard."""
    age = one.get("seen_pos", 0)
    age = age if isinstance(age, (int, float)) and not isinstance(age, bool) else 0
    return {**one, "last_position": round((now - age) * 1_000)}


def _columns(reading: Reading, said: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    columns = [column.values() if isinstance(column, dict) else column for column in said.values()]
    if len({len(column) for column in columns}) > 1:
        reading.refuse("its columns are not equally long", "export it again: which rows belong together?")
        return
    names = tuple(said)
    for number, values in enumerate(zip_longest(*columns), start=1):
        yield number, dict(zip(names, values, strict=True))


def _features(reading: Reading, features: list[Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the points of GeoJSON, and those of its lines; all are numbered by their feature."""
    for number, one in _each(reading, features):
        said = one.get("properties")
        properties: dict[str, Any] = said if isinstance(said, dict) else {}
        match one.get("geometry"):
            case {"type": "Point", "coordinates": [lon, lat, *_]}:
                yield number, {**properties, "lat": lat, "lon": lon}
            case {"type": "LineString", "coordinates": list(points)}:
                yield from ((number, one) for one in _along(reading, number, properties, points))
            case _:
                reading.fault(number, "it is neither a point nor a line: leave it out")


def _along(reading: Reading, number: int, said: dict[str, Any], points: list[Any]) -> Iterator[dict[str, Any]]:
    times = said.get("times") or said.get("coordTimes") or []
    if not isinstance(times, list) or len(times) != len(points):
        reading.fault(number, "the line has not as many `times` as points: give each point one")
        return
    rest = {key: value for key, value in said.items() if key not in _TIME}
    for time, point in zip(times, points, strict=True):
        match point:
            case [lon, lat, *_]:
                yield {**rest, "time": time, "lat": lat, "lon": lon}
            case _:
                reading.fault(number, "a point of the line has no two coordinates: set it right")


def _rows(reading: Reading, objects: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[Raw]:
    for number, one in objects:
        lower = {str(key).lower(): value for key, value in one.items()}
        reading.aircraft = reading.aircraft or not _FLYING.isdisjoint(lower)
        lat, lon = _first(lower, reading, "lat", _LAT), _first(lower, reading, "lon", _LON)
        if lat is None or lon is None:
            reading.without_place += 1
            continue
        try:
            row = _row(reading, lower, (lat, lon), number)
        except ValueError as error:
            reading.fault(number, error)
            continue
        yield from reading.take(row)
    yield reading.gathered()


def _row(
    reading: Reading, said: dict[str, Any], place: tuple[Any, Any], number: int
) -> tuple[int, int, int, int, int, int]:
    device = _first(said, reading, "device", _DEVICE)
    accuracy = _first(said, reading, "accuracy", _ACCURACY)
    return (
        reading.devices.number(file_name(reading) if device is None else str(device)),
        _moment(_first(said, reading, "time", _TIME), reading),
        _degrees(place[0]),
        _degrees(place[1]),
        UNSAID if accuracy is None else metres_from(str(accuracy)),
        number,
    )


def _first(said: dict[str, Any], reading: Reading, key: str, names: tuple[str, ...]) -> Any:  # noqa: ANN401
    """Return the value under the first of several names that an object has, None if it has none."""
    asked = reading.settings.columns.get(key)
    names = (asked.lower(),) if asked else names
    return next((value for name in names if (value := said.get(name)) is not None), None)


def _moment(said: Any, reading: Reading) -> int:  # noqa: ANN401  outside data
    if isinstance(said, (int, float)) and not isinstance(said, bool):
        return epoch_us(said)
    return moment_from("" if said is None else str(said), reading.settings.time_zone)


def _degrees(said: Any) -> int:  # noqa: ANN401  outside data
    if isinstance(said, (int, float)) and not isinstance(said, bool):
        return e7(said)
    return degrees_from(str(said))
