"""Relay bundles: a device's submissions and the province's answers as sealed files on a stick.

Pure: bytes in, bytes out. docs/protocol.md section 12 is the written form.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import cbor2
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from store.resident_changes import Change
from store.views import ReportView
from sync.carried import PackagesTold, PackageWish, read_packages
from sync.errors import (
    BundleDamaged,
    BundleNotOurs,
    BundleTooSmall,
    FileElsewhere,
    FileMissing,
    SyncError,
    Unexpected,
)
from sync.http import Answer as HttpAnswer
from sync.problems import to_error
from sync.reports import Word, read_words
from sync.signed import canonical, read_told_key
from sync.slices import KINDS, Kind, RecordPage, read_records, write_change
from sync.wire import FileRef, Parcel, ReadFileOf, to_time, write_parcel

REQUEST, ANSWER = b"LMRELAY1", b"LMREPLY1"
PURPOSE = b"lastmile/1 relay\n"
KEY_PURPOSE = b"lastmile/1 relay-key\n"
MOST_HEADER = 4096
MOST_CONTENT = 64 * 1024 * 1024  # of an answer, unpacked: receipts and events
MOST_FILE = 200 * 1024 * 1024  # what the province takes as one upload
SMALLEST_PART = 1024 * 1024
_SIGNATURE = 64
_ROOM_FOR_BODY = 8 * 1024  # header, keys and signature of a part, rounded up
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True)
class RelayKey:
    """The province's sealing key: 32 bytes X25519, `kid` in hex."""

    kid: str
    public: bytes


@dataclass(frozen=True)
class Sender:
    """Who makes a bundle: its device, that device's Ed25519 key (32 bytes), and the seal's key."""

    device: UUID
    private_key: bytes
    relay_key: RelayKey


@dataclass(frozen=True)
class BlockWish:
    """A block of numbers that is asked for; `epoch` is the newest lease epoch known here."""

    id: UUID
    kind: str
    size: int
    epoch: int


@dataclass(frozen=True)
class Wishes:
    """What a bundle asks for and says beside its submissions."""

    cursor: str = ""
    blocks: tuple[BlockWish, ...] = ()
    reports: tuple[ReportView, ...] = ()  # what the office decided itself, in its order
    changes: tuple[Change, ...] = ()  # to residents, in their order
    slices: Mapping[str, str] = field(default_factory=dict)  # how far each kind was read
    held: tuple[UUID, ...] = ()  # submissions of which nobody knows whether the province has them
    packages: PackageWish | None = None


@dataclass(frozen=True)
class Part:
    """One file of a bundle: where it stands among the others, and whose submissions it carries."""

    number: int
    parts: int
    submissions: tuple[UUID, ...]
    content: bytes


@dataclass(frozen=True)
class Result:
    """What the province says to one submission, event or change: HTTP status and body."""

    submission: UUID
    status: int
    body: Mapping[str, Any]

    @property
    def taken(self) -> bool:
        """Whether the body is a receipt."""
        return self.status in (200, 201)

    def error(self) -> SyncError:
        """Why it was not taken."""
        return to_error(HttpAnswer(self.status, {}, json.dumps(dict(self.body)).encode()))


@dataclass(frozen=True)
class Answer:
    """The province's answer to one part; `events` is the body of section 7.

    `reported` has the results of the office's own events by their ids, `words` the province's word
    for the device (section 19), `changed` the results of changes to residents by their ids,
    `slices` what is new of each slice (section 16), `held` whether the province has a submission
    that was asked for, `office` is the device's own at the province, `packages` what is new of
    services and lists, and `made_at` when the province wrote all this, aware.
    """

    bundle: UUID
    part: int
    results: tuple[Result, ...]
    events: Mapping[str, Any]
    blocks: tuple[Mapping[str, Any], ...]
    reported: tuple[Result, ...] = ()
    words: tuple[Word, ...] = ()
    changed: tuple[Result, ...] = ()
    slices: Mapping[Kind, RecordPage] = field(default_factory=dict)
    held: Mapping[UUID, bool] = field(default_factory=dict)
    office: str = ""
    packages: PackagesTold | None = None
    made_at: datetime = field(default=datetime.min.replace(tzinfo=UTC))


