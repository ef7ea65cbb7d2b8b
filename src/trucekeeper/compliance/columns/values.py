"""One column: for each fact a value out of few or many distinct ones, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from trucekeeper.compliance.columns.texts import Texts
from trucekeeper.compliance.matching import words
from trucekeeper.terms import Amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from trucekeeper.terms import Field

    Integers = NDArray[np.integer]
    Answers = NDArray[np.int8]

NOTHING = -1
"""The code of a fact that does not say."""

CODES = np.int32
"""So many distinct values no column has."""


@dataclass(frozen=True, slots=True)
class Numerals(Sequence[str]):
    """The texts "f0", "f1", "f2", ... of names that are numbers behind a prefix: nobody writes them all down."""

    prefix: str
    many: int

    def __len__(self) -> int:
        """Return how many there are."""
        return self.many

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        """Return the text of a number."""
        if isinstance(at, slice):
            return [f"{self.prefix}{one}" for one in range(*at.indices(self.many))]
        if not 0 <= at < self.many:
            raise IndexError(at)
        return f"{self.prefix}{at}"


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """A column: the code of each fact's value, `NOTHING` where it does not say, and the value of each code."""

    codes: Integers
    distinct: Sequence[Field]

    @staticmethod
    def of(values: Iterable[Field | None]) -> Values:
        """Return the column of these values."""
        seen: dict[Field, int] = {}
        codes = [NOTHING if value is None else seen.setdefault(value, len(seen)) for value in values]
        return Values(np.array(codes, CODES), tuple(seen))

    @staticmethod
    def nothing(count: int) -> Values:
        """Return a column in which no fact says anything."""
        return Values(np.broadcast_to(np.array(NOTHING, CODES), count), ())

    def __len__(self) -> int:
        """Return how many facts there are."""
        return len(self.codes)

    def take(self, rows: Integers | NDArray[np.bool_] | slice) -> Values:
        """Return the column of some of the facts."""
        return Values(self.codes[rows], self.distinct)

    def at(self, row: int) -> Field | None:
        """Return what one fact says."""
        code = int(self.codes[row])
        return None if code == NOTHING else self.distinct[code]

    def texts(self) -> list[str]:
        """Return what each fact says, as text; "" where it does not say."""
        if isinstance(self.distinct, Numerals):
            prefix = self.distinct.prefix
            return [f"{prefix}{code}" if code != NOTHING else "" for code in self.codes.tolist()]
        if len(self.codes) < len(self.distinct):
            return ["" if value is None else str(value) for value in map(self.at, range(len(self)))]
        words = [*map(str, self.distinct), ""]
        return [words[code] for code in self.codes.tolist()]

    def asked(self, ask: Callable[[Field | None], int]) -> Answers:
        """Return what `ask` answers for each fact; it is asked once for each distinct value that occurs."""
        if self.codes.strides == (0,) and len(self.codes):
            return np.broadcast_to(np.array(ask(self.at(0)), np.int8), len(self.codes))
        table = np.empty(len(self.distinct) + 1, np.int8)
        occurring = self._occurring()
        for code in occurring:
            table[code] = ask(None if code == NOTHING else self.distinct[code])
        return table[self.codes]

    def _occurring(self) -> list[int]:
        if len(self.distinct) < len(self.codes):
            return [*range(len(self.distinct)), NOTHING]
        return [int(code) for code in np.unique(self.codes)]

    def amounts(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Return the least and the most of each fact's amount, and whether it gives one."""
        given = [one if isinstance(one, Amount) else None for one in self.distinct]
        least = np.array([*(0 if one is None else one.least for one in given), 0], np.int64)
        most = np.array([*(0 if one is None else one.most for one in given), 0], np.int64)
        known = np.array([*(one is not None for one in given), False])
        return least[self.codes], most[self.codes], known[self.codes]


def joined(columns: Sequence[Values]) -> Values:
    """Return one column of several, one after the other."""
    if len(columns) == 1:
        return columns[0]
    coded, distinct = common(columns)
    return Values(np.concatenate(coded), distinct)


def common(columns: Sequence[Values]) -> tuple[list[Integers], Sequence[Field]]:
    """Return the codes of several columns in one coding, and its values."""
    first = columns[0].distinct
    if all(one.distinct is first for one in columns):
        return [one.codes for one in columns], first
    if all(isinstance(one.distinct, Numerals) and one.distinct.prefix == _prefix(first) for one in columns):
        return [one.codes for one in columns], max((one.distinct for one in columns), key=len)
    if any(isinstance(one.distinct, Texts) for one in columns) and all(_only_texts(one.distinct) for one in columns):
        return _common_texts(columns)
    seen: dict[Field, int] = {}
    tables: dict[int, Integers] = {}
    for one in columns:
        if id(one.distinct) not in tables:
            tables[id(one.distinct)] = _numbered(one.distinct, seen)
    return [tables[id(one.distinct)][one.codes] for one in columns], tuple(seen)


def _prefix(distinct: Sequence[Field]) -> str | None:
    return distinct.prefix if isinstance(distinct, Numerals) else None


def _only_texts(distinct: Sequence[Field]) -> bool:
    if isinstance(distinct, (Texts, Numerals)):
        return isinstance(distinct, Texts)
    return all(isinstance(one, str) for one in distinct)


def _common_texts(columns: Sequence[Values]) -> tuple[list[Integers], Sequence[Field]]:
    """Return the codes of several columns of texts in one coding, and its texts, of which none is made."""
    lists = {id(one.distinct): one.distinct for one in columns}
    several = [one if isinstance(one, Texts) else Texts.of(map(str, one)) for one in lists.values()]
    numbers, distinct = Texts.together(several).numbered()
    ends = np.cumsum([len(one) for one in several])[:-1]
    tables = [np.append(one, NOTHING).astype(CODES) for one in np.split(numbers, ends)]
    number = dict(zip(lists, tables, strict=True))
    return [number[id(one.distinct)].take(one.codes) for one in columns], distinct


def _numbered(distinct: Sequence[Field], seen: dict[Field, int]) -> Integers:
    """Return the number of each value among all seen, to which new ones are added, and NOTHING at the end."""
    new = [value for value in dict.fromkeys(distinct) if value not in seen]
    seen.update(zip(new, range(len(seen), len(seen) + len(new)), strict=True))
    return np.array([*map(seen.__getitem__, distinct), NOTHING], CODES)


def listed(value: Field | None) -> tuple[str, ...]:
    """Return the words of a value, none where a fact does not say."""
    return () if value is None else words(value)
