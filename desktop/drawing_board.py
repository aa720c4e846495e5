"""`desktop.desk.DrawingBoard` over casework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path

from casework import designs
from casework.catalogue import read_folder
from casework.designs import Design
from casework.office import Office
from printing.lint import Finding


class OfficeBoard:
    """Everything slow runs on `workers`."""

    def __init__(self, office: Office, workers: Executor) -> None:
        self._office, self._workers = office, workers

    def folders(self) -> Sequence[Path]:
        """Folders of all templates."""
        return self._office.resources.template_folders()

    def read(self, folder: Path) -> Mapping[str, bytes]:
        """A template's files by name."""
        return read_folder(folder)

    def try_out(self, files: Mapping[str, bytes]) -> Future[tuple[bytes, tuple[Finding, ...]]]:
        """A sample page as PDF, and what is wrong."""
        return self._workers.submit(designs.try_out, self._office, files)

    def background(
        self, data: bytes, paper: tuple[float, float]
    ) -> Future[tuple[bytes, tuple[float, float]]]:
        """A PNG of a scan or PDF, and the page's size in mm."""
        return self._workers.submit(designs.background, self._office, data, paper)

    def save(self, design: Design) -> Future[Path]:
        """Keep a design as a template of the office; its folder."""
        return self._workers.submit(lambda: designs.save(self._office, designs.files_of(design)))
