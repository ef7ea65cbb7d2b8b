"""Which rows of a Parquet batch are of the plain sort, and their columns as numbers.

A row is plain if every value is of its column's type and known, it says when it happened by `at` or by `earliest` and
`latest`, bears no label and lasts for no period. Then it has no fault, and reads as its columns say. Of any other row
nothing is said here: `facts_files` reads it, and says what is wrong with it if something is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from trucekeeper.agreement.rows import FAR, FIRST, GRADE, LARGEST_NUMBER, LAST, LONGEST_ID, PROOFS, Known
from trucekeeper.compliance.columns.revisions import hashes
from trucekeeper.compliance.columns.table import Places
from trucekeeper.compliance.columns.values import CODES, NOTHING, Values
from trucekeeper.mission.facts_files import FIELD_APART
from trucekeeper.terms import DAWN, Amount, FieldType, Op, Proof
from trucekeeper.terms.places import E7
from trucekeeper.terms.texts import unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from trucekeeper.terms import Field, Vocabulary

    Flags = NDArray[np.bool_]
    Moments = NDArray[np.int64]
    Codes = NDArray[np.int32]

OPS = [op.value for op in Op]
WRONG = -2
"""The code of a value that may not stand where it does."""
LABELLED = ("owner", "releasable_to", "not_before", "precision")
UNUSUAL = ("fields", "on", "from", "until", *LABELLED)
"""Columns of which a plain row says nothing."""
SAID_ONLY = ("source", "origin", "cite", "note")
"""Texts that no verdict reads."""
_HALF = 0.01
"""A coordinate so near the middle of two whole numbers is rounded by the exact reader."""


@dataclass
class Lexicon:
    """The words of a file, column by column: each word has one code throughout, and is looked at once a row group."""

    words: dict[str, dict[Field, int]] = field(default_factory=lambda: defaultdict(dict))
    distinct: dict[str, list[Field]] = field(default_factory=lambda: defaultdict(list))
    _tables: dict[str, tuple[Any, Codes]] = field(default_factory=dict)
    _flags: dict[str, Flags] = field(default_factory=dict)
    _sorts: dict[str, FieldType | None] = field(default_factory=dict)

    def sort(self, field_name: str, vocabulary: Vocabulary) -> FieldType | None:
        """Return the type of a field; None if no kind has it."""
        if field_name not in self._sorts:
            sorts = (vocabulary.fields(kind).get(field_name) for kind in vocabulary.kinds)
            self._sorts[field_name] = next((one for one in sorts if one is not None), None)
        return self._sorts[field_name]

    def flags(self, name: str, answers: Callable[[], Iterable[bool]]) -> Flags:
        """Return answers about each word of a closed list, and no for what is none of them; asked once a file."""
        if name not in self._flags:
            self._flags[name] = np.array([*answers(), False, False])
        return self._flags[name]

    def codes(self, name: str, dictionary: Any, read: Callable[[Any], Sequence[int]]) -> Codes:  # noqa: ANN401
        """Return what `read` makes of each word of an Arrow dictionary, and NOTHING at the end."""
        held = self._tables.get(name)
        if held is None or _address(held[0]) != _address(dictionary):
            held = (
                dictionary,
                np.array([*read(dictionary), NOTHING], CODES),
            )  # held, so that nothing takes its place
            self._tables[name] = held
        return held[1]

    def free(self, name: str, dictionary: Any) -> Sequence[int]:  # noqa: ANN401
        """Return a code for each word of a dictionary, WRONG for one that does not read as it stands."""
        words, distinct = self.words[name], self.distinct[name]
        several, good = dictionary.to_pylist(), _good_words(dictionary)
        kept = several if good is None else [word for word, fine in zip(several, good, strict=True) if fine]
        new = [word for word in dict.fromkeys(kept) if word not in words]
        words.update(zip(new, range(len(distinct), len(distinct) + len(new)), strict=True))
        distinct += new
        return [words[word] for word in kept] if good is None else [words.get(word, WRONG) for word in several]


def _address(array: Any) -> tuple[object, ...]:  # noqa: ANN401
    return (len(array), array.offset, *(None if one is None else one.address for one in array.buffers()))


def _good_words(dictionary: Any) -> list[bool] | None:  # noqa: ANN401
    """Return which words of a dictionary read as they stand; None if all do."""
    _, offsets, data = dictionary.buffers()
    starts = np.frombuffer(offsets, np.int32)[dictionary.offset : dictionary.offset + len(dictionary) + 1]
    letters = np.frombuffer(data or b"", np.uint8)[: starts[-1]] if len(starts) else np.empty(0, np.uint8)
    printable = not dictionary.null_count and bool(((letters >= ord(" ")) & (letters <= ord("~"))).all())
    if printable and (np.diff(starts) > 0).all() and (letters[starts[:-1]] > ord(" ")).all():
        return None
    return [word is not None and is_plain(word) for word in dictionary.to_pylist()]


@dataclass(frozen=True)
class Batch:
    """A batch of rows of the facts format, as Arrow has them."""

    arrow: Any
    known: Known
    lexicon: Lexicon

    def __len__(self) -> int:
        """Return how many rows there are."""
        return int(self.arrow.num_rows)

    def rows(self, some: NDArray[np.intp]) -> Any:  # noqa: ANN401  pyarrow has no types
        """Return some of the rows as an Arrow table."""
        return pa.Table.from_batches([self.arrow]).take(pa.array(some))

    # ---- columns ----

    def column(self, name: str) -> Any:  # noqa: ANN401  pyarrow has no types
        """Return a column, None if the file has none of this name or nothing in it."""
        if name not in self.arrow.schema.names:
            return None
        column = self.arrow.column(name)
        return None if column.null_count == len(column) else column

    def given(self, name: str) -> Flags:
        """Return which rows say something in a column."""
        column = self.column(name)
        if column is None:
            return np.zeros(len(self), bool)
        return np.ones(len(self), bool) if not column.null_count else _numpy(column.is_valid())

    def codes(self, name: str, read: Callable[[Any], Sequence[int]]) -> Codes:
        """Return what `read` makes of each row's word, NOTHING where it says none."""
        column = self.column(name)
        if column is None:
            return np.broadcast_to(np.array(NOTHING, CODES), len(self))
        if not pa.types.is_dictionary(column.type):
            if not pa.types.is_string(column.type):
                return np.where(self.given(name), WRONG, NOTHING).astype(CODES)
            column = column.dictionary_encode()
        table = self.lexicon.codes(name, column.dictionary, read)
        found: Codes = table[_numpy(column.indices.fill_null(-1) if column.null_count else column.indices)]
        return found

    def words(self, name: str, read: Callable[[str], int]) -> Codes:
        """Return what `read` makes of each row's word, one word at a time."""

        def each(dictionary: Any) -> list[int]:  # noqa: ANN401
            return [WRONG if word is None else read(word) for word in dictionary.to_pylist()]

        return self.codes(name, each)

    def free_words(self, name: str) -> Values:
        """Return what each row says in words of its own."""
        codes = self.codes(name, lambda dictionary: self.lexicon.free(name, dictionary))
        return Values(codes, self.lexicon.distinct[name])

    def moments(self, name: str) -> tuple[Moments, Flags]:
        """Return the moments of a column (0 where it says none), and which rows say one that can be."""
        column = self.column(name)
        if column is None:
            return np.broadcast_to(np.array(0, np.int64), len(self)), np.zeros(len(self), bool)
        kind = column.type
        if not pa.types.is_timestamp(kind) or kind.tz is None or kind.unit == "ns":
            return np.broadcast_to(np.array(0, np.int64), len(self)), np.zeros(len(self), bool)
        if kind.unit != "us":
            column = column.cast(pa.timestamp("us", kind.tz))
        moments = _numpy(column.cast(pa.int64()).fill_null(0))
        good = self.given(name)
        if len(moments) and (moments.min() < FIRST or moments.max() > LAST):
            good = good & (moments >= FIRST) & (moments <= LAST)
        return moments, good

    def choices(self, name: str, words: Collection[str]) -> Values:
        """Return the column of a word that must be one of these, in the order of the alphabet."""
        distinct = self.lexicon.distinct[name]
        if not distinct:
            distinct += sorted(words)
            self.lexicon.words[name] = {word: at for at, word in enumerate(distinct)}
        number = self.lexicon.words[name]
        return Values(self.words(name, lambda word: number.get(word, WRONG)), distinct)

    # ---- what a row is ----

    @cached_property
    def ids(self) -> Any:  # noqa: ANN401
        """Return the names as one array of texts, nulls as empty."""
        column = self.arrow.column("id")
        if pa.types.is_dictionary(column.type) or not pa.types.is_string(column.type):
            column = column.cast(pa.string())
        return column.fill_null("") if column.null_count else column

    @cached_property
    def id_bytes(self) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
        """Return the UTF-8 bytes of all names, and where each begins."""
        _, offsets, data = self.ids.buffers()
        first = self.ids.offset
        starts = np.frombuffer(offsets, np.int32)[first : first + len(self) + 1]
        return np.frombuffer(data or b"", np.uint8)[starts[0] : starts[-1]], starts - starts[0]

    def hashes(self) -> NDArray[np.uint64]:
        """Return 64 bits for each name."""
        return hashes(*self.id_bytes)

    @cached_property
    def named(self) -> Flags:
        """Return which names are of plain visible ASCII; of any other the exact reader says whether it is good."""
        data, starts = self.id_bytes
        lengths = np.diff(starts)
        good = (lengths > 0) & (lengths <= LONGEST_ID)
        odd = np.flatnonzero((data < ord("!")) | (data > ord("~")))
        good[np.searchsorted(starts, odd, side="right") - 1] = False
        return good

    @cached_property
    def rev(self) -> NDArray[np.int32]:
        """Return the revisions, 0 where one is not a whole number from 1."""
        column = self.column("rev")
        if column is None:
            return np.broadcast_to(np.array(1, np.int32), len(self))
        if not pa.types.is_integer(column.type):
            return np.where(self.given("rev"), 0, 1).astype(np.int32)
        revisions = _numpy(column.cast(pa.int64()).fill_null(1))
        return np.where((revisions >= 1) & (revisions < 1 << 31), revisions, 0).astype(np.int32)

    @cached_property
    def op(self) -> Codes:
        """Return for each row the number of what it does in `Op`, WRONG for no such word."""
        codes = self.words("op", lambda word: OPS.index(word) if word in OPS else WRONG)
        return np.where(codes == NOTHING, OPS.index(Op.ASSERT.value), codes).astype(CODES)

    @cached_property
    def asserts(self) -> Flags:
        """Return which rows assert."""
        found: Flags = self.op == OPS.index(Op.ASSERT.value)
        return found

    @cached_property
    def learned_at(self) -> Moments:
        """Return when the source of each knew it."""
        return self.moments("learned_at")[0]

    @cached_property
    def kind(self) -> Values:
        """Return the kinds."""
        return self.choices("kind", self.known.vocabulary.kinds)

    def of_kinds(self, name: str, ask: Callable[[str], bool]) -> Flags:
        """Return for which rows the answer about their kind is yes; it is no where the kind is not known."""
        kinds = self.kind
        table = self.lexicon.flags(name, lambda: (ask(str(one)) for one in kinds.distinct))
        found: Flags = table[kinds.codes]
        return found

    @cached_property
    def by(self) -> Values:
        """Return who is said to have done each."""
        return self.choices("by", self.known.actors)

    @cached_property
    def zone(self) -> Values:
        """Return in which zone each was."""
        return self.choices("zone", self.known.zones)

    @cached_property
    def occurred(self) -> NDArray[np.int8]:
        """Return how far each is established, as numbers of `Proof`."""
        return self._proof("occurred")

    @cached_property
    def who(self) -> NDArray[np.int8]:
        """Return how far it is established who did each, as numbers of `Proof`."""
        return self._proof("who")

    def _proof(self, name: str) -> NDArray[np.int8]:
        codes = self.words(name, lambda word: PROOFS.get(word, WRONG))
        return np.where(codes == NOTHING, int(Proof.ALLEGED), codes).astype(np.int8)

    @cached_property
    def when(self) -> tuple[Moments, Moments, Flags]:
        """Return the first and last moment at which each may have happened, and for which rows that is plain."""
        at, has_at = self.moments("at")
        if has_at.all() and self.column("earliest") is None and self.column("latest") is None:
            return at, at, has_at
        earliest, has_earliest = self.moments("earliest")
        latest, has_latest = self.moments("latest")
        other = self.given("earliest") | self.given("latest")
        once = has_at & ~other
        between = has_earliest & has_latest & ~self.given("at") & (earliest <= latest)
        return np.where(once, at, earliest), np.where(once, at, latest), once | between

    @cached_property
    def recorded_at(self) -> tuple[Moments, Flags]:
        """Return when each was put on record, DAWN where it was not; and for which rows that is plain."""
        moments, good = self.moments("recorded_at")
        given = self.given("recorded_at")
        return np.where(given, moments, DAWN), good | ~given

    @cached_property
    def places(self) -> tuple[Places, Flags]:
        """Return where each was, and for which rows that is plain: both coordinates or neither, near the zones."""
        if all(self.column(name) is None for name in ("lat", "lon", "within_m")):
            return Places.nowhere(len(self)), np.ones(len(self), bool)
        lat, lat_good = self._degrees("lat", 90)
        lon, lon_good = self._degrees("lon", 180)
        within, within_good = self._metres()
        placed = self.given("lat") | self.given("lon")
        good = np.where(placed, lat_good & lon_good & within_good, ~self.given("within_m"))
        return Places(lat, lon, within, placed), good & ~(placed & self._swapped(lat, lon))

    def _degrees(self, name: str, most: int) -> tuple[Moments, Flags]:
        column = self.column(name)
        nothing = np.zeros(len(self), np.int64), np.zeros(len(self), bool)
        if column is None:
            return nothing
        if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type):
            try:
                column = column.cast(pa.string()).cast(pa.float64())
            except pa.ArrowInvalid:  # some text is no number: one by one
                return nothing
        if not pa.types.is_floating(column.type):
            return nothing
        exact = _numpy(column.cast(pa.float64()).fill_null(np.nan)) * E7
        with np.errstate(invalid="ignore"):
            whole = np.rint(exact)
            good = (np.abs(exact) <= most * E7) & (np.abs(np.abs(exact - whole) - 0.5) > _HALF)
        return np.where(good, whole, 0).astype(np.int64), good

    def _metres(self) -> tuple[Moments, Flags]:
        column = self.column("within_m")
        if column is None:
            return np.zeros(len(self), np.int64), np.ones(len(self), bool)
        if not pa.types.is_integer(column.type):
            return np.zeros(len(self), np.int64), ~self.given("within_m")
        metres = _numpy(column.cast(pa.int64()).fill_null(0))
        return metres, (metres >= 0) & (metres <= LARGEST_NUMBER)

    def _swapped(self, lat: Moments, lon: Moments) -> Flags:
        """Return which places lie far from all zones; the exact reader says whether their axes look exchanged."""
        if self.known.extent is None:
            return np.zeros(len(lat), bool)
        south, west, north, east = self.known.extent
        near = (lat >= south - FAR) & (lat <= north + FAR) & (lon >= west - FAR) & (lon <= east + FAR)
        return ~near

    # ---- fields ----

    def fields_apart(self) -> Iterator[str]:
        """Yield the names of the fields that have a column of their own, and say something in it."""
        for name in self.arrow.schema.names:
            if name.startswith(FIELD_APART) and self.column(name) is not None:
                yield name.removeprefix(FIELD_APART)

    def field_apart(self, name: str) -> tuple[Values, Flags]:
        """Return what a field says in each row, and for which rows that is plain."""
        column, given = self.column(FIELD_APART + name), self.given(FIELD_APART + name)
        kinds = self.known.vocabulary
        sort = self.lexicon.sort(name, kinds)
        allowed = self.of_kinds(FIELD_APART + name, lambda kind: kinds.fields(kind).get(name) is sort is not None)
        values = self._values(name, column, sort)
        good: Flags = ~given | (allowed & (values.codes >= 0))
        return Values(np.where(good & given, values.codes, NOTHING).astype(CODES), values.distinct), good

    def _values(self, name: str, column: Any, sort: FieldType | None) -> Values:  # noqa: ANN401
        if sort is FieldType.NUMBER and pa.types.is_integer(column.type):
            return _amounts(column)
        if sort is FieldType.FLAG and pa.types.is_boolean(column.type):
            return Values(_numpy(column.cast(pa.int8()).fill_null(NOTHING)).astype(CODES), (False, True))
        if sort is FieldType.WORD:
            return self.free_words(FIELD_APART + name)
        if sort in (FieldType.ACTOR, FieldType.ZONE):
            names = self.known.actors if sort is FieldType.ACTOR else self.known.zones
            return self.choices(FIELD_APART + name, names)
        return Values(np.full(len(self), WRONG, CODES), ())

    # ---- all together ----

    @cached_property
    def fields(self) -> dict[str, tuple[Values, Flags]]:
        """Return every field that has a column, and for which rows it is plain."""
        return {name: self.field_apart(name) for name in self.fields_apart()}

    @cached_property
    def plain(self) -> Flags:
        """Return which rows are of the plain sort: those that assert, and those that retract and say nothing more."""
        learned, knows = self.moments("learned_at")
        good = self.named & (self.rev > 0) & knows & self.recorded_at[1]
        for name in UNUSUAL:
            if self.column(name) is not None:
                good &= ~self.given(name)
        for name in SAID_ONLY:
            good &= self.free_words(name).codes != WRONG
        good &= self.words("grade", lambda word: 0 if GRADE.fullmatch(word) else WRONG) != WRONG
        return good & np.where(self.asserts, self._asserts(learned), self._retracts())

    def _asserts(self, learned: Moments) -> Flags:
        earliest, _, timed = self.when
        is_a = self.known.vocabulary.is_a
        good = timed & (self.kind.codes >= 0) & self.places[1]
        good &= (learned >= earliest) | self.of_kinds("schedule", lambda kind: is_a(kind, "schedule"))
        good &= ~self.of_kinds("claim", lambda kind: is_a(kind, "claim"))
        for codes in (self.by.codes, self.zone.codes, self.occurred, self.who):
            good &= codes != WRONG
        for _, fine in self.fields.values():
            good &= fine
        plain: Flags = good
        return plain

    def _retracts(self) -> Flags:
        silent = self.op == OPS.index(Op.RETRACT.value)
        for name in self.arrow.schema.names:
            if name not in ("id", "rev", "op", "learned_at", "recorded_at", "grade", *SAID_ONLY):
                silent &= ~self.given(name)
        plain: Flags = silent
        return plain


def is_plain(word: str) -> bool:
    """Return whether a text reads as it stands: not blank, of ASCII characters that every text may hold."""
    return word.isascii() and bool(word.strip()) and not unfit(word)


def _amounts(column: Any) -> Values:  # noqa: ANN401
    numbers = column.dictionary_encode()
    distinct = numbers.dictionary.to_pylist()
    codes = _numpy(numbers.indices.cast(pa.int32()).fill_null(NOTHING)).astype(CODES)
    good = np.array([*(abs(one) <= LARGEST_NUMBER for one in distinct), True])
    return Values(np.where(good[codes], codes, WRONG).astype(CODES), tuple(Amount(one, one) for one in distinct))


def _numpy(array: Any) -> Any:  # noqa: ANN401
    return array.to_numpy(zero_copy_only=False)
