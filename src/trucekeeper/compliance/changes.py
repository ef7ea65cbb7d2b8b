"""What a person is shown of a commitment: where none of it changed, nothing is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from trucekeeper.compliance.grounds import Beside, Stand
    from trucekeeper.compliance.live.rows import Row
    from trucekeeper.terms import Interval, Lifecycle, Verdict

Shown: TypeAlias = "tuple[Verdict, Lifecycle, str, Interval | str | None, str, tuple[Beside, ...]]"


def shown(stand: Stand | Row, *, due: Interval | str | None, beside: tuple[Beside, ...]) -> Shown:
    """Return what is shown of a stand or row, with its deadline and what is printed beside it."""
    return (stand.verdict, stand.lifecycle, stand.figure, due, stand.rests_on, beside)
