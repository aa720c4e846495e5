"""What the province stands on gives way: `503` with `Retry-After`, and nothing is lost.

`LASTMILE_ATTACKS=1` restarts the database ten times under load instead of once.
"""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import httpx
import psycopg
import pytest
from botocore.exceptions import EndpointConnectionError
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from province import database, demo
from province.app import Province, open_province
from province.encoding import to_b64
from province.errors import Busy
from province.files import BucketFiles
from province.models import Office
from tests.province.cluster import control, new_database, run_cluster
from tests.province.packages import load
from tests.province.shapes import TestDevice, body, submission
from tests.province.site import served

LONG = bool(os.environ.get("LASTMILE_ATTACKS"))
ROOM = 24  # connections of the server
Site = tuple[Province, httpx.Client]


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[str]:
    """A server that may be stopped."""
    with run_cluster(f"max_connections={ROOM}", "deadlock_timeout=50ms") as host:
        yield host


@pytest.fixture(scope="module")
def on_postgres(
    own_cluster: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, str]]:
    with new_database(own_cluster) as url:
        yield from ((site, url) for site in _serve(tmp_path_factory.mktemp("outage"), url))


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from _serve(tmp_path_factory.mktemp("outage"), "")


def _serve(folder: Path, url: str) -> Iterator[Site]:
    province = open_province(folder / "p", services=load(folder / "s"), database_url=url)
    demo.fill(province)
    with served(province) as address, httpx.Client(base_url=address, timeout=60) as http:
        yield province, http


def put(device: TestDevice, seed: int) -> httpx.Response:
    case, ident, _ = submission(seed)
    return device.call("PUT", f"/cases/{case}/submissions/{ident}", json=body(seed))


def asked_to_wait(answer: httpx.Response) -> bool:
    return answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0


