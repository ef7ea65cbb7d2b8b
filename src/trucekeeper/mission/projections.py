"""Projections: what follows from the record, laid out for asking. `projections.db` may be deleted at any time.

    position    how far each projection has come, and of which history
    laying      a name that changes whenever all is deleted, and whether what was deleted is still to be wiped
    agreements  each version of the agreement, from its entry on
    told        each revision of a fact or a report, its label in its row, from its entry until that of the next; and
                what was decided about reports
    acts        who put what on record, and the words of the watch log
    texts       the texts of the deal
    standing    where each commitment stood, for each audience, asked at each level of proof: from one entry and
                moment until another
    tallies     the counts among these, as corroborated, with every claim beside
    incident    what each audience knows of an incident, and
    report      what became of each report that it may see, and
    doubt       which reports may or may not be of one event, as `incident_rows` says
    question    what pages asked why, and what the keeper answered, as `questions` says
    watched     where and when somebody was watching, or was refused access, as `watch_rows` says
    changes     each change of a standing, an incident or a report, in the order in which it came
    caused      which of these, by its number, an incident caused
    named       what an entry names: a report its originals, a decision what it is about; of hidden entries nothing

It is one SQLite file beside `mission.toml`, wherever the record lies, so that what is redacted can be wiped from it:
whenever a seal is put on an entry or an entry is redacted, all of it is deleted and worked out again without that
entry's words. A row of `told` is good from its entry until that of `to_seq`; a row of standing while the record has
`from_size` entries or more, since a moment, and fewer than `to_size`, or until one.
"""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from unicodedata import normalize

from trucekeeper.journal.keys import certified
from trucekeeper.journal.sealing import NotOpenedError
from trucekeeper.mission import kinds
from trucekeeper.mission.restored import hidden_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.journal.charter import Accepted, Charter
    from trucekeeper.journal.journal import Journal
    from trucekeeper.journal.keys import Holder
    from trucekeeper.journal.statements import Body
    from trucekeeper.journal.store import Entry

