"""The resumable upload against every kind of fault, and the receipt of the golden file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import ReceiptForged, Unexpected
from sync.upload import Announce, Ask, Reply, Send, Upload, learn, next_step
from sync.wire import FileRef, Parcel, check_receipt

GOLDEN = Path(__file__).parents[2] / "docs" / "golden" / "receipt.json"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32).public_key().public_bytes_raw()
PARCEL = Parcel(
    case=UUID("0193a0c0-0000-4000-8000-000000000001"),
    submission=UUID("0193a0c0-0000-4000-8000-000000000002"),
    number="1",
    service="s",
    service_version="1",
    language="zh",
    accepted_at=datetime(2026, 11, 24, tzinfo=UTC),
    accepted_by="",
    applicant_name="",
    applicant_id_no="",
    sha256=sha256(b"<data/>").digest(),
    xml=b"<data/>",
    files=(FileRef("户口簿.jpg", "image/jpeg", 3, sha256(b"abc").digest()),),
)


class Server:
    """The province's uploads in memory, with a fault at each request."""

    def __init__(self) -> None:
        self.held: bytes | None = None

    def answer(self, content: bytes, step: Announce | Ask | Send, fault: str) -> Reply | None:
        if fault == "cut":
            return None
        if fault == "forgotten":
            self.held = None
        reply = self._do(content, step, damaged=fault == "damaged")
        return None if fault == "lost" else reply

    def _do(self, content: bytes, step: Announce | Ask | Send, *, damaged: bool) -> Reply:
        if isinstance(step, Announce):
            self.held = self.held or b""
            return Reply(201, len(self.held))
        if self.held is None:
            return Reply(404)
        if isinstance(step, Ask):
            return Reply(200, len(self.held))
        if step.start != len(self.held):
            return Reply(409)
        if damaged:
            return Reply(460)
        self.held += content[step.start : step.end]
        return Reply(204, len(self.held))


@given(
    st.binary(max_size=200),
    st.integers(1, 64),
    st.lists(st.sampled_from(["none", "cut", "lost", "forgotten", "damaged"]), max_size=60),
)
def test_whatever_happens_the_file_ends_up_whole(
    content: bytes, chunk: int, faults: list[str]
) -> None:
    server, upload, todo = Server(), Upload(len(content), chunk=chunk), list(faults)
    while (step := next_step(upload)) is not None:
        upload = learn(upload, server.answer(content, step, todo.pop() if todo else "none"))
    assert server.held == content


@pytest.mark.parametrize("reply", [Reply(200, 11), Reply(302), Reply(200)])
def test_an_answer_out_of_the_protocol_is_refused(reply: Reply) -> None:
    with pytest.raises(Unexpected):
        learn(Upload(10, announced=True), reply)


def test_the_golden_receipt_holds_for_its_parcel_only() -> None:
    signed = json.loads(GOLDEN.read_text(encoding="utf-8"))
    keys = {sha256(KEY).digest()[:8].hex(): KEY}
    assert json.loads(check_receipt(signed, PARCEL, keys)) == signed
    for other in (
        replace(PARCEL, sha256=sha256(b"other").digest()),
        replace(PARCEL, files=()),
        replace(PARCEL, case=UUID(int=1)),
    ):
        with pytest.raises(ReceiptForged):
            check_receipt(signed, other, keys)
    with pytest.raises(ReceiptForged):
        check_receipt(signed, PARCEL, {})
