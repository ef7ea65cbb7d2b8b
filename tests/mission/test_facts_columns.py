"""What is read as columns is what is read row by row: the same facts count, with the same faults and verdicts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.generated import world
from trucekeeper.agreement.rows import Known, write_row
from trucekeeper.compliance.batch import batch, stands
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.standing import Question, standing
from trucekeeper.mission.facts_columns import ColumnsRead, read_columns
from trucekeeper.mission.facts_files import read_facts
from trucekeeper.terms import Refused
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Stand
    from trucekeeper.terms import Fact

Row = dict[str, Any]
TIMES = ("at", "earliest", "latest", "from", "until", "learned_at", "recorded_at", "not_before")
LATER = parse_moment("2040-01-01T00:00Z")


def typed(rows: Sequence[Row]) -> Any:  # noqa: ANN401  pyarrow has no types
    """Return rows of the facts format as a table as programs write them: typed, each field in a column of its own."""
    flat = [
        {
            **{key: value for key, value in row.items() if key != "fields"},
            **{f"fields.{key}": value for key, value in row.get("fields", {}).items()},
        }
        for row in rows
    ]
    names = dict.fromkeys(key for row in flat for key in row)
    return pa.table({name: _column(name, [row.get(name) for row in flat]) for name in names})


def _column(name: str, cells: list[Any]) -> Any:  # noqa: ANN401
    if name in TIMES:
        moments = [None if cell is None else parse_moment(cell) for cell in cells]
        return pa.array(moments, pa.int64()).cast(pa.timestamp("us", "UTC"))
    if any(isinstance(cell, dict) for cell in cells):
        pair = pa.struct([("least", pa.int64()), ("most", pa.int64())])
        both = [cell if cell is None or isinstance(cell, dict) else {"least": cell, "most": cell} for cell in cells]
        return pa.array(both, pair)
    if any(isinstance(cell, list) for cell in cells):
        return pa.array([[cell] if isinstance(cell, str) else cell for cell in cells], pa.list_(pa.string()))
    return pa.array(cells)


@dataclass(frozen=True)
class Told:
    """A file of facts, read both ways."""

    path: Path
    agreement: Agreement

    def row_by_row(self) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
        found = read_facts([self.path], Known.of(self.agreement))
        return found.facts, tuple(map(str, found.faults))

    def as_columns(self, question: Question, **more: Any) -> ColumnsRead:  # noqa: ANN401
        return read_columns(self.path, self.agreement, question, **more)


def rows_of(several: Iterable[Stand]) -> list[tuple[object, ...]]:
    """Return what must be the same of each stand, whatever the order of facts of one time."""
    return sorted(
        (
            *(stand.key, stand.version, stand.reading, stand.verdict.value, stand.lifecycle.value, stand.figure),
            *(str(stand.due), stand.met, str(stand.met_at), stand.rests_on),
            tuple(sorted((one.fact, one.answer, one.when) for one in stand.episodes)),
        )
        for stand in several
    )


def same_both_ways(file: Told, question: Question, **more: Any) -> ColumnsRead:  # noqa: ANN401
    read = file.as_columns(question, **more)
    facts, faults = file.row_by_row()
    assert tuple(map(str, read.faults)) == faults
    wanted = standing(file.agreement, facts, question).stands
    assert rows_of(stands(batch(file.agreement, read.log, question))) == rows_of(wanted)
    return read


@pytest.mark.parametrize("seed", range(0, 400, 10))
def test_a_generated_history_reads_the_same_as_columns(tmp_path: Path, seed: int) -> None:
    found = world(seed)
    path = tmp_path / "facts.parquet"
    parquet.write_table(typed([write_row(fact) for fact in found.facts]), path, row_group_size=7)

    same_both_ways(Told(path, found.agreement), found.question)


# ---- named cases ---------------------------------------------------------------------------------------------------


SHELLING: Row = {
    "id": "f1",
    "kind": "shelling",
    "by": "north",
    "at": "2031-03-26T10:00Z",
    "learned_at": "2031-03-26T11:00Z",
    "occurred": "corroborated",
    "who": "corroborated",
}
ASKED = Question(parse_moment("2031-03-29T00:00Z"), LATER)


@pytest.fixture
def tell(tmp_path: Path) -> Callable[..., Told]:
    """Return a function that writes rows to a file, under an agreement that looks at attacks."""

    def write(*rows: Row, **options: Any) -> Told:  # noqa: ANN401
        path = tmp_path / "facts.parquet"
        parquet.write_table(typed(rows), path, **options)
        return Told(path, ATTACKS.agreement)

    return write


ATTACKS = next(
    found
    for found in map(world, range(0, 4000, 4))
    if any(clause.latest().kind == "prohibit" for clause in found.agreement.clauses.values())
    and "permit" in found.agreement.vocabulary.kinds
)


def kinds(read: ColumnsRead) -> dict[str, list[str]]:
    """Return the names of the facts that count, by kind."""
    return {table.kind: table.ids.texts() for table in read.log.tables if len(table)}


def test_a_fact_said_twice_counts_once(tell: Callable[..., Told]) -> None:
    read = same_both_ways(tell(SHELLING, SHELLING), ASKED)

    assert kinds(read) == {"shelling": ["f1"]}


def test_two_contents_for_one_revision_are_named_and_neither_counts(tell: Callable[..., Told]) -> None:
    read = same_both_ways(tell(SHELLING, {**SHELLING, "by": "south"}), ASKED)

    assert kinds(read) == {}
    assert "says another thing" in str(read.faults[0])


def test_the_highest_revision_known_counts(tell: Callable[..., Told]) -> None:
    again = {**SHELLING, "rev": 2, "kind": "gunfire", "learned_at": "2031-03-28T00:00Z"}
    told = tell(again, SHELLING)

    assert kinds(same_both_ways(told, ASKED)) == {"gunfire": ["f1"]}
    before = replace(ASKED, known_at=parse_moment("2031-03-28T00:00Z") - 1)
    assert kinds(same_both_ways(told, before)) == {"shelling": ["f1"]}


def test_a_correction_that_no_clause_means_takes_the_fact_away(tell: Callable[..., Told]) -> None:
    again = {**SHELLING, "rev": 2, "kind": "explosion", "learned_at": "2031-03-28T00:00Z"}

    assert "shelling" not in kinds(same_both_ways(tell(SHELLING, {**again, "by": None}), ASKED))


def test_a_retraction_takes_the_fact_away_once_it_is_known(tell: Callable[..., Told]) -> None:
    gone = {"id": "f1", "rev": 2, "op": "retract", "learned_at": "2031-03-28T00:00Z"}
    told = tell(SHELLING, gone)

    assert kinds(same_both_ways(told, ASKED)) == {}
    assert kinds(same_both_ways(told, replace(ASKED, known_at=parse_moment("2031-03-27T00:00Z")))) != {}


def test_a_redacted_fact_is_redacted_at_every_known_at(tell: Callable[..., Told]) -> None:
    hidden = {"id": "f1", "rev": 2, "op": "redact", "kind": "shelling", "learned_at": "2031-03-28T00:00Z"}
    told = tell(SHELLING, hidden)

    early = same_both_ways(told, replace(ASKED, known_at=parse_moment("2031-03-27T00:00Z")))
    assert [table.redacted.tolist() for table in early.log.tables if len(table)] == [[True]]


def test_what_retracts_nothing_is_named(tell: Callable[..., Told]) -> None:
    read = same_both_ways(tell({"id": "f9", "op": "retract", "learned_at": "2031-03-28T00:00Z"}, SHELLING), ASKED)

    assert ["retracts nothing" in str(fault) for fault in read.faults] == [True]


def test_a_time_of_learning_that_falls_is_named_and_the_fact_stays(tell: Callable[..., Told]) -> None:
    read = same_both_ways(tell({**SHELLING, "learned_at": "2031-03-29T00:00Z"}, {**SHELLING, "rev": 2}), ASKED)

    assert ["falls" in str(fault) for fault in read.faults] == [True]
    assert kinds(read) == {"shelling": ["f1"]}


def test_a_fact_put_on_record_later_was_not_known_before(tell: Callable[..., Told]) -> None:
    told = tell({**SHELLING, "recorded_at": "2031-03-28T00:00Z"})

    assert kinds(same_both_ways(told, replace(ASKED, known_at=parse_moment("2031-03-27T00:00Z")))) == {}
    assert kinds(same_both_ways(told, ASKED)) == {"shelling": ["f1"]}


def test_a_fact_not_released_to_an_audience_does_not_exist_for_it(tell: Callable[..., Told]) -> None:
    told = tell({**SHELLING, "owner": "guarantor", "releasable_to": ["north"]})

    assert kinds(same_both_ways(told, replace(ASKED, audience=Audience("south", LATER)))) == {}
    assert kinds(same_both_ways(told, replace(ASKED, audience=Audience("north", LATER)))) == {"shelling": ["f1"]}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "shellling"}, "did you mean 'shelling'"),
        ({"by": "nort"}, "actor of the agreement"),
        ({"zone": "nowhere"}, "zone or line"),
        ({"occurred": "certain"}, "level of proof"),
        ({"op": "asserts"}, "is no op"),
        ({"learned_at": "2031-03-25T00:00Z"}, "before it happened"),
        ({"at": "1850-01-01T00:00Z"}, "years 1900 to 2199"),
        ({"at": None, "earliest": "2031-03-26T12:00Z", "latest": "2031-03-26T10:00Z"}, "is after latest"),
        ({"at": None}, "missing: the row does not say when"),
        ({"latest": "2031-03-26T10:00Z"}, "more than one way"),
        ({"rev": 0}, "less than 1"),
        ({"fields": {"toward": "valley"}}, "has no field"),
        ({"fields": {"against": "nobody"}}, "actor of the agreement"),
        ({"fields": {"count": 10**16}}, "beyond what is ever counted"),
        ({"id": "f 1 "}, "blanks at an end"),
        ({"id": ""}, "empty text"),
        ({"id": "f" * 201}, "more than 200"),
        ({"grade": "Z9"}, "Admiralty"),
        ({"note": " "}, "empty text"),
        ({"cite": "a\u202eb"}, "U+202E"),
        ({"within_m": 5}, "a radius round no place"),
        ({"lat": 8.05}, "given without lon"),
        ({"lat": 95.0, "lon": 1.0}, "not between -90 and 90"),
        ({"lat": float("nan"), "lon": 1.0}, "not a number of degrees"),
    ],
)
def test_a_faulty_row_is_named_as_the_row_reader_names_it(tell: Callable[..., Told], wrong: Row, says: str) -> None:
    other = {**SHELLING, "id": "f2"}
    read = same_both_ways(tell({**SHELLING, **wrong}, other), ASKED)

    assert says in str(read.faults[0])
    assert kinds(read) == {"shelling": ["f2"]}


@pytest.mark.parametrize(
    "place",
    [
        {"lat": 8.05, "lon": -29.97},
        {"lat": "8.05", "lon": "-29.97", "within_m": 20},
        {"lat": 8.0499999, "lon": -29.9700001},
        {"lat": "8.04999995", "lon": "-29.97"},
        {"lat": 8.049999950000001, "lon": -29.97},
    ],
)
def test_a_place_is_the_same_to_the_last_unit(tell: Callable[..., Told], place: Row) -> None:
    told = tell({**SHELLING, **place})
    read = same_both_ways(told, ASKED)

    (fact,), _ = told.row_by_row()
    (table,) = (one for one in read.log.tables if len(one))
    assert table.fact(0).place == fact.place


def test_a_fact_made_of_columns_says_what_verdicts_read(tell: Callable[..., Told]) -> None:
    said = {
        **SHELLING,
        "zone": "valley",
        "fields": {"against": "south", "killed": 3, "permitted": True, "weapon": "m"},
    }
    told = tell({**said, "at": None, "earliest": "2031-03-26T09:00Z", "latest": "2031-03-26T10:00Z"})
    (table,) = (one for one in told.as_columns(ASKED).log.tables if len(one))

    (fact,), _ = told.row_by_row()
    made = table.fact(0)
    assert made == replace(fact, learned_at=made.learned_at)


def test_several_workers_read_what_one_reads(tmp_path: Path) -> None:
    found = world(40)
    path = tmp_path / "facts.parquet"
    parquet.write_table(typed([write_row(fact) for fact in found.facts]), path, row_group_size=3)
    told = Told(path, found.agreement)
    heard: list[tuple[int, int]] = []

    read = same_both_ways(told, found.question, workers=3, told=lambda done, rows: heard.append((done, rows)))

    assert heard[-1] == (read.rows, read.rows)
    assert read.rows == len(found.facts)


def test_facts_of_the_folder_count_beside_and_correct_those_of_the_file(tell: Callable[..., Told]) -> None:
    told = tell(SHELLING, {**SHELLING, "id": "f2"})
    (fact, _), _ = told.row_by_row()
    later = replace(fact, rev=2, kind="gunfire", learned_at=LATER)

    read = told.as_columns(ASKED, more=[later, replace(fact, id="f3")])

    assert kinds(read) == {"shelling": ["f2", "f3"], "gunfire": ["f1"]} or kinds(read)["gunfire"] == ["f1"]


def test_a_file_with_other_columns_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    parquet.write_table(pa.table({"id": ["a"], "colour": ["red"]}), path)

    with pytest.raises(Refused) as refused:
        read_columns(path, ATTACKS.agreement, ASKED)

    assert ["'colour' is no column" in str(fault) for fault in refused.value.faults] == [True, False]


def test_a_truncated_file_is_refused(tmp_path: Path, tell: Callable[..., Told]) -> None:
    whole = tell(SHELLING).path.read_bytes()
    path = tmp_path / "cut.parquet"
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(Refused, match="not a whole Parquet file"):
        read_columns(path, ATTACKS.agreement, ASKED)


def test_a_field_said_twice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    row = typed([SHELLING]).append_column("fields", pa.array(['{"weapon": "mortar"}']))
    parquet.write_table(row.append_column("fields.weapon", pa.array(["gun"])), path)

    read = same_both_ways(Told(path, ATTACKS.agreement), ASKED)

    assert "said twice" in str(read.faults[0])


# ---- what the statistics of a file tell ----------------------------------------------------------------------------


CITED = {**SHELLING, "zone": "valley", "source": "post", "cite": "a log"}


@pytest.mark.parametrize(
    "options", [{}, {"write_statistics": False}, {"use_dictionary": False}, {"row_group_size": 2}]
)
def test_a_file_reads_the_same_whatever_its_statistics_tell(tell: Callable[..., Told], options: Row) -> None:
    rows = [
        CITED,
        {**CITED, "id": "f2", "zone": None},
        {**CITED, "id": "f3", "kind": "explosion", "by": None, "who": None, "fields": {"direction": "north"}},
        {**CITED, "id": "f4", "source": None, "at": None, "earliest": CITED["at"], "latest": CITED["learned_at"]},
        {"id": "f2", "rev": 2, "op": "retract", "learned_at": "2031-03-28T00:00Z"},
    ]
    read = same_both_ways(tell(*rows, **options), ASKED)

    assert read.faults == ()


@pytest.mark.parametrize("wrong", [{"cite": " "}, {"grade": "Z9"}, {"by": "nobody"}, {"kind": "shellling"}])
def test_a_word_that_may_not_stand_is_named_in_every_row_where_all_say_it(
    tell: Callable[..., Told], wrong: Row
) -> None:
    rows = [{**CITED, **wrong, "id": f"f{number}"} for number in range(3)]
    read = same_both_ways(tell(*rows), ASKED)

    assert len(read.faults) == len(rows)


@pytest.mark.parametrize("empty", ["id", "learned_at", "kind", "at"])
def test_a_column_with_nothing_in_it_is_missed_in_every_row(tell: Callable[..., Told], empty: str) -> None:
    rows = [{**CITED, "id": f"f{number}", empty: None} for number in range(3)]
    told = tell(*rows)
    columns = parquet.read_table(told.path)
    kind = columns.schema.field(empty).type
    typed_still = pa.nulls(3, pa.string() if pa.types.is_null(kind) else kind)
    parquet.write_table(columns.set_column(columns.schema.get_field_index(empty), empty, typed_still), told.path)
    read = same_both_ways(told, ASKED)

    assert len(read.faults) == len(rows)


@pytest.mark.parametrize("column", ["kind", "by", "cite", "op", "fields.weapon"])
def test_a_wrong_word_that_no_row_says_does_no_harm(tell: Callable[..., Told], column: str) -> None:
    told = tell({**CITED, "fields": {"weapon": "mortar"}, "op": "assert"}, {**CITED, "id": "f2"})
    table = parquet.read_table(told.path)
    said = table.column(column).combine_chunks().dictionary_encode()
    words = pa.DictionaryArray.from_arrays(said.indices, pa.array([*said.dictionary.to_pylist(), " "]))
    parquet.write_table(table.set_column(table.schema.get_field_index(column), column, words), told.path)
    read = same_both_ways(told, ASKED)

    assert read.faults == ()
    assert kinds(read) == {"shelling": ["f1", "f2"]}


def test_fields_of_one_object_beside_fields_of_their_own_are_read(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    rows = typed([CITED, {**CITED, "id": "f2", "fields": {"weapon": "mortar"}}])
    parquet.write_table(rows.append_column("fields", pa.array(['{"count": 3}', None])), path)

    read = same_both_ways(Told(path, ATTACKS.agreement), ASKED)

    assert read.faults == ()
    assert sorted(name for table in read.log.tables for name in table.ids.texts()) == ["f1", "f2"]


def test_a_file_without_rows_says_nothing(tell: Callable[..., Told]) -> None:
    told = tell(SHELLING)
    parquet.write_table(parquet.read_table(told.path).slice(0, 0), told.path)

    assert same_both_ways(told, ASKED).rows == 0


def test_a_large_row_group_is_read_in_parts(tell: Callable[..., Told], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trucekeeper.mission.facts_columns.GROUP", 4)
    rows = [{**CITED, "id": f"f{number}", "zone": "valley" if number % 3 else None} for number in range(11)]
    again = [{**rows[number], "rev": 2, "kind": "gunfire"} for number in (0, 5)]

    assert same_both_ways(tell(*rows, *again), ASKED).rows == len(rows) + len(again)


def test_words_beyond_a_dictionary_page_are_read(tell: Callable[..., Told]) -> None:
    rows = [{**CITED, "id": f"f{number}", "fields": {"weapon": f"w{number % 40}"}} for number in range(80)]

    same_both_ways(tell(*rows, dictionary_pagesize_limit=16, data_page_size=64, write_batch_size=8), ASKED)


def test_two_contents_of_a_fact_that_no_clause_means_are_named(tell: Callable[..., Told]) -> None:
    idle = {"id": "f1", "kind": "talks", "at": CITED["at"], "learned_at": CITED["learned_at"]}
    told = tell({**idle, "kind": "amnesty"}, {**idle, "kind": "amnesty", "note": "another"}, {**SHELLING, "id": "f2"})
    read = same_both_ways(told, ASKED)

    assert ["says another thing" in str(fault) for fault in read.faults] == [True]


@pytest.mark.parametrize("count", [pa.array([2**63, 3], pa.uint64()), pa.array([-(2**63), 3], pa.int64())])
def test_a_number_of_any_width_beyond_what_is_counted_is_named(tmp_path: Path, count: pa.Array) -> None:
    path = tmp_path / "facts.parquet"
    rows = typed([CITED, {**CITED, "id": "f2"}])
    parquet.write_table(rows.append_column("fields.count", count), path)

    read = same_both_ways(Told(path, ATTACKS.agreement), ASKED)

    assert ["beyond what is ever counted" in str(fault) for fault in read.faults] == [True]


def test_a_revision_beyond_all_numbers_with_a_sign_stops_its_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    rows = typed([CITED, {**CITED, "id": "f2"}])
    parquet.write_table(rows.append_column("rev", pa.array([2**63, 1], pa.uint64())), path)

    read = same_both_ways(Told(path, ATTACKS.agreement), ASKED)

    assert {name for table in read.log.tables for name in table.ids.texts()} >= {"f2"}
