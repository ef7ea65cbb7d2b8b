"""The benchmark of the operations room: `python -m bench.opsroom DIR --incidents 100000`.

    (a) how long each page takes, one after the other, and what it weighs
    (b) a report that is entered: until it is on record, and until each of 100 screens that look on has been told
    (c) Chromium: from the click on the link until the map shows its clusters and answers
    (d) 50 officers at once, who look at one page after the other and think in between: errors, and how long it took

The room runs as `truce serve` runs it, in processes of its own on this machine; nothing leaves it, and all of it is
stopped at the end. The mission in DIR is founded on the first run and kept. `--copied 10000` founds a smaller one,
and fills what pages read up with copies of its rows: for whoever has no hour; it says so in what it prints.

Prints its tables, and last which of the bars hold. Exit code 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bench.crowded import DELEGATIONS, Crowded, copied, crowded, report
from trucekeeper.mission import kinds
from trucekeeper.mission.looking import Looking
from trucekeeper.terms.moments import HOUR, MINUTE, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-quic",
         "--disable-sync", "--no-first-run", "--enable-unsafe-swiftshader"]  # fmt: skip
PAGES = (
    "/now/", "/now/?kind=shelling", "/now/incidents", "/now/watched", "/now/zones", "/now/points", "/agreement/",
    "/commitments/", "/tallies/", "/sources/", "/record/", "/report/", "/incidents/{incident}", "/now/?at={past}",
    "/triage/", "/triage/compare/", "/watch/",
)  # fmt: skip
DATA = ("/now/points",)
"""What a page asks for besides, and is no page."""
PAGE_MS, SHOWN_S, USABLE_S = 150.0, 1.0, 2.0
WARM, ASKED = 3, 40
WINDOW_MS = 3000
"""A browser that has just opened a window is busy for so long with what it shows around the page."""
PATIENCE = 3600.0
"""Seconds for a keeper to work out where things stand, before anything is measured."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What must hold, and whether it does."""

    says: str
    holds: bool


def quantile(several: Sequence[float], part: float) -> float:
    """Return the value that so large a part of the values is no greater than."""
    ordered = sorted(several)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


# ---- the room, served --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Room:
    """A room that is served, and the session of an officer in it."""

    crowd: Crowded
    port: int
    sessions: tuple[str, ...]

    def asked(self, connection: http.client.HTTPConnection, path: str, session: str) -> tuple[int, int, float]:
        """Return the status, the bytes and the milliseconds of a page."""
        begun = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"sessionid={session}", "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        size = len(answer.read())
        return answer.status, size, 1000 * (time.perf_counter() - begun)

    def connection(self) -> http.client.HTTPConnection:
        """Return a connection to it."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


@contextmanager
def served(crowd: Crowded, port: int, workers: int, officers: int) -> Iterator[Room]:
    """Yield the room, served as `truce serve` does."""
    sessions = tuple(_signed_in(crowd, officers))
    command = [sys.executable, "-m", "trucekeeper.opsroom", "serve", str(crowd.folder / "mission")]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--workers", str(workers)], stdout=subprocess.DEVNULL, start_new_session=True
    )
    room = Room(crowd, port, sessions)
    try:
        _wait(room)
        yield room
    finally:
        process.terminate()
        process.wait(30)


def _signed_in(crowd: Crowded, officers: int) -> Iterator[str]:
    """Make accounts, and yield the key of a session of each."""
    os.environ["TRUCE_MISSION"] = str((crowd.folder / "mission").resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "trucekeeper.opsroom.settings"
    import django  # noqa: PLC0415  it reads its settings as it is set up
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    from trucekeeper.opsroom.people.invitations import now  # noqa: PLC0415
    from trucekeeper.opsroom.people.models import Account  # noqa: PLC0415

    for number in range(officers):
        of = list(DELEGATIONS)[number % len(DELEGATIONS)]
        said = {"role": "watch_officer", "delegation": of, "made_at": now()}
        account, _ = Account.objects.get_or_create(username=f"officer-{number}", defaults=said)
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        yield client.cookies["sessionid"].value


def _wait(room: Room) -> None:
    """Wait until pages are answered, and the keeper has written down where things stand by now."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError):
            if _caught_up(room) and room.asked(room.connection(), "/now/", room.sessions[0])[0] == http.client.OK:
                return
        time.sleep(0.5)
    raise RuntimeError("the room does not answer")


def _caught_up(room: Room) -> bool:
    with room.crowd.opened(lambda: 0) as mission:
        behind = time.time_ns() // 1000 - Looking(mission.projections).position()[1]
    return behind < MINUTE


# ---- (a) pages ---------------------------------------------------------------------------------------------------


