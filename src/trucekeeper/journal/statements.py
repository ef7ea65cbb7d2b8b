"""Statements: what somebody says, of which kind, for which mission, and to whom it may be told.

    {"body":{...},"kind":"key.certify","label":{"owner":"north"},"mission":"example.com/truce",
     "nonce":"5f2b...","said_at":1924992000000000,"v":1}

Kinds have versions for ever: what was written in the first is still read when there is a third, because each version
is brought to the next by one function. `said_at` is the author's own clock, in microseconds of UTC since 1970; when
it was on record is the keeper's to say. The nonce makes two statements of the same words two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from trucekeeper.journal.canonical import Json, read, written

Body: TypeAlias = "dict[str, Json]"
Upcaster: TypeAlias = Callable[[Body], Body]

_KIND = re.compile(r"[a-z]+(\.[a-z]+)*")
_NONCE = re.compile(r"[0-9a-f]{32}")
_KEYS = {"body", "kind", "label", "mission", "nonce", "said_at", "v"}


class NotAStatementError(Exception):
    """A payload is no statement of a kind that is known here; says why."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says."""

    kind: str
    body: Body
    mission: str
    nonce: str
    said_at: int
    version: int = 1
    label: Body = field(default_factory=dict)

    def __bytes__(self) -> bytes:
        """Return it as it is signed. Raises NotCanonicalError."""
        return written(
            {
                "body": self.body,
                "kind": self.kind,
                "label": self.label,
                "mission": self.mission,
                "nonce": self.nonce,
                "said_at": self.said_at,
                "v": self.version,
            }
        )

    @classmethod
    def read(cls, payload: bytes) -> Statement:
        """Return the statement that a payload says. Raises NotAStatementError and NotCanonicalError."""
        said = read(payload)
        if not isinstance(said, dict) or set(said) != _KEYS:
            raise NotAStatementError(f"a statement says {', '.join(sorted(_KEYS))}, and no more")
        match said:
            case {
                "body": dict(body),
                "kind": str(kind),
                "label": dict(label),
                "mission": str(mission),
                "nonce": str(nonce),
                "said_at": int(said_at),
                "v": int(version),
            } if _KIND.fullmatch(kind) and _NONCE.fullmatch(nonce) and bool not in (type(said_at), type(version)):
                if version > 0:
                    return cls(kind, body, mission, nonce, said_at, version, label)
        raise NotAStatementError("one of body, kind, label, mission, nonce, said_at and v is not of its sort")


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of statement: by name, what brings each version to the next, the first version first.

    What is of a `lasting` kind governs the record, or says what it is about: it can never be sealed. `roles` are
    those of which one must have signed, of the kinds that not everybody may sign. What is of a `joint` kind several
    persons of one delegation sign together, each in such a role; the words of its body that it maps to name them.
    """

    steps: Mapping[str, tuple[Upcaster, ...]]
    lasting: frozenset[str] = frozenset()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joint: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def newest(self, kind: str) -> int:
        """Return the version in which a kind is written today. Raises NotAStatementError for no such kind."""
        if kind not in self.steps:
            raise NotAStatementError(f"'{kind[:80]}' is no kind of statement that is known here")
        return len(self.steps[kind]) + 1

    def body(self, statement: Statement) -> Body:
        """Return what a statement says, as today's version says it. Raises NotAStatementError."""
        newest = self.newest(statement.kind)
        if statement.version > newest:
            raise NotAStatementError(
                f"'{statement.kind}' is of version {statement.version}, and {newest} is the newest known here"
            )
        body = statement.body
        for step in self.steps[statement.kind][statement.version - 1 :]:
            body = step(body)
        return body
