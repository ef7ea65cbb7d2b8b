"""`truce`: the verbs. Exit codes: 0 well; 1 something is contrary at the asked level; 2 bad input."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trucekeeper.cli import backups, drill, missions, publishing, record, redaction, reports, room

if TYPE_CHECKING:
    from trucekeeper.mission import Folder
    from trucekeeper.terms import Refused

app = typer.Typer(
    name="truce",
    help="What was promised, and where it stands.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="Folder with agreement.yaml, zones.geojson, facts*.*")]
Asked = Annotated[Path, typer.Argument(metavar="DIR|MISSION", help="Such a folder, or a mission")]
AsReported = Annotated[bool, typer.Option("--as-reported", help="Known when the source knew it, not when entered")]
Key = Annotated[Path | None, typer.Option("--key", envvar="TRUCE_KEY", help="Ask for the delegation of this key")]
MoreFacts = Annotated[list[Path] | None, typer.Option("--facts", help="A further facts file (repeatable)")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Where things stood then; default now")]
KnownAt = Annotated[str | None, typer.Option("--known-at", help="As was then known; default as now known")]
AtProof = Annotated[str, typer.Option("--proof", help="alleged, corroborated or verified")]
For = Annotated[str | None, typer.Option("--audience", help="Only what may be released to this delegation")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Write CSV")]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse all facts if one row is faulty")]


def main() -> None:
    """Run the command; say what is wrong with what was given, and exit 2."""
    import zoneinfo

    zoneinfo.reset_tzpath(())  # the pinned tz database, not whatever this machine has: one file, one deadline
    try:
        app()
    except SystemExit:
        raise
    except _refused() as refused:
        _tell(refused.faults)
        raise SystemExit(2) from None


def _refused() -> type[Refused]:
    """Return what is raised for bad input, which nobody has to import for whom all is well."""
    from trucekeeper.terms import Refused

    return Refused


def _tell(faults: tuple[object, ...]) -> None:
    from trucekeeper.terms.texts import fit

    for fault in faults:
        # A name of a file, or a word on the command line, may hold what would write over the terminal.
        print(fit(str(fault)), file=sys.stderr)
    print(f"{len(faults)} fault" + ("" if len(faults) == 1 else "s"), file=sys.stderr)


def _open(directory: Path) -> Folder:
    from trucekeeper.mission import open_folder

    return open_folder(directory)


def _finish(folder: Folder, *, contrary: bool = False) -> None:
    """Exit 2 if rows were set aside, else 1 if something is contrary."""
    if folder.faults:
        _tell(folder.faults)
        print("what is listed above was set aside; all else was used", file=sys.stderr)
        raise typer.Exit(2)
    if contrary:
        raise typer.Exit(1)


@app.command()
def check(
    directory: Directory,
    *,
    plan: Annotated[bool, typer.Option("--plan", help="Show how each clause will be executed, and why")] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Check an agreement, its zones and its facts; list every fault."""
    from trucekeeper.cli import tables

    folder = _open(directory)
    tables.show_check(folder, plan=plan, form=tables.form(as_json=as_json, as_csv=as_csv))
    _finish(folder)


@app.command()
def read(directory: Directory, *, as_json: AsJson = False) -> None:
    """Read an agreement back as numbered plain sentences."""
    from trucekeeper.cli import tables

    tables.show_sentences(_open(directory), form=tables.form(as_json=as_json, as_csv=False))