def test_a_database_restarted_under_load_breaks_no_request_and_loses_no_case(
    on_postgres: tuple[Site, str], own_cluster: str
) -> None:
    (province, http), _ = on_postgres
    device, acknowledged, strange = TestDevice(province, http), set(), []
    over = threading.Event()

    def send(turn: int) -> None:
        seed = turn * 1000
        while not over.is_set() or seed < turn * 1000 + 5:
            answer = put(device, seed)
            if answer.status_code in (200, 201):
                acknowledged.add(seed)
                seed += 1
            elif not asked_to_wait(answer):
                strange.append((answer.status_code, answer.text))

    threads = [threading.Thread(target=send, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for how in ("immediate", "fast") * 5 if LONG else ("immediate",):
        time.sleep(0.3)
        control(own_cluster, "restart", "-m", how)
    time.sleep(0.3)
    over.set()
    for thread in threads:
        thread.join()
    assert strange == []
    assert {put(device, seed).status_code for seed in acknowledged} == {200}
    events = device.call("GET", "/events?limit=1000").json()["events"]
    assert len(events) == len(acknowledged), "each once"


def test_a_database_that_is_gone_makes_everybody_wait_and_comes_back(
    on_postgres: tuple[Site, str], own_cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TRIES", 3)
    (province, http), _ = on_postgres
    device = TestDevice(province, http)
    pages = ("/verify?number=LM-1&name=x", "/desk", "/health/ready", "/api/v1/trust")
    control(own_cluster, "stop", "-m", "fast")
    try:
        assert asked_to_wait(device.call("GET", "/events"))
        assert asked_to_wait(put(device, 90001))
        assert asked_to_wait(http.post("/api/v1/challenges", json={"device": device.id}))
        assert all(asked_to_wait(http.get(page)) for page in pages)
        assert http.get("/health/live").status_code == 200
    finally:
        control(own_cluster, "start")
    assert put(device, 90001).status_code == 201
    assert http.get("/health/ready").status_code == 200


def test_a_server_without_a_connection_left_makes_everybody_wait(
    on_postgres: tuple[Site, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TRIES", 3)
    (province, http), url = on_postgres
    device = TestDevice(province, http)
    province.database.close()  # its own connections are lost, and others take them
    with ExitStack() as others:
        _take_all(others, url.replace("+psycopg", ""))
        assert asked_to_wait(device.call("GET", "/device"))
        assert asked_to_wait(put(device, 90002))
    assert put(device, 90002).status_code == 201


def test_requests_that_find_no_free_connection_are_asked_to_wait(
    on_postgres: tuple[Site, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (province, http), url = on_postgres
    device = TestDevice(province, http)
    monkeypatch.setattr(province.database._engine.pool, "_timeout", 0.2)
    statuses: list[int] = []

    def look() -> None:
        answer = http.get("/verify?number=LM-1&name=x")
        statuses.append(answer.status_code)

    with psycopg.connect(url.replace("+psycopg", "")) as holder:
        holder.execute("LOCK TABLE certificate IN ACCESS EXCLUSIVE MODE")
        threads = [threading.Thread(target=look) for _ in range(database.CONNECTIONS)]
        for thread in threads:
            thread.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while holder.execute(waiting).fetchone() != (database.CONNECTIONS,):
            time.sleep(0.02)
        assert asked_to_wait(device.call("GET", "/device"))
        assert asked_to_wait(put(device, 90003))
        assert http.get("/health/live").status_code == 200
    for thread in threads:
        thread.join()
    assert set(statuses) == {200}
    assert put(device, 90003).status_code == 201


def test_two_that_lock_each_other_out_both_get_through(
    on_postgres: tuple[Site, str],
) -> None:
    (province, _), _ = on_postgres
    first = threading.Barrier(2)

    def rename(session: Session, names: tuple[str, str]) -> None:
        for name in names:
            session.get_one(Office, name, with_for_update=True).name += "!"
            session.flush()
            if not first.broken:
                try:
                    first.wait(1)
                except threading.BrokenBarrierError:
                    continue

    orders = (("qingshan", "hongqi"), ("hongqi", "qingshan"))
    threads = [
        threading.Thread(target=province.database.write, args=(rename, order)) for order in orders
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = province.database.read(
        lambda session: [session.get_one(Office, name).name[-2:] for name in orders[0]]
    )
    assert names == ["!!", "!!"]
    assert province.database.retries >= 1


def test_a_locked_file_makes_writers_wait_and_readers_go_on(
    on_sqlite: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    province, http = on_sqlite
    device, engine = TestDevice(province, http), province.database._engine
    engine.dispose()
    event.listen(engine, "connect", lambda line, _: line.execute("PRAGMA busy_timeout=20"))
    monkeypatch.setattr(database, "PATIENCE_S", 0.2)
    with engine.connect() as holder:
        holder.execute(text("DELETE FROM challenge"))
        assert asked_to_wait(put(device, 90005))
        assert device.call("GET", "/events").status_code == 200
        holder.rollback()
    assert put(device, 90005).status_code == 201


def test_a_full_disk_takes_no_chunk_leaves_no_half_of_one_and_goes_on_with_room(
    on_sqlite: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    province, http = on_sqlite
    device, content = TestDevice(province, http), b"x" * 50_000
    digest = _announce(device, content)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        answer = _patch(device, digest, content)
    assert asked_to_wait(answer)
    assert [p for p in (province.folder / "incoming").rglob("*") if p.is_file()] == []
    assert device.call("HEAD", f"/uploads/{digest}").headers["Upload-Offset"] == "0"
    assert _patch(device, digest, content).status_code == 204
    assert province.uploads.read("qingshan", digest) == content


def test_a_bucket_out_of_reach_makes_senders_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    files = BucketFiles("scans", "http://127.0.0.1:1")

    def gone(**_arguments: object) -> None:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

    monkeypatch.setattr(files._client, "put_object", gone)
    with pytest.raises(Busy):
        files.put("x", b"x")


def _take_all(others: ExitStack, url: str) -> None:
    for _ in range(ROOM + 1):
        try:
            others.enter_context(psycopg.connect(url))
        except psycopg.OperationalError:
            return
    raise AssertionError


def _announce(device: TestDevice, content: bytes) -> str:
    digest = sha256(content).hexdigest()
    device.call("PUT", f"/uploads/{digest}", headers={"Upload-Length": str(len(content))})
    return digest


def _patch(device: TestDevice, digest: str, chunk: bytes) -> httpx.Response:
    checksum = "sha256 " + to_b64(bytes.fromhex(digest))
    headers = {"Upload-Offset": "0", "Upload-Checksum": checksum}
    return device.call("PATCH", f"/uploads/{digest}", headers=headers, content=chunk)
