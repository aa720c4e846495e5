"""An office of three devices and its province, all real, on one clock that the test moves.

The devices keep encrypted stores; the province answers over HTTP on loopback. Links break when
they are told to, stores and the province are put back to older copies, bundles lie on a stick.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import uvicorn
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import conflicts, filling, link, moving, record, relay
from casework.office import RESOURCES, Office, Resources
from province import accounts, decisions, serving, versions
from province.app import Limits, Province, create_app, open_province
from province.gate import Rate
from province.models import Case, Submission
from province.packages import Services, load_service
from store import audit, backup, cases, checkpoints, numbering, outbox
from store.cases import Wanted
from store.errors import NewerWork
from store.open import unlock
from store.secrets import FileBox
from store.versions import heads
from store.views import CaseRow
from sync.errors import Offline
from sync.http import Answer, Link
from sync.providers.province import ProvinceProvider
from sync.round import RoundReport, run_round
from sync.wire import check_receipt
from tests.casework.hall import PASSWORD, Hall
from tests.province.packages import write_package

DEVICES = 3
OFFICE, DIVISION, SERVICE = "qingshan", "530102101", "old-age"
START = datetime(2026, 11, 24, 1, tzinfo=UTC)
SKEWS = (timedelta(0), timedelta(hours=-3), timedelta(minutes=7))  # wrong clocks, as offices have
QUESTIONS = ("/data/name", "/data/why", "/data/place")
SURVEY = (
    ("type", "name", "label", "constraint", "constraint_message"),
    ("text", "name", "姓名", "", ""),
    ("text", "why", "事由", "", ""),
    ("text", "place", "住址", "", ""),
    ("file", "paper", "材料", "", ""),
)
PAPER = "/data/paper"


class Switch:
    """An ASGI application whose province can be taken away and another one put in its place."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await self.app(scope, receive, send)


