"""What the verbs show: rich tables on a terminal, plain text elsewhere, JSON and CSV on request."""

from __future__ import annotations

import csv
import json
import os
import sys
from enum import Enum
from typing import TYPE_CHECKING, Any

import tzdata
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from trucekeeper.agreement.language import AnyoneExcept
from trucekeeper.agreement.roles import roles
from trucekeeper.compliance.knowledge import released
from trucekeeper.ledger.lines import base64
from trucekeeper.mission import board
from trucekeeper.mission.cells import cell
from trucekeeper.terms import NEVER, Interval, Moment, Tri, Verdict
from trucekeeper.terms.moments import say_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from trucekeeper.compliance.grounds import Ground, Stand
    from trucekeeper.compliance.standing import Question, Standing
    from trucekeeper.mission import Change, Folder, Line
    from trucekeeper.mission.batch import Batched
    from trucekeeper.mission.folder import OnRecord

STYLES = {
    Verdict.CONSISTENT: "green",
    Verdict.CONTRARY: "bold red",
    Verdict.OPEN: "cyan",
    Verdict.CANNOT_TELL: "yellow",
    Verdict.NOT_IN_FORCE: "dim",
}
MARKS = {Tri.YES: "yes", Tri.MAYBE: "maybe", Tri.NO: "no", None: ""}
SHOWN_FACTS = 8
DUE_SHOWN = 10
SHORTEST, LONGEST = 10, 24
"""How wide the column of the clauses' ids may be."""
WIDE = 118


