"""`truce sources`, `rulings`, `rule`, `incidents`, `incident`, `pairs`, `merge`, `split`, `verify-fact`."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trucekeeper.cli.files import MissionPath, PassphraseFile, refuse
from trucekeeper.cli.missions import ByOne, Why, opened, private, put
from trucekeeper.cli.publishing import asker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trucekeeper.mission.mission import Mission
    from trucekeeper.mission.reported import Reported

Key = Annotated[Path | None, typer.Option("--key", envvar="TRUCE_KEY", help="Ask for the delegation of this key")]
For = Annotated[str | None, typer.Option("--audience", help="Only what may be released to this delegation")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Write CSV")]
Incident = Annotated[str, typer.Argument(metavar="ID", help="An incident, as i-412")]


# ---- sources and their words ---------------------------------------------------------------------------------------


def sources(
    mission: MissionPath,
    *,
    key: Key = None,
    audience: For = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the sources of a mission, what is held of them, and how many of their reports count."""
    from trucekeeper.mission.listing import sources_of

    with _reading(mission, key, audience) as found:
        _show(sources_of(found), as_json=as_json, as_csv=as_csv, none="no source has entered anything yet")


def rulings(
    mission: MissionPath,
    *,
    key: Key = None,
    audience: For = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List what reports wait for: a word that needs a ruling, or (sort `about`) a report to which they add."""
    from trucekeeper.mission.listing import rulings_needed

    with _reading(mission, key, audience) as found:
        _show(rulings_needed(found), as_json=as_json, as_csv=as_csv, none="no report waits for a ruling")


def rule(
    mission: MissionPath,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE SORT WORD MEANS]", help="One ruling; '-' means nothing")
    ] = None,
    *,
    by: ByOne,
    file: Annotated[
        Path | None, typer.Option("--file", help="Many: the CSV of `truce rulings --csv`, its last column filled in")
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Say what a source's word means; the reports that wait for it then count."""
    from trucekeeper.mission.kinds import RULING
    from trucekeeper.mission.listing import ruling, rulings_in

    with opened(mission, passphrase_file) as found:
        if (file is None) == (words is None):
            refuse("truce rule", "it takes one ruling, or a file of them", "SOURCE SORT WORD MEANS, or --file FILE")
        if file is not None:
            bodies = rulings_in(file, found, asker(found, by, None).name)
        elif words is not None and len(words) == len(_RULING):
            bodies = [ruling(dict(zip(_RULING, words, strict=True)), found, asker(found, by, None).name)]
        else:
            refuse("truce rule", f"a ruling has four words, and not {len(words or ())}", "SOURCE SORT WORD MEANS")
        key = private(by, passphrase_file)
        put(found, [found.said(RULING, body, by=[key]) for body in bodies], "the ruling")


_RULING = ("source", "sort", "word", "means")


@contextmanager
def _reading(path: Path, key: Path | None, audience: str | None) -> Iterator[Reported]:
    """Yield what may be released of the reports on record to whoever asks: of a key's delegation, or a named one."""
    with opened(path, None) as found:
        yield found.reported(asker(found, key, audience))


def _for(mission: Mission, by: Path) -> Reported:
    """Return what may be released to the delegation that signs."""
    return mission.reported(asker(mission, by, None))


def _show(rows: Sequence[dict[str, Any]], *, as_json: bool, as_csv: bool, none: str) -> None:
    from rich.markup import escape
    from rich.table import Table

    from trucekeeper.cli import tables
    from trucekeeper.terms.texts import fit

    form = tables.form(as_json=as_json, as_csv=as_csv)
    if form is tables.Form.JSON:
        tables.show_json(rows)
    elif form is tables.Form.CSV:
        tables.show_csv(rows)
    elif not rows:
        print(none)
    else:
        table = Table(*(name.replace("_", " ") for name in rows[0]), box=None)
        for row in rows:
            table.add_row(*(escape(fit(str(value))) for value in row.values()))
        tables.console().print(table)


def forms(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR|MISSION", help="A folder with an agreement, or a mission")
    ],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Write the workbooks here")],
) -> None:
    """Write the five forms for the field (XLSForm), with the zones, actors and counts of an agreement."""
    from trucekeeper.cli.files import write
    from trucekeeper.intake.odk.forms import FORMS, lists_of, workbook
    from trucekeeper.mission.folder import open_agreement
    from trucekeeper.mission.settings import is_mission

    if is_mission(directory):
        with opened(directory, None) as found:
            agreement = found.agreement(found.adopted())
    else:
        agreement = open_agreement(directory)
    output.mkdir(parents=True, exist_ok=True)
    for name in FORMS:
        write(output / f"{name}.xlsx", workbook(name, lists_of(agreement)))
        print(output / f"{name}.xlsx")


# ---- incidents -----------------------------------------------------------------------------------------------------


def incidents(
    mission: MissionPath,
    *,
    near: Annotated[str | None, typer.Option("--near", metavar="LAT,LON,METRES", help="Only hereabouts")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Only what may have happened since")] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="Only what may lie in this zone")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only of this kind, or a sort of it")] = None,
    key: Key = None,
    audience: For = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_geojson: Annotated[bool, typer.Option("--geojson", help="Write GeoJSON")] = False,
) -> None:
    """List the incidents that the reports on record make."""
    from trucekeeper.cli import tables
    from trucekeeper.mission.listing import Wanted, as_features, incidents_of

    with _reading(mission, key, audience) as found:
        wanted = Wanted.of(found.agreement, near=near, since=since, zone=zone, kind=kind)
        rows = incidents_of(found, wanted)
        if as_geojson:
            tables.show_json(as_features(found, rows))
            return
        _show(rows, as_json=as_json, as_csv=as_csv, none="no incident")
        if not as_json and not as_csv:
            print(f"{len(rows):,} incidents of {sum(int(one['reports']) for one in rows):,} reports")


