"""Row groups of a Parquet file of facts as Arrow decoded them, with what is asked of each only once.

A name of the agreement is looked up once a file, a word once a row group, by its dictionary. Columns of which the
file's statistics tell all are not decoded. No row is looked at here.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa

from trucekeeper.agreement.rows import GRADE, PROOFS
from trucekeeper.compliance.columns.texts import Texts
from trucekeeper.compliance.columns.values import CODES, NOTHING
from trucekeeper.mission.facts_files import FIELD_APART
from trucekeeper.terms import FieldType
from trucekeeper.terms.texts import unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from trucekeeper.agreement.rows import Known

    Flags = NDArray[np.bool_]
    Codes = NDArray[np.int32]

Read: TypeAlias = "Callable[[Any], Sequence[int] | Codes]"
"""Reads the words of an Arrow dictionary: a number for each, WRONG for one that may not stand there."""

WRONG = -2
"""The code of a value that may not stand where it does."""


# ---- what is asked once a file -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """A closed list of words in the order of the alphabet, each with its number."""

    words: tuple[str, ...]

    @cached_property
    def number(self) -> Mapping[str, int]:
        """Return the number of each word."""
        return {word: at for at, word in enumerate(self.words)}

    def read(self, word: str) -> int:
        """Return the number of a word, WRONG for one that is not on the list."""
        return self.number.get(word, WRONG)


@dataclass(frozen=True)
class Lexicon:
    """The names that an agreement declares, as numbers that are the same throughout a file."""

    known: Known
    _flags: dict[str, Flags] = field(default_factory=dict)
    _sorts: dict[str, FieldType | None] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> Listed:
        """Return the kinds."""
        return Listed(tuple(sorted(self.known.vocabulary.kinds)))

    @cached_property
    def actors(self) -> Listed:
        """Return the actors."""
        return Listed(tuple(sorted(self.known.actors)))

    @cached_property
    def zones(self) -> Listed:
        """Return the zones."""
        return Listed(tuple(sorted(self.known.zones)))

    def sort(self, field_name: str) -> FieldType | None:
        """Return the type of a field; None if no kind has it."""
        if field_name not in self._sorts:
            vocabulary = self.known.vocabulary
            sorts = (vocabulary.fields(kind).get(field_name) for kind in vocabulary.kinds)
            self._sorts[field_name] = next((one for one in sorts if one is not None), None)
        return self._sorts[field_name]

    def of_kind(self, kind: str) -> Flags:
        """Return of each kind whether it is of another; no for what is no kind."""
        return self._answers(f"is {kind}", lambda one: self.known.vocabulary.is_a(one, kind))

    def having(self, field_name: str) -> Flags:
        """Return of each kind whether it has a field, of the type that `sort` gives; no for what is no kind."""
        sort, fields = self.sort(field_name), self.known.vocabulary.fields
        return self._answers(f"has {field_name}", lambda one: fields(one).get(field_name) is sort is not None)

    def _answers(self, question: str, ask: Callable[[str], bool]) -> Flags:
        if question not in self._flags:
            self._flags[question] = np.array([*map(ask, self.kinds.words), False, False])
        return self._flags[question]


# ---- what is asked once a row group --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Rows of the facts format that were decoded together, as Arrow has them."""

    arrow: Any
    lexicon: Lexicon
    _columns: dict[str, Any] = field(default_factory=dict)
    _codes: dict[str, Codes | None] = field(default_factory=dict)
    _words: dict[str, Texts] = field(default_factory=dict)

    def column(self, name: str) -> Any:  # noqa: ANN401  pyarrow has no types
        """Return a column, None if the file has none of this name or nothing in it."""
        if name not in self._columns:
            found = self.arrow.column(name) if name in self.arrow.schema.names else None
            self._columns[name] = None if found is None or found.null_count == len(found) else _as_read(found)
        return self._columns[name]

    def codes(self, name: str, read: Read, nothing: int = NOTHING) -> Codes | None:
        """Return what `read` makes of each word of a column, and `nothing` at the end; None where it has no words."""
        if name not in self._codes:
            column = self.column(name)
            words = column is not None and is_words(column.type)
            self._codes[name] = np.array([*read(column.dictionary), nothing], CODES) if words else None
        return self._codes[name]

    def words(self, name: str) -> Texts:
        """Return the words of a column, each by its number."""
        if name not in self._words:
            self._words[name] = texts_of(self.column(name).dictionary)
        return self._words[name]

    def sort(self, field_name: str) -> FieldType | None:
        """Return the type of a field if its column is of that type; else it is read row by row."""
        sort, kind = self.lexicon.sort(field_name), self.column(FIELD_APART + field_name).type
        if sort is FieldType.NUMBER:
            return sort if pa.types.is_integer(kind) else None
        if sort is FieldType.FLAG:
            return sort if pa.types.is_boolean(kind) else None
        return sort if is_words(kind) else None

    @cached_property
    def occurring(self) -> Codes:
        """Return the numbers of the kinds that occur."""
        codes = self.codes("kind", each(self.lexicon.kinds.read))
        return np.empty(0, CODES) if codes is None else np.unique(codes[codes >= 0])

    @cached_property
    def ids(self) -> Any:  # noqa: ANN401
        """Return the names as one array of texts, nulls as empty."""
        column = self.arrow.column("id")
        if not pa.types.is_string(column.type):
            column = column.cast(pa.string())
        return column.fill_null("") if column.null_count else column


