"""The handbook keeps its word: every example loads, the tutorial is done as written, every link leads somewhere.

What a page shows of the command's answers is compared as words, so that a column made wider changes nothing. If such
a test fails because an answer rightly changed, paste the new answer into the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from trucekeeper.agreement import language
from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.rows import COLUMNS, Known
from trucekeeper.cli.app import app
from trucekeeper.geo import Atlas, read_geojson
from trucekeeper.mission.facts_files import read_facts
from trucekeeper.terms import BASE_VOCABULARY, Lifecycle, Proof, Refused, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "handbook").glob("*.md"))
TUTORIAL = ROOT / "handbook" / "tutorial.md"
WITH_CLAUSES = [ROOT / "handbook" / "clauses.md", TUTORIAL]
LINKED = [ROOT / "README.md", *PAGES]

_BLOCK = re.compile(
    r"(?:^(?P<how>File|Add to) `(?P<file>[^`]+)`:\n\n)?^```(?P<info>[a-z ]+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_TREE = re.compile("[│├└─]")
_VERDICT = re.compile(rf"({'|'.join(verdict.value for verdict in Verdict)})\b")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block of a page: its sort, what it holds, and the file that the reader is to write it to."""

    info: str
    text: str
    how: str | None
    file: str | None


@cache
def blocks(page: Path) -> tuple[Block, ...]:
    found = _BLOCK.finditer(page.read_text(encoding="utf-8"))
    return tuple(Block(one["info"], one["text"], one["how"], one["file"]) for one in found)


def yaml_blocks(page: Path) -> list[str]:
    return [block.text for block in blocks(page) if block.info == "yaml"]


@cache
def valoria() -> Atlas:
    file = ROOT / "scenarios" / "valoria.geojson"
    return read_geojson(file.read_text(encoding="utf-8"), file.name)


def map_of(page: Path) -> Atlas:
    """Return the map that a page draws, else that of Valoria."""
    drawn = next((block.text for block in blocks(page) if block.file == "zones.geojson"), None)
    return valoria() if drawn is None else read_geojson(drawn, page.name)


def agreement_of(page: Path) -> str:
    """Return the agreement that a page writes piece by piece: its first one, and below it every clause."""
    clauses = [text for text in yaml_blocks(page) if text.startswith(("- id:", "- {id:")) and "kind:" in text]
    head = next(text for text in yaml_blocks(page) if text.startswith("agreement:"))
    assert clauses == [] or head.endswith("clauses:\n")
    return head + "".join(clauses)


# ---- examples ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_agreement_on_a_page_loads(page: Path) -> None:
    for text in yaml_blocks(page):
        if text.startswith("agreement:") and not text.endswith("clauses:\n"):
            load_agreement(text, page.name, map_of(page))


@pytest.mark.parametrize("page", WITH_CLAUSES, ids=lambda page: page.name)
def test_every_clause_on_a_page_loads_under_the_head_that_the_page_gives(page: Path) -> None:
    assert len(load_agreement(agreement_of(page), page.name, map_of(page)).clauses) > 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_facts_file_on_a_page_is_good(page: Path, tmp_path: Path) -> None:
    under = page if page in WITH_CLAUSES else WITH_CLAUSES[0]
    atlas = map_of(under)
    agreement = load_agreement(agreement_of(under), under.name, atlas)
    known = Known(agreement.vocabulary, agreement.actors(), frozenset(atlas.ids()), agreement.time_zone)
    files = []
    for number, text in enumerate(yaml_blocks(page)):
        if text.startswith(("facts:", "sources:")):
            files.append(tmp_path / f"facts{number}.yaml")
            files[-1].write_text(text, encoding="utf-8")

    assert read_facts(files, known).faults == ()