@dataclass
class _Load:
    """What goes into one part."""

    parcels: dict[UUID, Parcel] = field(default_factory=dict)
    files: dict[bytes, tuple[FileRef, UUID]] = field(default_factory=dict)
    size: int = _ROOM_FOR_BODY

    def takes(self, parcel: Parcel, file: FileRef | None) -> int:
        """Bytes that `parcel` and `file` add to this part."""
        own = 0 if parcel.submission in self.parcels else _parcel_size(parcel)
        return own + (file.size if file and file.sha256 not in self.files else 0)

    def put(self, parcel: Parcel, file: FileRef | None) -> None:
        self.size += self.takes(parcel, file)
        self.parcels[parcel.submission] = parcel
        if file:
            self.files.setdefault(file.sha256, (file, parcel.submission))


def read_relay_key(written: object, pinned: Mapping[str, bytes]) -> RelayKey | None:
    """The province's sealing key, where a pinned key has signed it; None otherwise.

    Args:
        written: Member `relay` of section 12.
        pinned: The province's Ed25519 keys by kid in hex.
    """
    told = read_told_key(written, pinned, KEY_PURPOSE)
    return RelayKey(*told) if told is not None and len(told[1]) == 32 else None


def new_reply_key() -> bytes:
    """A private key for the answer, 32 bytes X25519; secret until the answer is read."""
    return X25519PrivateKey.generate().private_bytes_raw()


def write_bundle(
    parcels: Sequence[Parcel],
    read_file: ReadFileOf,
    sender: Sender,
    *,
    bundle: UUID,
    reply_key: bytes,
    wishes: Wishes,
    now: datetime,
    part_bytes: int,
) -> Iterator[Part]:
    """The files of a bundle, one after another.

    A file that is not here stays out: the province may have it, as with versions that another
    window made; where it does not, its submission waits on and holds up no other.

    Args:
        parcels: What to carry.
        read_file: Content of a file of a submission.
        sender: Who makes it.
        bundle: Its id.
        reply_key: Private key from `new_reply_key`.
        wishes: What else to ask for.
        now: Aware.
        part_bytes: Most bytes of one file.

    Raises:
        BundleTooSmall: One file with its submission does not fit into `part_bytes`.
    """
    loads = _distribute(parcels, min(part_bytes, MOST_FILE))
    public = X25519PrivateKey.from_private_bytes(reply_key).public_key().public_bytes_raw()
    for number, load in enumerate(loads, 1):
        header = {
            "v": 1,
            "bundle": str(bundle),
            "device": str(sender.device),
            "kid": sender.relay_key.kid,
            "part": number,
            "parts": len(loads),
            "made_at": to_time(now),
        }
        content = {
            "cursor": wishes.cursor,
            "reply_key": public,
            "submissions": [_written(each) for each in load.parcels.values()],
            "files": list(_here(read_file, load)),
            "blocks": [
                {"id": str(each.id), "kind": each.kind, "size": each.size, "epoch": each.epoch}
                for each in wishes.blocks
            ],
            # After the submissions that they speak of, as far as the order of parts goes.
            **(_written_last(wishes) if number == len(loads) else {}),
        }
        sealed = _seal(REQUEST, header, content, sender)
        yield Part(number, len(loads), tuple(load.parcels), sealed)


def read_header(data: bytes) -> Mapping[str, Any]:
    """What stands openly on a bundle; nothing of it is proven.

    Raises:
        BundleDamaged: Not a bundle, or cut short.
    """
    header, _sealed = _split(data, data[:8])
    return header


def open_answer(
    data: bytes, *, device: UUID, reply_key: bytes, keys: Mapping[str, bytes]
) -> Answer:
    """The province's answer.

    Args:
        data: The file.
        device: This device.
        reply_key: The private key that went with the bundle.
        keys: The province's pinned keys by kid in hex.

    Raises:
        BundleDamaged: Cut, altered, or not signed by the pinned province.
        BundleNotOurs: For another device.
    """
    header, sealed = _split(data, ANSWER)
    if header.get("device") != str(device):
        raise BundleNotOurs
    info = PURPOSE + canonical(header)
    try:
        signer = Ed25519PublicKey.from_public_bytes(keys[str(header["kid"])])
        signer.verify(data[-_SIGNATURE:], PURPOSE + sha256(data[:-_SIGNATURE]).digest())
        plain = _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(reply_key), info)
        content = cbor2.loads(unpack(plain))
        results = _results(content["results"], "submission")
        reported = _results(content.get("reported", ()), "event")
        words = read_words({"delegations": content.get("delegations", ())})
        blocks = tuple(dict(each) for each in content["blocks"])
        told = content.get("slices", {})
        return Answer(
            bundle=UUID(header["bundle"]),
            part=int(header["part"]),
            results=results,
            events=dict(content["events"]),
            blocks=blocks,
            reported=reported,
            words=words,
            changed=_results(content.get("changed", ()), "change"),
            slices={kind: read_records(told[kind]) for kind in KINDS if kind in told},
            held={UUID(each): bool(has) for each, has in content.get("held", {}).items()},
            office=str(content.get("office", "")),
            packages=read_packages(content.get("packages")),
            made_at=datetime.fromisoformat(header["made_at"]),
        )
    except (
        Unexpected,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        InvalidSignature,
        InvalidTag,
        cbor2.CBORDecodeError,
    ):
        raise BundleDamaged from None


