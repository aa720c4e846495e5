"""What paper costs: the first page of a process, each next one, and a batch of signed ones.

The unit is the same page drawn by plain ReportLab with one font and nothing else: no fall-back, no
QR from its payload, no tags, no colour profile, no reading back.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from printing.elements import Shape
from printing.fonts import Fonts, load_fonts
from printing.layout import Mark, Qr, Words
from printing.pdf import draw
from printing.render import pages_of, render
from printing.seal import modules
from printing.sign import Signer, make_key
from printing.template import Fields, Template, load_template

RESOURCES = Path(__file__).parents[2] / "resources"
TEMPLATE = "residence-proof"
NAMES = ("王示例", "李𠂇明", "欧阳𫖸鿍", "阿卜杜热合曼·买买提吐尔逊", "赵示例")
BATCH = 1_000
POINTS = 72 / 25.4
FIRST = """
import resource, sys, time
began = time.perf_counter()
from pathlib import Path
from printing.fonts import load_fonts
from printing.render import render
from printing.template import load_template
loaded = time.perf_counter()
folder = Path(sys.argv[1])
fonts = load_fonts(folder / "fonts")
where = folder / "templates" / sys.argv[2]
page = load_template((where / "template.svg").read_bytes(), (where / "template.json").read_bytes())
render(page, page.samples(), copy=None, fonts=fonts)
used = resource.getrusage(resource.RUSAGE_SELF)
print(loaded - began, time.perf_counter() - began, used.ru_utime + used.ru_stime)
"""
MANY = """
import sys
from tests.benchmarks.printing_bench import sign_many
sign_many(int(sys.argv[1]))
"""


def main() -> None:
    """Print each time in ms and as a ratio to the plain page."""
    fonts, page = load_fonts(RESOURCES / "fonts"), _template()
    values = [{**page.samples(), "holder_name": name} for name in NAMES]
    laid = [pages_of(page, each, copy=None, fonts=fonts)[0] for each in values]
    font = TTFont("plain", str(RESOURCES / "fonts" / "song.ttf"))
    pdfmetrics.registerFont(font)
    rounds: list[tuple[float, float]] = []
    for _ in range(12):  # by turns, so that a busy machine slows both
        rounds += [
            (
                _time(partial(plain, page, marks)),
                _time(partial(render, page, said, copy=None, fonts=fonts)),
            )
            for marks, said in zip(laid, values, strict=True)
        ]
    unit = statistics.median(first for first, _ in rounds)
    mine = statistics.median(second for _, second in rounds)

    def show(what: str, seconds: float) -> None:
        sys.stdout.write(f"{what:52} {seconds * 1000:8.1f} ms {seconds / unit:7.2f} plain pages\n")

    show("plain ReportLab, one font (the unit)", unit)
    show("each next certificate, read back", mine)
    show("  of which drawing", statistics.median(_drawing(page, fonts, values)))
    loading, first, processor = _first()
    show("first page of a process, imports included", first)
    show("  of which imports", loading)
    show("  processor time, start of Python included", processor)
    batch = _batch()
    show(f"{BATCH} signed certificates, each", batch["seconds"] / BATCH)
    sys.stdout.write(f"{'peak memory of that batch':52} {batch['megabytes']:8.0f} MB\n")


def plain(page: Template, marks: tuple[Mark, ...]) -> bytes:
    """The same marks with ReportLab alone, every character from one font."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(page.width * POINTS, page.height * POINTS), invariant=1)
    for mark in marks:
        if isinstance(mark, Words):
            canvas.setFont("plain", mark.style.size * POINTS)
            canvas.drawString(mark.x * POINTS, (page.height - mark.y) * POINTS, mark.text)
        elif isinstance(mark, Shape):
            path = canvas.beginPath()
            for segment in mark.path:
                at = [n * POINTS for x, y in segment.points for n in (x, page.height - y)]
                if segment.kind == "M":
                    path.moveTo(*at)
                elif segment.kind == "L":
                    path.lineTo(*at)
                elif segment.kind == "C":
                    path.curveTo(*at)
                else:
                    path.close()
            canvas.drawPath(path, stroke=int(bool(mark.stroke)), fill=int(bool(mark.fill)))
        elif isinstance(mark, Qr):
            _plain_qr(canvas, mark, page.height)
    canvas.save()
    return out.getvalue()


def _plain_qr(canvas: Canvas, mark: Qr, height: float) -> None:
    rows = modules(mark.payload)
    unit = mark.size / len(rows)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                left, low = mark.x + x * unit, height - mark.y - (y + 1) * unit
                side = unit * POINTS
                canvas.rect(left * POINTS, low * POINTS, side, side, stroke=0, fill=1)


def sign_many(count: int) -> None:
    """Render and sign `count` certificates in this process; print seconds and peak megabytes."""
    fonts, page = load_fonts(RESOURCES / "fonts"), _template()
    now = datetime(2026, 11, 25, tzinfo=UTC)
    signer = Signer(make_key("玉龙镇", now))
    began = time.perf_counter()
    for n in range(count):
        values = {**page.samples(), "holder_name": f"{NAMES[n % len(NAMES)]}{chr(0x4E00 + n)}"}
        signer.sign(render(page, values, copy=None, fonts=fonts), now)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "megabytes": peak}))


def _template() -> Template:
    where = RESOURCES / "templates" / TEMPLATE
    return load_template(
        (where / "template.svg").read_bytes(), (where / "template.json").read_bytes()
    )


def _drawing(page: Template, fonts: Fonts, values: Sequence[Fields]) -> list[float]:
    laid = [pages_of(page, each, copy=None, fonts=fonts) for each in values]
    return [_time(partial(draw, page, marks, fonts)) for marks in laid * 5]


def _first() -> tuple[float, float, float]:
    runs = []
    for _ in range(5):
        command = [sys.executable, "-c", FIRST, str(RESOURCES), TEMPLATE]
        said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        runs.append(tuple(float(part) for part in said.split()))
    loading, whole, processor = sorted(runs, key=lambda run: run[1])[len(runs) // 2]
    return loading, whole, processor


def _batch() -> dict[str, float]:
    command = [sys.executable, "-c", MANY, str(BATCH)]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    found: dict[str, float] = json.loads(said)
    return found


def _time(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