class Form(Enum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def form(*, as_json: bool, as_csv: bool) -> Form:
    """Return the form asked for; JSON wins over CSV."""
    return Form.JSON if as_json else Form.CSV if as_csv else Form.TEXT


def console() -> Console:
    """Return the console: as wide as the terminal, a fixed width where there is none."""
    return Console(highlight=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDE)


# ---- standing ------------------------------------------------------------------------------------------------------


def show_standing(folder: Folder, standing: Standing, *, form: Form) -> None:
    """Show a standing."""
    if form is Form.JSON:
        show_json(standing_json(folder, standing))
    elif form is Form.CSV:
        show_csv([stand_row(folder, stand) for stand in standing.stands])
    else:
        out = console()
        for words in header(folder, standing.question):
            out.print(escape(words), style="bold" if words == folder.agreement.head.title else "")
        lines = board(standing)
        out.print(standing_table(folder, lines))
        _show_readings(folder, lines, out)
        _show_due_next(folder, standing, out)


def header(folder: Folder, question: Question) -> list[str]:
    """Return the lines that say what was asked: both clocks, the level of proof and the audience."""
    zone = folder.agreement.time_zone
    seen = len(released(folder.facts, question.audience))
    who = "the holder of the folder, who sees all" if question.audience is None else question.audience.name
    return [
        folder.agreement.head.title,
        f"as of {write_moment(question.as_of, zone)}, as known at {write_moment(question.known_at, zone)} ({zone})",
        f"proof: {question.proof.word}; audience: {who}; {seen} fact revisions in the folder",
        *([] if folder.record is None else [_on_record(folder.record)]),
    ]


def _on_record(record: OnRecord) -> str:
    return f"record of {record.size:,} entries, root {base64(record.root)}; agreement {record.agreement}"


def standing_table(folder: Folder, lines: Sequence[Line]) -> Table:
    """Return the board as a table."""
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    longest = max((len(line.clause) for line in lines), default=0)
    clause = min(max(longest, SHORTEST), LONGEST)
    for name, width in (("clause", clause), ("by", 13), ("stands", 26), ("on record", None)):
        table.add_column(name, width=width, overflow="fold")
    for line in lines:
        table.add_row(*_line(folder, line))
    return table


def _line(folder: Folder, line: Line) -> tuple[str, ...]:
    style = STYLES[line.verdict]
    first = line.leading[0]
    state = first.lifecycle.value + (", status only" if first.status_only else "")
    says = [
        _reading_words(line),
        line.counts,
        _record_words(folder, line),
        _due_words(folder, line),
        *(f"beside: {one}" for one in _beside(line)),
    ]
    return (
        escape(line.clause),
        escape(line.by),
        f"[{style}]{line.verdict.value} ({first.proof.word})[/]\n{state}",
        escape("\n".join(word for word in says if word)),
    )


def _reading_words(line: Line) -> str:
    words = [f"if {axis} = {option}" for axis, option in line.reading]
    return ", ".join([*words, *([f"however {' and '.join(line.indifferent)} is read"] if line.indifferent else [])])


def _record_words(folder: Folder, line: Line) -> str:
    first = line.leading[-1] if len(line.stands) > 1 else line.leading[0]
    if first.rests_on:
        measured = "" if _measured(folder, first) else ", not measured"
        return f"rests on: {first.rests_on}{measured}"
    named = f"{first.occurrence or ' '.join(member for _, member in first.binding)}: " if len(line.stands) > 1 else ""
    if first.figure:
        return named + first.figure
    return named + _reason(first)


def _measured(folder: Folder, stand: Stand) -> bool:
    """Return whether a stand rests on observation: a declaration is somebody's word."""
    kind = stand.rests_on.split(" by ")[0]
    return not folder.agreement.vocabulary.is_a(kind, "record")


def _reason(stand: Stand) -> str:
    """Return the reason that most wants to be read: why it cannot be told, or what the verdict says first."""
    if stand.verdict is Verdict.CANNOT_TELL:
        return _doubt(stand.ground).says
    return stand.ground.says


def _doubt(ground: Ground) -> Ground:
    """Return the innermost reason that is not settled, following the first doubt at each step."""
    doubts = [one for one in ground.of if one.answer in (Tri.NO, Tri.MAYBE)]
    return _doubt(doubts[0]) if doubts else ground


def _beside(line: Line) -> list[str]:
    return [beside.says for beside in line.beside]


def _due_words(folder: Folder, line: Line) -> str:
    first = line.leading[-1] if len(line.stands) > 1 else line.leading[0]
    if first.waits_for:
        return "waits for " + ", ".join(first.waits_for)
    return "" if first.due is None else "due " + _interval(folder, first.due)


def _interval(folder: Folder, when: Interval) -> str:
    zone = folder.agreement.time_zone
    latest = "no known time" if when.latest >= NEVER else say_moment(when.latest, zone)
    return latest if when.earliest == when.latest else f"{say_moment(when.earliest, zone)} to {latest}"


def _exactly(folder: Folder, when: Interval) -> str:
    zone = folder.agreement.time_zone
    return "/".join(dict.fromkeys(write_moment(end, zone) for end in (when.earliest, when.latest)))


def _show_due_next(folder: Folder, standing: Standing, out: Console) -> None:
    ahead = [stand for stand in standing.stands if stand.verdict is Verdict.OPEN]
    due = sorted({(stand.due, stand.clause, stand.by) for stand in ahead if stand.due and stand.due.latest < NEVER})
    if due:
        out.print("\n[bold]due next[/]")
    for when, clause, by in due[:DUE_SHOWN]:
        out.print(escape(f"  {_interval(folder, when)}  {clause} ({by})"))


def _show_readings(folder: Folder, lines: Sequence[Line], out: Console) -> None:
    """Show what each option of the readings in the table means."""
    axes = dict.fromkeys(axis for line in lines for axis, _ in line.reading)
    declared = [(axis, folder.agreement.readings[axis]) for axis in axes if axis in folder.agreement.readings]
    if declared:
        out.print("\n[bold]readings[/] (none is adopted unless a decision says so)")
    for axis, reading in declared:
        options = "; ".join(f"{option}: {words}" for option, words in reading.options.items())
        out.print(escape(f"  {axis} = {options}"))


def standing_json(folder: Folder, standing: Standing) -> dict[str, Any]:
    """Return a standing as JSON: what was asked, then every stand."""
    question, zone = standing.question, folder.agreement.time_zone
    return {
        "agreement": standing.agreement,
        "agreement_sha256": standing.digest,
        "tz_database": tzdata.IANA_VERSION,
        "as_of": write_moment(question.as_of, zone),
        "known_at": write_moment(question.known_at, zone),
        "proof": question.proof.word,
        "audience": None if question.audience is None else question.audience.name,
        **({} if folder.record is None else {"record": _record_json(folder.record)}),
        "stands": [stand_json(folder, stand) for stand in standing.stands],
    }


def _record_json(record: OnRecord) -> dict[str, Any]:
    return {"size": record.size, "root": base64(record.root), "agreement": record.agreement}


def stand_json(folder: Folder, stand: Stand) -> dict[str, Any]:
    """Return one stand as JSON, its reasons as a tree."""
    return {
        **stand_row(folder, stand),
        "binding": dict(stand.binding),
        "reading": dict(stand.reading),
        "waits_for": list(stand.waits_for),
        "beside": [{"sort": one.sort, "says": one.says, "facts": list(one.facts)} for one in stand.beside],
        "episodes": [{"fact": one.fact, "answer": MARKS[one.answer], "says": one.says} for one in stand.episodes],
        "ground": _ground_json(folder, stand.ground),
    }


def _ground_json(folder: Folder, ground: Ground) -> dict[str, Any]:
    zone = folder.agreement.time_zone
    span = (
        None if ground.span is None else [write_moment(ground.span.start, zone), write_moment(ground.span.end, zone)]
    )
    return {
        "says": ground.says,
        "answer": MARKS[ground.answer],
        "facts": list(ground.facts),
        "cite": ground.cite,
        "span": span,
        "of": [_ground_json(folder, one) for one in ground.of],
    }


def stand_row(folder: Folder, stand: Stand) -> dict[str, Any]:
    """Return one stand as a flat row."""
    return {
        "key": stand.key,
        "clause": stand.clause,
        "by": stand.by,
        "binding": " ".join(f"{name}={member}" for name, member in stand.binding),
        "occurrence": stand.occurrence,
        "version": stand.version,
        "reading": " ".join(f"{axis}={option}" for axis, option in stand.reading),
        "verdict": stand.verdict.value,
        "proof": stand.proof.word,
        "lifecycle": stand.lifecycle.value,
        "status_only": stand.status_only,
        "figure": stand.figure,
        "rests_on": stand.rests_on,
        "due": "" if stand.due is None else _exactly(folder, stand.due),
        "waits_for": ", ".join(stand.waits_for),
    }


# ---- why ---------------------------------------------------------------------------------------------------------


def show_why(folder: Folder, question: Question, clause: str, stands: Sequence[Stand], *, form: Form) -> None:
    """Show the reasons of some stands, down to the facts."""
    if form is Form.JSON:
        show_json([stand_json(folder, stand) for stand in stands])
        return
    out = console()
    for words in header(folder, question)[1:]:
        out.print(escape(words))
    wording = folder.agreement.clauses[clause].latest()
    out.print(
        f"[bold]{escape(clause)}[/], {escape(wording.cite)}: {escape(wording.gloss)} "
        "[dim](our paraphrase, not the text)[/]"
    )
    for stand in stands:
        out.print(_stand_tree(folder, stand))


def _stand_tree(folder: Folder, stand: Stand) -> Tree:
    member = " ".join(f"{name} {value}" for name, value in stand.binding)
    reading = "; ".join(f"if {axis} is read as {option}" for axis, option in stand.reading)
    title = " ".join(
        word for word in (f"{stand.clause}/{stand.key}", stand.by, member, stand.occurrence, reading) if word
    )
    tree = Tree(
        f"{escape(title)}: [{STYLES[stand.verdict]}]{stand.verdict.value} ({stand.proof.word})[/], "
        + stand.lifecycle.value
        + (f", {escape(stand.figure)}" if stand.figure else "")
    )
    _grow(folder, tree, stand.ground)
    for beside in stand.beside:
        tree.add(escape(f"beside: {beside.says}") + _fact_words(beside.facts))
    return tree


def _grow(folder: Folder, tree: Tree, ground: Ground) -> None:
    mark = f" [dim]({MARKS[ground.answer]})[/]" if ground.answer is not None else ""
    cite = f" [dim]\\[{escape(ground.cite)}][/]" if ground.cite else ""
    branch = tree.add(escape(ground.says) + mark + cite + _fact_words(ground.facts))
    for one in ground.of:
        _grow(folder, branch, one)


def _fact_words(ids: Sequence[str]) -> str:
    if not ids:
        return ""
    shown = ", ".join(ids[:SHOWN_FACTS]) + (f" and {len(ids) - SHOWN_FACTS} more" if len(ids) > SHOWN_FACTS else "")
    return f" [blue]{escape(shown)}[/]"


# ---- changes -------------------------------------------------------------------------------------------------------


def show_changes(folder: Folder, earlier: Question, later: Question, found: Sequence[Change], *, form: Form) -> None:
    """Show what differs between two standings."""
    if form is not Form.TEXT:
        rows = [change_row(folder, change) for change in found]
        show_json(rows) if form is Form.JSON else show_csv(rows)
        return
    out = console()
    zone = folder.agreement.time_zone
    known = [write_moment(question.known_at, zone) for question in (earlier, later)]
    out.print(f"as of {write_moment(earlier.as_of, zone)}: as known at {known[0]}, and as known at {known[1]}")
    for line in _change_lines(found):
        out.print(line)
    out.print(f"{len(found)} changed")


def _change_lines(found: Sequence[Change]) -> list[str]:
    """Return one line for each change that a person would tell apart, whichever readings it is the same under."""
    groups: dict[tuple[str, str, str], list[Change]] = {}
    for change in found:
        stand = change.stand
        name = " ".join([stand.clause, stand.by, *(value for _, value in stand.binding), stand.occurrence]).strip()
        groups.setdefault((name, _side(change.before), _side(change.after)), []).append(change)
    lines = [(escape(name + _under(same)), old, new, same[0]) for (name, old, new), same in groups.items()]
    told = [(name, f"{old} -> {new}" if old != new else _now_beside(change)) for name, old, new, change in lines]
    return [f"  {name}: {words}" for name, words in told if words]


def _now_beside(change: Change) -> str:
    """Return what now stands beside a verdict that stayed as it was; empty if only a deadline moved."""
    if change.before is None or change.after is None:
        return ""
    new = [beside.says for beside in change.after.beside if beside not in change.before.beside]
    return escape("beside it now: " + "; ".join(new)) if new else ""


def _under(same: Sequence[Change]) -> str:
    """Return the readings that changes share, and how many more there are."""
    first = same[0].stand.reading
    shared = [choice for choice in first if all(choice in other.stand.reading for other in same)]
    words = "".join(f" if {axis} is {option}" for axis, option in shared)
    return words + (f" (under {len(same)} readings)" if len(same) > 1 else "")


def _side(stand: Stand | None) -> str:
    if stand is None:
        return "[dim]nothing[/]"
    figure = f", {escape(stand.figure)}" if stand.figure else ""
    return f"[{STYLES[stand.verdict]}]{stand.verdict.value} ({stand.proof.word})[/] {stand.lifecycle.value}{figure}"


def change_row(folder: Folder, change: Change) -> dict[str, Any]:
    """Return one change as a flat row."""
    row = stand_row(folder, change.stand)
    before, after = (None if one is None else stand_row(folder, one) for one in (change.before, change.after))
    shown = ("verdict", "lifecycle", "figure", "due", "rests_on")
    return {
        **{name: row[name] for name in ("key", "clause", "by", "binding", "occurrence", "reading", "proof")},
        **{f"{name}_before": "" if before is None else before[name] for name in shown},
        **{f"{name}_after": "" if after is None else after[name] for name in shown},
    }


def show_replay(folder: Folder, question: Question, *, form: Form) -> None:
    """Show each change of standing in the order in which facts became known."""
    steps = folder.replay(question)
    if form is not Form.TEXT:
        rows = [
            {"known_at": _local(folder, step.moment), **change_row(folder, change)}
            for step in steps
            for change in step.changes
        ]
        show_json(rows) if form is Form.JSON else show_csv(rows)
        return
    out = console()
    for step in steps:
        lines = _change_lines([change for change in step.changes if not _only_entered(change)])
        if step.facts or lines:
            what = ", ".join(fact.id for fact in step.facts) or "time passed"
            out.print(f"[bold]{_local(folder, step.moment)}[/] {escape(what)}")
        for line in lines:
            out.print(line)


def _only_entered(change: Change) -> bool:
    """Return whether a commitment merely came into sight, not yet in force: nothing has happened to it."""
    return change.before is None and change.after is not None and change.after.verdict is Verdict.NOT_IN_FORCE


def _local(folder: Folder, moment: Moment) -> str:
    return write_moment(moment, folder.agreement.time_zone)


# ---- check and read ------------------------------------------------------------------------------------------------


def show_check(folder: Folder, *, plan: bool, form: Form) -> None:
    """Show what was read: each clause, how far it is computable and why, and with `plan` what it looks at."""
    rows = [_check_row(folder, name, plan=plan) for name in folder.agreement.clauses]
    if form is Form.JSON:
        show_json(rows)
    elif form is Form.CSV:
        show_csv(rows)
    else:
        out = console()
        out.print(
            f"[bold]{escape(folder.agreement.head.title)}[/]: {len(rows)} clauses, {len(folder.facts)} fact revisions"
        )
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in rows[0] if rows else ():
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*(escape(str(value)) for value in row.values()))
        out.print(table)
        _show_notes(folder, out)


