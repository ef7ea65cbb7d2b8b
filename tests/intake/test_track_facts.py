"""Presence as facts: what the engine makes of it, and what it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.track_small import E7, NOON, SAMPLE, present, table, tracked, valoria
from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.rows import Known, Where, read_row
from trucekeeper.compliance.standing import Question, standing
from trucekeeper.geo.plane import FARTHEST_M
from trucekeeper.intake.track import Settings
from trucekeeper.intake.track.facts import DOUBTFUL, picked, watched
from trucekeeper.intake.track.fixes import Fixes
from trucekeeper.terms import Interval, Place, Proof, Span, Tri, Verdict
from trucekeeper.terms.moments import HOUR, MINUTE, SECOND, parse_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.intake.track import Tracked
    from trucekeeper.terms import Fact

AGREEMENT = """
agreement: valoria-2031
title: The Valoria Protocol
time_zone: EET
parties: {north: {units: [n1]}, south: {units: [s1]}}
actors: {observers: {role: mechanism}}
clauses:
  - id: leave
    kind: achieve
    cite: art. 1
    gloss: North's units are east of the line by three in the afternoon
    by: north
    after: 2031-01-04T14:00+02:00
    within: 1h
    each: {unit: {of: north}}
    state: {fact: position, side: east of agreed-line}
  - id: keep-out
    kind: prohibit
    cite: art. 2
    gloss: none of North's units is in the Harbour
    by: north
    after: 2031-01-04T14:00+02:00
    for: 1h
    each: {unit: {of: north}}
    act: {fact: position, in: harbour}
