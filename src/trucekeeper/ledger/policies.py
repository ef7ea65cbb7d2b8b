"""Policies (C2SP tlog-policy): whose cosignatures make a log's checkpoint trusted.

    log example.com/truce+033de0ae+AYq8q5V2MqiDyCYHcVrZuGCjcXUBA1YIXuWYB1ObDGaZ
    witness north north.example+53d35b9f+BKlUb6eW1kwHJp5oSAS3wF2LQzVEWkmqjYaAJhT0OWnr
    witness south south.example+b1fb2a0c+BEpNd2r4aXzQEOWIfVBNjpJJv0mXJxZcMJTz9PVm8cGm
    group both all north south
    quorum both

A policy comes to whoever verifies by another way than the log: who makes both could trust anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError, shown
from trucekeeper.ledger.notes import COSIGNS, SIGNS, Note, UntrustedError, Verifier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WHAT = "the policy"
MOST_BYTES = 1 << 18
NONE = "none"


@dataclass(frozen=True, slots=True)
class Known:
    """A log or witness by its key, and where it is reached, if the policy says so."""

    key: Verifier
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """So many of these members, witnesses or groups, speak for all."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses and groups by name, and the name of the witness or group that is the quorum."""

    logs: tuple[Known, ...]
    witnesses: Mapping[str, Known]
    groups: Mapping[str, Group]
    quorum: str

    @classmethod
    def read(cls, data: bytes) -> Policy:
        """Return the policy that bytes say. Raises MalformedError."""
        draft = _Draft()
        for at, words in _lines(data):
            draft.take(words, at)
        if draft.quorum is None:
            raise MalformedError(WHAT, "no line says the quorum: write 'quorum none' if nobody need cosign")
        return cls(tuple(draft.logs), draft.witnesses, draft.groups, draft.quorum)

    def __bytes__(self) -> bytes:
        """Return the policy as it is written."""
        lines = [f"log {_named(one)}" for one in self.logs]
        lines += [f"witness {name} {_named(one)}" for name, one in self.witnesses.items()]
        lines += [f"group {name} {one.least} {' '.join(one.members)}" for name, one in self.groups.items()]
        return "".join(f"{line}\n" for line in (*lines, f"quorum {self.quorum}")).encode()

    def trusts(self, note: Note) -> Checkpoint:
        """Return what a checkpoint says, if a known log signed it and the quorum cosigned it.

        Raises UntrustedError, saying who did not, and MalformedError.
        """
        found = Checkpoint.of(note)
        mine = [log.key for log in self.logs if log.key.name == found.origin]
        if not mine:
            raise UntrustedError(f"the policy knows no log '{shown(found.origin)}'")
        note.held_by(mine)
        if not self.is_quorum(self.cosigners(note)):
            missing = ", ".join(sorted(set(self.witnesses) - set(self.cosigners(note))))
            raise UntrustedError(f"the quorum '{self.quorum}' did not cosign it: missing are {missing}")
        return found

    def cosigners(self, note: Note) -> tuple[str, ...]:
        """Return the witnesses that cosigned a checkpoint. Raises UntrustedError if one of their lines is wrong."""
        return tuple(name for name, one in self.witnesses.items() if note.by(one.key))

    def is_quorum(self, names: Sequence[str]) -> bool:
        """Return whether these witnesses are a quorum."""
        if self.quorum == NONE:
            return True
        speaking = set(names)
        for name, group in self.groups.items():  # members stand before the groups that name them
            if len(speaking.intersection(group.members)) >= group.least:
                speaking.add(name)
        return self.quorum in speaking


def _named(one: Known) -> str:
    return f"{one.key.vkey} {one.url}" if one.url else one.key.vkey


def _lines(data: bytes) -> list[tuple[int, list[str]]]:
    """Return the words of each line that is no comment. Octets beyond ASCII stand for themselves."""
    if len(data) > MOST_BYTES:
        raise MalformedError(WHAT, f"it has {len(data):,} bytes, and may have {MOST_BYTES:,}")
    found: list[tuple[int, list[str]]] = []
    for at, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        if any((one < " " and one != "\t") or one == "\x7f" for one in line):
            raise MalformedError(WHAT, "a control character", at)
        words = line.replace("\t", " ").split(" ")
        kept = [word for word in words if word]
        if kept and not kept[0].startswith("#"):
            found.append((at, kept))
    return found


@dataclass
class _Draft:
    """A policy of which some lines are read."""

    logs: list[Known] = field(default_factory=list)
    witnesses: dict[str, Known] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str | None = None

    def take(self, words: list[str], at: int) -> None:
        """Read a line. Raises MalformedError."""
        match words:
            case ["log", key, *url]:
                self.logs.append(_known(key, url, SIGNS, at))
                _hold_different(self.logs, at)
            case ["witness", name, key, *url]:
                self._hold_new(name, at)
                self.witnesses[name] = _known(key, url, COSIGNS, at)
                _hold_different(list(self.witnesses.values()), at)
            case ["group", name, least, *members]:
                self._hold_new(name, at)
                self.groups[name] = self._group(least, members, at)
            case ["quorum", name]:
                if self.quorum is not None:
                    raise MalformedError(WHAT, "a second line says the quorum", at)
                if name != NONE:
                    self._hold_defined(name, at)
                self.quorum = name
            case _:
                raise MalformedError(WHAT, f"'{shown(words[0])}' begins no line of this sort", at)

    def _group(self, least: str, members: list[str], at: int) -> Group:
        for name in members:
            self._hold_defined(name, at)
        taken = {name for one in self.groups.values() for name in one.members}
        if twice := [name for at_, name in enumerate(members) if name in taken or name in members[:at_]]:
            raise MalformedError(WHAT, f"'{shown(twice[0])}' is a member twice", at)
        count = {"any": 1, "all": len(members)}.get(least)
        if count is None:
            count = int(least) if least.isascii() and least.isdigit() and not least.startswith("0") else 0
        if not members or not 1 <= count <= len(members):
            raise MalformedError(WHAT, f"'{shown(least)}' of {len(members)} members cannot be", at)
        return Group(count, tuple(members))

    def _hold_new(self, name: str, at: int) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise MalformedError(WHAT, f"'{shown(name)}' is named already", at)

    def _hold_defined(self, name: str, at: int) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise MalformedError(WHAT, f"no line before this names '{shown(name)}'", at)


def _known(vkey: str, url: list[str], sort: int, at: int) -> Known:
    key = Verifier.read(vkey, WHAT, at)
    if key.type != sort:
        wanted = "signatures (type 1)" if sort == SIGNS else "cosignatures (type 4)"
        raise MalformedError(WHAT, f"the key of '{key.name}' is not one for {wanted}", at)
    if len(url) > 1:
        raise MalformedError(WHAT, "there is more after the address", at)
    return Known(key, *url)


def _hold_different(several: Sequence[Known], at: int) -> None:
    """Hold that the last of several has a key that no other has."""
    *others, last = (one.key for one in several)
    if any(one.key == last.key for one in others):
        raise MalformedError(WHAT, f"the key of '{last.name}' stands here twice", at)