def _show_notes(folder: Folder, out: Console) -> None:
    """Show what looks like a slip in good rows; it changes no exit code."""
    notes = folder.unlinked()
    if notes:
        out.print("\n[bold]look at these[/] (good rows that change no verdict, or name what is not there)")
    for note in notes:
        out.print(escape(f"  {note.fact}: {note.says}" + (f" ({note.hint})" if note.hint else "")))


def _check_row(folder: Folder, name: str, *, plan: bool) -> dict[str, Any]:
    from trucekeeper.agreement.computability import computability

    wording = folder.agreement.clauses[name].latest()
    sort = computability(folder.agreement, name)
    row: dict[str, Any] = {
        "clause": name,
        "kind": wording.kind,
        "computable": sort.sort.value,
        "reasons": "; ".join(sort.reasons),
    }
    if plan:
        row["execution"] = _execution(folder, name)
        row["looks at"] = ", ".join(
            f"{role.name}: {role.pattern.fact} ({role.polarity.value})" for role in roles(wording)
        )
    return row


def _execution(folder: Folder, name: str) -> str:
    """Return how a clause is judged in bulk: in columns, one fact at a time and why, or not at all."""
    from trucekeeper.compliance.columns.plan import plan_of

    found = plan_of(folder.agreement, name)
    if found is None:
        return "none"
    return "columns" if found.in_columns else f"reference: {'; '.join(found.by_reference)}"


