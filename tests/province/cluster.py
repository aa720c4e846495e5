"""A private PostgreSQL cluster in a temporary folder, run by an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

ORDINARY = ("postgres", "nobody")  # whom root becomes: the server refuses to run as root


def find_binaries() -> Path | None:
    """Where Debian keeps the newest server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[-3])
    return found[-1].parent if found else None


@contextmanager
def run_cluster(*settings: str) -> Iterator[str]:
    """Start a cluster on a Unix socket, with more settings; yields the folder of the socket."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server under /usr/lib/postgresql: apt install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="lm-pg-"))
    user = _become(folder)
    place = f"unix_socket_directories='{folder}'"
    lines = (place, "listen_addresses=''", "shared_buffers=64MB", "max_connections=100", *settings)

    def call(program: str, *arguments: str) -> None:
        run(binaries / program, folder, user, *arguments)

    try:
        call("initdb", "-U", "province", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\n".join(("", *lines, "")))
        call("pg_ctl", "-w", "-l", str(folder / "log"), "start")
        yield str(folder)
        call("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(program: Path, folder: Path, user: int | None, *arguments: str) -> None:
    """Run one of the server's programs on the cluster in `folder`."""
    command = [str(program), "-D", str(folder / "data"), *arguments]
    subprocess.run(command, check=True, user=user, capture_output=True, cwd=folder, timeout=90)


def control(host: str, *arguments: str) -> None:
    """`pg_ctl` on a running or stopped cluster, by its socket's folder: stop, start, restart."""
    binaries, folder = find_binaries(), Path(host)
    assert binaries is not None
    user = folder.stat().st_uid if os.getuid() == 0 else None
    run(binaries / "pg_ctl", folder, user, "-w", "-l", str(folder / "log"), *arguments)


@contextmanager
def new_database(host: str) -> Iterator[str]:
    """A database of its own in the cluster; yields its SQLAlchemy URL."""
    name = f"p{uuid.uuid4().hex[:12]}"
    server = psycopg.connect(host=host, user="province", dbname="postgres", autocommit=True)
    with server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
    yield f"postgresql+psycopg://province@/{name}?host={host}"
    with psycopg.connect(host=host, user="province", dbname="postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _become(folder: Path) -> int | None:
    if os.getuid() != 0:
        return None
    for name in ORDINARY:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return user.pw_uid
    pytest.skip("no ordinary user to run PostgreSQL as")
