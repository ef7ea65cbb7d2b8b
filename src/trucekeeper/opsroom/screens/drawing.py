"""Drawing: moments and figures as places in a picture, so that a page needs no program to be looked at.

A picture is a thousand wide, and the page stretches it: so places are given in tenths of a percent, and as `percent`
where text stands beside them. Time runs from left to right in every language, and its marks say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trucekeeper.opsroom.screens.words import isolated
from trucekeeper.terms.moments import DAY, write_moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucekeeper.terms import Moment

WIDTH = 1000
STEPS = (1, 2, 7, 14, 28, 91, 182, 364)
"""Days between two marks of time: the least of these that gives no more than `MARKS`."""
MARKS = 10
HEIGHT = 120


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a picture shows."""

    start: Moment
    end: Moment

    @classmethod
    def of(cls, moments: Sequence[Moment]) -> Span:
        """Return the time that holds all of some moments, and some room beside them."""
        start, end = min(moments), max(moments)
        room = max((end - start) // 40, DAY // 8)
        return cls(start - room, end + room)

    def place(self, moment: Moment) -> int:
        """Return where a moment is, from 0 to 1,000."""
        held = min(max(moment, self.start), self.end)
        return (held - self.start) * WIDTH // (self.end - self.start)

    def part(self, start: Moment, end: Moment) -> dict[str, str]:
        """Return where a part of the time is, and how wide."""
        left, right = self.place(start), self.place(end)
        return {"x": percent(left), "width": percent(right - left)}

    def marks(self, zone: str) -> list[tuple[str, str]]:
        """Return where some beginnings of days are, and which days they are, in a zone."""
        days = (self.end - self.start) // DAY
        step = next((one for one in STEPS if days // one <= MARKS), STEPS[-1])
        first = self.start // DAY + 1
        several = range(first, self.end // DAY + 1, step)
        return [(percent(self.place(day * DAY)), isolated(write_moment(day * DAY, zone)[5:10])) for day in several]


def percent(place: int) -> str:
    """Return a place as an attribute of a picture says it."""
    return f"{place / 10:g}%"


def lane(course: Sequence[Mapping[str, Any]], span: Span, now: Moment) -> list[dict[str, Any]]:
    """Return the parts of a bar: how a commitment stood, from when to when, while it was in effect."""
    parts: list[tuple[int, int, str]] = []
    for step in course:
        if step["lifecycle"] == "dormant":
            continue
        left, right = span.place(step["since"]), span.place(now if step["until"] is None else min(step["until"], now))
        if parts and parts[-1][2] == step["verdict"]:
            left = parts.pop()[0]
        parts.append((left, right, step["verdict"]))
    return [
        {"x": percent(left), "width": percent(right - left), "verdict": verdict}
        for left, right, verdict in parts
        if right > left
    ]


def band(course: Sequence[Mapping[str, Any]], span: Span, now: Moment, top: int) -> str:
    """Return the outline of what was counted over time, its least and its most, as points of a polygon."""
    steps = [one for one in course if one["counted"] is not None]
    least: list[tuple[int, int]] = []
    most: list[tuple[int, int]] = []
    for one in steps:
        ends = (span.place(one["since"]), span.place(now if one["until"] is None else min(one["until"], now)))
        low, high = one["counted"]["count"]
        for x in ends:
            least.append((x, height_of(low, top)))
            most.append((x, height_of(top if high is None else high, top)))
    return " ".join(f"{x},{y}" for x, y in (*least, *reversed(most)))


def height_of(figure: int, top: int) -> int:
    """Return how far from the upper edge of a picture a figure is, of which the highest is `top`."""
    return HEIGHT - min(figure, top) * HEIGHT // max(top, 1)
