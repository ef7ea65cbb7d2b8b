"""Cells of a CSV that people open in a spreadsheet: none is a formula, and what was typed comes back as it was.

A cell that a spreadsheet would work out stands behind an apostrophe (OWASP, CSV injection); numbers stay numbers.
"""

from __future__ import annotations

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a cell begins with that is worked out, in both widths."""
_HARMLESS = re.compile(r"-|[+-]?\d+(\.\d+)?")


def cell(value: object) -> object:
    """Return a value as a cell that no spreadsheet works out."""
    if not isinstance(value, str) or _HARMLESS.fullmatch(value):
        return value
    return f"'{value}" if _worked_out(value) else value


def typed(text: str) -> str:
    """Return what a cell was before `cell`."""
    return text[1:] if text.startswith("'") and _worked_out(text[1:]) else text


def _worked_out(text: str) -> bool:
    """Return whether a cell is worked out, or would be without the apostrophes that somebody typed before it."""
    return text.lstrip("'").startswith(FORMULA)