def _results(said: Sequence[Mapping[str, Any]], name: str) -> tuple[Result, ...]:
    return tuple(Result(UUID(e[name]), int(e["status"]), dict(e["body"])) for e in said)


def unpack(data: bytes) -> bytes:
    """Uncompressed content.

    Raises:
        ValueError: Damaged, or larger than 64 MiB.
    """
    engine = zlib.decompressobj()
    try:
        plain = engine.decompress(data, MOST_CONTENT)
    except zlib.error:
        raise ValueError("compression") from None
    if not engine.eof:
        raise ValueError("size")
    return plain


def _distribute(parcels: Sequence[Parcel], limit: int) -> list[_Load]:
    loads = [_Load()]
    for parcel in parcels:
        for file in parcel.files or (None,):
            if _Load().takes(parcel, file) + _ROOM_FOR_BODY > limit:
                raise BundleTooSmall(needed_mb=(_Load().takes(parcel, file) >> 20) + 1)
            if loads[-1].size + loads[-1].takes(parcel, file) > limit:
                loads.append(_Load())
            loads[-1].put(parcel, file)
    return loads


def _parcel_size(parcel: Parcel) -> int:
    return len(parcel.xml) * 4 // 3 + 400 * len(parcel.files) + 1000


def _written(parcel: Parcel) -> dict[str, Any]:
    return {
        "case": str(parcel.case),
        "submission": str(parcel.submission),
        "body": write_parcel(parcel),
    }


def _written_last(wishes: Wishes) -> dict[str, Any]:
    return {
        "reports": [
            {"case": str(each.case), "event": str(each.event), "body": dict(each.body)}
            for each in wishes.reports
        ],
        "changes": [
            {
                "resident": str(each.resident_id),
                "change": str(each.id),
                "body": write_change(each),
            }
            for each in wishes.changes
        ],
        "slices": dict(wishes.slices),
        "held": [str(each) for each in wishes.held],
        **({"packages": wishes.packages.written()} if wishes.packages else {}),
    }


def _here(read_file: ReadFileOf, load: _Load) -> Iterator[bytes]:
    for file, owner in load.files.values():
        with contextlib.suppress(FileElsewhere, FileMissing):
            content = read_file(owner, file)
            if sha256(content).digest() == file.sha256:
                yield content


def _seal(
    magic: bytes, header: Mapping[str, Any], content: Mapping[str, Any], sender: Sender
) -> bytes:
    head = canonical(header)
    plain = zlib.compress(cbor2.dumps(content), 6)
    to = X25519PublicKey.from_public_bytes(sender.relay_key.public)
    sealed = _SUITE.encrypt(plain, to, PURPOSE + head)
    data = magic + len(head).to_bytes(4, "big") + head + sealed
    key = Ed25519PrivateKey.from_private_bytes(sender.private_key)
    return data + key.sign(PURPOSE + sha256(data).digest())


def _split(data: bytes, magic: bytes) -> tuple[Mapping[str, Any], bytes]:
    size = int.from_bytes(data[8:12], "big")
    if magic not in (REQUEST, ANSWER) or data[:8] != magic or size > MOST_HEADER:
        raise BundleDamaged
    end = 12 + size
    if len(data) < end + _SIGNATURE:
        raise BundleDamaged
    try:
        header = json.loads(data[12:end])
    except ValueError:
        raise BundleDamaged from None
    if not isinstance(header, dict) or header.get("v") != 1 or canonical(header) != data[12:end]:
        raise BundleDamaged
    return header, data[end:-_SIGNATURE]
