"""What a mission shows of its record: its head, the log as one asker may see it, and proofs of entries.

A line of the log says of an entry who said what kind of thing, and for facts and texts which, if the asker may see it
by the label of its statement; and of what was decided about reports, if he may see all that it names (`naming`), or
his delegation signed it. What governs the record, keys, seals, redactions and the agreement, shows its kind and its
signers to all. Of an entry that the asker may not see, a line has its number and its time, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.journal.charter import RefusedError, turned
from trucekeeper.journal.sealing import NotOpenedError, salt_of
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.notes import Note, UntrustedError
from trucekeeper.mission import kinds, naming
from trucekeeper.mission.projections import hidden_in
from trucekeeper.mission.telling import label_of
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from trucekeeper.compliance.knowledge import Audience
    from trucekeeper.journal.charter import Accepted, Charter
    from trucekeeper.journal.journal import Journal
    from trucekeeper.journal.keys import Holder
    from trucekeeper.journal.store import Entry
    from trucekeeper.ledger.policies import Policy
    from trucekeeper.ledger.tree import Head
    from trucekeeper.mission.mission import Mission
    from trucekeeper.terms import Moment

FSCK = "truce fsck says what is wrong"


# ---- the head ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeadShown:
    """The newest head: its note, what it says, who of the policy cosigned it, and what it lacks to be trusted."""

    note: Note
    checkpoint: Checkpoint
    cosigners: tuple[str, ...]
    untrusted: str


def head_of(mission: Mission) -> HeadShown:
    """Return the newest head of a mission's record. Raises Refused if there is none, or it is not the log's."""
    data = mission.journal.store.head()
    if data is None:
        raise refused(mission, "nothing is on record", "found it: truce open")
    try:
        checkpoint, note = Checkpoint.read(data)
        note.held_by([mission.settings.log])
        cosigners = mission.settings.policy.cosigners(note)
    except (MalformedError, UntrustedError) as error:
        raise refused(mission, f"its newest head: {error}", FSCK) from None
    return HeadShown(note, checkpoint, cosigners, _untrusted(mission.settings.policy, note))


def _untrusted(policy: Policy, note: Note) -> str:
    try:
        policy.trusts(note)
    except UntrustedError as error:
        return str(error)
    return ""


def refused(mission: Mission, what: str, remedy: str) -> Refused:
    """Return why something cannot be had of a mission's record."""
    return Refused([Fault(str(mission.settings.folder), 0, 0, what, remedy)])


# ---- the log as somebody may see it --------------------------------------------------------------------------------


Known: TypeAlias = "Callable[[Mission, Audience, frozenset[naming.Name]], frozenset[naming.Name]]"
"""Gives those of some names that an audience has: `naming.shown` from the record, `naming.laid_out` from rows."""


class Shown(Enum):
    """How much a line shows of its entry."""

    WHOLE = "whole"
    KIND = "kind"
    """It governs the record: its kind and signers are for all, and its words are not for the asker."""
    NOT_TO_YOU = "sealed to you"
    SEALED = "sealed"
    REDACTED = "redacted"
    LOST = "cannot be opened: its secret is not in the vault"


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody may see of an entry. `names` is which fact, text, key or agreement; `about` is another entry."""

    seq: int
    at: Moment
    shown: Shown
    kind: str = ""
    signers: tuple[Holder, ...] = ()
    names: str = ""
    about: int | None = None


def lines(mission: Mission, audience: Audience, start: int, end: int, *, known: Known = naming.shown) -> list[Line]:
    """Return entries as an audience may see them. Raises Refused for one that is not what was signed."""
    return _lines(mission, audience, list(_placed(mission, start, end)), known)


def line(mission: Mission, audience: Audience, seq: int, *, known: Known = naming.shown) -> Line:
    """Return one entry as an audience may see it. Raises Refused if there is none, or it is not what was signed."""
    for one in lines(mission, audience, seq, seq + 1, known=known):
        return one
    size = mission.journal.store.size()
    raise refused(mission, f"there is no entry {seq}: the record has {size:,}", "count from 0")


@dataclass(frozen=True, slots=True)
class _Place:
    """An entry, and what today's seals make of it."""

    entry: Entry
    hidden: Shown | None


_Placed = tuple[_Place, "Accepted | None", "tuple[Holder, ...]"]


def _placed(mission: Mission, start: int, end: int | None = None) -> Iterator[_Placed]:
    """Yield entries with what they say and who signed, each signature held against its key at its place."""
    journal = mission.journal
    try:
        hidden = hidden_in(journal.charter())
        charter = journal.charter(start)
        for entries in _in_turn(journal.store.entries(start, end)):
            shown = [one for one in entries if one.seq not in hidden]
            opened = dict(zip((one.seq for one in shown), journal.opened(shown), strict=True))
            for entry in entries:
                if entry.seq in hidden:
                    how = Shown.SEALED if hidden[entry.seq] is None else Shown.REDACTED
                    yield _Place(entry, how), None, ()
                    continue
                said = opened[entry.seq]
                if said is None:
                    yield _Place(entry, Shown.LOST), None, ()
                    continue
                signers, charter = _signers(journal, charter, said, entry)
                yield _Place(entry, None), said, signers
    except NotOpenedError as error:
        raise refused(mission, str(error), FSCK) from None


