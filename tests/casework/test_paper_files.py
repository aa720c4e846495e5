"""Certificates that leave the office as files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ofdkit
import pytest
from typer.testing import CliRunner

from casework import paper_files
from casework.cli import app
from casework.errors import NotAllowed
from casework.office import Office, Resources
from printing.raster import texts
from store import audit
from tests.casework.hall import Hall
from tests.casework.papers import believe, granted
from tests.printing.credentials import NUMBER

RESOURCES = Path(__file__).parents[2] / "resources"
PAPER = f"certificate:{NUMBER}"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path, Resources(RESOURCES))
    yield made
    made.leave()


@pytest.fixture
def office(hall: Hall) -> Office:
    entered = hall.enter("li")
    believe(entered)
    granted(entered)
    return entered


def said(*arguments: str | Path) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["certificate", *map(str, arguments)])
    return found.exit_code, found.output


def test_a_signed_file_is_checked_by_others_with_the_offices_certificate(
    office: Office, tmp_path: Path
) -> None:
    paper, root = tmp_path / "proof.pdf", tmp_path / "office.der"
    paper.write_bytes(paper_files.signed_pdf(office, PAPER))
    root.write_bytes(paper_files.signing_certificate(office))
    assert said("check", paper, "--root", root)[0] == 0
    bytes_ = paper.read_bytes()
    paper.write_bytes(bytes_[:900] + bytes([bytes_[900] ^ 1]) + bytes_[901:])
    code, answer = said("check", paper, "--root", root)
    assert code == 1
    assert "P14" in answer


def test_ofd_says_what_the_paper_says_and_can_be_shown(office: Office, tmp_path: Path) -> None:
    file, shown = tmp_path / "proof.ofd", tmp_path / "shown.pdf"
    file.write_bytes(paper_files.as_ofd(office, PAPER))
    with ofdkit.open(file.read_bytes()) as document:
        read = "".join(document.text().split())
    assert NUMBER in read
    assert "510104199001010014" in read
    assert said("show", file, "--out", shown)[0] == 0
    assert len(texts(shown.read_bytes())) == 1


def test_that_a_file_left_is_recorded_and_only_who_prints_may_send_it(
    hall: Hall, office: Office
) -> None:
    paper_files.signed_pdf(office, PAPER)
    newest = office.store.read(audit.newest)[0]
    assert (newest.operator, newest.action, newest.subject) == ("li", "document_exported", PAPER)
    with pytest.raises(NotAllowed):
        paper_files.as_ofd(hall.enter("admin"), PAPER)
