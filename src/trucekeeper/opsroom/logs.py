"""What goes to the log: each message is one line, whatever somebody typed into it."""

from __future__ import annotations

import logging
import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class OneLine(logging.Formatter):
    """Writes what controls a terminal or a line as its number; a traceback stays as it is."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  as logging calls it
        """Return the line of a message."""
        return _CONTROL.sub(_number, super().formatMessage(record))


def _number(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
