import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import trucekeeper
from tools.repin import constrained, pins

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def lock() -> str:
    return (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pyproject() -> str:
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def settings(pyproject: str) -> dict[str, Any]:
    return tomllib.loads(pyproject)


def requirements(lock: str) -> list[str]:
    """Return each requirement of the lock with its hashes, on one line."""
    return [line for line in lock.replace("\\\n", " ").splitlines() if line.strip()]


def test_the_lock_and_the_constraints_pin_the_same_versions(lock: str, settings: dict[str, Any]) -> None:
    constraints = settings["tool"]["uv"]["constraint-dependencies"]

    assert constraints == [f"{name}=={version}" for name, version in sorted(pins(lock).items())]


def test_every_line_of_the_lock_is_read_as_a_pin(lock: str) -> None:
    assert len(pins(lock)) == len(requirements(lock)) > 0


def test_every_requirement_has_a_hash(lock: str) -> None:
    bare = [line for line in requirements(lock) if not re.search(r" --hash=sha256:[0-9a-f]{64}\b", line)]

    assert bare == []


def test_everything_asked_for_by_name_is_pinned(lock: str, settings: dict[str, Any]) -> None:
    project = settings["project"]
    asked = sum(project["optional-dependencies"].values(), project["dependencies"])
    names = {re.split(r"[^\w.-]", need, maxsplit=1)[0].replace(".", "-").lower() for need in asked}

    assert names - {"trucekeeper"} <= pins(lock).keys()


def test_neither_file_holds_an_address(lock: str, pyproject: str) -> None:
    assert "://" not in lock
    assert "://" not in pyproject


def test_the_package_says_the_version_it_is_distributed_as(settings: dict[str, Any]) -> None:
    assert trucekeeper.__version__ == settings["project"]["version"]


def test_a_package_pinned_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="pins numpy twice"):
        pins("numpy==2.4.0 ; python_full_version < '3.12'\nnumpy==2.5.0 ; python_full_version >= '3.12'\n")


def test_a_pyproject_without_its_list_of_constraints_is_refused() -> None:
    with pytest.raises(ValueError, match="has 0 lists"):
        constrained("[tool.uv]\n", to={"numpy": "2.4.0"})


def test_repinning_to_the_same_versions_changes_nothing(lock: str, pyproject: str) -> None:
    assert constrained(pyproject, to=pins(lock)) == pyproject
