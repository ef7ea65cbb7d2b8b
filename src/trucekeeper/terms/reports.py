"""Report: what a source says happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trucekeeper.terms.facts import Fact

UNSTATED = "unstated"
"""The kind of an event that a source does not name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one source says happened, in words of the agreement, and how it came to say so.

    `fact` is what it says, alleged; its `id` is `SOURCE/NAME`, permanent. `key` is the entry that first spoke of it,
    and `entry` the one that says this. A chain says from whom the source has it, nearest first; a report without
    chains is its source's own. With `area` its place is the middle of a town or district whose size is the radius.
    `involves` are those who took part, in no order and without saying who did it. `about` is the id of the report of
    the same event to which this one adds, by declaration. `bloc` is the interest that its source is said to share.
    With `distinct` its source tells of each event once, as a dataset does.
    """

    key: int
    entry: int
    fact: Fact
    delegation: str = ""
    involves: tuple[str, ...] = ()
    area: bool = False
    day: bool = False
    first_hand: bool = False
    distinct: bool = False
    bloc: str = ""
    chains: tuple[tuple[str, ...], ...] = ()
    url: str = ""
    text: str = ""
    language: str = ""
    about: str = ""
