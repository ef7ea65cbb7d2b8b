"""Which rows of a Parquet batch are of the plain sort, and their columns as numbers.

A row is plain if every value is of its column's type and known, it says when it happened by `at` or by `earliest` and
`latest`, bears no label and lasts for no period. Then it has no fault, and reads as its columns say. Of any other row
nothing is said here: `facts_files` reads it, and says what is wrong with it if something is.

Rows are looked at only where a column's words, its type or what is missing in it leave something to ask.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa

from trucekeeper.agreement.rows import FAR, FIRST, LARGEST_NUMBER, LAST, LONGEST_ID
from trucekeeper.compliance.columns.table import Places
from trucekeeper.compliance.columns.values import CODES, NOTHING, Values
from trucekeeper.mission.facts_files import FIELD_APART
from trucekeeper.mission.row_groups import GRADED, PROOF, WRONG, each, free, texts_of
from trucekeeper.terms import DAWN, Amount, FieldType, Op, Proof
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucekeeper.compliance.columns.texts import Texts
    from trucekeeper.mission.row_groups import Group, Listed, Read

    Flags = NDArray[np.bool_]
    Moments = NDArray[np.int64]
    Codes = NDArray[np.int32]
    Rows = NDArray[np.intp]

Some: TypeAlias = "Rows | slice"
"""Some rows of a batch, by their places."""
OPS = [op.value for op in Op]
ASSERTS, RETRACTS = OPS.index(Op.ASSERT.value), OPS.index(Op.RETRACT.value)
LABELLED = ("owner", "releasable_to", "not_before", "precision")
UNUSUAL = ("fields", "on", "from", "until", *LABELLED)
"""Columns of which a plain row says nothing."""
SAID_ONLY = ("source", "origin", "cite", "note")
"""Texts that no verdict reads."""
OF_ANY_ROW = ("id", "rev", "op", "learned_at", "recorded_at", "grade", *SAID_ONLY)
"""Columns in which a row may say something whatever it does."""
_HALF = 0.01
"""A coordinate so near the middle of two whole numbers is rounded by the exact reader."""

EVERY = slice(None)
"""All rows of a batch."""


@dataclass(frozen=True)
class Batch:
    """The rows of a group."""

    group: Group
    _given: dict[str, Flags] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return int(self.group.arrow.num_rows)

    def rows(self, some: Rows) -> Any:  # noqa: ANN401  pyarrow has no types
        """Return some of the rows as an Arrow table."""
        return pa.Table.from_batches([self.group.arrow]).take(pa.array(some))

    # ---- columns ----

    def says(self, name: str) -> bool:
        """Return whether anything may stand in a column."""
        return self.group.column(name) is not None

    def column(self, name: str) -> Any:  # noqa: ANN401  pyarrow has no types
        """Return a column, None if nothing stands in it."""
        return self.group.column(name)

    def _all(self, *, yes: bool) -> Flags:
        return np.broadcast_to(np.array(yes), len(self))

    def given(self, name: str) -> Flags:
        """Return which rows say something in a column."""
        column = self.group.column(name)
        if column is None or not column.null_count:
            return self._all(yes=column is not None)
        if name not in self._given:
            first, skipped = divmod(column.offset, 8)
            bits = np.frombuffer(column.buffers()[0], np.uint8)[first:]
            answers = np.unpackbits(bits, count=skipped + len(self), bitorder="little")
            self._given[name] = answers[skipped:].view(bool)
        return self._given[name]

    def _count(self, rows: Some) -> int:
        return len(self) if isinstance(rows, slice) else len(rows)

    def codes(self, name: str, read: Read, nothing: int = NOTHING, rows: Some = EVERY) -> Codes:
        """Return what `read` makes of the word of some rows, `nothing` where one says none."""
        column = self.group.column(name)
        if column is None:
            return np.broadcast_to(np.array(nothing, CODES), self._count(rows))
        codes = self.group.codes(name, read, nothing)
        if codes is None:
            return np.where(self.given(name)[rows], WRONG, nothing).astype(CODES)
        if len(column.dictionary) == 1 and not column.null_count:
            return np.broadcast_to(codes[0], self._count(rows))
        numbers = _raw(column.indices)[rows]
        if column.null_count:
            numbers = numbers | (self.given(name)[rows].view(np.int8) - np.int8(1))  # the last, where it says nothing
        found: Codes = codes.take(numbers)
        return found

    def wrong(self, name: str, read: Read, nothing: int = NOTHING) -> Flags | None:
        """Return in which rows a word stands that may not; None if in none."""
        codes = self.group.codes(name, read, nothing)
        if not self.says(name) or (codes is not None and WRONG not in codes):
            return None
        wrong: Flags = self.codes(name, read, nothing) == WRONG
        return wrong

    def moments(self, name: str, rows: Some = EVERY) -> tuple[Moments, Flags]:
        """Return which moments stand in some rows (any, where none does), and in which one stands that can be."""
        column, given = self.group.column(name), self.given(name)[rows]
        if column is None or not _is_exact(column.type):
            return np.broadcast_to(np.array(0, np.int64), len(given)), self._all(yes=False)[rows]
        moments = _raw(column.cast(pa.int64()))[rows]
        if len(moments) and (moments.min() < FIRST or moments.max() > LAST):
            given = given & (moments >= FIRST) & (moments <= LAST)
        return moments, given

    # ---- what a row is ----

    @cached_property
    def names(self) -> Texts:
        """Return the names."""
        return texts_of(self.group.ids)

    @cached_property
    def named(self) -> Flags:
        """Return which names are of plain visible ASCII; of any other the exact reader says whether it is good."""
        letters, starts = self.names.data, self.names.offsets
        lengths = np.diff(starts)
        good = (lengths > 0) & (lengths <= LONGEST_ID)
        if len(letters) and (letters.min() < ord("!") or letters.max() > ord("~")):
            odd = np.flatnonzero((letters < ord("!")) | (letters > ord("~")))
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
        revisions = _whole(column)
        if column.null_count:
            revisions = np.where(self.given("rev"), revisions, 1)
        if revisions.min() < 1 or revisions.max() >= 1 << 31:
            revisions = np.where((revisions >= 1) & (revisions < 1 << 31), revisions, 0)
        return revisions.astype(np.int32, copy=False)

    @cached_property
    def op(self) -> Codes:
        """Return for each row the number of what it does in `Op`, WRONG for no such word."""
        return self.codes("op", each(lambda word: OPS.index(word) if word in OPS else WRONG), ASSERTS)

    @cached_property
    def asserts(self) -> Flags:
        """Return which rows assert."""
        found: Flags = self.op == ASSERTS
        return found

    @cached_property
    def learned_at(self) -> Moments:
        """Return when the source of each knew it."""
        return self.moments("learned_at")[0]

    @cached_property
    def kind(self) -> Values:
        """Return the kinds."""
        return self._listed("kind", self.group.lexicon.kinds)

    def by(self, rows: Some) -> Values:
        """Return who is said to have done each of some rows."""
        return self._listed("by", self.group.lexicon.actors, rows)

    def zone(self, rows: Some) -> Values:
        """Return in which zone each of some rows was."""
        return self._listed("zone", self.group.lexicon.zones, rows)

    def _listed(self, name: str, words: Listed, rows: Some = EVERY) -> Values:
        return Values(self.codes(name, each(words.read), rows=rows), words.words)

    def proof(self, name: str, rows: Some) -> NDArray[np.int8]:
        """Return how far some rows, or who did them, are established, as numbers of `Proof`."""
        return self.codes(name, PROOF, int(Proof.ALLEGED), rows).astype(np.int8)

    @cached_property
    def when(self) -> tuple[Moments, Moments, Flags]:
        """Return the first and last moment at which each may have happened, and for which rows that is plain."""
        at, once = self.moments("at")
        if not (self.says("earliest") or self.says("latest")):
            return at, at, once
        rows = np.flatnonzero(~self.given("at"))
        (earliest, begun), (latest, over) = self.moments("earliest", rows), self.moments("latest", rows)
        timed = once & ~(self.given("earliest") | self.given("latest"))
        timed[rows] = begun & over & (earliest <= latest)
        first, last = at.copy(), at.copy()
        first[rows], last[rows] = earliest, latest
        return first, last, timed

    @cached_property
    def recorded_at(self) -> tuple[Moments, Flags]:
        """Return when each was put on record, DAWN where it was not; and for which rows that is plain."""
        if not self.says("recorded_at"):
            return np.broadcast_to(np.array(DAWN, np.int64), len(self)), self._all(yes=True)
        moments, good = self.moments("recorded_at")
        given = self.given("recorded_at")
        return np.where(given, moments, DAWN), good | ~given

    @cached_property
    def places(self) -> tuple[Places, Flags]:
        """Return where each was, and for which rows that is plain: both coordinates or neither, near the zones."""
        if not any(map(self.says, ("lat", "lon", "within_m"))):
            return Places.nowhere(len(self)), self._all(yes=True)
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
        metres = np.where(self.given("within_m"), _whole(column), 0)
        return metres, (metres >= 0) & (metres <= LARGEST_NUMBER)

    def _swapped(self, lat: Moments, lon: Moments) -> Flags:
        """Return which places lie far from all zones; the exact reader says whether their axes look exchanged."""
        extent = self.group.lexicon.known.extent
        if extent is None:
            return np.zeros(len(lat), bool)
        south, west, north, east = extent
        near = (lat >= south - FAR) & (lat <= north + FAR) & (lon >= west - FAR) & (lon <= east + FAR)
        return ~near

    # ---- fields ----

    @cached_property
    def fields_apart(self) -> tuple[str, ...]:
        """Return the names of the fields that have a column of their own, and say something in it."""
        columns = (one for one in self.group.arrow.schema.names if one.startswith(FIELD_APART) and self.says(one))
        return tuple(one.removeprefix(FIELD_APART) for one in columns)

    def said(self, name: str, rows: Some) -> Values:
        """Return what a field says in some of the plain rows."""
        column, lexicon = FIELD_APART + name, self.group.lexicon
        match self.group.sort(name):
            case FieldType.NUMBER:
                return _amounts(_whole(self.column(column))[rows], self.given(column)[rows])
            case FieldType.FLAG:
                flags = _numpy(self.column(column).cast(pa.int8()).fill_null(NOTHING))
                return Values(flags[rows].astype(CODES), (False, True))
            case FieldType.WORD:
                return Values(self.codes(column, free, rows=rows), self.group.words(column))
            case FieldType.ACTOR:
                return self._listed(column, lexicon.actors, rows)
            case FieldType.ZONE:
                return self._listed(column, lexicon.zones, rows)
            case _:  # no plain row says it
                return Values.nothing(self._count(rows))

    def _faulty(self, name: str) -> Flags | None:
        """Return in which rows a field is not of the plain sort, or their kind has no such field; None if in none."""
        column = FIELD_APART + name
        rows = np.flatnonzero(self.given(column))
        faulty = self._wrong(name, column, rows)
        having = self.group.lexicon.having(name)
        if not having[self.group.occurring].all():
            strange = ~having.take(self.kind.codes.take(rows))
            faulty = strange if faulty is None else faulty | strange
        if faulty is None or not faulty.any():
            return None
        found = np.zeros(len(self), bool)
        found[rows[faulty]] = True
        return found

    def _wrong(self, name: str, column: str, rows: Rows) -> Flags | None:
        """Return in which of the rows that say something in a field it is not of its type; None if in none."""
        lexicon = self.group.lexicon
        match self.group.sort(name):
            case FieldType.NUMBER:
                numbers = _whole(self.column(column))[rows]
                return (numbers < -LARGEST_NUMBER) | (numbers > LARGEST_NUMBER)
            case FieldType.FLAG:
                return None
            case FieldType.WORD:
                wrong = self.wrong(column, free)
            case FieldType.ACTOR:
                wrong = self.wrong(column, each(lexicon.actors.read))
            case FieldType.ZONE:
                wrong = self.wrong(column, each(lexicon.zones.read))
            case _:
                wrong = self._all(yes=True)
        return None if wrong is None else wrong[rows]

    # ---- all together ----

    @cached_property
    def plain(self) -> Flags:
        """Return which rows are of the plain sort: those that assert, and those that retract and say nothing more."""
        learned, knows = self.moments("learned_at")
        good = self.named & (self.rev > 0) & knows & self.recorded_at[1]
        for name in filter(self.says, UNUSUAL):
            good &= ~self.given(name)
        others = np.flatnonzero(~self.asserts)
        plain: Flags = good & self._asserts(learned)
        plain[others] = good[others] & self._retracts(others)
        for wrong in (*(self.wrong(name, free) for name in SAID_ONLY), self.wrong("grade", GRADED)):
            if wrong is not None:
                plain &= ~wrong
        return plain

    def _asserts(self, learned: Moments) -> Flags:
        """Return which rows are plain if they assert."""
        earliest, _, timed = self.when
        lexicon, good = self.group.lexicon, timed & self.places[1] & (self.kind.codes >= 0)
        early = learned < earliest
        if early.any():
            good &= ~early | lexicon.of_kind("schedule").take(self.kind.codes)
        claims = lexicon.of_kind("claim")
        if claims[self.group.occurring].any():
            good &= ~claims.take(self.kind.codes)
        named = ((name, lexicon.actors if name == "by" else lexicon.zones) for name in ("by", "zone"))
        wrong = [self.wrong(name, each(words.read)) for name, words in named]
        wrong += [self.wrong(name, PROOF, int(Proof.ALLEGED)) for name in ("occurred", "who")]
        wrong += [self._faulty(name) for name in self.fields_apart]
        for one in wrong:
            if one is not None:
                good &= ~one
        return good

    def _retracts(self, rows: Rows) -> Flags:
        """Return which of some rows retract, and say nothing more."""
        silent: Flags = self.op[rows] == RETRACTS
        for name in self.group.arrow.schema.names if len(rows) else ():
            if name not in OF_ANY_ROW and self.says(name):
                silent &= ~self.given(name)[rows]
        return silent


def _amounts(numbers: Moments, given: Flags) -> Values:
    distinct, places = np.unique(numbers[given], return_inverse=True)
    codes = np.full(len(numbers), NOTHING, CODES)
    codes[given] = places
    return Values(codes, tuple(Amount(one, one) for one in distinct.tolist()))


def _whole(column: Any) -> NDArray[np.int64]:  # noqa: ANN401
    """Return a column of whole numbers, any where it is null; what is beyond `LARGEST_NUMBER` stays beyond it."""
    numbers = _raw(column)
    if numbers.dtype == np.uint64:
        numbers = np.minimum(numbers, LARGEST_NUMBER + 1)
    whole: NDArray[np.int64] = numbers.astype(np.int64, copy=False)
    return whole


def _is_exact(kind: Any) -> bool:  # noqa: ANN401
    return pa.types.is_timestamp(kind) and kind.tz is not None and kind.unit == "us"


def _raw(array: Any) -> Any:  # noqa: ANN401
    """Return the numbers of an Arrow array without copying them; where it is null stands any number."""
    return np.frombuffer(array.buffers()[1], array.type.to_pandas_dtype())[array.offset :][: len(array)]


def _numpy(array: Any) -> Any:  # noqa: ANN401
    return array.to_numpy(zero_copy_only=False)
