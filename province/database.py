"""The province's database: SQLite by default, PostgreSQL by URL, one way to write."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlcipher3 import dbapi2 as sqlite

from province.errors import Busy, DatabaseUnfit
from province.models import Base, Counter

P = ParamSpec("P")
T = TypeVar("T")
TRIES = 5
SAFE_SQLITE = (3, 51, 3)  # older ones can lose commits in WAL mode


class Database:
    """Short transactions over one engine. Any thread may call."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    def write(
        self, command: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `command` in one transaction; tried again when the engine asks for it.

        Raises:
            Busy: Five tries did not get through.
        """
        for attempt in range(TRIES):
            try:
                with self._sessions.begin() as session:
                    return command(session, *args, **kwargs)
            except OperationalError:
                time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311  (jitter)
        raise Busy

    def read(
        self, query: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `query` in one transaction that is rolled back."""
        with self._sessions() as session:
            return query(session, *args, **kwargs)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def open_database(url: str, folder: Path) -> Database:
    """Open the database and make missing tables.

    Args:
        url: SQLAlchemy URL, or "" for `province.db` in `folder`.
        folder: Data folder of the province.

    Raises:
        DatabaseUnfit: The SQLite library is older than 3.51.3.
    """
    engine = create_engine(url, pool_pre_ping=True) if url else _sqlite(folder / "province.db")
    Base.metadata.create_all(engine)
    return Database(engine)


def next_number(session: Session, scope: str, count: int = 1) -> int:
    """Take `count` numbers of `scope`; the first of them, from 1 on. Holds the row's lock."""
    row = session.scalars(
        select(Counter).where(Counter.scope == scope).with_for_update()
    ).one_or_none()
    if row is None:
        row = Counter(scope=scope, last=0)
        session.add(row)
    row.last += count
    session.flush()
    return row.last - count + 1


def _sqlite(path: Path) -> Engine:
    if sqlite.sqlite_version_info < SAFE_SQLITE:
        raise DatabaseUnfit
    engine = create_engine(f"sqlite+pysqlite:///{path}", module=sqlite, pool_size=8)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA busy_timeout=10000")

    @event.listens_for(engine, "begin")
    def begin(connection: object) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]

    return engine
