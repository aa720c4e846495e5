"""How the record's checkpoints cross the wire (docs/protocol.md section 13)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sync.errors import Unexpected
from sync.http import Answer
from sync.signed import check_signed

PURPOSE = b"lastmile/1 checkpoint\n"
RECEIPT = b"lastmile/1 checkpoint-receipt\n"
LINK = 8  # bytes of a row's hash


@dataclass(frozen=True)
class Witnessed:
    """What became of a checkpoint.

    Attributes:
        receipt: The verified receipt, to be kept; b"" where the province wants earlier rows.
        begin_at: The row to begin at instead, or None.
        differs_from: The first row that contradicts what the province held, or None.
    """

    receipt: bytes
    begin_at: int | None = None
    differs_from: int | None = None


@dataclass(frozen=True)
class HeldRecord:
    """What the province holds of a record: links from row `first` on, of `held` rows in all.

    `breaks` are rows from which on the record was once replaced, each with its moment.
    """

    first: int
    links: tuple[bytes, ...]
    held: int
    breaks: tuple[tuple[int, datetime], ...]


def read_witnessed(answer: Answer, checkpoint: bytes, keys: Mapping[str, bytes]) -> Witnessed:
    """The province's answer to a checkpoint, once its receipt is proven.

    Raises:
        ReceiptForged: Unknown key, wrong signature, or not for this checkpoint.
        Unexpected: Not what the protocol says.
    """
    got = answer.json()
    try:
        if answer.status == 409:
            [wanted] = (e for e in got["errors"] if e["code"] == "begin-at")
            return Witnessed(b"", begin_at=int(wanted["message"]))
        differs = got["differs_from"]
        signed = got["receipt"]
        return Witnessed(
            check_receipt(signed, checkpoint, keys), None, None if differs is None else int(differs)
        )
    except (KeyError, TypeError, ValueError):
        raise Unexpected(status=answer.status) from None


def check_receipt(signed: Mapping[str, Any], checkpoint: bytes, keys: Mapping[str, bytes]) -> bytes:
    """The receipt as to be kept, once it is proven to be for this checkpoint.

    Raises:
        ReceiptForged: It is not.
    """
    return check_signed(signed, keys, RECEIPT, {"sha256": sha256(checkpoint).hexdigest()})


def read_held(answer: Answer) -> HeldRecord:
    """What the province holds of the record.

    Raises:
        Unexpected: Not what the protocol says.
    """
    got = answer.json()
    try:
        data = base64.b64decode(got["links"], validate=True)
        return HeldRecord(
            first=int(got["first"]),
            links=tuple(data[i : i + LINK] for i in range(0, len(data), LINK)),
            held=int(got["held"]),
            breaks=tuple((int(b["row"]), datetime.fromisoformat(b["at"])) for b in got["breaks"]),
        )
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise Unexpected(status=answer.status) from None