def _as_read(column: Any) -> Any:  # noqa: ANN401
    """Return moments in microseconds, and words as a dictionary of them, where they can be."""
    if pa.types.is_string(column.type):
        return column.dictionary_encode()
    with suppress(pa.ArrowInvalid):  # so far off that nobody means it
        if pa.types.is_timestamp(column.type) and column.type.unit in ("s", "ms"):
            return column.cast(pa.timestamp("us", column.type.tz))
    return column


def is_words(kind: Any) -> bool:  # noqa: ANN401
    """Return whether a column of this type is one of words."""
    return bool(pa.types.is_string(kind.value_type if pa.types.is_dictionary(kind) else kind))


def each(read: Callable[[str], int]) -> Read:
    """Return what reads each word of an Arrow dictionary by itself."""
    return lambda dictionary: [WRONG if word is None else read(word) for word in dictionary.to_pylist()]


def free(dictionary: Any) -> Sequence[int] | Codes:  # noqa: ANN401
    """Return the number of each word of a dictionary, WRONG for one that does not read as it stands."""
    texts = texts_of(dictionary)
    letters, numbers = texts.data, np.arange(len(texts), dtype=CODES)
    printable = not dictionary.null_count and bool(((letters >= ord(" ")) & (letters <= ord("~"))).all())
    if printable and (np.diff(texts.offsets) > 0).all() and (letters[texts.offsets[:-1]] > ord(" ")).all():
        return numbers
    good = [word is not None and is_plain(word) for word in dictionary.to_pylist()]
    return np.where(good, numbers, WRONG)


def _grade(word: str) -> int:
    return 0 if GRADE.fullmatch(word) else WRONG


PROOF = each(lambda word: PROOFS.get(word, WRONG))
GRADED = each(_grade)


def is_plain(word: str) -> bool:
    """Return whether a text reads as it stands: not blank, of ASCII characters that every text may hold."""
    return word.isascii() and bool(word.strip()) and not unfit(word)


def texts_of(array: Any) -> Texts:  # noqa: ANN401  pyarrow has no types
    """Return the texts of an Arrow array without copying them; what is null is empty."""
    if not len(array):
        return Texts.of(())
    _, offsets, data = array.buffers()
    starts = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    letters = np.frombuffer(data or b"", np.uint8)[starts[0] : starts[-1]]
    return Texts(letters, starts - starts[0] if starts[0] else starts)


# ---- statistics ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What the statistics of a row group tell: columns that say nothing, and those that say one word throughout.

    They are taken at their word, as every reader of Parquet takes them that looks for some rows only. Of what they
    leave open, which may be everything, nothing is said here.
    """

    nothing: frozenset[str]
    same: Mapping[str, str]

    @staticmethod
    def of(group: Any, schema: Any) -> Told:  # noqa: ANN401  pyarrow has no types
        """Return what is told by the metadata of a row group, of a file of this schema."""
        nothing, same = set[str](), dict[str, str]()
        for name, (leaf, kind) in _flat(schema).items():
            told = group.column(leaf).statistics
            if told is None or not told.has_null_count:
                continue
            if told.null_count == group.num_rows:
                nothing.add(name)
            elif not told.null_count and is_words(kind) and (word := _one_word(told)) is not None:
                same[name] = word
        return Told(frozenset(nothing), same)

    def columns(self, names: Iterable[str]) -> list[str]:
        """Return the columns of which they do not tell all."""
        return [name for name in names if name not in self.nothing and name not in self.same]

    def completed(self, arrow: Any) -> Any:  # noqa: ANN401
        """Return decoded rows with the columns that say one word throughout."""
        if not self.same:
            return arrow
        first = pa.array(np.zeros(arrow.num_rows, np.int32))
        said = {name: pa.DictionaryArray.from_arrays(first, pa.array([word])) for name, word in self.same.items()}
        columns = {**dict(zip(arrow.schema.names, arrow.columns, strict=True)), **said}
        return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def _one_word(told: Any) -> str | None:  # noqa: ANN401
    if not told.has_min_max or told.min_raw != told.max_raw or not told.min_raw.isascii():
        return None
    return str(told.min_raw.decode())


def _flat(schema: Any) -> dict[str, tuple[int, Any]]:  # noqa: ANN401
    """Return of each column with one value a row where a file keeps it, and its type; a name is always decoded."""
    before = np.cumsum([0, *(_leaves(one.type) for one in schema)]).tolist()
    columns = zip(schema, before, strict=False)
    return {one.name: (at, one.type) for one, at in columns if not one.type.num_fields and one.name != "id"}


def _leaves(kind: Any) -> int:  # noqa: ANN401
    return sum(_leaves(kind.field(at).type) for at in range(kind.num_fields)) or 1
