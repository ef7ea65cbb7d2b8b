"""With the network cable pulled: the exercise is served and its screens are walked in an empty network namespace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HERE = "tests/opsroom/test_pages.py"
WALKED = [
    f"{HERE}::test_the_map_draws_and_then_moves_as_the_exercise_happens",
    f"{HERE}::test_a_page_breaks_no_policy_and_asks_nobody_else",
]


def _alone() -> list[str]:
    """Return the command that runs another without a network; nothing where that is not permitted."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    command = [unshare, "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)  # noqa: S603  util-linux's own
    return command if tried.returncode == 0 else []


def test_all_screens_work_where_no_request_can_leave_the_machine(pytestconfig: pytest.Config) -> None:
    if shutil.which("chromium") is None:
        pytest.skip("no chromium is installed")
    command = _alone()
    if not command:
        pytest.skip("this machine lets nobody make a network namespace (unshare --net)")
    root: Path = pytestconfig.rootpath

    done = subprocess.run(  # noqa: S603  our own command
        [*command, sys.executable, str(root / "tests/opsroom_cut_off.py"), *WALKED],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert f"{len(WALKED)} passed" in done.stdout
