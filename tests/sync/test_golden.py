"""Our client against the golden files of docs/golden: it says exactly these words and reads them.

The other side is checked by tests/province/test_from_the_page.py.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.views import ReportView
from sync import relay
from sync.carried import CarriedProvince
from sync.catalogue import OfferList
from sync.content import digest, unpack
from sync.enrol import enrol
from sync.enrolment_file import read_enrolment_file
from sync.errors import (
    Conflict,
    CursorExpired,
    DeviceRefused,
    EnrolmentRefused,
    NotKnownThere,
    PersonGone,
    RecordRefused,
    RoomUsed,
    ServiceUnknown,
)
from sync.http import Answer, Link
from sync.problems import to_error
from sync.providers import many, sending
from sync.providers.province import ProvinceProvider
from sync.providers.session import Identity
from sync.record import PURPOSE
from sync.slices import check_change_receipt, read_change
from sync.trust import fetch_list
from sync.wire import Parcel, read_parcel

GOLDEN = Path(__file__).parents[2] / "docs" / "golden"
CODE, DEVICE_KEY, REPLY_KEY = "7k3q x2md-9wfa", bytes([2]) * 32, bytes([4]) * 32
DEVICE = UUID("0193a0c0-0000-4000-8000-0000000000d1")
BLOCK = UUID("0193a0c0-0000-4000-8000-0000000000e1")
PAPER = b"the golden paper"
Json = dict[str, Any]


def exchanges(*names: str) -> list[Json]:
    return [each for name in names for each in json.loads((GOLDEN / f"{name}.json").read_bytes())]


class Replay(ThreadingHTTPServer):
    """Answers as the golden files say, and only to the requests that they hold, in their order."""

    daemon_threads = True

    def __init__(self, wanted: list[Json]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.wanted = wanted
        self.wrong: list[tuple[object, object]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Replay

    def _answer(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        wanted = self.server.wanted.pop(0)
        asked = wanted["request"]
        said: Json = {"method": self.command, "path": self.path.removeprefix("/api/v1")}
        said["headers"] = {name: self.headers.get(name, "") for name in asked["headers"]}
        if "body" in asked:
            assert self.headers["Content-Digest"] == digest(data)
            coding = self.headers.get("Content-Encoding", "")
            said["body"] = json.loads(unpack(data, coding, 1 << 20))
        elif "content" in asked:
            said["content"] = base64.b64encode(data).decode()
        if said != asked:
            self.server.wrong.append((said, asked))
        answer = wanted["answer"]
        body = json.dumps(answer["body"]).encode() if "body" in answer else b""
        self.send_response(answer["status"])
        for name, value in {**answer["headers"], "Lastmile-Protocol": "1.1"}.items():
            self.send_header(name, value)
        if body:
            self.send_header("Content-Digest", digest(body))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_PATCH = do_HEAD = _answer  # noqa: N815 - names of http.server

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def replayed(*names: str) -> Iterator[Replay]:
    """A province that only knows these golden files; all of each must have been asked for."""
    server = Replay(exchanges(*names))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
        assert server.wrong == []
        assert server.wanted == []
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def golden_parcel(each: Json) -> Parcel:
    """A submission as the file has it, read by our own reader of section 17."""
    request = each["request"]
    _, _, case, _, submission = request["path"].split("/")
    return read_parcel(UUID(case), UUID(submission), request["body"])


@pytest.fixture(autouse=True)
def however_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy computer looks like a slow link, which would divide the batch."""
    for module in (many, sending):
        monkeypatch.setattr(module, "REQUEST_S", 1e9)


@pytest.fixture
def identity() -> Identity:
    """Enrolled by the golden words."""
    with replayed("enrolment") as server:
        view = enrol(
            server.url, CODE, device=DEVICE, private_key=DEVICE_KEY, device_name="window 1"
        )
    assert (view.office_id, view.office_name, view.division) == ("qingshan", "青山镇", "530102101")
    assert view.relay_key is not None
    return view.identity


@contextmanager
def home_of(identity: Identity, *names: str) -> Iterator[ProvinceProvider]:
    """A provider whose province knows the golden files `names` alone."""
    with replayed("token", *names) as server:
        made = ProvinceProvider(identity, Link(server.url))
        yield made
        made.close()


def test_a_submission_goes_up_in_the_golden_words(identity: Identity) -> None:
    parcel = golden_parcel(exchanges("submission")[0])
    with home_of(identity, "submission") as home:
        [settled] = home.submit_all([parcel], lambda _id, _file: PAPER)
    assert settled.error is None
    assert json.loads(settled.receipt) == exchanges("submission")[-1]["answer"]["body"]


def test_a_batch_a_block_and_the_events_are_the_golden_ones(identity: Identity) -> None:
    [batch] = exchanges("batch")
    parcels = [
        read_parcel(UUID(each["case"]), UUID(each["submission"]), each)
        for each in batch["request"]["body"]["submissions"]
    ]
    with home_of(identity, "batch", "number-block", "events") as home:
        settled = list(home.submit_all(parcels, lambda _id, _file: b""))
        block = home.lease(BLOCK, "case", 200, 0)
        page = home.events("")
    assert [each.error for each in settled] == [None, None]
    assert (block.prefix, block.first, block.last, block.epoch) == ("530102101-", 1, 200, 1)
    assert [event.kind for event in page.events] == ["under_review"] * 3
    assert not page.more


