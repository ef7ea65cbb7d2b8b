"""Where commitments stand, as lines that a person reads: one for each, or gathered where a clause has many.

The members and periods of one party under one reading are one line with a count of each verdict, the one first that
most wants to be looked at, as the command shows them; readings under which it looks the same are one line.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.utils.http import urlencode

from trucekeeper.mission.board import WORST_FIRST
from trucekeeper.opsroom.screens.words import LIFECYCLES, badge, due, moment, whom
from trucekeeper.terms.moments import write_moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucekeeper.opsroom.screens.reader import Reader

Row = dict[str, Any]
MOST = 30
"""So many commitments of a line are listed: the board has all."""
_WORST = {verdict.value: number for number, verdict in enumerate(WORST_FIRST)}


def lines(rows: Sequence[Mapping[str, Any]], who: Reader) -> list[Row]:
    """Return commitments as lines, each with its badge."""
    return [
        {
            "by": whom(row["by"]),
            "bound": ", ".join(f"{name} {value}" for name, value in row["binding"]),
            "readings": readings(row["key"][2]),
            "badge": badge(row),
            "lifecycle": LIFECYCLES[row["lifecycle"]],
            "due": due(row, who.zone),
            "figure": row["figure"],
            "waits_for": ", ".join(row["waits_for"]),
            "since": moment(row["since"], who.zone),
            "beside": row["beside"],
            "why": asking(row["key"][0], row["proof"], who),
        }
        for row in rows
    ]


def readings(assumed: Sequence[Sequence[str]]) -> str:
    """Return under which readings something is so."""
    return ", ".join(f"{name}: {value}" for name, value in assumed)


def asking(key: str, proof: str, who: Reader) -> str:
    """Return what the URL says that asks why a commitment stands where it does."""
    at = {} if who.sight.at is None else {"at": write_moment(who.sight.at)}
    return urlencode({"name": key, "proof": proof, **at})


def gathered(rows: Sequence[Mapping[str, Any]], who: Reader) -> list[Row]:
    """Return the commitments of one clause as few lines, each with all that it stands for."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["by"], readings(row["key"][2])), []).append(dict(row))
    alike: dict[tuple[Any, ...], list[list[Row]]] = {}
    for several in groups.values():
        alike.setdefault(_look(several), []).append(several)
    return [_line(several, who) for several in alike.values()]


def _look(rows: Sequence[Row]) -> tuple[Any, ...]:
    """Return what a person would see of a line: lines that look the same are shown once."""
    worst = _leading(rows)
    counts = tuple(sorted(Counter(row["verdict"] for row in rows).items()))
    seen = (worst["lifecycle"], worst["figure"], worst["due"], worst["waits_for"], worst["beside"])
    return (worst["by"], counts, str(seen))


def _first(rows: Sequence[Row]) -> list[Row]:
    """Return those that most want to be looked at, of these the latest."""
    return sorted(rows, key=lambda row: (_WORST[row["verdict"]], -int((row["due"] or [0, 0])[1])))[:MOST]


def _leading(rows: Sequence[Row]) -> Row:
    """Return the last of those that most want to be looked at."""
    worst = min(_WORST[row["verdict"]] for row in rows)
    return [row for row in rows if _WORST[row["verdict"]] == worst][-1]


def _line(groups: list[list[Row]], who: Reader) -> Row:
    first = groups[0]
    shared = [one for one in first[0]["key"][2] if all(one in several[0]["key"][2] for several in groups)]
    worst = _leading(first)
    [line] = lines([worst], who)
    counted = Counter(row["verdict"] for row in first)
    every = [row for several in groups for row in several]
    return {
        **line,
        "bound": line["bound"] if len(first) == 1 else "",
        "readings": readings(shared),
        "counts": [
            (badge({**worst, "verdict": one}), counted[one]) for one in sorted(counted, key=_WORST.__getitem__)
        ],
        "several": len(first) > 1,
        "all": lines(_first(every), who) if len(every) > 1 else [],
        "every": len(every),
        "more": max(len(every) - MOST, 0),
    }
