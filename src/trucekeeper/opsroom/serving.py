"""Serving: the keeper as a child, so many workers of uvicorn as another, and one that minds both.

    python -m trucekeeper.opsroom serve MISSION --host 127.0.0.1 --port 8800 --workers 1 [--tls CERT KEY]
    python -m trucekeeper.opsroom demo
    python -m trucekeeper.opsroom check MISSION --name NAME --tls CERT KEY

If the keeper stops it is started again, after a while that doubles; pages go on meanwhile, and say how old they are.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from trucekeeper.ledger.notes import SIGNS
from trucekeeper.mission import key_files
from trucekeeper.opsroom import playing
from trucekeeper.opsroom.certificates import Pair
from trucekeeper.opsroom.clock import now, run_from
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.ledger.notes import Signer
    from trucekeeper.mission.settings import Settings

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
    """Do what is said; return the exit code."""
    said = _asked(words)
    told = Told()
    return int(said.act(said, told))


def serve(said: argparse.Namespace, told: Told) -> int:
    """Serve a mission until told to stop."""
    try:
        _hold(said)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    where = _served(said)
    _prepare()
    from trucekeeper.opsroom.people import invitations  # noqa: PLC0415  models need Django set up

    token = invitations.first()
    lines = [where, *([f"The administrator's link, for once: {where}/invited/{token}"] if token else [])]
    lines += _who_may_not_sign(said.mission)
    return _mind(
        [Child("the keeper", _ours("keep", said)), Child("the pages", _pages(said))], told, _Open(said, lines)
    )


LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _hold(said: argparse.Namespace) -> None:
    """Hold that pages go to others encrypted, with a certificate that browsers can believe. Raises Refused."""
    outside = said.host not in LOOPBACK
    if outside and not said.tls:
        what = f"{said.host} is reached from elsewhere, and nothing would be encrypted"
        raise Refused([Fault("--host", 0, 0, what, "give --tls CERT KEY")])
    if outside and not said.name:
        what = f"{said.host} is an address, and by no name would the room answer to others"
        raise Refused([Fault("--name", 0, 0, what, "give --name, with the name that the certificate says")])
    if said.tls:
        when = datetime.fromtimestamp(time.time(), UTC)
        Pair(*said.tls).hold(said.name or [said.host], when)


def _who_may_not_sign(path: Path) -> list[str]:
    """Return what a root has to type for the accounts of each delegation to sign, where it did not yet."""
    from trucekeeper.opsroom import missions  # noqa: PLC0415  these need Django set up
    from trucekeeper.opsroom.people import keys  # noqa: PLC0415

    charter = missions.mission().journal.charter()
    known = {} if charter is None else charter.keys.holders
    names = sorted({one.delegation for one in known.values()} - {""})
    return [
        f"For {name} to sign here: truce key certify {path} {keys.registrar_said(name)['key']} "
        f"--delegation {name} --role registrar --by ROOT"
        for name in names
        if keys.registrar(name).public.id not in known
    ]


def demo(said: argparse.Namespace, told: Told) -> int:
    """Serve an exercise that keeps happening, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="trucekeeper-exercise-") as folder:
        said.mission = Path(folder) / "mission"
        where = _served(said)
        playing.prepare(Path(folder))
        _prepare()
        from trucekeeper.opsroom.people import invitations, keys  # noqa: PLC0415  models need Django set up

        guest, token = invitations.guest(playing.ENTERS)
        let_in = (keys.account_said(guest), keys.registrar(guest.delegation))
        playing.let_sign(Path(folder), [keys.registrar_said(one) for one in playing.HOLDERS], [let_in])
        run_from(playing.begins(), playing.SPEED)
        lines = [
            "EXERCISE: Valoria does not exist. A second is four minutes there.",
            f"All of it is in {folder}, and gone once you stop this.",
            f"Come in as a watch officer: {where}/invited/{token}",
        ]
        feed = [sys.executable, "-m", "trucekeeper.opsroom", "feed", folder]
        return _mind(
            [Child("the keeper", _ours("keep", said)), Child("the pages", _pages(said)), Child("the drill", feed)],
            told,
            _Open(said, lines),
        )


