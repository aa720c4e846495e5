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
from printing.scan import find_code
from store import certificates
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


def credential_of(office: Office) -> str:
    return office.store.read(certificates.get, NUMBER).credential


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


def test_a_file_is_a_counted_copy_with_its_code_and_only_who_prints_makes_it(
    hall: Hall, office: Office
) -> None:
    first = paper_files.signed_pdf(office, PAPER)
    assert find_code(first) == credential_of(office)
    assert "补打" not in texts(first)[0]
    assert "补打" in texts(paper_files.signed_pdf(office, PAPER, "遗失"))[0]
    assert office.store.read(certificates.copies, PAPER) == 2
    assert office.store.read(certificates.open_copies) == ()
    with pytest.raises(NotAllowed):
        paper_files.as_ofd(hall.enter("admin"), PAPER)
