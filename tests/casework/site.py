"""A province that answers on loopback, and a hall of its office with a real store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from casework import link, moving, number_blocks, record
from casework.office import RESOURCES, Office, Resources
from province import accounts, decisions, demo, enrolment, feed
from province.app import Limits, Province, open_province, system_now_ms
from province.models import Case, CaseOwner, Event, OfficeEvent, Submission
from province.packages import Services, load_services
from province.room import Room
from sync.provider import HomeProvince
from sync.round import RoundReport, run_round
from tests.casework.hall import Hall
from tests.province.site import served

OFFICE = "qingshan"


@dataclass
class Site:
    """The province and the hall; `others` are further computers."""

    folder: Path
    resources: Resources
    hall: Hall
    province: Province
    url: str
    others: list[Hall] = field(default_factory=list)

    def code(self, office: str = OFFICE) -> str:
        return self.province.database.write(accounts.new_enrol_code, office, now_ms=system_now_ms())

    def file(self, office: str = OFFICE, days: int = 14) -> Path:
        """A fresh enrolment file of the province."""
        content = enrolment.write_file(self.province, office, url=self.url, days=days)
        path = self.folder / f"{office}-{len(list(self.folder.glob('*.lmenrol')))}.lmenrol"
        path.write_bytes(content)
        return path

    def enrol(self, hall: Hall, office: str = OFFICE) -> None:
        link.enrol_office(hall.enter("admin"), self.url, self.code(office), device_name="window")

    def another(self, name: str, office: str = OFFICE) -> Hall:
        """A further computer, enrolled."""
        (self.folder / name).mkdir()
        hall = Hall(self.folder / name, self.resources)
        self.others.append(hall)
        self.enrol(hall, office)
        return hall

    def revoke(self, office: Office) -> None:
        device = str(link.identity(office.store).device)
        self.province.database.write(accounts.revoke, device, system_now_ms())

    @contextmanager
    def home(self, office: Office) -> Iterator[HomeProvince]:
        provider = link.provider(office.store)
        try:
            yield provider
        finally:
            provider.close()

    def top_up(self, office: Office) -> int:
        with self.home(office) as home:
            return number_blocks.top_up(office, home)

    def rounds(self, office: Office, home: HomeProvince) -> RoundReport:
        """One round and nothing else."""
        return run_round(link.StoreLedger(office.store), home, now=office.now)

    def round(self, office: Office) -> RoundReport:
        """Rounds until no other is wanted, and what follows them; the first report."""
        with self.home(office) as home:
            report = self.rounds(office, home)
            while report.error is None and moving.after_round(office, home):
                self.rounds(office, home)
            if report.error is None:
                record.after_round(office, home)
            return report

    def forget_cases(self) -> None:
        """Put the province back to a backup of before any case."""

        def forget(session: Session) -> None:
            for table in (Event, OfficeEvent, Submission, Case, CaseOwner):
                session.execute(delete(table))
            epoch, _ = feed.current_epoch(session)
            feed.next_epoch(session, epoch)

        self.province.database.write(forget)

    def ask_for_more(self, case: UUID) -> None:
        """The province's desk wants a supplement."""
        self.province.database.write(
            decisions.request_supplement, str(case), "请补正", by="民政", now_ms=system_now_ms()
        )


@contextmanager
def open_site(
    folder: Path, resources: Resources, *, services: bool = False, room: Room | None = None
) -> Iterator[Site]:
    """A site with one enrolled hall; `services` lets the province take cases."""
    known = load_services(RESOURCES / "services") if services else Services({})
    limits = Limits(room=room or Room())
    province = open_province(folder / "province", services=known, limits=limits)
    demo.fill(province)
    with served(province) as url:
        site = Site(folder, resources, Hall(folder, resources), province, url)
        site.enrol(site.hall)
        yield site
        for hall in (site.hall, *site.others):
            hall.leave()
