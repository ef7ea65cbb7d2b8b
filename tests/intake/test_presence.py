"""Presence: inside, outside or undecidable, however the fixes come, and the same as worked out one by one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from math import asin, cos, radians, sin, sqrt
from statistics import median_low
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, box

from tests.track_small import E7, NOON, cut, present
from trucekeeper.geo import Atlas, Line, Zone
from trucekeeper.geo.plane import LEAST_MERIDIAN_M
from trucekeeper.intake.track import Ground, State, presence
from trucekeeper.intake.track.doubt import AHEAD, CROWD, FEW
from trucekeeper.intake.track.fixes import Fixes
from trucekeeper.terms import Interval, Place, Tri
from trucekeeper.terms.moments import MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.intake.track import Presence

Row = tuple[int, int, int, int, int]
WEST, SOUTH = -30 * E7, 8 * E7
STEP = 10_000  # a thousandth of a degree: 110 m


def zone(name: str, *, west: int, south: int, side: int, accuracy_m: int = 0) -> Zone:
    corners = (WEST + west * STEP, SOUTH + south * STEP, WEST + (west + side) * STEP, SOUTH + (south + side) * STEP)
    return Zone(id=name, author="Annex A", accuracy_m=accuracy_m, geometry=box(*corners))


VALLEY = zone("valley", west=0, south=0, side=100)
HILL = zone("hill", west=50, south=50, side=100, accuracy_m=50)
UNDRAWN = Zone(id="orchards", author="Annex A")
ZONES = (VALLEY, HILL, UNDRAWN)


def fix(minute: float, east: float, north: float = 10, *, device: int = 0, within_m: int = 0) -> Row:
    """Return a fix so many minutes after noon, so many thousandths of a degree east and north of the corner."""
    when = NOON + round(minute * MINUTE)
    return device, when, SOUTH + round(north * STEP), WEST + round(east * STEP), within_m


def valley(
    *rows: Row, sizes: tuple[int, ...] = (), kmh: int = 200, gap: int | None = None
) -> list[tuple[object, ...]]:
    """Return the intervals of the valley: the device, the state's letter, from and to in minutes, how many fixes."""
    found = present(rows, (VALLEY,), sizes=sizes, kmh=kmh, gap=gap).intervals("valley")
    return [
        (device, state.name[0], (first - NOON) / MINUTE, (last - NOON) / MINUTE, fixes)
        for device, state, first, last, fixes, _ in found.rows()
    ]


# ---- edges ---------------------------------------------------------------------------------------------------------


def test_a_device_that_comes_and_goes_has_an_interval_for_each() -> None:
    rows = [fix(minute, east) for minute, east in enumerate([-20, -10, 5, 15, 95, 105])]

    assert valley(*rows, kmh=1_200) == [(0, "O", 0, 1, 2), (0, "I", 2, 4, 3), (0, "O", 5, 5, 1)]


def test_a_fix_exactly_on_the_border_is_inside() -> None:
    assert valley(fix(0, 0)) == [(0, "I", 0, 0, 1)]


def test_the_least_step_beyond_the_border_is_outside() -> None:
    assert valley((0, NOON, SOUTH, WEST - 1, 0)) == [(0, "O", 0, 0, 1)]


@pytest.mark.parametrize(("within_m", "state"), [(100, "I"), (120, "U")])
def test_a_radius_that_reaches_the_border_leaves_it_open(within_m: int, state: str) -> None:
    assert valley(fix(0, 1, 50, within_m=within_m)) == [(0, state, 0, 0, 1)]


def test_a_single_fix_is_an_interval_of_no_length() -> None:
    assert valley(fix(3, 10)) == [(0, "I", 3, 3, 1)]


def test_no_fix_is_no_interval() -> None:
    assert valley() == []


def test_two_devices_are_told_apart() -> None:
    rows = [fix(0, 10), fix(1, 10), fix(1, 10, device=1, north=11), fix(2, 10, device=1, north=11)]

    assert valley(*rows) == [(0, "I", 0, 1, 2), (1, "I", 1, 2, 2)]


def test_rows_that_repeat_another_count_once() -> None:
    rows = [fix(0, 10), fix(0, 10), fix(1, 10), fix(1, 10), fix(1, 10)]

    assert valley(*rows) == [(0, "I", 0, 1, 2)]


def test_two_fixes_at_one_time_a_little_apart_both_count() -> None:
    assert valley(fix(0, 10), fix(0, 10.1)) == [(0, "I", 0, 0, 2)]


def test_two_fixes_at_one_time_far_apart_are_both_doubtful() -> None:
    assert valley(fix(0, 10), fix(0, 30)) == [(0, "U", 0, 0, 2)]


