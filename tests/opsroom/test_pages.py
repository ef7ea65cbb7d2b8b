"""The pages in a real browser, on an exercise that keeps happening."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import zipfile
from base64 import b64decode
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import opsroom_pictures as made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, FilePayload, Page, Route

NO_BROWSER = "no chromium is installed"
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-quic",
         "--disable-sync", "--no-first-run", "--enable-unsafe-swiftshader"]  # fmt: skip
AXE = "node_modules/axe-core/axe.min.js"
SCREENS = (
    *("now/", "agreement/", "commitments/", "tallies/", "triage/", "triage/compare/", "sources/"),
    *("report/", "report/notification", "watch/", "record/", "sessions/", "door/keys/"),
)
BEHIND = {"incident": ("now/", "a[href^='/incidents/']"), "why": ("commitments/", "a[href^='/commitments/why']")}
"""Pages that have an id: the screen that links to them, and its first link."""
PATIENCE_MS = 60_000

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_BROWSER)


@pytest.fixture(scope="module")
def exercise() -> Iterator[tuple[str, Path]]:
    """Return the link into an exercise that is served as `truce demo` serves it, and its folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from trucekeeper.cli import main; main()", "demo", "--port", str(port)]
    told = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=told)  # noqa: S603  our own command
    link, folder = "", ""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("All of it is in "):
            folder = line.split()[5].rstrip(",")
        found = re.search(r"http://\S+/invited/\S+", line)
        if found:
            link = found.group(0)
            break
    drained = threading.Thread(target=process.stdout.read, daemon=True)
    drained.start()
    yield link, Path(folder)
    process.terminate()
    process.wait(30)


@pytest.fixture(scope="module")
def room(exercise: tuple[str, Path]) -> str:
    """Return the link into the exercise."""
    return exercise[0]


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
    opened.goto(room)
    opened.click("button.first")
    opened.wait_for_url("**/now/")
    yield opened
    context.close()


def _base(link: str) -> str:
    return link.partition("/invited/")[0]


def _open(page: Page, base: str, screen: str) -> None:
    """Open a screen, or the first of those pages to which one links."""
    listed, link = BEHIND.get(screen, (screen, ""))
    page.goto(f"{base}/{listed}")
    if link:
        page.goto(base + (page.locator(link).first.get_attribute("href") or ""))


def _drawn(page: Page) -> int:
    return int(page.get_attribute("[data-now]", "data-drawn") or 0)


def test_the_map_draws_and_then_moves_as_the_exercise_happens(page: Page, room: str) -> None:
    page.goto(_base(room) + "/now/")
    page.locator("[data-now][data-drawn]").wait_for()
    assert page.locator("[data-incident]").count() > 0
    before = _drawn(page)
    beside = page.context.new_page()  # the exercise has hours in which nothing is told
    beside.goto(_base(room) + "/report/")
    beside.select_option("[name=kind]", "shelling")
    beside.fill("[name=place]", "0.02, -29.90")
    beside.click("button.first")
    beside.wait_for_url("**/incidents/i-*")
    beside.close()

    page.locator(f"[data-now]:not([data-drawn='{before}'])").wait_for()

    assert _drawn(page) > before


def test_every_page_says_that_it_is_an_exercise(page: Page, room: str) -> None:
    for screen in SCREENS:
        page.goto(f"{_base(room)}/{screen}")
        assert page.locator(".banner.exercise").is_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("screen", [*SCREENS, *BEHIND])
def test_no_page_has_a_serious_fault_of_accessibility(  # noqa: PLR0917  pytest hands them over
    page: Page, room: str, screen: str, language: str, pytestconfig: pytest.Config
) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": _base(room)}])
    _open(page, _base(room), screen)
    assert page.locator("body").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    axe: Path = pytestconfig.rootpath / AXE

    found = page.evaluate(axe.read_text(encoding="utf-8") + "; axe.run().then((one) => one.violations)")

    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []


ALL = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
MARK = """(all) => {
  const chosen = (one) => one.type !== "radio" || one.checked || !one.form.elements[one.name].value;
  const shown = [...document.querySelectorAll(all)].filter((one) =>
    one.checkVisibility({ visibilityProperty: true }) && one.tabIndex >= 0 && !one.disabled && chosen(one));
  shown.forEach((one, at) => { one.dataset.walk = at; });
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  window.walked = [];
  document.addEventListener("focusin", ({ target }) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(target);
    const outline = outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
    window.walked.push([Number(target.dataset.walk ?? -1), outline, target.outerHTML.slice(0, 90)]);
  });
  return shown.length;
}"""
"""Number what somebody should come to by Tab alone, go to the top, and write down where he comes and what he sees."""


@pytest.mark.parametrize("screen", [*SCREENS, *BEHIND])
def test_a_screen_is_walked_by_tab_alone_in_its_order_and_one_sees_where_one_is(
    page: Page, room: str, screen: str
) -> None:
    _open(page, _base(room), screen)
    for map_, usable in (("[data-now]", "[data-usable]"), ("[data-place]", "[data-ready]")):
        if page.locator(map_).count():
            page.locator(map_ + usable).wait_for()
    number = page.evaluate(MARK, ALL)
    for _ in range(number + 5):  # what came in meanwhile stands between
        page.keyboard.press("Tab")

    walked = page.evaluate("window.walked")
    came = list(dict.fromkeys(at for at, _, _ in walked if at >= 0))
    left = page.evaluate("[...document.querySelectorAll('[data-walk]')].map((one) => Number(one.dataset.walk))")
    assert [one for one in came if one in left] == left
    assert [name for _, outline, name in walked if outline <= 0] == []


FIND = """() => {
  const canvas = document.querySelector(".maplibregl-canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  for (let y = top + 3; y < top + height; y += 6) for (let x = left + 3; x < left + width; x += 6) {
    canvas.dispatchEvent(new MouseEvent("mousemove", { clientX: x, clientY: y, bubbles: true }));
    if (canvas.style.cursor === "pointer") return [x + 3, y + 3];
  }
  return null;
}"""
"""Go over the map as a mouse does, to where it says that something can be clicked."""
INKED = """() => {
  const sheet = document.querySelector(".map .overlay");
  return sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height).data.some((value) => value);
}"""


def test_from_a_cluster_one_clicks_through_the_map_to_an_incident(page: Page, room: str) -> None:
    _open(page, _base(room), "now/")
    page.locator("[data-now][data-usable]").wait_for()
    assert page.evaluate(INKED)
    for _ in range(5):
        page.click(".maplibregl-ctrl-zoom-out")
        page.wait_for_timeout(600)  # a map glides to where it is sent
    page.mouse.click(*page.evaluate(FIND))
    page.wait_for_url("**box=*")
    for _ in range(12):
        page.wait_for_timeout(2000)
        if "/incidents/" in page.url:
            break
        page.mouse.click(*page.evaluate(FIND))

    assert re.search(r"/incidents/i-\d+", page.url)


@pytest.mark.parametrize("screen", ["commitments/", "why"])
def test_the_head_is_skipped_and_what_is_folded_opens_by_keyboard(page: Page, room: str, screen: str) -> None:
    _open(page, _base(room), screen)
    page.evaluate(MARK, ALL)
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.id") == "content"
    folded = page.locator("main summary:visible").first
    was = folded.evaluate("(one) => one.parentElement.open")
    folded.focus()

    for key in ("Enter", "Space"):
        page.keyboard.press(key)

        assert folded.evaluate("(one) => one.parentElement.open") is (not was if key == "Enter" else was)


def test_a_report_is_entered_fused_changes_a_verdict_and_is_proven(
    page: Page, exercise: tuple[str, Path], tmp_path: Path
) -> None:
    base = _base(exercise[0])
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": base}])
    page.goto(base + "/report/")
    page.select_option("[name=kind]", "shelling")
    page.fill("[name=place]", "0.02, -29.80")
    page.select_option("[name=by]", "north")
    page.fill("[name=text]", "eight impacts east of Ford")

    page.click("button.first")
    page.wait_for_url("**/incidents/i-*")

    incident = page.locator("main")
    assert "eight impacts east of Ford" in incident.inner_text()
    assert incident.locator("[data-proof=corroborated]").count() == 2  # that it occurred, and who
    entry = incident.locator("text=proof").first.get_attribute("href")
    named = page.url.rpartition("/")[2]
    page.goto(base + "/commitments/")
    contrary = page.locator(".card", has=page.locator("[data-verdict=contrary]"))
    card = contrary.filter(has_text="halt").filter(has_text="north").filter(has_text="sector-6")
    assert "contrary (corroborated)" in card.inner_text()
    for several in card.locator("summary").all():
        several.click()
    part = card.locator("div", has_text="sector-6") if card.locator("summary").count() else card
    part.get_by_text("why", exact=True).click()
    reasons = page.locator(".tree", has=page.locator(f"a[href='/incidents/{named}']")).first
    with page.expect_download() as loaded:
        reasons.locator(f"a[href='{entry}']").first.click()
    proof = tmp_path / "proof.zip"
    loaded.value.save_as(proof)
    assert _verified(proof, exercise[1] / "mission", tmp_path)


