"""`truce log`, `log export`, `prove`, `policy`, `fsck`: what a mission gives out of its record."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from trucekeeper.cli.files import LAST, MissionPath, Number, refuse, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.compliance.knowledge import Audience
    from trucekeeper.mission.mission import Mission
    from trucekeeper.mission.publishing import HeadShown, Line

Key = Annotated[Path | None, typer.Option("--key", envvar="TRUCE_KEY", help="Ask for the delegation of this key")]
For = Annotated[str | None, typer.Option("--audience", help="Only what may be released to this delegation")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Write CSV")]
SHOW = "show"


class _ShowsUnlessTold(TyperGroup):
    """`truce log MISSION` is `truce log show MISSION`. A mission in a folder `export` is given as `./export`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  typer's own copy of click
        """Put the word in that is left out."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [SHOW, *args]
        return list(super().parse_args(ctx, args))


log = typer.Typer(
    cls=_ShowsUnlessTold,
    help="Show the head of a mission's record and its last entries, or export all of it.",
    no_args_is_help=True,
)


@log.command(SHOW)
def show(
    mission: MissionPath,
    *,
    tail: Annotated[int, typer.Option("--tail", min=0, help="So many of the last entries")] = 20,
    key: Key = None,
    audience: For = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show the head of a record, who cosigned it, and its last entries (`truce log MISSION`)."""
    from trucekeeper.cli import tables
    from trucekeeper.mission.publishing import head_of, lines

    form = tables.form(as_json=as_json, as_csv=as_csv)
    with _reading(mission) as found:
        head = head_of(found)
        size = found.journal.store.size()
        shown = lines(found, asker(found, key, audience), max(0, size - tail), size)
        if form is tables.Form.JSON:
            tables.show_json({**_head_json(found, head), "entries": [_row(one) for one in shown]})
        elif form is tables.Form.CSV:
            tables.show_csv([_flat(one) for one in shown])
        else:
            _print_head(found, head)
            _print_lines(shown)


@log.command("export")
def export(
    mission: MissionPath,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or one with an earlier export")],
    *,
    every: Annotated[int, typer.Option("--every", min=0, help="Also a head of each so many entries")] = 0,
    entry: Annotated[
        list[int] | None, typer.Option("--entry", min=0, max=LAST, help="Prove it there (repeatable)")
    ] = None,
) -> None:
    """Write the log as a folder that strangers can check; into an earlier export, what is new."""
    from trucekeeper.cli.progress import progress
    from trucekeeper.ledger.lines import base64
    from trucekeeper.mission import exporting

    with _reading(mission) as found:
        if folder.resolve().is_relative_to(found.settings.folder.resolve()):
            refuse(folder, "it would lie in the mission, and be copied with it", "name a folder elsewhere")
        with progress("exporting entries") as told:
            done = exporting.export(found, folder, every=every, entries=entry or [], told=told)
        head = done.head.checkpoint.head
        print(f"{found.settings.origin}: {head.size:,} entries, root {base64(head.root)}")
        print(f"{done.files:,} files written; heads of {', '.join(f'{size:,}' for size in done.heads)} entries")
        _warn(done.head)


def prove(
    mission: MissionPath,
    number: Number,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Default: N.tlog-proof, here")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Also what was said, if the asker may see it")] = False,
    key: Key = None,
    audience: For = None,
) -> None:
    """Write the proof that an entry is in the log, with its leaf beside it; --open, its statement and salt, too."""
    from trucekeeper.journal.sealing import write_salt
    from trucekeeper.mission.publishing import head_of, open_to
    from trucekeeper.mission.publishing import prove as prove_entry

    path = output or Path(f"{number}.tlog-proof")
    beside = {name: path.with_suffix(f".{name}") for name in ("entry", "statement", "salt")}
    if path in beside.values():
        refuse(path, "its name is that of what will lie beside the proof", "such as 17.tlog-proof")
    with _reading(mission) as found:
        head = head_of(found)
        who = asker(found, key, audience)
        proven = open_to(found, who, number) if open_ else prove_entry(found, number)
    files = {path: proven.proof, beside["entry"]: proven.leaf}
    if proven.statement is not None and proven.salt is not None:
        files |= {beside["statement"]: proven.statement, beside["salt"]: write_salt(proven.salt)}
    for file, data in files.items():
        write(file, data)
        print(file)
    _warn(head)


def policy(
    mission: MissionPath,
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file")] = None,
) -> None:
    """Write whose signatures make this record trusted, for whoever will verify it."""
    from trucekeeper.mission.settings import read_settings

    settings = read_settings(mission)
    write(output, bytes(settings.policy))
    said = "give it to whoever verifies by another way than the record: by hand, face to face, or read it aloud"
    print(said, file=sys.stdout if output else sys.stderr)
    if not settings.quorum:
        print("no witness need cosign: whoever holds the log's key alone is believed", file=sys.stderr)


