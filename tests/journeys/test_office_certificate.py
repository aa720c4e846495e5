"""A supervisor issues without a network, the province hears of it, two people take it back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from casework import link, record
from casework.office import RESOURCES, Office, Resources
from desktop.hands import press, save_as, write
from desktop.translation import Interpreter
from desktop.windows.case_decisions import CaseDecisions
from province import accounts
from province.app import open_province, system_now_ms
from province.packages import Services
from store import certificates
from sync.round import RoundReport, run_round
from tests.casework.hall import PASSWORD, Hall
from tests.casework.test_deciding import accepted
from tests.journeys.shell import Shell
from tests.province.process import ProvinceProcess

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def office(tmp_path: Path, province: ProvinceProcess) -> Iterator[Office]:
    """The supervisor's office, after its last round before the network went."""
    opened = open_province(province.folder, services=Services({}))
    code = opened.database.write(accounts.new_enrol_code, "qingshan", now_ms=system_now_ms())
    opened.database.close()
    hall = Hall(tmp_path, Resources(RESOURCES))
    link.enrol_office(hall.enter("admin"), province.url, code, device_name="window")
    made = hall.enter("zhao")
    assert connect(made).error is None
    province.end()
    yield made
    hall.leave()


def connect(office: Office) -> RoundReport:
    provider = link.provider(office.store)
    report = run_round(link.StoreLedger(office.store), provider, now=office.now)
    if report.error is None:
        record.after_round(office, provider)
    provider.close()
    return report


class Desk(Shell):
    """The supervisor at the page of a case."""

    def decisions(self) -> CaseDecisions:
        made = self.window.case.decisions
        assert made is not None
        return made

    def press(self, text: str, inside: QWidget | None = None) -> None:
        page = inside or self.window.case
        found = [b for b in page.findChildren(QAbstractButton) if b.text() == text]
        press(next(button for button in found if button.isVisible()))

    def give(self, reason: str) -> None:
        """Answer why."""
        dialog = self.decisions().why
        assert dialog is not None
        if reason:
            write(dialog.reason, reason)
        self.picture(f"office-{self.at}-why", dialog)
        press(dialog.keep)

    def confirm(self, login: str) -> None:
        self.until(lambda: self.decisions().second, "the second person")
        dialog = self.decisions().second
        assert dialog is not None
        write(dialog.login, login)
        write(dialog.secret, PASSWORD)
        self.picture(f"office-{self.at}-second", dialog)
        press(dialog.keep)
        self.until(lambda: self.decisions().why is None, "the end of the step")

    at = ""

    def verified(self, file: Path) -> str:
        """What the window for certificates says of a paper."""
        page = self.window.certificates
        self.window.go(4)
        page.take_file(str(file))
        before = page.tr("Verifying ...")
        self.until(lambda: page.banner.text.text() not in ("", before), "the verdict")
        self.picture(f"office-{self.at}-verified")
        return page.banner.text.text()

    def saved(self, to: Path) -> None:
        """Save the newest certificate as a file, which counts like a copy on paper."""
        paper = self.window.desk.case(self.case).documents[0]
        self.window.show_document(paper)
        preview = self.window.preview
        self.until(preview.save.isEnabled, "the pages")
        press(preview.save)
        save_as(to, self.until)
        self.until(to.exists, "the file")
        self.picture(f"office-{self.at}-preview")
        self.window.show_case(self.case)

    case = ""


def public(province: ProvinceProcess, code: str) -> str:
    page = httpx.get(f"{province.url}/verify", params={"code": code}).text
    return page.partition('data-state="')[2].partition('"')[0]


def test_issued_offline_reported_and_voided_by_two(
    qtbot: QtBot, office: Office, province: ProvinceProcess, tmp_path: Path
) -> None:
    case = accepted(office)
    words = Interpreter()
    words.speak("zh_CN")
    with ThreadPoolExecutor(1) as workers:
        shell = Desk(qtbot, office, workers)
        shell.case = str(case)
        window = shell.window
        window.show_case(shell.case)
        shell.at = "grant"
        shell.picture("office-case-before")
        shell.press("准予")
        shell.give("")
        shell.until(lambda: len(window.desk.case(shell.case).documents) == 2, "the certificate")
        shell.picture("office-case-granted")
        paper = tmp_path / "paper.pdf"
        shell.saved(paper)
        assert "真" in shell.verified(paper), "genuine, and the province is switched off"
        number = window.desk.case(shell.case).documents[0].number
        assert "-T" in number
        window.go(3)
        shell.picture("office-outbox-waiting")
        assert window.outbox.model.rows[0].state == "waiting"
        assert "准予" in window.outbox.model.rows[0].service

        assert connect(office).error is not None
        province.start()
        assert connect(office).waiting == 0
        code = _credential(office, case)
        assert public(province, code) == "valid"
        window.outbox.refresh()
        shell.picture("office-outbox-sent")
        assert {row.state for row in window.outbox.model.rows} == {"acknowledged"}

        shell.at = "replace"
        window.show_case(shell.case)
        shell.press("换发")
        shell.give("纸张破损")
        shell.confirm("admin")
        shell.until(lambda: window.desk.case(shell.case).documents[0].number != number, "anew")
        fresh = tmp_path / "fresh.pdf"
        shell.saved(fresh)
        assert "真" in shell.verified(fresh)
        assert "作废" in shell.verified(paper)

        shell.at = "void"
        window.show_case(shell.case)
        shell.press("作废")
        shell.give("误发")
        shell.confirm("admin")
        shell.picture("office-case-void")
        assert "作废" in shell.verified(fresh)
        connect(office)
        assert public(province, code) == "void"
        documents = window.desk.case(shell.case).documents
        assert [bool(each.void) for each in documents] == [False, True, True]
        assert documents[1].replaced_by == documents[2].number


def _credential(office: Office, case: UUID) -> str:
    return office.store.read(certificates.of_case, case)[0].credential
