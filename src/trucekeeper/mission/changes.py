"""What differs between two standings, commitment by commitment and reading by reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.compliance.changes import shown

if TYPE_CHECKING:
    from trucekeeper.compliance.changes import Shown
    from trucekeeper.compliance.grounds import Stand
    from trucekeeper.compliance.standing import Standing


@dataclass(frozen=True, slots=True)
class Change:
    """One commitment before and after; None where it was not, or is no longer, there."""

    before: Stand | None
    after: Stand | None

    @property
    def stand(self) -> Stand:
        """Return the commitment that changed, as it is after, or was before it went."""
        found = self.after or self.before
        if found is None:
            raise RuntimeError("bug: a change of nothing")
        return found


def changes(before: Standing | None, after: Standing) -> tuple[Change, ...]:
    """Return every commitment of which a person is shown something else, in the order of the text."""
    old = {} if before is None else {_name(stand): stand for stand in before.stands}
    new = {_name(stand): stand for stand in after.stands}
    found = [Change(old.get(name), stand) for name, stand in new.items() if _shown(old.get(name)) != _shown(stand)]
    gone = [Change(stand, None) for name, stand in old.items() if name not in new]
    return (*found, *gone)


def _name(stand: Stand) -> tuple[object, ...]:
    return (stand.key, stand.version, stand.reading)


def _shown(stand: Stand | None) -> Shown | None:
    return None if stand is None else shown(stand, due=stand.due, beside=stand.beside)
