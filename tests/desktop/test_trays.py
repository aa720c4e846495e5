"""Trays: offered as the printer calls them, asked for in the job, each with its own correction."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop import print_queue
from desktop.corrections import IDENTITY, Correction, Corrections
from desktop.print_queue import Ways
from desktop.windows.print_panel import PrintPanel
from tests.desktop.cups import A4_MM, Cups, paper

PPD = Path("/usr/share/ppd/cupsfilters/Fuji_Xerox-DocuPrint_CM305_df-PDF.ppd")


def test_a_tray_is_offered_and_the_job_asks_for_it(cups: Cups, qtbot: QtBot) -> None:
    if not PPD.is_file():
        pytest.skip("no printer description with trays here: install cups-filters")
    cups.add_queue("Trays", ppd=PPD)
    try:
        lines = print_queue.printers()
        panel = PrintPanel()
        qtbot.addWidget(panel)
        panel.take(lines)
        assert panel.trays.isHidden(), "the default printer has no choice of trays"
        panel.printers.setCurrentIndex(panel.printers.findData("Trays"))
        assert not panel.trays.isHidden()
        assert panel.trays.count() > 2
        panel.trays.setCurrentIndex(2)
        chosen = panel.tray()
        job = print_queue.hand_over(paper("one"), "Trays", replace(panel.ways(1, A4_MM), copies=1))
        end = time.monotonic() + 15
        while print_queue.look(job).stage == "open" and time.monotonic() < end:
            time.sleep(0.05)
        assert f"media=iso_a4_210x297mm,{chosen}" in cups.told(job.id)[2].replace("\\,", ",")
    finally:
        cups.run("lpadmin", "-x", "Trays")


def test_no_tray_is_asked_for_unless_one_was_chosen(cups: Cups) -> None:
    job = print_queue.hand_over(paper("one"), "Counter", Ways(paper_mm=A4_MM))
    end = time.monotonic() + 15
    while print_queue.look(job).stage == "open" and time.monotonic() < end:
        time.sleep(0.05)
    assert "media=iso_a4_210x297mm " in cups.told(job.id)[2] + " "


def test_corrections_are_kept_for_printer_tray_and_template(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "printers.json"
    kept = Corrections(path)
    tray_2 = Correction("Counter", "tray-2", "", (1, 0, 0, 1, 1.5, -2), 0.03, "2026-11-25", "li")
    form = replace(tray_2, template="marriage-form", matrix=(1, 0, 0, 1, 0.5, 0))
    kept.keep(tray_2)
    kept.keep(form)
    again = Corrections(path)
    assert again.lines() == [tray_2, form]
    assert again.matrix("Counter", "tray-2", "marriage-form") == form.matrix
    assert again.matrix("Counter", "tray-2", "another") == tray_2.matrix
    assert again.matrix("Counter", "tray-1", "another") == IDENTITY
    again.forget("Counter", "tray-2", "marriage-form")
    assert Corrections(path).find("Counter", "tray-2", "marriage-form") == tray_2


@pytest.mark.parametrize("text", ["", "[", "{}", '[{"printer":"x"}]', '[{"matrix":[1]}]'])
def test_a_damaged_file_corrects_nothing(text: str, tmp_path: Path) -> None:
    path = tmp_path / "printers.json"
    path.write_text(text)
    assert Corrections(path).lines() == []
