"""One thing at the window: one form, one receipt, three departments, all results on one page."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from desktop import journey
from desktop.demo import PASSWORD, Demo
from desktop.hands import press
from desktop.journey import Clerk
from desktop.windows.batch import BatchPage
from forms.bundle_session import PARTS
from printing import raster
from tests.desktop.cups import Cups, cups, running_cups  # noqa: F401 - fixtures

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
NAME = "/canji-butie/data/applicant/name"


@pytest.fixture
def print_system(request: pytest.FixtureRequest) -> Cups:
    """The private print system of the tests."""
    found = request.getfixturevalue("cups")
    assert isinstance(found, Cups)
    return found


def test_one_form_serves_three_departments_and_all_results_are_handed_over(
    clerk: Clerk, demo: Demo, print_system: Cups
) -> None:
    clerk.sign_in(PASSWORD, "li")
    form = clerk.begin("cjrfw")
    first_question = form.page.questions[PARTS]
    assert form.focusWidget() in first_question.fields()
    asked = [ref for ref in form.outline.refs if form.outline.shown(ref)]
    assert [ref for ref in asked if ref.endswith("/applicant/name")] == [NAME]
    assert len([ref for ref in asked if ref.endswith("/papers/id_copy")]) == 1
    sample = dict(clerk.desk.office.catalogue.get("canji-fuwu").sample)
    clerk.fill(form, sample)
    assert form.outline.view(PARTS).answer == "jubao-canbao gaoling-jintie"
    first = clerk.accept(form)
    together = clerk.desk.case(first).together
    assert together is not None
    ids = [line.id for line in together.lines]
    assert [line.status for line in together.lines] == ["accepted"] * 3
    receipt = "".join(raster.texts(clerk.print_out(clerk.paper(first, "receipt"))))
    for line in together.lines:
        assert line.service in receipt
        assert line.number in receipt
    clerk.send()
    clerk.until(lambda: not any(clerk.desk.case(i).line.unsent for i in ids), "three receipts")
    journey.decide(demo.facts, ids[0], "grant")
    journey.decide(demo.facts, ids[2], "grant")
    clerk.send()
    clerk.until(lambda: clerk.status(ids[2]) == "decided_granted", "two decisions")
    clerk.window.show_case(first)
    assert "已办结 2 项" in clerk.window.case.together.heading.text()
    clerk.picture(clerk.window, "together")
    certificates = [clerk.paper(ids[at], "certificate").number for at in (0, 2)]
    print_all(clerk)
    sheets = came_out(print_system)
    assert all(number in sheet for number, sheet in zip(certificates, sheets, strict=True))
    journey.decide(demo.facts, ids[1], "refuse", "示例：不在参保年龄。")
    clerk.send()
    clerk.until(lambda: clerk.status(ids[1]) == "decided_refused", "the last decision")
    clerk.window.show_case(ids[1])
    print_all(clerk)
    slip = came_out(print_system)[2]
    for said in (*certificates, "不在参保年龄。", "行政复议", "办结清单"):
        assert said in slip
    clerk.window.show_case(first)
    press(button(clerk, "一并送达"))
    clerk.until(lambda: [clerk.status(each) for each in ids] == ["delivered"] * 3, "three events")
    press(button(clerk, "打开高龄津贴申领"))
    assert clerk.window.case.headline.text() == together.lines[2].number


def button(clerk: Clerk, name: str) -> QPushButton:
    """A button of the card, by what a screen reader says."""
    found = clerk.window.case.together.findChildren(QPushButton)
    return next(each for each in found if each.accessibleName() == name)


def print_all(clerk: Clerk) -> None:
    """Press the card's button, and print what it offers ticked."""
    press(button(clerk, "一并打印结果"))
    page = clerk.window.stack.currentWidget()
    assert isinstance(page, BatchPage)
    clerk.until(lambda: page.choices.lines, "the printers")
    page.choices.printers.setCurrentIndex(page.choices.printers.findData("Raw"))
    press(page.print_them)
    clerk.until(lambda: not page.batch.running, "the sheets")
    clerk.picture(clerk.window, "results")


def came_out(system: Cups) -> list[str]:
    found = sorted(system.box.glob("*.pdf"), key=lambda path: int(path.stem))
    return ["".join("".join(raster.texts(each.read_bytes())).split()) for each in found]
