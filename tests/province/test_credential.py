"""Keys, credentials and encodings of the province."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from province.encoding import from_base45, to_base45
from province.errors import Malformed
from province.keys import Credential, SigningKey, fields_hash

KEY = SigningKey(b"\x01" * 32)
CONTENT = Credential(
    issuer="省级政务服务平台",
    number="LM2026-530102101-000001",
    template="residence-proof",
    holder="张三",
    id_tail="001X",
    issued_on="2026-11-24",
    valid_until=None,
    fields_hash=fields_hash({"b": "2", "a": "一"}),
)


def test_the_golden_key_is_the_one_in_the_protocol() -> None:
    assert KEY.public.hex() == "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"
    assert KEY.kid == sha256(KEY.public).digest()[:8]


@pytest.mark.parametrize(
    ("text", "data"), [("BB8", b"AB"), ("%69 VD92EX0", b"Hello!!"), ("QED8WEX0", b"ietf!")]
)
def test_base45_agrees_with_the_examples_of_its_rfc(text: str, data: bytes) -> None:
    assert to_base45(data) == text
    assert from_base45(text) == data


@given(st.binary(max_size=200))
def test_base45_goes_there_and_back(data: bytes) -> None:
    assert from_base45(to_base45(data)) == data


@pytest.mark.parametrize("text", ["GGW", "A", "é00", ":::"])
def test_what_base45_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        from_base45(text)


def test_a_credential_reads_back_as_written() -> None:
    text = KEY.credential(CONTENT)
    assert text.startswith("LM1:")
    assert KEY.read_credential(text) == CONTENT


@given(st.integers(0, 300), st.integers(1, 255))
def test_any_changed_byte_makes_it_forged(position: int, change: int) -> None:
    data = bytearray(from_base45(KEY.credential(CONTENT).removeprefix("LM1:")))
    data[position % len(data)] ^= change
    try:
        read = KEY.read_credential("LM1:" + to_base45(bytes(data)))
    except Malformed:
        return
    assert read == CONTENT  # only bytes that no signature covers: the empty unprotected map


def test_another_key_does_not_sign_for_this_one() -> None:
    text = SigningKey(b"\x02" * 32).credential(replace(CONTENT, holder="李四"))
    with pytest.raises(Malformed):
        KEY.read_credential(text)


GOLDEN = Path(__file__).parents[2] / "docs" / "golden"
RECEIPT: dict[str, object] = {
    "v": 1,
    "case": "0193a0c0-0000-4000-8000-000000000001",
    "submission": "0193a0c0-0000-4000-8000-000000000002",
    "office": "qingshan",
    "sha256": sha256(b"<data/>").hexdigest(),
    "files": [{"name": "户口簿.jpg", "size": 3, "sha256": sha256(b"abc").hexdigest()}],
    "received_at": "2026-11-24T02:00:00Z",
}


def test_receipt_and_credential_are_the_golden_ones() -> None:
    golden = json.loads((GOLDEN / "receipt.json").read_text(encoding="utf-8"))
    assert KEY.receipt(RECEIPT) == golden
    assert KEY.credential(CONTENT) == (GOLDEN / "credential.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("serial", range(12))
def test_a_code_survives_trimmed_blanks_and_broken_lines(serial: int) -> None:
    content = replace(CONTENT, number=f"LM2026-530102101-{serial:06d}")
    text = KEY.credential(content)
    assert KEY.read_credential(f"  {text[:40]}\n{text[40:].rstrip()}") == content
