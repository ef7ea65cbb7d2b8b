"""What a person typed, as a question. Here is the command's clock."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NoReturn

from trucekeeper.agreement.phrases import PhraseError, moment_in
from trucekeeper.agreement.rows import shown
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.standing import Question
from trucekeeper.journal.keys import PUBLIC
from trucekeeper.mission import open_folder
from trucekeeper.mission.key_files import read_public
from trucekeeper.mission.mission import Mission
from trucekeeper.mission.settings import is_mission
from trucekeeper.terms import Fault, Moment, Proof, Refused
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import moment_of
from trucekeeper.terms.texts import unfit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trucekeeper.compliance.grounds import Stand
    from trucekeeper.mission import Folder

LEVELS = ("alleged", "corroborated", "verified")


def now() -> Moment:
    """Return the moment it is."""
    return moment_of(datetime.now(tz=UTC))


@dataclass(frozen=True, slots=True)
class Words:
    """A question as it was typed."""

    as_of: str | None
    known_at: str | None
    proof: str
    audience: str | None
    key: Path | None = None
    as_reported: bool = False


def opened(path: Path, facts: Sequence[Path] | None, words: Words, *, strict: bool) -> tuple[Folder, Question]:
    """Return what is asked, and the folder or mission that it is asked of. Raises Refused.

    `strict` refuses it if a fact is faulty. Of a folder its holder asks, who sees all; of a mission the delegation of
    a key, or a named audience, or else the public.
    """
    asked = _question(words)
    folder = open_folder(path, facts or []) if not is_mission(path) else None
    if folder is None:
        folder, asked = _of_mission(path, facts or [], words, asked)
    elif words.as_reported or words.key is not None:
        option = "--as-reported" if words.as_reported else "--key"
        raise Refused([Fault(option, 0, 0, f"{path} is a folder, not a mission", "leave the option out")])
    if strict and folder.faults:
        raise Refused(list(folder.faults))
    return folder, asked


def _of_mission(path: Path, facts: Sequence[Path], words: Words, asked: Question) -> tuple[Folder, Question]:
    if facts:
        what = "a mission has its facts on record, and takes none beside them"
        raise Refused([Fault(str(facts[0]), 0, 0, what, f"truce enter {path} facts {facts[0]} --by KEY")])
    with Mission.open(path, clock=now, signer=_nobody) as mission:
        audience = Audience(
            who_asks(mission, words.key, words.audience), asked.as_of if words.as_of is None else now()
        )
        if words.known_at is None and not words.as_reported:
            asked = replace(asked, known_at=max(asked.known_at, mission.last_at()))
        asked = replace(asked, audience=audience)
        known_at = None if words.known_at is None else asked.known_at
        for name in mission.unused():
            print(f"{name} lies beside the mission and is not used: what counts is on record", file=sys.stderr)
        return mission.folder(audience, known_at=known_at, as_reported=words.as_reported), asked


def _nobody(_: object) -> NoReturn:
    raise RuntimeError("bug: who asks does not keep")


def who_asks(mission: Mission, key: Path | None, audience: str | None) -> str:
    """Return for whom is asked: the delegation of a key, or a named one, or else the public.

    Raises Refused for one that the mission does not have.
    """
    delegations = mission.delegations()
    if key is not None and audience is None:
        holder = delegations.get(sha256(read_public(key).public).hexdigest())
        if holder is None:
            raise Refused([Fault(str(key), 0, 0, "this key is not certified in the mission", "ask a root")])
        return holder
    if audience is None:
        return PUBLIC
    known = {*delegations.values(), PUBLIC}
    if audience not in known:
        what = f"{shown(audience)} is no delegation of the mission"
        raise Refused([Fault("--audience", 0, 0, what, suggestion(audience, known))])
    return audience


def _question(words: Words) -> Question:
    """Return what is asked. Raises Refused with every option that is wrong."""
    faults: list[Fault] = []
    today = now()
    when = _moment("--as-of", words.as_of, today, faults)
    known = _moment("--known-at", words.known_at, today, faults)
    proof, audience = words.proof, words.audience
    if proof not in LEVELS:
        faults.append(Fault("--proof", 0, 0, f"{shown(proof)} is no level of proof", suggestion(proof, LEVELS)))
    if audience is not None and (not audience.strip() or unfit(audience)):
        faults.append(Fault("--audience", 0, 0, f"{shown(audience)} is no name", "name a delegation, as north"))
    if faults:
        raise Refused(faults)
    who = None if audience is None else Audience(audience, today)
    return Question(as_of=when, known_at=known, proof=Proof.named(proof), audience=who)


def two_questions(known_at: list[str], as_of: str | None, asked: Question) -> tuple[Question, Question]:
    """Return a question put at two states of knowledge, as of the first of them unless `as_of` is given.

    Raises Refused.
    """
    if len(known_at) != 2:  # noqa: PLR2004  before and after
        times = "once" if len(known_at) == 1 else f"{len(known_at)} times"
        raise Refused([Fault("--known-at", 0, 0, f"given {times}", "give it twice: --known-at A --known-at B")])
    faults: list[Fault] = []
    first, second = (_moment("--known-at", one, asked.known_at, faults) for one in known_at)
    if faults:
        raise Refused(faults)
    moment = first if as_of is None else asked.as_of
    return replace(asked, as_of=moment, known_at=first), replace(asked, as_of=moment, known_at=second)


def known_clause(folder: Folder, name: str, *, option: str) -> str:
    """Return the clause's id. Raises Refused, with the nearest ones, for an unknown one."""
    if name not in folder.agreement.clauses:
        near = suggestion(name, folder.agreement.clauses)
        raise Refused([Fault(option, 0, 0, f"there is no clause {shown(name)}", near)])
    return name


def known_stands(folder: Folder, asked: Question, clause: str, key: str) -> tuple[Stand, ...]:
    """Return where the commitments of a clause stand whose keys begin so, or that are for such an occurrence.

    Raises Refused if there is none.
    """
    stands = folder.why(clause, asked, key=key or None)
    if key and not stands:
        keys = suggestion(key, {stand.key for stand in folder.why(clause, asked)})
        raise Refused([Fault("KEY", 0, 0, f"no commitment of '{clause}' has a key that begins {shown(key)}", keys)])
    return stands


def _moment(option: str, text: str | None, default: Moment, faults: list[Fault]) -> Moment:
    """Return the moment that an option names; the default, with a fault added, if it names none."""
    if text is None:
        return default
    try:
        return moment_in(text)
    except PhraseError as error:
        faults.append(Fault(option, 0, 0, error.what, error.remedy))
    return default
