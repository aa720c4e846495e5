"""A form that asks for an audit log gets one: over all sittings, and sent with the case."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework import filling
from casework.office import Resources
from tests.casework.hall import Hall
from tests.forms.kit import form

ROOT = Path(__file__).parents[2]
AUDITED = form(
    "<a/><meta><audit/><instanceID/></meta>",
    binds='<bind nodeset="/data/meta/audit" type="binary" odk:track-changes="true"/>',
    body='<input ref="/data/a"/>',
)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path, Resources(ROOT / "resources"))
    yield made
    made.leave()


def events(content: bytes | None) -> list[tuple[str, str]]:
    assert content is not None
    rows = csv.DictReader(io.StringIO(content.decode()))
    return [(row["event"], row["new-value"]) for row in rows]


def test_the_log_goes_on_over_all_sittings_and_is_kept_with_the_case(hall: Hall) -> None:
    office = hall.enter("li")
    made = filling.begin(office, "juzhu-zhengming", AUDITED, language="zh_CN")
    made.session.answer("/data/a", "first")
    filling.autosave(office, made).result()
    again = filling.reopen(office, made.id, AUDITED)
    again.session.answer("/data/a", "second")
    assert b">audit.csv<" not in again.session.xml()
    filling.accept(office, again).result()
    assert b">audit.csv<" in again.session.xml()
    assert events(filling.attachment(office, again, "audit.csv")) == [
        ("form start", ""),
        ("question", "first"),
        ("form resume", ""),
        ("question", "second"),
        ("form save", ""),
        ("form exit", ""),
        ("form finalize", ""),
    ]
