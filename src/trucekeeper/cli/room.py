"""`truce serve` opens the operations room of a mission; `truce demo` that of an exercise which keeps happening."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from trucekeeper.cli.files import MissionPath, PassphraseFile, refuse

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen at")]
Host = Annotated[str, typer.Option("--host", help="The address to listen at; loopback unless you say otherwise")]
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help="So many processes answer")]


def serve(
    mission: MissionPath,
    *,
    host: Host = "127.0.0.1",
    port: Port = 8800,
    workers: Workers = 1,
    name: Annotated[list[str] | None, typer.Option("--name", help="A name under which it is reached")] = None,
    tls: Annotated[tuple[Path, Path] | None, typer.Option("--tls", help="CERT KEY: encrypt with these files")] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Open the operations room of a mission, and keep it, until stopped."""
    from trucekeeper.mission.settings import read_settings

    read_settings(mission)
    for file in tls or ():
        if not file.is_file():
            refuse(file, "there is no such file", "name the certificate, then its key: handbook/serving.md")
    if tls is None and host not in {"127.0.0.1", "::1", "localhost"}:
        refuse("--host", f"{host} is reached from elsewhere, and nothing would be encrypted", "give --tls CERT KEY")
    options = ["--host", host, "--port", str(port), "--workers", str(workers)]
    options += [word for one in name or () for word in ("--name", one)]
    options += ["--tls", *map(str, tls)] if tls else []
    options += ["--passphrase-file", str(passphrase_file)] if passphrase_file else []
    _room("serve", str(mission), *options)


def demo(
    *,
    text: Annotated[bool, typer.Option("--text", help="Print a short tour of the Gaza 2025 example instead")] = False,
    port: Port = 8800,
) -> None:
    """Open the operations room on an exercise that keeps happening; `--text` prints a tour instead."""
    if text:
        from trucekeeper.cli.demo import tour

        tour()
        return
    _room("demo", "--port", str(port))


def _room(*words: str) -> NoReturn:
    """Become the process that serves. Raises Refused if what it needs is not installed."""
    if find_spec("django") is None:
        refuse("the operations room", "it is not installed", "pip install 'trucekeeper[opsroom]'")
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "trucekeeper.opsroom", *words])  # noqa: S606  our own module
