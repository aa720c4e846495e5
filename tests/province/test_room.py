"""Room for files that no case names: bounded for each device, given back, swept out in the end.

Two workers share one place, as processes of one province do; each has a clock of its own.
`LASTMILE_ATTACKS=1` makes 10,000 files of a byte, 3,000 random steps and 100 races of each kind.
"""

from __future__ import annotations

import logging
import os
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import count

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from province import accounts, intake, telemetry
from province.accounts import Caller
from province.app import Limits, Province, open_province
from province.encoding import to_b64
from province.errors import BadChecksum, DiskFull, ProvinceError, RoomUsed, Unknown
from province.intake import Written
from province.models import Holding, Upload
from province.room import CLOCKS_MS, DAY_MS, LEAST_BYTES, Room
from tests.province.packages import load
from tests.province.shapes import TestDevice, body, submission
from tests.province.site import served
from tests.province.storage import Storage, names

WINDOW, OTHER = "window", "other window"
KEPT_MS = 100 * DAY_MS
LONG = bool(os.environ.get("LASTMILE_ATTACKS"))
RACES = 100 if LONG else 1
PLACES = 10  # of the smallest files
START_MS = 1_800_000_000_000


@dataclass
class Worker:
    """A worker of the province with a clock that can be set."""

    province: Province
    office: str = ""
    now_ms: int = START_MS
    seeds: Iterator[int] = field(default_factory=lambda: count(1))

    def announce(self, content: bytes, device: str = WINDOW, length: int = -1) -> str:
        digest = sha256(content).hexdigest()
        size = len(content) if length < 0 else length
        self.province.uploads.create(Caller(device, self.office), digest, size)
        return digest

    def bring(self, content: bytes, device: str = WINDOW) -> str:
        digest = self.announce(content, device)
        if self.province.uploads.progress(self.office, digest).offset < len(content):
            self.append(digest, content)
        return digest

    def append(self, digest: str, chunk: bytes) -> None:
        checksum = sha256(chunk).digest()
        self.province.uploads.append(self.office, digest, offset=0, chunk=chunk, checksum=checksum)

    def take(self, *contents: bytes, seed: int = 0) -> Written:
        wanted = submission(self.seed(seed or next(self.seeds)), *contents)
        [written] = intake.submit_all(self.province, Caller(WINDOW, self.office), [wanted])
        return written

    def seed(self, number: int) -> int:
        """Cases of another test are others."""
        return int(self.office.rpartition("-")[2]) * 10_000 + number

    def read(self, digest: str) -> bytes:
        return self.province.uploads.read(self.office, digest)

    def names(self) -> list[str]:
        """What is stored of the office."""
        short = sha256(self.office.encode()).hexdigest()[:16]
        return [each for each in names(self.province) if each.split("/")[1] == short]

    def held(self, device: str = WINDOW) -> int:
        """Bytes that count for a device; they must be what its files come to."""

        def counts(session: Session) -> tuple[int, int]:
            row = session.get(Holding, (self.office, device))
            mine = (Upload.office_id == self.office) & (Upload.device_id == device)
            lengths = session.scalars(
                select(Upload.length_bytes).where(mine, Upload.named.is_(False))
            )
            return row.bytes if row else 0, sum(max(each, LEAST_BYTES) for each in lengths)

        said, true = self.province.database.read(counts)
        assert said == true
        return said


@pytest.fixture(scope="module")
def pair(
    tmp_path_factory: pytest.TempPathFactory, module_storage: Storage
) -> Iterator[tuple[Worker, Worker]]:
    folder, made = tmp_path_factory.mktemp("room"), list[Worker]()
    limits = Limits(room=Room(PLACES * LEAST_BYTES, 0, KEPT_MS))
    services = load(folder / "services")
    for n in range(2):
        province = open_province(
            folder / "p",
            services=services,
            limits=limits,
            now_ms=lambda n=n: made[n].now_ms if n < len(made) else START_MS,  # type: ignore[misc]
            **module_storage,
        )
        made.append(Worker(province, seeds=count(1000 * n + 1)))
    yield made[0], made[1]
    for worker in made:
        worker.province.database.close()


