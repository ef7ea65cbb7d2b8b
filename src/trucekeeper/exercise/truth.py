"""The truth of a drill, and how it lies beside it.

    acts.ndjson      one line for each act:
                     {"id":"act-7","kind":"shelling","by":"north","at":"2024-05-09T03:12+00:00","lat":"0.0812340",
                      "lon":"-30.1234560","fields":{"killed":2},"reports":["acoustic/3","south-office/5"]}
                     `permitted` where it was announced; `claimed_by` where it never happened, and who says it did
    reports.ndjson   one line for each report: {"id":"south-office/5","of":"act-7","learned_at":"..","marks":["late"]}
    standing.ndjson  one line for each commitment at the end of each day:
                     {"day":"2024-05-08","clause":"halt","by":"north","verdict":"contrary","lifecycle":"in effect",
                      "proof":"corroborated"}, with `binding` and `occurrence` where it has them
    drill.json       the seed, the days, the difficulty and its numbers, the parties' habits

The marks of a report: `invented` (nobody did it), `wrong party`, `exaggerated`, `mislabelled`, `shifted` (its place),
`late`, `copy`, `flood`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trucekeeper.terms import Fault, Proof, Refused, Verdict
from trucekeeper.terms.moments import parse_moment, write_moment
from trucekeeper.terms.verdicts import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from trucekeeper.compliance.grounds import Stand
    from trucekeeper.terms import Moment

COUNTED = frozenset({"delivery"})
"""The kinds of act of which counters' claims tell, and no report."""
ACTS, REPORTS, STANDING, DRILL = "acts.ndjson", "reports.ndjson", "standing.ndjson", "drill.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueAct:
    """An act, and who really did it; or one that somebody only claimed, and then `by` is whom he accused."""

    id: str
    kind: str
    by: str
    at: Moment
    lat: str
    lon: str
    fields: Mapping[str, int | str] = field(default_factory=dict)
    permitted: bool = False
    claimed_by: str = ""

    @property
    def invented(self) -> bool:
        """Return whether it never happened."""
        return bool(self.claimed_by)


@dataclass(frozen=True, slots=True)
class TrueReport:
    """A report: of which act it tells, and what is wrong with it."""

    id: str
    of: str
    learned_at: Moment
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """Where one commitment stood; `day` is the civil day at whose end it did."""

    clause: str
    by: str
    binding: str = ""
    occurrence: str = ""
    verdict: Verdict
    lifecycle: Lifecycle
    proof: Proof
    day: str = ""

    @staticmethod
    def of(stand: Stand, day: str = "") -> Stood:
        """Return a stand as a row."""
        return Stood(
            clause=stand.clause,
            by=stand.by,
            binding=", ".join(f"{name}={member}" for name, member in stand.binding),
            occurrence=stand.occurrence,
            verdict=stand.verdict,
            lifecycle=stand.lifecycle,
            proof=stand.proof,
            day=day,
        )

    @property
    def commitment(self) -> tuple[str, str, str, str]:
        """Return which commitment it is."""
        return self.clause, self.by, self.binding, self.occurrence


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happened, of what each report tells, and where every promise truly stood."""

    acts: tuple[TrueAct, ...]
    reports: tuple[TrueReport, ...]
    stood: tuple[Stood, ...]
    parties: tuple[str, ...]
    said: Mapping[str, object] = field(default_factory=dict)

    @property
    def at_the_end(self) -> tuple[Stood, ...]:
        """Return where everything stood at the end of the last day."""
        last = max((one.day for one in self.stood), default="")
        return tuple(one for one in self.stood if one.day == last)

    def told_of(self) -> dict[str, tuple[str, ...]]:
        """Return the reports of each act."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for one in self.reports:
            found[one.of].append(one.id)
        return {act: tuple(several) for act, several in found.items()}


# ---- files ---------------------------------------------------------------------------------------------------------


def write_truth(truth: Truth, folder: Path) -> None:
    """Write the files of a truth into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    told = truth.told_of()
    _write(folder / ACTS, (_act_row(one, told.get(one.id, ())) for one in truth.acts))
    _write(folder / REPORTS, (_report_row(one) for one in truth.reports))
    _write(folder / STANDING, (_stood_row(one) for one in truth.stood))
    text = json.dumps({**truth.said, "parties": list(truth.parties)}, indent=2, ensure_ascii=False)
    (folder / DRILL).write_text(text + "\n", encoding="utf-8")


def read_truth(folder: Path) -> Truth:
    """Return the truth in a folder. Raises Refused."""
    try:
        said = json.loads((folder / DRILL).read_text(encoding="utf-8"))
        return Truth(
            acts=tuple(_act(row) for row in _rows(folder / ACTS)),
            reports=tuple(_report(row) for row in _rows(folder / REPORTS)),
            stood=tuple(_stood(row) for row in _rows(folder / STANDING)),
            parties=tuple(said.pop("parties")),
            said=said,
        )
    except OSError as error:
        what = f"no truth of a drill can be read here: {error.strerror}"
        raise Refused([Fault(str(folder), 0, 0, what, "give the folder 'truth' of a drill")]) from None
    except (ValueError, KeyError, TypeError) as error:
        what = f"this is no truth of a drill: {error}"
        raise Refused([Fault(str(folder), 0, 0, what, "write the drill again from its seed")]) from None


def _write(file: Path, rows: Iterable[Mapping[str, object]]) -> None:
    lines = (json.dumps({name: one for name, one in row.items() if one}, ensure_ascii=False) for row in rows)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _rows(file: Path) -> Iterator[dict[str, object]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _act_row(one: TrueAct, reports: tuple[str, ...]) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "by": one.by,
        "at": write_moment(one.at),
        "lat": one.lat,
        "lon": one.lon,
        "fields": dict(one.fields),
        "permitted": one.permitted,
        "claimed_by": one.claimed_by,
        "reports": list(reports),
    }


def _act(row: dict[str, object]) -> TrueAct:
    fields = row.get("fields", {})
    if not isinstance(fields, dict):
        raise TypeError("the fields of an act are an object")
    return TrueAct(
        id=str(row["id"]),
        kind=str(row["kind"]),
        by=str(row["by"]),
        at=parse_moment(str(row["at"])),
        lat=str(row["lat"]),
        lon=str(row["lon"]),
        fields=fields,
        permitted=row.get("permitted") is True,
        claimed_by=str(row.get("claimed_by", "")),
    )


def _report_row(one: TrueReport) -> dict[str, object]:
    return {"id": one.id, "of": one.of, "learned_at": write_moment(one.learned_at), "marks": list(one.marks)}


def _report(row: dict[str, object]) -> TrueReport:
    marks = row.get("marks", [])
    if not isinstance(marks, list):
        raise TypeError("the marks of a report are a list")
    return TrueReport(str(row["id"]), str(row["of"]), parse_moment(str(row["learned_at"])), tuple(map(str, marks)))


def _stood_row(one: Stood) -> dict[str, object]:
    return {
        "day": one.day,
        "clause": one.clause,
        "by": one.by,
        "binding": one.binding,
        "occurrence": one.occurrence,
        "verdict": one.verdict.value,
        "lifecycle": one.lifecycle.value,
        "proof": one.proof.word,
    }


def _stood(row: dict[str, object]) -> Stood:
    words = {name: str(row.get(name, "")) for name in ("clause", "by", "binding", "occurrence", "day")}
    return Stood(
        **words,
        verdict=Verdict(row["verdict"]),
        lifecycle=Lifecycle(row["lifecycle"]),
        proof=Proof.named(str(row["proof"])),
    )
