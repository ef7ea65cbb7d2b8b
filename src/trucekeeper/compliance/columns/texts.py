"""Many texts as bytes: names by the million, of which no text is made until somebody reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, overload

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Integers = NDArray[np.integer]
    Hashes = NDArray[np.uint64]

WORD = 8
"""So many bytes are looked at together."""
AT_ONCE = 1 << 16
"""Of so many texts together: what they need fits a processor's cache."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True, eq=False)
class Texts(Sequence[str]):
    """Texts of UTF-8 bytes `data`, each from its offset up to the next; the first begins with the first byte."""

    data: NDArray[np.uint8]
    offsets: Integers

    @staticmethod
    def of(texts: Iterable[str]) -> Texts:
        """Return these texts."""
        encoded = [text.encode() for text in texts]
        starts = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return Texts(np.frombuffer(b"".join(encoded), np.uint8), starts)

    @staticmethod
    def together(several: Sequence[Texts]) -> Texts:
        """Return the texts of several, one after the other."""
        if len(several) == 1:
            return several[0]
        before = np.cumsum([0, *(len(one.data) for one in several)])
        starts = [one.offsets[:-1] + start for one, start in zip(several, before.tolist(), strict=False)]
        data = np.concatenate([one.data for one in several])
        return Texts(data, np.concatenate([*starts, before[-1:]], dtype=np.int64))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        """Return one text."""
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self.data[self.offsets[at] : self.offsets[at + 1]].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        """Yield every text."""
        whole, ends = self.data.tobytes(), self.offsets.tolist()
        for start, end in pairwise(ends):
            yield whole[start:end].decode()

    def take(self, which: Integers) -> Texts:
        """Return some of the texts, in this order."""
        lengths = np.diff(self.offsets)[which]
        offsets = np.zeros(len(which) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        shift = np.repeat(self.offsets[:-1][which] - offsets[:-1], lengths)
        return Texts(self.data[shift + np.arange(len(shift))], offsets)

    def hashes(self) -> Hashes:
        """Return 64 bits for each text, which are the same for equal texts and hardly ever for others.

        The mixing steps are those of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, Fast Splittable Pseudorandom
        Number Generators, OOPSLA 2014), once for each eight bytes.
        """
        padded = np.concatenate([self.data, np.zeros(WORD, np.uint8)])
        words = np.ndarray((len(self.data) + 1,), "<u8", padded.data, strides=(1,))  # the eight bytes from each on
        found = np.empty(len(self), np.uint64)
        for start in range(0, len(self), AT_ONCE):
            ends = self.offsets[start : start + AT_ONCE + 1]
            found[start : start + AT_ONCE] = _hashes(words, ends[:-1], np.diff(ends))
        return found

    def numbered(self) -> tuple[Integers, Texts]:
        """Return a number for each text, the same for equal ones, and the text of each number as they first occur."""
        order, again = by_hash([self.hashes()])
        if not again.any():
            return np.arange(len(self)), self
        if not self._equal(order[:-1][again[1:]], order[1:][again[1:]]):
            return self._numbered_one_by_one()
        first = np.empty(len(self), np.intp)
        first[order] = order[np.maximum.accumulate(np.where(again, 0, np.arange(len(order))))]
        new = first == np.arange(len(self))
        return (np.cumsum(new) - 1)[first], self.take(np.flatnonzero(new))

    def _equal(self, ours: Integers, theirs: Integers) -> bool:
        """Return whether texts equal others, each the one beside it."""
        one, other = self.take(ours), self.take(theirs)
        return np.array_equal(one.offsets, other.offsets) and np.array_equal(one.data, other.data)

    def _numbered_one_by_one(self) -> tuple[Integers, Texts]:
        seen: dict[str, int] = {}
        numbers = np.array([seen.setdefault(text, len(seen)) for text in self], np.intp)
        return numbers, Texts.of(seen)


def by_hash(several: Sequence[Hashes]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the places of hashes in order of their first bits, and which share these with the one before.

    Several columns of hashes are counted through. As many last bits as number the places give way to the number: one
    sort of whole numbers, and no look-up. Of equal hashes the first stands first; of ten million others some fifty
    pairs share the bits that are left.
    """
    count = sum(map(len, several))
    last = np.uint64((1 << count.bit_length()) - 1)
    marked, start = np.empty(count, np.uint64), 0
    for hashes in several:
        some = marked[start : start + len(hashes)]
        np.bitwise_and(hashes, ~last, out=some)
        some |= np.arange(start, start + len(some), dtype=np.uint64)
        start += len(some)
    marked.sort()
    again = np.zeros(count, bool)
    for start in range(1, count, AT_ONCE):
        end = start + AT_ONCE
        again[start:end] = (marked[start:end] ^ marked[start - 1 : end - 1][: count - start]) <= last
    marked &= last
    return marked.view(np.intp), again


def _hashes(words: Hashes, starts: Integers, left: Integers) -> Hashes:
    """Return the hashes of texts that begin at these places and are so long."""
    mixed = left.astype(np.uint64)
    mixed *= _ODD
    mixed ^= words[starts] << _beyond(left)
    _mix(mixed)
    for step in range(WORD, int(left.max(initial=0)), WORD):
        rows = np.flatnonzero(left > step)
        longer = mixed[rows] ^ (words[starts[rows] + step] << _beyond(left[rows] - step))
        _mix(longer)
        mixed[rows] = longer
    return mixed


def _beyond(left: Integers) -> Hashes:
    """Return how many bits of a word are of the next text, where so many bytes are left of this one."""
    return (np.clip(WORD - left, 0, WORD) * WORD).astype(np.uint64)


def _mix(bits: Hashes) -> None:
    """Mix each of these in its place."""
    bits ^= bits >> np.uint64(30)
    bits *= _MIX
    bits ^= bits >> np.uint64(27)
    bits *= _ODD
