"""A form filled in from the resident base and a licence in a paper's place, by keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from casework.office import RESOURCES, Resources
from desktop.form_flow import FormFlow
from desktop.hands import Hands, press
from desktop.settings import Settings
from desktop.translation import Interpreter
from desktop.windows.case_page import CaseView
from desktop.windows.form import FormWindow
from store import persons
from store import residents as base
from tests.casework.residents_scene import PEOPLE, Scene, data_of, township
from tests.casework.test_prefill import CARD, COPY, DETAIL, NAME, NATION, NUMBER, PHONE, card
from tests.journeys.shell import Shell

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
WHO = PEOPLE[0]
ID_NO = data_of(0)["id_no"]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with township(tmp_path, Resources(RESOURCES), computers=1) as made:
        made.load([(str(WHO), data_of(0) | {"nation": "05"})])
        made.load([(str(CARD), card(ID_NO))], "licences")
        made.computers[0].round()
        yield made


def test_what_is_held_is_asked_of_nobody_again(qtbot: QtBot, scene: Scene) -> None:
    [one] = scene.computers
    words = Interpreter()
    words.speak("zh_CN")
    with ThreadPoolExecutor(1) as workers:
        shell = Shell(qtbot, one.office, workers)
        window = shell.window
        flow = FormFlow(one.office, window.gui, workers, Settings)
        flow.accepted.connect(window.show_case)
        flow.accepted.connect(window.case.compare)
        flow.start("juzhu-zhengming")
        shell.until(lambda: flow.windows, "the form")
        [form] = flow.windows.values()
        picture = QImage(40, 40, QImage.Format.Format_RGB32)
        picture.fill(0xFFFFFF)
        hands = Hands(form, shell.until, picture)
        sample = next(iter(flow.windows.values())).filling.package.sample  # type: ignore[attr-defined]
        hands.give(NUMBER, ID_NO)
        assert answer(form, NAME) == "欧阳示例"
        assert answer(form, NATION) == "05"
        shell.until(lambda: source(form, PHONE), "where it comes from")
        assert "人口库" in source(form, PHONE)
        assert not source(form, NUMBER)
        shell.picture("prefilled", form)
        hands.give(PHONE, "13933333333")
        shell.until(lambda: "13900000000" in source(form, PHONE), "what is held")
        shell.picture("prefilled-changed", form)
        use_the_card(shell, form)
        known = {NAME, NUMBER, NATION, PHONE, COPY, DETAIL}
        for ref, value in sample.items():
            if ref not in known and answer(form, ref) != value and asked(form, ref):
                hands.give(ref, value)
        assert answer(form, DETAIL) == "示例路1号"
        press(form.accept_button)
        shell.until(lambda: not flow.windows, "the case")
        case = shell.window.stack.currentWidget()
        assert isinstance(case, CaseView)
        shell.until(case.banner.isVisible, "the difference")
        assert "139****0000 → 139****3333" in case.banner.text.text()
        shell.picture("case-with-licence")
        press(case.banner.action)
        shell.until(lambda: not case.banner.action.isVisible(), "taken over")
        shell.until(lambda: one.values(WHO)["phone"] == "13933333333", "the resident base")
        flow.deleteLater()
    one.round()
    assert scene.state(WHO)[0]["phone"] == "13933333333"
    [consent] = one.office.store.read(persons.find, ID_NO).consents
    assert consent.case_id is not None, "it goes when the case goes"
    assert one.office.store.read(base.get, WHO).name == "欧阳示例"
    words.speak("en")


def use_the_card(shell: Shell, form: FormWindow) -> None:
    form.go_to(COPY)
    shell.until(lambda: "居民身份证" in source(form, COPY), "the licence")
    shell.picture("licence-offered", form)
    question = form.page.questions[COPY]
    assert question.source is not None
    form.scroller.ensureWidgetVisible(question)
    press(question.source.action)
    dialog = form.held.consent
    assert dialog is not None
    assert not dialog.keep.isEnabled(), "nothing without the citizen's word"
    press(dialog.asked)
    shell.picture("licence-consent", dialog)
    press(dialog.keep)
    shell.until(lambda: answer(form, COPY).startswith("licence-"), "the marked copy")
    shell.until(lambda: "免交" in source(form, COPY), "no paper needed")
    shell.picture("licence-used", form)


def answer(form: FormWindow, ref: str) -> str:
    return form.filling.session.view(ref).answer


def asked(form: FormWindow, ref: str) -> bool:
    view = form.filling.session.view(ref)
    return view.kind != "value" and form.outline.shown(ref)


def source(form: FormWindow, ref: str) -> str:
    question = form.page.questions.get(ref)
    return question.source_text() if question is not None else ""
