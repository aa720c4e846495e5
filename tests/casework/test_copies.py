"""Nothing is counted twice, whoever asks and however often; what became of a copy is kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casework import documents
from casework.office import RESOURCES, Office, Resources
from printing.raster import texts
from store import certificates
from store.errors import CopyUnderway
from tests.casework import papers
from tests.casework.hall import Hall
from tests.printing.credentials import NUMBER

PAPER = f"certificate:{NUMBER}"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    hall = Hall(tmp_path, Resources(RESOURCES))
    made = hall.enter("li")
    papers.believe(made)
    papers.granted(made)
    yield made
    hall.leave()


def test_eight_hands_at_once_count_one_copy(office: Office) -> None:
    def press(_hand: int) -> bool:
        try:
            documents.count_and_render(office, PAPER, "")
        except CopyUnderway:
            return False
        return True

    with ThreadPoolExecutor(8) as hands:
        assert sum(hands.map(press, range(8))) == 1
    assert office.store.read(certificates.newest_copy, PAPER) == 1


def test_a_copy_that_failed_gives_its_number_back_and_says_why(office: Office) -> None:
    documents.count_and_render(office, PAPER, "")
    documents.note_job(office, PAPER, "Counter-7")
    [open_copy] = documents.open_copies(office)
    assert (open_copy.n, open_copy.job) == (1, "Counter-7")
    documents.note_outcome(office, PAPER, printed=False, trouble="W010")
    last = office.store.read(certificates.last_copy, PAPER)
    assert last is not None
    assert (last.outcome, last.trouble) == ("failed", "W010")
    assert documents.open_copies(office) == ()
    again = documents.count_and_render(office, PAPER, "")
    assert "补打" not in "".join(texts(again)[0].split()), "still the original"
    documents.note_outcome(office, PAPER, printed=True)
    second = documents.count_and_render(office, PAPER, "原件污损")
    assert "第1次补打" in "".join(texts(second)[0].split())


def test_a_saved_file_does_not_take_the_paper_off_the_list(office: Office) -> None:
    documents.count_and_render(office, PAPER, "", way="file")
    documents.note_outcome(office, PAPER, printed=True)
    assert [paper.number for paper in documents.to_print(office)] == [NUMBER]
    documents.count_and_render(office, PAPER, "先存了文件")
    documents.note_outcome(office, PAPER, printed=True)
    assert documents.to_print(office) == ()
