"""One thing at the window: one form, one receipt, three departments, all results on one page."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from desktop import journey
from desktop.demo import PASSWORD, Demo
from desktop.hands import press
from desktop.journey import Clerk
from forms.bundle_session import PARTS
from printing import raster

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
NAME = "/canji-butie/data/applicant/name"


def test_one_form_serves_three_departments(clerk: Clerk, demo: Demo) -> None:
    clerk.sign_in(PASSWORD, "li")
    form = clerk.begin("cjrfw")
    asked = [ref for ref in form.outline.refs if form.outline.shown(ref)]
    assert [ref for ref in asked if ref.endswith("/applicant/name")] == [NAME]
    assert len([ref for ref in asked if ref.endswith("/papers/id_copy")]) == 1
    sample = dict(clerk.desk.office.catalogue.get("canji-fuwu").sample)
    clerk.fill(form, sample)
    assert form.outline.view(PARTS).answer == "jubao-canbao gaoling-jintie"
    clerk.look_through(form)
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
    buttons = clerk.window.case.together.findChildren(QPushButton)
    press(next(each for each in buttons if "高龄" in each.accessibleName()))
    assert clerk.window.case.headline.text() == together.lines[2].number
    certificate = clerk.print_out(clerk.paper(ids[2], "certificate"))
    assert "高龄津贴" in "".join(raster.texts(certificate))