@contextmanager
def serving_switch() -> Iterator[tuple[str, Switch]]:
    """Serve a switch on loopback; its address and itself."""
    switch, place = Switch(), serving.Place("127.0.0.1", 0)
    listener = serving.listen(place)
    server = uvicorn.Server(uvicorn.Config(switch, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield place.url(listener), switch
    finally:
        server.should_exit = True
        thread.join(20)


@dataclass
class Trouble:
    """What a line does next: so many requests pass, then so many lose their answer or are cut."""

    passing: int = 0
    failing: int = 0
    arrives: bool = True

    def strikes(self) -> bool:
        if self.passing > 0:
            self.passing -= 1
            return False
        self.failing -= 1
        return self.failing >= 0


class RoughLink(Link):
    """A link that fails as `trouble` says; every thread's link shares it."""

    def __init__(self, url: str, trouble: Trouble) -> None:
        super().__init__(url)
        self._url, self._trouble = url, trouble

    def another(self) -> RoughLink:
        return RoughLink(self._url, self._trouble)

    def send(self, method: str, path: str, **rest: Any) -> Answer:
        if not self._trouble.strikes():
            return super().send(method, path, **rest)
        if self._trouble.arrives:
            super().send(method, path, **rest)
        raise Offline


class Clock:
    """One clock for everybody, moved by the test."""

    def __init__(self) -> None:
        self.now = START

    def ms(self) -> int:
        return int(self.now.timestamp() * 1000)

    def leap(self, span: timedelta) -> None:
        self.now += span


@dataclass
class Device:
    """One computer of the office, signed in."""

    folder: Path
    resources: Resources
    clock: Clock
    skew: timedelta
    trouble: Trouble = field(default_factory=Trouble)

    def __post_init__(self) -> None:
        self.box = FileBox(self.folder / "device")
        self.enter()

    def enter(self) -> None:
        store = unlock(self.folder / "hall", "li", PASSWORD, secret=self.box, now=self.now())
        self.office = Office(store, self.resources, self.now)
        identity = link.identity(store)
        self.provider = ProvinceProvider(identity, RoughLink(identity.url, self.trouble))

    def leave(self) -> None:
        self.provider.close()
        self.office.store.close()

    def now(self) -> datetime:
        return (self.clock.now + self.skew).astimezone()

    # --- what clerks do ---

    def begin(self, answers: Mapping[str, str], paper: bytes) -> filling.Filling:
        form = self.office.catalogue.form(SERVICE)
        made = filling.begin(self.office, SERVICE, form, language="zh_CN")
        return self.fill(made, answers, paper)

    def fill(
        self, made: filling.Filling, answers: Mapping[str, str], paper: bytes = b""
    ) -> filling.Filling:
        for ref, answer in answers.items():
            made.session.answer(ref, answer)
        if paper:
            name = filling.attach(
                self.office, made, PAPER, name="a.pdf", media_type="application/pdf", data=paper
            )
            made.session.answer(PAPER, name)
        return made

    def supplement(self, case_id: UUID) -> filling.Filling:
        form = self.office.catalogue.form(SERVICE)
        return filling.begin_supplement(self.office, case_id, form)

    def reopen(self, draft: UUID) -> filling.Filling:
        return filling.reopen(self.office, draft, self.office.catalogue.form(SERVICE))

    def take_number(self) -> str:
        """A number, as a case takes it."""
        office = self.office
        return office.store.writer.submit(
            numbering.case_number, office.new_id(), office.division, office.today
        ).result()

    # --- what the program does by itself ---

    def round(self, stopped: Callable[[], bool] = lambda: False) -> RoundReport:
        """A round and what follows it, as the desktop does them."""
        ledger = link.StoreLedger(self.office.store)
        report = run_round(ledger, self.provider, now=self.now, jitter=_half, stopped=stopped)
        if report.error is None:
            with contextlib.suppress(Offline):
                moving.after_round(self.office, self.provider)
                record.after_round(self.office, self.provider)
                link.learn_relay_key(self.office, self.provider)
                conflicts.after_round(self.office, self.provider)
        return report

    # --- what a test asks ---

    def rows(self) -> dict[UUID, CaseRow]:
        found = self.office.store.read(cases.list_cases, Wanted(limit=100_000))
        return {row.id: row for row in found}

    def heads(self, case_id: UUID) -> tuple[UUID, ...]:
        return self.office.store.read(heads, case_id)

    def counting(self, case_id: UUID) -> UUID:
        return self.office.store.read(cases.get_case, case_id).submission_id

    def digest(self, submission: UUID) -> str:
        return self.office.store.read(cases.get_submission, submission).sha256.hex()

    def outgoing(self) -> dict[UUID, bytes]:
        """Receipt, or b"", of every submission that goes or went out from here."""
        rows = self.office.store.read(outbox.list_items, 100_000)
        return {row.submission_id: row.receipt if row.acknowledged_at else b"" for row in rows}

    def troubles(self) -> list[tuple[UUID, str]]:
        """What has no receipt, and why."""
        rows = self.office.store.read(outbox.list_items, 100_000)
        return [(row.submission_id, row.error_code) for row in rows if row.acknowledged_at is None]

    def check_record(self) -> None:
        """The record holds together and is what the province has witnessed of it."""
        store = self.office.store
        assert store.read(audit.find_break) is None
        assert store.read(checkpoints.compare) is None

    def check_receipts(self) -> None:
        """Every receipt is genuine and for what would be sent today."""
        keys = link.identity(self.office.store).keys
        receipts = {each: receipt for each, receipt in self.outgoing().items() if receipt}
        parcels = link.parcels(self.office.store, list(receipts))
        for submission, receipt in receipts.items():
            check_receipt(json.loads(receipt), parcels[submission], keys)

    # --- copies and sticks ---

    def back_up(self) -> Path:
        return backup.make(self.office.store, self.now())

    def restore(self, path: Path) -> bool:
        """Go back to a backup, whatever was done since; whether the program allowed it."""
        self.leave()
        try:
            backup.restore(
                self.folder / "hall",
                path,
                "li",
                PASSWORD,
                secret=self.box,
                now=self.now(),
                exactly=True,
            )
        except NewerWork:
            return False
        finally:
            self.enter()
        return True

    def make_bundle(self, stick: Path) -> None:
        relay.make(self.office)
        relay.copy_to(self.office, stick)


def _half() -> float:
    return 0.5


@dataclass
class World:
    """The office, its province, and where they keep their files."""

    folder: Path
    switch: Switch
    resources: Resources
    clock: Clock = field(default_factory=Clock)

    def open(self) -> None:
        self.open_province()
        self.stick = self.folder / "stick"
        self.stick.mkdir(exist_ok=True)
        self.devices = [
            Device(self.folder / str(at), self.resources, self.clock, SKEWS[at])
            for at in range(DEVICES)
        ]

    def close(self) -> None:
        for device in self.devices:
            device.leave()
        self.province.database.close()

    def open_province(self) -> Province:
        self.province = open_province(
            self.folder / "province",
            services=_services(self.resources.folder),
            now_ms=self.clock.ms,
            limits=Limits(Rate(1e9, 1e9), Rate(1e9, 1e9)),
        )
        self.switch.app = create_app(self.province)
        return self.province

    def copy_province(self, to: Path) -> None:
        self.province.database.close()
        shutil.copytree(self.folder / "province", to)
        self.open_province()

    def restore_province(self, copy: Path) -> None:
        self.province.database.close()
        shutil.rmtree(self.folder / "province")
        shutil.copytree(copy, self.folder / "province")
        self.open_province()

    def decide(self, case_id: UUID, kind: str) -> None:
        """Do at the province's desk what a reviewer does.

        Raises:
            ProvinceError: It cannot be done with this case now.
        """
        database, now = self.province.database, self.clock.ms()
        if kind == "granted":
            database.write(
                decisions.grant,
                str(case_id),
                by="民政",
                plan=None,
                key=self.province.key,
                issuer="省",
                today=self.clock.now.date(),
                now_ms=now,
            )
            return
        verb = decisions.refuse if kind == "refused" else decisions.request_supplement
        database.write(verb, str(case_id), "请补正", by="民政", now_ms=now)

    def province_cases(self) -> dict[UUID, CaseAtProvince]:
        return self.province.database.read(_cases)


@dataclass(frozen=True)
class CaseAtProvince:
    """A case as the province has it; `submissions` are the complete ones with their digests."""

    status: str
    number: str
    counting: UUID | None
    heads: tuple[UUID, ...]
    submissions: Mapping[UUID, str]


def _cases(session: Session) -> dict[UUID, CaseAtProvince]:
    found = {}
    for case in session.scalars(select(Case)):
        complete = select(Submission.id).where(
            Submission.case_id == case.id, Submission.receipt.is_not(None)
        )
        held = {}
        for submission in session.scalars(complete):
            body = versions.written(session, OFFICE, case.id, submission)
            held[UUID(submission)] = str(body["sha256"])
        found[UUID(case.id)] = CaseAtProvince(
            case.status,
            case.number,
            UUID(case.submission_id) if case.submission_id else None,
            tuple(map(UUID, versions.heads(session, case))),
            held,
        )
    return found


def make_resources(folder: Path) -> Resources:
    """What the devices offer: one small service."""
    folder.mkdir()
    (folder / "codes").symlink_to(RESOURCES / "codes")
    write_package(folder / "services", SERVICE, survey=SURVEY)
    return Resources(folder)


def _services(folder: Path) -> Services:
    service = load_service(folder / "services" / f"{SERVICE}-1")
    return Services({(service.id, service.version): service})


def make_template(folder: Path, url: str, switch: Switch, resources: Resources) -> Path:
    """An office of three enrolled devices with nothing done yet, to be copied for each run."""
    world = World(folder, switch, resources)
    database = world.open_province().database
    database.write(lambda session: accounts.add_office(session, OFFICE, "青山镇", DIVISION))
    for at in range(DEVICES):
        code = database.write(accounts.new_enrol_code, OFFICE, now_ms=world.clock.ms())
        (folder / str(at)).mkdir()
        hall = Hall(folder / str(at), resources)
        link.enrol_office(hall.enter("admin"), url, code, device_name=f"window {at}")
        hall.leave()
        (folder / str(at) / "hall" / "ballast").unlink(missing_ok=True)
    database.close()
    return folder
