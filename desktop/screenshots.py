"""Pictures of the windows for the documents: `python -m desktop.screenshots --out FOLDER`.

A demo office with a province of its own takes the sample of every service, the province decides
some of them, and each window is then shown in each look. Everybody in them is invented.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from casework import filling
from casework.office import RESOURCES, Office, Resources
from desktop import journey
from desktop.demo import CLERK, PASSWORD, Demo, start_demo
from desktop.desk import CaseFilter
from desktop.hands import Hands, press, write_anew
from desktop.journey import Clerk
from desktop.questions.pictures import to_png
from forms.answers import give_sample

# look: (appearance, factor of the screen)
LOOKS = {"light": ("light", "1"), "dark": ("dark", "1"), "double": ("light", "2")}
FAULTY_ID = "519999194203151220"  # its check digit is wrong
DECISIONS = ("grant", "refuse", "supplement", "grant")
REASON = "示例：所附材料不清晰，请重新拍摄。"


def main(arguments: list[str] | None = None) -> int:
    """Write the pictures of every look, each in a process of its own; 0 when all were made."""
    parser = argparse.ArgumentParser(prog="python -m desktop.screenshots")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--lang", default="zh_CN", choices=("zh_CN", "en"))
    parser.add_argument("--look", choices=sorted(LOOKS), help="only this one")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if chosen.look:
        _series(chosen.out, chosen.look, chosen.lang)
        return 0
    failed = 0
    for look, (_, factor) in LOOKS.items():
        command = [sys.executable, "-m", "desktop.screenshots", "--look", look]
        command += ["--out", str(chosen.out), "--lang", chosen.lang]
        surroundings = os.environ | {"QT_SCALE_FACTOR": factor, "TZ": "Asia/Shanghai"}
        failed |= subprocess.run(command, env=surroundings, check=False).returncode  # noqa: S603
    return failed


def furnish(office: Office) -> list[str]:
    """Accept the sample of every service; returns the ids of the cases."""
    made, picture = [], to_png(journey.sample_picture())
    for package in office.catalogue.all():
        draft = filling.begin(
            office, package.id, office.catalogue.whole_form(package.id), language=""
        )
        give_sample(package, draft.session)
        for ref in package.sample:
            if draft.session.view(ref).kind == "upload":
                kept = filling.attach(
                    office, draft, ref, name="paper.png", media_type="image/png", data=picture
                )
                draft.session.answer(ref, kept)
        made.append(str(filling.accept(office, draft).result()))
    return made


def _series(out: Path, look: str, language: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    if sys.platform != "win32":
        time.tzset()
    with tempfile.TemporaryDirectory(prefix="lastmile-") as folder:
        resources = Resources(RESOURCES)
        demo = start_demo(Path(folder), resources)
        try:
            clerk = journey.set_up(demo, resources, out, language, appearance=LOOKS[look][0])
            _shoot(clerk, demo, out, look)
            clerk.desktop.end()
        finally:
            demo.stop()
    (out / "journey.log").unlink(missing_ok=True)


def _shoot(clerk: Clerk, demo: Demo, out: Path, look: str) -> None:
    clerk.name = lambda _number, what: out / f"{what}-{look}.png"
    clerk.sign_in(PASSWORD, CLERK)
    office = clerk.desk.office
    ids = furnish(office)
    clerk.desk.send_now()
    clerk.until(lambda: not any(c.unsent for c in clerk.desk.cases(CaseFilter())), "the receipts")
    for case_id, action in zip(ids, DECISIONS, strict=False):
        journey.decide(demo.facts, case_id, action, "" if action == "grant" else REASON)
    clerk.desk.send_now()
    clerk.until(lambda: clerk.status(ids[0]) == "decided_granted", "the decisions")
    clerk.until(lambda: clerk.status(ids[3]) == "decided_granted", "the last decision")
    demo.process.terminate()
    furnish(office)  # these stay unsent: the province is out of reach now
    clerk.desk.send_now()
    clerk.until(lambda: clerk.desk.sync().kind == "offline", "the missing network")
    _form_with_an_error(clerk)
    window = clerk.window
    for entry, name in enumerate(("overview", "catalogue", "cases", "outbox", "certificates")):
        clerk.turn_to(entry)
        if name == "catalogue":
            write_anew(window.catalogue.search, "")
        clerk.picture(window, name)
    clerk.turn_to(5)
    clerk.picture(window, "settings")
    window.show_case(ids[0])
    clerk.until(lambda: clerk.desk.sync().kind == "offline", "the link at rest")
    clerk.picture(window, "case")
    clerk.preview(clerk.paper(ids[0], "certificate"))
    clerk.picture(window, "preview")


def _form_with_an_error(clerk: Clerk) -> None:
    form = clerk.begin("gljt")
    sample = clerk.desk.office.catalogue.get("gaoling-jintie").sample
    wanted = {ref: sample[ref] for ref in sample if ref.startswith("/data/applicant/")}
    hands = Hands(form, clerk.until, journey.sample_picture())
    for ref, answer in wanted.items():
        hands.give(ref, FAULTY_ID if ref.endswith("/id_no") else answer)
    press(form.accept_button)
    clerk.picture(form, "form")
    form.close()
    flow = clerk.desktop.flow
    clerk.until(lambda: flow is None or not flow.windows, "the form to close")


if __name__ == "__main__":
    raise SystemExit(main())
