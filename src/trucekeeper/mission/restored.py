"""The mark of a mission that came back from a backup: `restored`, a file in its folder.

    {"hidden":{"17":{"delegation":"south","id":"r-17",...}},"keeps":false,"size":12,"v":1}

While `keeps` is false nobody keeps the mission: others may have seen entries that the backup lacks, and a log that
signs two histories can never be trusted again. `hidden` are entries that were redacted after the backup was made, by
a list from a newer one: their secrets were left out, and this is what is left of them until the record says so again.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from trucekeeper.journal.statements import Body

FILE = "restored"


@dataclass(frozen=True, slots=True)
class Restored:
    """How many entries the backup had, whether the mission may be kept again, and what is left of what is hidden."""

    size: int
    keeps: bool
    hidden: Mapping[int, Body]

    def write(self, folder: Path) -> None:
        """Write the mark, or take it away where it says nothing more."""
        file = folder / FILE
        if self.keeps and not self.hidden:
            file.unlink(missing_ok=True)
            return
        hidden = {str(seq): left for seq, left in sorted(self.hidden.items())}
        half = file.with_suffix(".part")
        said = {"v": 1, "size": self.size, "keeps": self.keeps, "hidden": hidden}
        with half.open("w") as opened:
            opened.write(json.dumps(said, sort_keys=True))
            opened.flush()
            os.fsync(opened.fileno())
        half.replace(file)


def mark_of(folder: Path) -> Restored | None:
    """Return the mark of a mission, None if it never came back from a backup or goes on as before."""
    file = folder / FILE
    try:
        said = json.loads(file.read_text())
        return Restored(
            int(said["size"]), said["keeps"] is True, {int(seq): one for seq, one in said["hidden"].items()}
        )
    except FileNotFoundError:
        return None
    except (ValueError, LookupError, TypeError, AttributeError):
        what = "it does not say what is missing since this mission came back"
        raise Refused([Fault(str(file), 0, 0, what, "take it from a copy, or restore the backup again")]) from None


def hidden_by(folder: Path) -> dict[int, Body]:
    """Return what is left of the entries that a mission must hide although its record does not say so."""
    mark = mark_of(folder)
    return {} if mark is None else dict(mark.hidden)