# ---- the tutorial --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as the tutorial types it, the answer that the page shows and the one that the command gives."""

    line: str
    shown: str
    given: str


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Typed, ...]:
    """Do the tutorial from its top: write each file, type each command."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("lake"))
        return tuple(_follow(blocks(TUTORIAL)))


def _follow(page: tuple[Block, ...]) -> Iterator[Typed]:
    for block in page:
        if block.file is not None:
            file = Path(block.file)
            file.parent.mkdir(exist_ok=True)
            with file.open("a" if block.how == "Add to" else "w", encoding="utf-8") as stream:
                stream.write(block.text)
        elif block.info == "console":
            line, _, shown = block.text.partition("\n")
            yield Typed(line.removeprefix("$ "), shown, _answer(line.split()[2:]))


def _answer(arguments: list[str]) -> str:
    """Return what the command prints, its faults included."""
    result = CliRunner().invoke(app, arguments)
    if isinstance(result.exception, Refused):  # `main` prints these
        return "".join(f"{fault}\n" for fault in result.exception.faults) + f"{len(result.exception.faults)} faults"
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output


def words(text: str) -> str:
    return " ".join(_TREE.sub(" ", text).split())


def board(answer: str) -> list[tuple[str, str, str]]:
    """Return clause, party and what it stands at, of each line of a table that may fold its cells."""
    rows: list[list[str]] = []
    columns: list[int] = []
    for line in answer.splitlines():
        if line.startswith("clause "):
            columns = [0, *(line.index(name) for name in ("by", "stands", "on record"))]
        elif columns and not line:
            break
        elif columns:
            cells = [line[start:end].strip() for start, end in pairwise(columns)]
            if _VERDICT.match(cells[2]):
                rows.append(cells)
            else:
                first, last = rows[-1], cells
                rows[-1] = [first[0] + last[0], first[1] + last[1], f"{first[2]} {last[2]}".strip()]
    return [(clause, by, stands) for clause, by, stands in rows]


def test_the_tutorial_uses_every_verb_that_takes_a_folder(typed: tuple[Typed, ...]) -> None:
    assert {one.line.split()[1] for one in typed} == {"check", "read", "standing", "why", "replay", "compare"}


def test_every_standing_that_the_tutorial_shows_is_the_one_the_command_gives(typed: tuple[Typed, ...]) -> None:
    standings = [one for one in typed if " standing " in one.line]

    assert len(standings) > 1
    for one in standings:
        assert board(one.shown) == board(one.given) != [], one.line


def test_every_other_answer_that_the_tutorial_shows_is_the_one_the_command_gives(typed: tuple[Typed, ...]) -> None:
    for one in typed:
        if " standing " not in one.line:
            for stretch in re.split(r"^\.\.\.$", one.shown, flags=re.MULTILINE):
                assert words(stretch) in words(one.given), f"{one.line} now gives:\n{one.given}"


def test_the_tutorial_shows_each_verdict(typed: tuple[Typed, ...]) -> None:
    shown = " ".join(words(one.shown) for one in typed)

    assert [verdict for verdict in Verdict if f"{verdict.value} (" not in shown] == []


def test_what_the_readme_shows_of_the_tour_is_what_the_tour_shows() -> None:
    shown = next(block.text for block in blocks(ROOT / "README.md") if block.info == "console")
    tour = _answer(["demo", "--text"])

    for stretch in re.split(r"^\.\.\.$", shown.partition("\n")[2], flags=re.MULTILINE):
        assert words(stretch) in words(tour), f"truce demo --text now gives:\n{tour}"


# ---- the references ------------------------------------------------------------------------------------------------


def test_every_kind_of_fact_and_its_fields_are_in_the_table_of_the_vocabulary() -> None:
    page = (ROOT / "handbook" / "facts.md").read_text(encoding="utf-8")
    rows = [
        f"| {kind.name} | {kind.says} | {kind.nature.value} | {kind.parent or ''} | "
        f"{', '.join(f'{name} ({sort.value})' for name, sort in kind.fields)} |"
        for kind in BASE_VOCABULARY.kinds.values()
    ]

    assert [row for row in rows if row not in page.splitlines()] == []


def test_every_key_of_the_language_is_in_the_reference_of_clauses() -> None:
    page = (ROOT / "handbook" / "clauses.md").read_text(encoding="utf-8")
    classes = [one for one in vars(language).values() if hasattr(one, "__dataclass_fields__")]
    ours = [one for one in classes if one.__module__ == language.__name__]
    keys = {name.rstrip("_") for one in ours for name in one.__dataclass_fields__}
    inside = {"bears_verdict", "fields", "options"}  # a property; the other keys of a pattern; those of a reading

    assert sorted(key for key in keys - inside if not re.search(rf"[`{{ ]{key}[`:, ]", page)) == []


def test_every_column_of_the_facts_format_is_on_its_page() -> None:
    page = (ROOT / "handbook" / "facts.md").read_text(encoding="utf-8")

    assert [column for column in COLUMNS if f"`{column}`" not in page] == []


def test_every_word_for_a_verdict_a_lifecycle_and_a_proof_is_explained() -> None:
    meaning = (ROOT / "handbook" / "meaning.md").read_text(encoding="utf-8")
    facts = (ROOT / "handbook" / "facts.md").read_text(encoding="utf-8")

    assert [verdict for verdict in Verdict if f"| **{verdict.value}** |" not in meaning] == []
    assert [one for one in Lifecycle if one.value not in meaning] == []
    assert [proof for proof in Proof if f"| `{proof.word}` |" not in facts] == []


# ---- links ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.name)
def test_every_link_leads_to_something_that_is_there(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]

    assert [link for link in links if not (page.parent / link.partition("#")[0]).exists()] == []
