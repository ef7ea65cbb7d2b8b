"""The command, run as a person runs it, on a folder that each test fills."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.bad_input.valoria import GOOD, ZONES, Answer
from trucekeeper.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Run: TypeAlias = "Callable[..., Answer]"


@pytest.fixture
def truce(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Return the command `truce`. What it says of a file of the test is told without the folder."""

    def run(*words: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["truce", *map(str, words)])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        said = capsys.readouterr()
        return Answer(code, said.out, said.err.replace(f"{tmp_path}/", ""))

    return run


@pytest.fixture
def check(truce: Run, tmp_path: Path) -> Run:
    """Return `truce check` of a folder with this agreement, these zones and these files of facts."""

    def run(agreement: str | bytes = GOOD, *, zones: str | None = None, **facts: str | bytes) -> Answer:
        text = agreement.encode() if isinstance(agreement, str) else agreement
        (tmp_path / "agreement.yaml").write_bytes(text)
        (tmp_path / "zones.geojson").write_text(json.dumps(ZONES) if zones is None else zones, encoding="utf-8")
        for name, content in facts.items():
            file = tmp_path / name.replace("__", ".")
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return truce("check", tmp_path)

    return run
