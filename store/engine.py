"""The encrypted SQLite file behind SQLAlchemy.

Raw key, WAL, `synchronous=FULL` (with NORMAL a power cut loses what was acknowledged). Write
transactions begin IMMEDIATE; an engine with the option `read_only` begins plain ones, which
never wait for the writer.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from store.errors import (
    DiskFault,
    DiskFull,
    NoStore,
    ProfileReadOnly,
    StoreDamaged,
    StoreError,
    StoreNewer,
)
from store.steps import STEPS

LEAST_SQLITE = (3, 51, 3)  # before it, WAL can lose commits with two connections
PRAGMAS = (
    "journal_mode=wal",
    "synchronous=full",
    "foreign_keys=on",
    "busy_timeout=10000",
    "secure_delete=on",
    "temp_store=memory",
    "trusted_schema=off",
)
_FULL = {"SQLITE_FULL"}
_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CORRUPT_VTAB"}
_READ_ONLY = {"SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"}


def open_engine(path: Path, key: bytes, *, make: bool = True) -> Engine:
    """An engine on the file at `path`.

    Args:
        path: The store.
        key: 32 bytes.
        make: Make the file where there is none.

    Raises:
        NoStore: There is no such file and none was to be made.
        StoreDamaged: Wrong key, or the first page does not hold.
    """
    if not make and not path.exists():
        raise NoStore
    if driver.sqlite_version_info < LEAST_SQLITE:
        raise RuntimeError("the SQLite of this build can lose commits")

    engine = create_engine(
        f"sqlite+pysqlite:///{path.as_posix()}",
        module=driver,
        creator=_creator(path, key),
        poolclass=QueuePool,
        pool_size=4,
        hide_parameters=True,  # errors end up in logs
    )
    event.listen(engine, "begin", _begin)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    except DBAPIError as error:
        engine.dispose()
        raise as_store_error(error) from None
    return engine


def schema_version(engine: Engine) -> int:
    """How many steps this file has taken."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def migrate(
    engine: Engine, before: Callable[[], object] = lambda: None, *, upto: int | None = None
) -> int:
    """Take the steps that are missing, all in one transaction; returns how many.

    Args:
        engine: The store.
        before: Called once before the first step, to make a backup.
        upto: How many steps the store shall have taken in the end; None for all there are.

    Raises:
        StoreNewer: Written by a program that knows more steps.
    """
    version = schema_version(engine)
    if version > len(STEPS):
        raise StoreNewer(found=version, known=len(STEPS))
    missing = STEPS[version:upto]
    if not missing:
        return 0
    before()
    with engine.begin() as connection:
        for step in missing:
            for statement in step:
                connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA user_version = {version + len(missing)}")
    return len(missing)


def quick_check(engine: Engine) -> None:
    """Check the structure of every page; about 6 s for a GB, 10 ms for a small store.

    Raises:
        StoreDamaged: Something does not hold together.
    """
    _check(engine, "PRAGMA quick_check(1)")


def checkpoint(engine: Engine) -> None:
    """Move the log into the database and empty it, as far as readers and the disk allow."""
    connection = engine.raw_connection()
    try:
        with suppress(driver.Error):
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()


def full_check(engine: Engine) -> None:
    """Check every page's MAC and every index against its table.

    Raises:
        StoreDamaged: Something does not hold together.
    """
    with engine.connect() as connection:
        connection.commit()
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # the check reads the file only
        if raw.execute("PRAGMA cipher_integrity_check").fetchall():
            raise StoreDamaged
    _check(engine, "PRAGMA integrity_check(1)")


def full_check_in_use(engine: Engine) -> None:
    """Check every page in use and every index against its table, beside a writer.

    Raises:
        StoreDamaged: Something does not hold together.
    """
    _check(engine, "PRAGMA integrity_check(1)")


def as_store_error(error: DBAPIError) -> StoreError | DBAPIError:
    """The store's own error for a driver error that an office can meet; else the same error."""
    name = getattr(error.orig, "sqlite_errorname", "")
    if name in _FULL or "disk is full" in str(error.orig):
        return DiskFull()
    if name in _DAMAGED:
        return StoreDamaged()
    if name in _READ_ONLY:
        return ProfileReadOnly()
    if name.startswith("SQLITE_IOERR"):
        return DiskFault()
    return error


def _creator(path: Path, key: bytes) -> Callable[[], Any]:
    def connect() -> Any:
        connection = driver.connect(
            str(path), timeout=10, check_same_thread=False, isolation_level=None
        )
        try:
            connection.execute("PRAGMA cipher_log_level=none")
            connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except driver.Error:
            connection.close()
            raise
        return connection

    return connect


def _begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _check(engine: Engine, pragma: str) -> None:
    try:
        with engine.execution_options(read_only=True).connect() as connection:
            answer = connection.exec_driver_sql(pragma).scalar()
    except DBAPIError as error:
        raise as_store_error(error) from None
    if answer != "ok":
        raise StoreDamaged
