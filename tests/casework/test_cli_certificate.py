"""`lastmile-admin certificate verify` on what people bring: a PDF, a photo, the scanned text."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from casework.cli import app
from printing.raster import pages
from printing.trust import Trust, pinned
from tests.printing.credentials import KEY, KID, NUMBER, PUBLIC, credential, page_with, signed

GOOD = pinned({KID: PUBLIC})
VOID = Trust(7, "", GOOD.keys, {NUMBER: "2026-11-20"})


def asked(paper: Path, trust: Trust, folder: Path, expect: int) -> dict[str, Any]:
    keys = folder / "trust.json"
    keys.write_bytes(signed(trust, KEY))
    command = ["certificate", "verify", str(paper), "--keys", str(keys), "--json"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == expect, done.output
    facts: dict[str, Any] = json.loads(done.output) if expect < 2 else {}
    return facts


def brought(how: str, code: str) -> bytes:
    if how == "text":
        return code.encode()
    pdf = page_with(code)
    if how == "pdf":
        return pdf
    page = next(iter(pages(pdf, 200)))
    image = Image.frombytes("RGB", (page.width, page.height), page.bgra, "raw", "BGRX")
    out = BytesIO()
    image.rotate(4, expand=True, fillcolor="white").save(out, "JPEG", quality=60)
    return out.getvalue()


@pytest.mark.parametrize("how", ["text", "pdf", "photo"])
def test_a_genuine_one_is_told_from_a_void_one(how: str, tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    paper.write_bytes(brought(how, credential()))
    facts = asked(paper, GOOD, tmp_path, expect=0)
    assert (facts["genuine"], facts["number"], facts["holder"]) == (True, NUMBER, "李𠂇明")
    facts = asked(paper, VOID, tmp_path, expect=1)
    assert (facts["genuine"], facts["code"], facts["voided_on"]) == (False, "P115", "2026-11-20")


def test_a_forged_one_and_no_paper_at_all_are_named(tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    paper.write_bytes(credential(sign=lambda _data: bytes(64)).encode())
    assert asked(paper, GOOD, tmp_path, expect=1)["why"] == "Forged"
    paper.write_bytes(b"no paper")
    assert asked(paper, GOOD, tmp_path, expect=1)["why"] == "Unreadable"
    asked(tmp_path / "nothing", GOOD, tmp_path, expect=2)
