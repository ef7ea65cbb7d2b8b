#!/usr/bin/env python3
r"""Pin every dependency to the newest version that resolves, in one command: `uv run tools/repin.py`.

Two places hold the pins and this writes both (docs/decisions/0001-pins.md says why there are two):

- `requirements.lock`: names, versions, markers and hashes, for pip and for the record. No addresses.

      click==8.5.1 \
          --hash=sha256:0aa7... \
          --hash=sha256:f04c...
      colorama==0.4.6 ; sys_platform == 'win32' \
          --hash=sha256:0869...

- `constraint-dependencies` in `pyproject.toml`: the same versions, so that `uv run` resolves to them.

The resolution is made in an empty folder, from `pyproject.toml` without its present constraints.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^\s;\\]+)(?= |$)", re.MULTILINE)
_CONSTRAINTS = re.compile(r"^constraint-dependencies = \[\n(?:    .*\n)*\]$", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    """Return version by name as `lock`, the text of a requirements.lock, pins them.

    Raises ValueError if a package is pinned twice: each has one version for every Python and platform.
    """
    pinned: dict[str, str] = {}
    for found in _PIN.finditer(lock):
        name = found["name"]
        if name in pinned:
            raise ValueError(
                f"requirements.lock pins {name} twice, to {pinned[name]} and {found['version']}, and one "
                'constraint cannot say both: check that pyproject.toml still has `fork-strategy = "fewest"`'
            )
        pinned[name] = found["version"]
    return pinned


def constrained(pyproject: str, to: dict[str, str]) -> str:
    """Return the text `pyproject` with its list of constraints replaced by the versions `to`, by name."""
    lines = "".join(f'    "{name}=={version}",\n' for name, version in sorted(to.items()))
    replaced, times = _CONSTRAINTS.subn(f"constraint-dependencies = [\n{lines}]", pyproject)
    if times != 1:
        raise ValueError(
            f"pyproject.toml has {times} lists `constraint-dependencies = [`, and this writes exactly one: "
            "keep one, its opening, its closing and each entry on a line of its own"
        )
    return replaced


def resolved(pyproject: str) -> str:
    """Return the text of a requirements.lock for the newest versions that the text `pyproject` allows."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pyproject.toml").write_text(pyproject, encoding="utf-8")
        export = ("export", "--all-extras", "--no-emit-project", "--no-header", "--no-annotate", "--quiet")
        return subprocess.run(
            [os.environ.get("UV", "uv"), *export],
            cwd=folder,
            check=True,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ).stdout


def main() -> None:
    """Rewrite requirements.lock and the constraints in pyproject.toml."""
    pyproject_file = ROOT / "pyproject.toml"
    pyproject = pyproject_file.read_text(encoding="utf-8")
    lock = resolved(constrained(pyproject, to={}))
    if "://" in lock:
        sys.exit("requirements.lock would hold an address, of whoever ran this: nothing was written")
    repinned = constrained(pyproject, to=pins(lock))

    (ROOT / "requirements.lock").write_text(lock, encoding="utf-8")
    pyproject_file.write_text(repinned, encoding="utf-8")


if __name__ == "__main__":
    main()