def check(said: argparse.Namespace, _told: Told) -> int:
    """Say whether what pages are told is fit for other machines: Django's own checks of a deployment."""
    _served(said)
    import django  # noqa: PLC0415  it reads its settings as it is set up
    from django.core.management import CommandError, call_command  # noqa: PLC0415

    django.setup()
    try:
        call_command("check", deploy=True, fail_level="WARNING")
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def keep(said: argparse.Namespace, told: Told) -> int:
    """Keep a mission until told to stop."""
    from trucekeeper.mission.mission import Mission  # noqa: PLC0415  slow to load, and no part of minding
    from trucekeeper.mission.service import Service  # noqa: PLC0415

    def signer(settings: Settings) -> Signer:
        return key_files.read_signer(settings.log_key, SIGNS, lambda: _passphrase(said.passphrase_file))

    with Mission.open(said.mission, clock=now, signer=signer) as found:
        Service(found, lambda says: print(says, file=sys.stderr, flush=True)).run(told.stop)
    return 0


def feed(said: argparse.Namespace, told: Told) -> int:
    """Have an exercise happen until told to stop."""
    playing.play(said.mission, told.stop.is_set)
    return 0


@dataclass
class _Open:
    """What is printed once pages are answered."""

    said: argparse.Namespace
    lines: list[str]

    def look(self) -> None:
        """Print it, if somebody listens by now."""
        if not self.lines:
            return
        with suppress(OSError), socket.create_connection((self.said.host, self.said.port), LOOK):
            print("\n".join(self.lines), flush=True)
            self.lines = []


def _mind(children: list[Child], told: Told, opened: _Open) -> int:
    """Have children run until told to stop."""
    try:
        while not told.stop.wait(LOOK):
            for one in children:
                one.mind(time.monotonic())
            opened.look()
    finally:
        for one in reversed(children):
            one.stop()
    return 0


class Told:
    """Whether somebody said to stop."""

    def __init__(self) -> None:
        """Listen."""
        self.stop = Event()
        for sort in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sort, lambda *_: self.stop.set())


def _served(said: argparse.Namespace) -> str:
    """Tell children what is served, and return where."""
    os.environ["TRUCE_MISSION"] = str(said.mission.resolve())
    os.environ["TRUCE_HOSTS"] = ",".join([*said.name, "localhost", "127.0.0.1", "[::1]"])
    os.environ["TRUCE_TLS"] = "1" if said.tls else ""
    os.environ["DJANGO_SETTINGS_MODULE"] = "trucekeeper.opsroom.settings"
    return f"{'https' if said.tls else 'http'}://{(said.name or [said.host])[0]}:{said.port}"


def _prepare() -> None:
    """Bring the tables of accounts up to date."""
    import django  # noqa: PLC0415  it reads its settings as it is set up
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def _passphrase(file: Path | None) -> bytes:
    if file is not None:
        return file.read_bytes().rstrip(b"\r\n")
    return getpass("Passphrase of the log's key: ").encode()


def _ours(act: str, said: argparse.Namespace) -> list[str]:
    more = ["--passphrase-file", str(said.passphrase_file)] if said.passphrase_file else []
    return [sys.executable, "-m", "trucekeeper.opsroom", act, str(said.mission), *more]


def _pages(said: argparse.Namespace) -> list[str]:
    tls = ["--ssl-certfile", str(said.tls[0]), "--ssl-keyfile", str(said.tls[1])] if said.tls else []
    return [
        *(sys.executable, "-m", "uvicorn", "trucekeeper.opsroom.asgi:application"),
        *("--host", said.host, "--port", str(said.port), "--workers", str(said.workers)),
        *("--no-access-log", "--no-server-header", "--log-level", "warning", "--lifespan", "off"),
        *("--timeout-graceful-shutdown", "3"),
        *("--timeout-keep-alive", "75"),  # or who reads a page for a while meets a connection that is just closed
        *tls,
    ]


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="truce serve", description="Open the operations room of a mission.")
    acts = parser.add_subparsers(required=True)
    for act in (serve, demo, check, keep, feed):
        one = acts.add_parser(act.__name__, help=act.__doc__)
        one.set_defaults(act=act, host="127.0.0.1", port=8800, name=[], tls=None, passphrase_file=None)
        if act is not demo:
            one.add_argument("mission", type=Path)
        if act in (serve, demo):
            one.add_argument("--host", default="127.0.0.1", help="the address to listen at")
            one.add_argument("--port", type=int, default=8800)
            one.add_argument("--workers", type=int, default=1, help="so many processes that answer")
        if act in (serve, check):
            one.add_argument("--name", action="append", help="a name under which it is reached (repeatable)")
            one.add_argument("--tls", nargs=2, type=Path, metavar=("CERT", "KEY"), help="encrypt with these files")
        if act in (serve, keep):
            one.add_argument("--passphrase-file", type=Path, help="what opens the log's key")
    return parser.parse_args(words)
