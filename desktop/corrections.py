"""What each printer's tray does to a page, as measured on this machine; kept beside its settings.

One line for a printer, a tray and a template; a line without a template serves all others of
that tray. Nothing about a person stands here but the login of who measured.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from printing.art import Matrix

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Correction:
    """What to do to a page before it goes to a tray.

    Attributes:
        tray: As the printer calls it; "" for the one that it takes by itself.
        template: "" for every template without a line of its own.
        matrix: Millimetres from the top left corner.
        worst: Misfit of the worst cross, mm.
        made_on: `YYYY-MM-DD`.
        made_by: Login.
    """

    printer: str
    tray: str
    template: str
    matrix: Matrix
    worst: float
    made_on: str
    made_by: str


class Corrections:
    """The lines of one machine. A file that cannot be read counts as empty, None keeps nothing."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lines: dict[tuple[str, str, str], Correction] = {}
        for line in _read(path) if path else ():
            self._lines[line.printer, line.tray, line.template] = line

    def find(self, printer: str, tray: str, template: str) -> Correction | None:
        """The line that serves, or None."""
        exact = self._lines.get((printer, tray, template))
        return exact or self._lines.get((printer, tray, ""))

    def matrix(self, printer: str, tray: str, template: str) -> Matrix:
        """What to do to a page; nothing where nobody measured."""
        found = self.find(printer, tray, template)
        return found.matrix if found else IDENTITY

    def keep(self, line: Correction) -> None:
        """Keep a line in place of any other for the same printer, tray and template."""
        self._lines[line.printer, line.tray, line.template] = line
        self._write()

    def forget(self, printer: str, tray: str, template: str) -> None:
        """Print as the printer does by itself again."""
        self._lines.pop((printer, tray, template), None)
        self._write()

    def lines(self) -> Sequence[Correction]:
        """All lines, by printer, tray and template."""
        return [self._lines[key] for key in sorted(self._lines)]

    def _write(self) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        plain = [asdict(line) for line in self.lines()]
        fresh.write_text(json.dumps(plain, ensure_ascii=False, indent=1), "utf-8")
        fresh.replace(self._path)


def _read(path: Path) -> list[Correction]:
    try:
        said = json.loads(path.read_text("utf-8"))
        return [_line(each) for each in said]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _line(said: dict[str, object]) -> Correction:
    numbers = said["matrix"]
    if not isinstance(numbers, list) or len(numbers) != 6:
        raise ValueError
    a, b, c, d, e, f = (float(number) for number in numbers)
    words = [str(said[name]) for name in ("printer", "tray", "template")]
    printer, tray, template = words
    return Correction(
        printer,
        tray,
        template,
        (a, b, c, d, e, f),
        float(str(said["worst"])),
        str(said["made_on"]),
        str(said["made_by"]),
    )
