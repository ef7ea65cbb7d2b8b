"""Difficulty: how hard a drill is, as named numbers. They are printed with the drill and with its truth."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulty:
    """The numbers of a drill. Chances are percent of cases unless their name says per mille of party-days.

    `restrained` is the chance that a party never fires, never flies, never moves or never keeps the commission
    out, each by itself. Of what parties tell, the numbers are the mean: each of the two has its own habits, half to
    one and a half times as strong, drawn alike for both.
    """

    name: str
    # what happens
    restrained: int
    force_per_mille: int
    repeated: int
    quiet_days: int
    flights_per_mille: int
    incursions_per_mille: int
    permitted_per_mille: int
    raids_per_mille: int
    short_days: int
    unit_returns_per_mille: int
    # who watches
    patrols: int
    patrol_hours: int
    refused: int
    jammed: int
    blind_fixes: int
    # what is told
    witnesses: int
    wire: int
    office_tells: int
    blurred_m: int
    copies: int
    cited: int
    # what is told wrongly
    exaggerated: int
    blamed_on_the_other: int
    invented_per_mille: int
    mislabelled: int
    shifted: int
    shifted_m: int
    late: int
    flood: int

    def numbers(self) -> dict[str, int]:
        """Return every number by its name."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "name"}


EASY = Difficulty(
    name="easy",
    restrained=40,
    force_per_mille=200,
    repeated=40,
    quiet_days=40,
    flights_per_mille=80,
    incursions_per_mille=50,
    permitted_per_mille=150,
    raids_per_mille=0,
    short_days=5,
    unit_returns_per_mille=10,
    patrols=6,
    patrol_hours=24,
    refused=1,
    jammed=2,
    blind_fixes=1,
    witnesses=40,
    wire=60,
    office_tells=80,
    blurred_m=500,
    copies=1,
    cited=100,
    exaggerated=0,
    blamed_on_the_other=0,
    invented_per_mille=0,
    mislabelled=0,
    shifted=0,
    shifted_m=0,
    late=5,
    flood=0,
)
FAIR = replace(
    EASY,
    name="fair",
    force_per_mille=350,
    repeated=55,
    quiet_days=25,
    flights_per_mille=150,
    incursions_per_mille=100,
    raids_per_mille=60,
    short_days=15,
    unit_returns_per_mille=20,
    patrols=4,
    patrol_hours=14,
    refused=6,
    jammed=8,
    blind_fixes=5,
    blurred_m=1000,
    copies=2,
    cited=90,
    exaggerated=30,
    blamed_on_the_other=15,
    invented_per_mille=60,
    mislabelled=10,
    shifted=10,
    shifted_m=3000,
    late=10,
    flood=20,
)
HARD = replace(
    FAIR,
    name="hard",
    restrained=30,
    force_per_mille=600,
    repeated=70,
    quiet_days=10,
    patrols=3,
    patrol_hours=10,
    refused=12,
    jammed=18,
    blind_fixes=12,
    witnesses=30,
    wire=50,
    blurred_m=2000,
    copies=4,
    cited=70,
    exaggerated=50,
    blamed_on_the_other=30,
    invented_per_mille=150,
    mislabelled=20,
    shifted=20,
    shifted_m=5000,
    late=20,
    flood=200,
)
HOSTILE = replace(
    HARD,
    name="hostile",
    restrained=20,
    force_per_mille=800,
    repeated=80,
    quiet_days=5,
    raids_per_mille=150,
    patrols=2,
    patrol_hours=8,
    refused=25,
    jammed=35,
    blind_fixes=25,
    witnesses=25,
    wire=40,
    blurred_m=3000,
    copies=6,
    cited=50,
    exaggerated=80,
    blamed_on_the_other=60,
    invented_per_mille=400,
    mislabelled=35,
    shifted=40,
    shifted_m=7000,
    late=35,
    flood=2000,
)

DIFFICULTIES: Mapping[str, Difficulty] = MappingProxyType({one.name: one for one in (EASY, FAIR, HARD, HOSTILE)})


def difficulty(name: str, *, flood: int | None = None) -> Difficulty:
    """Return the difficulty of this name, with so many copies of one claim if that is said. Raises Refused."""
    if name not in DIFFICULTIES:
        raise Refused([Fault("--difficulty", 0, 0, f"there is no difficulty '{name[:80]}'", _known(name))])
    found = DIFFICULTIES[name]
    return found if flood is None else replace(found, flood=flood)


def _known(name: str) -> str:
    return suggestion(name, DIFFICULTIES)
