"""The command as a person types it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from trucekeeper.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def truce(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Return what runs `truce` with some words: it gives the exit code, and what was printed and complained."""

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["truce", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(str(ended.value.code or 0)), out, err

    return run
