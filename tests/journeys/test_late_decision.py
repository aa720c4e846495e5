"""A supervisor grants what another window has refused: who was first, and one button."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from casework import conflicts, deciding, reading
from casework.office import RESOURCES, Office, Resources
from desktop.translation import Interpreter
from store import certificates
from sync.providers.province import ProvinceProvider
from tests.casework.site import Site, open_site
from tests.casework.test_deciding import accepted, public
from tests.journeys.test_office_certificate import Desk, connect

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path, Resources(RESOURCES), services=True) as made:
        yield made


def here_and_there(site: Site) -> tuple[Office, UUID, Office]:
    """The office with a case before it, and another window that has the same case."""
    office = site.hall.enter("zhao")
    site.round(office)
    case = accepted(office)
    site.round(office)
    other = site.another("other").enter("zhao")
    site.round(other)
    with site.home(other) as home:
        assert isinstance(home, ProvinceProvider)
        conflicts.bring(other, home, reading.get_case(office, case).row.number)
    return office, case, other


def test_a_supervisor_sees_who_was_first_and_lets_it_stand(
    qtbot: QtBot, site: Site, tmp_path: Path
) -> None:
    office, case, other = here_and_there(site)
    words = Interpreter()
    words.speak("zh_CN")
    with ThreadPoolExecutor(1) as workers:
        shell = Desk(qtbot, office, workers)
        shell.case, shell.at = str(case), "late"
        window = shell.window
        window.show_case(shell.case)
        shell.press("准予")
        shell.give("")
        shell.until(lambda: len(window.desk.case(shell.case).documents) == 2, "the certificate")
        shell.saved(tmp_path / "paper.pdf")
        number = window.desk.case(shell.case).documents[0].number

        deciding.refuse(other, case, "地块不在本镇")
        site.round(other)
        assert connect(office).error is None
        window.go(3)
        window.outbox.refresh()
        shell.picture("late-outbox")
        [row] = [each for each in window.outbox.model.rows if each.state == "failed"]
        said = window.outbox.detail_text.text()
        assert "zhao" in said
        assert "不予" in said
        assert number in said
        assert row.error_code == "S196"
        assert window.outbox.again.isHidden(), "sending it again changes nothing"

        window.show_case(shell.case)
        shell.picture("late-case")
        assert number in window.case.note.text()
        assert [step.status for step in window.desk.case(shell.case).steps][:2] == [
            "decided_refused",
            "decided_granted",
        ]
        assert "不生效" in window.desk.case(shell.case).steps[1].note
        late = [each for each in window.desk.case(shell.case).documents if each.number == number]
        assert [(bool(each.void), each.may) for each in late] == [(True, ())]
        shell.press("以先作的决定为准")
        shell.confirm("admin")
        shell.until(lambda: bool(window.desk.case(shell.case).documents[-1].void), "void")
        shell.picture("late-accepted")
        assert "accept_first" not in window.desk.case(shell.case).actions
        assert connect(office).error is None
        assert reading.waiting(office) == 0
        window.go(3)
        window.outbox.refresh()
        shell.picture("late-outbox-after")
        assert {each.state for each in window.outbox.model.rows} == {"acknowledged"}
        credential = office.store.read(certificates.get, number).credential
        assert public(site, credential) == "void"
