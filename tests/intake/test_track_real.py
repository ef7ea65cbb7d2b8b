"""Real tracks, where the shared data are there: each goes in, or says why not."""

from __future__ import annotations

import csv
import itertools
from typing import TYPE_CHECKING

from shapely import box

from trucekeeper.geo import Atlas, Zone
from trucekeeper.intake.track import State, Tracked, read_track
from trucekeeper.terms.moments import MINUTE, parse_moment

if TYPE_CHECKING:
    from pathlib import Path

E7 = 10**7


def square(west: float, south: float, east: float, north: float) -> Atlas:
    corners = box(round(west * E7), round(south * E7), round(east * E7), round(north * E7))
    return Atlas((Zone(id="zone", author="us", geometry=corners),))


def real(path: Path, atlas: Atlas, units: dict[str, str], base_time: str = "") -> Tracked:
    return read_track(
        [path],
        units=units,
        atlas=atlas,
        zone_names=["zone"],
        learned_at=parse_moment("2026-01-01T00:00:00Z"),
        base_time=parse_moment(base_time) if base_time else None,
    )


def test_geolife_goes_in_with_its_gaps(shared: Path) -> None:
    path = shared / "data" / "tracks" / "geolife_demodata.csv"
    tracks = real(path, square(116.28, 39.95, 116.35, 40.02), {"0": "a", "2": "b", "19": "c"})
    with path.open(encoding="ascii") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    times = {
        one: sorted(parse_moment(row["t"] + ":00") for row in rows if row["tracker"] == one)
        for one in ("0", "2", "19")
    }
    gaps = sum(later - one > 10 * MINUTE for several in times.values() for one, later in itertools.pairwise(several))

    assert (tracks.positions, tracks.faults, tracks.doubtful) == (5_908, (), 0)
    assert len(tracks.presence.spans) == gaps + 3 == 13
    assert {state for _, state, *_ in tracks.presence.intervals("zone").rows()} == set(State)


def test_the_spoofed_flight_is_flagged_where_it_jumps(shared: Path) -> None:
    path = shared / "data" / "tracks" / "adsb_noisy_spoofing.json.gz"
    tracks = real(path, square(28.5, 40.9, 29.3, 41.4), {"4baac6": "flight"})
    jump = parse_moment("2024-09-17T09:24:00Z")

    assert tracks.faults == ()
    assert tracks.positions == 4_684
    assert tracks.doubtful == 2_339
    doubted = [first for _, state, first, _, _, doubts in tracks.presence.intervals("zone").rows() if doubts]
    assert min(doubted) > jump - 10 * MINUTE
    assert {row["note"] for row in tracks.rows if "note" in row} == {"position doubtful"}


def test_ais_without_a_time_is_refused_and_goes_in_with_one(shared: Path) -> None:
    path = shared / "data" / "tracks" / "ais_nmea_data_sample.txt"
    atlas = square(20, 36, 21, 37)
    refused = real(path, atlas, {"235070716": "ship"})
    counted = real(path, atlas, {"235070716": "ship"}, "2025-06-01T12:00:00Z")

    assert refused.rows == ()
    assert "AIS sentences hold no date" in refused.faults[0].what
    assert counted.positions == 22
    assert all("no unit is named" in fault.what for fault in counted.faults)
    assert "235070716" not in repr((counted.rows, counted.faults, counted.notes))
