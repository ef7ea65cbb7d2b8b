"""The closed sets of answers: how far something is established, where a promise stands, what became of it."""

from __future__ import annotations

from enum import Enum, IntEnum


class Proof(IntEnum):
    """How far one aspect of a fact is established; refuted counts at no level.

    Alleged < corroborated < verified. The machine raises to corroborated at most; verified is a person's signed act.
    """

    REFUTED = 0
    ALLEGED = 1
    CORROBORATED = 2
    VERIFIED = 3

    @property
    def word(self) -> str:
        """Return the word as written in files and on screens."""
        return self.name.lower()

    @staticmethod
    def named(word: str) -> Proof:
        """Return the proof level of this name; raises KeyError for any other word."""
        return Proof[word.upper()]


class Verdict(Enum):
    """Whether what is on record agrees with a promise. Never "violation": that is for people to say."""

    CONSISTENT = "consistent"
    CONTRARY = "contrary"
    OPEN = "open"
    CANNOT_TELL = "cannot tell"
    NOT_IN_FORCE = "not in force"


class Lifecycle(Enum):
    """What has become of a commitment, whatever its verdict."""

    DORMANT = "dormant"
    IN_EFFECT = "in effect"
    SUSPENDED = "suspended"
    MET = "met"
    MET_LATE = "met late"
    UNMET = "unmet"
    CURED = "cured"
    LAPSED = "lapsed"
    DISCHARGED = "discharged"
    TERMINATED = "terminated"
