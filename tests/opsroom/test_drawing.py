"""Pictures of time and figures: where things stand in them."""

from __future__ import annotations

from typing import Any

from trucekeeper.opsroom.screens.drawing import HEIGHT, MARKS, Span, band, height_of, lane, percent
from trucekeeper.terms.moments import DAY, HOUR

SPAN = Span(0, 10 * DAY)


def step(since: int, until: int | None, verdict: str = "open", **more: object) -> dict[str, Any]:
    return {"since": since, "until": until, "verdict": verdict, "lifecycle": "in effect", "counted": None, **more}


def test_a_moment_stands_where_its_share_of_the_time_has_passed() -> None:
    assert [SPAN.place(one) for one in (0, DAY, 5 * DAY, 10 * DAY)] == [0, 100, 500, 1000]


def test_what_is_outside_the_time_shown_stands_at_its_edge() -> None:
    assert (SPAN.place(-DAY), SPAN.place(11 * DAY)) == (0, 1000)


def test_a_place_is_said_to_a_tenth_of_a_percent() -> None:
    assert [percent(one) for one in (0, 5, 123, 1000)] == ["0%", "0.5%", "12.3%", "100%"]


def test_a_span_holds_all_its_moments_with_room_beside_them() -> None:
    found = Span.of([5 * DAY, 2 * DAY])

    assert found.start < 2 * DAY
    assert found.end > 5 * DAY
    assert Span.of([DAY]).start < DAY < Span.of([DAY]).end


def test_days_are_marked_and_never_too_many_of_them() -> None:
    assert [says for _, says in SPAN.marks("UTC")] == [
        f"\N{LEFT-TO-RIGHT ISOLATE}01-{day:02d}\N{POP DIRECTIONAL ISOLATE}" for day in range(2, 12)
    ]
    for days in (1, 20, 200, 3000):
        assert len(Span(0, days * DAY).marks("UTC")) <= MARKS + 1


def test_a_bar_changes_where_the_verdict_does_and_begins_with_effect() -> None:
    course = [
        step(0, DAY, lifecycle="dormant"),
        step(DAY, 2 * DAY),
        step(2 * DAY, 3 * DAY),
        step(3 * DAY, None, "contrary"),
    ]

    assert lane(course, SPAN, 5 * DAY) == [
        {"x": "10%", "width": "20%", "verdict": "open"},
        {"x": "30%", "width": "20%", "verdict": "contrary"},
    ]


def test_a_bar_ends_now_though_its_row_ends_later() -> None:
    [part] = lane([step(DAY, 9 * DAY)], SPAN, 2 * DAY)

    assert part == {"x": "10%", "width": "10%", "verdict": "open"}


def test_what_lasted_for_no_time_that_can_be_seen_is_not_drawn() -> None:
    assert lane([step(DAY, DAY + 1), step(DAY + 1, None, "contrary")], SPAN, DAY + HOUR)[0]["verdict"] == "contrary"


def test_a_band_runs_along_the_least_and_back_along_the_most() -> None:
    course = [
        step(0, 5 * DAY, counted={"count": [0, 5]}),
        step(5 * DAY, None, counted={"count": [10, None]}),
    ]

    assert band(course, SPAN, 10 * DAY, 10) == (
        f"0,{HEIGHT} 500,{HEIGHT} 500,0 1000,0 1000,0 500,0 500,{HEIGHT // 2} 0,{HEIGHT // 2}"
    )


def test_the_highest_figure_is_at_the_upper_edge_and_what_is_above_it_too() -> None:
    assert [height_of(one, 10) for one in (0, 5, 10, 20)] == [HEIGHT, HEIGHT // 2, 0, 0]
    assert height_of(0, 0) == HEIGHT
