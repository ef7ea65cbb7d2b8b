"""What is on record, as facts for an audience: under today's rights, as integrated or as reported.

Facts are what people enter as such, and what follows from the reports that this audience may see (`reported`).

The name of a fact belongs to the delegation that entered it. If two have used one name, the first on record to the
audience keeps it plain, and the other's is shown as `south:r-17`: so nobody can revise what another said, and nobody
learns from a name what he may not see. Of two rows for one revision the first on record counts; the other is set
aside, and named to whoever may see it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from trucekeeper.agreement.rows import Known, Where, read_row
from trucekeeper.journal.charter import RefusedError
from trucekeeper.mission.kinds import DECIDED, FACT, LABEL, LOGGED, NAMED, REPORT
from trucekeeper.mission.reported import Group, Reported, learned_of
from trucekeeper.terms import Fact, Fault, Label, Op, Refused
from trucekeeper.terms.moments import parse_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.knowledge import Audience
    from trucekeeper.journal.charter import Accepted
    from trucekeeper.journal.statements import Body
    from trucekeeper.mission.projections import Told
    from trucekeeper.mission.reported import Models, Readings
    from trucekeeper.terms import Moment


NOBODY = " "
"""The owner of what has no label that can be read: no audience has this name."""


class Telling:
    """The facts that exist for one audience (None: the holder, for whom all do), in the order of the record."""

    def __init__(
        self,
        agreement: Agreement,
        models: Models,
        audience: Audience | None,
        *,
        as_reported: bool = False,
        readings: Readings | None = None,
    ) -> None:
        """Begin with nothing on record. `readings` are shared with other audiences, if any are."""
        self.names, self.audience, self.as_reported = Known.of(agreement), audience, as_reported
        self.faults: list[Fault] = []
        self.reported = Reported(agreement, models, readings)
        self._first: dict[str, str] = {}
        self._rows: dict[tuple[str, str, object], tuple[int, Body]] = {}

    def facts(self, several: Sequence[Told], sizes: Sequence[int]) -> list[Fact]:
        """Return what further entries say, as far as this audience may see it; faults are added to `faults`.

        `sizes` are those that the record had as it grew by these entries: what came together is taken in together.
        """
        facts = [fact for one in several if one.kind == FACT and (fact := self._fact(one)) is not None]
        others = [one for one in several if one.kind != FACT and self.may_see(one)]
        if not others:
            return facts
        self.reported.name(others)
        groups = _as_reported(others) if self.as_reported else _as_integrated(others, sizes)
        return [*facts, *(fact for group in groups for fact in self.reported.take_in(group))]

    def may_see(self, told: Told) -> bool:
        """Return whether this audience may see what is told."""
        return self.audience is None or self.audience.may_see(label_of(told.row))

    def gives_way(self, several: Iterable[Told]) -> bool:
        """Return whether what is seen bears a name, or says a revision, that earlier facts, seen late, had first."""
        return any(
            one.kind != FACT
            or self._first.get(str(one.row["id"]), one.delegation) != one.delegation
            or _revision(one) in self._rows
            for one in several
        )

    def entered_as(self, name: str) -> tuple[str, str]:
        """Return which delegation entered a fact that is shown under a name, and how it named it; "" for nobody."""
        if name in self._first:
            return self._first[name], name
        delegation, _, plain = name.partition(":")
        return (delegation, plain) if plain in self._first else ("", name)

    def _fact(self, told: Told) -> Fact | None:
        if not self.may_see(told):
            return None
        if self._said_before(told):
            return None
        try:
            fact = read_row(told.row, self.names, Where(f"entry {told.seq}"))
        except Refused as refused:
            self.faults += refused.faults
            return None
        first = self._first.setdefault(fact.id, told.delegation)
        name = fact.id if first == told.delegation else f"{told.delegation}:{fact.id}"
        return replace(fact, id=name, recorded_at=fact.recorded_at if self.as_reported else told.at)

    def _said_before(self, told: Told) -> bool:
        """Return whether the revision is on record already; that it says another thing is a fault."""
        _, name, rev = revision = _revision(told)
        seq, row = self._rows.setdefault(revision, (told.seq, told.row))
        if row != told.row:
            what = f"'{name}' rev {rev} says another thing than entry {seq}, which counts"
            remedy = "if one corrects the other, give it the next rev"
            self.faults.append(Fault(f"entry {told.seq}", 0, 0, what, remedy))
        return seq != told.seq


def _as_integrated(several: Sequence[Told], sizes: Sequence[int]) -> Iterator[Group]:
    """Yield what came on record together, numbered by the size of the record then."""
    start = 0
    while start < len(several):
        over = bisect_right(sizes, several[start].seq)
        size = sizes[over] if over < len(sizes) else several[-1].seq + 1  # no head is over it yet
        end = bisect_left(several, size, lo=start, key=lambda one: one.seq)
        yield Group(size, several[end - 1].at, tuple(several[start:end]))
        start = end


def _as_reported(several: Sequence[Told]) -> Iterator[Group]:
    """Yield what was learned together, after what people decided about reports, which has no such moment."""
    reports: dict[Moment, list[Told]] = {}
    for one in several:
        if one.kind == REPORT:
            reports.setdefault(learned_of(one), []).append(one)
    yield Group(1, None, tuple(one for one in several if one.kind != REPORT))
    for rev, (learned, group) in enumerate(sorted(reports.items()), start=2):
        yield Group(rev, None, tuple(group), learned)


def _revision(told: Told) -> tuple[str, str, object]:
    return told.delegation, str(told.row["id"]), told.row.get("rev", 1)


def label_of(row: Body) -> Label:
    """Return the label of a row, as far as it says to whom the row may be released: what is no label, to nobody."""
    try:
        return _label(row)
    except ValueError:
        return Label(owner=NOBODY)


def _label(row: Body) -> Label:
    """Return the label of a row. Raises ValueError, saying why, for what is none."""
    owner, to, until = row.get("owner", ""), row.get("releasable_to", []), row.get("not_before")
    if not isinstance(owner, str) or not isinstance(row.get("precision", ""), str):
        raise ValueError("owner and precision are words")  # noqa: TRY004  of the row, not of a caller
    if not isinstance(to, list) or not all(isinstance(one, str) for one in to):
        raise ValueError("releasable_to is a list of words")
    if until is not None and not isinstance(until, str):
        raise ValueError("not_before is a moment")
    return Label(owner, tuple(str(one) for one in to), None if until is None else parse_moment(until))


def for_any(several: Collection[Label]) -> Label:
    """Return the label of what is for all for whom one or another of some labels is, and for nobody before these.

    One label has one `not_before`: where several would be needed, all but the owner wait for the last.
    """
    public = [one.not_before for one in several if not (one.owner or one.releasable_to)]
    if public:
        return Label(not_before=None if None in public else min(filter(None, public)))
    owner, *others = sorted({one.owner for one in several if one.owner}) or [""]
    to = {*others, *(name for one in several for name in one.releasable_to)} - {owner}
    opens = max((one.not_before for one in several if one.not_before is not None), default=None)
    return Label(owner, tuple(sorted(to)), opens)


def written(label: Label) -> Body:
    """Return a label as a statement bears it. What is not said is left out."""
    opens = None if label.not_before is None else write_moment(label.not_before)
    said: Body = {"owner": label.owner, "releasable_to": list(label.releasable_to), "not_before": opens}
    return {name: value for name, value in said.items() if value}


REDACTED_BY = "it is redacted by a seal, and by two delegations: `truce seal`, then `truce redact`"
_AN_INCIDENT_S = re.compile(r"i-\d+(-|\Z)")
"""The names of incidents, and of what their redacted reports leave."""


def _hold_report(body: Body, name: str) -> None:
    """Hold that a report is named after its source, and says when that knew it. Raises RefusedError."""
    source = body.get("source")
    if not isinstance(source, str) or not source or not name.startswith(f"{source}/"):
        raise RefusedError("a report has the id SOURCE/NAME, and names that source")
    try:
        parse_moment(str(body.get("learned_at")))
    except ValueError as error:
        raise RefusedError(f"learned_at: {error}") from None


def examine(said: Accepted) -> None:
    """Hold that a fact or report has a name, a revision and a label that can be read. Raises RefusedError."""
    kind = said.statement.kind
    if kind in {*DECIDED, *LOGGED}:
        _hold_label(kind, said)
    if kind not in NAMED:
        return
    name, rev = said.body.get("id"), said.body.get("rev", 1)
    if not isinstance(name, str) or not name or isinstance(rev, bool) or not isinstance(rev, int) or rev < 1:
        raise RefusedError(f"a {kind} has an id, a text, and a rev of 1 or more")
    if said.body.get("op") not in (None, Op.ASSERT.value, Op.RETRACT.value):
        raise RefusedError(f"a {kind} asserts, or retracts; {REDACTED_BY}")
    if kind == FACT and _AN_INCIDENT_S.match(name):
        raise RefusedError(f"'{name[:80]}' is the name of an incident, which only reports can make")
    if kind == REPORT:
        _hold_report(said.body, name)
    if len(said.signers) > 1:
        raise RefusedError(f"a {kind} is signed by one key: it speaks for one delegation")
    _hold_label(kind, said)


def _hold_label(kind: str, said: Accepted) -> None:
    """Hold that a label can be read, and is one: beside the body, it must say nothing else. Raises RefusedError."""
    unknown = set(said.statement.label) - set(LABEL)
    if unknown or set(LABEL) & set(said.body):
        raise RefusedError(f"a {kind}'s label has {', '.join(LABEL)}, and its body has none of these")
    try:
        _label(said.statement.label)
    except ValueError as error:
        raise RefusedError(f"its label cannot be read: {error}") from None
