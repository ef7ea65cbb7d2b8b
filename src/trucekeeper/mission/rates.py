"""Rates: what became of what each source told, by the same rule as `looking`.

    borne_out    in incidents that independent origins corroborate, or that a person verified
    refuted      in incidents that a person found not to be so
    open         of which nothing more is known, where it could have been looked into
    out_of_reach of which nothing more is known, and access was refused, delayed or jammed there and then

What nobody could look into says nothing of whoever told it: it is left out of a rate, and counted beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.mission.watch_rows import DENIAL
from trucekeeper.terms import DAWN, Proof

if TYPE_CHECKING:
    from trucekeeper.mission.looking import Looking, Sight

_RATES = """
WITH told AS (SELECT id, occurred, latest - earliest AS lasts FROM incident WHERE {mine}),
refused AS MATERIALIZED (SELECT zone, begins, ends FROM watched WHERE {mine} AND sort = ? AND begins <= ?),
beyond AS (
    SELECT incident.id FROM refused CROSS JOIN incident
    ON latest BETWEEN begins AND ends + (SELECT max(lasts) FROM told) AND earliest <= ends
    WHERE {mine} AND occurred = ? AND (refused.zone IN ('', incident.zone) OR EXISTS (
        SELECT 1 FROM json_each(incident.row, '$.inside') WHERE value = refused.zone))
)
SELECT substr(report.id, 1, instr(report.id, '/') - 1), occurred, told.id IN beyond, count(*)
FROM (SELECT id, incident FROM report WHERE {mine} AND incident <> '') AS report JOIN told ON told.id = incident
GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """What became of the reports of a source that count."""

    borne_out: int = 0
    refuted: int = 0
    open: int = 0
    out_of_reach: int = 0

    @property
    def looked_into(self) -> int:
        """Return of how many more could be known."""
        return self.borne_out + self.refuted + self.open


def rates(looking: Looking, sight: Sight) -> dict[str, Rate]:
    """Return what became of what each source told, by its name.

    To those who see coarsely nothing is out of reach: that an incident is says in which zone it happened.
    """
    mine, whose = sight.among()
    refused_by = DAWN if sight.coarse else sight.now
    values = [*whose, *whose, DENIAL, refused_by, *whose, Proof.ALLEGED.word, *whose]
    found: dict[str, dict[str, int]] = {}
    with looking.projections.reading() as connection:
        for source, occurred, beyond, count in connection.execute(_RATES.format(mine=mine), values):
            numbers = found.setdefault(source, dict.fromkeys(Rate.__dataclass_fields__, 0))
            numbers[_sort(occurred, beyond=bool(beyond))] += count
    return {source: Rate(**numbers) for source, numbers in found.items()}


def _sort(occurred: str, *, beyond: bool) -> str:
    if occurred == Proof.REFUTED.word:
        return "refuted"
    if occurred != Proof.ALLEGED.word:
        return "borne_out"
    return "out_of_reach" if beyond else "open"
