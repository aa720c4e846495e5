"""Room for files that no case names: bounded for each device, given back by its cases.

`LASTMILE_ATTACKS=1` makes 10,000 files of a byte or two, 3,000 random steps and 100 races.
"""

from __future__ import annotations

import random
from contextlib import suppress
from functools import partial
from hashlib import sha256

import httpx
import pytest

from province import intake
from province.encoding import to_b64
from province.errors import DiskFull, ProvinceError, RoomUsed
from province.room import DAY_MS, LEAST_BYTES
from tests.province.shapes import TestDevice, body, submission
from tests.province.site import served
from tests.province.workers import (
    LONG,
    OTHER,
    PLACES,
    RACES,
    WINDOW,
    Pair,
    content,
    together,
)

pytestmark = pytest.mark.parametrize(  # what lies in a bucket is looked at in test_unnamed.py
    "module_storage", ["folder", "folder, PostgreSQL"], indirect=True, scope="module"
)


def test_sixteen_announced_at_once_pass_the_bound_by_nothing(
    workers: Pair,
) -> None:
    for turn in range(RACES):
        who, seeds = f"window {turn}", range(16 * turn, 16 * turn + 16)
        said = together([partial(workers[n % 2].announce, content(n), who) for n in seeds])
        assert said.count("RoomUsed") == 16 - PLACES
        assert workers[0].held(who) == PLACES * LEAST_BYTES
    workers[1].announce(content(10**9), OTHER)
    assert workers[1].held(OTHER) == LEAST_BYTES


def test_one_file_announced_by_sixteen_at_once_counts_once(workers: Pair) -> None:
    together([partial(workers[n % 2].announce, content(1)) for n in range(16)])
    assert workers[0].held() == LEAST_BYTES


def test_what_is_announced_counts_before_it_comes_and_no_more_once_a_case_names_it(
    workers: Pair,
) -> None:
    one, other = workers
    large, small = content(1, 8 * LEAST_BYTES), content(2)
    one.announce(large)
    one.announce(small)
    with pytest.raises(RoomUsed):
        other.announce(content(3, 2 * LEAST_BYTES))
    assert one.take(large, small)[0] == 202
    for each in (large, small):
        one.bring(each)
    assert one.held() == 9 * LEAST_BYTES  # a case without its receipt makes no room
    assert other.take(large, small, seed=1)[0] == 201
    assert one.held() == 0
    assert other.take(large)[0] == 201  # a second case that names it gives nothing back
    assert one.held() == 0
    one.bring(large)
    assert one.held() == 0


def test_files_of_one_byte_are_bounded_too(workers: Pair) -> None:
    worker, taken = workers[0], 0
    for n in range(10_000 if LONG else 4 * PLACES):
        with suppress(RoomUsed):
            worker.bring(n.to_bytes(2) if n > 255 else n.to_bytes(1))
            taken += 1
    assert taken == PLACES == len(worker.names())


def test_a_neighbour_s_announcement_never_costs_who_was_first(
    workers: Pair,
) -> None:
    worker = workers[0]
    worker.announce(content(1))
    worker.announce(content(1), OTHER)
    assert (worker.held(), worker.held(OTHER)) == (LEAST_BYTES, 0)
    worker.announce(content(1), OTHER, length=5 * LEAST_BYTES)
    assert (worker.held(), worker.held(OTHER)) == (0, 5 * LEAST_BYTES)
    worker.bring(content(1))
    assert (worker.held(), worker.held(OTHER)) == (LEAST_BYTES, 0)


def test_a_case_that_no_device_could_ever_bring_whole_is_refused_before_it_begins(
    workers: Pair,
) -> None:
    worker = workers[0]
    files = [content(n, 4 * LEAST_BYTES) for n in range(3)]
    ident = str(submission(worker.seed(1))[1])
    assert worker.take(*files, seed=1)[0] == 413
    assert worker.province.database.read(intake.checked, worker.office, [ident]) == {}
    assert worker.take(*files[:2])[0] == 202
    assert worker.take(*files[:2], *files[:2])[0] == 202  # named twice, brought once


