"""What the line damages is noticed on both sides and sent again; nobody is asked about it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import zstandard
from sqlalchemy import select

from province import demo, gate
from province.app import Province, open_province
from province.models import Case
from sync import content
from sync.errors import Offline, TooLarge
from sync.http import Link
from sync.round import run_round
from tests.province.packages import load
from tests.province.shapes import TestDevice, body, submission
from tests.province.site import served
from tests.sync.crossing import Stand, plain_answer
from tests.sync.fault_proxy import FaultProxy
from tests.sync.memory import MemoryLedger, make_parcel
from tests.sync.test_against_province import join, provider

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.compress,
    "zstd": zstandard.compress,
}
PLAIN = b'{"name":"' + b"x" * 2000 + b'"}'


@pytest.fixture
def opened(tmp_path: Path) -> Province:
    made = open_province(tmp_path / "p", services=load(tmp_path / "s"))
    demo.fill(made)
    return made


def test_both_sides_make_the_golden_digest_of_the_page() -> None:
    (found,) = re.finditer(r"bytes `(.+)` have\n`Content-Digest: (.+)`", PAGE.read_text("utf-8"))
    said, value = found[1].encode(), found[2]
    assert content.digest(said) == gate.content_digest(said) == value


def test_a_request_that_is_not_what_its_digest_says_has_no_effect(opened: Province) -> None:
    case, ident, _ = submission(1)
    sent = json.dumps(body(1)).encode()
    with served(opened) as url, httpx.Client(base_url=url) as http:
        device = TestDevice(opened, http)

        def put(content: bytes, digest: str) -> httpx.Response:
            headers = {"Content-Digest": digest, "Content-Type": "application/json"}
            path = f"/cases/{case}/submissions/{ident}"
            return device.call("PUT", path, headers=headers, content=content)

        said = content.digest(sent)
        assert json.loads(sent.replace(b"530102", b"530103", 1))
        refused = put(sent.replace(b"530102", b"530103", 1), said)
        assert refused.status_code == 400
        assert refused.json()["type"] == "urn:lastmile:problem:digest"
        assert put(sent, f"sha-512=:AAAA:, {said}").status_code == 201
        answer = put(sent, "md5=:AAAA:")  # nothing that this side can check
        assert answer.status_code == 200
        assert answer.headers["Content-Digest"] == content.digest(answer.content)


@pytest.mark.parametrize("coding", PACKERS)
def test_an_answer_that_is_not_what_its_digest_says_is_not_believed(coding: str) -> None:
    whole = PACKERS[coding](PLAIN)
    head = ["Lastmile-Protocol: 1.1", f"Content-Digest: {content.digest(whole)}"]
    head += [f"Content-Encoding: {coding}"] if coding else []

    def ask(came: bytes) -> dict[str, object]:
        with Stand(lambda _peer: None) as stand:
            stand.answer = stand.saying(plain_answer("200 OK", *head, body=came))
            link = Link(f"http://127.0.0.1:{stand.port}")
            try:
                return link.send("GET", "/meta").json()
            finally:
                link.close()

    assert ask(whole) == json.loads(PLAIN)
    for at in (0, 12, len(whole) - 3):
        with pytest.raises(Offline):
            ask(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_an_answer_is_unpacked_up_to_its_limit(coding: str) -> None:
    packed = PACKERS[coding](PLAIN)
    assert content.unpack(packed, coding, len(PLAIN)) == PLAIN
    with pytest.raises(TooLarge):
        content.unpack(packed, coding, len(PLAIN) - 1)
    with pytest.raises(Offline):
        content.unpack(PLAIN, coding, len(PLAIN))


def test_a_line_that_damages_every_third_body_brings_all_cases_as_they_were(
    opened: Province,
) -> None:
    code, ledger = demo.fill(opened)["enrol_code"], MemoryLedger()
    for seed in range(12):
        scan = b"scan" * 500 + bytes([seed])
        ledger.add(make_parcel(seed, scan), scan)
    with served(opened) as url, FaultProxy(httpx.URL(url).port or 0) as proxy:
        own = provider(join(url, code), proxy.port)
        proxy.aim(3, {"corrupt": 17, "garble": 17})
        for _ in range(40):
            run_round(ledger, own, now=lambda: NOW)
            if not ledger.waiting():
                break
        own.close()
        names = opened.database.read(lambda session: set(session.scalars(select(Case.applicant))))
    assert ledger.waiting() == 0
    assert {type(error) for error, _ in ledger.failures.values()} <= {Offline}
    assert names == {parcel.applicant_name for parcel in ledger.held.values()}
    assert proxy.seen["corrupt"] > 2
    assert proxy.seen["garble"] > 2
