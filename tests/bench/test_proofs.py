"""The measure of proofs runs, and checks each proof that it times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bench import proofs

if TYPE_CHECKING:
    import pytest


def test_it_says_how_long_proofs_take(capsys: pytest.CaptureFixture[str]) -> None:
    proofs.main(["--size", "70001", "--proofs", "50"])

    found = re.fullmatch(
        r"50 proofs from 70,001 entries: p50 ([0-9.]+) ms, p99 [0-9.]+ ms\n", capsys.readouterr().out
    )
    assert found is not None
