"""A clerk's work played without a display: `python -m desktop.journey --out FOLDER`.

Opens the real form window on a real service package, gives its sample answers, finalises them and
makes a draft of the receipt. Leaves pictures of each page, the receipt as PDF and a log without any
answer.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
import tomllib
import uuid
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import SystemRandom
from typing import Any

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.gui_thread import GuiThread
from desktop.translation import Interpreter
from desktop.windows.form import FormWindow
from desktop.windows.form_doors import FormDoors
from forms import Session, load_form
from forms.authoring import compile_xlsform
from forms.views import Submission
from printing.fonts import load_fonts
from printing.render import render
from printing.template import load_template

RESOURCES = Path(__file__).parents[1] / "resources"
SIZE = QSize(1366, 768)


@dataclass
class _Filling:
    session: Session


class _Log:
    """Says each step with its time on the screen and in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._began = time.perf_counter()

    def say(self, words: str) -> None:
        line = f"{time.perf_counter() - self._began:6.2f} s  {words}\n"
        with self._file.open("a", encoding="utf-8") as out:
            out.write(line)
        sys.stdout.write(line)


def main(arguments: list[str] | None = None) -> int:
    """Play the journey; 0 when the receipt was made, 1 when the answers were not accepted."""
    parser = argparse.ArgumentParser(prog="python -m desktop.journey")
    parser.add_argument("--out", type=Path, default=Path("out/journey"))
    parser.add_argument("--service", default="juzhu-zhengming")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    interpreter = Interpreter()
    interpreter.speak("zh_CN")
    theme.apply(app)
    chosen.out.mkdir(parents=True, exist_ok=True)
    log = _Log(chosen.out / "journey.log")
    folder = RESOURCES / "services" / chosen.service
    session = begin(folder)
    log.say(f"opened {chosen.service}: {len(session.nodes())} nodes")
    window = FormWindow(_Filling(session), _doors(session), title=_title(folder))
    window.resize(SIZE)
    window.show()
    fill(window, session, folder)
    log.say("gave the sample answers through the window")
    for number in range(len(window.pages)):
        window.go_to_page(number)
        QCoreApplication.processEvents()
        window.grab().save(str(chosen.out / f"page-{number + 1}.png"))
    log.say(f"took pictures of {len(window.pages)} pages")
    done = session.finalise()
    if not isinstance(done, Submission):
        log.say(f"not accepted: {len(done)} answers are missing or wrong")
        return 1
    (chosen.out / "receipt.pdf").write_bytes(receipt(folder, session))
    log.say("finalised; a draft of the receipt is made")
    log.say(f"pictures, receipt.pdf and journey.log lie in {chosen.out.resolve()}")
    window.close()
    return 0


def begin(folder: Path) -> Session:
    """A new session of the service in `folder`."""
    lists = {"divisions.csv": (RESOURCES / "codes" / "divisions.csv").read_bytes()}
    form = load_form(compile_xlsform((folder / "form.xlsx").read_bytes()).xform, lists)
    return form.new_session(
        now=lambda: datetime.now(UTC).astimezone(),
        today=date.today,
        new_id=lambda: str(uuid.uuid4()),
        random=SystemRandom().random,
    )


def fill(window: FormWindow, session: Session, folder: Path) -> None:
    """Give the sample's answers as the questions of the window would."""
    sample = json.loads((folder / "sample.json").read_text(encoding="utf-8"))
    for ref, answer in sample.items():
        if member := re.match(r"(.*)\[(\d+)\]", ref):
            while session.view(member[1]).count < int(member[2]):
                session.add_repeat(member[1])
        window.go_to(ref)
        question = window.page.questions.get(ref)
        if question is None:
            session.answer(ref, answer)
        else:
            question.answered.emit(ref, answer)


def receipt(folder: Path, session: Session) -> bytes:
    """The receipt of a finished form, as PDF."""
    service = _service(folder)
    where = RESOURCES / "templates" / "receipt"
    template = load_template(
        (where / "template.svg").read_bytes(), (where / "template.json").read_bytes()
    )
    fields: dict[str, Any] = {
        "case_number": "SL-YANGLI-0001",
        "service_name": service["name"]["zh"],
        "department": service["department"]["zh"],
        "applicant_name": session.view(service["applicant"]["name"]).answer,
        "accepted_on": f"{date.today():%Y-%m-%d}",  # noqa: DTZ011 - the day at this place
        "promised_days": str(service["limits"]["promised"]),
        "office_name": "青禾镇便民服务中心（演示）",
        "materials": [
            {"name": each["zh"], "form": "原件" if each["form"] == "original" else "复印件"}
            for each in service["materials"]
        ],
    }
    known = {name: value for name, value in fields.items() if name in template.fields}
    return render(template, known, copy=None, draft=True, fonts=load_fonts(RESOURCES / "fonts"))


def _service(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "service.toml").read_text(encoding="utf-8"))


def _title(folder: Path) -> str:
    return str(_service(folder)["name"]["zh"])


def _doors(session: Session) -> FormDoors:
    gui = GuiThread()
    kept: list[bytes] = []

    def autosave() -> Future[Any]:
        future: Future[Any] = Future()
        kept[:] = [session.xml()]
        future.set_result(None)
        return future

    def attach(_ref: str, name: str, _media_type: str, _data: bytes) -> Future[str]:
        future: Future[str] = Future()
        future.set_result(name)
        return future

    return FormDoors(autosave, attach, gui.deliver)


if __name__ == "__main__":
    sys.exit(main())
