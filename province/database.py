"""The province's database: SQLite by default, PostgreSQL by URL, one way to write.

Every write is one short transaction that may be run again: commands have no effect but on their
session. Reads take no lock. See docs/scale.md for what is left out so that distributed engines
can take the place of PostgreSQL.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Concatenate, Generic, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError  # noqa: A004
from sqlalchemy.orm import InstrumentedAttribute, Session, sessionmaker
from sqlalchemy.schema import CreateColumn
from sqlcipher3 import dbapi2 as sqlite

from province.errors import Busy, DatabaseUnfit
from province.models import Base, Counter

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")
B = TypeVar("B", bound=Base)
TRIES = 8
PATIENCE_S = 15.0  # no further try begins after it
CONNECT_S = 5  # for a database machine that does not answer at all
WAIT_S = 10.0  # for one of the connections
SAFE_SQLITE = (3, 51, 3)  # older ones can lose commits in WAL mode
TAKEN = ("SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE")
CONNECTIONS = 12  # of one worker; its threads wait for one
GROUP = 256  # commands that one transaction may carry


class Database:
    """Short transactions over one engine. Any thread may call.

    Attributes:
        retries: How often a transaction had to be run again, for /metrics.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        reader = engine.execution_options(read_only=True)
        if engine.dialect.name != "sqlite":  # one statement, one round trip
            reader = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._readers = sessionmaker(reader, expire_on_commit=False)
        self.retries = 0

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    def write(
        self, command: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `command` in one transaction; run again when the engine asks for it.

        Two transactions that insert the same key at once are such a case: the second finds the
        row the next time.

        Raises:
            Busy: Eight tries, or 15 seconds of them, did not get through.
        """
        return self._run(self._sessions.begin, command, *args, **kwargs)

    def read(
        self, query: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `query` without locks; what it changes is lost. A lost connection is made anew.

        Raises:
            Busy: As `write`.
        """
        return self._run(self._readers, query, *args, **kwargs)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _run(
        self,
        begin: Callable[[], AbstractContextManager[Session]],
        command: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        until = time.monotonic() + PATIENCE_S
        for attempt in range(TRIES):
            try:
                with begin() as session:
                    return command(session, *args, **kwargs)
            except TimeoutError:  # all connections are in use
                break
            except DBAPIError as error:
                if not _may_repeat(error):
                    raise
            if time.monotonic() > until:
                break
            self.retries += 1
            time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311  (jitter)
        raise Busy


class Group(Generic[T, R]):
    """Group commit: what arrives while a transaction runs goes into the next one together.

    `run` gets the waiting items in order and answers for each, in order. Any thread may call
    `submit`; one of the waiting threads does the work for all.
    """

    def __init__(self, run: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._run = run
        self._waiting: deque[tuple[T, Future[R]]] = deque()
        self._turn = threading.Lock()

    def submit(self, item: T) -> R:
        """The answer for `item`, once its transaction is committed."""
        future: Future[R] = Future()
        self._waiting.append((item, future))
        while not future.done():
            with self._turn:
                if not future.done():
                    self._lead()
        return future.result()

    def _lead(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
        try:
            results = self._run([item for item, _ in batch])
        except Busy as busy:  # nothing would be gained by asking for each of them
            for _, future in batch:
                future.set_exception(busy)
            return
        except Exception as error:  # noqa: BLE001 - each waiting thread raises its own
            self._one_by_one(batch, error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            future.set_result(result)

    def _one_by_one(self, batch: list[tuple[T, Future[R]]], error: Exception) -> None:
        if len(batch) == 1:
            batch[0][1].set_exception(error)
            return
        for item, future in batch:  # what one of them breaks, the others do not pay for
            try:
                future.set_result(self._run([item])[0])
            except Exception as its_own:  # noqa: BLE001 - raised by the thread that waits
                future.set_exception(its_own)


def open_database(url: str, folder: Path) -> Database:
    """Open the database and make what is missing of its tables.

    Args:
        url: SQLAlchemy URL, or "" for `province.db` in `folder`.
        folder: Data folder of the province.

    Raises:
        DatabaseUnfit: The SQLite library is older than 3.51.3.
    """
    engine = _postgres(url) if url else _sqlite(folder / "province.db")
    database = Database(engine)
    database.write(lambda session: _make_tables(session.connection()))
    return database


def _make_tables(connection: Connection) -> None:
    """Make missing tables, and columns and indexes that one of an earlier version lacks."""
    Base.metadata.create_all(connection)
    known = inspect(connection)
    for table in Base.metadata.sorted_tables:
        there = {column["name"] for column in known.get_columns(table.name)}
        lacking = [column for column in table.columns if column.name not in there]
        for column in lacking:
            written = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {written}")
        for index in table.indexes if lacking else ():
            index.create(connection, checkfirst=True)


def insert_missing(session: Session, table: type[Base], rows: Sequence[dict[str, object]]) -> None:
    """Insert `rows` whose key is not there yet, and leave the others as they are."""
    if rows:
        dialect = session.get_bind().dialect.name
        insert = sqlite_dialect.insert if dialect == "sqlite" else postgresql.insert
        session.execute(insert(table).on_conflict_do_nothing(), list(rows))


def lock_rows(
    session: Session,
    table: type[B],
    key: InstrumentedAttribute[str],
    wanted: Sequence[str],
    **new: int,
) -> dict[str, B]:
    """The rows of `table` by `key`, locked in order of the key; missing ones made with `new`."""
    query = select(table).where(key.in_(wanted)).order_by(key).with_for_update()
    rows = {getattr(row, key.key): row for row in session.scalars(query)}
    missing = sorted(set(wanted) - set(rows))
    if missing:
        insert_missing(session, table, [{key.key: value, **new} for value in missing])
        rows = {getattr(row, key.key): row for row in session.scalars(query)}
    return rows


def next_number(session: Session, scope: str, count: int = 1) -> int:
    """Take `count` numbers of `scope`; the first of them, from 1 on. Holds the row's lock."""
    row = lock_rows(session, Counter, Counter.scope, [scope], last=0)[scope]
    row.last += count
    session.flush()
    return row.last - count + 1


def _may_repeat(error: DBAPIError) -> bool:
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return True  # busy, lost, shut down
    if getattr(error.orig, "sqlite_errorname", "") in TAKEN:
        return True
    # 23505 the key was taken meanwhile, 25006 a standby not promoted yet, 40* serialisation or
    # deadlock, 42P07 two make the tables
    return str(getattr(error.orig, "sqlstate", "")).startswith(("23505", "25006", "40", "42P07"))


def _postgres(url: str) -> Engine:
    return create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_S,
        pool_recycle=1800,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_S},
    )


def _sqlite(path: Path) -> Engine:
    if sqlite.sqlite_version_info < SAFE_SQLITE:
        raise DatabaseUnfit
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        module=sqlite,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_S,
        hide_parameters=True,  # what a person typed stays out of errors
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA busy_timeout=10000")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