def test_evidence_is_seen_large_and_left_by_keyboard_alone(
    page: Page, room: str, pytestconfig: pytest.Config
) -> None:
    page.goto(_base(room) + "/report/")
    page.select_option("[name=kind]", "shelling")
    page.fill("[name=place]", "0.02, -29.80")
    photos = [made.photo(width=640, height=480), made.photo(width=480, height=640)]
    files: list[FilePayload] = [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": one} for one in photos]
    page.set_input_files("[name=evidence]", files)
    page.click("button.first")
    page.wait_for_url("**/incidents/i-*")
    page.locator("a[data-large]").first.focus()
    for key in ("Enter", "ArrowRight"):
        page.keyboard.press(key)
    large = page.locator("dialog[open] img")
    assert large.get_attribute("src") == page.locator("a[data-large]").nth(1).evaluate("(one) => one.href")
    page.keyboard.press("Escape")

    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.activeElement.hasAttribute('data-large')")
    axe = (pytestconfig.rootpath / AXE).read_text(encoding="utf-8")
    found = page.evaluate(axe + "; axe.run().then((one) => one.violations)")
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []


def _verified(packed: Path, mission: Path, folder: Path) -> bool:
    """Return whether `truce verify` accepts a proof, by a policy that came another way."""
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    [proof] = folder.glob("*.tlog-proof")
    truce = [sys.executable, "-c", "from trucekeeper.cli import main; main()"]
    subprocess.run([*truce, "policy", mission, "-o", folder / "policy"], check=True)  # noqa: S603  our own command
    said = subprocess.run(  # noqa: S603  our own command
        [*truce, "verify", proof, "--policy", folder / "policy"], capture_output=True, text=True, check=True
    )
    words = proof.with_suffix(".statement").read_bytes()
    assert b"eight impacts" in b64decode(json.loads(words)["payload"])
    return said.stdout.rstrip().endswith("verified") and "'report' of valoria.example/exercise" in said.stdout


KEY_S, THOUGHT_S = 0.28, 1.35
"""Of an average typist: a key, and making up one's mind before each thing (Card, Moran and Newell, 1980)."""


class Typist:
    """Somebody whose hands stay on the keys: what he presses, and how long that takes (keystroke-level model)."""

    def __init__(self, page: Page) -> None:
        """Begin before an open page."""
        self.page, self.keys, self.thoughts = page, 0, 0

    @property
    def seconds(self) -> float:
        """Return how long it took."""
        return self.keys * KEY_S + self.thoughts * THOUGHT_S

    def fill(self, text: str, *, then: str = "Tab") -> None:
        """Make up his mind, type, and go on."""
        self.thoughts += 1
        for one in [*text, then]:
            self.keys += 1
            self.page.keyboard.press(one)

    def on(self, tabs: int) -> None:
        """Look at what is filled in already, and leave it."""
        for _ in range(tabs):
            self.fill("")


def test_a_report_is_entered_by_keyboard_alone_within_thirty_seconds(page: Page, room: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": _base(room)}])
    page.goto(_base(room) + "/report/")
    typist = Typist(page)
    typist.fill("she")  # where he is at once: what
    typist.fill("0.03, -30.1")
    typist.on(1)  # within how far
    typist.fill("nor")
    typist.fill("eight impacts east of brook")
    typist.on(3)  # when, how it is known, whether somebody is in danger
    typist.fill("", then="Enter")
    page.wait_for_url("**/incidents/i-*")

    assert "eight impacts east of brook" in page.locator("main").inner_text()
    assert typist.seconds <= 30, (typist.keys, typist.thoughts)


def test_a_draft_outlives_a_reload_and_a_lost_answer_and_is_on_record_once(
    page: Page, exercise: tuple[str, Path]
) -> None:
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": _base(exercise[0])}])
    page.goto(_base(exercise[0]) + "/report/")
    page.locator("[data-place][data-ready]").wait_for()
    page.locator(".place canvas").focus()
    page.keyboard.press("Enter")  # takes what lies under the cross
    taken = page.input_value("[name=place]")
    assert re.fullmatch(r"-?\d+\.\d{5}, -?\d+\.\d{5}", taken)
    page.select_option("[name=kind]", "gunfire")
    page.fill("[name=text]", "one shot at the mill")
    page.reload()
    assert (page.input_value("[name=place]"), page.input_value("[name=text]")) == (taken, "one shot at the mill")

    page.route("**/report/", _lose_the_answer)
    page.click("button.first")
    page.locator("[data-drafted]", has_text="No connection").wait_for()
    page.unroute("**/report/")
    page.reload()
    page.fill("[name=place]", "nowhere")
    page.click("button.first")
    page.locator(".errorlist", has_text="no zone of this name").wait_for()
    page.fill("[name=place]", taken)
    page.click("button.first")
    page.wait_for_url("**/incidents/i-*")

    with closing(sqlite3.connect(exercise[1] / "mission" / "projections.db")) as rows:
        found = rows.execute("SELECT count(*) FROM told WHERE instr(row, 'one shot at the mill')").fetchone()
    assert found == (1,)
    page.goto(_base(exercise[0]) + "/report/")
    assert page.input_value("[name=text]") == ""


def _lose_the_answer(route: Route) -> None:
    """Let a request arrive, and its answer not come back."""
    try:
        if route.request.method == "POST":
            route.fetch(max_redirects=0, timeout=PATIENCE_MS)
    finally:
        route.abort()


def test_a_page_breaks_no_policy_and_asks_nobody_else(page: Page, room: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda one: said.append(one.text))
    for screen in SCREENS:
        page.goto(f"{_base(room)}/{screen}")
        page.wait_for_load_state("load")

    assert [url for url in asked if not url.startswith((_base(room), "data:", "blob:"))] == []
    assert [text for text in said if "Content Security Policy" in text] == []


def test_an_inbox_is_worked_off_by_the_keyboard_alone(page: Page, room: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": _base(room)}])
    page.goto(_base(room) + "/triage/")
    page.keyboard.press("s")  # asks for a reason first
    page.keyboard.type("told to us twice")
    page.keyboard.press("Enter")
    page.locator("[role=status]", has_text="Set aside:").wait_for()
    while page.locator("[data-key='1']").count() == 0:
        before = page.url
        page.keyboard.press("j")
        page.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]  # held for each turn

    page.keyboard.press("1")

    said = page.locator("[role=status]", has_text="Linked:")
    said.wait_for()
    assert "is of one event with" in said.inner_text()


AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_somebody_comes_in_with_a_passkey_and_no_password(page: Page, room: str, browser: Browser) -> None:
    base = _base(room).replace("127.0.0.1", "localhost")  # a passkey is for a name
    context = browser.new_context()
    told: str = next(one["value"] for one in page.context.cookies() if one["name"] == "sessionid")
    context.add_cookies([{"name": "sessionid", "value": told, "url": base}])
    here = context.new_page()
    here.set_default_timeout(PATIENCE_MS)
    device = context.new_cdp_session(here)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    here.goto(base + "/door/keys/webauthn/add/")
    here.fill("[name=name]", "tablet")
    here.check("[name=passwordless]")
    here.click("#mfa_webauthn_add")
    here.wait_for_url(lambda url: "/add/" not in url)
    context.clear_cookies()
    here.goto(base + "/now/")
    assert "/door/login/" in here.url

    here.click("#passkey_login")
    here.wait_for_url(base + "/now/")

    assert here.locator("header .who").inner_text().startswith("guest-of-commission")
    context.close()
