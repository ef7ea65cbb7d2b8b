"""What a YAML text says, where, and what of YAML is refused. Its bad inputs print as a person sees them."""

import json
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from trucekeeper.agreement import yaml_text
from trucekeeper.agreement.yaml_text import read_yaml
from trucekeeper.terms import Fault, Refused


def refusal(text: str) -> str:
    """Return the faults of a text as printed."""
    with pytest.raises(Refused) as refused:
        read_yaml(text, "a.yaml")
    return str(refused.value)


def faults_of(text: str) -> tuple[Fault, ...]:
    try:
        read_yaml(text, "a.yaml")
    except Refused as refused:
        return refused.faults
    return ()


def test_the_example_of_the_documentation_stands_where_it_says() -> None:
    assert yaml_text.__doc__
    example = textwrap.dedent(yaml_text.__doc__.split("positions:\n\n")[1])

    located = read_yaml(example, "a.yaml")

    assert located.data == {
        "zone": "valley",
        "clauses": [{"id": "halt", "since": "2025-10-10", "within_km": "1.5"}],
    }
    assert located.position(("zone",)) == (1, 1)
    assert located.position(("clauses", 0)) == (3, 5)
    assert located.position(("clauses", 0, "id")) == (3, 5)
    assert located.position(("clauses", 0, "since")) == (4, 5)


def test_what_is_not_there_stands_where_its_nearest_parent_stands() -> None:
    located = read_yaml("zone: valley\nclauses:\n  - id: halt\n", "a.yaml")

    assert located.position(("clauses", 0, "by")) == (3, 5)
    assert located.position(("clauses", 0, "by", "north")) == (3, 5)
    assert located.position(("clauses", 0, "id", "x")) == (3, 5)
    assert located.position(("clauses", 7)) == (2, 1)
    assert located.position(("texts", 3)) == (1, 1)


def test_a_fault_is_made_at_a_path() -> None:
    located = read_yaml("zone: valley\n\nclauses: []\n", "a.yaml")

    assert located.fault(("clauses",), "no clause", "add one") == Fault("a.yaml", 3, 1, "no clause", "add one")


def test_unquoted_words_are_flags_numbers_or_nothing_only_where_nobody_could_differ() -> None:
    text = "[true, False, null, ~, 12, -3, 0, yes, on, 007, +1, 0x1F, 1_000, 1.5, .nan, 2025-10-10, 12:30]"

    assert read_yaml(text, "a.yaml").data == [
        *(True, False, None, None, 12, -3, 0, "yes", "on", "007", "+1", "0x1F", "1_000", "1.5", ".nan"),
        *("2025-10-10", "12:30"),
    ]


def test_what_is_quoted_is_text() -> None:
    assert read_yaml("[\"12\", 'true', '']\n", "a.yaml").data == ["12", "true", ""]


def test_a_key_is_always_text() -> None:
    assert read_yaml("{12: a, true: b, null: c}\n", "a.yaml").data == {"12": "a", "true": "b", "null": "c"}


def test_a_missing_value_is_nothing() -> None:
    assert read_yaml("zone:\n", "a.yaml").data == {"zone": None}


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_yaml("\ufeffzone: valley\n", "a.yaml").data == {"zone": "valley"}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n", "~"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert refusal(text) == "a.yaml: the file is empty\n    write it, or remove it"


def test_anchors_aliases_tags_and_repeated_keys_are_refused_all_at_once() -> None:
    text = "a: &here 1\nb: *here\nc: !!str 2\nd: !unit {x: 1}\na: 3\n"

    assert refusal(text) == (
        "a.yaml:1:4: an anchor, &here: each thing is said where it holds\n"
        "    remove it\n"
        "a.yaml:2:4: an alias, *here: a reader would have to look elsewhere for what it says\n"
        "    write out what it stands for\n"
        "a.yaml:3:4: a tag, !!str: types come from the format\n"
        "    remove it\n"
        "a.yaml:4:4: a tag, !unit: types come from the format\n"
        "    remove it\n"
        "a.yaml:5:1: 'a' is given twice, first in line 1: nobody can tell which is meant\n"
        "    keep one"
    )


def test_an_anchored_or_aliased_key_is_refused() -> None:
    assert "a.yaml:1:1: an anchor, &k" in refusal("&k a: 1\n")
    assert "a.yaml:2:1: an alias, *k" in refusal("&k a: 1\n*k : 2\n")