def _in_turn(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    """Yield entries some at a time: their secrets are asked for together."""
    while several := list(islice(entries, AT_A_TIME)):
        yield several


AT_A_TIME = 256


def _signers(
    journal: Journal, charter: Charter | None, said: Accepted, entry: Entry
) -> tuple[tuple[Holder, ...], Charter]:
    """Return who signed a statement, and what governs after it. Raises NotOpenedError, which names the entry."""
    try:
        if charter is None or said.statement.kind in journal.kinds.lasting:
            after, signers = turned(charter, said, at=entry.at, hideable=lambda _: True)
            return signers, after
        return charter.signers(said), charter
    except RefusedError as error:
        raise NotOpenedError(f"entry {entry.seq} may not be where it is: {error}") from None


def _lines(mission: Mission, audience: Audience, placed: Sequence[_Placed], known: Known) -> list[Line]:
    """Return entries as an audience may see them."""
    named = [_named(said, signers, audience) for _, said, signers in placed]
    shown = known(mission, audience, frozenset[naming.Name]().union(*named))
    return [
        _line(place, said, signers, seen=_labelled_for(audience, said) and names <= shown)
        for (place, said, signers), names in zip(placed, named, strict=True)
    ]


def _named(said: Accepted | None, signers: tuple[Holder, ...], audience: Audience) -> frozenset[naming.Name]:
    """Return of which reports an audience must have heard before it may see a statement."""
    if said is None or any(one.delegation == audience.name for one in signers):
        return frozenset()
    return naming.named_by(said.statement.kind, said.body)


def _labelled_for(audience: Audience, said: Accepted | None) -> bool:
    return said is not None and audience.may_see(label_of(said.statement.label))


def _line(place: _Place, said: Accepted | None, signers: tuple[Holder, ...], *, seen: bool) -> Line:
    entry = place.entry
    if said is None:
        return Line(entry.seq, entry.at, place.hidden or Shown.LOST)
    governs = said.statement.kind in kinds.KINDS.lasting
    if not seen and not governs:
        return Line(entry.seq, entry.at, Shown.NOT_TO_YOU)
    about = said.body.get("entry") if governs else None
    return Line(
        entry.seq,
        entry.at,
        Shown.WHOLE if seen else Shown.KIND,
        said.statement.kind,
        signers,
        _names(said) if seen else "",
        about if isinstance(about, int) else None,
    )


def _names(said: Accepted) -> str:
    """Return in a few words which thing a statement is about."""
    body, kind = said.body, said.statement.kind
    if kind in kinds.NAMED:
        rev = f" rev {body['rev']}" if body.get("rev", 1) != 1 else ""
        return " ".join(str(body[name]) for name in ("id", "kind") if body.get(name)) + rev
    if kind == kinds.AGREEMENT:
        return str(body.get("digest"))[:16]
    if kind == "key.revoke":
        return f"key {str(body.get('key'))[:16]}"
    return " ".join(_word(body[name]) for name in _TELLING.get(kind, ()) if name in body)


_TELLING = {
    kinds.TEXT: ("name", "language"),
    kinds.SOURCE: ("name",),
    kinds.RULING: ("source", "word", "means"),
    kinds.LINK: ("reports",),
    kinds.VERIFY: ("incident",),
    kinds.TRIAGE: ("does", "report", "of"),
    kinds.NOTE: ("watch",),
    kinds.HANDOVER: ("out", "in"),
    "key.certify": ("delegation", "role"),
}
"""By which of its words a statement of each kind is told from others."""


def _word(value: object) -> str:
    return " ".join(str(one) for one in value) if isinstance(value, list) else str(value)


# ---- one entry -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proven:
    """An entry as strangers can check it: its leaf and the proof of it; opened, its envelope and its salt as well."""

    proof: bytes
    leaf: bytes
    statement: bytes | None = None
    salt: bytes | None = None


def prove(mission: Mission, seq: int) -> Proven:
    """Return the leaf of an entry, and the proof of it under the newest head. Raises Refused."""
    head = head_of(mission).checkpoint.head
    entry = _entry(mission, seq, head)
    try:
        return Proven(bytes(mission.journal.proof(seq)), entry.sealed.leaf)
    except (LookupError, MalformedError) as error:
        raise refused(mission, f"entry {seq} cannot be proven: {error}", FSCK) from None


def open_to(mission: Mission, audience: Audience, seq: int, *, known: Known = naming.shown) -> Proven:
    """Return an entry proven, with its statement and its salt. Raises Refused if the audience may not see it."""
    found = prove(mission, seq)
    seen = line(mission, audience, seq, known=known)
    if seen.shown is not Shown.WHOLE:
        what = _IS.get(seen.shown, f"is not for '{audience.name}'")
        raise refused(
            mission, f"entry {seq} {what}", "leave --open out: its place in the record can be proven to anybody"
        )
    entry = _entry(mission, seq, None)
    secret = mission.journal.store.secrets([found.leaf])[found.leaf]
    return Proven(found.proof, found.leaf, entry.sealed.open(secret), salt_of(secret))


_IS = {Shown.SEALED: "is sealed", Shown.REDACTED: "was redacted", Shown.LOST: Shown.LOST.value}


def _entry(mission: Mission, seq: int, head: Head | None) -> Entry:
    found = list(mission.journal.store.entries(seq, seq + 1))
    if not found or (head is not None and seq >= head.size):
        size = mission.journal.store.size() if head is None else head.size
        raise refused(mission, f"there is no entry {seq}: the record has {size:,}", "count from 0")
    return found[0]
