"""Uploads attacked: strangers, races, crashes, damage; on disk and on an S3 service."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from province import demo
from province.accounts import Caller
from province.app import Province, open_province
from province.encoding import to_b64
from province.errors import BadChecksum, ProvinceError, WrongOffset
from province.packages import Services
from tests.province.shapes import TestDevice
from tests.province.site import served
from tests.province.storage import Storage, names

OFFICE = "qingshan"
DEVICE = Caller("0193a0c0-0000-4000-8000-0000000000d1", OFFICE)


@pytest.fixture
def province(tmp_path: Path, storage: Storage) -> Iterator[Province]:
    opened = open_province(tmp_path / "p", services=Services({}), **storage)
    demo.fill(opened)
    yield opened
    opened.database.close()


@pytest.fixture
def on_disk(tmp_path: Path) -> Province:
    opened = open_province(tmp_path / "p", services=Services({}))
    demo.fill(opened)
    return opened


def append(province: Province, digest: str, offset: int, chunk: bytes) -> int:
    checksum = sha256(chunk).digest()
    uploads = province.uploads
    return uploads.append(OFFICE, digest, offset=offset, chunk=chunk, checksum=checksum).offset


def announce(province: Province, content: bytes) -> str:
    digest = sha256(content).hexdigest()
    province.uploads.create(DEVICE, digest, len(content))
    return digest


def test_a_file_in_pieces_is_whole_and_leaves_nothing_else_behind(province: Province) -> None:
    content = random.Random(1).randbytes(300_000)
    digest = announce(province, content)
    for start in range(0, len(content), 65_536):
        append(province, digest, start, content[start : start + 65_536])
    assert province.uploads.read(OFFICE, digest) == content
    assert [name.rpartition("/")[2] for name in names(province)] == [digest]


def test_of_two_chunks_for_one_place_one_is_refused(province: Province) -> None:
    content = random.Random(2).randbytes(80_000)
    digest, half = announce(province, content), 40_000
    outcomes: list[str] = []
    both = threading.Barrier(6)

    def send() -> None:
        both.wait()
        try:
            append(province, digest, 0, content[:half])
            outcomes.append("taken")
        except WrongOffset:
            outcomes.append("refused")

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 5 + ["taken"]
    assert append(province, digest, half, content[half:]) == len(content)
    assert province.uploads.read(OFFICE, digest) == content


def test_what_a_killed_worker_leaves_behind_is_never_joined(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = random.Random(3).randbytes(90_000)
    digest = announce(province, content)
    append(province, digest, 0, content[:30_000])
    with monkeypatch.context() as killed:  # after the bytes are stored, before they count
        killed.setattr(province.database, "write", _die)
        with pytest.raises(KeyboardInterrupt):
            append(province, digest, 30_000, content[30_000:60_000])
    assert province.uploads.progress(OFFICE, digest).offset == 30_000
    append(province, digest, 30_000, content[30_000:60_000])
    with monkeypatch.context() as killed:  # after the last chunk counts, before the file is joined
        killed.setattr(province.uploads._files, "join", _die)
        with pytest.raises(KeyboardInterrupt):
            append(province, digest, 60_000, content[60_000:])
    assert province.uploads.create(DEVICE, digest, len(content))[0].offset == len(content)
    assert province.uploads.read(OFFICE, digest) == content
    assert [name.rpartition("/")[2] for name in names(province)] == [digest]


def _die(*_arguments: object, **_more: object) -> None:
    raise KeyboardInterrupt


def test_a_file_that_is_not_the_one_announced_begins_again(province: Province) -> None:
    digest = sha256(b"the right one").hexdigest()
    province.uploads.create(DEVICE, digest, 13)
    with pytest.raises(BadChecksum):
        append(province, digest, 0, b"the wrong one")
    assert province.uploads.progress(OFFICE, digest).offset == 0
    append(province, digest, 0, b"the right one")
    assert province.uploads.read(OFFICE, digest) == b"the right one"


def test_uploads_that_nobody_goes_on_with_are_swept_out(province: Province) -> None:
    digest = announce(province, b"half of it")
    append(province, digest, 0, b"half")
    assert province.uploads.sweep() == 0
    later = province.now_ms() + 31 * 86_400_000
    province.uploads._now_ms = lambda: later
    assert province.uploads.sweep() == 1
    assert names(province) == []
    with pytest.raises(ProvinceError):
        province.uploads.progress(OFFICE, digest)


def test_an_upload_that_comes_back_while_it_is_swept_keeps_what_it_was_told(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = random.Random(5).randbytes(20_000)
    digest = announce(province, content)
    append(province, digest, 0, content[:9_000])
    later = province.now_ms() + 31 * 86_400_000
    province.uploads._now_ms = lambda: later
    files = province.uploads._files
    remove = files.remove_below

    def first_come_back(prefix: str, before: str = "") -> None:
        announce(province, content)
        assert append(province, digest, 0, content[:15_000]) == 15_000
        remove(prefix, before)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(files, "remove_below", first_come_back)
        assert province.uploads.sweep() == 1
    assert len(names(province)) == 1
    append(province, digest, 15_000, content[15_000:])
    assert province.uploads.read(OFFICE, digest) == content


def test_bytes_of_strangers_and_of_bad_chunks_are_never_written(on_disk: Province) -> None:
    content = b"x" * 1000
    digest = sha256(content).hexdigest()
    good = {"Upload-Offset": "0", "Upload-Checksum": "sha256 " + to_b64(sha256(content).digest())}
    with served(on_disk) as url, httpx.Client(base_url=url) as http:
        device = TestDevice(on_disk, http)
        device.call("PUT", f"/uploads/{digest}", headers={"Upload-Length": "1000"})
        for wrong in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp4"}):
            path = f"/api/v1/uploads/{digest}"
            assert http.patch(path, content=content, headers=good | wrong).status_code == 401

        def patch(**changes: str) -> int:
            headers = good | {name.replace("_", "-"): value for name, value in changes.items()}
            return device.call(
                "PATCH", f"/uploads/{digest}", headers=headers, content=content
            ).status_code

        assert patch(Upload_Checksum="sha256 " + "A" * 43 + "=") == 460
        assert patch(Upload_Offset="1") == 409
        assert patch(Upload_Checksum="md5 1B2M2Y8AsgTpgAmY7PhCfg==") == 422
        assert names(on_disk) == []
        assert patch() == 204


def test_a_body_beyond_the_limit_is_refused_however_it_is_framed(on_disk: Province) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(9 * 16):
            yield b"x" * 65_536

    digest = "0" * 64
    headers = {"Upload-Offset": "0", "Upload-Checksum": "sha256 " + "A" * 43 + "="}
    with served(on_disk) as url, httpx.Client(base_url=url) as http:
        device = TestDevice(on_disk, http)
        path = f"/uploads/{digest}"
        device.call("PUT", path, headers={"Upload-Length": str(50 * 2**20)})
        over = device.call("PATCH", path, headers=headers, content=b"x" * (4 * 2**20 + 1))
        assert over.status_code == 413
        try:
            framed = device.call("PATCH", path, headers=headers, content=endless())
            assert framed.status_code == 413
        except httpx.TransportError:  # refused while it was still being sent
            pass
        large = device.call("PUT", path, headers={"Upload-Length": str(2**40)})
        assert large.status_code == 422
    assert names(on_disk) == []
