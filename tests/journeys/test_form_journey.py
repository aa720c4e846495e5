"""The real form window on a real service: filled, finalised, its receipt made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop import journey
from printing.raster import texts

FOLDER = journey.RESOURCES / "services" / "juzhu-zhengming"


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
def test_a_form_is_filled_in_the_window_and_its_receipt_made(
    tmp_path: Path, qapp: object, caplog: pytest.LogCaptureFixture
) -> None:
    del qapp
    assert journey.main(["--out", str(tmp_path)]) == 0
    assert len(list(tmp_path.glob("page-*.png"))) >= 4
    sample = json.loads((FOLDER / "sample.json").read_text(encoding="utf-8"))
    paper = "".join(texts((tmp_path / "receipt.pdf").read_bytes()))
    assert sample["/data/applicant/name"] in paper
    log = (tmp_path / "journey.log").read_text(encoding="utf-8")
    for secret in (sample["/data/applicant/name"], sample["/data/applicant/id_no"]):
        assert secret not in log
        assert secret not in caplog.text
