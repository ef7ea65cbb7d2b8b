"""Which version of a zone was valid while something happened."""

import pytest

from trucekeeper.geo import Zone
from trucekeeper.geo.during import settled
from trucekeeper.terms import NEVER

FIRST, SECOND, LAST = (
    Zone(id="valley", author="Annex A", since=since, until=until)
    for since, until in ((10, 20), (20, 30), (35, NEVER))
)


@pytest.mark.parametrize(
    ("start", "end", "one"),
    [
        (10, 10, FIRST),
        (10, 19, FIRST),
        (20, 29, SECOND),
        (35, NEVER, LAST),
        (9, 12, None),
        (10, 20, None),
        (19, 20, None),
        (25, 30, None),
        (30, 36, None),
        (32, 33, None),
        (25, NEVER, None),
    ],
)
def test_one_version_settles_an_interval_if_it_was_valid_all_the_while(
    *, start: int, end: int, one: Zone | None
) -> None:
    assert settled((FIRST, SECOND, LAST), start, end) is one
