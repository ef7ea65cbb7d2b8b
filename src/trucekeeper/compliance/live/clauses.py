"""Each clause as kept: what it consists of under each reading, and the rows of its parts.

A clause is taken apart into its duties, and a prohibition into its acts, a duty to respond into its calls, a quota
into its periods, a state to be kept into its lapses: what judges one of these reads nothing that judges another. What
holds for all of them, when the duty binds and for whom, is worked out apart, and all are judged anew only where that
changes. A clause that cannot be taken apart is asked as a whole: where a later version took over a commitment with
one deadline, where the time in which it binds moves on with every moment, and where a single part meets an ambiguity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang
from trucekeeper.compliance.inquiry import Fork
from trucekeeper.compliance.kinds import quota
from trucekeeper.compliance.live.folders import Acts, Calls, Folder, Single, Whole
from trucekeeper.compliance.live.periods import Periods
from trucekeeper.compliance.live.snapshots import Snapshots, quick
from trucekeeper.compliance.live.ticking import moves, slope_of
from trucekeeper.compliance.live.work import Desk, Served
from trucekeeper.compliance.standing import Pledge, every_reading, pledges
from trucekeeper.terms import Tri

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucekeeper.compliance.force import Force
    from trucekeeper.compliance.grounds import Assumed
    from trucekeeper.compliance.inquiry import Inquiry
    from trucekeeper.compliance.live.rows import Kept, Row
    from trucekeeper.compliance.live.ticking import Notes
    from trucekeeper.terms import Moment, Proof

FOLDERS: dict[type[lang.Clause], type[Folder]] = {
    lang.Prohibit: Acts,
    lang.Respond: Calls,
    lang.Quota: Periods,
    lang.Maintain: Snapshots,
}
"""The kinds that are taken apart further; the duties of all others are judged each as a whole."""


class ClauseKept(Served):
    """One clause at one level of proof: what it consists of now."""

    __slots__ = ("clause", "desk", "folders", "proof", "told")
    level = 1

    def __init__(self, clause: str, proof: Proof, desk: Desk, *, told: bool) -> None:
        """Begin empty. `told`: whether its changes are those that are asked for, and not only read by others."""
        super().__init__()
        self.clause, self.proof, self.desk, self.told = clause, proof, desk, told
        self.folders: list[Folder] = []

    def work(self, notes: Notes, desk: Desk) -> None:
        """Take the clause apart anew, and keep of its parts what stayed as it was."""
        inquiry = desk.question(self.proof, notes, {})
        found = [
            (tuple(sorted(assumed.items())), several)
            for assumed, several in every_reading(inquiry, lambda one: _apart(one, self.clause))
        ]
        if any(several is None for _, several in found):
            self._replace([Whole(self)], self.because)
            return
        spare = {folder.sign: folder for folder in self.folders}
        wanted: list[Folder] = []
        for reading, several in found:
            for pledge in several or ():
                sign = _sign(reading, pledge)
                folder = spare.pop(sign) if sign in spare else _folder(self, reading, pledge)
                folder.sign = sign
                wanted.append(folder)
        self._replace(wanted, self.because)

    def _replace(self, wanted: list[Folder], because: Iterable[str]) -> None:
        kept = {id(folder) for folder in wanted}
        gone = [folder for folder in self.folders if id(folder) not in kept]
        here = {id(folder) for folder in self.folders}
        self.folders = wanted
        for folder in gone:
            folder.close(because)
        try:
            for folder in wanted:
                if id(folder) not in here:
                    folder.open(because)
        except Fork:
            self.ask_whole(because)

    def ask_whole(self, because: Iterable[str]) -> None:
        """Ask the clause as a whole from now on, until what it consists of changes."""
        self._replace([Whole(self)], tuple(because))

    def forked(self, desk: Desk) -> None:
        """Never happens: its own work goes through every reading."""
        del desk
        raise RuntimeError("bug: a clause was taken apart without going through every reading")

    def replaced(self, before: Iterable[Kept], after: Iterable[Kept], because: Iterable[str]) -> None:
        """Note that some rows of the clause took the place of others."""
        before, after, because = tuple(before), tuple(after), tuple(because)
        if self.told:
            self.desk.replaced(before, after, because)
        if [one.read_by_others() for one in before] != [one.read_by_others() for one in after]:
            self.desk.touch(self, because)

    def kept(self) -> list[Kept]:
        """Return the rows of the clause as kept, in their order."""
        return [kept for folder in self.folders for kept in folder.kept()]

    def rows(self) -> list[Row]:
        """Return the rows of the clause as of now, with their occasions, in their order."""
        for folder in self.folders:
            folder.move_on()
        return [row for folder in self.folders for row in folder.rows()]

    def still_rows(self) -> tuple[Row, ...] | None:
        """Return its rows, if they hold under every reading and none of their times moves on; else None."""
        kept = self.kept()
        if any(one.moving or one.row.reading for one in kept):
            return None
        return tuple(one.row for one in kept)


def _apart(inquiry: Inquiry, clause: str) -> list[Pledge] | None:
    """Return the duties of a clause; None if it must be asked as a whole. Raises Fork for what all of them meet."""
    found = pledges(inquiry, clause)
    if found is None:
        return None
    several: list[Pledge] = []
    for pledge in found:
        duty = pledge.duty
        if _moves_on(duty.force):
            return None
        _ = duty.held
        if isinstance(duty.clause, lang.Quota) and pledge.judged:
            next(quota.all_periods(duty), None)
        several.append(pledge)
    return several


def _sign(reading: Assumed, pledge: Pledge) -> tuple[object, ...]:
    """Return what sets one duty in one force apart from all others."""
    duty = pledge.duty
    return (
        reading,
        pledge.undeclared,
        id(duty.clause),
        duty.by,
        duty.binding,
        duty.window,
        duty.version,
        _bare(duty.force, int(duty.inquiry.as_of)),
    )


def _moves_on(force: Force) -> bool:
    """Return whether it matters that the time in which a duty binds moves on with every moment.

    What waits for something unknown begins at the earliest now: no matter, unless a pause is measured from there, or
    a deadline, because it began now at the latest.
    """
    moving = moves(force.start) or moves(force.end)
    return moving and (force.begun is not Tri.NO or bool(force.pauses) or slope_of(force.start.latest) > 0)


def _bare(force: Force, now: Moment) -> tuple[object, ...]:
    """Return all of a force that decides anything, without words; of a time that moves on, how far it is from now."""
    start, end = (tuple(_line(one, now) for one in (when.earliest, when.latest)) for when in (force.start, force.end))
    return (force.begun, force.ended, start, end, force.pauses, force.after, force.waits_for)


def _line(moment: Moment, now: Moment) -> tuple[int, int]:
    """Return a moment as a line over time: how fast it moves on, and where it would be had it always."""
    slope = slope_of(moment)
    return slope, int(moment) - slope * now


def _folder(kept: ClauseKept, reading: Assumed, pledge: Pledge) -> Folder:
    sort = FOLDERS.get(type(pledge.duty.clause), Single) if pledge.judged else Single
    if sort is Snapshots and not quick(pledge.duty):
        sort = Single
    return sort(kept, reading, pledge)