def test_two_corrections_and_their_merge_are_the_golden_ones(identity: Identity) -> None:
    *sent, last = exchanges("conflict")
    cursor = last["request"]["path"].rpartition("after=")[2]
    with home_of(identity, "conflict") as home:
        for each in sent:
            [settled] = home.submit_all([golden_parcel(each)], lambda _id, _file: b"")
            assert settled.error is None
        page = home.events(cursor)
    assert [event.kind for event in page.events if event.kind.startswith("conflict")] == [
        "conflict",
        "conflict_settled",
    ]


def test_cases_applied_for_in_one_go_are_the_golden_ones(identity: Identity) -> None:
    one, other, back, _ = exchanges("together")
    with replayed("token") as server:
        server.wanted += [one, other, back]
        home = ProvinceProvider(identity, Link(server.url))
        for each in (one, other):
            [settled] = home.submit_all([golden_parcel(each)], lambda _id, _file: b"")
            assert settled.error is None
        sent = golden_parcel(other)
        given = home.submission(sent.case, sent.submission)
        home.close()
    assert given.together == sent.together
    assert sent.together is not None
    assert sent.case in sent.together.cases


def test_a_checkpoint_and_the_questions_are_the_golden_ones(identity: Identity) -> None:
    checkpoint = base64.b64decode(exchanges("checkpoint")[0]["request"]["body"]["checkpoint"])
    held, given, found, trust = exchanges("questions")
    key = Ed25519PrivateKey.from_private_bytes(DEVICE_KEY)
    with replayed("token", "checkpoint", "questions") as server:
        home = ProvinceProvider(identity, Link(server.url))
        seen = home.witness(checkpoint, key.sign(PURPOSE + checkpoint))
        asked = [UUID(each) for each in held["request"]["body"]["submissions"]]
        assert home.missing(asked) == {asked[1]}
        parts = given["request"]["path"].split("/")
        parcel = home.submission(UUID(parts[2]), UUID(parts[4]))
        number = found["request"]["path"].rpartition("=")[2]
        assert home.find(number) == (UUID(parts[2]), UUID(parts[4]))
        assert fetch_list(server.url, 0) is not None
        home.close()
    assert seen.receipt
    assert len(parcel.merges) == 1
    assert trust["answer"]["status"] == 200


def test_events_and_changes_go_many_at_once_in_the_golden_words(identity: Identity) -> None:
    changes, events, again = exchanges("many")
    sent = [
        read_change(UUID(each["resident"]), {"id": each["change"], **each["body"]})
        for each in changes["request"]["body"]["changes"]
    ]
    reports = [
        ReportView(UUID(each["event"]), UUID(each["case"]), "withdrawn", each["body"], 0)
        for each in events["request"]["body"]["events"]
    ]
    with home_of(identity, "many") as home:
        said = list(home.send_changes(sent))
        assert [type(each.error) for each in said] == [type(None), PersonGone]
        for exchange in (events, again):
            taken, unknown = home.report_all(reports)
            receipt = exchange["answer"]["body"]["results"][0]["body"]
            assert json.loads(taken.receipt) == receipt
            assert isinstance(unknown.error, NotKnownThere)


def test_what_is_offered_is_asked_for_and_believed_in_the_golden_words(
    identity: Identity,
) -> None:
    with home_of(identity, "catalogue") as home:
        first = home.offers("qingshan", OfferList())
        again = home.offers("qingshan", first)
    [offer] = first.offers
    assert (offer.id, offer.version, offer.pilot) == ("old-age", "1", False)
    assert again == replace(first, sequence=first.sequence + 1)
    assert first.issued_at == datetime(2025, 11, 24, 2, tzinfo=UTC)


def test_each_golden_problem_is_an_error_of_its_own() -> None:
    kinds = [
        type(
            to_error(
                Answer(each["answer"]["status"], {}, json.dumps(each["answer"]["body"]).encode())
            )
        )
        for each in exchanges("problems")
    ]
    assert kinds == [
        Conflict,
        ServiceUnknown,
        RecordRefused,
        RecordRefused,
        NotKnownThere,
        CursorExpired,
        EnrolmentRefused,
        RoomUsed,
        DeviceRefused,
    ]


def test_the_golden_enrolment_file_and_relay_answer_are_read(identity: Identity) -> None:
    content = (GOLDEN / "enrolment-file.json").read_bytes()
    file = read_enrolment_file(content, datetime(2025, 11, 25, tzinfo=UTC))
    assert (file.url, file.code) == ("https://province.example", "7K3QX2MD9WFA")
    answer = relay.open_answer(
        (GOLDEN / "relay-answer.lmreply").read_bytes(),
        device=DEVICE,
        reply_key=REPLY_KEY,
        keys=identity.keys,
    )
    assert [each.status for each in answer.results] == [201]
    [changed] = answer.changed
    assert changed.status == 201
    [newcomer] = answer.slices["residents"].records
    assert newcomer.data == {"name": "示例一"}
    [change] = newcomer.changes
    assert check_change_receipt(changed.body, change, identity.keys)
    assert answer.slices["licences"].restarted
    assert (sorted(answer.held.values()), answer.office) == ([False, True], "qingshan")
    assert answer.packages is not None
    told = CarriedProvince(answer.packages, identity.keys, answer.made_at)
    [offer] = told.offers("qingshan", OfferList()).offers
    assert (offer.id, offer.version) == ("old-age", "1")
    header = relay.read_header((GOLDEN / "relay-request.lmrelay").read_bytes())
    assert header["device"] == str(DEVICE)
