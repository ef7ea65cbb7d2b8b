"""Founding a mission: a folder, a key for its log, the statement that its roots sign, and the agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.journal.charter import FOUND
from trucekeeper.ledger.lines import base64
from trucekeeper.mission.kinds import AGREEMENT
from trucekeeper.mission.mission import Mission, Receipt, at, refusal
from trucekeeper.mission.settings import MISSION, Settings
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.journal.statements import Body
    from trucekeeper.ledger.notes import Signer
    from trucekeeper.mission.adopting import Draft

OBJECTION_HOURS = 72
"""Three days, in which every delegation can reach its capital."""


def found(
    settings: Settings,
    draft: Draft,
    roots: Sequence[PrivateKey],
    *,
    objection_hours: int,
    clock: Callable[[], int],
    signer: Callable[[], Signer],
) -> list[Receipt]:
    """Found a mission with an agreement, and return the receipts. Raises Refused; what is there is left as it is."""
    folder = settings.folder
    make_folder(folder)
    with at(settings, clock=clock, signer=signer) as mission:
        if mission.journal.store.size():
            raise Refused([Fault(str(folder), 0, 0, "this database holds a mission already", "name an empty one")])
        receipts = mission.enter(_founding(mission, draft, roots, objection_hours))
        for one in receipts:
            if one.refused is not None:
                raise refusal(one, str(folder))
    (folder / MISSION).write_text(str(settings))
    return receipts


def make_folder(folder: Path) -> None:
    """Make the folder of a new mission. Raises Refused if something is in it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = next(folder.iterdir(), None)
    except OSError as error:
        raise Refused([Fault(str(folder), 0, 0, f"cannot be made: {error.strerror}", "name a new folder")]) from None
    if there is not None:
        what = f"it is not empty: it has {there.name}"
        raise Refused([Fault(str(folder), 0, 0, what, "a mission begins in a new folder: name another")])


def _founding(mission: Mission, draft: Draft, roots: Sequence[PrivateKey], objection_hours: int) -> list[bytes]:
    said: Body = {
        "origin": mission.settings.origin,
        "roots": [base64(one.public.raw) for one in roots],
        "log": mission.settings.log.vkey,
        "objection_hours": objection_hours,
    }
    return [
        mission.said(FOUND, said, by=roots),
        mission.said(AGREEMENT, draft.keep(mission.evidence, ""), by=roots),
    ]
