"""Fixed worlds, clause by clause: batch beside the reference, of many facts and of few."""

from __future__ import annotations

import pytest

from tests.compliance_columns import agree_about
from tests.generated import world
from trucekeeper.compliance import batch


@pytest.mark.parametrize("first", range(0, 400, 40))
def test_batch_stands_where_the_reference_does(first: int) -> None:
    agree_about(world(seed) for seed in range(first, first + 40, 4))


def test_it_does_so_where_facts_are_too_many_to_be_looked_at_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MANY", 0)

    agree_about(world(seed) for seed in range(402, 500, 4))