def pages(room: Room, console: Console) -> list[Bar]:
    """Measure each page, warm, one after the other."""
    table = Table("page", "p50 ms", "p95 ms", "kB", title=f"(a) pages, {ASKED} times each")
    connection, slowest = room.connection(), 0.0
    known = {"incident": _an_incident(room), "past": _a_past(room)}
    for page in PAGES:
        path = page.format(**known)
        took, size = [], 0
        for number in range(WARM + ASKED):
            status, size, milliseconds = room.asked(connection, path, room.sessions[0])
            if status != http.client.OK:
                raise RuntimeError(f"{path} answers {status}")
            if number >= WARM:
                took.append(milliseconds)
        if page not in DATA:
            slowest = max(slowest, quantile(took, 0.95))
        table.add_row(page, f"{quantile(took, 0.5):.1f}", f"{quantile(took, 0.95):.1f}", f"{size / 1000:.1f}")
    console.print(table)
    return [Bar(f"the slowest page's p95 is at most {PAGE_MS:.0f} ms: {slowest:.1f}", slowest <= PAGE_MS)]


def _an_incident(room: Room) -> str:
    with room.crowd.opened(lambda: 0) as mission, mission.projections.reading() as connection:
        return str(
            connection.execute("SELECT id FROM incident ORDER BY reports DESC, latest DESC LIMIT 1").fetchone()[0]
        )


