"""Files that no case names in time: swept out in the end, and never from under a case.

`LASTMILE_ATTACKS=1` lets cases and sweeps meet 100 times.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from province import relay, telemetry
from province.errors import BadChecksum, RelayRefused, RoomUsed, Unknown
from province.models import Holding, Upload
from province.room import CLOCKS_MS, DAY_MS, LEAST_BYTES
from tests.province.workers import (
    KEPT_MS,
    OTHER,
    PLACES,
    RACES,
    Pair,
    Worker,
    content,
    together,
)


def test_a_file_that_no_case_names_waits_its_time_and_is_swept_out_and_counted(
    workers: Pair, caplog: pytest.LogCaptureFixture
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
    workers: Pair,
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
    workers: Pair,
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


def test_files_of_a_case_wait_for_its_others(workers: Pair) -> None:
    worker, here, later = workers[0], content(1), content(2)
    worker.bring(here)
    for _ in range(4):
        worker.now_ms += KEPT_MS - DAY_MS
        worker.province.uploads.sweep()
        assert worker.take(here, later, seed=1)[1] == {"missing": [sha256(later).hexdigest()]}
    worker.bring(later)
    assert worker.take(here, later, seed=1)[0] == 201


def test_a_file_named_while_it_is_swept_is_never_promised(
    workers: Pair, monkeypatch: pytest.MonkeyPatch
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
    workers: Pair,
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
    workers: Pair, monkeypatch: pytest.MonkeyPatch
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


def test_after_a_restore_files_wait_their_whole_time_again(workers: Pair) -> None:
    worker, paper = workers[0], content(1)
    worker.bring(paper)
    worker.now_ms += KEPT_MS - DAY_MS
    worker.province.uploads.keep_longer()
    worker.now_ms += KEPT_MS - DAY_MS
    assert worker.province.uploads.sweep() == 0
    assert worker.take(paper)[0] == 201


def test_a_bundle_removed_after_the_backup_that_was_put_back_is_brought_again(
    workers: Pair,
) -> None:
    worker, bundle = workers[0], content(1)
    digest = worker.bring(bundle)
    worker.province.uploads._files.remove(worker.names()[0])
    with pytest.raises(Unknown):
        worker.read(digest)
    worker.bring(bundle)
    assert worker.read(digest) == bundle


def test_a_bundle_that_was_acted_on_stays_a_day_whatever_came_of_it(workers: Pair) -> None:
    worker, bundle, paper = workers[0], content(1), content(2)
    digests = [worker.bring(each) for each in (bundle, paper)]
    assert worker.take(paper)[0] == 201
    for each in digests:
        with pytest.raises(RelayRefused):
            relay.answer(worker.province, worker.office, each)
    worker.now_ms += DAY_MS
    assert worker.province.uploads.sweep() == 0
    assert worker.read(digests[0]) == bundle
    worker.now_ms += CLOCKS_MS + 1
    assert worker.province.uploads.sweep() == 1
    assert worker.read(digests[1]) == paper


def test_a_database_of_an_earlier_version_keeps_what_its_cases_name(
    workers: Pair,
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


def test_no_file_of_a_case_is_removed_though_an_earlier_worker_did_not_note_it(
    workers: Pair,
) -> None:
    worker, paper = workers[0], content(1)
    digest = worker.bring(paper)
    assert worker.take(paper)[0] == 201

    def unnote(session: Session) -> None:
        mine = Upload.office_id == worker.office
        session.execute(update(Upload).where(mine).values(named=False))
        session.execute(update(Holding).values(bytes=LEAST_BYTES))

    worker.province.database.write(unnote)
    worker.now_ms += KEPT_MS + CLOCKS_MS + 1
    assert worker.province.uploads.sweep() == 0
    assert worker.read(digest) == paper
    assert worker.held() == 0
    assert worker.take(paper)[0] == 201


def test_a_file_announced_with_one_length_after_another_counts_and_lies_there_once(
    workers: Pair,
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


def test_bytes_that_are_not_the_file_leave_nothing_behind(workers: Pair) -> None:
    worker = workers[0]
    digest = worker.announce(content(1))
    for turn in range(3):
        with pytest.raises(BadChecksum):
            worker.append(digest, content(100 + turn))
    assert worker.names() == []