FILE = "projections.db"
FORMAT = 8
"""Whoever finds another one deletes the file and works it out again."""
AT_A_TIME = 1000
SECONDS = 30
WIPING_MS = 2000
"""So long it is waited for readers: a question is answered sooner."""
_SCHEMA = """
CREATE TABLE position (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE laying (begun TEXT NOT NULL, unwiped INTEGER NOT NULL);
CREATE TABLE agreements (
    from_seq INTEGER PRIMARY KEY, to_seq INTEGER, at INTEGER NOT NULL, digest TEXT NOT NULL, files TEXT NOT NULL
);
CREATE TABLE told (
    from_seq INTEGER PRIMARY KEY, to_seq INTEGER, at INTEGER NOT NULL, delegation TEXT NOT NULL,
    kind TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, row TEXT NOT NULL
);
CREATE INDEX told_by_name ON told (kind, id, delegation, rev);
CREATE TABLE acts (
    from_seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, delegation TEXT NOT NULL,
    signers TEXT NOT NULL, row TEXT NOT NULL
);
CREATE INDEX acts_by ON acts (delegation, from_seq);
CREATE TABLE texts (from_seq INTEGER PRIMARY KEY, said TEXT NOT NULL);
CREATE TABLE delegations (name TEXT PRIMARY KEY, from_seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE standing (
    audience TEXT NOT NULL, asked TEXT NOT NULL, clause TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    place INTEGER NOT NULL, from_size INTEGER NOT NULL, since INTEGER NOT NULL, to_size INTEGER, until INTEGER,
    row TEXT NOT NULL
);
CREATE INDEX standing_now ON standing (audience, asked, name) WHERE to_size IS NULL;
CREATE INDEX standing_then ON standing (audience, asked, from_size);
CREATE TABLE incident (
    audience TEXT NOT NULL, id TEXT NOT NULL, from_size INTEGER NOT NULL, since INTEGER NOT NULL, to_size INTEGER,
    until INTEGER, kind TEXT NOT NULL, by TEXT NOT NULL, occurred TEXT NOT NULL, who TEXT NOT NULL,
    earliest INTEGER NOT NULL, latest INTEGER NOT NULL, lat_e7 INTEGER, lon_e7 INTEGER, within_m INTEGER,
    zone TEXT NOT NULL, borders TEXT NOT NULL, reports INTEGER NOT NULL, origins INTEGER NOT NULL, row TEXT NOT NULL
);
CREATE INDEX incident_named ON incident (audience, id);
CREATE INDEX incident_latest ON incident (audience, latest DESC, id, since, until, to_size, earliest, lat_e7, lon_e7);
CREATE TABLE report (
    audience TEXT NOT NULL, id TEXT NOT NULL, from_size INTEGER NOT NULL, since INTEGER NOT NULL, to_size INTEGER,
    until INTEGER, entry INTEGER NOT NULL, state TEXT NOT NULL, incident TEXT NOT NULL, why TEXT NOT NULL,
    touched INTEGER NOT NULL, open INTEGER NOT NULL, row TEXT NOT NULL
);
CREATE INDEX report_named ON report (audience, id);
CREATE INDEX report_inside ON report (audience, incident) WHERE to_size IS NULL;
CREATE INDEX report_now ON report (audience, state, entry) WHERE to_size IS NULL;
CREATE INDEX report_open ON report (audience, entry) WHERE to_size IS NULL AND open;
CREATE TABLE doubt (
    audience TEXT NOT NULL, place INTEGER NOT NULL, one TEXT NOT NULL, other TEXT NOT NULL, why TEXT NOT NULL,
    margin INTEGER NOT NULL, terms TEXT NOT NULL, PRIMARY KEY (audience, place)
) WITHOUT ROWID;
CREATE INDEX report_source ON report (audience, substr(id, 1, instr(id, '/') - 1), state) WHERE to_size IS NULL;
CREATE TABLE watched (
    audience TEXT NOT NULL, id TEXT NOT NULL, from_size INTEGER NOT NULL, since INTEGER NOT NULL, to_size INTEGER,
    until INTEGER, sort TEXT NOT NULL, by TEXT NOT NULL, zone TEXT NOT NULL, begins INTEGER NOT NULL,
    ends INTEGER NOT NULL, row TEXT NOT NULL
);
CREATE INDEX watched_named ON watched (audience, id);
CREATE INDEX watched_last ON watched (audience, ends);
CREATE VIEW tallies AS
    SELECT audience, clause, name, from_size, since, to_size, until,
        json_extract(row, '$.figure') AS figure, json_extract(row, '$.beside') AS claims
    FROM standing WHERE kind IN ('tally', 'quota') AND asked = 'corroborated';
CREATE TABLE question (
    id INTEGER PRIMARY KEY, audience TEXT NOT NULL, clause TEXT NOT NULL, key TEXT NOT NULL, asked TEXT NOT NULL,
    at INTEGER NOT NULL, asker TEXT NOT NULL, taken INTEGER NOT NULL, as_of INTEGER, answer TEXT
);
CREATE UNIQUE INDEX question_put ON question (audience, key, asked, at);
CREATE INDEX question_open ON question (id) WHERE answer IS NULL;
CREATE TABLE changes (
    id INTEGER PRIMARY KEY, number INTEGER NOT NULL, sort TEXT NOT NULL, audience TEXT NOT NULL,
    size INTEGER NOT NULL, at INTEGER NOT NULL, asked TEXT NOT NULL, clause TEXT NOT NULL, name TEXT NOT NULL,
    before TEXT, after TEXT, facts TEXT NOT NULL
);
CREATE UNIQUE INDEX changes_told ON changes (audience, number);
CREATE TABLE caused (
    audience TEXT NOT NULL, incident TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (audience, incident, number)
) WITHOUT ROWID;
CREATE TABLE named (what TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (what, entry)) WITHOUT ROWID;
"""

_TABLES = re.findall(r"CREATE TABLE (\w+)", _SCHEMA)

