"""An office runs out of numbers offline, goes on with provisional slips, and gets final ones."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from sqlalchemy.orm import Session

from casework import filling, link, number_blocks
from casework.office import RESOURCES, Office, Resources, local_now
from desktop.app import Desktop
from desktop.hands import write_anew
from desktop.journey import Clerk
from desktop.local_office import LocalOffice
from desktop.settings import Settings
from printing import raster
from province import accounts
from province.app import open_province, system_now_ms
from province.packages import Services
from store import backup, numbering, numbers
from tests.casework.hall import PASSWORD, Hall, filled
from tests.province.process import ProvinceProcess

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def hall(tmp_path: Path, province: ProvinceProcess) -> Iterator[Hall]:
    made = Hall(tmp_path, Resources(RESOURCES))
    opened = open_province(province.folder, services=Services({}))
    code = opened.database.write(accounts.new_enrol_code, "qingshan", now_ms=system_now_ms())
    opened.database.close()
    link.enrol_office(made.enter("admin"), province.url, code, device_name="window")
    made.leave()
    yield made
    made.leave()


@pytest.fixture
def clerk(qapp: QApplication, hall: Hall, tmp_path: Path) -> Iterator[Clerk]:
    settings = Settings(language="zh_CN", idle_lock_minutes=0)
    workers = ThreadPoolExecutor(2, thread_name_prefix="worker")
    office = LocalOffice(
        hall.folder,
        hall.resources,
        hall.box,
        workers,
        language=lambda: settings.language,
        pause_s=lambda: 60.0,
    )
    desktop = Desktop(qapp, office, settings, profile=tmp_path, workers=workers)
    (tmp_path / "out").mkdir()
    made = Clerk(desktop, Path(os.environ.get("LASTMILE_PICTURES") or tmp_path / "out"))
    made.name = lambda n, what: made.out / f"numbers-{n:02d}-{what}.png"
    yield made
    desktop.interpreter.speak("en")
    QCoreApplication.processEvents()
    desktop.end()
    if desktop.window is not None:
        desktop.window.close()
    desktop.deleteLater()


def spend(office: Office, left: int) -> list[str]:
    """Take numbers, as cases accepted before do, until so many are left."""
    spare = office.store.read(numbers.left, numbering.KIND) - left
    division, day = office.division, office.today

    def take(session: Session) -> list[str]:
        case_number = numbering.case_number
        return [case_number(session, office.new_id(), division, day) for _ in range(spare)]

    return office.store.writer.submit(take).result()


def accept(clerk: Clerk) -> str:
    office = clerk.desk.office
    return str(filling.accept(office, filled(office)).result())


def number_of(clerk: Clerk, case: str) -> str:
    return clerk.desk.case(case).line.number


def slip(clerk: Clerk, case: str) -> str:
    clerk.preview(clerk.paper(case, "receipt"))
    clerk.picture(clerk.window, "slip")
    return "".join(raster.texts(clerk.wait(clerk.desk.pdf(f"receipt:{case}"))))


def health(clerk: Clerk) -> str:
    clerk.turn_to(0)
    return " ".join(label.text() for label in clerk.window.overview.health.findChildren(QLabel))


def sync_until_final(clerk: Clerk, cases: list[str]) -> None:
    clerk.send()

    def final() -> bool:
        return not any(number_of(clerk, case).startswith("L") for case in cases)

    clerk.until(final, "final numbers")
    clerk.until(lambda: number_blocks.left(clerk.desk.office) > 100, "a new block")


def test_an_office_runs_out_of_numbers_offline_and_no_number_is_ever_given_twice(
    clerk: Clerk, province: ProvinceProcess, hall: Hall
) -> None:
    clerk.sign_in(PASSWORD, "li")
    clerk.until(lambda: number_blocks.left(clerk.desk.office) == 200, "the first block")
    given = spend(clerk.desk.office, 1)
    clerk.until(lambda: clerk.desk.figures().backup_on, "the day's backup")
    copy = backup.make(clerk.desk.office.store, local_now())
    province.end(signal.SIGTERM)
    cases = [accept(clerk) for _ in range(3)]
    assert [number_of(clerk, case)[0] for case in cases] == ["5", "L", "L"]
    assert "编号已用完" in health(clerk)
    clerk.picture(clerk.window, "used-up")
    clerk.window.show_case(cases[1])
    assert "临时编号" in clerk.window.case.note.text()
    clerk.picture(clerk.window, "provisional-case")
    first = number_of(clerk, cases[1])
    given += [first, number_of(clerk, cases[2])]
    said = slip(clerk, cases[1])
    assert first in said
    assert "临时编号" in said

    province.start()
    sync_until_final(clerk, cases)
    assert "编号已用完" not in health(clerk)
    final = number_of(clerk, cases[1])
    clerk.window.show_case(cases[1])
    assert first in clerk.window.case.note.text()
    clerk.picture(clerk.window, "final-case")
    said = slip(clerk, cases[1])
    assert final in said
    assert first in said
    write_anew(clerk.window.search, first)
    QTest.keyClick(clerk.window.search, Qt.Key.Key_Return)
    found = clerk.window.cases.model.rows
    assert [row.id for row in found] == [cases[1]], "a citizen comes with the first slip"
    given += [number_of(clerk, case) for case in cases]

    province.end(signal.SIGTERM)
    go_back(clerk, hall, copy)
    assert "编号已用完" in health(clerk), "what was leased may have been given out since"
    again = [accept(clerk) for _ in range(2)]
    given += [number_of(clerk, case) for case in again]
    province.start()
    sync_until_final(clerk, again)
    given += [number_of(clerk, case) for case in again]
    given += spend(clerk.desk.office, 150)
    assert len(given) == len(set(given))


def go_back(clerk: Clerk, hall: Hall, copy: Path) -> None:
    """IT staff put the backup of before back, exactly; the clerk signs in again."""
    clerk.window.lock()
    clerk.until(lambda: clerk.desktop.sign_in, "the lock")
    backup.restore(
        hall.folder, copy, "admin", PASSWORD, secret=hall.box, now=local_now(), exactly=True
    )
    clerk.sign_in(PASSWORD, "li")
