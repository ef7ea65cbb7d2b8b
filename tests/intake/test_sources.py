"""Every source that is registered: its folder is whole, and what it ships can be used."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from tests.intake_small import folder
from trucekeeper.intake.expects import Expects
from trucekeeper.intake.registered import Registered
from trucekeeper.intake.source import GROUP, Source, shipped
from trucekeeper.terms import BASE_VOCABULARY

ROOT = Path(__file__).resolve().parents[2]
ENTRIES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"][GROUP]
OURS = ("acled", "claims", "csv", "firms", "gdelt", "ucdp", "xlsx")


@pytest.mark.parametrize("name", ENTRIES)
def test_what_is_registered_is_a_source_of_that_name(name: str) -> None:
    module, _, attribute = ENTRIES[name].partition(":")
    source = getattr(import_module(module), attribute)

    assert isinstance(source, Source)
    assert (source.name, source.package) == (name, module)


@pytest.mark.parametrize("name", OURS)
def test_a_folder_has_all_that_a_source_is_made_of(name: str) -> None:
    there = {one.name for one in folder(name).iterdir()}

    assert {"__init__.py", "read.py", "source.yaml", "expects.yaml", "README.md"} <= there
    assert ("rulings.yaml" in there) == (name != "claims")  # a claim has no word that a ruling is for
    assert any((folder(name) / "sample").iterdir())


@pytest.mark.parametrize("name", OURS)
def test_what_a_source_ships_can_be_registered_and_expected(name: str) -> None:
    package = f"trucekeeper.intake.{name}"
    rulings = dict(shipped(package, "rulings.yaml"))
    entry = Registered.read({**shipped(package, "source.yaml"), "rulings": rulings})

    assert (entry.name, entry.reader) == (name, name)
    assert Registered.read(entry.body()).body() == entry.body()
    assert {means for means in entry.rulings.get("kind", {}).values() if means} <= set(BASE_VOCABULARY.kinds)
    Expects.read(shipped(package, "expects.yaml"))