T = TypeVar("T")
Hidden: TypeAlias = "dict[int, Body | None]"
"""The entries whose words nobody may be shown: of a redacted one what was left, of a sealed one None."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fact, a report, or what was decided about reports, as it is on record.

    It is what one entry says: when that was integrated, who signed it, and its row.
    """

    seq: int
    at: int
    delegation: str
    row: Body
    kind: str = kinds.FACT


@dataclass(frozen=True, slots=True)
class Adopted:
    """A version of the agreement as it is on record: its files by the SHA-256 of their bytes."""

    seq: int
    at: int
    digest: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Projections:
    """The database of what follows from the record."""

    file: Path

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield the database for one change, whole or not at all."""
        with closing(self.connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield the database as it is now, unmoved by what is written meanwhile."""
        with closing(self.connect()) as connection:
            connection.execute("BEGIN")
            yield connection

    def connect(self) -> sqlite3.Connection:
        """Return a connection; the file is made where it is not there."""
        connection = sqlite3.connect(self.file, timeout=SECONDS, isolation_level=None)
        # It can be worked out again, so it need not survive a power cut; of what is deleted nothing may stay.
        for pragma in ("journal_mode = WAL", "synchronous = OFF", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        if connection.execute("PRAGMA user_version").fetchone() != (FORMAT,):
            _lay_foundation(connection)
        return connection

    def delete(self) -> None:
        """Delete the file, and what lies beside it: whoever asks next works all of it out again."""
        for file in self.file.parent.glob(f"{self.file.name}*"):
            file.unlink()

    # ---- from the record ----------------------------------------------------------------------------------------

    def catch_up(self, journal: Journal) -> int:
        """Lay out all that is on record by now, and return how many entries that is."""
        while True:
            size = journal.store.size()
            done = self._lay(journal, size, self._hidden(journal.charter(size)))
            if not any(journal.store.entries(size, governing=True)):
                self._wipe()
                return done

    def forget(self, charter: Charter | None) -> None:
        """Delete all if something is hidden that was not before: the next who asks has it worked out again."""
        hidden = self._hidden(charter)
        if not self.file.exists():
            return
        known = ("", hidden_as_said(hidden))
        with self.reading() as connection:  # waits for nobody, as whoever keeps has no time to
            begun_anew = got(connection, "hidden") in known
        if not begun_anew:
            with self.writing() as connection:
                if got(connection, "hidden") not in known:
                    _begin_anew(connection, hidden)
        self._wipe()

    def _hidden(self, charter: Charter | None) -> Hidden:
        return {**hidden_by(self.file.parent), **hidden_in(charter)}

    def _lay(self, journal: Journal, size: int, hidden: Hidden) -> int:
        """Lay out the first entries, of which some are hidden, and return how many are laid out."""
        while True:
            with self.writing() as connection:
                done = self._ready(connection, journal, hidden)
                entries = list(journal.store.entries(done, min(size, done + AT_A_TIME)))
                if not entries:
                    return done
                laying = _Laying(connection, _holders(journal, done), hidden)
                for entry, said in zip(entries, journal.opened(entries), strict=True):
                    laying.add(entry, said)
                put(connection, "facts", str(entries[-1].seq + 1))
                put(connection, "last", entries[-1].digest.hex())

    def _ready(self, connection: sqlite3.Connection, journal: Journal, hidden: Hidden) -> int:
        """Return how far the facts have come; begin anew if this is of another history, or something was hidden."""
        done, last = int(got(connection, "facts", "0")), got(connection, "last")
        said = hidden_as_said(hidden)
        there = [one.digest.hex() for one in journal.store.entries(done - 1, done)] if done else [last]
        if (said, [last]) == (got(connection, "hidden"), there):
            return done
        _begin_anew(connection, hidden)
        return 0

    def _wipe(self) -> None:
        """Leave nothing of what was deleted in any file; while somebody reads on, that is left to the next."""
        with closing(self.connect()) as connection:
            if connection.execute("SELECT 1 FROM laying WHERE unwiped").fetchone() is None:
                return
            connection.execute(f"PRAGMA busy_timeout = {WIPING_MS}")
            with suppress(sqlite3.OperationalError):  # somebody reads on
                connection.execute("VACUUM")  # where pages were joined, bytes stay even of what was deleted securely
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy:
                    connection.execute("UPDATE laying SET unwiped = 0")

    # ---- what is asked ------------------------------------------------------------------------------------------

    def whole(self, journal: Journal, ask: Callable[[], T]) -> T:
        """Return what is asked of all that is on record by now, and never of what is just being laid out anew."""
        while True:
            size = self.catch_up(journal)
            before, found = self._begun(size), ask()
            if before and before == self._begun(size):
                return found

    def _begun(self, size: int) -> str:
        """Return the name of what is laid out, which changes when all is deleted; "" while it is not that much."""
        with self.reading() as connection:
            begun = connection.execute("SELECT begun FROM laying").fetchone()
            return str(begun[0]) if begun and int(got(connection, "facts", "0")) >= size else ""

    def laid_out(self, connection: sqlite3.Connection) -> str:
        """Return the name of what is laid out, which changes when all is deleted."""
        return "".join(begun for (begun,) in connection.execute("SELECT begun FROM laying"))

    def position(self, name: str = "facts") -> int:
        """Return how many entries a projection has taken in."""
        with self.reading() as connection:
            return int(got(connection, name, "0"))

    def agreements(self) -> list[Adopted]:
        """Return every version of the agreement, the first first."""
        with self.reading() as connection:
            rows = connection.execute("SELECT * FROM agreements ORDER BY from_seq").fetchall()
        return [Adopted(seq, at, digest, json.loads(files)) for seq, _, at, digest, files in rows]

    def told(self, start: int = 0, end: int | None = None, *, only: Sequence[str] = ()) -> list[Told]:
        """Return what entries say, in order; `only` names the kinds of statement that are wanted."""
        among = f" AND kind IN ({', '.join('?' * len(only))})" if only else ""
        wanted = f"SELECT {_TOLD} FROM told WHERE from_seq BETWEEN ? AND ?{among} ORDER BY from_seq"  # noqa: S608  our own
        with self.reading() as connection:
            rows = connection.execute(wanted, [start, (1 << 62) if end is None else end - 1, *only]).fetchall()
        return [_told(row) for row in rows]

    def revisions(self, kind: str, delegation: str, names: Iterable[str]) -> list[Told]:
        """Return what a delegation has on record of facts, or of reports, by their ids."""
        wanted = f"SELECT {_TOLD} FROM told WHERE kind = ? AND delegation = ? AND id = ?"  # noqa: S608  our own
        with self.reading() as connection:
            return [_told(row) for name in names for row in connection.execute(wanted, [kind, delegation, name])]

    def delegations(self, start: int, end: int) -> list[str]:
        """Return the delegations of which a key was certified for the first time in some entries."""
        wanted = "SELECT name FROM delegations WHERE from_seq >= ? AND from_seq < ? ORDER BY from_seq, name"
        with self.reading() as connection:
            return [name for (name,) in connection.execute(wanted, [start, end])]

    def names(self, original: str, beside: int) -> bool:
        """Return whether an entry that is shown, other than one, names an original by its SHA-256."""
        several = (("told", "row"), ("texts", "said"))
        with self.reading() as connection:
            return any(
                connection.execute(
                    f"SELECT 1 FROM {table} WHERE from_seq <> ? AND instr({column}, ?) LIMIT 1",  # noqa: S608  our own
                    [beside, original],
                ).fetchone()
                for table, column in several
            )

    def texts(self) -> list[tuple[int, Body]]:
        """Return the texts of the deal that were entered, each with its entry."""
        with self.reading() as connection:
            return [
                (seq, json.loads(said)) for seq, said in connection.execute("SELECT * FROM texts ORDER BY from_seq")
            ]


_TOLD = "from_seq, at, delegation, kind, row"


def _told(row: tuple[int, int, str, str, str]) -> Told:
    seq, at, delegation, kind, said = row
    return Told(seq, at, delegation, json.loads(said), kind)


def _lay_foundation(connection: sqlite3.Connection) -> None:
    """Make the tables, in the place of those of another format."""
    connection.execute("BEGIN EXCLUSIVE")
    if connection.execute("PRAGMA user_version").fetchone() != (FORMAT,):
        there = connection.execute("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
        for sort, name in there:
            connection.execute(f"DROP {sort} {name}")
        for statement in filter(str.strip, _SCHEMA.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")


def hidden_as_said(hidden: Hidden) -> str:
    """Return the hidden entries as a projection says of which it was worked out."""
    return as_json({str(seq): left for seq, left in sorted(hidden.items())})


def _begin_anew(connection: sqlite3.Connection, hidden: Hidden) -> None:
    """Delete all that was laid out, for what is worked out without the words that are hidden."""
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608  our own names
    put(connection, "hidden", hidden_as_said(hidden))
    connection.execute("INSERT INTO laying VALUES (?, 1)", [token_hex(16)])


def hidden_in(charter: Charter | None) -> Hidden:
    """Return the entries whose words nobody may be shown."""
    if charter is None:
        return {}
    return {**dict.fromkeys(charter.seals.sealed), **charter.seals.redacted}


LEFT = ("id", "rev", "kind", "learned_at")
"""What a seal leaves of a fact or a report, and a redaction unless it is told otherwise."""


def left_of(kind: str, row: Body, delegation: str, columns: Sequence[str] = LEFT) -> Body:
    """Return what is left of a fact or report: some columns, the label under which it was, and whose it was.

    Of a report it says that it is one: when its words are gone, nothing else does. Its kind is not left: a fact's is
    the agreement's word, and a report's its source's own, which may tell what was to be hidden.
    """
    kept = {name: value for name, value in row.items() if name in columns or name in kinds.LABEL}
    of: Body = {}
    if kind == kinds.REPORT:
        of = {"of": kind}
        kept.pop("kind", None)
    return {**kept, **of, "delegation": delegation}


def _holders(journal: Journal, size: int) -> dict[str, Holder]:
    """Return for whom each key was certified, the last time before an entry."""
    governing = journal.opened(list(journal.store.entries(end=size, governing=True)))
    holders = [certified(one.body) for one in governing if one is not None and one.statement.kind == "key.certify"]
    return {one.key.id: one for one in holders}


@dataclass(frozen=True, slots=True)
class _Laying:
    """Entries as they are laid out: by whom their keys speak, and which of them are hidden."""

    connection: sqlite3.Connection
    keys: dict[str, Holder]
    """The holder of each key at the place that is being laid out: a revoked key may be certified for another."""
    hidden: Hidden

    def add(self, entry: Entry, said: Accepted | None) -> None:
        """Write what one entry adds."""
        if entry.seq in self.hidden:
            self._add_hidden(entry, said, self.hidden[entry.seq])
            return
        if said is None:
            raise NotOpenedError(f"entry {entry.seq}: its secret is not in the vault, and nobody redacted it")
        match said.statement.kind:
            case kinds.AGREEMENT:
                self._add_agreement(entry, said.body)
            case kind if kind in {*kinds.NAMED, *kinds.DECIDED}:
                row = {**said.body, **said.statement.label}
                self._add_named(entry, named_in(kind, said.body))
                self._add_told(Told(entry.seq, entry.at, self._delegation(said), row, kind))
                self._add_act(entry, said, {})
            case kind if kind in kinds.LOGGED:
                self._add_act(entry, said, {**said.body, **said.statement.label})
            case "key.certify":
                holder = certified(said.body)
                self.keys[holder.key.id] = holder
                begun = [holder.delegation, entry.seq]
                self.connection.execute("INSERT OR IGNORE INTO delegations VALUES (?, ?)", begun)
            case kinds.TEXT:
                self.connection.execute("INSERT INTO texts VALUES (?, ?)", [entry.seq, as_json(said.body)])
                self._add_act(entry, said, {})
            case _:
                pass  # it governs the record, and says nothing of what happened

    def _add_named(self, entry: Entry, several: Iterable[str]) -> None:
        rows = [(what, entry.seq) for what in several]
        self.connection.executemany("INSERT OR IGNORE INTO named VALUES (?, ?)", rows)

    def _add_agreement(self, entry: Entry, body: Body) -> None:
        """Write a version of the agreement, if it replaces the one in force: of two drafts one came too late."""
        in_force = self.connection.execute("SELECT digest FROM agreements WHERE to_seq IS NULL").fetchone()
        if str(body["replaces"]) != ("" if in_force is None else in_force[0]):
            return
        self.connection.execute("UPDATE agreements SET to_seq = ? WHERE to_seq IS NULL", [entry.seq])
        row = [entry.seq, None, entry.at, str(body["digest"]), as_json(body["files"])]
        self.connection.execute("INSERT INTO agreements VALUES (?, ?, ?, ?, ?)", row)

    def _add_hidden(self, entry: Entry, said: Accepted | None, left: Body | None) -> None:
        """Write what is left of a sealed or redacted entry."""
        if left is None:
            if said is None or said.statement.kind not in kinds.NAMED:
                return
            kind = said.statement.kind
            left = left_of(kind, {**said.body, **said.statement.label}, self._delegation(said))
        if left:
            row = {"id": f"redacted-{entry.seq}", **left, "op": "redact"}
            delegation, kind = str(row.pop("delegation", "")), str(row.pop("of", kinds.FACT))
            self._add_told(Told(entry.seq, entry.at, delegation, row, kind))

    def _add_told(self, told: Told) -> None:
        name, rev = str(told.row.get("id", "")), told.row.get("rev", 1)
        if told.kind in kinds.NAMED:
            before = "kind = ? AND delegation = ? AND id = ? AND rev < ? AND to_seq IS NULL"
            named = [told.seq, told.kind, told.delegation, name, rev]
            self.connection.execute(f"UPDATE told SET to_seq = ? WHERE {before}", named)  # noqa: S608  our own
        row = [told.seq, None, told.at, told.delegation, told.kind, name, rev, as_json(told.row)]
        self.connection.execute("INSERT INTO told VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _add_act(self, entry: Entry, said: Accepted, row: Body) -> None:
        """Write who put something on record; its words too, where no other table has them."""
        holders = [self.keys[key] for key in sorted(said.signers) if key in self.keys]
        signers = as_json([[one.role, one.name] for one in holders])
        begun = [entry.seq, entry.at, said.statement.kind, self._delegation(said), signers, as_json(row)]
        self.connection.execute("INSERT INTO acts VALUES (?, ?, ?, ?, ?, ?)", begun)

    def _delegation(self, said: Accepted) -> str:
        """Return for whom a statement speaks: the first by name of the delegations whose keys signed it."""
        return min((self.keys[key].delegation if key in self.keys else "" for key in said.signers), default="")


def named_in(kind: str, body: Body) -> Iterator[str]:
    """Yield what a statement names: of a report its originals, of a decision the reports or incident it is about."""
    match kind, body:
        case (kinds.REPORT, {"evidence": [*several]}) | (kinds.LINK, {"reports": [*several]}):
            yield from (normalize("NFC", str(one)) for one in several)
        case kinds.VERIFY, {"incident": str(name)}:
            yield name
        case _:
            pass


def tell(connection: sqlite3.Connection, change: Mapping[str, object]) -> int:
    """Add to what is told to an audience, and return the number that it has for it.

    Changes are numbered for each audience by itself: from a common number anybody would learn that others were told
    something.
    """
    wanted = "SELECT coalesce(max(number), 0) + 1 FROM changes WHERE audience = ?"
    (number,) = connection.execute(wanted, [change["audience"]]).fetchone()
    columns = ", ".join(change)
    places = ", ".join("?" * (len(change) + 1))
    connection.execute(f"INSERT INTO changes (number, {columns}) VALUES ({places})", [number, *change.values()])  # noqa: S608  our own
    return int(number)


def as_json(value: object) -> str:
    """Return a value as the projections hold it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def got(connection: sqlite3.Connection, name: str, absent: str = "") -> str:
    """Return how far something has come."""
    row = connection.execute("SELECT value FROM position WHERE name = ?", [name]).fetchone()
    return absent if row is None else str(row[0])


def put(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Write how far something has come."""
    connection.execute("INSERT OR REPLACE INTO position VALUES (?, ?)", [name, value])
