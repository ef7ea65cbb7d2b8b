"""Files of tracks in every format: what is good goes in, and each row that does not says why and what to do."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zipfile
from functools import reduce
from operator import xor
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from tests.track_small import NOON, SAMPLE, faults, table, tracked
from trucekeeper.intake.faulty import SHOWN
from trucekeeper.intake.opening import Limits
from trucekeeper.intake.track import Settings, State
from trucekeeper.terms import Refused
from trucekeeper.terms.moments import HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from pathlib import Path

    from trucekeeper.intake.track import Tracked

GOOD = "2031-01-04T12:00:00Z,tracker-a,0.1,-30.2,15"
CANARIES = ("canary-7f3a", "999000123", "352099001761481", "c0ffee")


def intervals(tracks: Tracked, zone: str = "valley") -> list[tuple[str, State, int, int]]:
    """Return unit, state, first and last minute after noon of each interval of a zone."""
    rows = tracks.presence.intervals(zone).rows()
    return [
        (tracks.units[device], state, (first - NOON) // MINUTE, (last - NOON) // MINUTE)
        for device, state, first, last, _, _ in rows
    ]


def one_row(row: str, **settings: object) -> list[str]:
    """Return the faults of a table of one row beside a good one, which must go in."""
    tracks = tracked(table(GOOD, row), settings=Settings(**settings))  # type: ignore[arg-type]  # tests name settings

    assert tracks.positions == 1
    assert tracks.aside == 1
    return faults(tracks)


def json_file(said: object, name: str = "tracks.json") -> tuple[str, bytes]:
    return name, json.dumps(said).encode()


# ---- the samples ---------------------------------------------------------------------------------------------------


def units() -> dict[str, str]:
    loaded = YAML(typ="safe").load((SAMPLE / "units.yaml").read_text(encoding="utf-8"))
    return {str(device): unit for device, unit in loaded.items()}


@pytest.mark.parametrize(
    ("name", "unit", "positions", "doubtful"),
    [
        ("patrol.csv", "n1", 30, 0),
        ("patrol.gpx", "n2", 12, 0),
        ("convoy.ndjson", "s1", 12, 0),
        ("convoy.geojson", "s2", 12, 0),
        ("vessel.nmea", "s3", 12, 0),
        ("aircraft.json", "n3", 40, 5),
    ],
)
def test_each_sample_goes_in_whole(name: str, unit: str, positions: int, doubtful: int) -> None:
    tracks = tracked(SAMPLE / name, units=units())

    assert (tracks.positions, tracks.doubtful, tracks.faults) == (positions, doubtful, ())
    assert {row["fields"]["unit"] for row in tracks.rows} == {unit}  # type: ignore[index]  # an object


def test_the_patrol_of_the_sample_leaves_the_valley_and_falls_silent() -> None:
    assert intervals(tracked(SAMPLE / "patrol.csv")) == [
        ("n1", State.INSIDE, 0, 28),
        ("n1", State.UNDECIDABLE, 30, 30),
        ("n1", State.OUTSIDE, 32, 38),
        ("n1", State.OUTSIDE, 90, 108),
    ]


def test_every_fault_of_the_spoilt_sample_has_its_line_and_a_remedy() -> None:
    tracks = tracked(SAMPLE / "spoilt.csv")

    assert tracks.positions == 2
    assert tracks.aside == 9
    assert [fault.line for fault in tracks.faults] == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert all(fault.remedy for fault in tracks.faults)


# ---- rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2031-01-04T12:00:00,tracker-a,0.1,-30.2,15", "'2031-01-04T12:00:00' has no offset"),
        ("04.01.2031 12:00,tracker-a,0.1,-30.2,15", "may be read with the day or the month first"),
        ("2031-02-30T12:00:00Z,tracker-a,0.1,-30.2,15", "is no time of any calendar"),
        ("noon,tracker-a,0.1,-30.2,15", "no time that can be read"),
        (",tracker-a,0.1,-30.2,15", "no time"),
        ("2031-01-06T12:00:00Z,tracker-a,0.1,-30.2,15", "its time is after it was learned of"),
        ("1880-01-04T12:00:00Z,tracker-a,0.1,-30.2,15", "not in the years 1900 to 2199"),
        ("2031-01-04T12:01:00Z,tracker-a,0,0,15", "0, 0 is what a receiver writes that has no fix"),
        ("2031-01-04T12:01:00Z,tracker-a,-30.2,0.1,15", "would not with lat and lon exchanged"),
        ("2031-01-04T12:01:00Z,tracker-a,90.1,-30.2,15", "it lies nowhere on earth"),
        ("2031-01-04T12:01:00Z,tracker-a,0.1,-180.1,15", "it lies nowhere on earth"),
        ("2031-01-04T12:01:00Z,tracker-a,nan,-30.2,15", "no number of degrees"),
        ("2031-01-04T12:01:00Z,tracker-a,inf,-30.2,15", "no number of degrees"),
        ("2031-01-04T12:01:00Z,tracker-a,1e300,-30.2,15", "no number of degrees"),
        ("2031-01-04T12:01:00Z,tracker-a,0.1,-30.2,-5", "no accuracy"),
        ("2031-01-04T12:01:00Z,tracker-a,0.1,-30.2,good", "no accuracy"),
        ("2031-01-04T12:01:00Z,,0.1,-30.2,15", "it names no device"),
        ("2031-01-04T12:01:00Z,tracker-z,0.1,-30.2,15", "no unit is named for the device of this row ('device 1')"),
        ("2031-01-04T12:01:00Z,tracker-a,0.1,-30.2", "it has 4 columns, and the first line 5"),
        ('2031-01-04T12:01:00Z,"tracker-a,0.1,-30.2,15', "the quotes of the row do not match"),
    ],
)
def test_a_bad_row_says_why_and_the_good_one_goes_in(row: str, says: str) -> None:
    found = one_row(row)

    assert len(found) == 1
    assert found[0].startswith("3: ")
    assert says in found[0]


@pytest.mark.parametrize(
    "time",
    [
        *("2031-01-04T12:05:00Z", "2031-01-04 12:05:00+00", "2031-01-04T14:05:00+02:00", "2031-01-04T12:05Z"),
        *("2031-01-04T12:05:00.000Z", "2031-01-04 12:05:00 UTC", "1925294700", "1925294700000", "1925294700000000"),
        *("1925294700.0", "2031-01-04T12:05:00,0Z"),
    ],
)
def test_one_moment_may_be_written_in_many_ways(time: str) -> None:
    tracks = tracked(table(GOOD, f'"{time}",tracker-a,0.1,-30.2,15'))

    assert [row["at"] for row in tracks.rows if "at" in row][-1] == "2031-01-04T12:05+00:00"


def test_a_time_zone_that_is_named_makes_a_time_without_an_offset_good() -> None:
    tracks = tracked(table("2031-01-04T14:00:00,tracker-a,0.1,-30.2,15"), settings=Settings(time_zone="EET"))

    assert [row["at"] for row in tracks.rows] == ["2031-01-04T12:00+00:00"]


def test_the_moment_at_which_it_was_learned_is_not_too_late() -> None:
    assert tracked(table("2031-01-05T00:00:00Z,tracker-a,0.1,-30.2,15")).positions == 1
    assert tracked(table("2031-01-05T00:00:00.000001Z,tracker-a,0.1,-30.2,15")).positions == 0


def test_places_are_kept_to_their_seventh_digit() -> None:
    tracks = tracked(table("2031-01-04T12:00:00Z,tracker-a,0.1234567,-30.7654321,15"))

    assert [(row["lat"], row["lon"], row["within_m"]) for row in tracks.rows] == [("0.1234567", "-30.7654321", 15)]


def test_an_accuracy_is_rounded_up_and_assumed_where_it_is_not_said() -> None:
    tracks = tracked(
        table(*(f"2031-01-04T12:0{at}:00Z,tracker-a,0.1,-30.2,{text}" for at, text in enumerate(["14.2", ""])))
    )

    assert sorted(row["within_m"] for row in tracks.rows if "at" in row) == [15, 100]  # type: ignore[type-var]  # whole
    assert tracks.notes == ("rows that do not say how accurate they are: 1, each taken as 100 m",)


def test_what_lies_far_from_every_zone_counts_and_is_noted() -> None:
    tracks = tracked(table(GOOD, "2031-01-04T20:00:00Z,tracker-a,48.1,2.2,15"))

    assert tracks.positions == 2
    assert tracks.faults == ()
    assert "more than 3 degrees from every zone: 1, the first in line 3" in tracks.notes[0]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_columns_may_be_separated_and_named_otherwise(delimiter: str) -> None:
    lines = ["X,Y,id,tracker,t", "-30.2,0.1,17,tracker-a,2031-01-04 12:00:00+00"]

    assert tracked(("a.txt", "\n".join(lines).replace(",", delimiter).encode())).positions == 1


def test_columns_may_be_said() -> None:
    given = table("tracker-a,0.1,-30.2,2031-01-04T12:00:00Z", header="who,north,east,seen")
    columns = {"device": "WHO", "lat": "north", "lon": "east", "time": "seen"}

    assert tracked(given, settings=Settings(columns=columns)).positions == 1


def test_a_table_without_its_columns_is_refused_with_their_names() -> None:
    tracks = tracked(table("1,2,3", header="a,b,c"))

    assert faults(tracks) == ["1: its first line has no column for time and lat and lon"]
    assert "latitude" in tracks.faults[0].remedy


def test_a_table_without_devices_is_of_one_called_as_the_file() -> None:
    given = table("2031-01-04T12:00:00Z,0.1,-30.2", header="time,lat,lon", name="patrol-7.csv")

    assert tracked(given, units={"patrol-7.csv": "n1"}).positions == 1


def test_a_million_rows_with_one_bad_one_lose_that_one() -> None:
    rows = [f"{(NOON // SECOND) - at},tracker-a,0.1,-30.2,15" for at in range(200_000)]
    rows[123_456] = "never,tracker-a,0.1,-30.2,15"
    tracks = tracked(table(*rows))

    assert tracks.positions == 199_999
    assert faults(tracks) == ["123458: no time that can be read stands where it should"]


def test_of_very_many_bad_rows_some_are_shown_and_all_counted() -> None:
    tracks = tracked(table(GOOD, *(["never,tracker-a,0.1,-30.2,15"] * 5_000)))

    assert len(tracks.faults) == SHOWN + 1
    assert tracks.aside == 5_000
    assert "4,980 more like it" in str(tracks.faults)


def test_a_file_that_ends_in_the_middle_gives_what_stood_before() -> None:
    rows = [f"{(NOON // SECOND) - at * 7},tracker-a,0.{at % 9_973:07},-30.2,{at % 17}" for at in range(50_000)]
    name, data = table(*rows)
    packed = gzip.compress(data)
    tracks = tracked((f"{name}.gz", packed[: len(packed) // 2]))

    assert 10_000 < tracks.positions < 40_000
    assert len(tracks.faults) == 1


def test_latin_1_is_read_with_a_note() -> None:
    name, data = table("2031-01-04T12:00:00Z,br\xfccke,0.1,-30.2,15")
    tracks = tracked((name, data.decode().encode("latin-1")), units={"br\xfccke": "n1"})

    assert tracks.positions == 1
    assert "read as Latin-1" in tracks.notes[0]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    tracks = tracked(("tracks.csv", data))

    assert len(tracks.faults) == 1
    assert tracks.rows == ()


def test_what_is_no_text_is_refused() -> None:
    assert [fault.what for fault in tracked(("a.csv", b"\x89PNG\0\0\0")).faults] == ["is no text"]


@pytest.mark.parametrize("data", [b"BZh91AY", gzip.compress(gzip.compress(b"x", mtime=0), mtime=0)])
def test_what_is_packed_otherwise_is_refused_once(data: bytes) -> None:
    assert len(tracked(("a.csv", data)).faults) == 1


def test_a_file_that_is_no_text_is_told_beside_one_with_faults(tmp_path: Path) -> None:
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "time,lat,lon\nnoon,0.1,-30.2\n")
        archive.writestr("b.csv", b"\0\0")
    tracks = tracked(path, units={"both.zip[1]": "n1"})

    assert sorted(fault.file.rpartition("[")[2] for fault in tracks.faults) == ["1]", "2]"]


def test_a_file_that_is_not_there_does_not_keep_another_out(tmp_path: Path) -> None:
    tracks = tracked(tmp_path / "absent.csv", table(GOOD))

    assert tracks.positions == 1
    assert len(tracks.faults) == 1


# ---- GPX -----------------------------------------------------------------------------------------------------------


def gpx(points: str, head: str = "", name: str = "tracker-a") -> tuple[str, bytes]:
    track = f"<trk><name>{name}</name><trkseg>\n{points}\n</trkseg></trk>"
    return "track.gpx", f'<?xml version="1.0"?>{head}\n<gpx version="1.1">{track}</gpx>'.encode()


POINT = '<trkpt lat="0.1" lon="-30.2"><time>2031-01-04T12:00:00Z</time></trkpt>'


def test_gpx_times_are_utc_even_if_they_do_not_say_so() -> None:
    tracks = tracked(gpx(POINT.replace("00Z", "00")))

    assert [row["at"] for row in tracks.rows] == ["2031-01-04T12:00+00:00"]


def test_a_point_without_a_time_is_told_with_its_line() -> None:
    tracks = tracked(gpx(f'{POINT}\n<trkpt lat="0.1" lon="-30.2"/>'))

    assert tracks.positions == 1
    assert faults(tracks) == ["4: no time"]


def test_a_gpx_that_breaks_off_gives_the_points_before() -> None:
    name, data = gpx("\n".join([POINT, POINT.replace("12:00", "12:01"), POINT.replace("12:00", "12:02")]))
    tracks = tracked((name, data[: data.rindex(b"<time>")]))

    assert tracks.positions == 2
    assert len(tracks.faults) == 1


def test_entities_and_document_types_are_refused() -> None:
    laughs = '<!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    tracks = tracked(gpx(POINT, laughs, "&b;"))

    assert tracks.positions == 0
    assert "declares a document type or entities" in tracks.faults[0].what


def test_a_single_tag_without_an_end_is_left() -> None:
    data = b'<gpx version="1.1"><trk a="' + b"x" * 2_000_000
    tracks = tracked(("a.gpx", data), settings=Settings(limits=Limits(line=1 << 17)))

    assert next(fault.what for fault in tracks.faults) == "it holds a single tag or text longer than any line"


def test_other_xml_is_refused() -> None:
    assert [fault.what for fault in tracked(("a.kml", b"<kml><Placemark/></kml>")).faults] == [
        "it is XML, but no GPX"
    ]


# ---- JSON ----------------------------------------------------------------------------------------------------------

FIX = {"time": "2031-01-04T12:00:00Z", "device": "tracker-a", "lat": 0.1, "lon": -30.2, "accuracy_m": 15}


def test_a_list_of_objects_is_read() -> None:
    tracks = tracked(json_file([FIX, 7, {**FIX, "lat": None}, {**FIX, "time": "noon"}]))

    assert tracks.positions == 1
    assert [fault.what for fault in tracks.faults] == [
        "row 2: it is no JSON object",
        "row 4: no time that can be read stands where it should",
    ]
    assert tracks.notes == ("tracks.json: rows that report no position: 1",)


def test_one_object_alone_is_read() -> None:
    assert tracked(json_file(FIX)).positions == 1


def test_lines_of_objects_are_read_line_by_line() -> None:
    data = "\n".join([json.dumps(FIX), "{broken", "", json.dumps({**FIX, "lat": 0.11})]).encode()
    tracks = tracked(("a.json", data))

    assert tracks.positions == 2
    assert faults(tracks) == ["2: the line is no JSON object"]


def test_the_time_at_which_a_position_was_heard_is_the_time_of_the_fix() -> None:
    said = {
        "now": NOON / SECOND,
        "aircraft": [{"hex": "abc123", "lat": 0.1, "lon": -30.2, "seen_pos": 60.5}, {"hex": "x"}],
    }
    tracks = tracked(json_file(said), units={"abc123": "n3"})

    assert [row["at"] for row in tracks.rows] == ["2031-01-04T11:58:59.500000+00:00"]


def test_aircraft_may_fly_fast_and_trucks_may_not() -> None:
    def track(name: str) -> list[dict[str, object]]:
        return [
            {"timestamp": NOON // SECOND + 60 * at, name: "d", "lat": 0.1, "lon": -30.2 + at / 10} for at in range(9)
        ]

    assert tracked(json_file(track("icao24")), units={"d": "n1"}).doubtful == 0
    assert tracked(json_file(track("tracker")), units={"d": "n1"}).doubtful == 9
    assert (
        tracked(json_file(track("tracker")), units={"d": "n1"}, settings=Settings(speeds={"n1": 900})).doubtful == 0
    )
    assert tracked(json_file(track("icao24")), units={"d": "n1"}, settings=Settings(max_speed_kmh=90)).doubtful == 9


def test_columns_of_different_lengths_are_refused() -> None:
    tracks = tracked(json_file({"time": [1, 2], "lat": [1]}))

    assert [fault.what for fault in tracks.faults] == ["its columns are not equally long"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"a": 1}', "nothing that holds fixes"),
        (b"[1, 2", "it is no JSON in line 1"),
        (b"[" * 100_000, "nested deeper"),
        (b"[" + b"9" * 5_000 + b"]", "it is no JSON"),
        (b'{"time": "\xff"}', "nothing that holds fixes"),
    ],
)
def test_json_that_holds_no_fixes_is_refused(data: bytes, says: str) -> None:
    tracks = tracked(("a.json", data))

    assert len(tracks.faults) == 1
    assert says in tracks.faults[0].what


def test_geojson_points_and_lines_are_read() -> None:
    line = {"type": "LineString", "coordinates": [[-30.2, 0.1], [-30.21, 0.1, 7], "x"]}
    times = ["2031-01-04T12:00:00Z", "2031-01-04T12:01:00Z", "2031-01-04T12:02:00Z"]
    features = [
        {"type": "Feature", "geometry": line, "properties": {"device": "tracker-a", "coordTimes": times}},
        {"type": "Feature", "geometry": line, "properties": {"device": "tracker-a", "times": times[:1]}},
        {"type": "Feature", "geometry": None, "properties": None},
    ]
    tracks = tracked(json_file({"type": "FeatureCollection", "features": features}))

    assert tracks.positions == 2
    assert [fault.what[:6] for fault in tracks.faults] == ["row 1:", "row 2:", "row 3:"]


# ---- AIS -----------------------------------------------------------------------------------------------------------


def sentences(*, tagged: bool) -> list[str]:
    lines = (SAMPLE / "vessel.nmea").read_text(encoding="ascii").splitlines()
    return lines if tagged else [line.rpartition("\\")[2] for line in lines]


def nmea(lines: list[str]) -> tuple[str, bytes]:
    return "vessel.nmea", "\n".join(lines).encode()


SHIP = {"999000001": "s3"}


def times(tracks: Tracked) -> list[int]:
    return sorted({(first - NOON) // SECOND for _, _, first, _, _, _ in tracks.presence.intervals("valley").rows()})


def test_sentences_without_a_time_are_refused_with_what_to_do() -> None:
    tracks = tracked(nmea(sentences(tagged=False)), units=SHIP)

    assert [fault.what for fault in tracks.faults] == [
        "none of its 12 positions has a time: AIS sentences hold no date"
    ]
    assert "say when the log began" in tracks.faults[0].remedy


def test_sentences_without_a_time_are_counted_from_the_time_given() -> None:
    tracks = tracked(nmea(sentences(tagged=False)), units=SHIP, base_time=NOON + 20 * SECOND)

    assert tracks.positions == 12
    assert tracks.rows[0]["at"] == "2031-01-04T12:00+00:00"
    assert any("counted from the time given" in note for note in tracks.notes)


@pytest.mark.parametrize("written", ["{time} {line}", "2031-01-04T12:00:00Z,{line}", "{line},r003669961,{time}"])
def test_a_time_beside_a_sentence_is_its_time(written: str) -> None:
    line = written.format(time=NOON // SECOND, line=sentences(tagged=False)[0])

    assert [row["at"] for row in tracked(nmea([line]), units=SHIP).rows] == ["2031-01-04T12:00+00:00"]


def test_a_sentence_with_a_wrong_checksum_is_left_out() -> None:
    lines = sentences(tagged=True)
    lines[3] = lines[3][:-1] + ("0" if lines[3][-1] != "0" else "1")
    tracks = tracked(nmea(lines), units=SHIP)

    assert tracks.positions == 11
    assert faults(tracks) == ["4: the checksum does not fit, so that nobody knows what was sent"]


def test_where_some_lines_have_a_time_the_others_are_left_out() -> None:
    tracks = tracked(nmea([*sentences(tagged=True)[:6], *sentences(tagged=False)[6:]]), units=SHIP)

    assert tracks.positions == 6
    assert any(note.endswith("left out: 6") for note in tracks.notes)


def test_lines_that_are_no_sentences_are_told() -> None:
    bodies = ["AIVDM,1,1,,A,1", "AIVDM,9999,1,,A,1>pf7hOP1TunqUP03bH3Q001P000,0", "AIVDM,1,1,,A,1,0"]
    broken = [f"!{body}*{reduce(xor, body.encode()):02X}" for body in bodies]
    tracks = tracked(nmea([*sentences(tagged=True), "hello", *broken]), units=SHIP)

    assert tracks.positions == 12
    assert [fault.line for fault in tracks.faults] == [13, 14, 15, 16]


# ---- devices -------------------------------------------------------------------------------------------------------


def test_a_device_without_a_unit_is_told_once_with_its_first_line() -> None:
    rows = [f"2031-01-04T12:0{at}:00Z,tracker-{name},0.1,-30.2,15" for at in range(3) for name in "axy"]
    tracks = tracked(table(*rows))

    assert tracks.positions == 3
    assert tracks.aside == 6
    assert [(fault.line, fault.what.partition("(")[2]) for fault in tracks.faults] == [
        (3, "'device 1'); rows set aside: 3"),
        (4, "'device 2'); rows set aside: 3"),
    ]


def everything(tracks: Tracked) -> str:
    return repr(tracks.rows) + repr(tracks.faults) + repr(tracks.notes) + repr(tracks.units)


@pytest.mark.parametrize("mapped", [True, False])
@pytest.mark.parametrize("canary", CANARIES)
def test_the_name_of_a_device_is_in_no_fact_fault_or_note(canary: str, *, mapped: bool) -> None:
    good, bad = f"2031-01-04T12:00:00Z,{canary},0.1,-30.2,15", f"noon,{canary},x,-30.2,15"
    slipped = [f"{canary},2031-01-04T12:00:00Z,0.1,-30.2,15", f"2031-01-04T12:00:00Z,0.1,{canary},-30.2,15"]
    slipped += [f"2031-01-04T12:00:00Z,{canary},0.1,-30.2,{canary}", f'2031-01-04T12:00:00Z,"{canary},0.1,-30.2,15']
    point = '<trkpt lat="0.1" lon="-30.2"><time>{}</time><hdop>{}</hdop></trkpt>'
    given = [
        table(good, bad, *slipped, f"2031-01-04T12:00:00Z,{canary},0,0,15", f"{canary}"),
        gpx(point.format(canary, 1) + point.format("2031-01-04T12:00:00Z", canary), "", canary),
        json_file(
            [{**FIX, "device": canary}, {**FIX, "device": canary, "time": canary}, {**FIX, "lat": canary}, canary]
        ),
        json_file(
            {"type": "FeatureCollection", "features": [{"geometry": canary}, {"properties": {"device": canary}}]}
        ),
        nmea([*sentences(tagged=True), f"!{canary}", f"\\s:{canary}*00\\!AIVDM,{canary}*00"]),
        table("1,2", header=f"{canary},lat"),
    ]
    tracks = tracked(*given, units={canary: "n1", "999000001": "s3"} if mapped else {"other": "n1"})

    assert tracks.aside > 8
    assert canary not in everything(tracks)


def test_a_member_of_an_archive_is_not_called_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "tracks.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{CANARIES[0]}.csv", "time,lat,lon\nnoon,0.1,-30.2\n2031-01-04T12:00:00Z,0.1,-30.2\n")
    tracks = tracked(path, units={"tracks.zip[1]": "n1"})

    assert tracks.positions == 1
    assert CANARIES[0] not in everything(tracks)


def test_a_unit_that_is_no_name_is_refused_without_its_device() -> None:
    with pytest.raises(Refused) as refused:
        tracked(table(GOOD), units={CANARIES[0]: "", CANARIES[1]: " n1", CANARIES[2]: "x" * 81, "": "n2"})

    assert len(refused.value.faults) == 4
    assert not any(canary in str(refused.value) for canary in CANARIES)


@pytest.mark.parametrize("wrong", [{"accuracy_m": -1}, {"every": 0}, {"gap": 0}, {"chunk": 0}, {"speeds": {"n1": 0}}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"greatest speed|more than nothing"):
        Settings(**wrong)  # type: ignore[arg-type]  # wrong on purpose


# ---- memory --------------------------------------------------------------------------------------------------------


def test_many_fixes_are_read_in_the_memory_of_a_few_chunks(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w", encoding="ascii") as file:
        file.write("time,device,lat,lon,accuracy_m\n")
        for at in range(400_000):
            file.write(f"{(NOON - 400_000 * SECOND) // SECOND + at},tracker-{'abcd'[at % 4]},0.1,-30.2,15\n")
    tracemalloc.start()
    tracks = tracked(path, settings=Settings(chunk=1 << 14, every=24 * HOUR))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert tracks.positions == 400_000
    assert peak < 80 << 20
