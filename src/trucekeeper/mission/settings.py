"""`mission.toml`: what a mission is called, where its record lies, and who witnesses it. It holds no secret.

    origin = "valoria.example/truce"
    log = "valoria.example/truce+5a8e3f01+AYq8q5V2MqiDyCYHcVrZuGCjcXUBA1YIXuWYB1ObDGaZ"
    log_key = "/home/keeper/valoria-log.key"
    postgres = "postgresql://keeper@db.example/valoria"
    quorum = 1

    [[witness]]
    key = "north.example+53d35b9f+BKlUb6eW1kwHJp5oSAS3wF2LQzVEWkmqjYaAJhT0OWnr"
    url = "https://witness.north.example"

Without `postgres` the record lies in two SQLite files beside it. The password of a database comes from PGPASSWORD.
`quorum` is how many of the witnesses must have cosigned a head for `truce policy` to have it trusted.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.notes import COSIGNS, SIGNS, Verifier
from trucekeeper.ledger.policies import Group, Known, Policy
from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.faults import suggestion

MISSION = "mission.toml"
MOST_BYTES = 1 << 16
_KEYS = ("origin", "log", "log_key", "postgres", "quorum", "witness")


@dataclass(frozen=True, slots=True)
class Settings:
    """What `mission.toml` says; `folder` is the one that it lies in."""

    folder: Path
    log: Verifier
    log_key: Path
    postgres: str = ""
    witnesses: tuple[Known, ...] = ()
    quorum: int = 0

    @property
    def origin(self) -> str:
        """Return the name of the log, which is that of the mission."""
        return self.log.name

    @property
    def policy(self) -> Policy:
        """Return whose signatures make a head of this record trusted."""
        names = {one.key.name: one for one in self.witnesses}
        log = (Known(self.log),)
        if not self.quorum:
            return Policy(log, names, {}, "none")
        return Policy(log, names, {"quorum": Group(self.quorum, tuple(names))}, "quorum")

    def __str__(self) -> str:
        """Return the file as it is written."""
        said = {"origin": self.origin, "log": self.log.vkey, "log_key": str(self.log_key), "postgres": self.postgres}
        lines = [f"{key} = {_quoted(value)}" for key, value in said.items() if value]
        lines.append(f"quorum = {self.quorum}")
        for one in self.witnesses:
            lines += ["", "[[witness]]", f"key = {_quoted(one.key.vkey)}"]
            lines += [f"url = {_quoted(one.url)}"] if one.url else []
        return "\n".join(lines) + "\n"


def is_mission(path: Path) -> bool:
    """Return whether a path is a mission: its folder, or its `mission.toml`."""
    return (path / MISSION).is_file() or (path.name == MISSION and path.is_file())


def read_settings(path: Path) -> Settings:
    """Return what the `mission.toml` of a folder, or this file itself, says. Raises Refused with every fault."""
    file = path if path.name == MISSION else path / MISSION
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES)
    except OSError as error:
        raise Refused([Fault(str(file), 0, 0, f"cannot be read: {error.strerror}", "is it a mission?")]) from None
    try:
        said = tomllib.loads(data.decode())
    except ValueError as error:
        what = f"it is no TOML of at most {MOST_BYTES:,} bytes: {error}"
        raise Refused([Fault(str(file), 0, 0, what, "mend it, or take it from a copy")]) from None
    return _Reading(file, said).settings()


class _Reading:
    """A file as it is read, with what is wrong with it so far."""

    def __init__(self, file: Path, said: dict[str, Any]) -> None:
        self.file, self.said, self.faults = file, said, list[Fault]()

    def fault(self, what: str, remedy: str = "") -> None:
        self.faults.append(Fault(str(self.file), 0, 0, what, remedy))

    def settings(self) -> Settings:
        for key in self.said:
            if key not in _KEYS:
                self.fault(f"'{key[:80]}' is not known here", suggestion(key, _KEYS))
        log = self.key("log", self.said.get("log"), SIGNS)
        witnesses = self.witnesses()
        quorum = self.said.get("quorum", 0)
        if not isinstance(quorum, int) or isinstance(quorum, bool) or not 0 <= quorum <= len(witnesses):
            self.fault(f"quorum: not a number from 0 to {len(witnesses)}, as many as there are witnesses")
        texts = {key: self.text(key) for key in ("origin", "log_key", "postgres")}
        if log is not None and texts["origin"] != log.name:
            self.fault(f"origin: the log's key is that of '{log.name}'", "one of them is of another mission")
        if not texts["log_key"]:
            self.fault("log_key: missing", "name the file with the log's private key")
        if self.faults or log is None:
            raise Refused(self.faults)
        return Settings(self.file.parent, log, Path(texts["log_key"]), texts["postgres"], witnesses, quorum)

    def text(self, key: str) -> str:
        value = self.said.get(key, "")
        if not isinstance(value, str):
            self.fault(f"{key}: not a text", "put it in quotes")
            return ""
        return value

    def key(self, what: str, value: object, sort: int) -> Verifier | None:
        try:
            found = Verifier.read(value if isinstance(value, str) else "")
        except MalformedError as error:
            self.fault(f"{what}: {error.wrong}", "copy the line of `truce key show`")
            return None
        if found.type != sort:
            self.fault(f"{what}: '{found.name}' is a key of another sort", "copy the line of `truce key show`")
            return None
        return found

    def witnesses(self) -> tuple[Known, ...]:
        several = self.said.get("witness", [])
        if not isinstance(several, list) or not all(isinstance(one, dict) for one in several):
            self.fault("witness: not a list of tables", "write [[witness]] above each")
            return ()
        found = [Known(key, str(one.get("url", ""))) for one in several if (key := self.witness(one)) is not None]
        if len({one.key.name for one in found}) < len(found):
            self.fault("witness: two have the same name")
        return tuple(found)

    def witness(self, said: dict[str, Any]) -> Verifier | None:
        unknown = set(said) - {"key", "url"}
        if unknown:
            self.fault(f"witness: '{min(unknown)[:80]}' is not known here", "a witness has a key, and may have a url")
        return self.key("witness", said.get("key"), COSIGNS)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