"""
PROVEN = Settings(by={"n1": "north"}, watched_by="observers", occurred="corroborated")


def agreement() -> Agreement:
    return load_agreement(AGREEMENT, "agreement.yaml", atlas=valoria())


def facts(tracks: Tracked) -> list[Fact]:
    """Return the rows as facts, as the facts format reads them."""
    known = Known.of(agreement())
    return [read_row(row, known, Where("tracks", number)) for number, row in enumerate(tracks.rows, start=1)]


def path(*steps: tuple[float, float], accuracy_m: int = 15) -> list[str]:
    """Return the rows of tracker-a at minutes after noon and degrees of longitude."""
    return [
        f"{write_moment(NOON + round(minute * MINUTE))},tracker-a,0.1,{lon},{accuracy_m}" for minute, lon in steps
    ]


def verdicts(rows: list[str], settings: Settings = PROVEN) -> dict[str, Verdict]:
    """Return where the clauses stand at night after a track."""
    night = parse_moment("2031-01-04T22:00:00Z")
    question = Question(as_of=night, known_at=parse_moment("2031-01-06T00:00:00Z"), proof=Proof.CORROBORATED)
    found = standing(agreement(), facts(tracked(table(*rows), settings=settings)), question)
    return {stand.clause: stand.verdict for stand in found.stands}


def positions(tracks: Tracked) -> list[dict[str, object]]:
    return [row for row in tracks.rows if row["kind"] == "position"]


def spans(tracks: Tracked) -> list[tuple[object, object]]:
    return [(row["from"], row["until"]) for row in tracks.rows if row["kind"] == "coverage"]


# ---- rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["patrol.csv", "aircraft.json", "spoilt.csv"])
def test_the_facts_format_takes_every_row(name: str) -> None:
    tracks = tracked(SAMPLE / name, units={"tracker-a": "n1", "abc123": "n2"}, settings=PROVEN)
    read = facts(tracks)

    assert len(read) == len(tracks.rows) > 2
    assert len({fact.id for fact in read}) == len(read)


def test_a_position_says_what_its_fix_said() -> None:
    tracks = tracked(table("2031-01-04T12:00:00.25Z,tracker-a,-0.1,-30.2,15"), settings=PROVEN)

    assert tracks.rows == (
        {
            "id": "track-n1-20310104T120000.250000Z-9c008d",
            "kind": "position",
            "by": "north",
            "fields": {"unit": "n1"},
            "lat": "-0.1000000",
            "lon": "-30.2000000",
            "within_m": 15,
            "at": "2031-01-04T12:00:00.250000+00:00",
            "learned_at": "2031-01-05T00:00+00:00",
            "occurred": "corroborated",
            "who": "corroborated",
        },
    )


def test_what_the_settings_say_of_all_rows_stands_in_each() -> None:
    said = {
        "source": "trackers",
        "grade": "B2",
        "owner": "guarantor",
        "releasable_to": ("north",),
        "precision": "1 km",
    }
    settings = Settings(kind="deployment", not_before=NOON, **said)  # type: ignore[arg-type]  # words
    rows = tracked(table(*path((0, -30.2), (1, -30.2))), settings=settings).rows

    assert [row["kind"] for row in rows] == ["deployment", "coverage", "deployment"]
    for row in rows:
        assert {key: row[key] for key in said} == {**said, "releasable_to": ["north"]}
        assert row["not_before"] == "2031-01-04T12:00+00:00"


def test_a_second_import_gives_the_same_rows() -> None:
    assert tracked(SAMPLE / "patrol.csv").rows == tracked(SAMPLE / "patrol.csv", SAMPLE / "patrol.csv").rows


def test_the_order_and_number_of_files_do_not_matter() -> None:
    rows = path(*((minute, -30.2 + minute / 1_000) for minute in range(40)))
    whole = tracked(table(*rows))

    assert tracked(table(*rows[20:]), table(*reversed(rows[:20]))).rows == whole.rows
    assert tracked(table(*rows), settings=Settings(chunk=3)).rows == whole.rows


def test_positions_begin_and_end_every_interval_and_keep_their_cadence() -> None:
    # inside to minute 12, undecidable at 13 (the zone's accuracy is 50 m), outside after
    rows = path(*((minute, -30.113 + minute / 1_000) for minute in range(30)))
    said = [str(row["at"])[14:16] for row in positions(tracked(table(*rows), zones=["valley"]))]

    assert said == ["00", "10", "12", "13", "14", "20", "29"]


def test_a_longer_file_adds_rows_and_changes_none_but_the_watch() -> None:
    rows = path(*((minute, -30.2) for minute in range(40)))
    short, long = (positions(tracked(table(*some))) for some in (rows[:25], rows))

    assert all(row in long or row == short[-1] for row in short)


# ---- coverage ------------------------------------------------------------------------------------------------------


def test_coverage_ends_with_the_last_fix_before_a_gap() -> None:
    tracks = tracked(table(*path((0, -30.2), (1, -30.2), (40, -30.2), (42, -30.2))))

    assert spans(tracks) == [
        ("2031-01-04T12:00+00:00", "2031-01-04T12:01+00:00"),
        ("2031-01-04T12:40+00:00", "2031-01-04T12:42+00:00"),
    ]


def test_a_fix_alone_is_a_position_and_no_coverage() -> None:
    tracks = tracked(table(*path((0, -30.2))))

    assert [row["kind"] for row in tracks.rows] == ["position"]


def test_coverage_breaks_off_where_the_position_is_doubtful() -> None:
    steps = [*((minute, -30.2) for minute in range(4)), (4, -29.2), *((minute, -30.2) for minute in range(5, 9))]
    tracks = tracked(table(*path(*steps)))

    assert spans(tracks) == [
        ("2031-01-04T12:00+00:00", "2031-01-04T12:03+00:00"),
        ("2031-01-04T12:05+00:00", "2031-01-04T12:08+00:00"),
    ]
    assert [(row["at"], row["lon"], row["within_m"]) for row in tracks.rows if row.get("note") == DOUBTFUL] == [
        ("2031-01-04T12:04+00:00", "-29.2000000", FARTHEST_M)
    ]


def test_a_unit_with_several_devices_is_watched_while_all_are() -> None:
    rows = [
        (device, NOON + minute * MINUTE, 0, device, 9)
        for device, minutes in enumerate([range(9), range(4, 20)])
        for minute in minutes
    ]
    found = present(rows, valoria().zones())

    assert watched(found, ["n1", "n1"]) == {"n1": [(NOON + 4 * MINUTE, NOON + 8 * MINUTE)]}
    assert watched(found, ["n1", "n2"]) == {
        "n1": [(NOON, NOON + 8 * MINUTE)],
        "n2": [(NOON + 4 * MINUTE, NOON + 19 * MINUTE)],
    }


def test_devices_of_a_unit_that_are_never_heard_together_give_no_coverage() -> None:
    rows = [(device, NOON + (device * 60 + minute) * MINUTE, 0, 0, 9) for device in range(2) for minute in range(5)]

    assert watched(present(rows, valoria().zones()), ["n1", "n1"]) == {"n1": []}


@pytest.mark.parametrize(
    ("end", "kept"), [("23:59:59", False), ("23:59:00", False), ("23:58:59", True), ("23:45:00", True)]
)
def test_coverage_to_the_end_of_a_day_is_no_fault(end: str, *, kept: bool) -> None:
    rows = [f"2031-01-04T{time}+02:00,tracker-a,0.1,-30.2,15" for time in ("23:44:00", "23:45:00", end)]
    tracks = tracked(table(*rows[: 2 if end == "23:45:00" else 3]), settings=Settings(gap=HOUR))
    last = parse_moment(f"2031-01-04T{end}+02:00")

    assert [fact.span for fact in facts(tracks) if fact.span] == [
        Span(parse_moment("2031-01-04T23:44:00+02:00"), last if kept else last - 1)
    ]


# ---- what the engine makes of it -----------------------------------------------------------------------------------


def test_a_unit_that_leaves_in_time_is_consistent_and_was_watched_out_of_the_harbour() -> None:
    found = verdicts(path(*((minute, -30.05 + minute / 500) for minute in range(0, 71, 2))))

    assert found == {"leave": Verdict.CONSISTENT, "keep-out": Verdict.CONSISTENT}


def test_a_unit_that_stays_is_contrary_once_it_was_seen_after_the_deadline() -> None:
    found = verdicts(path(*((minute, -30.05) for minute in range(0, 71, 2))))

    assert found == {"leave": Verdict.CONTRARY, "keep-out": Verdict.CONSISTENT}


def test_a_unit_in_the_harbour_is_contrary() -> None:
    assert verdicts(path(*((minute, -29.8) for minute in range(0, 71, 2))))["keep-out"] is Verdict.CONTRARY


def test_of_a_silence_nobody_can_tell() -> None:
    rows = path(*((minute, -30.05) for minute in [*range(0, 20, 2), *range(50, 71, 2)]))

    assert verdicts(rows)["keep-out"] is Verdict.CANNOT_TELL


def test_of_a_poor_fix_nobody_can_tell() -> None:
    rows = path(*((minute, -30.05) for minute in range(0, 71, 2)))
    rows[10] = rows[10].replace(",15", ",30000")

    assert verdicts(rows)["keep-out"] is Verdict.CANNOT_TELL


def test_a_doubtful_fix_in_the_harbour_shows_nothing_for_certain() -> None:
    steps = [(minute, -30.05) for minute in range(0, 71, 2)]
    steps[10] = (20, -29.8)

    assert verdicts(path(*steps), settings=PROVEN)["keep-out"] is Verdict.CANNOT_TELL


def test_a_track_that_never_came_back_shows_nothing_for_certain() -> None:
    steps = [(minute, -30.05 if minute < 40 else -29.5) for minute in range(0, 71, 2)]

    assert verdicts(path(*steps))["leave"] is Verdict.CANNOT_TELL


def test_what_is_only_alleged_settles_nothing_at_the_usual_proof() -> None:
    found = verdicts(path(*((minute, -29.8) for minute in range(0, 71, 2))), Settings(by={"n1": "north"}))

    assert found["keep-out"] is Verdict.CANNOT_TELL


@given(lat=st.integers(-3 * E7, 3 * E7), lon=st.integers(-33 * E7, -27 * E7))
def test_a_doubtful_place_is_undecidable_for_every_zone_wherever_it_is(lat: int, lon: int) -> None:
    place = Place(lat, lon, FARTHEST_M)

    assert {valoria().inside(one.id, place, Interval.at(NOON)) for one in valoria().zones()} == {Tri.MAYBE}
    assert valoria().side("agreed-line", "west", place, Interval.at(NOON)) is Tri.MAYBE


FIX = st.tuples(
    st.integers(0, 1), st.integers(0, 3_000), st.integers(-3, 3), st.integers(-302, -298), st.sampled_from([9, 9_000])
)


@given(some=st.lists(FIX, min_size=1, max_size=40), size=st.integers(1, 9), every=st.sampled_from([60, 600]))
def test_what_is_picked_is_what_begins_ends_or_comes_first_in_its_time(
    some: Sequence[tuple[int, int, int, int, int]], size: int, every: int
) -> None:
    fixes = Fixes.of(
        [(one[0], one[1] * SECOND, one[2] * E7 // 10, one[3] * E7 // 10, one[4]) for one in set(some)]
    ).sorted()
    rows = list(zip(*(column.tolist() for column in fixes.columns()), strict=True))
    found = present(rows, valoria().zones())
    turning = set(found.turning_rows().tolist())
    expected = [
        row
        for at, row in enumerate(rows)
        if at in turning
        or at == 0
        or (row[0], row[1] // (every * SECOND)) != (rows[at - 1][0], rows[at - 1][1] // (every * SECOND))
    ]
    chunks = [fixes.some(slice(begin, begin + size)) for begin in range(0, len(fixes), size)]
    got = [part for part, _ in picked(lambda: chunks, found, every * SECOND)]

    assert [
        row for part in got for row in zip(*(column.tolist() for column in part.columns()), strict=True)
    ] == expected
