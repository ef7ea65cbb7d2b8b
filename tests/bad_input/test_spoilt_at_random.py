"""Real agreements, zones and facts, spoilt at random: whatever comes of it is used, or refused in plain sentences.

The seed is fixed, so that a failure can be had again; it is told in what the test says.
"""

from __future__ import annotations

import json
import time
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from trucekeeper.agreement import load
from trucekeeper.agreement.load import draft_agreement
from trucekeeper.agreement.yaml_text import Located, read_yaml
from trucekeeper.geo import Atlas, read_geojson
from trucekeeper.mission.facts_files import read_facts
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.agreement.rows import Known

Json: TypeAlias = Any
Steps: TypeAlias = "tuple[str | int, ...]"

AGREEMENTS = Path(__file__).resolve().parents[2] / "agreements"
NAMES = ("aceh-2005", "gaza-2025", "lebanon-2024", "minsk-ii-2015")
LONGEST_SECONDS = 2
NOT_PLAIN = ("Input should", "type=", "pydantic", "function-", "constrained", "Traceback", "<class", "None", "True,")
STRANGE: list[Any] = [
    *(None, True, False, 0, -1, 7, 10**17, "", "unstated", "none", "anyone", "all", "north", "a b", "\u00e9" * 300),
    *("2025-10-10", "2025-10-10T12:00", "9999-12-31T00:00+00:00", "48h before approval", "0d", "72h", "west of x"),
    *([], {}, [None], [[1]], ["x", "y"], {"a": 1}, {"fact": "attack"}, {"fact": ["attack"]}, {"not": {}}),
    *({"reading": "exchange"}, {"reading": ["exchange"]}, {"obligor": {"israel": 1}}, {"obligor": 3}, {"of": "gam"}),
]
NEW_KEYS = ("reading", "obligor", "id", "kind", "fact", "not", "after", "x" * 90)


def dice(seed: str) -> Random:
    """Return chance that falls out the same each time."""
    return Random(seed)  # noqa: S311  it keeps no secret


def nodes(node: Json, path: Steps = ()) -> Iterator[tuple[Steps, Json]]:
    yield path, node
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from nodes(value, (*path, key))


def spoilt(whole: Json, chance: Random) -> tuple[Json, str]:
    """Return a copy with one node deleted, changed, doubled, renamed, nested or exchanged, and what was done."""
    copy = deepcopy(whole)
    places = [(path, node) for path, node in nodes(copy) if path]
    path, node = chance.choice(places)
    holder = copy
    for step in path[:-1]:
        holder = holder[step]
    key = path[-1]
    deed = chance.choice(["delete", "change", "double", "rename", "nest", "exchange"])
    match deed:
        case "delete":
            del holder[key]
        case "change":
            holder[key] = deepcopy(chance.choice(STRANGE))
        case "double" if isinstance(holder, list):
            holder.append(deepcopy(node))
        case "double":
            holder[f"{key}{chance.choice('xs2')}"] = deepcopy(node)
        case "rename" if isinstance(holder, dict):
            holder[chance.choice([str(key)[:-1], *NEW_KEYS])] = holder.pop(key)
        case "nest":
            holder[key] = chance.choice([[node], {"all": [node]}, {"a": node}])
        case _:
            holder[key] = deepcopy(chance.choice(places)[1])
    return copy, f"{deed} {path}"


def spoilt_again(whole: Json, chance: Random) -> tuple[Json, str]:
    """Return a copy with one to three things done to it."""
    copy, deeds = spoilt(whole, chance)
    for _ in range(chance.choice([0, 0, 1, 2])):
        if copy:
            copy, more = spoilt(copy, chance)
            deeds += f", {more}"
    return copy, deeds


@cache
def real(name: str) -> tuple[Any, Atlas]:
    folder = AGREEMENTS / name
    data = read_yaml((folder / "agreement.yaml").read_text(encoding="utf-8"), "agreement.yaml").data
    return data, read_geojson((folder / "zones.geojson").read_text(encoding="utf-8"), "zones.geojson")


def are_plain(faults: tuple[Fault, ...], told: str) -> None:
    """Hold that each fault has a place, a sentence and a remedy, none in the words of our tools."""
    for fault in faults:
        assert fault.line >= 1, told
        assert fault.what, told
        assert fault.remedy or "leave out" in fault.what, f"{told}: {fault}"
        assert not [word for word in NOT_PLAIN if word in str(fault)], f"{told}: {fault}"