def test_a_device_that_has_used_its_room_sends_its_cases_and_hinders_nobody(
    workers: Pair,
) -> None:
    province = workers[0].province
    with served(province) as url, httpx.Client(base_url=url) as http:
        device, neighbour = (TestDevice(province, http, workers[0].office) for _ in range(2))
        files = [content(n) for n in range(PLACES + 1)]

        def bring(who: TestDevice, each: bytes) -> httpx.Response:
            path = f"/uploads/{sha256(each).hexdigest()}"
            said = who.call("PUT", path, headers={"Upload-Length": str(len(each))})
            if said.status_code == 201:
                checksum = "sha256 " + to_b64(sha256(each).digest())
                headers = {"Upload-Offset": "0", "Upload-Checksum": checksum}
                assert who.call("PATCH", path, headers=headers, content=each).status_code == 204
            return said

        def put(seed: int, *contents: bytes) -> int:
            case, ident, _ = submission(workers[0].seed(seed))
            path = f"/cases/{case}/submissions/{ident}"
            return device.call("PUT", path, json=body(workers[0].seed(seed), contents)).status_code

        said = [bring(device, each) for each in files]
        assert [each.status_code for each in said] == [201] * PLACES + [507]
        assert int(said[-1].headers["Retry-After"]) > 0
        assert said[-1].json()["type"] == "urn:lastmile:problem:room-used"
        assert bring(neighbour, b"a neighbour's").status_code == 201
        assert put(1, files[-1]) == 202
        assert device.call("GET", "/events").status_code == 200
        assert put(2) == put(3, files[0]) == 201
        assert bring(device, files[-1]).status_code == 201
        assert put(1, files[-1]) == 201
        meta = http.get("/api/v1/meta").json()
        assert meta["limits"]["room"] == PLACES * LEAST_BYTES


def test_below_the_floor_no_bytes_are_taken_and_all_else_goes_on(
    workers: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = workers[0]
    held, half, fresh = content(1), content(2), content(3)
    worker.bring(held)
    begun = worker.announce(half)
    with monkeypatch.context() as low:
        low.setattr(worker.province.uploads._files, "free_bytes", lambda: -1)
        for refused in (lambda: worker.announce(fresh), lambda: worker.append(begun, half)):
            with pytest.raises(DiskFull):
                refused()
        assert worker.take(half)[0] == 202
        worker.announce(held)
        assert worker.take(held)[0] == worker.take()[0] == 201
        assert worker.read(sha256(held).hexdigest()) == held
        assert len(worker.province.events(worker.office, "", 100).events) == 2
    worker.append(begun, half)
    assert worker.bring(fresh)


def test_whatever_devices_do_what_counts_is_what_is_there(workers: Pair) -> None:
    draw = random.Random(7)
    papers = [content(n, draw.choice((1, 300, 2 * LEAST_BYTES))) for n in range(8)]
    for step in range(3_000 if LONG else 40):
        worker, paper = workers[step % 2], draw.choice(papers)
        who = draw.choice((WINDOW, OTHER))
        with suppress(ProvinceError):
            match draw.randrange(6):
                case 0:
                    worker.announce(paper, who, draw.randrange(4 * LEAST_BYTES))
                case 1 | 2:
                    worker.bring(paper, who)
                case 3:
                    worker.take(paper, draw.choice(papers))
                case 4:
                    worker.append(sha256(paper).hexdigest(), paper[: draw.randrange(300)])
                case _:
                    for each in workers:
                        each.now_ms += draw.choice((1, 60, 101)) * DAY_MS
                    worker.province.uploads.sweep()
        assert worker.held() + worker.held(OTHER) <= 2 * PLACES * LEAST_BYTES
