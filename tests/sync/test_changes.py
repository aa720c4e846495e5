"""Changes to residents as they go over the wire, and the receipt of the golden file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from store.resident_changes import Change
from sync.errors import ReceiptForged, Unexpected
from sync.slices import check_change_receipt, read_records, write_change
from tests.sync.test_upload import KEY

KEYS = {sha256(KEY).digest()[:8].hex(): KEY}
GOLDEN = Path(__file__).parents[2] / "docs" / "golden" / "change.json"


def golden() -> tuple[Change, dict[str, object], dict[str, str]]:
    said = json.loads(GOLDEN.read_text(encoding="utf-8"))
    request = said["request"]
    change = Change(
        UUID(said["change"]),
        UUID(said["resident"]),
        {n: (v["old"], v["new"]) for n, v in request["fields"].items()},
        {n: tuple(map(UUID, ids)) for n, ids in request["after"].items()},
        datetime.fromisoformat(request["at"]),
        request["by"],
        request["material"],
        request["adds"],
    )
    return change, request, said["answer"]


def test_the_golden_receipt_holds_for_its_change_only() -> None:
    change, request, answer = golden()
    assert write_change(change) == request
    assert check_change_receipt(answer, change, KEYS)
    forged = (
        replace(change, fields={"phone": ("13900000000", "13900000012")}),
        replace(change, after={"phone": ()}),
        replace(change, material="本人口述"),
        replace(change, resident_id=change.id),
    )
    for other in forged:
        with pytest.raises(ReceiptForged):
            check_change_receipt(answer, other, KEYS)
    with pytest.raises(ReceiptForged):
        check_change_receipt(answer, change, {})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"records": [{"id": str(UUID(int=1))}], "cursor": "c", "more": False},
        {"records": [{"id": str(UUID(int=1)), "data": 7}], "cursor": "c", "more": False},
        {"records": [], "cursor": "c"},
    ],
)
def test_a_page_that_is_none_is_refused_whole(body: dict[str, object]) -> None:
    with pytest.raises(Unexpected):
        read_records(body)