@pytest.mark.parametrize("name", NAMES)
def test_an_agreement_spoilt_at_random_is_loaded_or_refused_with_places_in_the_file(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = dice(name)
    data, atlas = real(name)
    loaded = 0
    for number in range(80):
        whole, deeds = spoilt_again(data, chance)
        told = f"{name} {number}: {deeds}"
        # YAML takes longest to read, and is not what is tried here: each node stands on a line of its own.
        positions = {path: (line, 1) for line, (path, _) in enumerate(nodes(whole), start=1)}
        located = Located("agreement.yaml", whole, positions)
        monkeypatch.setattr(load, "read_yaml", lambda _text, _file, located=located: located)

        began = time.monotonic()
        draft = draft_agreement("", "agreement.yaml", atlas)

        assert time.monotonic() - began < LONGEST_SECONDS, told
        assert (draft.agreement is None) == bool(draft.faults), told
        assert {fault.line for fault in draft.faults} <= {line for line, _ in positions.values()}, told
        are_plain(draft.faults, told)
        loaded += draft.agreement is not None
    assert loaded > 0, "nothing was left whole: the tries are too rough to show that good parts still load"


@pytest.mark.parametrize("name", NAMES)
def test_a_spoilt_text_is_loaded_or_refused_within_two_seconds(name: str) -> None:
    chance = dice(f"text of {name}")
    text = (AGREEMENTS / name / "agreement.yaml").read_text(encoding="utf-8")
    for number in range(3):
        at = chance.randrange(len(text))
        slip = chance.choice(["", " ", "\t", ":", "]", "{", "'", "\n", "- ", "&a ", "\u202e", "\x07"])
        spoilt_text = text[:at] + slip + text[at + chance.randrange(3) :]

        began = time.monotonic()
        draft = draft_agreement(spoilt_text, "agreement.yaml", None)

        assert time.monotonic() - began < LONGEST_SECONDS
        assert {fault.line for fault in draft.faults} <= set(range(1, spoilt_text.count("\n") + 2))
        are_plain(draft.faults, f"{name} {number}: {slip!r} at {at}")


@pytest.mark.parametrize("name", NAMES)
def test_zones_spoilt_at_random_are_read_or_refused_with_places_in_the_file(name: str) -> None:
    chance = dice(f"zones of {name}")
    whole = json.loads((AGREEMENTS / name / "zones.geojson").read_text(encoding="utf-8"))
    for number in range(100):
        collection, deeds = spoilt_again(whole, chance)
        text = json.dumps(collection, indent=1)
        told = f"{name} {number}: {deeds}"

        began = time.monotonic()
        faults = faults_of_zones(text)

        assert {fault.line for fault in faults} <= set(range(1, text.count("\n") + 2)), told
        are_plain(faults, told)
        assert time.monotonic() - began < LONGEST_SECONDS, told


def faults_of_zones(text: str) -> tuple[Fault, ...]:
    try:
        read_geojson(text, "zones.geojson")
    except Refused as refused:
        return refused.faults
    return ()


def names_of(name: str) -> Known:
    text = (AGREEMENTS / name / "agreement.yaml").read_text(encoding="utf-8")
    names = draft_agreement(text, "agreement.yaml", real(name)[1]).names
    assert names is not None
    return names


def test_rows_spoilt_at_random_are_used_or_refused_with_their_line(tmp_path: Path) -> None:
    chance = dice("facts of gaza-2025")
    known = names_of("gaza-2025")
    curated = read_yaml((AGREEMENTS / "gaza-2025" / "facts.yaml").read_text(encoding="utf-8"), "facts.yaml").data
    rows = [{**row, "learned_at": "2026-02-01T00:00+02:00"} for row in curated["facts"]]
    lines = [json.dumps(spoilt_again(chance.choice(rows), chance)[0]) for _ in range(400)]
    (tmp_path / "facts.ndjson").write_text("\n".join(lines), encoding="utf-8")

    began = time.monotonic()
    read = read_facts([tmp_path / "facts.ndjson"], known)

    assert time.monotonic() - began < LONGEST_SECONDS
    assert read.facts
    assert {fault.line for fault in read.faults} <= set(range(1, len(lines) + 1))
    for fault in read.faults:
        assert not [word for word in NOT_PLAIN[:6] if word in str(fault)], fault
