"""Two offices of one township and their residents; a real province between them, in this process.

`Computer.round` is a round as the sync thread runs it; `Scene.state` is what the province holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from casework import link
from casework.id_numbers import with_check
from casework.office import Office, Resources
from province import accounts, demo, feed, records
from province.app import Province, open_province
from province.models import Record, RecordChange
from province.packages import Services
from store import resident_changes, slices
from store import residents as base
from store.resident_changes import FIELDS
from store.resident_models import ResidentChange
from sync.providers.province import ProvinceProvider
from sync.round import RoundReport, run_round
from sync.slices import Kind
from tests.casework.hall import Hall
from tests.province.site import served

DIVISION = "530102101"
PEOPLE = tuple(UUID(int=n + 1, version=4) for n in range(3))
NAMES = ("欧阳示例", "王小样", "李示范")


def data_of(n: int) -> dict[str, str]:
    """A plainly invented person."""
    return {
        "name": NAMES[n],
        "id_no": with_check(f"51999919500307{n:03d}"),
        "phone": f"1390000000{n}",
        "household": "示例户1",
        "relation": "02" if n == 0 else "20",
        "village": "示例村",
        "address": f"示例路{n + 1}号",
    }


class Eager(link.StoreLedger):
    """Reads the slices in every round."""

    def slice_wanted(self, kind: Kind, now: datetime) -> bool:
        del kind, now
        return True


class Computer:
    """A computer of an office: its store, its link and its rounds."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.office: Office = hall.enter("li")
        provider = link.provider(self.office.store)
        assert isinstance(provider, ProvinceProvider)
        self.provider = provider

    def round(self) -> RoundReport:
        """A round, with the slices read whenever they were read last."""
        ledger = Eager(self.office.store)
        report = run_round(ledger, self.provider, now=self.office.now)
        assert report.error is None
        return report

    def values(self, who: UUID) -> dict[str, str]:
        """All fields of a person, nothing masked."""
        person = self.office.store.read(base.get, who)
        return {name: getattr(person, name) for name in FIELDS}

    def clashing(self, who: UUID) -> tuple[str, ...]:
        """Fields in conflict."""
        return self.office.store.read(base.get, who).clashing

    def history(self, who: UUID) -> list[tuple[UUID, dict[str, tuple[str, str]]]]:
        """Every change of a person."""
        found = self.office.store.read(resident_changes.of, [who]).get(who, [])
        return [(each.id, dict(each.fields)) for each in found]

    def waiting(self) -> int:
        """Changes without a receipt."""
        return self.office.store.read(resident_changes.waiting)


@dataclass
class Scene:
    """Computers that hold the same people."""

    computers: list[Computer]
    province: Province

    def begin_anew(self) -> None:
        """Forget everything that was changed, at the province and at the computers."""

        def forget(session: Any) -> None:
            session.query(RecordChange).delete()
            session.query(Record).delete()

        def forget_here(session: Any) -> None:
            session.query(ResidentChange).delete()

        self.province.database.write(forget)
        self.load([(str(who), data_of(n)) for n, who in enumerate(PEOPLE)])
        for each in self.computers:
            submit = each.office.store.writer.submit
            submit(forget_here).result()
            submit(slices.begin_again, "residents").result()
            each.round()

    def load(self, changed: list[tuple[str, Any]], kind: str = "residents") -> None:
        """Let the register change records."""
        now_ms = self.province.now_ms()
        self.province.database.write(records.put_records, kind, DIVISION, changed, now_ms=now_ms)

    def state(self, who: UUID) -> tuple[dict[str, str], list[str]]:
        """A person at the province: data, and the ids of all changes."""

        def read(session: Any) -> tuple[dict[str, str], list[str]]:
            page = records.read_slice(
                session, "residents", "qingshan", "", 1000, self.province.cursor_key
            )
            [record] = [each for each in page.records if each.id == str(who)]
            return dict(record.data or {}), [str(c["id"]) for c in record.changes]  # type: ignore[arg-type]

        return self.province.database.read(read)

    def forget_everything_since(self, who: UUID) -> None:
        """Put the province back to before anybody changed a person, as after a restore."""

        def forget(session: Any) -> None:
            session.query(RecordChange).filter_by(record_id=str(who)).delete()
            epoch, _ = feed.current_epoch(session)
            feed.next_epoch(session, epoch)

        self.province.database.write(forget)


@contextmanager
def township(folder: Path, resources: Resources, computers: int = 2) -> Iterator[Scene]:
    """A province with two offices in one township, each with a computer that holds its people."""
    opened = open_province(folder / "province", services=Services({}))
    demo.fill(opened, password="geheim")
    opened.database.write(accounts.add_office, "hetao", "核桃村便民服务站", f"{DIVISION}001")
    scene = Scene([], opened)
    scene.load([(str(who), data_of(n)) for n, who in enumerate(PEOPLE)])
    with served(opened) as url:
        for n in range(computers):
            office = ("qingshan", "hetao")[n % 2]
            code = opened.database.write(accounts.new_enrol_code, office, now_ms=opened.now_ms())
            (folder / str(n)).mkdir(exist_ok=True)
            hall = Hall(folder / str(n), resources)
            link.enrol_office(hall.enter("admin"), url, code, device_name=str(n))
            scene.computers.append(Computer(hall))
            scene.computers[-1].round()
        yield scene
        for each in scene.computers:
            each.provider.close()
            each.hall.leave()
