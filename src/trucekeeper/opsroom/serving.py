"""Serving: the keeper as a child, so many workers of uvicorn as another, and one that minds both.

    python -m trucekeeper.opsroom MISSION --host 127.0.0.1 --port 8800 --workers 1 [--tls CERT KEY]

If the keeper stops it is started again, after a while that doubles; pages go on meanwhile, and say how old they are.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST, LONGEST = 1.0, 60.0
"""Seconds until a child that stopped is started again, the first time and at most."""
LOOK = 0.2
PATIENCE = 10.0
"""Seconds that children have to end by themselves."""


@dataclass
class Child:
    """A process that is to run as long as the room is open."""

    name: str
    command: list[str]
    wait: float = FIRST
    again: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None)

    def mind(self, now: float) -> None:
        """Start it, if it is not there and its time has come."""
        if self.process is not None and self.process.poll() is not None:
            print(f"{self.name} stopped with {self.process.returncode}; again in {self.wait:.0f} s", file=sys.stderr)
            self.process, self.again = None, now + self.wait
            self.wait = min(2 * self.wait, LONGEST)
        if self.process is None and now >= self.again:
            self.process = subprocess.Popen(self.command)  # noqa: S603  our own commands

    def stop(self) -> None:
        """Have it end."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()


def main(words: Sequence[str]) -> int:
    """Serve until told to stop; return the exit code."""
    said = _asked(words)
    os.environ["TRUCE_MISSION"] = str(said.mission.resolve())
    os.environ["TRUCE_HOSTS"] = ",".join([*said.name, "localhost", "127.0.0.1", "[::1]"])
    os.environ["TRUCE_TLS"] = "1" if said.tls else ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trucekeeper.opsroom.settings")
    where = f"{'https' if said.tls else 'http'}://{(said.name or [said.host])[0]}:{said.port}"
    _prepared(where)
    children = [Child("the keeper", _keeper(said)), Child("the pages", _pages(said))]
    told = _Told()
    try:
        while not told.stop:
            for one in children:
                one.mind(time.monotonic())
            time.sleep(LOOK)
    finally:
        for one in reversed(children):
            one.stop()
    return 0


class _Told:
    """Whether somebody said to stop."""

    def __init__(self) -> None:
        self.stop = False
        for sort in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sort, self._hear)

    def _hear(self, _number: int, _frame: object) -> None:
        self.stop = True


def _prepared(where: str) -> None:
    """Bring the accounts up to date, and print where to go."""
    import django  # noqa: PLC0415  it reads its settings as it is set up
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    from trucekeeper.opsroom.people import invitations  # noqa: PLC0415  models need Django set up

    token = invitations.first()
    print(where, flush=True)
    if token is not None:
        print(f"the administrator's link, once: {where}/invited/{token}", flush=True)


def _keeper(said: argparse.Namespace) -> list[str]:
    more = ["--passphrase-file", str(said.passphrase_file)] if said.passphrase_file else []
    return [sys.executable, "-c", "from trucekeeper.cli import main; main()", "keep", str(said.mission), *more]


def _pages(said: argparse.Namespace) -> list[str]:
    tls = ["--ssl-certfile", str(said.tls[0]), "--ssl-keyfile", str(said.tls[1])] if said.tls else []
    return [
        *(sys.executable, "-m", "uvicorn", "trucekeeper.opsroom.asgi:application"),
        *("--host", said.host, "--port", str(said.port), "--workers", str(said.workers)),
        *("--no-access-log", "--no-server-header", "--log-level", "warning", "--lifespan", "off"),
        *("--timeout-graceful-shutdown", "3"),
        *tls,
    ]


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="truce serve", description="Open the operations room of a mission.")
    parser.add_argument("mission", type=Path)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    parser.add_argument("--port", type=int, default=8800)
    parser.add_argument("--name", action="append", default=[], help="a name under which it is reached (repeatable)")
    parser.add_argument("--workers", type=int, default=1, help="so many processes that answer")
    parser.add_argument("--tls", nargs=2, type=Path, metavar=("CERT", "KEY"), help="encrypt with these files")
    parser.add_argument("--passphrase-file", type=Path, help="what opens the log's key")
    return parser.parse_args(words)
