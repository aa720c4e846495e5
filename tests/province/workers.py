"""Two workers of one province in one process: one place for rows and files, a clock for each."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from province import accounts, intake
from province.accounts import Caller
from province.app import Limits, Province, open_province
from province.errors import ProvinceError
from province.intake import Written
from province.models import Holding, Upload
from province.room import DAY_MS, LEAST_BYTES, Room
from tests.province.packages import load
from tests.province.shapes import submission
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


Pair = tuple[Worker, Worker]


@contextmanager
def open_pair(folder: Path, storage: Storage) -> Iterator[Pair]:
    """Both, over one storage."""
    made: list[Worker] = []
    limits = Limits(room=Room(PLACES * LEAST_BYTES, 0, KEPT_MS))
    services = load(folder / "services")
    for n in range(2):
        province = open_province(
            folder / "p",
            services=services,
            limits=limits,
            now_ms=lambda n=n: made[n].now_ms if n < len(made) else START_MS,  # type: ignore[misc]
            **storage,
        )
        made.append(Worker(province, seeds=count(1000 * n + 1)))
    yield made[0], made[1]
    for worker in made:
        worker.province.database.close()


def renew(pair: Pair) -> Pair:
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
