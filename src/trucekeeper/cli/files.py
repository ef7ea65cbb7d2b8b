"""Files that a person names: keys with their passphrases, policies, and whatever is read or written whole."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from trucekeeper.ledger.policies import Policy

LAST = (1 << 53) - 1
"""No entry has a greater number: no statement could name it."""
MissionPath = Annotated[Path, typer.Argument(metavar="MISSION", help="A mission's folder, or its mission.toml")]
Number = Annotated[int, typer.Argument(metavar="N", min=0, max=LAST, help="The number of an entry")]
PassphraseFile = Annotated[Path | None, typer.Option("--passphrase-file", help="Read the passphrase from here")]


def refuse(file: object, what: str, remedy: str) -> NoReturn:
    """Refuse what a person gave: which file, what is wrong, what to do."""
    from trucekeeper.terms import Fault, Refused

    raise Refused([Fault(str(file), 0, 0, what, remedy)])


def asking(path: Path, file: Path | None, *, twice: bool = False) -> Callable[[], bytes]:
    """Return who gives the passphrase: a file, or the person at the terminal."""

    def ask() -> bytes:
        if file is not None:
            try:
                found = file.read_bytes().rstrip(b"\r\n")
            except OSError as error:
                refuse(file, f"cannot be read: {error.strerror}", "name a file with the passphrase alone")
        elif sys.stdin.isatty():
            found = str(typer.prompt(f"Passphrase of {path}", hide_input=True, confirmation_prompt=twice)).encode()
        else:
            refuse(path, "nobody is there to type a passphrase", "give --passphrase-file FILE, or --no-passphrase")
        if not found:
            refuse(path, "the passphrase is empty", "give one, or --no-passphrase")
        return found

    return ask


def policy_in(path: Path) -> Policy:
    """Return the policy in a file. Raises Refused."""
    from trucekeeper.ledger.lines import MalformedError
    from trucekeeper.ledger.policies import MOST_BYTES, Policy
    from trucekeeper.terms import Fault, Refused

    try:
        return Policy.read(bytes_of(path, MOST_BYTES))
    except MalformedError as error:
        raise Refused([Fault(str(path), error.line, 0, error.wrong, "see c2sp.org/tlog-policy")]) from None


def bytes_of(path: Path, most: int) -> bytes:
    """Return what a file holds. Raises Refused if it cannot be read or has more than so many bytes."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        refuse(path, f"cannot be read: {error.strerror}", "is it there?")
    if len(data) > most:
        refuse(path, f"it has more than {most:,} bytes", "is it the right file?")
    return data


def write(path: Path | None, data: bytes) -> None:
    """Write a file, or to standard output where none is named. Raises Refused."""
    if path is None:
        sys.stdout.write(data.decode())
        return
    try:
        path.write_bytes(data)
    except OSError as error:
        refuse(path, f"cannot be written: {error.strerror}", "is it in a folder, and may you write there?")
