"""Every kind of question of XLSForm, authored in Excel, answered by keys and clicks."""

from __future__ import annotations

import io
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from desktop.gui_thread import GuiThread
from desktop.hands import Hands
from desktop.journey import sample_picture
from desktop.windows.form import FormWindow
from desktop.windows.form_doors import FormDoors
from forms import load_form
from forms.authoring import compile_xlsform
from forms.errors import InvalidForm
from forms.session import Session

NOW = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
FEW, MANY = 3, 12
HALF_PAST_NINE = datetime(2026, 11, 24, 9, 30).astimezone().isoformat(timespec="milliseconds")
# type, name, appearance, parameters, what is given, what stands in the instance (None: the same)
T = TypeVar("T")
QUESTIONS: tuple[tuple[str, str, str, str, str, str | None], ...] = (
    ("text", "name", "", "", "欧阳 Wei", None),
    ("text", "story", "multiline", "", "第一行 one", None),
    ("integer", "age", "", "", "84", None),
    ("decimal", "income", "", "", "1200.50", None),
    ("date", "born", "", "", "1942-03-15", None),
    ("time", "at", "", "", "09:30", "09:30:00.000"),
    ("dateTime", "moment", "", "", "2026-11-24 09:30", HALF_PAST_NINE),
    ("select_one few", "one", "", "", "c2", None),
    ("select_one many", "listed", "", "", "c11", None),
    ("select_one few", "dropped", "minimal", "", "c3", None),
    ("select_multiple few", "several", "", "", "c1 c3", None),
    ("select_multiple many", "ticked", "", "", "c4 c9", None),
    ("range", "scale", "", "start=0 end=10 step=1", "7", None),
    ("geopoint", "place", "", "", "30.66 104.06", "30.66 104.06 0.0 0.0"),
    ("barcode", "code", "", "", "6901234567892", None),
    ("acknowledge", "agree", "", "", "OK", None),
    ("image", "photo", "", "", "x", "picture.png"),
    ("image", "sign", "signature", "", "x", "signature.png"),
)


@dataclass
class Case:
    """What the window fills in; saving is not what is looked at here."""

    session: Session


def done(result: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(result)
    return future


def workbook() -> bytes:
    book = openpyxl.Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    survey.append(["type", "name", "label", "appearance", "parameters"])
    for kind, name, appearance, parameters, *_ in QUESTIONS:
        survey.append([kind, name, f"问题 {name}", appearance, parameters])
    choices = book.create_sheet("choices")
    choices.append(["list_name", "name", "label"])
    for list_name, size in (("few", FEW), ("many", MANY)):
        for number in range(1, size + 1):
            choices.append([list_name, f"c{number}", f"选项{number}号"])
    book.create_sheet("settings").append(["form_id"])
    book["settings"].append(["every"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def compiled() -> bytes:
    return compile_xlsform(workbook()).xform


@pytest.fixture
def window(qtbot: QtBot, compiled: bytes) -> FormWindow:
    session = load_form(compiled).new_session(
        now=lambda: NOW, today=NOW.date, new_id=lambda: "x", random=lambda: 0.5
    )
    gui = GuiThread()
    doors = FormDoors(
        lambda: done(None),
        lambda _ref, name, _type, _data: done(name),
        gui.deliver,
    )
    made = FormWindow(Case(session), doors, title="Every question")
    gui.setParent(made)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    return made


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question[1])
def test_a_question_takes_what_hands_give_it(
    qtbot: QtBot, window: FormWindow, question: tuple[str, str, str, str, str, str | None]
) -> None:
    _, name, _, _, given, expected = question
    session = window.filling.session
    hands = Hands(
        window, lambda look, _what: qtbot.waitUntil(lambda: bool(look())), sample_picture()
    )
    [ref] = [node for node in session.nodes() if node.endswith(f"/{name}")]
    hands.give(ref, given)
    assert session.view(ref).answer == (given if expected is None else expected)
    assert ref not in window.problem_refs()


def test_a_workbook_of_the_old_kind_is_refused_with_what_to_do() -> None:
    with pytest.raises(InvalidForm) as refused:
        compile_xlsform(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert "save it as .xlsx" in str(refused.value.fields["reason"])