def test_an_undrawn_zone_is_undecidable() -> None:
    found = present([fix(0, 10), fix(1, 10)], ZONES).intervals("orchards")

    assert [(state, fixes) for _, state, _, _, fixes, _ in found.rows()] == [(State.UNDECIDABLE, 2)]


def test_a_line_is_asked_on_which_side() -> None:
    line = Line(
        id="line", author="us", left="west", right="east", geometry=LineString([(WEST, 0), (WEST, 9 * SOUTH // 8)])
    )
    fixes = Fixes.of([fix(0, -20), fix(1, -10), fix(2, 0), fix(3, 10)])
    found = presence(lambda: [fixes], Ground(Atlas((line,)), ["line"]), max_kmh=np.array([200])).intervals("line")

    assert [state for _, state, *_ in found.rows()] == [State.INSIDE, State.UNDECIDABLE, State.OUTSIDE]


def test_a_zone_that_the_atlas_has_not_is_refused() -> None:
    with pytest.raises(KeyError, match="the atlas has no lake"):
        Ground(Atlas(ZONES), ["valley", "lake"])


def test_a_zone_named_twice_is_asked_once() -> None:
    assert Ground(Atlas(ZONES), ["valley", "hill", "valley"]).names == ("valley", "hill")


def test_fixes_out_of_order_are_refused() -> None:
    fixes = Fixes.of([fix(1, 10), fix(0, 10)])

    with pytest.raises(ValueError, match="not in the order"):
        presence(lambda: [fixes], Ground(Atlas(ZONES), ["valley"]), max_kmh=np.array([200]))


def test_fixes_out_of_order_from_chunk_to_chunk_are_refused() -> None:
    fixes = Fixes.of([fix(1, 10), fix(0, 10)])

    with pytest.raises(ValueError, match="not in the order"):
        presence(lambda: cut(fixes, [1]), Ground(Atlas(ZONES), ["valley"]), max_kmh=np.array([200]))


# ---- gaps ----------------------------------------------------------------------------------------------------------


def test_a_silence_of_ten_minutes_is_no_gap_and_a_second_more_is_one() -> None:
    near = [fix(0, 10), fix(1, 10), fix(11, 10)]
    far = [fix(0, 10), fix(1, 10), fix(11 + 1 / 60, 10)]

    assert valley(*near) == [(0, "I", 0, 11, 3)]
    assert [one[1:3] + one[4:] for one in valley(*far)] == [("I", 0, 2), ("I", 11 + 1 / 60, 1)]


def test_a_tracker_that_is_heard_every_hour_is_silent_after_three() -> None:
    every_hour = [fix(60 * hour, 10) for hour in (0, 1, 2, 5)]

    assert valley(*every_hour) == [(0, "I", 0, 300, 4)]
    assert valley(*every_hour, fix(60 * 9, 10)) == [(0, "I", 0, 300, 4), (0, "I", 540, 540, 1)]


def test_the_silence_that_is_a_gap_may_be_said() -> None:
    assert len(valley(fix(0, 10), fix(2, 10), fix(3, 10), gap=90 * SECOND)) == 2


def test_of_the_time_over_a_gap_nothing_is_said() -> None:
    found = valley(fix(0, 10), fix(1, 10), fix(60, 10), fix(61, 10))

    assert found == [(0, "I", 0, 1, 2), (0, "I", 60, 61, 2)]


# ---- doubt ---------------------------------------------------------------------------------------------------------


def test_a_slip_far_off_is_doubtful_alone() -> None:
    rows = [*(fix(minute, 10) for minute in range(4)), fix(4, 900), *(fix(minute, 10) for minute in range(5, 9))]

    assert valley(*rows) == [(0, "I", 0, 3, 4), (0, "U", 4, 4, 1), (0, "I", 5, 8, 4)]


def test_a_track_that_leaves_and_comes_back_is_doubtful_in_between() -> None:
    away = [fix(minute, 900 + minute) for minute in range(4, 12)]
    rows = [*(fix(minute, 10) for minute in range(4)), *away, *(fix(minute, 12) for minute in range(12, 16))]

    assert valley(*rows) == [(0, "I", 0, 3, 4), (0, "U", 4, 11, 8), (0, "I", 12, 15, 4)]


def test_a_track_that_never_comes_back_is_doubtful_on_both_sides_to_the_next_gap() -> None:
    before, after = [fix(minute, 10) for minute in (-60, -59, -58)], [fix(minute, 910) for minute in (60, 61, 62)]
    rows = [*before, *(fix(minute, 10) for minute in range(4)), *(fix(minute, 900) for minute in range(4, 9)), *after]

    assert valley(*rows) == [(0, "I", -60, -58, 3), (0, "U", 0, 8, 9), (0, "O", 60, 62, 3)]


def test_what_both_accuracies_and_a_second_of_the_clocks_explain_is_possible() -> None:
    # 200 km/h is 55.6 m/s; a thousandth of a degree of longitude is 109 m here
    assert valley(fix(0, 10), fix(0, 10.5), kmh=200) == [(0, "I", 0, 0, 2)]
    assert valley(fix(0, 10), fix(0, 10.6), kmh=200) == [(0, "U", 0, 0, 2)]
    assert valley(fix(0, 10, within_m=6), fix(0, 10.6, within_m=6), kmh=200) == [(0, "I", 0, 0, 2)]


def test_a_fast_device_may_go_far() -> None:
    rows = [fix(minute, 100 * minute) for minute in range(4)]

    assert [one[1] for one in valley(*rows, kmh=1_200)] == ["I", "O"]
    assert [one[1] for one in valley(*rows, kmh=200)] == ["U"]


@pytest.mark.parametrize(("devices", "state"), [(2, "I"), (3, "U")])
def test_three_devices_at_one_place_and_time_are_doubtful(devices: int, state: str) -> None:
    rows = [fix(0, 10, device=device) for device in range(devices)]

    assert [one[1] for one in valley(*rows)] == [state] * devices


def test_three_devices_at_one_place_are_doubtful_at_that_time_alone() -> None:
    rows = [
        fix(minute, 10 + device * (minute != 5) / 10, device=device) for device in range(3) for minute in range(10)
    ]

    assert valley(*rows)[:3] == [(0, "I", 0, 4, 5), (0, "U", 5, 5, 1), (0, "I", 6, 9, 4)]


def test_one_device_three_times_at_one_place_and_time_is_no_crowd() -> None:
    assert valley(*(fix(0, 10, within_m=metres) for metres in range(3))) == [(0, "I", 0, 0, 3)]


def test_a_device_that_jumps_without_end_is_doubtful_throughout() -> None:
    rows = [fix(minute / 60, 900 * (minute // 4 % 2) + 9) for minute in range(44_000)]

    assert [one[1:] for one in valley(*rows)] == [("U", 0, 43_999 / 60, 44_000)]


def test_doubtful_fixes_are_counted() -> None:
    rows = [*(fix(minute, 10) for minute in range(4)), fix(4, 900), *(fix(minute, 10) for minute in range(5, 9))]
    found = present(rows, ZONES)

    assert (found.fixes, found.doubtful) == (9, 1)
    assert [one[5] for one in found.intervals("valley").rows()] == [0, 1, 0]
    assert [one[5] for one in found.intervals("orchards").rows()] == [1]


# ---- one by one ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """Presence as its module's head has it, worked out fix by fix, slowly."""

    rows: list[Row]
    kmh: int

    def intervals(self, one: Zone) -> list[tuple[int, int, int, int, int, int]]:
        atlas, found = Atlas((one,)), []
        for device, of_device in groupby(sorted(set(self.rows)), key=lambda row: row[0]):
            rows = list(of_device)
            gap, doubtful = self.gap(rows), self.doubtful(rows)
            states = [
                Tri.MAYBE if row in doubtful else atlas.inside(one.id, Place(*row[2:]), Interval.at(row[1]))
                for row in rows
            ]
            begin = 0
            for at in range(1, len(rows) + 1):
                if at == len(rows) or states[at] != states[begin] or rows[at][1] - rows[at - 1][1] > gap:
                    some = rows[begin:at]
                    doubts = sum(row in doubtful for row in some)
                    found.append((device, int(states[begin]), some[0][1], some[-1][1], len(some), doubts))
                    begin = at
        return found

    def gap(self, rows: list[Row]) -> int:
        steps = [(later[1] - one[1]) // SECOND * SECOND for one, later in pairwise(rows) if later[1] > one[1]]
        return max(10 * MINUTE, 3 * median_low(steps)) if steps else 10 * MINUTE

    def possible(self, one: Row, other: Row) -> bool:
        (lat, lon), (other_lat, other_lon) = ([radians(end / E7) for end in row[2:4]] for row in (one, other))
        chord = sin((lat - other_lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((lon - other_lon) / 2) ** 2
        metres = 2 * LEAST_MERIDIAN_M * asin(min(sqrt(chord), 1))
        return metres <= (other[1] - one[1] + SECOND) * self.kmh / 3.6 / SECOND + one[4] + other[4]

    def doubtful(self, rows: list[Row]) -> set[Row]:
        at = [row[1:4] for row in set(self.rows)]
        crowds = {
            row for row in rows if len({other[0] for other in set(self.rows) if other[1:4] == row[1:4]}) >= CROWD
        }
        assert at
        found = set(crowds)
        for span in self.spans(rows):
            found |= self.doubted(list(self.stretches(span)))
        return found

    def spans(self, rows: list[Row]) -> Iterator[list[Row]]:
        gap, begin = self.gap(rows), 0
        for at in range(1, len(rows) + 1):
            if at == len(rows) or (rows[at][1] - rows[at - 1][1] > gap and self.possible(rows[at - 1], rows[at])):
                yield rows[begin:at]
                begin = at

    def stretches(self, span: list[Row]) -> Iterator[list[Row]]:
        begin = 0
        for at in range(1, len(span) + 1):
            if at == len(span) or not self.possible(span[at - 1], span[at]):
                yield span[begin:at]
                begin = at

    def doubted(self, stretches: list[list[Row]]) -> set[Row]:
        everything = {row for stretch in stretches for row in stretch}
        if len(stretches) == 1:
            return set()
        kept = [stretch for stretch in stretches if len(stretch) >= FEW]
        if not kept:
            return everything
        believed, at = set(kept[0]), 0
        while at < len(kept) - 1:
            later = range(at + 1, min(at + 1 + AHEAD, len(kept)))
            back = [one for one in later if self.possible(kept[at][-1], kept[one][0])]
            if not back:
                return everything
            at = back[0]
            believed |= set(kept[at])
        return everything - believed


@st.composite
def tracks(draw: st.DrawFn) -> list[Row]:
    """Return fixes of some devices that wander about the zones, fall silent, jump, and meet."""
    rows: list[Row] = []
    for device in range(draw(st.integers(1, 4))):
        minute, east, north = draw(st.integers(0, 3)), draw(st.integers(-20, 160)), draw(st.integers(-20, 160))
        for _ in range(draw(st.integers(1, 25))):
            rows.append(
                fix(minute, east, north, device=device, within_m=draw(st.sampled_from([0, 0, 50, 300, 3_000])))
            )
            minute += draw(st.sampled_from([0, 1, 1, 1, 2, 10, 11, 40]))
            jump = draw(st.sampled_from([0, 0, 0, 0, 0, 600, -600]))
            east, north = east + draw(st.integers(-9, 9)) + jump, north + draw(st.integers(-9, 9))
    return rows


def told(found: Presence, name: str) -> list[tuple[int, ...]]:
    return [tuple(int(one) for one in row) for row in found.intervals(name).rows()]


@given(rows=tracks())
def test_presence_is_what_it_is_fix_by_fix(rows: list[Row]) -> None:
    found, reference = present(rows, ZONES), Reference(rows, 200)

    for one in ZONES:
        assert told(found, one.id) == reference.intervals(one)


@given(rows=tracks(), sizes=st.lists(st.integers(0, 9), max_size=20))
def test_chunks_do_not_matter(rows: list[Row], sizes: list[int]) -> None:
    whole, parts = present(rows, ZONES), present(rows, ZONES, sizes=sizes)

    for one in ZONES:
        assert told(parts, one.id) == told(whole, one.id)
    assert parts.turning_rows().tolist() == whole.turning_rows().tolist()
    assert (parts.fixes, parts.doubtful) == (whole.fixes, whole.doubtful)


@given(rows=tracks(), data=st.data())
def test_order_and_repetition_do_not_matter(rows: list[Row], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows + rows[: len(rows) // 2]))

    assert told(present(shuffled, ZONES), "hill") == told(present(rows, ZONES), "hill")


@given(rows=tracks())
def test_every_interval_and_doubtful_run_begins_and_ends_with_a_turning_row(rows: list[Row]) -> None:
    found = present(rows, ZONES)
    several = [*(found.intervals(one.id) for one in ZONES), found.believed()]
    ends = [end for intervals in several for end in (intervals.first_row, intervals.last_row)]

    assert set(np.concatenate(ends).tolist()) == set(found.turning_rows().tolist())


@given(rows=tracks())
def test_the_intervals_of_a_zone_hold_every_fix_once(rows: list[Row]) -> None:
    found = present(rows, ZONES)

    for one in ZONES:
        intervals = found.intervals(one.id)
        rows_held = [
            row
            for ends in zip(intervals.first_row, intervals.last_row, strict=True)
            for row in range(ends[0], ends[1] + 1)
        ]
        assert rows_held == list(range(found.fixes))
