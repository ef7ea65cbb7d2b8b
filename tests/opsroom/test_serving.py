"""A room that is served to other machines: encrypted, by several workers, with its record on a real PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPMessage, HTTPSConnection
from http.cookiejar import CookieJar
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests import mission_small as small
from tests.mission_small import ROOT
from trucekeeper.ledger.notes import SIGNS
from trucekeeper.mission import key_files
from trucekeeper.mission.adopting import Draft
from trucekeeper.mission.founding import found
from trucekeeper.mission.mission import Mission
from trucekeeper.mission.settings import Settings
from trucekeeper.opsroom.certificates import Pair
from trucekeeper.terms import Refused
from trucekeeper.terms.moments import write_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from trucekeeper.ledger.notes import Signer

PORT, WORKERS = 8764, 2
NAME = "truce.example"
PASSWORD = "a quiet valley at 3"  # noqa: S105  of accounts that live as long as a test
NOW = datetime(2031, 3, 10, tzinfo=UTC)
PATIENCE = 60


# ---- certificates ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Authority:
    """A mission's own certificate authority, thrown away after the test."""

    folder: Path
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def certify(self, *names: str, since: datetime = NOW, days: int = 90, file: str = "cert") -> Pair:
        """Return a certificate for names, and its key."""
        key = generate_private_key(SECP256R1())
        builder = _begun("truce", key, since, days).issuer_name(_called("the authority"))
        alternatives = [_alternative(one) for one in names]
        made = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        pair = Pair(self.folder / f"{file}.pem", self.folder / f"{file}.key")
        pair.certificate.write_bytes(made.sign(self.key, SHA256()).public_bytes(Encoding.PEM))
        pair.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return pair

    def own(self, since: datetime = NOW) -> str:
        """Return the certificate that is put on every laptop by hand."""
        name = _called("the authority")
        builder = _begun("the authority", self.key, since, 90).issuer_name(name)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.PEM).decode()


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _begun(name: str, key: EllipticCurvePrivateKey, since: datetime, days: int) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(_called(name)).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(since).not_valid_after(since + timedelta(days=days))


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Return a certificate authority."""
    return Authority(tmp_path)


@pytest.mark.parametrize("name", [NAME, "TRUCE.example", "room.valley.example", "127.0.0.1"])
def test_a_certificate_that_says_the_name_is_taken(authority: Authority, name: str) -> None:
    authority.certify(NAME, "*.valley.example", "127.0.0.1").hold([name], NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("name", "days", "says"),
    [
        ("other.example", 1, "it is for truce.example, *.valley.example, and not for other.example"),
        ("valley.example", 1, "and not for valley.example"),
        ("a.b.valley.example", 1, "and not for a.b.valley.example"),
        (NAME, 91, "it was good until 2031-06-08"),
        (NAME, -1, "it is good from 2031-03-10 on: is this machine's clock right?"),
    ],
)
def test_a_certificate_that_browsers_would_not_believe_is_refused_with_the_reason(
    authority: Authority, name: str, days: int, says: str
) -> None:
    pair = authority.certify(NAME, "*.valley.example")

    with pytest.raises(Refused, match=re.escape(says)):
        pair.hold([name], NOW + timedelta(days=days))


def test_a_key_that_is_anothers_or_none_is_refused(authority: Authority) -> None:
    pair, other = authority.certify(NAME), authority.certify(NAME, file="other")
    with pytest.raises(Refused, match="it is not the key of"):
        Pair(pair.certificate, other.key).hold([NAME], NOW)
    with pytest.raises(Refused, match="it is no private key in PEM"):
        Pair(pair.certificate, pair.certificate).hold([NAME], NOW)
    with pytest.raises(Refused, match="it is no certificate in PEM"):
        Pair(pair.key, pair.key).hold([NAME], NOW)


def test_djangos_own_checks_of_a_deployment_find_nothing_and_none_is_silenced(authority: Authority) -> None:
    pair = authority.certify(NAME)
    command = [sys.executable, "-m", "trucekeeper.opsroom", "check", str(authority.folder), "--name", NAME]
    command += ["--tls", str(pair.certificate), str(pair.key)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own command

    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced).")
    assert "WARNING" not in done.stderr


# ---- a room that is served ---------------------------------------------------------------------------------------


@dataclass
class Browser:
    """Somebody's browser, which believes the mission's authority."""

    trusts: ssl.SSLContext
    jar: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        """Open it."""
        handlers = (urllib.request.HTTPSHandler(context=self.trusts), urllib.request.HTTPCookieProcessor(self.jar))
        self._opener = urllib.request.build_opener(*handlers)

    def get(self, path: str) -> tuple[str, str, HTTPMessage]:
        """Return where a path leads, the page there, and its headers."""
        with self._opener.open(_url(path), timeout=PATIENCE) as answer:
            return answer.url, answer.read().decode(errors="replace"), answer.headers

    def post(self, path: str, said: dict[str, str], of: str = "") -> tuple[str, str]:
        """Fill in the form of a page, and return where that leads and the page there."""
        _, page, _ = self.get(of or path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        body = urllib.parse.urlencode({**said, "csrfmiddlewaretoken": token[1]}).encode()
        asked = urllib.request.Request(_url(path), body, {"Referer": _url(of or path)})  # noqa: S310  our own address
        with self._opener.open(asked, timeout=PATIENCE) as answer:
            return answer.url, answer.read().decode()


def _url(path: str) -> str:
    return path if path.startswith("https://") else f"https://localhost:{PORT}{path}"


@dataclass
class Served:
    """A room that is served: its mission's folder, what the server printed, and a way to come in."""

    folder: Path
    lines: list[str]
    trusts: ssl.SSLContext

    def browser(self) -> Browser:
        """Return a browser that nobody is signed in with."""
        return Browser(self.trusts)

    def come_in(self, link: str) -> Browser:
        """Return the browser of whoever opened a link and set a password."""
        browser = self.browser()
        browser.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD})
        return browser


