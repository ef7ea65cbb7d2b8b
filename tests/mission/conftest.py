"""A mission on either of the two places where a record lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import mission_small as small
from tests.mission_small import CHAIR, Clock, decision, enter, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucekeeper.mission.mission import Mission


@pytest.fixture
def clock() -> Clock:
    """Return the clock of the mission."""
    return Clock()


@pytest.fixture
def mission(tmp_path: Path, clock: Clock, database: str) -> Iterator[Mission]:
    """Return a mission on either, in which it was decided that everything begins."""
    small.begin(small.settings(tmp_path / "mission", postgres=database), clock)
    with opened(tmp_path / "mission", clock) as found:
        enter(found, CHAIR, decision())
        yield found