def fsck(mission: MissionPath, *, as_json: AsJson = False) -> None:
    """Read all of a mission again, against every hash and signature, and name every flaw; change nothing."""
    from dataclasses import asdict

    from trucekeeper.cli import tables
    from trucekeeper.cli.progress import progress
    from trucekeeper.mission import checking
    from trucekeeper.terms.texts import fit

    with progress("checking entries") as told:
        found = checking.check(mission, told)
    if as_json:
        tables.show_json(asdict(found))
        raise typer.Exit(1 if found.flaws else 0)
    print(f"read again: {found.entries:,} entries, {found.heads:,} heads, {found.originals:,} originals")
    for note in found.notes:
        print(fit(f"note: {note}"))
    for flaw in found.flaws:
        print(fit(str(flaw)))
    print(f"{len(found.flaws):,} flaw{'' if len(found.flaws) == 1 else 's'}" if found.flaws else "clean")
    raise typer.Exit(1 if found.flaws else 0)


# ---- what is shown -------------------------------------------------------------------------------------------------


def _print_head(mission: Mission, head: HeadShown) -> None:
    from trucekeeper.ledger.lines import base64

    size, root = head.checkpoint.head.size, base64(head.checkpoint.head.root)
    print(f"{mission.settings.origin}: {size:,} entries, root {root}")
    print(f"cosigned by {', '.join(head.cosigners) or 'nobody'}; {_trust(mission, head)}")


def _trust(mission: Mission, head: HeadShown) -> str:
    if head.untrusted:
        return f"not trusted yet: {head.untrusted}"
    return f"the policy asks for {mission.settings.quorum} of {len(mission.settings.witnesses)}"


def _print_lines(shown: list[Line]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from trucekeeper.cli import tables
    from trucekeeper.terms.texts import fit

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("entry", justify="right")
    for name in ("integrated", "kind", "signed by", "which"):
        table.add_column(name, overflow="fold")
    for one in shown:
        row = _flat(one)
        words = [str(row[name]) for name in ("entry", "integrated", "kind", "signed by", "which")]
        words[2] = words[2] or str(row["shown"])
        if one.about is not None:
            words[4] = f"entry {one.about}"
        table.add_row(*(escape(fit(word)) for word in words))
    if shown:
        tables.console().print(table)


def _row(line: Line) -> dict[str, Any]:
    from trucekeeper.terms.moments import write_moment

    return {
        "entry": line.seq,
        "integrated": write_moment(line.at),
        "shown": line.shown.value,
        "kind": line.kind,
        "signed by": [{"delegation": one.delegation, "role": one.role} for one in line.signers],
        "which": line.names,
        "about": line.about,
    }


def _flat(line: Line) -> dict[str, Any]:
    who = [f"{one.delegation} ({one.role})" if one.delegation else one.role for one in line.signers]
    return {**_row(line), "signed by": ", ".join(sorted(who))}


def _head_json(mission: Mission, head: HeadShown) -> dict[str, Any]:
    from trucekeeper.ledger.lines import base64

    return {
        "origin": mission.settings.origin,
        "size": head.checkpoint.head.size,
        "root": base64(head.checkpoint.head.root),
        "cosigned by": list(head.cosigners),
        "quorum": mission.settings.quorum,
        "not trusted because": head.untrusted or None,
    }


def _warn(head: HeadShown) -> None:
    """Say that whoever verifies this by the mission's policy will not trust it yet."""
    if head.untrusted:
        print(f"not trusted yet by the mission's policy: {head.untrusted}", file=sys.stderr)


# ---- what they share -----------------------------------------------------------------------------------------------


@contextmanager
def _reading(path: Path) -> Iterator[Mission]:
    """Yield a mission whose record is read and not changed."""
    from trucekeeper.cli.asking import now
    from trucekeeper.journal.sealing import NotOpenedError
    from trucekeeper.mission.mission import to_read
    from trucekeeper.mission.publishing import FSCK

    with to_read(path, clock=now) as mission:
        try:
            yield mission
        except NotOpenedError as error:
            refuse(path, str(error), FSCK)


def asker(mission: Mission, key: Path | None, audience: str | None) -> Audience:
    """Return who asks: the delegation of a key, or a named one, or else the public. Rights are today's."""
    from trucekeeper.cli.asking import now, who_asks
    from trucekeeper.compliance.knowledge import Audience

    return Audience(who_asks(mission, key, audience), now())
