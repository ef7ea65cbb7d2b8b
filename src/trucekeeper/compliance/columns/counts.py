"""Tally and quota in columns: the reference's own stands, over events that are summed by window all at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucekeeper.compliance.columns.counting import count
from trucekeeper.compliance.kinds import quota as quotas
from trucekeeper.compliance.kinds import tally as tallies

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import Quota, Tally
    from trucekeeper.compliance.columns.block import Block
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.grounds import Stand


def unfit(_agreement: Agreement, _clause: Quota | Tally) -> str:
    """Return why a count cannot be made in columns: every one can."""
    return ""


def tally(duty: Duty[Tally]) -> list[Stand | Block]:
    """Return where a tally stands."""
    return [*tallies.stands(replace(duty, count=count))]


def quota(duty: Duty[Quota]) -> list[Stand | Block]:
    """Return where each period of a quota stands."""
    return [*quotas.stands(replace(duty, count=count))]