def _clock() -> int:
    return time.time_ns() // 1000


def _founded(folder: Path, postgres: str) -> Path:
    """Found a mission whose log's key lies in a file, as that of a server does."""
    for name in ("log", "root"):
        key_files.new_key(folder / f"{name}.key", small.ORIGIN, None)
    log = key_files.read_public(folder / "log.key").log
    said = Settings(folder / "mission", log, folder / "log.key", postgres)
    draft = Draft.read(small.draft(folder / "draft"))
    found(said, draft, [ROOT], objection_hours=72, clock=_clock, signer=lambda: _log(folder))
    with _opened(folder / "mission") as mission:
        mission.enter([small.certificate(mission, small.NORTH, "north", "delegation_head")])
    return folder / "mission"


def _log(folder: Path) -> Signer:
    return key_files.read_signer(folder / "log.key", SIGNS, lambda: b"")


def _opened(folder: Path) -> AbstractContextManager[Mission]:
    return Mission.open(folder, clock=_clock, signer=lambda _: _log(folder.parent))


@pytest.fixture(scope="module")
def served(emptied: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a mission on PostgreSQL, encrypted, by several workers, as `truce serve` does."""
    folder = tmp_path_factory.mktemp("served")
    mission = _founded(folder, emptied())
    authority, since = Authority(folder), datetime.fromtimestamp(time.time() - 3600, UTC)
    pair = authority.certify("localhost", since=since)
    command = [sys.executable, "-m", "trucekeeper.opsroom", "serve", str(mission), "--port", str(PORT)]
    command += ["--workers", str(WORKERS), "--name", "localhost", "--tls", str(pair.certificate), str(pair.key)]
    told = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=told)  # noqa: S603  our own command
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if "truce key certify" in line:
            break
    threading.Thread(target=process.stdout.read, daemon=True).start()
    yield Served(mission, lines, ssl.create_default_context(cadata=authority.own(since)))
    process.terminate()
    assert process.wait(30) == 0


@pytest.fixture(scope="module")
def officers(served: Served) -> list[Browser]:
    """Return the browsers of two officers of north, whom the first administrator invited."""
    [link] = [line.rpartition(" ")[2] for line in served.lines if "/invited/" in line]
    administrator = served.come_in(link)
    [key] = re.findall(r"truce key certify \S+ (\S+)", served.lines[-1])
    with _opened(served.folder) as mission:
        body = {"key": key, "delegation": "north", "role": "registrar"}
        mission.enter([mission.said("key.certify", body, by=[ROOT])])
    found_ = []
    for number in (1, 2):
        said = {"name": f"officer-{number}", "role": "watch_officer", "delegation": "north"}
        _, page = administrator.post("/people/invite", said, of="/people/")
        found_.append(served.come_in(re.findall(r"https://\S+/invited/[\w-]+", page)[0]))
    return found_


def test_pages_go_out_encrypted_only_and_say_so(served: Served) -> None:
    browser = served.browser()
    url, _, headers = browser.get("/")

    assert url.startswith(f"https://localhost:{PORT}/door/login/")
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    cookies = {one.name: one for one in browser.jar}
    assert cookies["csrftoken"].secure
    plain = urllib.request.Request(f"http://localhost:{PORT}/")
    with pytest.raises(OSError, match=r"."):
        urllib.request.urlopen(plain, timeout=PATIENCE)  # noqa: S310  our own address


@pytest.mark.usefixtures("served")
def test_a_browser_that_does_not_know_the_authority_is_not_let_on() -> None:
    with pytest.raises(OSError, match="certificate verify failed"):
        Browser(ssl.create_default_context()).get("/")


def test_all_screens_answer_on_postgres(officers: list[Browser]) -> None:
    assert all(one.secure for one in officers[0].jar)
    for screen in ("now", "agreement", "commitments", "tallies", "sources", "report", "record", "sessions"):
        url, _, _ = officers[0].get(f"/{screen}/")
        assert url.endswith(f"/{screen}/")


def test_what_two_officers_enter_at_once_by_several_workers_is_all_on_record_once(
    served: Served, officers: list[Browser]
) -> None:
    def enter(number: int) -> str:
        browser = officers[number % 2]
        _, page, _ = browser.get("/report/")
        nonce = re.search(r'name="nonce" value="([^"]+)"', page)
        assert nonce
        said = {
            "nonce": nonce[1],
            "kind": "shelling",
            "how": "seen",
            "place": f"31.{number:02}, 34.51",
            "within_m": "200",
            "at": write_moment(_clock() - 60_000_000),
            "give": "0",
            "consent": "public",
        }
        url, _ = browser.post("/report/", said)
        again, _ = browser.post("/report/", said)
        assert url == again
        return url

    with ThreadPoolExecutor(4) as several:
        urls = list(several.map(enter, range(4)))

    assert len(set(urls)) == 4
    assert all("/incidents/i-" in one for one in urls)
    with _opened(served.folder) as mission:
        mission.projections.catch_up(mission.journal)
        told = [one for one in mission.projections.told(only=["report"]) if "room-" in str(one.row["id"])]
    assert len(told) == 4


def test_every_worker_knows_a_session_and_tells_it_what_changes(served: Served, officers: list[Browser]) -> None:
    """Several feeds are open at once, so that more than one worker has them; each is told of the new report."""
    cookie = "; ".join(f"{one.name}={one.value}" for one in officers[0].jar)
    feeds = []
    for _ in range(WORKERS * 2):
        connection = HTTPSConnection("localhost", PORT, context=served.trusts, timeout=PATIENCE)
        connection.request("GET", "/now/changes?after=0", headers={"Cookie": cookie})
        feeds.append((connection, connection.getresponse()))

    for connection, feed in feeds:
        assert feed.status == 200
        line = feed.readline()
        while not line.startswith(b"data: "):
            line = feed.readline()
        assert json.loads(line[6:])["number"] == 1
        connection.close()
