"""`truce backup`, `restore` and `resume`: a mission as files, and how it comes back without forgetting to forget."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trucekeeper.cli.files import MissionPath, bytes_of, refuse
from trucekeeper.cli.missions import opened

if TYPE_CHECKING:
    from trucekeeper.mission.restoring import Seen

Heads = Annotated[
    list[Path] | None,
    typer.Option("--seen", metavar="CHECKPOINT", help="The newest head that a witness or mirror has (repeatable)"),
]
Alone = Annotated[bool, typer.Option("--alone", help="Nobody else has seen a newer head: I vouch for it")]
LONELY = (
    "warning: if anybody has seen a newer head, this record now becomes a second history of the log, "
    "and its key can never be trusted again"
)


def backup(
    mission: MissionPath,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder")],
    *,
    force_new: Annotated[
        bool, typer.Option("--force-new", help="If DIR is there, write DIR.2, DIR.3 ... beside it")
    ] = False,
) -> None:
    """Copy a mission, as it is now and while it goes on, into a new folder. No private key is in it."""
    from trucekeeper.mission.backups import VAULT, back_up, free

    with opened(mission, None) as found:
        made = back_up(found, free(folder) if force_new else folder)
    print(f"{made.folder}: {made.size:,} entries, {made.originals:,} originals")
    print(f"keep {made.folder / VAULT} apart: without it nobody can read the rest")
    if made.missing:
        refuse(mission, f"{made.missing} originals are not in its folder", "copy them from where they are")


def restore(
    backup: Annotated[Path, typer.Argument(metavar="BACKUP", help="The folder of a backup")],
    mission: Annotated[Path, typer.Argument(metavar="MISSION", help="A new folder")],
    *,
    postgres: Annotated[str, typer.Option("--postgres", metavar="URL", help="Keep the record there")] = "",
    redacted: Annotated[
        list[Path] | None,
        typer.Option("--redacted", metavar="FILE", help="The file `redacted` of a newer backup (repeatable)"),
    ] = None,
    seen: Heads = None,
    alone: Alone = False,
) -> None:
    """Bring a mission back from a backup; what was redacted since is forgotten again."""
    from trucekeeper.journal.keeper import BehindError
    from trucekeeper.mission.restoring import restore as bring_back

    heads = _seen(seen)
    try:
        came = bring_back(backup, mission.resolve(), postgres=postgres, lists=redacted or [], seen=heads, alone=alone)
    except BehindError as error:
        refuse(backup, str(error), "nothing was restored; to read it only, leave out --seen")
    print(f"{came.settings.origin} is back with {came.size:,} entries")
    if came.forgotten:
        print(f"forgotten again, as redacted after this backup: {came.forgotten} entries; redact them on record too")
    if came.missing:
        print(f"originals that were not in the backup: {came.missing}", file=sys.stderr)
    if came.newest > came.size:
        print(
            f"warning: a list of what was redacted is of {came.newest:,} entries, and this record has {came.size:,}: "
            f"{came.newest - came.size:,} are missing",
            file=sys.stderr,
        )
    _tell_whether_kept(mission, alone=alone)


def resume(mission: MissionPath, *, seen: Heads = None, alone: Alone = False) -> None:
    """Let a restored mission be kept again, once it is shown that nobody has seen more than it has."""
    from trucekeeper.mission.restoring import resume as go_on

    with opened(mission, None) as found:
        go_on(found, _seen(seen), alone=alone)
        folder = found.settings.folder
    _tell_whether_kept(folder, alone=alone)


def _seen(files: list[Path] | None) -> Seen:
    """Return the heads in some files. Raises Refused."""
    from trucekeeper.ledger.lines import MalformedError
    from trucekeeper.ledger.notes import MOST_BYTES, Note
    from trucekeeper.mission.restoring import Seen

    heads: list[Note] = []
    for file in files or []:
        try:
            heads.append(Note.read(bytes_of(file, MOST_BYTES)))
        except MalformedError as error:
            refuse(file, error.wrong, "name a checkpoint, as a witness or a mirror has it")
    return Seen(tuple(heads))


def _tell_whether_kept(folder: Path, *, alone: bool) -> None:
    from trucekeeper.mission.restored import mark_of

    mark = mark_of(folder)
    if mark is not None and not mark.keeps:
        print("it can be read, and signs nothing yet: show the newest heads that others have, from enough witnesses")
        print(
            f"truce resume {folder} asks its witnesses; give it --seen CHECKPOINT ..., or --alone if nobody has any"
        )
        return
    print("it may be kept")
    if alone:
        print(LONELY, file=sys.stderr)
