"""The record of what was done: proven, compared with the province, handed to auditors."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casework import authority, number_blocks
from casework.errors import NotEnrolled
from casework.link import identity, province_keys
from casework.office import Office
from casework.rights import needs
from store import audit, checkpoints, clock, members
from store.audit import Break
from store.views import AuditRow
from sync.provider import HomeProvince, Witness
from sync.record import PURPOSE
from sync.reports import ReportTaker

FORMAT = "lastmile-audit/1"


@dataclass(frozen=True)
class Proof:
    """What a proof of the record found.

    Attributes:
        rows: How many there are.
        first_bad: The first row that is not as it was, or None.
        witnessed: Up to which row the province has witnessed it; 0 for never.
        breaks: Rows from which on the record was once replaced, as by a restored copy; known only
            where the province was asked.
        clock_doubtful: The clock was moved back, and the province has not confirmed it since.
    """

    rows: int
    first_bad: Break | None
    witnessed: int
    breaks: tuple[tuple[int, datetime], ...] = ()
    clock_doubtful: bool = False


@needs("read_audit")
def prove(office: Office, witness: Witness | None = None) -> Proof:
    """Prove the chain and compare it with what the province witnessed.

    Args:
        office: The office.
        witness: The province, asked for what it holds; None compares with the receipts kept here.

    Raises:
        sync.errors.SyncError: The province cannot be asked.
    """
    store = office.store
    bad = store.read(audit.find_break) or store.read(checkpoints.compare)
    breaks: tuple[tuple[int, datetime], ...] = ()
    if witness is not None:
        after, held = 0, 1
        while after < held:
            page = witness.held_record(after)
            differs = store.read(checkpoints.first_difference, page.first, page.links)
            bad = min(filter(None, (bad, differs)), key=lambda each: each.row, default=None)
            breaks, held = page.breaks, page.held
            after += len(page.links) or held
    kept = store.read(checkpoints.listed)
    return Proof(
        rows=store.read(audit.length),
        first_bad=bad,
        witnessed=kept[-1].last if kept else 0,
        breaks=breaks,
        clock_doubtful=store.read(clock.is_doubtful),
    )


@needs("read_audit")
def list_rows(office: Office, *, before: int = 0, limit: int = 500) -> tuple[AuditRow, ...]:
    """The newest rows, newest first; with `before`, those before that row."""
    return office.store.read(audit.newest, before, limit)


@needs("read_audit")
def export(office: Office) -> Iterator[str]:
    """The record as JSON Lines for `resources/audit/verify.py`, which needs nothing of ours.

    The first line says what follows, then one line a row, then one a checkpoint. Reading it out
    is itself on record.
    """
    office.store.writer.submit(
        audit.record, office.store.operator.login, "audit_exported", "", now=office.now()
    ).result()
    return iter(office.store.read(_lines, _device_of(office), province_keys(office.store)))


@needs("send")
def after_round(office: Office, provider: HomeProvince) -> int:
    """What follows each round: compare clocks, lease numbers, be witnessed, recovery.

    Returns:
        How many case numbers are left.

    Raises:
        sync.errors.SyncError: The province cannot be asked.
    """
    now = office.now()
    told = now + timedelta(seconds=provider.skew_s)
    office.store.writer.submit(clock.learn, told, now).result()
    left = number_blocks.top_up(office, provider)
    if isinstance(provider, ReportTaker):
        authority.renew(office, provider)
    be_witnessed(office, provider)
    if isinstance(provider, Witness) and (key := provider.recovery_key()):
        members.set_recovery(office.store, key.kid, key.public, now)
    return left


@needs("send")
def be_witnessed(office: Office, provider: HomeProvince) -> int:
    """Let the province witness the rows it has not seen; returns how many.

    Where the province finds that the record was replaced, that is noted
    in the record too.

    Raises:
        sync.errors.SyncError: The province cannot be asked.
    """
    if not isinstance(provider, Witness):
        return 0
    store, rows = office.store, 0
    known = identity(store)
    key = Ed25519PrivateKey.from_private_bytes(known.private_key)
    while made := store.read(
        checkpoints.make, known.device, lambda body: key.sign(PURPOSE + body), office.now()
    ):
        answer = provider.witness(made.body, made.signature)
        if answer.begin_at is not None:
            store.writer.submit(checkpoints.go_on_from, answer.begin_at).result()
            continue
        store.writer.submit(checkpoints.keep, made, answer.receipt, office.now()).result()
        rows += len(checkpoints.split(json.loads(made.body)["links"]))
        if answer.differs_from is not None:
            store.writer.submit(
                audit.record, "", "record_differs", str(answer.differs_from), now=office.now()
            ).result()
    return rows


def _device_of(office: Office) -> dict[str, str]:
    try:
        known = identity(office.store)
    except NotEnrolled:
        return {}
    public = Ed25519PrivateKey.from_private_bytes(known.private_key).public_key()
    return {"device": str(known.device), "device_key": public.public_bytes_raw().hex()}


def _lines(session: Any, device: dict[str, str], keys: dict[bytes, bytes]) -> list[str]:
    pinned = {kid.hex(): key.hex() for kid, key in keys.items()}
    head: dict[str, Any] = {
        "format": FORMAT,
        **device,
        "province_keys": pinned,
        "rows": audit.length(session),
    }
    lines = [_line(head)]
    for row in audit.rows(session):
        at_ms = round(row.at.timestamp() * 1000)
        facts = [row.prev.hex(), row.seq, at_ms, row.operator, row.action, row.subject, row.detail]
        lines.append(_line({"row": facts, "hash": row.hash.hex()}))
    for each in checkpoints.listed(session):
        facts_of = {
            "checkpoint": base64.b64encode(each.body).decode(),
            "signature": base64.b64encode(each.signature).decode(),
            "receipt": json.loads(each.receipt or b"null"),
        }
        lines.append(_line(facts_of))
    return lines


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
