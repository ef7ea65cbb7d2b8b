"""`truce serve` before it serves anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import mission_small as small
from tests.mission_small import Clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Truce = Callable[..., tuple[int, str, str]]


def test_nothing_is_served_to_other_machines_without_encryption(truce: Truce, tmp_path: Path) -> None:
    small.begin(small.settings(tmp_path / "mission"), Clock())

    code, _, err = truce("serve", tmp_path / "mission", "--host", "0.0.0.0")  # noqa: S104  that is what is refused

    assert code == 2
    assert "nothing would be encrypted" in err
    assert "give --tls CERT KEY" in err


@pytest.mark.parametrize("missing", ["cert", "key"])
def test_a_certificate_that_is_not_there_is_named(truce: Truce, tmp_path: Path, missing: str) -> None:
    small.begin(small.settings(tmp_path / "mission"), Clock())
    files = {name: tmp_path / f"{name}.pem" for name in ("cert", "key")}
    for name, file in files.items():
        if name != missing:
            file.write_text("")

    code, _, err = truce("serve", tmp_path / "mission", "--tls", files["cert"], files["key"])

    assert code == 2
    assert f"{missing}.pem: there is no such file" in err


def test_what_was_worked_out_can_be_deleted_and_is_worked_out_anew(truce: Truce, tmp_path: Path) -> None:
    small.begin(small.settings(tmp_path / "mission"), Clock())

    code, out, _ = truce("rebuild", tmp_path / "mission")

    assert (code, out) == (0, "7 entries read again; projections.db is written anew\n")
    assert (tmp_path / "mission" / "projections.db").is_file()


def test_what_is_no_mission_is_not_served(truce: Truce, tmp_path: Path) -> None:
    code, _, err = truce("serve", tmp_path)

    assert code == 2
    assert "is it a mission?" in err
