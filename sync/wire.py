"""Values that cross the wire and how they are written and checked (docs/protocol.md)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from store.views import RemoteEvent, Together
from sync.errors import Unexpected
from sync.signed import check_signed

RECEIPT = b"lastmile/1 receipt\n"


@dataclass(frozen=True)
class FileRef:
    """A file of a submission; `size` in bytes, `sha256` 32 bytes."""

    name: str
    media_type: str
    size: int
    sha256: bytes


ReadFileOf = Callable[[UUID, FileRef], bytes]  # content by submission and file


@dataclass(frozen=True)
class Parcel:
    """One submission on its way. `sha256` is of `xml` and 32 bytes; times are aware."""

    case: UUID
    submission: UUID
    number: str
    service: str
    service_version: str
    language: str
    accepted_at: datetime
    accepted_by: str
    applicant_name: str
    applicant_id_no: str
    sha256: bytes
    xml: bytes
    files: tuple[FileRef, ...] = ()
    replaces: UUID | None = None
    merges: tuple[UUID, ...] = ()
    together: Together | None = None


@dataclass(frozen=True)
class EventPage:
    """Events after a cursor, and the cursor to store with them.

    `moving` says that the device is to move to another office; `lease_epoch` counts the blocks of
    numbers leased to it, 0 where the province does not say.
    """

    events: tuple[RemoteEvent, ...]
    cursor: str
    more: bool
    moving: bool = False
    lease_epoch: int = 0


@dataclass(frozen=True)
class DeviceView:
    """A device as the province knows it; offices as (id, name, division)."""

    office: tuple[str, str, str]
    moving_to: tuple[str, str, str] | None
    lease_epoch: int


@dataclass(frozen=True)
class NumberBlock:
    """Numbers `first` to `last`, each written after `prefix`."""

    id: UUID
    kind: str
    prefix: str
    first: int
    last: int
    epoch: int


def to_b64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode()


def to_time(moment: datetime) -> str:
    """RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def write_parcel(parcel: Parcel) -> dict[str, Any]:
    """The body of a submission (section 5)."""
    return {
        "number": parcel.number,
        "service": parcel.service,
        "service_version": parcel.service_version,
        "language": parcel.language,
        "accepted_at": to_time(parcel.accepted_at),
        "accepted_by": parcel.accepted_by,
        "replaces": str(parcel.replaces) if parcel.replaces else None,
        **({"merges": [str(each) for each in parcel.merges]} if parcel.merges else {}),
        **({"together": _write_together(parcel.together)} if parcel.together else {}),
        "applicant": {"name": parcel.applicant_name, "id_no": parcel.applicant_id_no},
        "sha256": parcel.sha256.hex(),
        "xml": to_b64(parcel.xml),
        "attachments": [
            {"name": f.name, "media_type": f.media_type, "size": f.size, "sha256": f.sha256.hex()}
            for f in parcel.files
        ],
    }


def _write_together(together: Together) -> dict[str, Any]:
    return {
        "id": str(together.id),
        "service": together.service_id,
        "service_version": together.service_version,
        "cases": [str(each) for each in together.cases],
    }


def _read_together(body: Mapping[str, Any]) -> Together | None:
    said = body.get("together")
    if not said:
        return None
    return Together(
        UUID(said["id"]),
        str(said["service"]),
        str(said["service_version"]),
        tuple(UUID(each) for each in said["cases"]),
    )


def read_parcel(case: UUID, submission: UUID, body: Mapping[str, Any]) -> Parcel:
    """A submission as the province gives it back (section 17).

    Raises:
        Unexpected: Not what the protocol says, or the XML is not what its digest says.
    """
    try:
        xml = base64.b64decode(body["xml"], validate=True)
        replaces = body.get("replaces")
        applicant = body.get("applicant") or {}
        parcel = Parcel(
            case=case,
            submission=submission,
            number=str(body["number"]),
            service=str(body["service"]),
            service_version=str(body["service_version"]),
            language=str(body.get("language", "")),
            accepted_at=datetime.fromisoformat(body["accepted_at"]),
            accepted_by=str(body.get("accepted_by", "")),
            applicant_name=str(applicant.get("name", "")),
            applicant_id_no=str(applicant.get("id_no", "")),
            sha256=bytes.fromhex(body["sha256"]),
            xml=xml,
            files=tuple(
                FileRef(
                    str(f["name"]),
                    str(f.get("media_type", "")),
                    int(f["size"]),
                    bytes.fromhex(f["sha256"]),
                )
                for f in body.get("attachments", ())
            ),
            replaces=UUID(replaces) if replaces else None,
            merges=tuple(UUID(each) for each in body.get("merges", ())),
            together=_read_together(body),
        )
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        raise Unexpected(status=200) from None
    if sha256(xml).digest() != parcel.sha256:
        raise Unexpected(status=200)
    return parcel


def check_receipt(signed: Mapping[str, Any], parcel: Parcel, keys: Mapping[str, bytes]) -> bytes:
    """The receipt as to be kept, once it is proven to be for exactly this parcel.

    Args:
        signed: The three members as received.
        parcel: What was sent.
        keys: Pinned public keys by kid in hex.

    Raises:
        ReceiptForged: Unknown key, wrong signature, or not for this parcel.
    """
    files = [{"name": f.name, "size": f.size, "sha256": f.sha256.hex()} for f in parcel.files]
    wanted = {
        "case": str(parcel.case),
        "submission": str(parcel.submission),
        "sha256": parcel.sha256.hex(),
        "files": files,
    }
    return check_signed(signed, keys, RECEIPT, wanted)


def read_events(body: Mapping[str, Any]) -> EventPage:
    """A page of events (section 7).

    Raises:
        Unexpected: Not what the protocol says.
    """
    try:
        events = tuple(
            RemoteEvent(
                id=UUID(e["id"]),
                case=UUID(e["case"]),
                kind=str(e["kind"]),
                at=datetime.fromisoformat(e["at"]),
                by=str(e.get("by", "")),
                data=dict(e.get("data") or {}),
            )
            for e in body["events"]
        )
        moving, epoch = body.get("moving") is True, int(body.get("lease_epoch") or 0)
        return EventPage(events, str(body["cursor"]), bool(body["more"]), moving, epoch)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unexpected(status=200) from None


def read_device(body: Mapping[str, Any]) -> DeviceView:
    """A device as the province knows it (section 3).

    Raises:
        Unexpected: Not what the protocol says.
    """
    try:
        there = body.get("moving_to")
        to = _office(there) if there else None
        return DeviceView(_office(body["office"]), to, int(body.get("lease_epoch", 0)))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unexpected(status=200) from None


def _office(said: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(said["id"]), str(said["name"]), str(said["division"])


def read_block(body: Mapping[str, Any]) -> NumberBlock:
    """A leased block (section 9).

    Raises:
        Unexpected: Not what the protocol says.
    """
    try:
        return NumberBlock(
            UUID(body["id"]),
            str(body["kind"]),
            str(body["prefix"]),
            int(body["first"]),
            int(body["last"]),
            int(body["epoch"]),
        )
    except (KeyError, ValueError, TypeError):
        raise Unexpected(status=200) from None
