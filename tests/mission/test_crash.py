"""No kill at any moment loses what was acknowledged, or makes a second history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mission_crash import crash

if TYPE_CHECKING:
    from pathlib import Path


def test_fifty_kills_lose_nothing_and_rewrite_nothing(tmp_path: Path) -> None:
    found = crash(tmp_path, kills=50, seed=2031)

    assert found.flaws == []
    assert (found.kills, found.acknowledged > 0, found.heads > 0) == (50, True, True)