def _a_past(room: Room) -> str:
    with room.crowd.opened(lambda: 0) as mission, mission.projections.reading() as connection:
        first, last = connection.execute("SELECT min(since), max(since) FROM incident").fetchone()
        return write_moment((first + last) // 2)[:19] + "Z"


# ---- (b) live ----------------------------------------------------------------------------------------------------


@dataclass
class Screens:
    """Screens that look on: when each was told what."""

    room: Room
    heard: dict[str, list[float]] = field(default_factory=dict)
    open: int = 0

    async def look_on(self, session: str) -> None:
        """Look on until told to stop."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.room.port)
        words = (
            f"GET /now/changes HTTP/1.1\r\nHost: 127.0.0.1:{self.room.port}\r\nCookie: sessionid={session}\r\n\r\n"
        )
        writer.write(words.encode())
        try:
            while line := await reader.readline():
                if line.startswith(b": open"):
                    self.open += 1
                if line.startswith(b"data: ") and b'"incident"' in line:
                    told = json.loads(line[6:])
                    self.heard.setdefault(str((told.get("drawn") or {}).get("latest")), []).append(
                        time.perf_counter()
                    )
        finally:
            writer.close()


def live(room: Room, console: Console, screens: int, reports: int) -> list[Bar]:
    """Measure how long a report takes to each of many screens that look on."""
    accepted, shown = asyncio.run(_live(room, screens, reports))
    missing = reports * screens - len(shown)
    table = Table(
        "from", "p50 s", "p99 s", "most s", title=f"(b) {reports} reports, {screens} screens, {missing} missed"
    )
    for name, several in (("entered until on record", accepted), ("on record until told", shown)):
        values = [f"{quantile(several, part):.3f}" for part in (0.5, 0.99, 1)] if several else ["-"] * 3
        table.add_row(name, *values)
    console.print(table)
    p99 = quantile(shown, 0.99) if shown and not missing else float("inf")
    return [
        Bar(f"on record until shown on {screens} screens, p99 at most {SHOWN_S:.0f} s: {p99:.3f}", p99 <= SHOWN_S)
    ]


async def _live(room: Room, screens: int, reports: int) -> tuple[list[float], list[float]]:
    eyes = Screens(room)
    tasks = [asyncio.create_task(eyes.look_on(room.sessions[at % len(room.sessions)])) for at in range(screens)]
    while eyes.open < screens:  # noqa: ASYNC110  screens come as they come
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    accepted, shown = [], []
    dice = random.Random(time.time_ns())
    for number in range(reports):
        latest, sent, done = await asyncio.to_thread(_entered, room, dice, number)
        accepted.append(done - sent)
        until = time.perf_counter() + 20
        while len(eyes.heard.get(latest, ())) < screens and time.perf_counter() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        shown += [max(at - done, 0.0) for at in eyes.heard.get(latest, ())]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return accepted, shown


def _entered(room: Room, dice: random.Random, number: int) -> tuple[str, float, float]:
    """Enter one report; return when it happened, in seconds, and when it was sent and on record."""
    at = (time.time_ns() // 1_000_000_000 - 60 * number) * 1_000_000 - HOUR  # no two of them in one second
    with room.crowd.opened(lambda: time.time_ns() // 1000) as mission:
        body = report(f"patrols/live-{time.time_ns()}", "patrols", at, dice)
        said = mission.said(kinds.REPORT, body, by=[room.crowd.key("commission")])
        sent = time.perf_counter()
        [receipt] = mission.enter([said])
        done = time.perf_counter()
    if receipt.refused is not None:
        raise RuntimeError(receipt.refused)
    return str(at // 1_000_000), sent, done


# ---- (c) the map in a browser ------------------------------------------------------------------------------------


def in_browser(room: Room, console: Console) -> list[Bar]:
    """Measure from the navigation's start until the map can be used, five times, the first one cold."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  it comes with the extra `test`

    table = Table("", "clusters drawn s", "usable s", "answers a move s", title="(c) Chromium")
    usable: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": 1366, "height": 800})
        cookie = {"name": "sessionid", "value": room.sessions[0], "url": f"http://127.0.0.1:{room.port}"}
        context.add_cookies([cookie])  # type: ignore[list-item]  # as its documentation has it
        for number in range(5):
            page = context.new_page()
            page.wait_for_timeout(WINDOW_MS)
            page.goto(f"http://127.0.0.1:{room.port}/now/", wait_until="commit")
            page.locator("[data-now][data-seen]").wait_for(timeout=120_000)
            drawn = page.evaluate("performance.now()") / 1000
            page.locator("[data-now][data-usable]").wait_for(timeout=120_000)
            usable.append(page.evaluate("performance.now()") / 1000)
            answered = page.evaluate(_MOVES) / 1000
            table.add_row("cold" if not number else "warm", f"{drawn:.2f}", f"{usable[-1]:.2f}", f"{answered:.2f}")
            page.close()
        browser.close()
    console.print(table)
    middle = quantile(usable, 0.5)
    return [
        Bar(f"the map is usable within {USABLE_S:.0f} s: {middle:.2f} (cold {usable[0]:.2f})", middle <= USABLE_S)
    ]


_MOVES = """async () => {
  const begun = performance.now();
  const page = document.querySelector('[data-now]');
  const before = page.dataset.moved;
  document.querySelector('.maplibregl-ctrl-zoom-in').click();
  while (page.dataset.moved === before) await new Promise((done) => setTimeout(done, 5));
  return performance.now() - begun;
}"""


# ---- (d) fifty officers ------------------------------------------------------------------------------------------


def officers(room: Room, console: Console, seconds: float) -> list[Bar]:
    """Measure many officers at once: each asks for a page, reads it for a while, and asks for another."""
    until, failed, took = time.monotonic() + seconds, Counter[str](), list[float]()
    known = {"incident": _an_incident(room), "past": _a_past(room)}
    threads = [
        threading.Thread(target=_work, args=(room, session, until, known, failed, took)) for session in room.sessions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    table = Table(
        "pages", "errors", "p50 ms", "p95 ms", "most ms", title=f"(d) {len(threads)} officers, {seconds:.0f} s"
    )
    values = [f"{quantile(took, part):.0f}" for part in (0.5, 0.95, 1)]
    table.add_row(f"{len(took):,}", f"{sum(failed.values()):,}", *values)
    console.print(table)
    for says, count in failed.most_common(5):
        console.print(f"{count:,} times: {says}", soft_wrap=True)
    return [Bar(f"{len(threads)} officers for {seconds:.0f} s without an error: {sum(failed.values())}", not failed)]


THINK_S = (1.0, 5.0)


def _work(  # noqa: PLR0917  a thread is handed what it shares
    room: Room, session: str, until: float, known: dict[str, str], failed: Counter[str], took: list[float]
) -> None:
    dice, connection = random.Random(session), room.connection()
    time.sleep(dice.uniform(0, THINK_S[1]))
    while time.monotonic() < until:
        path = dice.choice(PAGES).format(**known)
        try:
            status, _, milliseconds = room.asked(connection, path, session)
        except (OSError, http.client.HTTPException) as error:
            failed[f"{path}: {error!r}"] += 1
            connection = room.connection()
            continue
        took.append(milliseconds)
        if status != http.client.OK:
            failed[f"{path}: {status}"] += 1
        time.sleep(dice.uniform(*THINK_S))


# ---- all of it ---------------------------------------------------------------------------------------------------


def main(words: Sequence[str]) -> int:
    """Measure what is asked for, print it, and say which bars hold; return the exit code."""
    asked, console = _asked(words), Console()
    crowd = crowded(asked.folder, asked.copied or asked.incidents, lambda says: console.print(says, highlight=False))
    console.print((asked.folder / "founded.json").read_text(encoding="utf-8"))
    if asked.copied:
        found = copied(crowd, asked.incidents) if not (asked.folder / "copied").exists() else asked.incidents
        (asked.folder / "copied").touch()
        console.print(
            f"NOT A RECORD OF SO MANY REPORTS: rows of {asked.copied:,} were copied, to {found:,} incidents"
        )
    bars: list[Bar] = []
    with served(crowd, asked.port, asked.workers, asked.officers) as room:
        if "a" in asked.parts:
            bars += pages(room, console)
        if "b" in asked.parts:
            bars += live(room, console, asked.screens, asked.reports)
        if "c" in asked.parts and CHROMIUM:
            bars += in_browser(room, console)
        if "d" in asked.parts:
            bars += officers(room, console, asked.seconds)
    for bar in bars:
        console.print(f"{'holds ' if bar.holds else 'MISSED'}  {bar.says}", soft_wrap=True)
    return 0 if all(bar.holds for bar in bars) else 1


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.opsroom")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--copied", type=int, default=0, help="found so many, and copy their rows")
    parser.add_argument("--parts", default="abcd")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--port", type=int, default=8750)
    parser.add_argument("--officers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--screens", type=int, default=100)
    parser.add_argument("--reports", type=int, default=30)
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
