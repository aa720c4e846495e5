"""Measuring what a printer does to a page; kept by the machine, not by the office."""

from __future__ import annotations

from dataclasses import dataclass

from casework.office import Office
from casework.rights import needs
from printing import calibrate
from printing.art import Point
from printing.render import render


@dataclass(frozen=True)
class Form:
    """A template by its folder's name; size in millimetres."""

    name: str
    title: str
    width: float
    height: float


@needs("anybody")
def forms(office: Office) -> tuple[Form, ...]:
    """The templates that ship or were made here, by name."""
    found = []
    for folder in office.resources.template_folders():
        page = office.resources.template(folder.name)
        title = page.titles.get("zh", page.id)
        found.append(Form(folder.name, title, page.width, page.height))
    return tuple(found)


@needs("anybody")
def sheet(office: Office, width: float, height: float) -> bytes:
    """The sheet of crosses as PDF; slow, call it on a worker."""
    page = calibrate.sheet(width, height)
    return render(page, {}, copy=None, fonts=office.resources.fonts)


@needs("anybody")
def read_scan(office: Office, data: bytes, width: float, height: float) -> tuple[Point, ...]:
    """Where the crosses are on a scanned sheet; slow, call it on a worker.

    Raises:
        printing.errors.PrintingError: As `printing.scanned_sheet.read_scan`.
    """
    del office
    from printing import scanned_sheet  # noqa: PLC0415 - a picture library loads when first needed

    return scanned_sheet.read_scan(data, width, height)
