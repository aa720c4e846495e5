"""Workbooks become forms as the compiler says it, and without a trace on the disk."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pytest
from pyxform.xls2xform import convert

from forms.authoring import compile_xlsform
from tests.forms.test_services import SERVICES
from tests.forms.workbook import workbook

EXTERNAL = workbook(
    survey="""
    | type                        | name  | label | choice_filter  |
    | text                        | state | State |                |
    | select_one_external city    | city  | City  | state=${state} |
    """,
    external_choices="""
    | list_name | name | label | state |
    | city      | a    | A     | x     |
    """,
    settings="""
    | form_title | form_id | version |
    | Places     | places  | 1       |
    """,
)


@pytest.mark.parametrize("source", [*SERVICES[:3], None], ids=str)
def test_a_workbook_becomes_what_the_compiler_says(source: Path | None) -> None:
    data = (source / "form.xlsx").read_bytes() if source else EXTERNAL
    said = convert(io.BytesIO(data), file_type=".xlsx")
    made = compile_xlsform(data)
    assert made.xform.decode() == said.xform
    assert made.resources.get("itemsets.csv", b"").decode() == (said.itemsets or "")
    assert list(made.warnings) == said.warnings
    assert bool(made.resources) == (source is None)


def test_a_form_opens_where_no_temporary_file_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "full"))
    assert compile_xlsform((SERVICES[0] / "form.xlsx").read_bytes()).xform
