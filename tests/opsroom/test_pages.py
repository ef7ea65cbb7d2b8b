"""The pages in a real browser, on an exercise that keeps happening."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

NO_BROWSER = "no chromium is installed"
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-quic",
         "--disable-sync", "--no-first-run", "--enable-unsafe-swiftshader"]  # fmt: skip
AXE = "node_modules/axe-core/axe.min.js"
SCREENS = ("now", "agreement", "commitments", "record")
PATIENCE_MS = 60_000

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_BROWSER)


@pytest.fixture(scope="module")
def room() -> Iterator[str]:
    """Return the link into an exercise that is served as `truce demo` serves it."""
    command = [sys.executable, "-c", "from trucekeeper.cli import main; main()", "demo", "--port", "8873"]
    told = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=told)  # noqa: S603  our own command
    link = ""
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"http://\S+/invited/\S+", line)
        if found:
            link = found.group(0)
            break
    drained = threading.Thread(target=process.stdout.read, daemon=True)
    drained.start()
    yield link
    process.terminate()
    process.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a real Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  it comes with the extra `test`

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def page(room: str, browser: Browser) -> Iterator[Page]:
    """Return a page of somebody who came in by the link."""
    context = browser.new_context(viewport={"width": 1366, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    for _ in range(60):
        answer = opened.request.get(_base(room) + "/health", fail_on_status_code=False, max_retries=20)
        if answer.ok:
            break
    opened.goto(room)
    opened.click("button.first")
    opened.wait_for_url("**/now/")
    yield opened
    context.close()


def _base(link: str) -> str:
    return link.partition("/invited/")[0]


def _drawn(page: Page) -> int:
    return int(page.get_attribute("[data-now]", "data-drawn") or 0)


def test_the_map_draws_and_then_moves_as_the_exercise_happens(page: Page, room: str) -> None:
    page.goto(_base(room) + "/now/")
    page.locator("[data-now][data-drawn]").wait_for()
    assert page.locator("[data-incident]").count() > 0
    before = _drawn(page)

    page.locator(f"[data-now]:not([data-drawn='{before}'])").wait_for()

    assert _drawn(page) > before


def test_every_page_says_that_it_is_an_exercise(page: Page, room: str) -> None:
    for screen in SCREENS:
        page.goto(f"{_base(room)}/{screen}/")
        assert page.locator(".banner.exercise").is_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_has_a_serious_fault_of_accessibility(
    page: Page, room: str, screen: str, language: str, pytestconfig: pytest.Config
) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": _base(room)}])
    page.goto(f"{_base(room)}/{screen}/")
    assert page.locator("body").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    axe: Path = pytestconfig.rootpath / AXE

    found = page.evaluate(axe.read_text(encoding="utf-8") + "; axe.run().then((one) => one.violations)")

    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []


def test_a_page_breaks_no_policy_and_asks_nobody_else(page: Page, room: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda one: said.append(one.text))
    for screen in SCREENS:
        page.goto(f"{_base(room)}/{screen}/")
        page.wait_for_load_state("load")

    assert [url for url in asked if not url.startswith((_base(room), "data:", "blob:"))] == []
    assert [text for text in said if "Content Security Policy" in text] == []