def show_batch(found: Batched, path: Path, *, form: Form) -> None:
    """Show what a batch wrote: how many rows, and how many commitments by verdict."""
    verdicts = {verdict.value: count for verdict, count in found.written.verdicts.items()}
    row = {"facts": found.rows, "rows": found.written.rows, **verdicts}
    if form is Form.JSON:
        show_json(row)
    elif form is Form.CSV:
        show_csv([row])
    else:
        counts = ", ".join(f"{count:,} {name}" for name, count in verdicts.items() if count)
        out = console()
        out.print(
            f"{found.rows:,} fact revisions read, {found.written.rows:,} rows of verdicts in {escape(str(path))}"
        )
        out.print(f"commitments: {counts or 'none'}")


def show_sentences(folder: Folder, *, form: Form) -> None:
    """Show the agreement read back as plain sentences."""
    from trucekeeper.agreement.plain import read_back

    lines = read_back(folder.agreement)
    if form is Form.JSON:
        from dataclasses import asdict

        show_json([{**asdict(line), "sort": getattr(line.sort, "value", line.sort)} for line in lines])
        return
    out = console()
    for line in lines:
        out.print(escape(str(line)))


def who_words(who: tuple[str, ...] | AnyoneExcept) -> str:
    """Return who is bound, in words."""
    return "anyone except " + ", ".join(who.anyone_except) if isinstance(who, AnyoneExcept) else ", ".join(who)


# ---- writing -------------------------------------------------------------------------------------------------------


def show_json(value: object) -> None:
    """Write a value as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def show_csv(rows: Iterable[dict[str, Any]]) -> None:
    """Write rows of the same names as CSV; no cell of it is a formula to a spreadsheet."""
    listed = list(rows)
    if listed:
        writer = csv.DictWriter(sys.stdout, fieldnames=list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: cell(value) for name, value in row.items()} for row in listed)
