"""A small service package for tests: a name, a reason, and one rule that can fail."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from openpyxl import Workbook

from province.packages import CODES, Service, Services, load_service

FACTS = """\
id = "{id}"
version = "{version}"
item_code = "TEST-0001"
aliases = []
tags = []
result = "status"
[name]
zh = "高龄津贴"
en = "Old-age allowance"
[department]
zh = "民政"
en = "Civil affairs"
[audience]
zh = "老人"
en = "The old"
[limits]
statutory = 20
promised = 5
note_zh = ""
note_en = ""
[applicant]
name = "/data/name"
[grades]
[receipt]
template = "receipt"
"""
SURVEY = (
    ("type", "name", "label", "constraint", "constraint_message"),
    ("text", "name", "姓名", "", ""),
    ("text", "why", "事由", ". != '错'", "事由不对"),
)


Survey = tuple[tuple[str, ...], ...]


def write_package(
    folder: Path,
    service: str = "old-age",
    version: str = "1",
    *,
    survey: Survey = SURVEY,
    question: str = "",
) -> Path:
    """Write the package below `folder`, with one more question if it is given; its own folder."""
    place = folder / f"{service}-{version}"
    place.mkdir(parents=True, exist_ok=True)
    (place / "service.toml").write_text(FACTS.format(id=service, version=version))
    (place / "form.xlsx").write_bytes(_form(survey, question))
    for name in ("guide.md", "guide.en.md", "rules.toml"):
        (place / name).write_text("")
    return place


@cache
def _form(questions: Survey, question: str) -> bytes:
    book = Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    for row in questions:
        survey.append(row)
    if question:
        survey.append(("text", "more", question, "", ""))
    settings = book.create_sheet("settings")
    settings.append(("form_title", "form_id", "version"))
    settings.append(("高龄津贴", "x", "1"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def small_resources(folder: Path) -> Path:
    """What ships, but with the test service alone."""
    write_package(folder / "services")
    for path in CODES.parent.iterdir():
        if path.name != "services":
            (folder / path.name).symlink_to(path)
    return folder


def load(folder: Path, *versions: str) -> Services:
    """The test service in each of the versions ("1" when none is named)."""
    found: dict[tuple[str, str], Service] = {}
    for version in versions or ("1",):
        service = load_service(write_package(folder, version=version))
        found[service.id, service.version] = service
    return Services(found)
