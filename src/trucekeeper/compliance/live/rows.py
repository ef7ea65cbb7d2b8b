"""Verdict rows: a stand without its reasons, as the live execution keeps it, and how two of them differ."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from trucekeeper.compliance.changes import shown
from trucekeeper.compliance.grounds import Ground
from trucekeeper.compliance.live.ticking import moves, still

if TYPE_CHECKING:
    from trucekeeper.compliance.changes import Shown
    from trucekeeper.compliance.grounds import Assumed, Beside, Binding, Counted, Stand
    from trucekeeper.terms import Interval, Lifecycle, Proof, Tri, Verdict

Occasion = tuple[str, "Tri", "Interval"]
"""An episode without its words: the fact that began it, how surely it counts, and when it was."""

UNSAID = Ground("kept without its reasons")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where one commitment stands, under one reading of each ambiguity that matters to it.

    Of a prohibition the occasions are put in when rows are read: a change does not carry a hundred thousand of them.
    """

    key: str
    clause: str
    by: str
    binding: Binding
    occurrence: str
    version: str
    reading: Assumed
    verdict: Verdict
    lifecycle: Lifecycle
    proof: Proof
    due: Interval | None
    met: Tri
    met_at: Interval | None
    figure: str
    counted: Counted | None
    rests_on: str
    waits_for: tuple[str, ...]
    status_only: bool
    occasions: tuple[Occasion, ...] = ()

    @staticmethod
    def of(stand: Stand, reading: Assumed | None = None) -> Row:
        """Return the row of a stand; under these readings, where it does not say its own."""
        values = {name: getattr(stand, name) for name in _FIELDS}
        values["due"], values["met_at"] = still(stand.due), still(stand.met_at)
        occasions = tuple((one.fact, one.answer, one.when) for one in stand.episodes)
        return Row(**values, reading=stand.reading if reading is None else reading, occasions=occasions)

    @property
    def name(self) -> tuple[object, ...]:
        """Return what sets this row apart from all others of its level of proof."""
        return (self.key, self.version, self.reading)

    @property
    def ground(self) -> Ground:
        """Return that the reasons are not kept: whoever wants them asks why."""
        return UNSAID


_FIELDS = tuple(field.name for field in fields(Row) if field.name not in ("reading", "occasions"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A row with what is printed beside it, and which of its times move on with every moment."""

    row: Row
    beside: tuple[Beside, ...] = ()
    moving: tuple[str, ...] = ()

    @staticmethod
    def of(stand: Stand, reading: Assumed | None = None) -> Kept:
        """Return what is kept of a stand."""
        moving = tuple(name for name in ("due", "met_at") if moves(getattr(stand, name)))
        return Kept(Row.of(stand, reading), stand.beside, moving)

    def read_by_others(self) -> tuple[Any, ...]:
        """Return what a clause that refers to this one may read of it."""
        row = self.row
        return (row.name, row.binding, row.occurrence, row.verdict, row.met, row.met_at, row.due, self.moving)

    def shown(self) -> tuple[Shown, Counted | None]:
        """Return what a person is shown of it, in words and drawn, without the times that move on by themselves."""
        due = "moves on" if "due" in self.moving else self.row.due
        return shown(self.row, due=due, beside=self.beside), self.row.counted


@dataclass(frozen=True, slots=True)
class Change:
    """One commitment before and after; None where it was not, or is no longer, there.

    `facts` are those that caused it, none where time alone did. `beside` is what is newly printed beside it, and
    `printed` all that is, of a tally or a quota: the claims.
    """

    before: Row | None
    after: Row | None
    facts: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()
    printed: tuple[Beside, ...] = ()

    @property
    def row(self) -> Row:
        """Return the commitment that changed, as it is after, or was before it went."""
        found = self.after or self.before
        if found is None:
            raise RuntimeError("bug: a change of nothing")
        return found