@pytest.fixture
def workers(pair: tuple[Worker, Worker]) -> tuple[Worker, Worker]:
    """Both, with a new office and nothing left that a sweep could take."""
    office = f"office-{next(pair[0].seeds)}"
    latest = max(worker.now_ms for worker in pair) + 2 * KEPT_MS
    for worker in pair:
        worker.office, worker.now_ms = office, latest
    while pair[0].province.uploads.sweep():
        pass
    pair[0].province.database.write(accounts.add_office, office, "镇便民服务中心", "530102101")
    return pair


def content(seed: int, size: int = 300) -> bytes:
    return random.Random(seed).randbytes(size)


def together(jobs: Sequence[Callable[[], str]]) -> list[str]:
    """Run all at once; what each says, or the name of its error."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], str]) -> str:
        start.wait()
        try:
            return job()
        except ProvinceError as error:
            return type(error).__name__

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [each.result() for each in [pool.submit(run, job) for job in jobs]]


# --- the bound ---


def test_sixteen_announced_at_once_pass_the_bound_by_nothing(
    workers: tuple[Worker, Worker],
) -> None:
    for turn in range(RACES):
        who, seeds = f"window {turn}", range(16 * turn, 16 * turn + 16)
        said = together([partial(workers[n % 2].announce, content(n), who) for n in seeds])
        assert said.count("RoomUsed") == 16 - PLACES
        assert workers[0].held(who) == PLACES * LEAST_BYTES
    workers[1].announce(content(10**9), OTHER)
    assert workers[1].held(OTHER) == LEAST_BYTES


def test_one_file_announced_by_sixteen_at_once_counts_once(workers: tuple[Worker, Worker]) -> None:
    together([partial(workers[n % 2].announce, content(1)) for n in range(16)])
    assert workers[0].held() == LEAST_BYTES


def test_what_is_announced_counts_before_it_comes_and_no_more_once_a_case_names_it(
    workers: tuple[Worker, Worker],
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


def test_files_of_one_byte_are_bounded_too(workers: tuple[Worker, Worker]) -> None:
    worker, taken = workers[0], 0
    for n in range(10_000 if LONG else 4 * PLACES):
        with suppress(RoomUsed):
            worker.bring(n.to_bytes(2) if n > 255 else n.to_bytes(1))
            taken += 1
    assert taken == PLACES == len(worker.names())


def test_a_file_announced_with_one_length_after_another_counts_and_lies_there_once(
    workers: tuple[Worker, Worker],
) -> None:
    for turn in range(6):
        worker = workers[turn % 2]
        digest = worker.announce(content(1), length=2 * LEAST_BYTES + turn)
        worker.append(digest, content(turn, LEAST_BYTES))
    assert len(worker.names()) == 1
    assert worker.held() == 2 * LEAST_BYTES + 5
    with pytest.raises(RoomUsed):
        worker.announce(content(1), length=PLACES * LEAST_BYTES + 1)
    assert worker.held() == 2 * LEAST_BYTES + 5


def test_bytes_that_are_not_the_file_leave_nothing_behind(workers: tuple[Worker, Worker]) -> None:
    worker = workers[0]
    digest = worker.announce(content(1))
    for turn in range(3):
        with pytest.raises(BadChecksum):
            worker.append(digest, content(100 + turn))
    assert worker.names() == []


def test_a_neighbour_s_announcement_never_costs_who_was_first(
    workers: tuple[Worker, Worker],
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
    workers: tuple[Worker, Worker],
) -> None:
    worker = workers[0]
    files = [content(n, 4 * LEAST_BYTES) for n in range(3)]
    ident = str(submission(worker.seed(1))[1])
    assert worker.take(*files, seed=1)[0] == 413
    assert worker.province.database.read(intake.checked, worker.office, [ident]) == {}
    assert worker.take(*files[:2])[0] == 202
    assert worker.take(*files[:2], *files[:2])[0] == 202  # named twice, brought once


def test_a_device_that_has_used_its_room_sends_its_cases_and_hinders_nobody(
    workers: tuple[Worker, Worker],
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
    workers: tuple[Worker, Worker], monkeypatch: pytest.MonkeyPatch
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


# --- what no case names in time ---


def test_a_file_that_no_case_names_waits_its_time_and_is_swept_out_and_counted(
    workers: tuple[Worker, Worker], caplog: pytest.LogCaptureFixture
) -> None:
    one, other = workers
    named, unnamed = content(1), content(2)
    for each in (named, unnamed):
        one.bring(each)
    assert one.take(named)[0] == 201
    other.now_ms += KEPT_MS
    assert other.province.uploads.sweep() == 0
    before = telemetry.REMOVED.labels("complete")._value.get()
    other.now_ms += CLOCKS_MS + 1
    with caplog.at_level(logging.INFO, "province"):
        assert other.province.uploads.sweep() == 1
    assert telemetry.REMOVED.labels("complete")._value.get() == before + 1
    digest = sha256(unnamed).hexdigest()
    assert all(digest[:8] not in str(vars(record)) for record in caplog.records)
    assert [name.rpartition("/")[2] for name in one.names()] == [sha256(named).hexdigest()]
    assert other.held() == 0
    assert other.province.uploads.sweep() == 0


def test_a_case_whose_file_was_removed_is_told_so_and_brings_it_again(
    workers: tuple[Worker, Worker],
) -> None:
    worker, paper = workers[0], content(1)
    digest = worker.bring(paper)
    worker.now_ms += KEPT_MS + CLOCKS_MS + 1
    for swept in (False, True):  # it is over before a sweep has come, and afterwards
        if swept:
            assert worker.province.uploads.sweep() == 1
        assert worker.take(paper, seed=1) == (202, {"missing": [digest]})
        with pytest.raises(Unknown):
            worker.province.uploads.progress(worker.office, digest)
    worker.bring(paper)
    assert worker.take(paper, seed=1)[0] == 201
    assert worker.read(digest) == paper


def test_a_file_that_is_over_begins_anew_when_it_is_announced(
    workers: tuple[Worker, Worker],
) -> None:
    worker, paper = workers[0], content(1)
    digest = worker.bring(paper)
    worker.now_ms += KEPT_MS + 1
    worker.announce(paper, OTHER)
    assert worker.province.uploads.progress(worker.office, digest).offset == 0
    assert (worker.held(), worker.held(OTHER)) == (0, LEAST_BYTES)
    worker.append(digest, paper)
    assert worker.read(digest) == paper
    assert len(worker.names()) == 1


def test_files_of_a_case_wait_for_its_others(workers: tuple[Worker, Worker]) -> None:
    worker, here, later = workers[0], content(1), content(2)
    worker.bring(here)
    for _ in range(4):
        worker.now_ms += KEPT_MS - DAY_MS
        worker.province.uploads.sweep()
        assert worker.take(here, later, seed=1)[1] == {"missing": [sha256(later).hexdigest()]}
    worker.bring(later)
    assert worker.take(here, later, seed=1)[0] == 201


def test_a_file_named_while_it_is_swept_is_never_promised(
    workers: tuple[Worker, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    sweeper, taker = workers
    paper = content(1)
    digest = taker.bring(paper)
    sweeper.now_ms += KEPT_MS + CLOCKS_MS + 1  # the taker's clock stays behind: here by its own
    remove, pool = sweeper.province.uploads._files.remove, ThreadPoolExecutor(1)
    asked = []

    def first_name_it(name: str) -> None:
        asked.append(pool.submit(taker.take, paper, seed=1))
        with pytest.raises(TimeoutError):
            asked[0].result(0.3)  # it waits for the sweep
        remove(name)

    monkeypatch.setattr(sweeper.province.uploads._files, "remove", first_name_it)
    assert sweeper.province.uploads.sweep() == 1
    assert asked[0].result(10) == (202, {"missing": [digest]})
    taker.bring(paper)
    assert taker.take(paper, seed=1)[0] == 201
    assert taker.read(digest) == paper


def test_every_receipt_stands_on_bytes_however_sweeps_and_cases_meet(
    workers: tuple[Worker, Worker],
) -> None:
    sweeper, taker = workers
    sweeper.now_ms += KEPT_MS + CLOCKS_MS + 1
    for turn in range(RACES):
        papers = [content(PLACES * turn + n) for n in range(PLACES)]
        for each in papers:
            taker.bring(each)
        jobs = [partial(_status, taker, each) for each in papers]
        sweeps = [lambda: str(sweeper.province.uploads.sweep())] * 4
        said = together([*jobs, *sweeps])
        taken = [each for each, status in zip(papers, said, strict=False) if status == "201"]
        assert set(said[:PLACES]) <= {"201", "202"}
        assert sum(map(int, said[PLACES:])) == PLACES - len(taken)
        for each in taken:
            assert taker.read(sha256(each).hexdigest()) == each
        assert taker.held() == 0


def _status(worker: Worker, paper: bytes) -> str:
    return str(worker.take(paper)[0])


def test_a_sweep_that_was_killed_half_way_promises_nothing(
    workers: tuple[Worker, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, paper = workers[0], content(1)
    digest = worker.bring(paper)
    worker.now_ms += KEPT_MS + CLOCKS_MS + 1
    with monkeypatch.context() as killed:  # the bytes are gone, the row is not
        killed.setattr("province.room.give_back", _die)
        with pytest.raises(KeyboardInterrupt):
            worker.province.uploads.sweep()
    assert worker.names() == []
    assert worker.take(paper, seed=1) == (202, {"missing": [digest]})
    worker.bring(paper)
    assert worker.take(paper, seed=1)[0] == 201
    assert worker.read(digest) == paper


def _die(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_after_a_restore_files_wait_their_whole_time_again(workers: tuple[Worker, Worker]) -> None:
    worker, paper = workers[0], content(1)
    worker.bring(paper)
    worker.now_ms += KEPT_MS - DAY_MS
    worker.province.uploads.keep_longer()
    worker.now_ms += KEPT_MS - DAY_MS
    assert worker.province.uploads.sweep() == 0
    assert worker.take(paper)[0] == 201


def test_a_database_of_an_earlier_version_keeps_what_its_cases_name(
    workers: tuple[Worker, Worker],
) -> None:
    worker, named, unnamed = workers[0], content(1), content(2)
    worker.bring(named)
    assert worker.take(named)[0] == 201
    worker.bring(unnamed)
    worker.announce(content(3))
    forget = "UPDATE upload SET named = NULL, device_id = NULL, touched_ms = 0"
    worker.province.database.write(lambda session: session.execute(text(forget)) and None)
    worker.province.database.write(
        lambda session: session.execute(text("DELETE FROM holding")) and None
    )
    assert worker.province.uploads.sweep() == 1  # what was never finished
    assert len(worker.names()) == 2
    worker.now_ms += KEPT_MS + CLOCKS_MS + 1
    assert worker.province.uploads.sweep() == 1
    assert worker.read(sha256(named).hexdigest()) == named
    assert (worker.held(), len(worker.names())) == (0, 1)


def test_whatever_devices_do_what_counts_is_what_is_there(workers: tuple[Worker, Worker]) -> None:
    draw = random.Random(7)
    papers = [content(n, draw.choice((1, 300, 2 * LEAST_BYTES))) for n in range(8)]
    for step in range(3_000 if LONG else 60):
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