def incident(
    mission: MissionPath,
    name: Incident,
    *,
    key: Key = None,
    audience: For = None,
    as_json: AsJson = False,
) -> None:
    """Show one incident: its reports, where they began, why they are one, and what it did to the standing."""
    from trucekeeper.cli import tables
    from trucekeeper.mission.listing import incident_of

    with opened(mission, None) as found:
        shown = incident_of(found, asker(found, key, audience), name)
    if as_json:
        tables.show_json(shown)
        return
    _print_incident(shown)


def _print_incident(shown: Mapping[str, Any]) -> None:
    from rich.markup import escape
    from rich.tree import Tree

    from trucekeeper.cli import tables

    tree = Tree(escape(f"{shown['id']}: {shown['says']}"))
    for title in ("fact", "reports", "origins", "joined", "standing"):
        branch = tree.add(title)
        for line in shown[title]:
            branch.add(escape(line))
    tables.console().print(tree)


# ---- what people decide --------------------------------------------------------------------------------------------


def pairs(
    mission: MissionPath,
    *,
    by: Annotated[Path | None, typer.Option("--by", metavar="KEY", help="Decide: y, n or skip for each")] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="So many at most")] = 20,
    key: Key = None,
    audience: For = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """List the pairs of reports of which it is least clear whether they are of one incident, and decide them."""
    from trucekeeper.mission.listing import pairs_of

    with _reading(mission, key or by, audience) as found:
        rows = pairs_of(found, most)
    if by is None or as_json or as_csv:
        _show(rows, as_json=as_json, as_csv=as_csv, none="nothing is in doubt")
        return
    with opened(mission, passphrase_file) as open_:
        _decide(open_, rows, by, passphrase_file)


def _decide(mission: Mission, rows: Sequence[dict[str, Any]], by: Path, passphrase_file: Path | None) -> None:
    from trucekeeper.mission.kinds import LINK
    from trucekeeper.mission.listing import link

    signing = private(by, passphrase_file)
    for row in rows:
        for name, value in row.items():
            print(f"{name:>10}  {value}")
        answer = typer.prompt("one incident? y, n or skip", default="skip")
        if answer in {"y", "n"}:
            body = link(str(row["one"]), str(row["other"]), same=answer == "y", why="reviewed")
            put(mission, [mission.said(LINK, body, by=[signing])], "the decision")


def fit(
    mission: MissionPath,
    *,
    by: ByOne,
    from_all: Annotated[
        bool, typer.Option("--from-ours", help="Learn from all that the key's delegation may see, and tell it alone")
    ] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Learn from the reports on record by which weights two are taken for one event, and put that on record."""
    from trucekeeper.journal.keys import PUBLIC
    from trucekeeper.mission.kinds import MODEL

    with opened(mission, passphrase_file) as found:
        signing = private(by, passphrase_file)
        who = asker(found, by, None if from_all else PUBLIC)
        reported = found.reported(who)
        model = reported.fitted()
        incidents, others = reported.changed_by(model)
        label: dict[str, Any] = {"owner": who.name} if from_all else {}
        put(found, [found.said(MODEL, found.keep_model(model), by=[signing], label=label)], "the model")
        print(f"learned from {len(reported.reports):,} reports; {others:,} of {incidents:,} incidents are others now")


def merge(
    mission: MissionPath,
    names: Annotated[list[str], typer.Argument(metavar="ID ID...", help="Incidents, as i-412")],
    *,
    by: ByOne,
    why: Why,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Have incidents be one: the oldest name stays, the others lead to it."""
    from trucekeeper.mission.kinds import LINK
    from trucekeeper.mission.listing import first_reports, link

    with opened(mission, passphrase_file) as found:
        signing = private(by, passphrase_file)
        first, *others = first_reports(_for(found, by), names)
        bodies = [link(first, one, same=True, why=why) for one in others]
        put(found, [found.said(LINK, body, by=[signing]) for body in bodies], "the merge")


def split(
    mission: MissionPath,
    name: Incident,
    reports: Annotated[list[str], typer.Argument(metavar="REPORT...", help="Which are of another event, as ucdp/17")],
    *,
    by: ByOne,
    why: Why,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Have some reports of an incident be of another event than the others."""
    from trucekeeper.mission.kinds import LINK
    from trucekeeper.mission.listing import link, parted

    with opened(mission, passphrase_file) as found:
        signing = private(by, passphrase_file)
        several = parted(_for(found, by), name, reports)
        bodies = [link(one, other, same=False, why=why) for one, other in several]
        put(found, [found.said(LINK, body, by=[signing]) for body in bodies], "the split")


def verify_fact(
    mission: MissionPath,
    name: Annotated[str, typer.Argument(metavar="ID", help="An incident, as i-412")],
    *,
    by: ByOne,
    why: Why,
    occurred: Annotated[
        str, typer.Option("--occurred", help="verified, corroborated, alleged or refuted")
    ] = "verified",
    who: Annotated[str | None, typer.Option("--who", help="The same of its author; absent: nothing is said")] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Say how far an incident, having been looked into, is established."""
    from trucekeeper.mission.kinds import VERIFY
    from trucekeeper.mission.listing import verification

    with opened(mission, passphrase_file) as found:
        signing = private(by, passphrase_file)
        body = verification(_for(found, by), name, occurred=occurred, who=who, why=why)
        put(found, [found.said(VERIFY, body, by=[signing])], "the verification")
