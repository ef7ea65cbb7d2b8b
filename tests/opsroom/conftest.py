"""The room on a small mission that stands still, and its clock."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests import opsroom_small as small
from tests.mission_small import Clock
from trucekeeper.opsroom import clock as room_clock
from trucekeeper.opsroom import missions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings


HERE = frozenset({"127.0.0.1", "::1", "localhost"})


@pytest.fixture(autouse=True)
def _nobody_elsewhere_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold that no page asks another machine, whatever somebody typed into it."""
    connect = socket.socket.connect

    def within(asking: socket.socket, address: tuple[str, int] | str) -> None:
        assert isinstance(address, str) or address[0] in HERE, f"another machine was asked: {address}"
        connect(asking, address)

    monkeypatch.setattr(socket.socket, "connect", within)


@pytest.fixture(scope="session")
def clock() -> Clock:
    """Return the clock of the room."""
    return Clock()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Path:
    """Return the folder of a mission that nobody changes."""
    folder = tmp_path_factory.mktemp("room") / "mission"
    small.founded(folder, clock)
    return folder


@pytest.fixture
def room(folder: Path, clock: Clock, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the pages served from that mission."""
    settings.MISSION = folder
    monkeypatch.setattr(room_clock, "now", clock)
    yield
    missions.forget()
