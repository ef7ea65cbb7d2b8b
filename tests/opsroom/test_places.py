"""A place as people write it."""

from __future__ import annotations

import pytest

from trucekeeper.opsroom.places import NoPlaceError, coordinates


@pytest.mark.parametrize(
    "text",
    [
        "31.51, 34.51", "31.51 34.51", "31.51,34.51", "31.51N 34.51E", "31.51 N, 34.51 E", "34.51E 31.51N",
        "31°30'36\"N 34°30'36\"E", "31 30 36 N, 34 30 36 E", "31°30.6'N 34°30.6'E",
        "31°30\N{PRIME}36\N{DOUBLE PRIME}N, 34°30\N{PRIME}36\N{DOUBLE PRIME}E",
        "+31.51, +34.51", "31.51n 34.51e",
    ],
)  # fmt: skip
def test_one_place_is_written_in_many_ways(text: str) -> None:
    assert coordinates(text) == ("31.51", "34.51")


def test_south_and_west_are_below_nought() -> None:
    assert coordinates("31.5S 34.5W") == coordinates("-31.5, -34.5") == ("-31.5", "-34.5")
    assert coordinates("0, 0") == ("0", "0")


@pytest.mark.parametrize(
    "text", ["31.5", "31.5N 34.5N", "91, 0", "34.5, 181", "31°61'N 34°0'E", "-31.5S 34.5E", "1" * 81, "31.5, 34.5, 7"]
)
def test_what_may_be_read_in_two_ways_or_none_is_refused(text: str) -> None:
    with pytest.raises(NoPlaceError):
        coordinates(text)


def test_words_without_a_number_are_no_coordinates() -> None:
    assert coordinates("valley") is None
