"""Templates that office staff make: fields placed on a scan or PDF of a form, in millimetres.

A design is written as `template.svg` and `template.json` like any other template; the sidecar keeps
the placed fields under `design`, so that they can be moved again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path

from casework.errors import BadDesign
from casework.office import Office
from casework.rights import needs
from printing import raster
from printing.errors import BadPicture, PrintingError
from printing.lint import Finding, lint
from printing.render import render
from printing.template import load_template

KINDS = ("text", "paragraph", "date", "qr", "seal")
ROLES = ("song", "hei", "kai")
ALIGNS = ("start", "middle", "end")
BACKGROUND = "background.png"
_DPI = 150
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FOLDER = re.compile(r"[a-z][a-z0-9-]{1,59}")


@dataclass(frozen=True)
class Placed:
    """A field on the page; lengths in millimetres from the top left corner.

    Attributes:
        name: Latin letters, digits and `_`; what services fill.
        label: What staff call it.
        kind: One of `KINDS`.
        size: Of the type.
        sample: For trying it out.
    """

    name: str
    label: str
    kind: str = "text"
    x: float = 20.0
    y: float = 20.0
    width: float = 60.0
    height: float = 8.0
    role: str = "song"
    size: float = 4.2
    align: str = "start"
    required: bool = False
    sample: str = ""


@dataclass(frozen=True)
class Design:
    """A page with its fields. `background` is a PNG as large as the page, or b""."""

    id: str
    title: str
    width: float = 210.0
    height: float = 297.0
    preprinted: bool = True
    placed: tuple[Placed, ...] = ()
    background: bytes = field(default=b"", repr=False)


def files_of(design: Design) -> dict[str, bytes]:
    """The template's files by name.

    Raises:
        BadDesign: A name is used twice or is none.
    """
    names = [each.name for each in design.placed]
    if not _FOLDER.fullmatch(design.id) or len(set(names)) < len(names):
        raise BadDesign
    if not all(_NAME.fullmatch(name) for name in names):
        raise BadDesign
    said = {
        "id": design.id,
        "version": "1",
        "titles": {"zh": design.title, "en": design.title},
        "preprinted": design.preprinted,
        "fields": {each.name: _spec(each) for each in design.placed if each.kind != "seal"},
        "design": [asdict(each) for each in design.placed],
    }
    files = {"template.svg": _svg(design)}
    if design.background:
        said["background"] = BACKGROUND
        files[BACKGROUND] = design.background
    files["template.json"] = json.dumps(said, ensure_ascii=False, indent=1).encode()
    return files


def design_of(files: Mapping[str, bytes]) -> Design | None:
    """The design in a template's files; None where it was drawn elsewhere."""
    try:
        said = json.loads(files["template.json"])
        placed = tuple(Placed(**each) for each in said["design"])
        page = load_template(files["template.svg"], files["template.json"], files)
    except (KeyError, ValueError, TypeError):
        return None
    return Design(
        page.id,
        page.titles.get("zh", page.id),
        page.width,
        page.height,
        page.preprinted,
        placed,
        files.get(BACKGROUND, b""),
    )


@needs("anybody")
def try_out(office: Office, files: Mapping[str, bytes]) -> tuple[bytes, tuple[Finding, ...]]:
    """A sample page as PDF, and what is wrong with the template; slow, call it on a worker.

    The PDF is b"" where a fault keeps the page from being drawn.
    """
    fonts = office.resources.fonts
    svg, side = files["template.svg"], files["template.json"]
    found = lint(svg, side, fonts, files)
    try:
        page = load_template(svg, side, files)
        return render(page, page.samples(), copy=None, draft=True, fonts=fonts), found
    except PrintingError as error:
        told = Finding(0, "unusable", type(error).__name__)
        return b"", found or (told,)


@needs("design")
def save(office: Office, files: Mapping[str, bytes]) -> Path:
    """Write a template into the office's own folder; the folder.

    Raises:
        BadDesign: It has the name of a template that ships.
    """
    name = str(json.loads(files["template.json"])["id"])
    folder = office.resources.site
    if folder is None or not _FOLDER.fullmatch(name) or office.resources.ships(name):
        raise BadDesign
    where = folder / name
    where.mkdir(parents=True, exist_ok=True)
    for each, content in files.items():
        fresh = where / f"{each}.new"
        fresh.write_bytes(content)
        fresh.replace(where / each)
    office.resources.forget(name)
    return where


@needs("anybody")
def background(
    office: Office, data: bytes, paper: tuple[float, float]
) -> tuple[bytes, tuple[float, float]]:
    """A PNG of a scan or of a PDF's first page, and the page's size; slow, call it on a worker.

    Args:
        office: The office.
        data: PNG, JPEG or PDF.
        paper: Width and height in millimetres that a scan stands for; a PDF says its own.

    Raises:
        printing.errors.BadPicture: Neither.
    """
    del office
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - loads when first needed

    try:
        if data[:5] == b"%PDF-":
            page, paper = next(iter(raster.pages(data, _DPI))), raster.size_mm(data)
            image = Image.frombytes("RGB", (page.width, page.height), page.bgra, "raw", "BGRX")
        else:
            scan = Image.open(BytesIO(data)).convert("RGB")
            size = tuple(round(side / 25.4 * _DPI) for side in paper)
            image = scan.resize((size[0], size[1]), Image.Resampling.LANCZOS)
    except (UnidentifiedImageError, OSError, ValueError, RuntimeError, StopIteration):
        raise BadPicture from None
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue(), (round(paper[0], 1), round(paper[1], 1))


def _spec(placed: Placed) -> dict[str, object]:
    return {
        "type": placed.kind,
        "zh": placed.label or placed.name,
        "en": placed.name,
        "required": placed.required,
        "sample": placed.sample,
    }


def _svg(design: Design) -> bytes:
    size = f'width="{design.width:g}mm" height="{design.height:g}mm"'
    box = f'viewBox="0 0 {design.width:g} {design.height:g}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box}>', "<defs>"]
    boxes = [each for each in design.placed if each.kind not in {"qr", "seal"}]
    parts += [f'<rect id="box-{each.name}" {_place(each)}/>' for each in boxes]
    parts.append("</defs>")
    for each in design.placed:
        if each.kind in {"qr", "seal"}:
            parts.append(f'<rect id="{each.kind}:{_target(each)}" {_place(each)}/>')
            continue
        place = "top" if each.kind == "paragraph" else "middle"
        style = (
            f"shape-inside:url(#box-{each.name});white-space:pre;font-family:{each.role};"
            f"font-size:{each.size:g}px;line-height:1.3;text-align:{each.align}"
        )
        words = escape(f"{{{{ {each.name} }}}}")
        parts.append(f'<text data-place="{place}" style="{style}">{words}</text>')
    return "\n".join([*parts, "</svg>"]).encode()


def _target(placed: Placed) -> str:
    return "office" if placed.kind == "seal" else placed.name


def _place(placed: Placed) -> str:
    side = min(placed.width, placed.height)
    width, height = (side, side) if placed.kind == "qr" else (placed.width, placed.height)
    return f'x="{placed.x:g}" y="{placed.y:g}" width="{width:g}" height="{height:g}"'
