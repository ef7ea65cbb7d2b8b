"""The tour of `truce demo --text`: five moments of the Gaza 2025 example, then one explanation.

The sentences say what to look at; every verdict and figure is worked out while it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from trucekeeper.cli import tables
from trucekeeper.cli.asking import now
from trucekeeper.compliance.standing import Question
from trucekeeper.mission import board, open_folder
from trucekeeper.terms import Fault, Moment, Proof, Refused
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from rich.console import Console

    from trucekeeper.mission import Folder, Line

EXAMPLE = "gaza-2025"
PACKAGED = "examples"
"""Where a wheel holds the folder `agreements` of the checkout; pyproject.toml puts it there."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One moment of the tour: what to look at, and the clauses that show it.

    `but` leaves out readings that were shown before: (clause, option).
    """

    says: str
    as_of: str
    clauses: tuple[str, ...]
    proof: Proof = Proof.CORROBORATED
    but: frozenset[tuple[str, str]] = frozenset()


_ONE_CLOCK = frozenset({("S5b", "points"), ("S5e", "points"), ("S5e-gaza", "points")})

STOPS = (
    Stop(
        "The ceasefire took effect at noon. A guarantor declared the withdrawal (S4) complete; nobody published "
        "positions, so it was not measured. Of the halt (S2) nothing is on record, and silence is not compliance.",
        "2025-10-10T23:59:59.999999+03:00",
        ("S4", "S2"),
    ),
    Stop(
        "The day of the exchange: living hostages (S5), remains (S5b), detainees (S5e, S5e-gaza). Two texts set two "
        "clocks, and no dated fact says when Israel publicly accepted; for the detainees only the Steps are shown.",
        "2025-10-13T23:59:59.999999+03:00",
        ("S5", "S5b", "S5e", "S5e-gaza"),
        but=_ONE_CLOCK - {("S5b", "points")},
    ),
    Stop(
        "A day later: more remains after the deadline. Hamas pleads that some could not be found; no case has "
        "established it. For trucks (A1) no counter has yet spoken.",
        "2025-10-14T23:59:59.999999+03:00",
        ("S5b", "A1"),
        but=_ONE_CLOCK,
    ),
    Stop(
        "Four weeks in: counters disagree on remains (S5b), and the first has spoken on trucks (A1). Reported "
        "incidents are only alleged, so the halt (S2) shows them as possible.",
        "2025-11-07T23:59:59.999999+02:00",
        ("S5b", "A1", "S2"),
        but=_ONE_CLOCK,
    ),
    Stop(
        "After the last remains were found: five counts of trucks side by side, none of which decides a day.",
        "2026-01-27T00:00+02:00",
        ("S5b", "A1", "S2"),
        but=_ONE_CLOCK,
    ),
    Stop(
        "The same moment, if every allegation is taken as it was made, whoever is said to have done the act, "
        "under each reading of whom the halt binds.",
        "2026-01-27T00:00+02:00",
        ("S2",),
        Proof.ALLEGED,
    ),
)
EXPLAINED = "S4"


def tour() -> None:
    """Show the tour. Raises Refused if the example is nowhere to be found."""
    path = example()
    folder, today = open_folder(path), now()
    out = tables.console()
    out.print(escape(folder.agreement.head.title), style="bold")
    out.print(
        "An example from public reports. The machine says what is consistent with the texts or contrary to them; "
        "whether there was a violation, people determine."
    )
    for stop in STOPS:
        _show(folder, stop, today, out)
    last = _question(STOPS[0], today)
    out.print(f"\nWhy the withdrawal stood so ([bold]truce why {EXPLAINED}[/]), down to the facts:\n")
    stands = folder.why(EXPLAINED, last)
    tables.show_why(folder, last, EXPLAINED, stands, form=tables.Form.TEXT)
    out.print(f"\nAll of it: [bold]truce standing {escape(str(path))} --as-of {STOPS[1].as_of}[/]", soft_wrap=True)


def example() -> Path:
    """Return the example's folder: in the installed package, else in the checkout. Raises Refused."""
    packaged = Path(str(resources.files("trucekeeper"))) / PACKAGED / EXAMPLE
    checkout = Path(__file__).resolve().parents[3] / "agreements" / EXAMPLE
    for folder in (packaged, checkout):
        if (folder / "agreement.yaml").is_file():
            return folder
    what = "the example is not there"
    raise Refused([Fault(str(packaged), 0, 0, what, "install trucekeeper again, or run it from a checkout")])


def _question(stop: Stop, today: Moment) -> Question:
    return Question(as_of=parse_moment(stop.as_of), known_at=today, proof=stop.proof)


def _show(folder: Folder, stop: Stop, today: Moment, out: Console) -> None:
    asked = _question(stop, today)
    _, clocks, level = tables.header(folder, asked)
    out.print(f"\n[bold]{escape(clocks)}[/]\n{escape(level)}\n{escape(stop.says)}\n")
    lines = [line for name in stop.clauses for line in board(folder.standing(asked, clause=name))]
    out.print(tables.standing_table(folder, [line for line in lines if not _left_out(line, stop)]))


def _left_out(line: Line, stop: Stop) -> bool:
    return any((line.clause, option) in stop.but for _, option in line.reading)
