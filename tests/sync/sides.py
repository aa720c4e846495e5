"""Both sides of the link as processes that can be killed: a province, and an office's sync.

They are forked from a server that has everything imported, so that a start costs milliseconds.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import shutil
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from uuid import UUID

from casework import link
from casework.office import Office, Resources, local_now
from province import accounts, serving
from province.app import open_province, system_now_ms
from store import drafts, numbering, numbers, outbox
from store.cases import Acceptance
from store.open import unlock
from store.secrets import FileBox
from store.views import BlockView, FileView
from sync.blame import Blame
from sync.errors import Busy
from sync.http import Link
from sync.providers.province import ProvinceProvider
from sync.round import run_round
from tests.casework.hall import PASSWORD, Hall
from tests.province.packages import load

MODULES = ["tests.sync.sides"]
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


def context() -> ForkServerContext:
    """Where the processes are forked from."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(MODULES)
    return made


def serve(
    folder: Path, packages: Path, port: int, database_url: str = "", host: str = "127.0.0.1"
) -> None:
    """Be the province."""
    sys.stdout = (folder / "said").open("w")
    sys.stderr = sys.stdout
    province = open_province(folder, services=load(packages), database_url=database_url)
    place = serving.Place(host, port)
    serving.run(province, place, serving.listen(place), {})


def send(profile: Path, box: Path, read_s: float) -> None:
    """Be the office's sync loop until nothing waits; the clock leaps over every pause."""
    store = unlock(profile, "li", PASSWORD, secret=FileBox(box), now=local_now())
    ledger, blame, rounds = link.StoreLedger(store), Blame(), 0
    identity = link.identity(store)
    provider = ProvinceProvider(identity, Link(identity.url, timeouts=(5, read_s)))
    while ledger.waiting():
        now = local_now() + timedelta(seconds=700 * rounds)
        report = run_round(ledger, provider, now=partial(_still, now), blame=blame)
        rounds += 1
        if report.error is not None and not isinstance(report.error, Busy):
            time.sleep(0.02)
            provider.close()
            provider = ProvinceProvider(identity, Link(identity.url, timeouts=(5, read_s)))
    provider.close()
    store.close()


def _still(now: datetime) -> datetime:
    return now


def files_of(case: int, number: int, sizes: tuple[int, int]) -> list[bytes]:
    """Files of an invented case, each unlike any other."""
    draw = random.Random(case)
    return [draw.randbytes(draw.randint(*sizes)) for _ in range(number)]


@dataclass(frozen=True)
class Scene:
    """An office with cases to send, and an empty province that it belongs to."""

    folder: Path
    cases: int
    files: int
    sizes: tuple[int, int]

    @property
    def content_bytes(self) -> int:
        """Bytes of all files."""
        return sum(len(f) for c in range(self.cases) for f in files_of(c, self.files, self.sizes))

    def digests(self) -> set[str]:
        """SHA-256 of all files."""
        contents = (f for c in range(self.cases) for f in files_of(c, self.files, self.sizes))
        return {hashlib.sha256(each).hexdigest() for each in contents}

    def copy(self, to: Path) -> Scene:
        """The same scene once more, to be played in `to`."""
        shutil.copytree(self.folder, to)
        return Scene(to, self.cases, self.files, self.sizes)

    @property
    def province(self) -> Path:
        return self.folder / "province"

    @property
    def profile(self) -> Path:
        return self.folder / "hall"

    def enrol_code(self, database_url: str = "") -> str:
        """Make the province and a code for the office."""
        services = load(self.folder / "packages")
        made = open_province(self.province, services=services, database_url=database_url)

        def office(session: object) -> None:
            accounts.add_office(session, "qingshan", "青山镇", "530102101")  # type: ignore[arg-type]

        made.database.write(office)
        code = made.database.write(accounts.new_enrol_code, "qingshan", now_ms=system_now_ms())
        made.database.close()
        return code

    def furnish(self, url: str, code: str, *, leased: int = 0) -> None:
        """Make the office and its cases; so many of them get numbers of a leased block."""
        hall = Hall(self.folder, Resources(Path()))
        link.enrol_office(hall.enter("admin"), url, code, device_name="window 1")
        office = hall.enter("li")
        if leased:
            block = BlockView(office.new_id(), "case", "530102101-", 1, leased, 1, 1)
            office.store.writer.submit(numbers.add_block, block).result()
        for number in range(self.cases):
            _accept(office, number, files_of(number, self.files, self.sizes))
        hall.leave()

    def waiting(self) -> int:
        """How many cases the office still has to send, read from its store."""
        store = unlock(
            self.profile, "li", PASSWORD, secret=FileBox(self.folder / "device"), now=local_now()
        )
        try:
            return store.read(outbox.waiting)
        finally:
            store.close()


def start(context: ForkServerContext, target: object, *arguments: object) -> ForkServerProcess:
    """Start one of the sides."""
    process = context.Process(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
    process.start()
    return process


def _accept(office: Office, number: int, contents: list[bytes]) -> None:
    xml = f"<data id='x' version='1'><name>样例{number}</name><why>试</why></data>".encode()
    submission, store = UUID(int=number + 1), office.store
    names = [f"paper-{at}.bin" for at in range(len(contents))]
    files = [
        FileView(
            office.new_id(),
            "",
            name,
            "application/octet-stream",
            len(content),
            hashlib.sha256(content).digest(),
            store.blobs.put(content),
        )
        for name, content in zip(names, contents, strict=True)
    ]
    me = store.operator
    draft = drafts.NewDraft(submission, "old-age", "1", "zh", me.id, xml)
    store.writer.submit(drafts.begin, draft, NOW, files).result()
    acceptance = Acceptance(
        submission_id=submission,
        case_id=office.new_id(),
        event_id=office.new_id(),
        owner=me.id,
        login=me.login,
        clerk=me.name,
        number="",
        xml=xml,
        applicant=f"样例{number}",
        applicant_id_no="",
        applicant_phone="",
        language="zh",
        words="",
        due_on=None,
        files=frozenset(names),
    )
    store.writer.submit(numbering.accept, acceptance, office.division, NOW).result()