def test_a_tab_is_refused_with_its_line_and_does_not_hide_the_other_faults() -> None:
    text = "a: 1\nb:\t2\n\tc: 3\na: 4\n"

    assert refusal(text) == (
        "a.yaml:2:3: a tab: editors show it at different widths, so that what looks aligned need not be\n"
        "    use spaces\n"
        "a.yaml:3:1: a tab: editors show it at different widths, so that what looks aligned need not be\n"
        "    use spaces"
    )
    assert "a.yaml:2:1: 'a' is given twice" in refusal("a:\t1\na: 2\n")


def test_a_fault_of_syntax_says_where_and_what_was_open() -> None:
    assert refusal("gloss: North: withdraws\n") == (
        "a.yaml:1:13: not YAML: mapping values are not allowed here\n"
        "    put quotes round a text that holds ': ', or mend the indentation"
    )
    assert refusal("zones: [valley\n") == (
        "a.yaml:2:1: not YAML: expected ',' or ']', but got '<stream end>'"
        " (while parsing a flow sequence, opened in line 1)\n"
        "    mend the brackets, the quotes or the indentation here or just above"
    )


def test_faults_before_one_of_syntax_are_named_with_it() -> None:
    assert refusal("a: !x 1\nb: 'open\n").startswith("a.yaml:1:4: a tag, !x")
    assert "a.yaml:3:1: not YAML: found unexpected end of stream" in refusal("a: !x 1\nb: 'open\n")


def test_a_character_that_no_text_holds_is_refused() -> None:
    assert refusal("a: 1\r\nb: \x01\n") == "a.yaml:2:4: a character that no text holds, U+0001\n    remove it"


def test_a_second_document_and_a_directive_are_refused() -> None:
    assert refusal("%YAML 1.1\n---\na: 1\n---\nb: 2\n") == (
        "a.yaml:2:1: a directive (a line that starts with '%')\n"
        "    remove it: files are YAML 1.2\n"
        "a.yaml:4:1: a second document in one file\n"
        "    keep one document; remove the '---'"
    )


def test_a_key_that_is_a_list_is_refused() -> None:
    expected = "a.yaml:1:3: a key that is a list or a mapping\n    write the key as one word"

    assert refusal("? [a]\n: 1\nb: 2\n") == expected


def test_a_number_of_too_many_digits_is_refused_and_its_quoted_form_is_not() -> None:
    assert read_yaml("a: 123456789012345678\n", "a.yaml").data == {"a": 123456789012345678}
    assert refusal("a: 1234567890123456789\n") == (
        "a.yaml:1:4: a whole number of 19 digits, over the 18 that are read\n"
        "    if it is a name and not a number, put it in quotes"
    )
    assert read_yaml("a: '1234567890123456789'\n", "a.yaml").data == {"a": "1234567890123456789"}


def test_sixty_four_levels_are_read_and_one_more_is_refused() -> None:
    assert read_yaml("[" * 64 + "]" * 64, "a.yaml").data

    assert refusal("[" * 65 + "]" * 65) == ("a.yaml:1:65: nested deeper than 64 levels\n    say it with fewer levels")


def test_a_hostile_nesting_is_refused_at_once() -> None:
    assert "nested deeper" in refusal("[" * 100_000)


def test_a_key_given_twice_names_the_line_of_the_first() -> None:
    assert "a.yaml:4:3: 'id' is given twice, first in line 2" in refusal("a:\n  id: 1\n  by: 2\n  id: 3\n")


def test_a_fault_of_the_whole_file_has_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "LARGEST", 4)

    for text in ("", "a: 12"):
        (fault,) = faults_of(text)
        assert (fault.line, fault.col) == (0, 0)


def test_a_file_as_large_as_may_be_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "LARGEST", 4)

    assert read_yaml("a: 1", "a.yaml").data == {"a": 1}


def test_a_file_over_five_million_characters_is_refused_unread() -> None:
    assert refusal("#" * 5_000_001) == (
        "a.yaml: the file has 5,000,001 characters, over the 5,000,000 that are read at once\n"
        "    split it into several files"
    )


_WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=8)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | _WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES.filter(lambda value: value is not None))
def test_json_is_read_as_what_it_says(value: object) -> None:
    assert read_yaml(json.dumps(value, ensure_ascii=False), "a.yaml").data == value


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_line_within_it(text: str) -> None:
    lines = 1 + sum(text.count(end) for end in ("\n", "\r", "\x85", "\u2028", "\u2029"))

    assert all(0 <= fault.line <= lines + 1 for fault in faults_of(text))


def test_what_we_read_is_what_the_yaml_library_reads() -> None:
    text = "a: [1, {b: x}]\nc:\n  - >-\n    two\n    lines\n  - |\n    as they\n    stand\nd: 'it''s'\n"

    assert read_yaml(text, "a.yaml").data == YAML(typ="safe", pure=True).load(text)
