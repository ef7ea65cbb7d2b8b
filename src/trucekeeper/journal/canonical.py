"""Canonical JSON (RFC 8785): one text for one value, so that what is signed can be read and written again.

Only what cannot be misread is taken: no duplicate names, no NaN, no fractions, no whole numbers beyond 2**53 - 1,
names in NFC and of the first 65,536 characters, no half of a character, at most 32 levels and 65,535 bytes.
"""

from __future__ import annotations

import json
import unicodedata
from contextlib import suppress
from typing import Any, TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
"""What may be signed, it writes as RFC 8785 does: the tests hold it against another writer of that."""
MOST_BYTES = (1 << 16) - 1
DEEPEST = 32
LAST_IN_ORDER = "\uffff"
"""Names are sorted by UTF-16 (RFC 8785, 3.2.3): up to here that is the order of their characters."""
LARGEST = (1 << 53) - 1
"""Beyond this a reader who counts in floating point takes two numbers for one (RFC 7493)."""


class NotCanonicalError(Exception):
    """JSON that nobody may sign; says what is wrong with it."""


def written(value: Json) -> bytes:
    """Return the one text of a value. Raises NotCanonicalError."""
    _hold(value, 0)
    data = _WRITER.encode(value).encode()
    _hold_length(data)
    return data


def read(data: bytes) -> Json:
    """Return the value of a text, which must be its one text. Raises NotCanonicalError."""
    _hold_length(data)
    with suppress(ValueError, RecursionError, NotCanonicalError):
        value: Json = json.loads(data)
        if written(value) == data:
            return value
    raise _wrong_with(data)


def _wrong_with(data: bytes) -> NotCanonicalError:
    """Return what is wrong with a text that is not the one text of any value."""
    try:
        written(
            json.loads(
                data.decode("utf-8"),
                object_pairs_hook=_named_once,
                parse_constant=_no_number,
                parse_float=_no_number,
                parse_int=_whole,
            )
        )
    except UnicodeDecodeError as error:
        return NotCanonicalError(f"byte {error.start} is not UTF-8")
    except json.JSONDecodeError as error:
        return NotCanonicalError(f"it is no JSON: {error.msg} at character {error.pos}")
    except RecursionError:
        return NotCanonicalError(f"it has more than {DEEPEST} levels")
    except NotCanonicalError as error:
        return error
    return NotCanonicalError("it is not written in the one canonical way (RFC 8785)")


def _hold_length(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise NotCanonicalError(f"it has {len(data):,} bytes, and may have {MOST_BYTES:,}")


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise NotCanonicalError(f"the name '{twice[:80]}' stands twice in one object")
    return found


def _no_number(text: str) -> Any:  # noqa: ANN401  it never returns
    raise NotCanonicalError(f"{text[:40]} is no whole number")


def _whole(text: str) -> int:
    if len(text) > len(str(LARGEST)) + 1:
        raise NotCanonicalError(f"{text[:40]} is beyond 2^53 - 1")
    return int(text)


def _hold(value: Json, level: int) -> None:
    """Hold that a value and all in it may be signed."""
    if level > DEEPEST:
        raise NotCanonicalError(f"it has more than {DEEPEST} levels")
    if isinstance(value, str):
        _hold_characters(value)
    elif isinstance(value, dict):
        for name, one in value.items():
            _hold_name(name)
            _hold(one, level + 1)
    elif isinstance(value, list):
        for one in value:
            _hold(one, level + 1)
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonicalError(f"{value} is beyond 2^53 - 1")
    elif value is not None:
        raise NotCanonicalError(f"{type(value).__name__} is no value of JSON that may be signed")


def _hold_name(name: object) -> None:
    if not isinstance(name, str):
        raise NotCanonicalError(f"{name!r} is no name")
    if name.isascii():
        return
    _hold_characters(name)
    if not unicodedata.is_normalized("NFC", name):
        raise NotCanonicalError(f"the name '{name[:80]}' is not in NFC")
    if max(name) > LAST_IN_ORDER:
        raise NotCanonicalError(f"the name '{name[:80]}' has characters by whose code names are not sorted alike")


def _hold_characters(text: str) -> None:
    if text.isascii():
        return
    try:
        text.encode("utf-8", "strict")
    except UnicodeEncodeError:
        raise NotCanonicalError("a text holds half of a character") from None
