"""The strict little syntax that all texts of a log share: lines, decimal numbers, standard base64."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error

from trucekeeper.ledger.tree import HASH_BYTES, LARGEST

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_MOST_SHOWN = 40


class MalformedError(Exception):
    """Bytes are not what they should be; says what they are of, what is wrong, and the line where there is one."""

    def __init__(self, what: str, wrong: str, line: int = 0) -> None:
        """Note what is malformed, why, and in which line, counted from 1."""
        self.what, self.wrong, self.line = what, wrong, line
        super().__init__(f"{what}, line {line}: {wrong}" if line else f"{what}: {wrong}")


def text_of(data: bytes, what: str, *, most: int) -> str:
    """Return the text of bytes that are UTF-8 without control characters but newlines, and end with one."""
    if len(data) > most:
        raise MalformedError(what, f"it has {len(data):,} bytes, and may have {most:,}")
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise MalformedError(what, f"byte {error.start} is not UTF-8") from None
    for number, line in enumerate(text.split("\n"), 1):
        if any(one < " " or one == "\x7f" for one in line):
            raise MalformedError(what, "a control character", number)
    if not text.endswith("\n"):
        raise MalformedError(what, "the last line does not end")
    return text


def headed(data: bytes, what: str, *, most: int) -> tuple[list[str], bytes]:
    """Return the lines before the first empty one, which are ASCII, and the bytes of the checkpoint after it."""
    if len(data) > most:
        raise MalformedError(what, f"it has {len(data):,} bytes, and may have {most:,}")
    head, parted, checkpoint = data.partition(b"\n\n")
    if not parted:
        raise MalformedError(what, "no empty line parts the hashes from the checkpoint")
    try:
        return head.decode("ascii").split("\n"), checkpoint
    except UnicodeDecodeError:
        raise MalformedError(what, "a byte before the checkpoint is not ASCII") from None


def number(text: str, what: str, line: int = 0) -> int:
    """Return a decimal number without sign, spaces or leading zeros, less than 2**63."""
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST:
        raise MalformedError(what, f"'{shown(text)}' is no number of this sort", line)
    return int(text)


def base64_of(text: str, what: str, line: int = 0) -> bytes:
    """Return the bytes of standard base64 in its one canonical form, padded."""
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except (Error, ValueError):
        data = b""
    if not data or b64encode(data).decode() != text:
        raise MalformedError(what, f"'{shown(text)}' is not canonical base64", line)
    return data


def hash_of(text: str, what: str, line: int = 0) -> bytes:
    """Return a hash of 32 bytes, given in base64."""
    found = base64_of(text, what, line)
    if len(found) != HASH_BYTES:
        raise MalformedError(what, f"a hash has {HASH_BYTES} bytes, not {len(found)}", line)
    return found


def base64(data: bytes) -> str:
    """Return bytes in standard base64."""
    return b64encode(data).decode()


def shown(text: str) -> str:
    """Return as much of a text as a message shows."""
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
