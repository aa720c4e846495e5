"""kill -9 while all results of one thing are printed: no sheet is lost, doubled or unsaid.

LASTMILE_PRINT_KILLS=N kills N programs, each at another moment; give pytest a --timeout for many.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

from casework import documents
from casework.office import RESOURCES, Office, Resources
from desktop import print_queue
from desktop.print_queue import Job
from printing.raster import texts
from store.views import CopyView
from tests.casework import papers
from tests.casework.hall import Hall
from tests.casework.test_outcomes import grant, parts_of, tell
from tests.desktop.cups import Cups

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("LASTMILE_PRINT_KILLS", "1"))
LONGEST_S = 0.9  # after the first sign of life: some programs end before


def applied_for(office: Office) -> UUID:
    """An application of which two parts are granted and one is refused."""
    first, second, third = parts_of(office)
    grant(office, first)
    grant(office, third)
    tell(office, second, "decided_refused", reason="示例")
    return first


def print_until_killed(folder: Path, first: UUID, cups: Cups, after_s: float) -> str:
    """What it said last; "" where it was killed before it said anything."""
    command = [sys.executable, "-m", "tests.desktop.results_child", str(folder), str(first)]
    surroundings = {
        **os.environ,
        "CUPS_SERVER": cups.address,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
    }
    child = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = child.stdout.readline()
    time.sleep(after_s)
    child.kill()
    rest = child.stdout.read().splitlines()
    child.stdout.close()
    child.wait(20)
    return rest[-1] if rest else said.strip()


def sheets_of(cups: Cups, papers_: list[documents.Paper]) -> list[list[int]]:
    """Numbers of the jobs whose sheet came out, for each paper."""
    end = time.monotonic() + 20
    while cups.run("lpstat", "-o").strip() and time.monotonic() < end:
        time.sleep(0.05)
    found: list[list[int]] = [[] for _ in papers_]
    for sheet in sorted(cups.box.glob("*.pdf"), key=lambda path: int(path.stem)):
        text = "".join("".join(texts(sheet.read_bytes())).split())
        assert "补打" not in text
        slip = "办结清单" in text
        at = next(
            n
            for n, paper in enumerate(papers_)
            if (paper.kind == documents.SLIP) == slip and (slip or paper.number in text)
        )
        found[at].append(int(sheet.stem))
    return found


def ask(office: Office, copy: CopyView, sheets: list[int]) -> bool:
    """What became of a copy under way: the queue says it, else the clerk looks at the printer."""
    if copy.job:
        sight = print_queue.look(Job(copy.job, "Raw"))
        assert sight.stage == "printed"
        assert sheets
        return True
    return bool(sheets)


def test_a_program_killed_while_it_prints_leaves_the_truth_about_every_sheet(
    tmp_path: Path, cups: Cups
) -> None:
    hall = Hall(tmp_path, Resources(RESOURCES))
    dice, ends = random.Random(20_261_126), []
    for _ in range(KILLS):
        office = hall.enter("li")
        papers.believe(office)
        first = applied_for(office)
        hall.leave()
        cups.quiet()
        ends.append(print_until_killed(tmp_path, first, cups, dice.uniform(0.0, LONGEST_S)))
        office = hall.enter("li")
        offered = [paper for _row, paper in documents.results(office, first)]
        sheets = sheets_of(cups, offered)
        assert all(len(each) <= 1 for each in sheets)
        came = [each[0] for each in sheets if each]
        assert came == sorted(came), "in the order of the package"
        for paper, out in zip(offered, sheets, strict=True):
            if paper.copies == 0:
                assert out == [], "nothing comes out that was not counted"
            elif paper.last is not None and paper.last.outcome == "counted":
                printed = ask(office, paper.last, out)
                documents.note_outcome(
                    office, paper.id, printed=printed, trouble="" if printed else "W025"
                )
            else:
                assert out
        again = [paper for _row, paper in documents.results(office, first) if not paper.copies]
        for paper in again:
            pdf = documents.count_and_render(office, paper.id, "")
            print_queue.hand_over(pdf, "Raw")
            documents.note_outcome(office, paper.id, printed=True)
        assert [len(each) for each in sheets_of(cups, offered)] == [1, 1, 1]
        hall.leave()
    sys.stdout.write(f"{KILLS} programs killed; last said: {sorted(set(ends))}\n")