@app.command()
def schema() -> None:
    """Write the JSON Schema of agreement.yaml, for editors."""
    import json

    from trucekeeper.agreement.schema import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def standing(
    directory: Asked,
    *,
    facts: MoreFacts = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    proof: AtProof = "corroborated",
    audience: For = None,
    key: Key = None,
    as_reported: AsReported = False,
    clause: Annotated[str | None, typer.Option("--clause", help="Only this clause")] = None,
    strict: Strict = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show where every promise stood, as of a moment, as known at a moment."""
    from trucekeeper.cli import tables
    from trucekeeper.cli.asking import Words, known_clause, opened
    from trucekeeper.terms import Verdict

    words = Words(as_of, known_at, proof, audience, key, as_reported=as_reported)
    folder, asked = opened(directory, facts, words, strict=strict)
    if clause is not None:
        clause = known_clause(folder, clause, option="--clause")
    found = folder.standing(asked, clause=clause)
    tables.show_standing(folder, found, form=tables.form(as_json=as_json, as_csv=as_csv))
    _finish(folder, contrary=any(stand.verdict is Verdict.CONTRARY for stand in found.stands))


@app.command()
def why(
    directory: Asked,
    clause: Annotated[str, typer.Argument(metavar="CLAUSE[/KEY]", help="A clause, or one commitment of it")],
    *,
    facts: MoreFacts = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    proof: AtProof = "corroborated",
    audience: For = None,
    key: Key = None,
    as_reported: AsReported = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Explain a verdict down to the facts it rests on, and an absence down to who was watching."""
    from trucekeeper.cli import tables
    from trucekeeper.cli.asking import Words, known_clause, known_stands, opened
    from trucekeeper.terms import Verdict

    words = Words(as_of, known_at, proof, audience, key, as_reported=as_reported)
    folder, asked = opened(directory, facts, words, strict=strict)
    name, _, commitment = clause.partition("/")
    name = known_clause(folder, name, option="CLAUSE")
    stands = known_stands(folder, asked, name, commitment)
    tables.show_why(folder, asked, name, stands, form=tables.form(as_json=as_json, as_csv=False))
    _finish(folder, contrary=any(stand.verdict is Verdict.CONTRARY for stand in stands))


@app.command()
def batch(
    directory: Directory,
    facts: Annotated[Path, typer.Argument(metavar="FACTS.parquet", help="Facts by the million, as columns")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="VERDICTS.parquet", help="Where verdicts go")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    proof: AtProof = "corroborated",
    audience: For = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Read by so many processes")] = 1,
    strict: Strict = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Judge every promise by a table of facts, however long; write where each stood as rows."""
    from trucekeeper.cli import tables
    from trucekeeper.cli.asking import Words, opened
    from trucekeeper.cli.progress import progress
    from trucekeeper.mission.batch import batch as judge
    from trucekeeper.terms import Refused, Verdict

    folder, asked = opened(directory, None, Words(as_of, known_at, proof, audience), strict=strict)
    with progress("reading facts") as told:
        found = judge(folder, facts, asked, output, workers=workers, told=told)
    if strict and found.faults:
        output.unlink()
        raise Refused(list(found.faults))
    tables.show_batch(found, output, form=tables.form(as_json=as_json, as_csv=as_csv))
    together = replace(folder, faults=tuple(sorted({*folder.faults, *found.faults})))
    _finish(together, contrary=found.written.verdicts[Verdict.CONTRARY] > 0)


@app.command()
def replay(
    directory: Asked,
    *,
    facts: MoreFacts = None,
    proof: AtProof = "corroborated",
    audience: For = None,
    key: Key = None,
    as_reported: AsReported = False,
    strict: Strict = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Take the facts in the order in which they became known; show each change of standing."""
    from trucekeeper.cli import tables
    from trucekeeper.cli.asking import Words, opened

    words = Words(None, None, proof, audience, key, as_reported=as_reported)
    folder, asked = opened(directory, facts, words, strict=strict)
    tables.show_replay(folder, asked, form=tables.form(as_json=as_json, as_csv=as_csv))
    _finish(folder)


@app.command()
def compare(
    directory: Asked,
    *,
    known_at: Annotated[list[str], typer.Option("--known-at", help="Give it twice: earlier and later knowledge")],
    as_of: AsOf = None,
    facts: MoreFacts = None,
    proof: AtProof = "corroborated",
    audience: For = None,
    key: Key = None,
    as_reported: AsReported = False,
    strict: Strict = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show what later knowledge changed. Without --as-of both are taken as of the earlier moment."""
    from trucekeeper.cli import tables
    from trucekeeper.cli.asking import Words, opened, two_questions

    words = Words(as_of, None, proof, audience, key, as_reported=as_reported)
    folder, asked = opened(directory, facts, words, strict=strict)
    earlier, later = two_questions(known_at, as_of, asked)
    found = folder.compare(earlier, later)
    tables.show_changes(folder, earlier, later, found, form=tables.form(as_json=as_json, as_csv=as_csv))
    _finish(folder)


app.command()(room.demo)
app.command()(room.serve)
app.command()(drill.drill)
app.command()(drill.score)
app.command("open")(missions.open_mission)
app.command()(missions.enter)
app.command()(missions.amend)
app.command()(missions.keep)
app.command()(missions.rebuild)
app.command()(reports.sources)
app.command()(reports.rulings)
app.command()(reports.rule)
app.command()(reports.forms)
app.command()(reports.incidents)
app.command()(reports.incident)
app.command()(reports.pairs)
app.command()(reports.fit)
app.command()(reports.merge)
app.command()(reports.split)
app.command("verify-fact")(reports.verify_fact)
app.command()(redaction.seal)
app.command("object")(redaction.object_to)
app.command()(redaction.redact)
app.command()(backups.backup)
app.command()(backups.restore)
app.command()(backups.resume)
app.command()(record.verify)
app.command()(record.fork)
app.command()(publishing.prove)
app.command()(publishing.policy)
app.command()(publishing.fsck)
app.add_typer(publishing.log, name="log")
app.add_typer(record.key, name="key")
app.add_typer(record.witness, name="witness")
