"""Copies: reports of which one was made from another, or both from a third.

Two reports are copies if they give the same address, or if their texts are alike: once capitals, marks and blanks
are left aside, at least 90 of 100 by the normalised indel distance (rapidfuzz `ratio`), for texts of forty letters or
more; a shorter text says too little to tell a copy from a coincidence, and is one only of the same words. Copies of
copies are copies. So that a flood of ten thousand does not ask fifty million comparisons, only texts are compared
that share one of eight bands of least hashes of their shingles (A. Broder, "On the resemblance and containment of
documents", 1997): two texts nine tenths alike share one but for about one pair in a thousand.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.fuzz import ratio

from trucekeeper.fusion.joining import Joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucekeeper.terms import Report

ALIKE = 90
"""Of 100: an agency's dispatch under another headline keeps more than this, two patrols' own words never did."""
SHORTEST = 40
SHINGLE = 5
BANDS = 8
MOST_IN_BAND = 50
"""So many texts of one band are compared with a new one: where more are alike, they are alike with these."""
_MARKS = re.compile(r"[\W_]+")
_TRACKING = re.compile(r"[?#].*$")


@lru_cache(maxsize=1 << 17)
def plain(text: str) -> str:
    """Return a text as texts are compared: NFKC, no capitals, one blank for marks and blanks between words."""
    return _MARKS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def address(url: str) -> str:
    """Return an address as addresses are compared: without scheme, `www.`, query, fragment and last slash."""
    bare = _TRACKING.sub("", url.strip())
    return re.sub(r"^[a-z]+://(www\.)?", "", bare, flags=re.IGNORECASE).rstrip("/").casefold()


def alike(reports: Sequence[Report], known: Iterable[Sequence[int]] = ()) -> tuple[tuple[int, ...], ...]:
    """Return the groups of two or more copies among reports, as keys in order; those `known` need not be compared."""
    joined = Joined[int]()
    for copies in known:
        for one, other in pairwise(copies):
            joined.join(one, other)
    by_name: dict[str, int] = {}
    texts: dict[str, int] = {}
    for report in sorted(reports, key=lambda one: one.key):
        words = plain(report.text)
        if report.url:
            joined.join(by_name.setdefault(f"url {address(report.url)}", report.key), report.key)
        if words:
            joined.join(texts.setdefault(words, report.key), report.key)
    if len({joined.find(key) for key in texts.values()}) > 1:
        for several in _sharing(texts):
            _join_near(joined, texts, several)
    return joined.several()


def _sharing(texts: Iterable[str]) -> Iterable[list[str]]:
    """Return the texts long enough, band by band, in the same order whatever theirs."""
    bands: dict[tuple[int, int], list[str]] = {}
    for text in sorted(texts):
        for band in sketch(text) if len(text) >= SHORTEST else ():
            bands.setdefault(band, []).append(text)
    return bands.values()


def _join_near(joined: Joined[int], texts: Mapping[str, int], several: Sequence[str]) -> None:
    """Join the texts of one band that are alike; those of one group already are not looked at."""
    if len({joined.find(texts[one]) for one in several}) == 1:
        return
    for at, text in enumerate(several):
        for one in several[: min(at, MOST_IN_BAND)]:
            if joined.find(texts[one]) != joined.find(texts[text]) and ratio(one, text, score_cutoff=ALIKE):
                joined.join(texts[one], texts[text])


@lru_cache(maxsize=1 << 17)
def sketch(text: str) -> tuple[tuple[int, int], ...]:
    """Return the bands of a text: for each of eight hashes, the least over its shingles of five characters."""
    shingles = {text[start : start + SHINGLE] for start in range(max(1, len(text) - SHINGLE + 1))}
    digests = b"".join(blake2b(one.encode(), digest_size=BANDS * 8).digest() for one in shingles)
    return tuple(enumerate(np.frombuffer(digests, dtype=">u8").reshape(-1, BANDS).min(axis=0).tolist()))
