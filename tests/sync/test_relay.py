"""Bundles on a stick, against a real province process."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from province import accounts
from province.app import open_province, system_now_ms
from province.packages import Services
from sync import relay
from sync.enrol import EnrolmentView, enrol, new_private_key
from sync.errors import BundleDamaged, BundleNotOurs, BundleTooSmall
from sync.http import Link
from sync.providers.province import ProvinceProvider
from sync.wire import FileRef, Parcel, check_receipt
from tests.province.process import ProvinceProcess
from tests.sync.memory import make_parcel

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
MEGABYTE = 1024 * 1024


@dataclass
class Village:
    """A laptop that was enrolled once and has no network since."""

    view: EnrolmentView
    reply_key: bytes
    files: dict[bytes, bytes]

    def bundle(
        self, parcels: Sequence[Parcel], part_bytes: int = 100 * MEGABYTE, cursor: str = ""
    ) -> list[relay.Part]:
        assert self.view.relay_key is not None
        me = self.view.identity
        sender = relay.Sender(me.device, me.private_key, self.view.relay_key)
        wishes = relay.Wishes(cursor, (relay.BlockWish(uuid4(), "case", 20, 0),))
        return list(
            relay.write_bundle(
                parcels,
                self.read,
                sender,
                bundle=uuid4(),
                reply_key=self.reply_key,
                wishes=wishes,
                now=NOW,
                part_bytes=part_bytes,
            )
        )

    def read(self, _owner: UUID, file: FileRef) -> bytes:
        return self.files[file.sha256]

    def make(self, seed: int, *contents: bytes) -> Parcel:
        parcel = make_parcel(seed, *contents)
        self.files.update(
            {ref.sha256: content for ref, content in zip(parcel.files, contents, strict=True)}
        )
        return parcel

    def open(self, answer: bytes) -> relay.Answer:
        me = self.view.identity
        return relay.open_answer(answer, device=me.device, reply_key=self.reply_key, keys=me.keys)


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProvinceProcess]:
    process = ProvinceProcess(tmp_path_factory.mktemp("relay") / "province")
    process.start()
    yield process
    process.close()


def join(province: ProvinceProcess, office: str) -> EnrolmentView:
    opened = open_province(province.folder, services=Services({}))
    code = opened.database.write(accounts.new_enrol_code, office, now_ms=system_now_ms())
    opened.database.close()
    key = new_private_key()
    return enrol(province.url, code, device=uuid4(), private_key=key, device_name="laptop")


@pytest.fixture
def village(province: ProvinceProcess) -> Village:
    return Village(join(province, "qingshan"), relay.new_reply_key(), {})


@pytest.fixture
def carrier(province: ProvinceProcess) -> Iterator[ProvinceProvider]:
    identity = join(province, "hongqi").identity
    made = ProvinceProvider(identity, Link(identity.url))
    yield made
    made.close()


def test_cases_go_up_by_anothers_hands_and_receipts_come_back(
    village: Village, carrier: ProvinceProvider
) -> None:
    parcels = [village.make(1, b"first scan", b"second scan"), village.make(2)]
    (part,) = village.bundle(parcels)
    assert part.submissions == tuple(p.submission for p in parcels)
    answer = village.open(carrier.carry(part.content))
    assert [r.status for r in answer.results] == [201, 201]
    for result, parcel in zip(answer.results, parcels, strict=True):
        assert check_receipt(result.body, parcel, village.view.identity.keys)
    assert [e["kind"] for e in answer.events["events"]] == ["under_review", "under_review"]
    (block,) = answer.blocks
    assert int(block["last"]) - int(block["first"]) == 19


def test_carrying_twice_changes_nothing(village: Village, carrier: ProvinceProvider) -> None:
    (part,) = village.bundle([village.make(11, b"scan of eleven")])
    first = village.open(carrier.carry(part.content))
    again = village.open(carrier.carry(part.content))
    assert (first.results[0].status, again.results[0].status) == (201, 200)
    assert first.results[0].body == again.results[0].body
    assert first.blocks == again.blocks


def test_parts_may_arrive_in_any_order(village: Village, carrier: ProvinceProvider) -> None:
    draw = random.Random(3)
    contents = [draw.randbytes(700_000) for _ in range(4)]
    parcel = village.make(21, *contents)
    parts = village.bundle([parcel, village.make(22)], part_bytes=2 * MEGABYTE)
    assert len(parts) > 1
    assert all(len(p.content) <= 2 * MEGABYTE for p in parts)
    answers = [village.open(carrier.carry(p.content)) for p in reversed(parts)]
    said = [r.status for a in answers for r in a.results if r.submission == parcel.submission]
    assert said[-1] in (200, 201)
    assert set(said[:-1]) <= {202}


def test_one_refused_case_does_not_hold_up_the_others(
    village: Village, carrier: ProvinceProvider
) -> None:
    bad = make_parcel(31, xml=b"this is not xml")
    (part,) = village.bundle([bad, village.make(32)])
    results = village.open(carrier.carry(part.content)).results
    assert [r.status for r in results] == [422, 201]
    assert "submission-invalid" in str(results[0].body["type"])


def test_the_carrier_reads_neither_cases_nor_answers(
    village: Village, carrier: ProvinceProvider
) -> None:
    (part,) = village.bundle([village.make(41, "张三的扫描件".encode())])
    answer = carrier.carry(part.content)
    for data in (part.content, answer):
        assert "张三".encode() not in data
        assert b"53010219500307001X" not in data
    other = Village(village.view, relay.new_reply_key(), {})
    with pytest.raises(BundleDamaged):
        other.open(answer)


def test_a_bundle_that_was_touched_is_refused(village: Village, carrier: ProvinceProvider) -> None:
    (part,) = village.bundle([village.make(51)])
    draw = random.Random(5)
    for _ in range(6):
        at = draw.randrange(len(part.content))
        spoilt = bytearray(part.content)
        spoilt[at] ^= 1 << draw.randrange(8)
        with pytest.raises(BundleDamaged):
            carrier.carry(bytes(spoilt))
    with pytest.raises(BundleDamaged):
        carrier.carry(part.content[: len(part.content) // 2])


def test_a_stranger_cannot_speak_for_a_device(village: Village, carrier: ProvinceProvider) -> None:
    me = village.view.identity
    assert village.view.relay_key is not None
    sender = relay.Sender(me.device, new_private_key(), village.view.relay_key)
    (forged,) = relay.write_bundle(
        [make_parcel(61)],
        village.read,
        sender,
        bundle=uuid4(),
        reply_key=village.reply_key,
        wishes=relay.Wishes(),
        now=NOW,
        part_bytes=MEGABYTE,
    )
    with pytest.raises(BundleDamaged):
        carrier.carry(forged.content)


def test_an_answer_is_believed_only_from_the_province_and_only_by_its_device(
    village: Village, carrier: ProvinceProvider
) -> None:
    (part,) = village.bundle([village.make(71)])
    answer = carrier.carry(part.content)
    with pytest.raises(BundleDamaged):
        village.open(answer[:-1] + bytes([answer[-1] ^ 1]))
    with pytest.raises(BundleDamaged):
        village.open(answer[:-80])
    with pytest.raises(BundleNotOurs):
        relay.open_answer(
            answer,
            device=uuid4(),
            reply_key=village.reply_key,
            keys=village.view.identity.keys,
        )


def test_what_does_not_fit_is_said_before_anything_is_written(village: Village) -> None:
    big = village.make(81, random.Random(8).randbytes(3 * MEGABYTE))
    with pytest.raises(BundleTooSmall) as caught:
        village.bundle([big], part_bytes=2 * MEGABYTE)
    assert caught.value.fields == {"needed_mb": 4}


def test_a_file_that_is_gone_holds_up_its_own_case_alone(
    village: Village, carrier: ProvinceProvider
) -> None:
    gone, whole = village.make(82, b"scan that was changed"), village.make(83, b"scan of 83")
    village.files[gone.files[0].sha256] = b"changed"
    (part,) = village.bundle([gone, whole])
    answer = village.open(carrier.carry(part.content))
    assert [r.status for r in answer.results] == [202, 201]


def test_a_key_that_the_province_has_not_signed_is_not_used(village: Village) -> None:
    keys = village.view.identity.keys
    assert relay.read_relay_key({"kid": "00", "public_key": "AAAA"}, keys) is None
    assert relay.read_relay_key(None, keys) is None
