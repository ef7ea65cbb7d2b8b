"""JSON with places: what it reads, what it refuses, and where it says that is."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucekeeper.geo.located import DEEPEST, Faults, Node, Value, parse

Plain = dict[str, "Plain"] | list["Plain"] | str | Decimal | bool | None


def read(text: str) -> tuple[Node | None, list[str]]:
    faults = Faults("zones.geojson", text)
    return parse(faults), [f"{one.line}:{one.col}: {one.what}" for one in faults.found]


def plain(value: Value) -> Plain:
    if isinstance(value, dict):
        return {key: plain(node.value) for key, node in value.items()}
    return [plain(node.value) for node in value] if isinstance(value, list) else value


def faults_of(text: str) -> list[str]:
    return read(text)[1]


texts = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=30,
)


@given(value=json_values, indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans())
def test_whatever_json_writes_is_read_the_same(value: object, indent: int | None, ascii_only: bool) -> None:  # noqa: FBT001  hypothesis
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    node, faults = read(text)

    assert faults == []
    assert node is not None
    assert plain(node.value) == json.loads(text, parse_int=Decimal, parse_float=Decimal)


@given(text=st.text(alphabet='{}[]",:01.-+eNaInfity tru\\ \n'))
def test_what_is_read_is_what_json_reads_and_the_rest_is_a_fault(text: str) -> None:
    node, faults = read(text)
    try:
        expected = json.loads(text, parse_int=Decimal, parse_float=Decimal)
    except ValueError:
        assert faults
        return

    assert faults or (node is not None and plain(node.value) == expected)


def test_every_value_knows_where_it_begins() -> None:
    text = '{"a": [1,\n  {"b": "x"}]}'
    node, _ = read(text)

    assert node is not None
    assert isinstance(node.value, dict)
    outer = node.value["a"]
    assert isinstance(outer.value, list)
    inner = outer.value[1].value
    assert isinstance(inner, dict)
    assert [text[one.at] for one in (node, outer, *outer.value, inner["b"])] == ["{", "[", "1", "{", '"']


def test_numbers_stay_exact() -> None:
    node, _ = read("-30.10000000000000000001")

    assert node is not None
    assert node.value == Decimal("-30.10000000000000000001")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1:1: the file is empty"),
        (" \n\t\n", "1:1: the file is empty"),
        ("zones", "1:1: not JSON: Expecting value"),
        ("{} {}", "1:4: not JSON: something follows the end"),
        ('{"a" 1}', "1:6: not JSON: ':' was expected"),
        ('{"a": 1 "b"}', "1:9: not JSON: ',' was expected"),
        ("[1 2]", "1:4: not JSON: ',' was expected"),
        ("[1,\n 2,\n ]", "3:2: not JSON: Expecting value"),
        ('{"a": 1,}', "1:9: not JSON: a key in double quotes was expected"),
        ("{a: 1}", "1:2: not JSON: a key in double quotes was expected"),
        ("[1", "1:3: not JSON: ',' was expected"),
        ("[", "1:2: not JSON: Expecting value"),
        ("{", "1:2: not JSON: a key in double quotes was expected"),
        ('{"a": 1', "1:8: not JSON: ',' was expected"),
        ('"a', "1:1: not JSON: Unterminated string starting at"),
        ('{"a": 1, "b": 2,\n "a": 3}', "2:2: 'a' is here twice"),
        ("[NaN]", "1:2: NaN is no number"),
        ("[1, Infinity]", "1:5: Infinity is no number"),
        ("[1, -Infinity]", "1:5: -Infinity is no number"),
        ("1e99999999999999999999", "1:1: 1e99999999999999999999 is no number"),
        ('"\\ud800"', "1:1: a character that no text holds, U+D800"),
        ('{"\\udfff": 1}', "1:2: a character that no text holds, U+DFFF"),
    ],
)
def test_a_fault_is_told_with_its_line_and_column(text: str, fault: str) -> None:
    assert faults_of(text) == [fault]


def test_a_long_number_is_told_by_its_beginning() -> None:
    assert faults_of("1e" + "9" * 100) == ["1:1: 1e" + "9" * 38 + " is no number"]


def test_all_faults_before_the_text_breaks_off_are_told() -> None:
    assert faults_of('{"a": NaN, "a": 1,\n"b"') == [
        "1:7: NaN is no number",
        "1:12: 'a' is here twice",
        "2:4: not JSON: ':' was expected",
    ]


def test_a_key_may_be_in_two_objects() -> None:
    assert faults_of('[{"a": 1}, {"a": 1}]') == []


def test_empty_lists_and_objects_are_read() -> None:
    node, faults = read('{"a": [ ], "b": { }}')

    assert faults == []
    assert node is not None
    assert plain(node.value) == {"a": [], "b": {}}


def test_nesting_has_an_end() -> None:
    deepest = "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)

    assert DEEPEST == 32
    assert faults_of(deepest) == []
    assert faults_of('{"a":' * DEEPEST + "{}" + "}" * DEEPEST) == []
    assert faults_of("[" + deepest + "]") == [f"1:{DEEPEST + 2}: not JSON: nested deeper than {DEEPEST} levels"]
    assert len(faults_of('{"a":' * 100_000)) == 1


def test_every_fault_says_what_to_do() -> None:
    faults = Faults("zones.geojson", '[NaN, "\\ud800", {"a": 1, "a": 2},')
    parse(faults)

    assert [bool(one.remedy) for one in faults.found] == [True] * 4
    assert {one.file for one in faults.found} == {"zones.geojson"}
