"""The four real agreements and two hundred generated ones stand the same in every execution, at random cuts.

A cut is a question: as of when, as known when, at which proof, for whom. Here a small share of them is put; the
whole, a hundred to each agreement, is put by `python -m bench.soak --cuts`.
"""

from functools import cache
from pathlib import Path

import pytest

from tests.compliance.test_executions import hold
from tests.generated import WORLDS_AN_AGREEMENT, World, cuts, world
from trucekeeper.agreement.yaml_text import read_yaml
from trucekeeper.compliance.standing import Question
from trucekeeper.mission.folder import AGREEMENT, open_folder
from trucekeeper.terms import NEVER

AGREEMENTS = Path(__file__).resolve().parents[2] / "agreements"
REAL = ("aceh-2005", "gaza-2025", "lebanon-2024", "minsk-ii-2015")
GENERATED = range(200)

CUTS_OF_A_REAL_ONE, CUTS_OF_A_GENERATED_ONE = 2, 3
"""How many the suite puts to each; to a tenth of the generated ones."""


@cache
def real_world(name: str) -> World:
    """Return a worked example with its facts, asked about the end of time."""
    folder = open_folder(AGREEMENTS / name)
    text = (AGREEMENTS / name / AGREEMENT).read_text(encoding="utf-8")
    said = read_yaml(text, AGREEMENT).data
    return World(said, folder.agreement, folder.facts, Question(as_of=NEVER, known_at=NEVER), name)


def generated_world(number: int) -> World:
    """Return a generated agreement with the first history that has more than a trigger."""
    seeds = range(number * WORLDS_AN_AGREEMENT, (number + 1) * WORLDS_AN_AGREEMENT)
    return max((world(seed) for seed in seeds), key=lambda one: len(one.facts))


@pytest.mark.parametrize("name", REAL)
def test_a_real_agreement_stands_the_same_in_all_executions(name: str) -> None:
    for one in cuts(real_world(name), CUTS_OF_A_REAL_ONE):
        hold(one)


@pytest.mark.parametrize("number", GENERATED[::10])
def test_a_generated_agreement_stands_the_same_in_all_executions(number: int) -> None:
    for one in cuts(generated_world(number), CUTS_OF_A_GENERATED_ONE):
        hold(one)
