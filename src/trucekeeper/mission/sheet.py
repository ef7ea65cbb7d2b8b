"""The hand-over sheet: what whoever takes over a watch must know, drawn from what his delegation may see.

    {"done":{"note":1,"report":3},
     "waiting":{"lines":[{"report":"patrols/9","entry":14,"state":"waits","why":"kind fire"}],"more":0},
     "due":{"lines":[{"clause":"release","by":"south","bound":"","readings":"","verdict":"open",
            "proof":"corroborated","due":"2031-03-13T10:00:00Z"}],"more":0},
     "contrary":{"lines":[{"clause":"halt","by":"north","bound":"","readings":"","verdict":"contrary",
            "proof":"corroborated","since":"2031-03-10T12:20:00Z"}],"more":0},
     "silent":{"lines":[{"source":"patrols","silent_s":32400,"usual_s":7200}],"more":0},
     "refused":{"lines":[{"fact":"refused-1","by":"north","against":"commission","zone":"valley",
            "from":"2031-03-10T11:00:00Z","until":"","reason":"mines"}],"more":0},
     "record":{"size":15,"root":"<hex>","witnessed_by":["north.valoria.example"],"lacks":""}}

`done` counts what the delegation put on record in the watch. Lines are in the order of their deadlines, entries or
names, and no source or party is ranked. A source is silent once it was so for longer than it usually is: the median
of the times between its reports of the last thirty days. It stands in a `handover`, which two officers sign.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING, Any

from trucekeeper.compliance.knowledge import Audience
from trucekeeper.journal.charter import RefusedError
from trucekeeper.mission import kinds
from trucekeeper.mission.incident_rows import FAULTY, WAITS
from trucekeeper.mission.publishing import head_of
from trucekeeper.mission.telling import label_of
from trucekeeper.mission.watch_log import WatchLog
from trucekeeper.terms import Verdict
from trucekeeper.terms.moments import DAY, SECOND, parse_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.charter import Accepted
    from trucekeeper.journal.statements import Body
    from trucekeeper.mission.looking import Looking, Sight
    from trucekeeper.mission.mission import Mission
    from trucekeeper.mission.watch_log import Watch
    from trucekeeper.terms import Moment

LINES = 40
"""So many lines stand in each part of a sheet, which is read at the change of a watch and fits into one statement."""
AHEAD = DAY
USUAL = 30 * DAY
"""What is usual for a source shows in its reports of the last thirty days: what was before may be over."""
FEWEST = 3
"""Reports from which on something is usual."""
LONGEST_TEXT = 4000
SETTLED = frozenset({"met", "met late", "cured", "discharged", "lapsed", "terminated"})


@dataclass(frozen=True, slots=True)
class Drawing:
    """From what a sheet is drawn."""

    mission: Mission
    looking: Looking
    agreement: Agreement
    sight: Sight

    def sheet(self, watch: Watch) -> Body:
        """Return the sheet of a watch, as of now."""
        return {
            "done": dict(WatchLog(self.mission.projections).counts(self.sight, watch)),
            "waiting": _lines(self._waiting()),
            "due": _lines(self._due()),
            "contrary": _lines(self._contrary(watch.since)),
            "silent": _lines(self._silent()),
            "refused": _lines(self._refused(watch.since)),
            "record": self._record(),
        }

    def _waiting(self) -> list[Body]:
        mine, whose = self.sight.among()
        asked = f"SELECT id, entry, state, why FROM report WHERE {mine} AND state IN (?, ?) ORDER BY entry"  # noqa: S608  our own
        with self.mission.projections.reading() as connection:
            rows = connection.execute(asked, [*whose, WAITS, FAULTY]).fetchall()
        return [{"report": name, "entry": entry, "state": state, "why": why} for name, entry, state, why in rows]

    def _due(self) -> list[Body]:
        """Return what has its deadline within a day, or may have: the first first."""
        now = self.sight.now
        rows = [one for one in self.looking.standing(self.sight) if one["due"] is not None]
        ahead = [one for one in rows if one["due"][1] >= now and one["due"][0] <= now + AHEAD and not _is_over(one)]
        ahead.sort(key=lambda one: (one["due"], one["by"], one["clause"]))
        return [{**_stands(one), "due": write_moment(one["due"][0])} for one in ahead]

    def _contrary(self, since: Moment) -> list[Body]:
        """Return what is contrary now, and came to be so since a moment."""
        asked = (
            "SELECT DISTINCT name FROM changes WHERE audience = ? AND sort = 'standing' AND at > ?"
            " AND json_extract(after, '$.verdict') = ? AND coalesce(json_extract(before, '$.verdict'), '') <> ?"
        )
        contrary = Verdict.CONTRARY.value
        with self.mission.projections.reading() as connection:
            came = {name for (name,) in connection.execute(asked, [self.sight.audience, since, contrary, contrary])}
        keys = [json.loads(one) for one in came]
        rows = [one for one in self.looking.standing(self.sight) if one["verdict"] == contrary and one["key"] in keys]
        return [{**_stands(one), "since": write_moment(one["since"])} for one in rows]

    def _silent(self) -> list[Body]:
        """Return the sources that were silent for longer than is usual for them, by name."""
        now = self.sight.now
        found: list[Body] = []
        for source, moments in sorted(self._heard().items()):
            silent, usual = now - moments[-1], _usual(moments)
            if usual is not None and silent > usual:
                found.append({"source": source, "silent_s": silent // SECOND, "usual_s": usual // SECOND})
        return found

    def _heard(self) -> dict[str, list[Moment]]:
        """Return when each source knew what it reported, in the last time, in order."""
        mine, whose = self.sight.among()
        asked = (
            "SELECT json_extract(told.row, '$.source'), json_extract(told.row, '$.learned_at') FROM told"  # noqa: S608  our own
            f" JOIN (SELECT entry FROM report WHERE {mine}) ON entry = told.from_seq WHERE told.at > ?"
        )
        found: dict[str, set[Moment]] = {}
        with self.mission.projections.reading() as connection:
            for source, learned in connection.execute(asked, [*whose, self.sight.now - USUAL]):
                if learned is not None:
                    found.setdefault(source, set()).add(parse_moment(learned))
        return {source: sorted(moments) for source, moments in found.items()}

    def _refused(self, since: Moment) -> list[Body]:
        """Return where access was refused since a moment, as far as this sight may know it."""
        denial = [name for name in self.agreement.vocabulary.kinds if self.agreement.vocabulary.is_a(name, "denial")]
        asked = "SELECT delegation, id, rev, row FROM told WHERE kind = ? AND at <= ? ORDER BY rev, from_seq DESC"
        audience = Audience(self.sight.audience, self.sight.now)
        last: dict[tuple[str, str], Mapping[str, Any]] = {}
        with self.mission.projections.reading() as connection:
            for delegation, name, _, row in connection.execute(asked, [kinds.FACT, self.sight.now]):
                said = json.loads(row)
                if audience.may_see(label_of(said)):
                    last[delegation, name] = said
        rows = [one for one in last.values() if one.get("kind") in denial and _lasts(one, since)]
        return sorted((_refusal(one) for one in rows), key=lambda one: (str(one["from"]), str(one["fact"])))

    def _record(self) -> Body:
        head = head_of(self.mission)
        return {
            "size": head.checkpoint.head.size,
            "root": head.checkpoint.head.root.hex(),
            "witnessed_by": list(head.cosigners),
            "lacks": head.untrusted,
        }


def _lines(rows: Sequence[Body]) -> Json:
    return {"lines": list(rows[:LINES]), "more": max(len(rows) - LINES, 0)}


def _is_over(row: Mapping[str, Any]) -> bool:
    return row["lifecycle"] in SETTLED or row["verdict"] == Verdict.NOT_IN_FORCE.value


def _stands(row: Mapping[str, Any]) -> Body:
    return {
        "clause": row["clause"],
        "by": row["by"],
        "bound": ", ".join(f"{name} {value}" for name, value in row["binding"]),
        "readings": ", ".join(f"{name}: {value}" for name, value in row["key"][2]),
        "verdict": row["verdict"],
        "proof": row["proof"],
    }


def _usual(moments: Sequence[Moment]) -> int | None:
    """Return how long it usually is between two reports; None from too few to say."""
    if len(moments) < FEWEST:
        return None
    return median_low(after - before for before, after in pairwise(moments))


def _lasts(row: Mapping[str, Any], since: Moment) -> bool:
    """Return whether a refusal was not over before a moment."""
    ends = next((row[one] for one in ("until", "latest", "at") if row.get(one)), None)
    return ends is None or parse_moment(str(ends)) >= since


def _refusal(row: Mapping[str, Any]) -> Body:
    more = row.get("fields") or {}
    begins = next((row[one] for one in ("from", "earliest", "at", "on") if row.get(one)), "")
    return {
        "fact": str(row.get("id", "")),
        "by": str(row.get("by") or ""),
        "against": str(more.get("against") or ""),
        "zone": str(row.get("zone") or ""),
        "from": str(begins),
        "until": str(row.get("until") or ""),
        "reason": str(more.get("reason") or "")[:200],
    }


# ---- what may be in a watch log ------------------------------------------------------------------------------------

_PARTS = {"done", "waiting", "due", "contrary", "silent", "refused", "record"}


def examine(said: Accepted) -> None:
    """Hold that what is of the watch log can be read, and says whose it is. Raises RefusedError."""
    kind = said.statement.kind
    if kind not in kinds.LOGGED:
        return
    if not said.statement.label.get("owner"):
        raise RefusedError(f"a {kind} is of one delegation's watch log: its label names the owner")
    {kinds.NOTE: _hold_note, kinds.HANDOVER: _hold_handover}[kind](said.body)


def _hold_note(body: Body) -> None:
    match body:
        case {"watch": str(_), "text": str(text), **more} if set(more) <= {"about"}:
            if text.strip() and len(text) <= LONGEST_TEXT and isinstance(more.get("about", ""), str):
                return
        case _:
            pass
    raise RefusedError(f"a note says its watch, a text of 1 to {LONGEST_TEXT:,} characters, and perhaps about what")


def _hold_handover(body: Body) -> None:
    match body:
        case {
            "since": str(since),
            "until": str(until),
            "sheet": dict(sheet),
            "out": str(_),
            "in": str(_),
            "remarks": str(remarks),
            **more,
        } if not more and set(sheet) == _PARTS and len(remarks) <= LONGEST_TEXT:
            try:
                if parse_moment(since) <= parse_moment(until):
                    return
            except ValueError as error:
                raise RefusedError(f"the times of a hand-over: {error}") from None
        case _:
            pass
    raise RefusedError("a hand-over says since, until, the sheet, who goes out and comes in, and remarks")
