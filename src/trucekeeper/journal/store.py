"""Where the journal lies: two databases that live differently, on SQLite or PostgreSQL by one code.

The record is only added to: entries in their order, the tiles of their tree, signed heads, and the inbox of what
waits to be integrated. It also has the numbers of what was redacted, so that any vault from a backup can be emptied
again, even one too old to open the redaction itself. The vault holds one secret for each statement, and forgets
those that are destroyed. On SQLite they are two files; on PostgreSQL two schemas.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from trucekeeper.journal.sealing import Sealed
from trucekeeper.ledger.tree import HASH_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy.engine import Engine

    from trucekeeper.ledger.tiles import Tile

_RECORD, _VAULT = sa.MetaData(), sa.MetaData()
_Digest = sa.LargeBinary(HASH_BYTES)

INBOX = sa.Table(
    "inbox",
    _RECORD,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("digest", _Digest, nullable=False, unique=True),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
ENTRIES = sa.Table(
    "entries",
    _RECORD,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("digest", _Digest, nullable=False, unique=True),
    sa.Column("governs", sa.Boolean, nullable=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
GOVERNING = sa.Index(
    "entries_governing", ENTRIES.c.seq, sqlite_where=sa.text("governs = 1"), postgresql_where=ENTRIES.c.governs
)
REFUSED = sa.Table(
    "refused",
    _RECORD,
    sa.Column("digest", _Digest, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
)
REDACTED = sa.Table("redacted", _RECORD, sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False))
TILES = sa.Table(
    "tiles",
    _RECORD,
    sa.Column("level", sa.Integer, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("hashes", sa.LargeBinary, nullable=False),
)
HEADS = sa.Table(
    "heads",
    _RECORD,
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("note", sa.LargeBinary, nullable=False),
)
KEEPER = sa.Table("keeper", _RECORD, sa.Column("fence", sa.BigInteger, primary_key=True, autoincrement=False))
SECRETS = sa.Table(
    "secrets",
    _VAULT,
    sa.Column("leaf", sa.LargeBinary, primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),
)

_ONE_TILE = sa.select(TILES.c.hashes).where(
    (TILES.c.level == sa.bindparam("level")) & (TILES.c.number == sa.bindparam("number"))
)
"""Made once: to make a question takes longer than to answer it."""

T = TypeVar("T")
MOST_NAMED = 500
KEEPERS_LOCK = 0x74727563
"""The number of the advisory lock on PostgreSQL: any, so long as all keepers have the same."""
SQLITE_WAITS = 30
"""Seconds that a writer waits for another: a group of thousands is written in a tenth of one."""


_REWRITTEN = (
    "LOCK TABLE vault.secrets IN ACCESS EXCLUSIVE MODE",
    "CREATE TEMPORARY TABLE kept ON COMMIT DROP AS TABLE vault.secrets",
    "TRUNCATE vault.secrets",
    "INSERT INTO vault.secrets TABLE kept",
)
"""VACUUM FULL would copy along what a transaction anywhere in the database, begun before, might still look at."""


class FencedError(Exception):
    """Another keeper has taken over; this one may write no more."""


class NotPurgedError(Exception):
    """The vault was being read, so that its files may still hold what was destroyed; it is to be purged again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in the inbox, in the order in which it came."""

    id: int
    digest: bytes
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement in its place: its number from 0, when it was integrated in microseconds, and its sealed bytes."""

    seq: int
    at: int
    digest: bytes
    sealed: Sealed
    governs: bool = False


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A signed head as it is stored: of how many entries, when it was signed in microseconds, and its note."""

    size: int
    at: int
    note: bytes


@dataclass(frozen=True, slots=True)
class Held:
    """Tiles that were read together."""

    tiles: Mapping[Tile, bytes]

    def tile(self, tile: Tile) -> bytes:
        """Return the hashes of a tile. Raises LookupError."""
        if tile not in self.tiles:
            raise LookupError(tile.path)
        return self.tiles[tile]


@dataclass(frozen=True, slots=True)
class Store:
    """The record and the vault."""

    record: Engine
    vault: Engine

    @classmethod
    def in_folder(cls, folder: Path) -> Store:
        """Return the store in two SQLite files of a folder."""
        return cls.in_files(folder / "record.db", folder / "vault.db")

    @classmethod
    def in_files(cls, record: Path, vault: Path) -> Store:
        """Return the store in two SQLite files."""
        return _made(_sqlite(record), _sqlite(vault))

    @classmethod
    def on_postgres(cls, url: str) -> Store:
        """Return the store in two schemas of a PostgreSQL database."""
        engine = _postgres(url)
        with engine.begin() as connection:
            for schema in ("record", "vault"):
                connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        return _made(*(engine.execution_options(schema_translate_map={None: one}) for one in ("record", "vault")))

    @classmethod
    def to_read(cls, folder: Path, postgres: str = "") -> Store:
        """Return a store that is there, in a folder or on PostgreSQL; nothing is made, and nobody writes through it.

        Raises LookupError, which names a file that is not there.
        """
        if postgres:
            engine = _postgres(postgres).execution_options(postgresql_readonly=True)
            return cls(*(engine.execution_options(schema_translate_map={None: one}) for one in ("record", "vault")))
        files = [folder / f"{name}.db" for name in ("record", "vault")]
        for file in files:
            if not file.is_file():
                raise LookupError(file.name)
        return cls(*(_sqlite_to_read(file) for file in files))

    def close(self) -> None:
        """Let go of all connections."""
        self.record.dispose()
        self.vault.dispose()

    # ---- the inbox ----

    def submit(self, several: Sequence[tuple[bytes, Sealed, bytes]]) -> None:
        """Put sealed statements into the inbox, durable when this returns; once, however often they are submitted.

        Of each the digest, what is sealed, and its secret, which is in the vault before: so whatever waits can be
        opened.
        """
        places = self.places([digest for digest, _, _ in several])
        new = [one for one in several if one[0] not in places]
        if not new:
            return
        self.keep({sealed.leaf: secret for _, sealed, secret in new})
        rows = [{"digest": digest, "leaf": sealed.leaf, "data": sealed.data} for digest, sealed, _ in new]
        with _writing(self.record) as connection:
            connection.execute(_unless_there(self.record, INBOX), rows)
            taken = {bytes(leaf) for leaf in _leaves(connection, [row["digest"] for row in rows])}
        self.destroy([sealed.leaf for _, sealed, _ in new if sealed.leaf not in taken])

    def waiting(self, most: int) -> list[Waiting]:
        """Return what waits, the first come first."""
        with self.record.connect() as connection:
            rows = connection.execute(sa.select(INBOX).order_by(INBOX.c.id).limit(most)).all()
        return [Waiting(row.id, row.digest, Sealed(row.leaf, row.data)) for row in rows]

    def places(self, digests: Sequence[bytes]) -> dict[bytes, int]:
        """Return the numbers of the entries that statements became, of those that are in the log."""
        found: dict[bytes, int] = {}
        with self.record.connect() as connection:
            for some in _some(digests):
                wanted = sa.select(ENTRIES.c.digest, ENTRIES.c.seq).where(ENTRIES.c.digest.in_(some))
                found |= {bytes(row.digest): int(row.seq) for row in connection.execute(wanted)}
        return found

    def refusals(self, digests: Sequence[bytes]) -> dict[bytes, str]:
        """Return why statements were refused, of those that were."""
        found: dict[bytes, str] = {}
        with self.record.connect() as connection:
            for some in _some(digests):
                wanted = sa.select(REFUSED).where(REFUSED.c.digest.in_(some))
                found |= {bytes(row.digest): str(row.why) for row in connection.execute(wanted)}
        return found

    # ---- the record ----

    def size(self) -> int:
        """Return how many entries there are."""
        with self.record.connect() as connection:
            last = connection.execute(sa.select(sa.func.max(ENTRIES.c.seq))).scalar()
        return 0 if last is None else int(last) + 1

    def entries(self, start: int = 0, end: int | None = None, *, governing: bool = False) -> Iterator[Entry]:
        """Yield entries in their order, all or only those that govern the record."""
        wanted = sa.select(ENTRIES).where(ENTRIES.c.seq >= start).order_by(ENTRIES.c.seq)
        if end is not None:
            wanted = wanted.where(ENTRIES.c.seq < end)
        if governing:
            wanted = wanted.where(ENTRIES.c.governs)
        with self.record.connect() as connection:
            for row in connection.execution_options(yield_per=1000).execute(wanted):
                yield Entry(row.seq, row.at, row.digest, Sealed(row.leaf, row.data), row.governs)

    def redacted(self) -> list[bytes]:
        """Return the leaves of the entries that were redacted."""
        wanted = sa.select(ENTRIES.c.leaf).join(REDACTED, ENTRIES.c.seq == REDACTED.c.seq).order_by(ENTRIES.c.seq)
        with self.record.connect() as connection:
            return [bytes(leaf) for leaf in connection.execute(wanted).scalars()]

    def tile(self, tile: Tile) -> bytes:
        """Return the hashes of a tile; of one that has grown since, the first. Raises LookupError."""
        where = (TILES.c.level == tile.level) & (TILES.c.number == tile.number)
        with self.record.connect() as connection:
            found = connection.execute(sa.select(TILES.c.hashes).where(where)).scalar()
        if found is None or len(found) < tile.width * HASH_BYTES:
            raise LookupError(tile.path)
        return bytes(found[: tile.width * HASH_BYTES])

    def tiles_held(self, tiles: Iterable[Tile]) -> Held:
        """Return tiles, read at one moment; of those that have grown since, the first hashes."""
        found: dict[Tile, bytes] = {}
        with self.record.connect() as connection:
            for tile in tiles:
                hashes = connection.execute(_ONE_TILE, {"level": tile.level, "number": tile.number}).scalar()
                if hashes is not None and len(hashes) >= tile.width * HASH_BYTES:
                    found[tile] = bytes(hashes[: tile.width * HASH_BYTES])
        return Held(found)

    def head(self, size: int | None = None) -> bytes | None:
        """Return the signed head of a size, or the newest; None if there is none."""
        wanted = sa.select(HEADS.c.note).order_by(HEADS.c.size.desc()).limit(1)
        if size is not None:
            wanted = wanted.where(HEADS.c.size == size)
        with self.record.connect() as connection:
            found = connection.execute(wanted).scalar()
        return None if found is None else bytes(found)

    def sizes(self, after: int = 0) -> list[tuple[int, int]]:
        """Return how many entries each signed head covers that is larger than a size, and when it was signed."""
        wanted = sa.select(HEADS.c.size, HEADS.c.at).where(HEADS.c.size > after).order_by(HEADS.c.size)
        with self.record.connect() as connection:
            return [(int(row.size), int(row.at)) for row in connection.execute(wanted)]

    def heads(self) -> Iterator[HeadRow]:
        """Yield every signed head, the smallest first."""
        with self.record.connect() as connection:
            wanted = sa.select(HEADS).order_by(HEADS.c.size)
            for row in connection.execution_options(yield_per=1000).execute(wanted):
                yield HeadRow(row.size, row.at, bytes(row.note))

    def heads_back(self, most: int) -> Iterator[HeadRow]:
        """Yield the newest signed heads, the newest first."""
        with self.record.connect() as connection:
            wanted = sa.select(HEADS).order_by(HEADS.c.size.desc()).limit(most)
            for row in connection.execution_options(yield_per=100).execute(wanted):
                yield HeadRow(row.size, row.at, bytes(row.note))

    def size_at(self, at: int) -> int:
        """Return how many entries the newest head that was signed by a moment covers, 0 if there was none."""
        wanted = sa.select(HEADS.c.size).where(HEADS.c.at <= at).order_by(HEADS.c.size.desc()).limit(1)
        with self.record.connect() as connection:
            return int(connection.execute(wanted).scalar() or 0)

    def tile_widths(self) -> Iterator[tuple[int, int, int]]:
        """Yield of every tile its level, its number, and how many bytes it has."""
        with self.record.connect() as connection:
            wanted = sa.select(TILES.c.level, TILES.c.number, sa.func.length(TILES.c.hashes))
            ordered = wanted.order_by(TILES.c.level, TILES.c.number)
            for level, number, length in connection.execution_options(yield_per=1000).execute(ordered):
                yield int(level), int(number), int(length)

    def cosign(self, size: int, note: bytes) -> None:
        """Put a head with more cosignatures in its place."""
        with _writing(self.record) as connection:
            connection.execute(sa.update(HEADS).where(HEADS.c.size == size).values(note=note))

    # ---- the keeper's writing ----

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Yield whether the database's lock for keepers is held; a SQLite file is for one machine, and has none.

        It is held in no transaction: one that is open for months would hinder who tends the database.
        """
        if self.record.dialect.name != "postgresql":
            yield True
            return
        with self.record.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            mine = bool(connection.execute(sa.select(sa.func.pg_try_advisory_lock(KEEPERS_LOCK))).scalar())
            try:
                yield mine
            finally:
                if mine:
                    connection.execute(sa.select(sa.func.pg_advisory_unlock(KEEPERS_LOCK)))

    def take_over(self) -> int:
        """Make every earlier keeper stop, and return the fence behind which this one writes."""
        with _writing(self.record) as connection:
            connection.execute(sa.update(KEEPER).values(fence=KEEPER.c.fence + 1))
            return int(connection.execute(sa.select(KEEPER.c.fence)).scalar_one())

    @contextmanager
    def group(self, fence: int) -> Iterator[Group]:
        """Yield what the keeper writes into: all of it is durable when this ends, or none. Raises FencedError."""
        with _writing(self.record) as connection:
            mine = sa.update(KEEPER).where(KEEPER.c.fence == fence).values(fence=fence)
            if connection.execute(mine).rowcount != 1:
                raise FencedError("another keeper has taken over")
            yield Group(self.record, connection)

    # ---- the vault ----

    def keep(self, secrets: Mapping[bytes, bytes]) -> None:
        """Put secrets into the vault, each under the leaf or digest of what it opens."""
        with _writing(self.vault) as connection:
            rows = [{"leaf": name, "secret": secret} for name, secret in secrets.items()]
            connection.execute(_unless_there(self.vault, SECRETS), rows)

    def secrets(self, leaves: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the secrets of leaves, of those that were not destroyed."""
        found: dict[bytes, bytes] = {}
        with self.vault.connect() as connection:
            for some in _some(leaves):
                found |= {
                    bytes(row.leaf): bytes(row.secret)
                    for row in connection.execute(sa.select(SECRETS).where(SECRETS.c.leaf.in_(some)))
                }
        return found

    def originals(self) -> dict[bytes, bytes]:
        """Return the secrets of all originals, each under its SHA-256: a leaf is longer."""
        wanted = sa.select(SECRETS).where(sa.func.length(SECRETS.c.leaf) == HASH_BYTES)
        with self.vault.connect() as connection:
            return {bytes(row.leaf): bytes(row.secret) for row in connection.execute(wanted)}

    def names(self) -> Iterator[bytes]:
        """Yield under what each secret is kept."""
        with self.vault.connect() as connection:
            yield from connection.execution_options(yield_per=1000).execute(sa.select(SECRETS.c.leaf)).scalars()

    def destroy(self, leaves: Sequence[bytes]) -> None:
        """Forget the secrets of leaves."""
        if not leaves:
            return
        with _writing(self.vault) as connection:
            for some in _some(leaves):
                connection.execute(sa.delete(SECRETS).where(SECRETS.c.leaf.in_(some)))

    def purge(self) -> None:
        """Leave no copy of a destroyed secret in the vault's files: in no page that was joined, and no log of SQLite.

        Raises NotPurgedError if somebody reads a SQLite vault all the while. PostgreSQL's own write-ahead log keeps
        what it has until its files are used again.
        """
        if self.vault.dialect.name == "postgresql":
            with _writing(self.vault) as connection:
                for step in _REWRITTEN:
                    connection.exec_driver_sql(step)
            return
        with self.vault.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        if busy:
            raise NotPurgedError("somebody reads the vault: what was destroyed may still be in vault.db-wal")


def _made(record: Engine, vault: Engine) -> Store:
    with _writing(record) as connection:
        _RECORD.create_all(connection)
        GOVERNING.create(connection, checkfirst=True)  # a record of an earlier version has its tables, and not this
        if connection.execute(sa.select(KEEPER)).first() is None:
            connection.execute(sa.insert(KEEPER), [{"fence": 0}])
    with _writing(vault) as connection:
        _VAULT.create_all(connection)
    return Store(record, vault)


@dataclass(frozen=True, slots=True)
class Group:
    """One transaction of the keeper."""

    engine: Engine
    connection: sa.Connection

    def add(self, entries: Sequence[Entry]) -> list[bytes]:
        """Add entries, and return their leaves as they are read back from storage."""
        rows = [
            {
                "seq": one.seq,
                "at": one.at,
                "digest": one.digest,
                "governs": one.governs,
                "leaf": one.sealed.leaf,
                "data": one.sealed.data,
            }
            for one in entries
        ]
        self.connection.execute(sa.insert(ENTRIES), rows)
        wanted = sa.select(ENTRIES.c.leaf).where(ENTRIES.c.seq >= entries[0].seq).order_by(ENTRIES.c.seq)
        return [bytes(leaf) for leaf in self.connection.execute(wanted).scalars()]

    def take(self, done: Sequence[Waiting]) -> None:
        """Take what was integrated or refused out of the inbox."""
        for some in _some([one.id for one in done]):
            self.connection.execute(sa.delete(INBOX).where(INBOX.c.id.in_(some)))

    def refuse(self, digest: bytes, at: int, why: str) -> None:
        """Note why a statement was refused."""
        self.connection.execute(_unless_there(self.engine, REFUSED), [{"digest": digest, "at": at, "why": why}])

    def grow(self, tiles: Iterable[tuple[Tile, bytes]]) -> None:
        """Write tiles, new or grown."""
        rows = [{"level": tile.level, "number": tile.number, "hashes": data} for tile, data in tiles]
        insert = _dialect(self.engine).insert(TILES)
        grown = insert.on_conflict_do_update(
            index_elements=[TILES.c.level, TILES.c.number], set_={"hashes": insert.excluded.hashes}
        )
        self.connection.execute(grown, rows)

    def redact(self, entries: Iterable[int]) -> None:
        """Note which entries were redacted."""
        rows = [{"seq": one} for one in entries]
        if rows:
            self.connection.execute(sa.insert(REDACTED), rows)

    def sign(self, size: int, at: int, note: bytes) -> None:
        """Write the head."""
        self.connection.execute(sa.insert(HEADS), [{"size": size, "at": at, "note": note}])


def _leaves(connection: sa.Connection, digests: Sequence[bytes]) -> Iterator[bytes]:
    for some in _some(digests):
        yield from connection.execute(sa.select(INBOX.c.leaf).where(INBOX.c.digest.in_(some))).scalars()


def _some(several: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield as many at a time as one question may name."""
    for start in range(0, len(several), MOST_NAMED):
        yield several[start : start + MOST_NAMED]


def _dialect(engine: Engine) -> Any:  # noqa: ANN401  two modules of one shape
    return postgresql if engine.dialect.name == "postgresql" else sqlite


def _unless_there(engine: Engine, table: sa.Table) -> Any:  # noqa: ANN401
    return _dialect(engine).insert(table).on_conflict_do_nothing()


def _writing(engine: Engine) -> AbstractContextManager[sa.Connection]:
    """Return a transaction that writes: on SQLite it waits for its turn before it reads anything."""
    return engine.execution_options(writes=True).begin()


def _postgres(url: str) -> Engine:
    """Return a PostgreSQL database; the secrets that go into it are in no error, and so in no log."""
    return sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"), hide_parameters=True)


def _sqlite(file: Path) -> Engine:
    """Return a SQLite database that is durable after each commit, and whose writers take turns from the start."""
    engine = sa.create_engine(f"sqlite:///{file}", connect_args={"timeout": SQLITE_WAITS}, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.isolation_level = None
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")

    return engine


def _sqlite_to_read(file: Path) -> Engine:
    """Return a SQLite database that is there, and into which nobody can write by this."""
    engine = sa.create_engine(
        f"sqlite:///file:{quote(str(file.resolve()))}?mode=rw&uri=true", connect_args={"timeout": SQLITE_WAITS}
    )

    @sa.event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.isolation_level = None
        connection.execute("PRAGMA query_only = ON")

    @sa.event.listens_for(engine, "begin")
    def _(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine
