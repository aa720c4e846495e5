"""What the windows ask about paper: documents, copies, calibration, templates, verification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from casework.designs import Design
from printing.lint import Finding

COUNTED_FILES = frozenset({"certificate"})  # of which a file is a copy like one on paper


@dataclass(frozen=True)
class Document:
    """Something of a case that prints.

    Attributes:
        copies: Known to have been printed or saved.
        template: That draws it; calibrations are kept by it.
        trouble: Code of what kept the last copy from paper, "" for nothing.
        underway: Whether nobody knows yet what became of the last copy.
        void: Why it is void, with the day; "" while it is valid.
        replaced_by: Number of the certificate in its place, and `replaces` the other way round.
        may: What may be done with it beside printing: `void`, `replace`.
        part: The service that it is about, where it stands among papers of several.
    """

    id: str
    kind: str
    title: str
    number: str = ""
    copies: int = 0
    template: str = ""
    trouble: str = ""
    underway: bool = False
    void: str = ""
    replaced_by: str = ""
    replaces: str = ""
    may: tuple[str, ...] = ()
    part: str = ""


@dataclass(frozen=True)
class OpenCopy:
    """A copy under way since an earlier sign-in; `job` is "" where the print system has none."""

    document_id: str
    job: str


@dataclass(frozen=True)
class PaperForm:
    """A template; size in millimetres."""

    name: str
    title: str
    width: float
    height: float


@dataclass(frozen=True)
class Beliefs:
    """What certificates are checked by; `seen_at` is when it was last the newest, None never."""

    keys: int = 0
    voided: int = 0
    seen_at: datetime | None = None


class DrawingBoard(Protocol):
    """Where templates are tried, made and kept."""

    def folders(self) -> Sequence[Path]:
        """Folders of all templates."""
        ...

    def read(self, folder: Path) -> Mapping[str, bytes]:
        """A template's files by name."""
        ...

    def try_out(self, files: Mapping[str, bytes]) -> Future[tuple[bytes, tuple[Finding, ...]]]:
        """A sample page as PDF, and what is wrong."""
        ...

    def background(
        self, data: bytes, paper: tuple[float, float]
    ) -> Future[tuple[bytes, tuple[float, float]]]:
        """A PNG of a scan or PDF, and the page's size in mm."""
        ...

    def save(self, design: Design) -> Future[Path]:
        """Keep a design as a template of the office; its folder."""
        ...


class PaperDesk(Protocol):
    """The part of `desktop.desk.Desk` that concerns paper."""

    def pdf(self, document_id: str) -> Future[bytes]:
        """Render a document for preview."""
        ...

    def count_copy(
        self, document_id: str, reason: str, *, way: Literal["paper", "file"] = "paper"
    ) -> Future[bytes]:
        """Count a copy and render it marked; to be called before the paper moves."""
        ...

    def note_job(self, document_id: str, job: str) -> Future[None]:
        """How the print system calls the copy counted last."""
        ...

    def note_outcome(self, document_id: str, *, printed: bool, trouble: str = "") -> Future[None]:
        """What became of the copy counted last; `trouble` is the code of what kept it back."""
        ...

    def open_copies(self) -> Sequence[OpenCopy]:
        """Copies of which nobody knows yet what became of them."""
        ...

    def verify(self, text: str) -> Future[tuple[tuple[str, str], ...]]:
        """Check a scanned credential; (name, value) lines of what it certifies."""
        ...

    def forms(self) -> Sequence[PaperForm]:
        """The templates, each with its size."""
        ...

    def drawing_board(self) -> DrawingBoard:
        """Where templates are tried, made and kept."""
        ...

    def calibration_sheet(self, width: float, height: float) -> Future[bytes]:
        """A sheet of crosses as PDF."""
        ...

    def read_sheet(
        self, data: bytes, width: float, height: float
    ) -> Future[tuple[tuple[float, float], ...]]:
        """Where the crosses are on a scanned sheet, mm from the top left corner."""
        ...

    def to_print(self) -> Future[Sequence[Document]]:
        """Valid certificates that no printer has delivered yet, oldest first."""
        ...

    def verify_file(self, data: bytes) -> Future[tuple[tuple[str, str], ...]]:
        """Check the credential that a picture or a PDF shows, as `verify`."""
        ...

    def beliefs(self) -> Beliefs:
        """What certificates are checked by, and since when."""
        ...

    def take_list(self, data: bytes) -> Future[None]:
        """Take over a signed list of keys and void certificates."""
        ...
